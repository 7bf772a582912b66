package org_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// Changes are listed as they were made, by where they come from and the day, page
// by page; of a large one the first steps are enough.
func TestChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Harbour(t)
		r.Catalog.Now = r.Catalog.Now.Add(24 * time.Hour)
		moved := r.Do(t, chart.Step{Kind: chart.Change, Position: "plan", Day: orgtest.Today, Manager: chart.To[org.PositionID]("yard")})
		steps := []chart.Step{{Kind: chart.Change, Position: "plan", Day: orgtest.Today, Title: chart.To("Head Planner")}}
		sc, err := r.SaveScenario(t.Context(), orgtest.Partner, "", "Another title", steps)
		if err != nil {
			t.Fatal(err)
		}
		applied, err := r.ApplyScenario(t.Context(), orgtest.Partner, sc.ID, orgtest.Today.Add(3))
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			filter org.ChangesFilter
			want   string
		}{
			"all":                 {org.ChangesFilter{}, "[4 scenario 1 of 1, 3 hand 1 of 1, 2 hand 7 of 7, 1 hand 8 of 8]"},
			"of scenarios":        {org.ChangesFilter{Origin: org.ByScenario}, "[4 scenario 1 of 1]"},
			"of imports":          {org.ChangesFilter{Origin: org.ByImport}, "[]"},
			"of the first day":    {org.ChangesFilter{Day: orgtest.Today}, "[2 hand 7 of 7, 1 hand 8 of 8]"},
			"of the next day":     {org.ChangesFilter{Day: orgtest.Today.Add(1)}, "[4 scenario 1 of 1, 3 hand 1 of 1]"},
			"the first page":      {org.ChangesFilter{Limit: 2, Steps: 2}, "[4 scenario 1 of 1, 3 hand 1 of 1, 2 hand 2 of 7]"},
			"the page after that": {org.ChangesFilter{Limit: 2, Steps: 2, Before: 3}, "[2 hand 2 of 7, 1 hand 2 of 8]"},
		} {
			found, err := r.Changes(t.Context(), orgtest.Member, c.filter)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, d := range found {
				got = append(got, fmt.Sprintf("%d %s %d of %d", d.Number, d.Origin, len(d.Steps), d.Count))
			}
			if text := "[" + strings.Join(got, ", ") + "]"; text != c.want {
				t.Errorf("%s: got %s, want %s", name, text, c.want)
			}
		}
		one, err := r.Made(t.Context(), orgtest.Member, applied)
		if err != nil || len(one.Steps) != 1 || one.Steps[0].Day != orgtest.Today.Add(3) || one.By != orgtest.Partner.ID {
			t.Errorf("got %+v, %v", one, err)
		}
		if _, err := r.Made(t.Context(), orgtest.Member, 99); fault.KindOf(err) != fault.NotFound {
			t.Errorf("change 99: %v", err)
		}
		if _, err := r.Changes(t.Context(), orgtest.Nobody, org.ChangesFilter{}); err == nil {
			t.Error("nobody reads changes")
		}
		if moved != 3 {
			t.Errorf("the move is change %d", moved)
		}
	})
}
