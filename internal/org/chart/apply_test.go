package chart

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
)

const day1, day2, day3 calendar.Day = "2026-01-01", "2026-06-01", "2027-01-01"

// harbour returns a small organisation: a chief, two managers, a planner.
func harbour(t *testing.T) *Book {
	t.Helper()
	b := &Book{}
	var steps []Step
	for _, who := range []PersonID{"ada", "bo", "cy", "dee"} {
		steps = append(steps, Step{Kind: Join, Person: who, Day: day1})
	}
	steps = append(
		steps,
		Step{Kind: Open, Position: "chief", Day: day1, Title: To("Chief")},
		Step{Kind: Open, Position: "quay", Day: day1, Title: To("Quay Manager"), Manager: To[PositionID]("chief")},
		Step{Kind: Open, Position: "yard", Day: day1, Title: To("Yard Manager"), Manager: To[PositionID]("chief")},
		Step{Kind: Open, Position: "plan", Day: day1, Title: To("Planner"), Manager: To[PositionID]("quay")},
		Step{Kind: Fill, Position: "chief", Person: "ada", Day: day1},
		Step{Kind: Fill, Position: "quay", Person: "bo", Day: day1},
		Step{Kind: Fill, Position: "plan", Person: "dee", Day: day1},
	)
	d := b.Draft()
	for id, name := range map[PersonID]string{"ada": "Ada Holm", "bo": "Bo Lind", "cy": "Cy Roe", "dee": "Dee Ware"} {
		d.Describe(id, name, false)
	}
	b, err := d.Book().Apply(steps...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What the rules refuse, and what they say.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		steps []Step
		want  string
	}{
		"a circle": {
			[]Step{{Kind: Change, Position: "chief", Day: day2, Manager: To[PositionID]("plan")}},
			"that would be a circle: Ada Holm (Chief) → Dee Ware (Planner) → Bo Lind (Quay Manager) → Ada Holm (Chief)",
		},
		"oneself": {
			[]Step{{Kind: Change, Position: "quay", Day: day2, Manager: To[PositionID]("quay")}},
			"Bo Lind (Quay Manager) cannot report to itself",
		},
		"a circle that a later change would make": {
			[]Step{
				{Kind: Change, Position: "yard", Day: day3, Manager: To[PositionID]("plan")},
				{Kind: Change, Position: "quay", Day: day2, Manager: To[PositionID]("yard")},
			},
			"that would be a circle: Bo Lind (Quay Manager) → Yard Manager → Dee Ware (Planner) → Bo Lind (Quay Manager)",
		},
		"a second seat": {
			[]Step{{Kind: Fill, Position: "yard", Person: "bo", Day: day2}},
			"Bo Lind holds Quay Manager, and nobody has two managers: vacate that first, or let them cover this one",
		},
		"a seat that is taken": {
			[]Step{{Kind: Fill, Position: "quay", Person: "cy", Day: day2}},
			"Bo Lind holds Quay Manager: vacate it first",
		},
		"a cover beside another": {
			[]Step{
				{Kind: Fill, Position: "yard", Person: "bo", Day: day2, Holding: Acting},
				{Kind: Fill, Position: "yard", Person: "cy", Day: day3, Holding: Interim},
			},
			"Bo Lind covers Yard Manager: end that first",
		},
		"to report to what closes": {
			[]Step{
				{Kind: Close, Position: "yard", Day: day3},
				{Kind: Change, Position: "plan", Day: day2, Manager: To[PositionID]("yard")},
			},
			"Yard Manager closes on 2027-01-01: nobody can report to it after that",
		},
		"to close what others report to": {
			[]Step{{Kind: Close, Position: "quay", Day: day2}},
			"Dee Ware (Planner) reports to it: let that report to somebody else first",
		},
		"to close what is held": {
			[]Step{{Kind: Close, Position: "plan", Day: day2}},
			"Dee Ware holds it: vacate it first",
		},
		"to fill before it opens": {
			[]Step{{Kind: Fill, Position: "yard", Person: "cy", Day: "2025-12-31"}},
			"Yard Manager is not open before 2026-01-01",
		},
		"to fill with somebody who left": {
			[]Step{{Kind: Leave, Person: "cy", Day: day2}, {Kind: Fill, Position: "yard", Person: "cy", Day: day2}},
			"Cy Roe is not employed on 2026-06-01",
		},
		"a person twice": {
			[]Step{{Kind: Join, Person: "cy", Day: day2}},
			"Cy Roe is employed since 2026-01-01",
		},
		"nothing": {[]Step{{Kind: Change, Position: "yard", Day: day2}}, "say what is to change"},
		"no day":  {[]Step{{Kind: Close, Position: "yard"}}, "say from which day on"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := harbour(t).Apply(c.steps...)
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v\nwant %s", err, c.want)
			}
		})
	}
}

// A change that was planned keeps what it sets; what it does not set follows
// earlier changes that come later.
func TestPlannedChangesKeepWhatTheySet(t *testing.T) {
	b, err := harbour(t).Apply(
		Step{Kind: Change, Position: "plan", Day: day3, Manager: To[PositionID]("yard")},
		Step{Kind: Change, Position: "plan", Day: day2, Title: To("Senior Planner"), Manager: To[PositionID]("chief")},
	)
	if err != nil {
		t.Fatal(err)
	}
	want := []Seat{
		{Place{Title: "Planner", Manager: "quay"}, calendar.Span{Since: day1, Until: day2}},
		{Place{Title: "Senior Planner", Manager: "chief"}, calendar.Span{Since: day2, Until: day3}},
		{Place{Title: "Senior Planner", Manager: "yard"}, calendar.Span{Since: day3, Until: calendar.Never}},
	}
	if diff := cmp.Diff(want, b.Position("plan").Seats); diff != "" {
		t.Error(diff)
	}
	b, err = b.Apply(Step{Kind: Withdraw, Position: "plan", Day: day3})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Position("plan").last(); got.Manager != "chief" || got.Until != calendar.Never {
		t.Errorf("after the plan was withdrawn: %+v", got)
	}
}

// Who leaves takes nothing with them, and lets go of everything.
func TestLeave(t *testing.T) {
	b, err := harbour(t).Apply(
		Step{Kind: Fill, Position: "yard", Person: "bo", Day: day2, Holding: Acting, Until: day3},
		Step{Kind: Leave, Person: "bo", Day: "2026-09-01"},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range b.HeldBy("bo") {
		if h.Until != "2026-09-01" {
			t.Errorf("%s is held %s", h.Position, h.Span)
		}
	}
	if b.Person("bo").IsHere("2026-09-01") || !b.Person("bo").IsHere("2026-08-31") {
		t.Error("somebody is here up to the day before they leave")
	}
	if _, err := b.Apply(Step{Kind: Join, Person: "bo", Day: day3}, Step{Kind: Fill, Position: "yard", Person: "bo", Day: day3}); err != nil {
		t.Errorf("coming back: %v", err)
	}
}

// anyStep draws a step about few positions, people and days, so that steps meet.
func anyStep(t *rapid.T) Step {
	position := rapid.Map(rapid.IntRange(0, 5), func(n int) PositionID { return PositionID(fmt.Sprintf("p%d", n)) })
	s := Step{
		Kind:     rapid.SampledFrom([]Kind{Open, Open, Change, Change, Change, Close, Withdraw, Fill, Fill, Vacate, Join, Leave}).Draw(t, "kind"),
		Day:      calendar.On(2026, 1, 1).Add(rapid.IntRange(0, 6).Draw(t, "day")),
		Position: position.Draw(t, "position"),
		Person:   PersonID(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "person")),
		Holding:  rapid.SampledFrom(HoldingKinds).Draw(t, "holding"),
		Manager:  To(rapid.SampledFrom([]PositionID{"", "p0", "p1", "p2", "p3", "p4", "p5"}).Draw(t, "manager")),
		Title:    To(rapid.SampledFrom([]string{"x", "y"}).Draw(t, "title")),
	}
	if rapid.Bool().Draw(t, "ends") {
		s.Until = s.Day.Add(rapid.IntRange(1, 4).Draw(t, "days"))
	}
	return s
}

// No sequence of steps makes a circle, a second manager or a second holder, on
// any day; one that is refused changes nothing; and the same steps again, one
// book after the other, give the same.
func TestNoStepsBreakTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := (&Book{}).Draft()
		var taken []Step
		for _, s := range rapid.SliceOfN(rapid.Custom(anyStep), 1, 60).Draw(t, "steps") {
			before := d.Book()
			err := d.Apply(s)
			if err == nil {
				taken = append(taken, s)
				continue
			}
			if k := fault.KindOf(err); k != fault.Conflict && k != fault.Invalid && k != fault.NotFound {
				t.Fatalf("%+v: %v is %v", s, err, k)
			}
			if diff := differs(before, d.Book()); diff != "" {
				t.Fatalf("%+v was refused (%v) and changed this:\n%s", s, err, diff)
			}
		}
		book := d.Book()
		for _, day := range append(book.Days(""), "2025-01-01") {
			if flaw := broken(book, day); flaw != "" {
				t.Fatalf("on %s: %s", day, flaw)
			}
		}
		again := &Book{}
		for _, s := range taken {
			var err error
			if again, err = again.Apply(s); err != nil {
				t.Fatalf("again, %+v: %v", s, err)
			}
		}
		if diff := differs(book, again); diff != "" {
			t.Fatalf("a replay gives something else:\n%s", diff)
		}
	})
}

func differs(x, y *Book) string {
	return cmp.Diff(x.people, y.people, cmpopts.EquateEmpty()) + cmp.Diff(x.positions, y.positions, cmpopts.EquateEmpty())
}

// broken tells which rule a book does not keep on a day. It asks in its own way,
// by walking up from each position.
func broken(b *Book, day calendar.Day) string {
	seats := map[PersonID]PositionID{}
	for p := range b.Positions() {
		seat := p.On(day)
		if seat == nil {
			for _, h := range p.Holds {
				if h.Holds(day) {
					return fmt.Sprintf("%s is held and not open", p.ID)
				}
			}
			continue
		}
		regular, cover := 0, 0
		for _, h := range p.Holds {
			if !h.Holds(day) {
				continue
			}
			if !b.Person(h.Person).IsHere(day) {
				return fmt.Sprintf("%s holds %s and is not here", h.Person, p.ID)
			}
			if h.Kind != Regular {
				cover++
				continue
			}
			regular++
			if other := seats[h.Person]; other != "" {
				return fmt.Sprintf("%s holds %s and %s", h.Person, other, p.ID)
			}
			seats[h.Person] = p.ID
		}
		if regular > 1 || cover > 1 {
			return fmt.Sprintf("%s has %d holders and %d who cover it", p.ID, regular, cover)
		}
		seen := map[PositionID]bool{}
		for at := p; ; {
			if seen[at.ID] {
				return fmt.Sprintf("%s stands above itself", p.ID)
			}
			seen[at.ID] = true
			up := at.On(day).Manager
			if up == "" {
				break
			}
			if at = b.Position(up); at == nil || at.On(day) == nil {
				return fmt.Sprintf("%s reports to %s, which is not open", p.ID, up)
			}
		}
	}
	return ""
}

// A chart has everybody once, with the counts of what is below.
func TestChart(t *testing.T) {
	c := harbour(t).On(day2, nil, nil)
	var lines []string
	for i := range c.Nodes {
		n := &c.Nodes[i]
		lines = append(lines, fmt.Sprintf("%s%s %s %d+%d of %d+%d", strings.Repeat("  ", n.Depth-1), n.Called(), n.Status(), n.Direct.Filled, n.Direct.Vacant, n.Total.Filled, n.Total.Vacant))
	}
	want := `Ada Holm filled 1+1 of 2+1
  Bo Lind filled 1+0 of 1+0
    Dee Ware filled 0+0 of 0+0
  Yard Manager vacant 0+0 of 0+0`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := c.ManagerOf("dee"); got == nil || got.ID != "bo" {
		t.Errorf("Dee is managed by %v", got)
	}
	if !c.IsAbove("ada", "dee") || c.IsAbove("dee", "ada") || c.IsAbove("cy", "dee") {
		t.Error("the line above Dee is Bo and Ada")
	}
	if got := len(c.Below(c.Node("chief"))); got != 3 {
		t.Errorf("%d positions are below the chief", got)
	}
	if got := maps.Collect(c.Book.byID()); len(got) != 4 {
		t.Errorf("%d people", len(got))
	}
}

// byID is the people of a book, for tests.
func (b *Book) byID() func(func(PersonID, *Person) bool) {
	return func(yield func(PersonID, *Person) bool) {
		for p := range b.People() {
			if !yield(p.ID, p) {
				return
			}
		}
	}
}

// Whatever was done last can be taken back.
func TestInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := (&Book{}).Draft()
		for _, s := range rapid.SliceOfN(rapid.Custom(anyStep), 1, 40).Draw(t, "steps") {
			before := d.Book()
			back := d.Inverse(s)
			if d.Apply(s) != nil {
				continue
			}
			after := d.Book()
			undone, err := after.Apply(back...)
			if err != nil {
				t.Fatalf("%+v cannot be taken back by %+v: %v", s, back, err)
			}
			for _, day := range append(before.Days(""), after.Days("")...) {
				if diff := cmp.Diff(shape(before, day), shape(undone, day)); diff != "" {
					t.Fatalf("%+v was taken back by %+v, and on %s this is left:\n%s", s, back, day, diff)
				}
			}
		}
	})
}

// shape is what a book says of a day, in words.
func shape(b *Book, day calendar.Day) map[string]string {
	m := map[string]string{}
	for p := range b.Positions() {
		if s := p.On(day); s != nil {
			m[string(p.ID)] = fmt.Sprintf("%+v %v %v", s.Place, name(p.Holder(day)), name(p.Cover(day)))
		}
	}
	for p := range b.People() {
		if p.IsHere(day) {
			m[string(p.ID)] = "here"
		}
	}
	return m
}

func name(h *Holding) string {
	if h == nil {
		return "nobody"
	}
	return string(h.Person) + " " + string(h.Kind)
}

// Nobody holds, or reports to, a position that was taken back.
func TestTakenBackIsNotHeld(t *testing.T) {
	up := PositionID("a")
	b, err := (&Book{}).Apply(
		Step{Kind: Join, Person: "ada", Day: "2026-01-01"},
		Step{Kind: Open, Position: "a", Day: "2026-01-01", Title: To("Chief")},
		Step{Kind: Open, Position: "b", Day: "2026-01-01", Title: To("Planner"), Manager: &up},
		Step{Kind: Fill, Position: "b", Person: "ada", Day: "2026-01-01"},
	)
	if err != nil {
		t.Fatal(err)
	}
	b, err = b.Apply(
		Step{Kind: Vacate, Position: "b", Person: "ada", Day: "2026-01-01"},
		Step{Kind: Withdraw, Position: "b", Day: "2026-01-01"},
		Step{Kind: Fill, Position: "a", Person: "ada", Day: "2026-01-01"},
	)
	if err != nil {
		t.Fatal(err)
	}
	if held := b.HeldBy("ada"); len(held) != 1 || b.SeatOf("ada", "2026-02-01").ID != "a" || b.FirstManaged("ada") != calendar.Never {
		t.Errorf("holds %v", held)
	}
}
