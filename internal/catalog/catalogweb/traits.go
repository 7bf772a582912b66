package catalogweb

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// compared are the levels, side by side.
func (o *overview) compared() []ui.Compared {
	out := make([]ui.Compared, len(o.Levels))
	for i, l := range o.Levels {
		out[i] = ui.Compared{Name: l.Title, Href: o.levelAddress(l.ID), On: o.role != nil && l.ID == o.role.Pin.Level}
	}
	return out
}

// traits are the rows in which levels are compared.
func (o *overview) traits() []ui.Trait {
	rows := []struct {
		name  string
		value func(i int, l *press.Level) templ.Component
	}{
		{"Grade", o.grade},
		{"Reports to", o.reportsTo},
		{"Manages", o.manages},
		{"Duties", func(i int, _ *press.Level) templ.Component { return o.asked(i, o.duties(i).Responsibilities) }},
		{"Requirements", func(i int, _ *press.Level) templ.Component { return o.asked(i, o.duties(i).Requirements) }},
		{"Interviews", o.interviews},
		{"Next step", o.next},
	}
	out := make([]ui.Trait, len(rows))
	for i, row := range rows {
		out[i].Name = row.name
		for j := range o.Model.Levels {
			out[i].Values = append(out[i].Values, row.value(j, &o.Model.Levels[j]))
		}
	}
	return out
}

func (o *overview) duties(i int) catalog.LevelDuties {
	if i < len(o.Duties) {
		return o.Duties[i]
	}
	return catalog.LevelDuties{}
}

func (o *overview) grade(_ int, l *press.Level) templ.Component {
	switch {
	case len(l.Details.Grades) > 0:
		return ui.Valued(strings.Join(l.Grades, ", "), true, o.at(l.Details.Grades[0].Span))
	case l.Unaligned:
		return ui.Text("none, by the page")
	}
	return notStated()
}

func (o *overview) reportsTo(_ int, l *press.Level) templ.Component {
	if len(l.ReportsTo) == 0 {
		return notStated()
	}
	line := o.at(l.Details.ReportsTo[0].Span)
	if l.Details.Reporting != nil {
		line = o.at(l.Details.Reporting.Span)
	}
	return ui.Valued(joined(l.ReportsTo, l.ReportsToMode), false, line)
}

func (o *overview) manages(_ int, l *press.Level) templ.Component {
	if l.Manages == nil {
		return notStated()
	}
	return ui.Valued(spanWords(l.Manages), false, o.at(l.Manages.Span))
}

// asked tells how many duties a level has, and what of them it inherits.
func (o *overview) asked(i int, duties []catalog.Duty) templ.Component {
	if len(duties) == 0 {
		return notStated()
	}
	id := o.Levels[i].ID
	n := o.share(id, duties)
	return summed(strconv.Itoa(n.total()), n.sum(), o.firstLine(id, duties))
}

func (o *overview) interviews(i int, _ *press.Level) templ.Component {
	role, err := o.Role(o.Levels[i].ID)
	if err != nil || len(role.Hiring) == 0 {
		return notStated()
	}
	p := &role.Hiring[0]
	return summed(processWords(p), optionalWords(p), o.src(p.Line))
}

func (o *overview) next(i int, _ *press.Level) templ.Component {
	var titles []string
	line := ui.Line{}
	for j := range o.Ladder {
		s := &o.Ladder[j]
		if s.From != o.Levels[i].ID || s.Kind == catalog.Implied {
			continue
		}
		titles = append(titles, o.leadsTo(s))
		if line.N == 0 && s.Line > 0 {
			line = o.src(s.Line)
		}
	}
	if len(titles) == 0 {
		return noNext()
	}
	return ui.Valued(joined(titles, "any"), false, line)
}

// joined returns titles as a sentence names them: "A, B or C".
func joined(titles []string, mode string) string {
	word := " or "
	if mode == "all" {
		word = " and "
	}
	if len(titles) < 2 {
		return strings.Join(titles, "")
	}
	return strings.Join(titles[:len(titles)-1], ", ") + word + titles[len(titles)-1]
}

// article returns a title with the article before it: "an Engineering Manager".
func article(title string) string {
	if title != "" && strings.ContainsRune("AEIO", rune(title[0])) {
		return "an " + title
	}
	return "a " + title
}

// nested marks an item of an inner list.
func nested(depth int) string { return strings.Repeat("– ", min(depth, 3)) }

// spanWords returns a span of control in words: "2 to 4 Product Managers".
func spanWords(m *press.Manages) string {
	var words string
	switch {
	case m.Min != nil && m.Max != nil && *m.Min == *m.Max:
		words = strconv.Itoa(*m.Min)
	case m.Min != nil && m.Max != nil:
		words = strconv.Itoa(*m.Min) + " to " + strconv.Itoa(*m.Max)
	case m.Min != nil:
		words = strconv.Itoa(*m.Min) + " or more"
	case m.Max != nil:
		words = "up to " + strconv.Itoa(*m.Max)
	}
	if len(m.Of) > 0 {
		words += " " + joined(m.Of, "all")
	}
	if m.Scope == "total" {
		words += ", in all"
	}
	return strings.TrimSpace(words)
}

// processWords says how long a process is: "8 steps, 330 min".
func processWords(p *press.Process) string {
	words := counted(len(p.Steps), "step", "steps")
	if must, _ := catalog.Minutes(p); must > 0 {
		words += ", " + strconv.Itoa(must) + " min"
	}
	return words
}

// optionalWords says what may come on top: "+ 50 if asked".
func optionalWords(p *press.Process) string {
	if _, may := catalog.Minutes(p); may > 0 {
		return "+ " + strconv.Itoa(may) + " optional"
	}
	return ""
}

// steps are the steps of a process as a timeline shows them.
func (s *shown) steps(p *press.Process) []ui.Step {
	out := make([]ui.Step, len(p.Steps))
	for i := range p.Steps {
		step := &p.Steps[i]
		out[i] = ui.Step{Name: stepName(step), Who: joined(step.Interviewers, step.Mode), State: ui.ToCome, Note: step.Text, Line: s.src(step.Line)}
		if step.Minutes != nil {
			out[i].Minutes = step.Minutes[1] * max(step.Count, 1)
		}
		if step.Optional {
			out[i].State = ui.Optional
		}
	}
	return out
}

// blocks are the steps of a process drawn to scale, those of which the page
// states the minutes.
func blocks(p *press.Process) []ui.Block {
	var out []ui.Block
	for i := range p.Steps {
		step := &p.Steps[i]
		if step.Minutes == nil {
			continue
		}
		b := ui.Block{Name: shortName(step), Minutes: step.Minutes[1] * max(step.Count, 1), State: ui.ToCome}
		if step.Optional {
			b.State = ui.Optional
		}
		out = append(out, b)
	}
	return out
}

// ordinals are the words of steps that a page numbers.
var ordinals = []string{"", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth"}

// stepName says what happens in a step.
func stepName(s *press.Step) string {
	name := ""
	switch s.Kind {
	case "apply":
		name = "Application"
	case "screening":
		name = "Screening call"
	case "assessment":
		name = "Assessment"
	case "presentation":
		name = "Presentation"
	case "references":
		name = "References"
	case "offer":
		name = "Offer"
	case "other":
		name = "Step"
	default:
		name = "Interview"
	}
	switch {
	case s.Panel:
		name = "Panel " + strings.ToLower(name)
	case s.Kind == "interview" && s.Ordinal > 0 && s.Ordinal < len(ordinals):
		name = ordinals[s.Ordinal] + " interview"
	}
	if s.Count > 1 {
		name = strconv.Itoa(s.Count) + " × " + strings.ToLower(name)
	}
	if s.Group != "" {
		name += ", " + s.Group
	}
	return name
}

// shortName is a name for a narrow block.
func shortName(s *press.Step) string {
	switch {
	case s.Kind == "screening":
		return "Screen"
	case s.Panel:
		return "Panel"
	case s.Kind == "interview" && s.Ordinal > 0 && s.Ordinal < len(ordinals):
		return ordinals[s.Ordinal]
	case s.Kind == "assessment":
		return "Test"
	case s.Kind == "presentation":
		return "Present"
	}
	return "Meet"
}
