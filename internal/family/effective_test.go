package family_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// list makes duties of texts; "(ic)" marks what an individual contributor does.
func list(texts ...string) family.Duties {
	var d family.Duties
	for _, t := range texts {
		text, ic := strings.CutSuffix(t, " (ic)")
		d.Items = append(d.Items, &family.Item{Text: text, Individual: ic})
	}
	return d
}

// extends makes an extension of a level of the same page.
func extends(title, what string) family.Extension {
	return family.Extension{Reference: family.Reference{Title: title, Level: title}, What: what}
}

// told writes duties as "text < level that states it < levels through which it
// came".
func told(duties []family.Duty) []string {
	var out []string
	for _, d := range duties {
		from := "family"
		if d.From != nil {
			from = d.From.Title
		}
		line := d.Text + " < " + from
		if len(d.Via) > 0 {
			line += " via " + strings.Join(d.Via, ", ")
		}
		out = append(out, line)
	}
	return out
}

func check(t *testing.T, got []family.Duty, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, told(got)); diff != "" {
		t.Errorf("duties (-want +got):\n%s", diff)
	}
}

// The family's duties come first, then what is inherited, farthest first, then
// the level's own; what is said twice counts once.
func TestEffectiveDuties(t *testing.T) {
	junior := &family.Level{Title: "Junior Planner", Responsibilities: list("Plan one berth", "Ask"), Requirements: list("Counts")}
	planner := &family.Level{
		Title: "Planner", Responsibilities: list("Plan", "ask"), Requirements: list("Knows tides"),
		Extends: []family.Extension{extends("Junior Planner", "responsibilities")},
	}
	senior := &family.Level{
		Title: "Senior Planner", Responsibilities: list("Teach", "Keep safe"),
		Extends: []family.Extension{extends("Planner", "")},
	}
	f := &family.Family{Responsibilities: list("Keep safe"), Requirements: list("Uses Harbourmaster"), Levels: []*family.Level{junior, planner, senior}}

	check(t, f.Effective(junior, family.ResponsibilitiesOf, family.Find), "Keep safe < family", "Plan one berth < Junior Planner", "Ask < Junior Planner")
	check(t, f.Effective(senior, family.ResponsibilitiesOf, family.Find),
		"Keep safe < family",
		"Plan one berth < Junior Planner via Planner, Junior Planner",
		"Ask < Junior Planner via Planner, Junior Planner",
		"Plan < Planner via Planner",
		"Teach < Senior Planner")
	check(t, f.Effective(senior, family.RequirementsOf, family.Find), "Uses Harbourmaster < family", "Knows tides < Planner via Planner")
	check(t, f.Effective(planner, family.RequirementsOf, family.Find), "Uses Harbourmaster < family", "Knows tides < Planner")
}

// "All non-IC responsibilities of" leaves out what the page marks as an
// individual contributor's, also that which is inherited farther down.
func TestEffectiveWithoutIndividualDuties(t *testing.T) {
	lead := &family.Level{Title: "Lead", Responsibilities: list("Plan (ic)", "Coach")}
	manager := &family.Level{Title: "Manager", Responsibilities: list("Count (ic)", "Hire"), Extends: []family.Extension{extends("Lead", "")}}
	director := &family.Level{Title: "Director", Responsibilities: list("Direct (ic)"), Extends: []family.Extension{extends("Manager", "")}}
	director.Extends[0].NonIC = true
	f := &family.Family{Responsibilities: list("Sail (ic)"), Levels: []*family.Level{lead, manager, director}}

	check(t, f.Effective(director, family.ResponsibilitiesOf, family.Find),
		"Sail < family", "Coach < Lead via Manager, Lead", "Hire < Manager via Manager", "Direct < Director")
	check(t, f.Effective(manager, family.ResponsibilitiesOf, family.Find),
		"Sail < family", "Plan < Lead via Lead", "Coach < Lead via Lead", "Count < Manager", "Hire < Manager")
}

// Levels that extend each other in a circle are read once each.
func TestEffectiveInACircle(t *testing.T) {
	a := &family.Level{Title: "A", Responsibilities: list("a"), Extends: []family.Extension{extends("B", "")}}
	b := &family.Level{Title: "B", Responsibilities: list("b"), Extends: []family.Extension{extends("C", "")}}
	c := &family.Level{Title: "C", Responsibilities: list("c"), Extends: []family.Extension{extends("A", ""), extends("C", "")}}
	f := &family.Family{Levels: []*family.Level{a, b, c}}

	check(t, f.Effective(a, family.ResponsibilitiesOf, family.Find), "c < C via B, C", "b < B via B", "a < A")
	check(t, f.Effective(c, family.ResponsibilitiesOf, family.Find), "b < B via A, B", "a < A via A", "c < C")
}

// What a level extends may stand on another page: then that page's own duties
// are inherited too. A level that nobody finds adds nothing.
func TestEffectiveAcrossPages(t *testing.T) {
	coach := &family.Level{Title: "Coach", Responsibilities: list("Coach"), Extends: []family.Extension{extends("Planner", "")}}
	planner := &family.Level{Title: "Planner", Responsibilities: list("Plan")}
	other := &family.Family{Path: "other.md", Responsibilities: list("Keep safe", "Keep dry"), Levels: []*family.Level{planner, coach}}
	head := &family.Level{Title: "Head", Responsibilities: list("Head"), Extends: []family.Extension{
		{Reference: family.Reference{Title: "Coach", Target: "other.md#coach"}},
		{Reference: family.Reference{Title: "Nobody"}},
	}}
	f := &family.Family{Path: "page.md", Responsibilities: list("Keep safe"), Levels: []*family.Level{head}}
	find := func(of *family.Family, ref *family.Reference) (*family.Family, *family.Level) {
		if ref.Target == "other.md#coach" {
			return other, coach
		}
		return family.Find(of, ref)
	}

	got := f.Effective(head, family.ResponsibilitiesOf, find)
	check(t, got, "Keep safe < family", "Keep dry < family via Coach", "Plan < Planner via Coach, Planner", "Coach < Coach via Coach", "Head < Head")
	if got[0].Family != f || got[1].Family != other || got[2].Family != other {
		t.Error("a duty tells the wrong page")
	}
	check(t, f.Effective(head, family.ResponsibilitiesOf, family.Find), "Keep safe < family", "Head < Head")
}

// An item that only announces what is inherited is no duty; one that says more
// is.
func TestEffectiveWithoutAnnouncements(t *testing.T) {
	junior := &family.Level{Title: "Junior", Responsibilities: list("Plan")}
	senior := &family.Level{Title: "Senior", Responsibilities: list("Extends the Junior responsibilities", "Teach")}
	senior.Responsibilities.Items[0].Span = source.Span{Start: 10, End: 50}
	senior.Responsibilities.Items[1].Span = source.Span{Start: 50, End: 60}
	senior.Extends = []family.Extension{extends("Junior", "responsibilities")}
	senior.Extends[0].Span = source.Span{Start: 10, End: 50}
	f := &family.Family{Levels: []*family.Level{junior, senior}}
	check(t, f.Effective(senior, family.ResponsibilitiesOf, family.Find), "Plan < Junior via Junior", "Teach < Senior")

	senior.Responsibilities.Items[0].Text = "Extends the Junior responsibilities to the whole harbour, and answers for all who plan in the night shift"
	check(t, f.Effective(senior, family.ResponsibilitiesOf, family.Find), "Plan < Junior via Junior",
		"Extends the Junior responsibilities to the whole harbour, and answers for all who plan in the night shift < Senior", "Teach < Senior")
}

// Find knows the levels of one page by their titles.
func TestFind(t *testing.T) {
	l := &family.Level{Title: "Planner"}
	f := &family.Family{Levels: []*family.Level{l}}
	for _, c := range []struct {
		ref  family.Reference
		want *family.Level
	}{
		{family.Reference{Title: "the planner", Level: "Planner"}, l},
		{family.Reference{Title: "Planner"}, nil},
		{family.Reference{Title: "x", Level: "Nobody"}, nil},
	} {
		if _, got := family.Find(f, &c.ref); got != c.want {
			t.Errorf("%+v: got %v", c.ref, got)
		}
	}
}
