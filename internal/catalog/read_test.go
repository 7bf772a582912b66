package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func family(t *testing.T, r *catalogtest.Room, id catalog.FamilyID, version int) *catalog.Family {
	t.Helper()
	f, err := r.Family(t.Context(), catalogtest.Member, id, version)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// ids lists the ids of a family's levels, duties, indicators and steps with
// their texts.
func ids(f *catalog.Family) map[string]string {
	out := map[string]string{}
	for i, l := range f.Levels {
		out["level "+l.Title] = string(l.ID)
		for _, it := range f.Model.Levels[i].Details.Responsibilities {
			out[it.Text] = it.ID
		}
	}
	for _, it := range f.Model.Family.Details.Responsibilities {
		out[it.Text] = it.ID
	}
	for _, it := range f.Model.Family.Details.Indicators {
		out[it.Text] = it.ID
	}
	for _, p := range f.Model.Hiring {
		for i, s := range p.Steps {
			out[fmt.Sprint("step ", i+1)] = s.ID
		}
	}
	return out
}

// A thing keeps its id as long as it is the same thing, however it is worded
// and wherever it stands; what comes new gets an id that nothing had.
func TestIdsOutliveWording(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := catalogtest.Open(t, db)
		pages := catalogtest.Harbour()
		r.Publish(t, pages)
		before := ids(family(t, r, "pilot", 1))

		pages = pages.Edit(t, catalogtest.Pilots, "* Guide ships of every size to their berths\n* Write a report of each passage\n",
			"* Answer for the pilot boat and its crew\n* Write a report of each passage\n* Guide ships of every size and draught to their berths\n")
		pages = pages.Edit(t, catalogtest.Pilots, "Next, a 45 minute interview with the Harbour Master", "Next, a 60 minute interview with the Harbour Master")
		pages[catalogtest.Pilots] = strings.ReplaceAll(pages[catalogtest.Pilots], "Senior Pilot", "Lead Pilot")
		r.Publish(t, pages)
		after := ids(family(t, r, "pilot", 2))
		for now, was := range map[string]string{
			"Guide ships of every size and draught to their berths": "Guide ships of every size to their berths",
			"Write a report of each passage":                        "Write a report of each passage",
			"Teach pilots on the bridge simulator":                  "Teach pilots on the bridge simulator",
			"Passages without an incident":                          "Passages without an incident",
			"level Pilot":                                           "level Pilot",
			"level Lead Pilot":                                      "level Senior Pilot",
			"step 2":                                                "step 2",
			"step 3":                                                "step 3",
		} {
			if before[was] == "" || after[now] != before[was] {
				t.Errorf("%q was %q under %q, and is %q", now, before[was], was, after[now])
			}
		}
		for _, id := range before {
			if after["Answer for the pilot boat and its crew"] == id || after["Answer for the pilot boat and its crew"] == "" {
				t.Errorf("the new duty has the id %q", id)
			}
		}

		// Back to the first wording, beside a new duty in that wording's place.
		pages = pages.Edit(t, catalogtest.Pilots, "* Answer for the pilot boat", "* Guide ships of every size to their berths, with tugs\n* Answer for the pilot boat")
		r.Publish(t, pages)
		third := ids(family(t, r, "pilot", 3))
		if third["Guide ships of every size and draught to their berths"] != before["Guide ships of every size to their berths"] {
			t.Errorf("the duty lost its id: %v", third)
		}
		seen := map[string]string{}
		for text, id := range third {
			if seen[id] != "" {
				t.Errorf("%q and %q share the id %s", text, seen[id], id)
			}
			seen[id] = text
		}
	})
}

// A family says what it asks for, with where each thing comes from.
func TestFamilySaysWhatItAsks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := catalogtest.Open(t, db)
		r.Publish(t, catalogtest.Harbour())
		f := family(t, r, "pilot", 0)
		if f.Title != "Pilots" || f.Department != "marine" || f.Version != 1 || f.Latest != 1 || f.AsOf != 1 || f.Release.By != "ada" || len(f.Levels) != 2 {
			t.Errorf("%+v", f.Summary)
		}
		senior, err := f.Role("senior-pilot")
		if err != nil {
			t.Fatal(err)
		}
		var duties []string
		for _, d := range senior.Duties.Responsibilities {
			duties = append(duties, fmt.Sprintf("%s < %s %s %v", d.Text, d.Family, d.Level, d.Via))
		}
		want := []string{
			"Keep the harbour safe < pilot  []",
			"Guide ships of every size to their berths < pilot pilot [Pilot]",
			"Write a report of each passage < pilot pilot [Pilot]",
			"Teach pilots on the bridge simulator < pilot senior-pilot []",
		}
		if diff := gocmp.Diff(want, duties); diff != "" {
			t.Errorf("duties of a senior pilot (-want +got):\n%s", diff)
		}
		if len(senior.Hiring) != 1 || len(senior.Hiring[0].Steps) != 3 || len(senior.Indicators) != 1 || senior.Level.Grades[0] != "7" {
			t.Errorf("%+v", senior)
		}
		if must, may := catalog.Minutes(&senior.Hiring[0]); must != 135 || may != 0 {
			t.Errorf("%d minutes and %d", must, may)
		}
		text, _, err := r.Page(t.Context(), catalogtest.Member, "pilot", 1)
		if err != nil || string(text.Text) != catalogtest.Harbour()[catalogtest.Pilots] {
			t.Errorf("the page is not as it was written: %v", err)
		}
		for why, do := range map[string]func() error{
			"no family":  func() error { _, err := r.Family(t.Context(), catalogtest.Member, "captain", 0); return err },
			"no version": func() error { _, err := r.Family(t.Context(), catalogtest.Member, "pilot", 7); return err },
			"no level":   func() error { _, err := f.Role("admiral"); return err },
			"no release": func() error { _, err := r.Release(t.Context(), catalogtest.Member, 9); return err },
			"no history": func() error { _, err := r.Versions(t.Context(), catalogtest.Member, "captain"); return err },
			"nobody":     func() error { _, err := r.Family(t.Context(), catalogtest.Nobody, "pilot", 0); return err },
		} {
			if kind := fault.KindOf(do()); kind != fault.NotFound && why != "nobody" || why == "nobody" && kind != fault.Unauthenticated {
				t.Errorf("%s: %s", why, kind)
			}
		}
	})
}

// The example's leaders inherit the duties of the level below, but not those of
// individual contributors, which are shown as withheld.
func TestInheritanceWithholdsWhatIsForIndividuals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := catalogtest.Open(t, db)
		r.Publish(t, catalogtest.Meridian(t))
		f := family(t, r, "product-management-leadership", 0)
		director, err := f.Role(f.Levels[1].ID)
		if err != nil {
			t.Fatal(err)
		}
		inherited, withheld := 0, 0
		for _, d := range director.Duties.Responsibilities {
			switch {
			case d.Withheld && d.Individual:
				withheld++
			case d.Level == f.Levels[0].ID && !d.Individual:
				inherited++
			case d.Individual:
				t.Errorf("%q is for individual contributors", d.Text)
			}
		}
		if inherited == 0 || withheld == 0 {
			t.Errorf("a director has %d inherited duties, and %d withheld: %+v", inherited, withheld, director.Duties.Responsibilities)
		}
	})
}

// Families are found by words and by what they have, page by page; the counts
// beside a filter say what one would get.
func TestFamiliesAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		empty, err := r.Families(ctx, catalogtest.Member, catalog.Query{})
		if err != nil || empty.Total != 0 || empty.Release != 0 {
			t.Errorf("before anything is published: %+v, %v", empty, err)
		}
		r.Publish(t, catalogtest.Meridian(t))
		find := func(q catalog.Query) *catalog.List {
			t.Helper()
			l, err := r.Families(ctx, catalogtest.Member, q)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		all := find(catalog.Query{})
		if all.Total != 18 || len(all.Facets.Departments) != 7 || len(all.Facets.Grades) < 8 {
			t.Errorf("%d families, facets %+v", all.Total, all.Facets)
		}
		for _, facet := range all.Facets.Departments {
			if l := find(catalog.Query{Department: facet.Value}); l.Total != facet.Count || len(l.Facets.Departments) != 7 {
				t.Errorf("department %s: %d, want %d", facet.Value, l.Total, facet.Count)
			}
		}
		for _, facet := range all.Facets.Grades {
			if l := find(catalog.Query{Grade: facet.Value}); l.Total != facet.Count {
				t.Errorf("grade %s: %d, want %d", facet.Value, l.Total, facet.Count)
			}
		}
		for _, facet := range all.Facets.Findings {
			if l := find(catalog.Query{Findings: facet.Value}); l.Total != facet.Count {
				t.Errorf("findings %s: %d, want %d", facet.Value, l.Total, facet.Count)
			}
		}
		if l := find(catalog.Query{Text: "STAFF backend"}); l.Total != 1 || l.Families[0].ID != "backend-engineer" {
			t.Errorf("a level's title: %+v", l.Families)
		}
		if l := find(catalog.Query{Text: "engineer", Track: "manager", Department: "engineering"}); l.Total == 0 || l.Total >= all.Total {
			t.Errorf("several filters: %d", l.Total)
		}
		var met []catalog.FamilyID
		for after := (*catalog.Key)(nil); ; {
			l := find(catalog.Query{After: after, Limit: 5})
			more := len(l.Families) > 5
			for _, f := range l.Families[:min(5, len(l.Families))] {
				met = append(met, f.ID)
				k := f.Key()
				after = &k
			}
			if !more {
				break
			}
		}
		if len(met) != 18 || len(slices.Compact(slices.Sorted(slices.Values(met)))) != 18 {
			t.Errorf("page by page one meets %v", met)
		}
		r.Publish(t, catalogtest.Meridian(t).Without("handbook/job-families/sales/account-executive.md"))
		if l := find(catalog.Query{}); l.Total != 17 || l.Facets.Retired != 1 {
			t.Errorf("one is retired: %d, %+v", l.Total, l.Facets)
		}
		if l := find(catalog.Query{Retired: true}); l.Total != 1 || l.Families[0].ID != "account-executive" || len(l.Families[0].Levels) == 0 {
			t.Errorf("the retired one: %+v", l)
		}
	})
}

// A pin says for ever what it said when it was taken, and which pins are behind
// is told with what changed for them.
func TestPins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		pages := catalogtest.Harbour()
		r.Publish(t, pages)
		senior, junior := catalog.Pin{Family: "pilot", Version: 1, Level: "senior-pilot"}, catalog.Pin{Family: "pilot", Version: 1, Level: "pilot"}
		master := catalog.Pin{Family: "harbour-master", Version: 1, Level: "harbour-master"}
		resolve := func(p catalog.Pin) (role *catalog.Role, err error) {
			err = r.View(ctx, catalogtest.Member, func(tx store.Tx) error {
				role, err = r.Resolve(ctx, tx, p)
				return err
			})
			return role, err
		}
		first, err := resolve(senior)
		if err != nil {
			t.Fatal(err)
		}
		pages = pages.Edit(t, catalogtest.Pilots, "Teach pilots on the bridge simulator", "Teach pilots and tug masters on the bridge simulator")
		r.Publish(t, pages)
		r.Publish(t, pages.Without(catalogtest.Master))
		again, err := resolve(senior)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(first, again); diff != "" {
			t.Errorf("the pin says something else (-before +after):\n%s", diff)
		}
		var lags []catalog.Lag
		now := catalog.Pin{Family: "pilot", Version: 2, Level: "pilot"}
		err = r.View(ctx, catalogtest.Member, func(tx store.Tx) (err error) {
			lags, err = r.Behind(ctx, tx, []catalog.Pin{senior, junior, now, master})
			return err
		})
		if err != nil || len(lags) != 3 {
			t.Fatalf("%+v, %v", lags, err)
		}
		if l := lags[0]; l.Latest != 2 || l.Level != "senior-pilot" || len(l.Changes) != 1 || l.Changes[0].Kind != delta.ResponsibilityChanged {
			t.Errorf("senior pilot: %+v", l)
		}
		if l := lags[1]; l.Latest != 2 || len(l.Changes) != 0 {
			t.Errorf("pilot: %+v", l)
		}
		if l := lags[2]; !l.Retired {
			t.Errorf("harbour master: %+v", l)
		}
		if _, err := resolve(catalog.Pin{Family: "pilot", Version: 1, Level: "admiral"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a level that never was: %v", err)
		}
	})
}

func TestPinsAsText(t *testing.T) {
	p := catalog.Pin{Family: "pilot", Version: 3, Level: "senior-pilot"}
	if got, err := catalog.ParsePin(p.String()); got != p || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	for _, wrong := range []string{"", "pilot", "pilot@3", "pilot#senior", "pilot@x#senior", "pilot@0#a", "@1#a", "pilot@1#"} {
		if _, err := catalog.ParsePin(wrong); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// Two versions are compared in either direction.
func TestDiff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		pages := catalogtest.Harbour()
		r.Publish(t, pages)
		r.Publish(t, pages.Edit(t, catalogtest.Pilots, "The Pilot is a grade 6", "The Pilot is a grade 5"))
		for _, c := range []struct {
			from, to int
			old, new string
		}{{1, 2, "6", "5"}, {2, 1, "5", "6"}} {
			changes, err := r.Diff(ctx, catalogtest.Member, "pilot", c.from, c.to)
			if err != nil || len(changes) != 1 || changes[0].Kind != delta.GradeChanged || changes[0].Old != c.old || changes[0].New != c.new {
				t.Errorf("%d to %d: %+v, %v", c.from, c.to, changes, err)
			}
		}
	})
}

// Grades are told as they were in force on a day.
func TestGradesAsOfADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		day := func(text string) time.Time {
			d, err := time.Parse(time.DateOnly, text)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		old := catalogtest.Harbour().Edit(t, catalogtest.Master, "grade 9", "grade 10")
		publish := func(p catalogtest.Pages, inForce string) error {
			out, err := r.Service.Publish(ctx, catalogtest.Administrator, catalog.Request{Source: p.Archive(), InForce: day(inForce)})
			if err == nil && !out.Published {
				t.Errorf("not published: %+v", out)
			}
			return err
		}
		if err := publish(old, "2022-09-02"); err != nil {
			t.Fatal(err)
		}
		if err := publish(catalogtest.Harbour(), "2022-09-15"); err != nil {
			t.Fatal(err)
		}
		for when, want := range map[string]string{"2022-09-02": "10", "2022-09-14": "10", "2022-09-15": "9", "2026-01-01": "9"} {
			e, err := r.EditionAt(ctx, catalogtest.Member, day(when))
			if err != nil {
				t.Fatal(err)
			}
			if top := e.Grades().Rows[0]; top.Grade != want || len(top.Other) != 1 {
				t.Errorf("on %s: %+v, want grade %s", when, top, want)
			}
		}
		if _, err := r.EditionAt(ctx, catalogtest.Member, day("2022-09-01")); fault.KindOf(err) != fault.NotFound {
			t.Errorf("before everything: %v", err)
		}
		if err := publish(old, "2022-09-10"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("before the latest: %v", err)
		}
		if err := publish(old, "2031-01-01"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("in the future: %v", err)
		}
	})
}

// The graph of ladders leads from page to page, and to roles that no page
// describes.
func TestLadders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		r.Publish(t, catalogtest.Harbour())
		told := func(only catalog.FamilyID) []string {
			t.Helper()
			e, err := r.Edition(ctx, catalogtest.Member, 0)
			if err != nil {
				t.Fatal(err)
			}
			g := e.Graph(only)
			var out []string
			for _, s := range g.Steps {
				out = append(out, fmt.Sprintf("%s > %s %s %t", g.Roles[s.From].Title, g.Roles[s.To].Title, s.Kind, s.InCycle))
			}
			slices.Sort(out)
			return out
		}
		want := []string{
			"Harbour Master > Port Director dangling false",
			"Pilot > Senior Pilot promotion false",
			"Senior Pilot > Harbour Master transfer false",
		}
		if diff := gocmp.Diff(want, told("")); diff != "" {
			t.Errorf("ladders (-want +got):\n%s", diff)
		}
		if diff := gocmp.Diff([]string{want[0], want[2]}, told("harbour-master")); diff != "" {
			t.Errorf("ladders of the harbour master (-want +got):\n%s", diff)
		}
		// A step that leads to a family as a whole leads to its first level.
		r.Publish(t, catalogtest.Harbour().Edit(t, catalogtest.Master, "The next step is to become the Port Director", "The next step is to move to the [Pilots](pilot.md) job family"))
		if got := told("harbour-master"); len(got) != 2 || got[0] != "Harbour Master > Pilot transfer true" {
			t.Errorf("to a family: %v", got)
		}
		r.Publish(t, catalogtest.Harbour().Edit(t, catalogtest.Master, "become the Port Director", "become a Pilot"))
		for _, line := range told("") {
			if !strings.HasSuffix(line, "true") {
				t.Errorf("%s should be in a cycle", line)
			}
		}
		r.Publish(t, catalogtest.Harbour().Without(catalogtest.Master))
		if got := told(""); len(got) != 2 || got[1] != "Senior Pilot > Harbour Master dangling false" {
			t.Errorf("without the page: %v", got)
		}
	})
}

// What depends on other pages follows them, without a new version of the page.
func TestAnotherPagesChangeIsSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := catalogtest.Open(t, db)
		pages := catalogtest.Harbour().Edit(t, catalogtest.Master, "* Run the harbour by day and by night", "* Extends the Senior Pilot responsibilities\n* Run the harbour by day and by night")
		r.Publish(t, pages)
		p := r.Publish(t, pages.Edit(t, catalogtest.Pilots, "Teach pilots on", "Teach pilots and tug masters on"))
		wants(t, "only the pilots changed", p, 2, "changed pilot@2")
		f := family(t, r, "harbour-master", 0)
		var texts []string
		for _, d := range f.Duties[0].Responsibilities {
			texts = append(texts, d.Text)
		}
		if f.Version != 1 || f.AsOf != 2 || !slices.Contains(texts, "Teach pilots and tug masters on the bridge simulator") {
			t.Errorf("version %d as of release %d: %q", f.Version, f.AsOf, texts)
		}
		var role *catalog.Role
		err := r.View(t.Context(), catalogtest.Member, func(tx store.Tx) (err error) {
			role, err = r.Resolve(t.Context(), tx, catalog.Pin{Family: "harbour-master", Version: 1, Level: "harbour-master"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if last := role.Duties.Responsibilities[len(role.Duties.Responsibilities)-2]; last.Text != "Teach pilots on the bridge simulator" {
			t.Errorf("the pin follows another page: %+v", role.Duties.Responsibilities)
		}
	})
}

// A family is found by its levels and by what it asks for, as long as it has a
// page.
func TestFamiliesAreFoundByTheirWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		found := func(text string) (addresses []string) {
			t.Helper()
			err := db.View(ctx, func(tx store.Tx) error {
				hits, err := search.Find(ctx, tx, search.Query{Text: text, Audiences: []string{search.Everyone}})
				for _, h := range hits.Hits {
					addresses = append(addresses, h.Address)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return addresses
		}
		r.Publish(t, catalogtest.Harbour())
		for _, text := range []string{"senior pilot", "bridge simulator", "tides of the estuary"} {
			if got := found(text); len(got) != 1 || got[0] != "/families/pilot" {
				t.Errorf("%s: %q", text, got)
			}
		}
		r.Publish(t, catalogtest.Harbour().Without(catalogtest.Pilots))
		if got := found("bridge simulator"); len(got) != 0 {
			t.Errorf("a retired family: %q", got)
		}
	})
}
