package org_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

const seed catalog.FamilyID = "product-management-leadership"

// seedPage returns the page that all of this began with; its text is not ours,
// so it lies outside of the project.
func seedPage(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "shared", "corpus")), "..", "seed")
	text, err := os.ReadFile(filepath.Join(folder, string(seed)+".md"))
	if os.IsNotExist(err) {
		t.Skip("no seed page: set CADRE_CORPUS to the folder beside seed/")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// publishSeed publishes a page with all its errors waived.
func publishSeed(t *testing.T, r *orgtest.Room, text string) {
	t.Helper()
	pages := catalogtest.Pages{"job-families/product/" + string(seed) + ".md": text}
	r.Catalog.Now = r.Catalog.Now.Add(time.Hour)
	out, err := r.Catalog.Preview(t.Context(), catalogtest.Administrator, catalog.Request{Source: pages.Archive()})
	if err != nil {
		t.Fatal(err)
	}
	request := catalog.Request{Source: pages.Archive()}
	for _, f := range out.Blocking {
		request.Waivers = append(request.Waivers, catalog.Waiver{Fingerprint: f.Fingerprint, Reason: "as it was"})
	}
	if out, err = r.Catalog.Service.Publish(t.Context(), catalogtest.Administrator, request); err != nil || out.Refused() {
		t.Fatalf("%v: %+v", err, out)
	}
}

// leadership makes the organisation of the seed's leaders: a chief, a VP, the
// two senior directors, directors for Dev and Growth, and a group manager with
// as many product managers as one says.
func leadership(t *testing.T, r *orgtest.Room, reports int) map[string]catalog.Pin {
	t.Helper()
	e, err := r.Catalog.Edition(t.Context(), catalogtest.Administrator, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := e.Family(seed)
	pins := map[string]catalog.Pin{}
	for _, l := range f.Levels {
		pins[l.Title] = catalog.Pin{Family: seed, Version: f.Version, Level: l.ID}
	}
	pin := func(part string) catalog.Pin {
		for title, p := range pins {
			if strings.HasPrefix(title, part) {
				return p
			}
		}
		t.Fatalf("no level %s among %v", part, pins)
		return catalog.Pin{}
	}
	r.Join(t, "Cora Chief", "Vera Prow", "Sol Sound", "Mona Tize", "Dan Dev", "Gro Wth", "Gil Group")
	special := func(s chart.Step, specialty string) chart.Step {
		s.Specialty = &specialty
		return s
	}
	steps := []chart.Step{
		orgtest.Opening("cpo", "Chief Product Officer", "", catalog.Pin{}),
		orgtest.Opening("vp", "VP of Product", "cpo", pin("VP")),
		orgtest.Opening("sd", "Senior Director", "vp", pin("Senior Director of Product Management")),
		orgtest.Opening("money", "Senior Director of Product Monetization", "vp", pin("Senior Director of Product Monetization")),
		special(orgtest.Opening("dev", "Director, Dev", "vp", pin("Director of Product")), "Dev"),
		special(orgtest.Opening("growth", "Director, Growth", "money", pin("Director of Product")), "Growth"),
		orgtest.Opening("group", "Group Manager", "dev", pin("Group Manager")),
	}
	for id, who := range map[org.PositionID]org.PersonID{"cpo": "cora", "vp": "vera", "sd": "sol", "money": "mona", "dev": "dan", "growth": "gro", "group": "gil"} {
		steps = append(steps, orgtest.Filling(id, who))
	}
	for n := range reports {
		name := fmt.Sprintf("Pm%d Maker", n)
		r.Join(t, name)
		id := org.PositionID(fmt.Sprint("pm", n))
		steps = append(steps, orgtest.Opening(id, "Product Manager", "group", catalog.Pin{}), orgtest.Filling(id, orgtest.ID(name)))
	}
	slices.SortStableFunc(steps, func(x, y chart.Step) int { // what is opened comes before what is filled
		return cmp.Compare(btoi(x.Kind != chart.Open), btoi(y.Kind != chart.Open))
	})
	r.Do(t, steps...)
	return pins
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// What the seed says of its leaders is decided from who is here: the Growth
// director reports elsewhere than the other directors, duties of an individual
// contributor stay with who leads few, and no director has them.
func TestSeedOrganisation(t *testing.T) {
	text := seedPage(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		publishSeed(t, r, text)
		leadership(t, r, 3)
		claims, _, err := r.Claims(t.Context(), orgtest.Member, "")
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]string{}
		for _, c := range claims {
			key := fmt.Sprintf("L%d %s", c.Cite.Line, c.Kind)
			said[key] = c.Statement + ": " + c.State()
			for _, b := range c.Broken {
				said[key] += fmt.Sprintf("; %s: %s", b.Who, b.Said)
			}
		}
		for key, want := range map[string]string{
			"L39 span":       "2 to 4 report directly: kept",
			"L39 reporting":  "reports to Director of Product Management or Senior Director of Product Management or VP of Product: kept",
			"L105 span":      "4 to 6 report directly: broken; Dan Dev: 1 direct report; the role says 4 to 6; Gro Wth: no direct reports; the role says 4 to 6",
			"L137 reporting": "reports to VP of Product: kept",
			"L149 reporting": "reports to Senior Director of Product Monetization: kept",
			"L154 reporting": "reports to VP of Product: idle",
			"L177 grade":     "comes after Director of Product Management, so its grade is no lower: kept",
			"L195 ladder":    "the next step is VP of Product Management: broken; VP of Product Management: no published page describes it",
			"L221 reporting": "reports to Chief Product Officer: kept",
			"L229 total":     "30 or more Product Managers in the whole organisation: broken; Vera Prow: 3 Product Managers in the whole organisation; the role says 30 or more",
			"L256 grade": "comes after VP of Product, so its grade is no lower: broken; " +
				"Senior Director of Product Monetization: has grade 11; VP of Product has 12",
		} {
			if said[key] != want {
				t.Errorf("%s\ngot  %s\nwant %s", key, said[key], want)
			}
		}

		// A manager of managers follows the exception once the page's general line
		// is the one that counts.
		r.Do(t, chart.Step{Kind: chart.Change, Position: "growth", Day: orgtest.Today, Manager: chart.To[org.PositionID]("vp")})
		c := chartOn(t, r, "")
		if got := c.Lines(c.Node("growth"), &c.Bands); len(got) != 1 || got[0].Cite.Line != 149 || got[0].Severity != chart.Attention {
			t.Errorf("the Growth director below the VP: %+v", got)
		}
	})
}

// The duties of a level are its own, its family's and those that it inherits.
func TestSeedDuties(t *testing.T) {
	text := seedPage(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		publishSeed(t, r, text)
		leadership(t, r, 3)
		lines := func(id org.PositionID) (d *org.Duties, lines []int) {
			d, err := r.Duties(t.Context(), orgtest.Member, id, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, duty := range d.Responsibilities {
				if duty.Applies {
					lines = append(lines, duty.Line)
				}
			}
			return d, lines
		}
		group, got := lines("group")
		if want := append(between(18, 24), between(46, 59)...); !slices.Equal(got, want) {
			t.Errorf("a group manager has the duties of lines %v", got)
		}
		if k := group.Keeps; k == nil || !k.Met || k.Words() != "3 direct reports, fewer than 4, and a first position with reports" || k.Cite.Line != 61 {
			t.Errorf("individual duties stay: %+v", group.Keeps)
		}
		director, got := lines("dev")
		if want := slices.Concat(between(18, 24), between(46, 59), between(113, 125)); !slices.Equal(got, want) {
			t.Errorf("a director has the duties of lines %v", got)
		}
		fulfillment := "Fulfillment"
		r.Do(t, chart.Step{Kind: chart.Change, Position: "growth", Day: orgtest.Today, Specialty: &fulfillment})
		special, _ := lines("growth")
		var asks []int
		for _, duty := range special.Requirements {
			if duty.Specialty == fulfillment {
				asks = append(asks, duty.Line)
			}
		}
		if len(asks) == 0 || asks[0] < 161 || asks[len(asks)-1] > 164 {
			t.Errorf("the specialty asks for what lines %v say", asks)
		}
		if director.Keeps != nil {
			t.Errorf("the page ties no duty of a director to reports: %+v", director.Keeps)
		}

		// With a fifth report, and a manager who has led before, they go.
		r.Do(t, orgtest.Opening("pm8", "Product Manager", "group", catalog.Pin{}), orgtest.Opening("pm9", "Product Manager", "group", catalog.Pin{}))
		r.Join(t, "Nia Cove", "Ole Fjord")
		r.Do(t, orgtest.Filling("pm8", "nia"), orgtest.Filling("pm9", "ole"))
		if _, err := r.Service.Do(t.Context(), orgtest.Partner, org.Change{People: []org.Details{{ID: "gil", Name: "Gil Group", ManagedBefore: true}}}); err != nil {
			t.Fatal(err)
		}
		if group, _ = lines("group"); group.Keeps.Met || group.Keeps.Words() != "5 direct reports, and not the first position with reports" {
			t.Errorf("individual duties: %s", group.Keeps.Words())
		}

		l, err := r.Ladder(t.Context(), orgtest.Member, "group", "")
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Next) != 1 || l.Next[0].Step.Level != director.Level.ID || l.Next[0].Kept != 29 {
			t.Fatalf("next is %+v", l.Next)
		}
		var adds []int
		for _, d := range l.Next[0].Responsibilities {
			adds = append(adds, d.Line)
		}
		if !slices.Equal(adds, between(113, 125)) || len(l.Next[0].Requirements) != 1 {
			t.Errorf("the next level adds the lines %v", adds)
		}
		if l, err = r.Ladder(t.Context(), orgtest.Member, "sd", ""); err != nil || len(l.Next) != 1 || l.Next[0].Rung != nil || l.Next[0].Step.Line != 195 {
			t.Errorf("after the senior director the ladder dangles: %+v, %v", l, err)
		}
	})
}

// The grade is that of the page in force on a day, also for a position that is
// held to an earlier version.
func TestGradeAsOfADay(t *testing.T) {
	text := seedPage(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Catalog.Now = time.Date(2022, 9, 2, 9, 0, 0, 0, time.UTC)
		publishSeed(t, r, text)
		leadership(t, r, 3)
		r.Do(t, chart.Step{Kind: chart.Change, Position: "group", Day: "2026-01-01", Department: chart.To("Product")})
		r.Catalog.Now = time.Date(2026, 9, 15, 9, 0, 0, 0, time.UTC)
		publishSeed(t, r, strings.Replace(text, "9.5", "9", 1))
		for day, want := range map[calendar.Day]string{"2026-09-14": "9.5", "2026-09-15": "9"} {
			l, err := r.Ladder(t.Context(), orgtest.Member, "group", day)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(l.Here.Grades, []string{want}) {
				t.Errorf("on %s the grade is %v, want %s", day, l.Here.Grades, want)
			}
		}
	})
}

func between(from, to int) (lines []int) {
	for n := from; n <= to; n++ {
		lines = append(lines, n)
	}
	return lines
}
