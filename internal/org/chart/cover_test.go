package chart

import (
	"testing"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/policy"
)

var vacancies = policy.OrgVacancies{Interim: policy.InterimRole{LeastDays: 30, MostMonths: 4, BonusPercent: 10, YearDays: 365}}

// The yard of the harbour is vacant from the first of January on. What is said
// of it depends on how it is covered, and for how long.
func TestCoverage(t *testing.T) {
	cover := func(kind HoldingKind, since, until calendar.Day) Step {
		return Step{Kind: Fill, Position: "yard", Person: "cy", Holding: kind, Day: since, Until: until}
	}
	for name, c := range map[string]struct {
		steps []Step
		day   calendar.Day
		want  []string
	}{
		"vacant for some days":       {nil, "2026-01-20", nil},
		"vacant for a month":         {nil, "2026-01-31", []string{"note: for more than 30 days"}},
		"vacant for months":          {nil, "2026-05-01", []string{"attention: for more than 4 months"}},
		"somebody comes":             {[]Step{{Kind: Fill, Position: "yard", Person: "cy", Day: "2026-07-01"}}, "2026-06-01", nil},
		"interim":                    {[]Step{cover(Interim, "2026-02-01", "2026-05-01")}, "2026-02-10", nil},
		"interim without an end":     {[]Step{cover(Interim, "2026-02-01", "")}, "2026-02-10", []string{"note: no end is planned; it may last until 31 May 2026"}},
		"interim, nearly over":       {[]Step{cover(Interim, "2026-02-01", "2026-05-01")}, "2026-04-20", []string{"note: ends in 11 days"}},
		"interim, planned too long":  {[]Step{cover(Interim, "2026-02-01", "2026-08-01")}, "2026-02-10", []string{"attention: is planned until 31 Jul 2026; it may last until 31 May 2026"}},
		"interim, too long":          {[]Step{cover(Interim, "2026-02-01", "")}, "2026-06-01", []string{"attention: lasts since 1 Feb 2026; an interim role lasts at most 4 months"}},
		"interim, too short":         {[]Step{cover(Interim, "2026-02-01", "2026-02-11")}, "2026-02-10", []string{"note: is planned for 10 days; an interim role lasts at least 30", "note: ends in 1 day"}},
		"interim, prolonged":         {[]Step{cover(Interim, "2026-02-01", "2026-03-01"), cover(Interim, "2026-03-01", "2026-05-01")}, "2026-03-10", nil},
		"acting":                     {[]Step{cover(Acting, "2026-02-01", "")}, "2026-02-10", nil},
		"acting for a month":         {[]Step{cover(Acting, "2026-02-01", "")}, "2026-03-10", []string{"note: for more than 30 days"}},
		"acting for months":          {[]Step{cover(Acting, "2026-02-01", "")}, "2026-06-01", []string{"attention: for more than 4 months"}},
		"life support, nearly over":  {[]Step{cover(LifeSupport, "2026-02-01", "2026-03-01")}, "2026-02-27", []string{"note: ends in 2 days"}},
		"covered, later than vacant": {[]Step{cover(Acting, "2026-04-25", "")}, "2026-05-01", nil},
	} {
		b, err := harbour(t).Apply(c.steps...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		gaps := b.On(c.day, nil, nil).Coverage(&vacancies)
		if len(gaps) != 1 || gaps[0].ID != "yard" || gaps[0].VacantSince != day1 {
			t.Fatalf("%s: %+v", name, gaps)
		}
		var got []string
		for _, f := range gaps[0].Alerts {
			got = append(got, string(f.Severity)+": "+f.Said)
		}
		if !equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Who holds a position while somebody covers it is there as well, and the
// heaviest gap stands first.
func TestCoverageOrder(t *testing.T) {
	b, err := harbour(t).Apply(
		Step{Kind: Fill, Position: "quay", Person: "dee", Holding: Acting, Day: "2026-04-20"},
		Step{Kind: Vacate, Position: "plan", Person: "dee", Day: "2026-04-10"},
	)
	if err != nil {
		t.Fatal(err)
	}
	gaps := b.On("2026-05-11", nil, nil).Coverage(&vacancies)
	var got []string
	for _, g := range gaps {
		got = append(got, string(g.ID)+" "+string(g.Worst())+" "+string(g.Since())+" "+string(g.VacantSince))
	}
	want := []string{"yard attention 2026-01-01 2026-01-01", "plan note 2026-04-10 2026-04-10", "quay  2026-04-20 "}
	if !equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A what-if says which spans change, and what is found then and not now.
func TestCompare(t *testing.T) {
	was := harbour(t)
	now, err := was.Apply(
		Step{Kind: Change, Position: "plan", Day: day1, Manager: To[PositionID]("yard")},
		Step{Kind: Open, Position: "tug", Day: day1, Title: To("Tug Master"), Manager: To[PositionID]("quay")},
	)
	if err != nil {
		t.Fatal(err)
	}
	bands := &Bands{Company: Limit{Min: 1, Max: 1}, OutsideCompany: Attention}
	before, after := was.On(day1, nil, nil), now.On(day1, nil, nil)
	e := Compare(before, after, before.Findings(bands), after.Findings(bands))
	var got []string
	for _, s := range e.Spans {
		text := string(s.Node().ID)
		if s.Direct {
			text += " direct"
		}
		got = append(got, text)
	}
	if want := []string{"chief", "quay direct", "yard direct"}; !equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(e.New) != 0 || len(e.Gone) != 0 {
		t.Errorf("new %v, gone %v", e.New, e.Gone)
	}
	// Who reports to the chief stands in another order, but is the same.
	moved, err := was.Apply(Step{Kind: Change, Position: "plan", Day: day1, Manager: To[PositionID]("yard")})
	if err != nil {
		t.Fatal(err)
	}
	if e := Compare(before, moved.On(day1, nil, nil), nil, nil); len(e.Spans) != 2 {
		t.Errorf("%d spans change", len(e.Spans))
	}
	// The chief leads too many in both, the planner's manager only then.
	grown, err := was.Apply(
		Step{Kind: Change, Position: "plan", Day: day1, Manager: To[PositionID]("chief")},
		Step{Kind: Open, Position: "tug", Day: day1, Title: To("Tug Master"), Manager: To[PositionID]("plan")},
		Step{Kind: Open, Position: "tow", Day: day1, Title: To("Tow Master"), Manager: To[PositionID]("plan")},
	)
	if err != nil {
		t.Fatal(err)
	}
	after = grown.On(day1, nil, nil)
	e = Compare(before, after, before.Findings(bands), after.Findings(bands))
	if len(e.New) != 1 || e.New[0].Position != "plan" || len(e.Gone) != 0 {
		t.Errorf("new %v, gone %v", e.New, e.Gone)
	}
	e = Compare(after, before, after.Findings(bands), before.Findings(bands))
	if len(e.Gone) != 1 || e.Gone[0].Said != "2 direct reports (2 vacant); the band of the company is 1" || len(e.New) != 0 {
		t.Errorf("new %v, gone %v", e.New, e.Gone)
	}
}
