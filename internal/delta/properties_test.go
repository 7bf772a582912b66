package delta_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/delta"
)

// A draft is a page before it is written down.
type draft struct {
	levels      []draftLevel
	specialties []string
	steps       []string
}

type draftLevel struct {
	title            string
	grade            int
	duties, requires []string
}

// A hand is how somebody writes a page down: nothing of it means anything.
type hand struct {
	bullet string
	width  int // of a line of prose; 0 for no wrapping
	closed bool
	bold   bool
	blank  int // lines behind a heading
	crlf   bool
}

var hands = rapid.Custom(func(t *rapid.T) hand {
	return hand{
		bullet: rapid.SampledFrom([]string{"*", "-", "+"}).Draw(t, "bullet"),
		width:  rapid.SampledFrom([]int{0, 30, 72}).Draw(t, "width"),
		closed: rapid.Bool().Draw(t, "closed"),
		bold:   rapid.Bool().Draw(t, "bold"),
		blank:  rapid.IntRange(0, 2).Draw(t, "blank"),
		crlf:   rapid.Bool().Draw(t, "crlf"),
	}
})

var (
	verbs   = []string{"Plan", "Check", "Repair", "Count", "Report", "Train", "Audit", "Paint"}
	things  = []string{"cranes", "berths", "trucks", "reefers", "tide tables", "gate lanes", "lashing gear"}
	reasons = []string{"before each shift", "with the pilots", "for the harbour master", "once a quarter", "without delay"}
	people  = []string{"Recruiter", "Quay Supervisor", "Harbour Engineer", "Director of Operations", "Yard Lead"}
)

// sentences are up to n duties, no two alike.
func sentences(t *rapid.T, n int, label string) []string {
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom(verbs).Draw(t, "verb") + " " + rapid.SampledFrom(things).Draw(t, "thing") + " " +
			rapid.SampledFrom(reasons).Draw(t, "reason")
	}), 1, n, rapid.ID[string]).Draw(t, label)
}

var drafts = rapid.Custom(func(t *rapid.T) draft {
	var d draft
	titles := []string{"Planner", "Senior Planner", "Staff Planner", "Manager, Planning"}
	for i, title := range titles[:rapid.IntRange(1, len(titles)).Draw(t, "levels")] {
		d.levels = append(d.levels, draftLevel{
			title: title, grade: 5 + i,
			duties: sentences(t, 5, "duties"), requires: sentences(t, 4, "requires"),
		})
	}
	d.specialties = []string{"Feeder Traffic", "Deep Sea", "Rail"}[:rapid.IntRange(0, 3).Draw(t, "specialties")]
	for i, who := range people[:rapid.IntRange(0, len(people)).Draw(t, "steps")] {
		d.steps = append(d.steps, fmt.Sprintf("Next, candidates will be invited to schedule a %d minute interview with the %s", 30+5*i, who))
	}
	return d
})

// write writes a draft down.
func (d *draft) write(h hand) string {
	var b strings.Builder
	heading := func(depth int, title string) {
		if h.bold {
			title = "**" + title + "**"
		}
		sign := strings.Repeat("#", depth)
		b.WriteString("\n" + sign + " " + title)
		if h.closed {
			b.WriteString(" " + sign)
		}
		b.WriteString("\n" + strings.Repeat("\n", h.blank))
	}
	prose := func(text string) {
		n := 0
		for i, w := range strings.Fields(text) {
			switch {
			case i == 0:
			case h.width > 0 && n+len(w) >= h.width:
				b.WriteByte('\n')
				n = 0
			default:
				b.WriteByte(' ')
			}
			b.WriteString(w)
			n += len(w) + 1
		}
		b.WriteString("\n")
	}
	list := func(items []string) {
		for _, it := range items {
			b.WriteString(h.bullet + " " + it + "\n")
		}
	}
	b.WriteString("---\ntitle: Berth Planning\n---\n")
	heading(2, "Levels")
	for _, l := range d.levels {
		heading(3, l.title)
		prose("The " + l.title + " reports to the Director of Quay Operations.")
		heading(4, l.title+" Job Grade")
		prose(fmt.Sprintf("The %s is a [grade %d](/grades/).", l.title, l.grade))
		heading(4, l.title+" Responsibilities")
		list(l.duties)
		heading(4, l.title+" Requirements")
		list(l.requires)
	}
	if len(d.specialties) > 0 {
		heading(2, "Specialties")
		for _, s := range d.specialties {
			heading(3, s)
			prose("Plans everything about " + strings.ToLower(s) + " together with those who work there.")
		}
	}
	if len(d.steps) > 0 {
		heading(2, "Hiring Process")
		list(d.steps)
	}
	if h.crlf {
		return strings.ReplaceAll(b.String(), "\n", "\r\n")
	}
	return b.String()
}

// wants fails unless the changes are these, as "kind level".
func wants(t *rapid.T, old, new string, want ...string) {
	var got []string
	for _, c := range delta.Compare(compiled("page.md", old), compiled("page.md", new)) {
		got = append(got, strings.TrimSpace(string(c.Kind)+" "+c.Level))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("changes %q, want %q\n--- old\n%s\n--- new\n%s", got, want, old, new)
	}
}

func TestAnotherHandChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts.Draw(t, "draft")
		wants(t, d.write(hands.Draw(t, "hand")), d.write(hands.Draw(t, "another hand")))
	})
}

func TestTheOrderOfItemsChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts.Draw(t, "draft")
		old := d.write(hand{bullet: "*"})
		for i := range d.levels {
			d.levels[i].duties = rapid.Permutation(d.levels[i].duties).Draw(t, "duties")
			d.levels[i].requires = rapid.Permutation(d.levels[i].requires).Draw(t, "requires")
		}
		wants(t, old, d.write(hand{bullet: "-"}))
	})
}

func TestOneEditIsOneChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drafts.Draw(t, "draft")
		old := d.write(hand{bullet: "*"})
		l := &d.levels[rapid.IntRange(0, len(d.levels)-1).Draw(t, "level")]
		var gone, come string
		switch rapid.IntRange(0, 3).Draw(t, "edit") {
		case 0:
			l.grade += 4
			gone, come = "grade "+l.title, "grade "+l.title
		case 1:
			l.duties = append(slices.Clone(l.duties), "Keep the mooring log")
			gone, come = "responsibility_removed "+l.title, "responsibility_added "+l.title
		case 2:
			l.requires = append(slices.Clone(l.requires), "Hold a forklift licence")
			gone, come = "requirement_removed "+l.title, "requirement_added "+l.title
		case 3:
			d.steps = append(slices.Clone(d.steps), "Finally, candidates will be invited to meet the Harbour Master")
			gone, come = "step_removed", "step_added"
		}
		new := d.write(hands.Draw(t, "hand"))
		wants(t, old, new, come)
		wants(t, new, old, gone)
	})
}

func TestAPageIsTheSameAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.OneOf(
			rapid.SampledFrom([]string{"", "# Planner", "## Levels", "### Senior Planner", "#### Job Grade", "## Hiring Process", "* item", "1. step", "---", "**Bold**", "| a | b |", "```mermaid"}),
			rapid.StringN(0, 40, -1),
		)).Draw(t, "lines")
		text := strings.Join(lines, "\n")
		a, b := compiled("page.md", text), compiled("page.md", text)
		a.File, b.File = nil, nil // the bytes must not tell
		if got := delta.Compare(a, b); len(got) > 0 {
			t.Fatalf("%v", got)
		}
	})
}
