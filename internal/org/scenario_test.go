package org_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// Applying a scenario on a day is doing its steps on the days that follow from
// it: the organisation is the same, whatever the steps are.
func TestScenarioIsItsSteps(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		checks := 0
		rapid.Check(t, func(rt *rapid.T) {
			if checks++; checks > 12 { // they share a database
				return
			}
			r := orgtest.Open(t, db)
			prefix := fmt.Sprintf("s%d-", checks)
			c := org.Change{}
			for n := range 3 {
				id := org.PersonID(fmt.Sprint(prefix, "who", n))
				c.People = append(c.People, org.Details{ID: id, Name: "Person " + string(id)})
			}
			if _, err := r.Service.Do(t.Context(), orgtest.Partner, c); err != nil {
				rt.Fatal(err)
			}
			var base *chart.Book
			if err := db.View(t.Context(), func(tx store.Tx) (err error) {
				base, err = r.Book(t.Context(), tx)
				return err
			}); err != nil {
				rt.Fatal(err)
			}
			draft, first := base.Draft(), calendar.Never
			var steps []chart.Step
			for _, s := range rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chart.Step { return anyStep(t, prefix) }), 1, 20).Draw(rt, "steps") {
				if draft.Apply(s) == nil {
					steps, first = append(steps, s), min(first, s.Day)
				}
			}
			if len(steps) == 0 {
				return
			}
			on := first.Add(rapid.IntRange(0, 400).Draw(rt, "later"))
			want, err := base.Apply(org.Moved(steps, on)...)
			if err != nil {
				rt.Fatalf("the same steps on later days: %v", err)
			}
			saved, err := r.SaveScenario(t.Context(), orgtest.Partner, "", "A what-if", steps)
			if err != nil {
				rt.Fatal(err)
			}
			if _, err := r.ApplyScenario(t.Context(), orgtest.Partner, saved.ID, on); err != nil {
				rt.Fatal(err)
			}
			if err := db.View(t.Context(), func(tx store.Tx) error {
				got, err := r.Book(t.Context(), tx)
				if diff := cmp.Diff(bookOf(want), bookOf(got), cmpopts.EquateEmpty()); err == nil && diff != "" {
					rt.Fatalf("the scenario did something else than its steps:\n%s", diff)
				}
				return err
			}); err != nil {
				rt.Fatal(err)
			}
		})
	})
}
