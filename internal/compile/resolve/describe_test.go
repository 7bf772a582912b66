package resolve_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
)

// describe writes a model in a short form that people can read. Numbers at the
// start are lines; "-> X (why)" is the level of the page that a name means.
func describe(f *family.Family) string {
	var w writer
	w.line(0, "title: %s", f.Title)
	if len(f.Overview) > 0 {
		w.line(0, "overview: %s", quoted(f.Overview))
	}
	for _, l := range f.Levels {
		w.level(l)
	}
	w.family(f)
	for _, s := range f.Specialties {
		w.specialty("specialty", s)
	}
	for _, s := range f.Segments {
		w.specialty("segment", s)
	}
	for _, h := range f.Hiring {
		w.process(h)
	}
	return w.String()
}

type writer struct{ strings.Builder }

func (w *writer) line(indent int, format string, args ...any) {
	w.WriteString(strings.Repeat("  ", indent) + strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

func (w *writer) level(l *family.Level) {
	w.line(0, "%d level %s", l.Line, l.Title)
	for _, g := range l.Grades {
		subject := ""
		if g.Subject != "" && g.Subject != l.Title {
			subject = " of " + g.Subject
		}
		w.line(1, "grade %s%s", g.Value, subject)
	}
	if l.Unaligned {
		w.line(1, "no grade, as the page says")
	}
	if len(l.ReportsTo) > 0 {
		w.line(1, "reports to %s", people(l.ReportsTo, l.ReportsToMode))
	}
	for _, m := range l.Spans {
		other := ""
		if m != l.Manages {
			other = "also "
		}
		w.line(1, "%smanages %s", other, manages(m))
	}
	if l.Track != "" {
		w.line(1, "track %s", l.Track)
	}
	if len(l.Intro) > 0 {
		w.line(1, "intro: %s", quoted(l.Intro))
	}
	w.duties("responsibilities", &l.Responsibilities)
	w.duties("requirements", &l.Requirements)
	w.duties("indicators", &l.Indicators)
	w.cadences(l.Cadences)
	for _, e := range l.Extends {
		what, non := e.What, ""
		if what == "" {
			what = "all"
		}
		if e.NonIC {
			non = " but those of individual contributors"
		}
		w.line(1, "extends %s of %s%s", what, person(e.Reference), non)
	}
	for _, c := range l.Conditions {
		var when []string
		if c.FewerThan > 0 {
			when = append(when, fmt.Sprintf("fewer than %d reports", c.FewerThan))
		}
		if c.FirstTime {
			when = append(when, "first-time manager")
		}
		w.line(1, "keeps individual duties if %s", strings.Join(when, " or "))
	}
	w.ladder(&l.Ladder)
}

func (w *writer) family(f *family.Family) {
	var inner writer
	inner.duties("responsibilities", &f.Responsibilities)
	inner.duties("requirements", &f.Requirements)
	inner.duties("indicators", &f.Indicators)
	inner.cadences(f.Cadences)
	inner.ladder(&f.Ladder)
	if inner.Len() > 0 {
		w.line(0, "family")
		w.WriteString(inner.String())
	}
}

// duties lists the items of a list by their lines: nested ones with a dot for
// each depth, those of a group with its name once.
func (w *writer) duties(name string, d *family.Duties) {
	if !d.Stated() {
		return
	}
	var lines []string
	group := ""
	for _, it := range d.Items {
		if it.Group != group {
			group = it.Group
			mark := ""
			if it.Individual {
				mark = " (individual)"
			}
			lines = append(lines, "["+group+mark+"]")
		}
		lines = append(lines, strings.Repeat(".", it.Depth)+strconv.Itoa(it.Line))
	}
	w.line(1, "%s %d: %s", name, d.Count(), strings.Join(lines, " "))
	if len(d.Prose) > 0 {
		w.line(2, "prose: %s", quoted(d.Prose))
	}
}

func (w *writer) cadences(cs []family.Cadence) {
	for _, c := range cs {
		var any []string
		for _, a := range c.Any {
			any = append(any, a.Text)
		}
		w.line(1, "%d per %s: %s", c.Count, c.Period, strings.Join(any, " OR "))
	}
}

func (w *writer) ladder(l *family.Ladder) {
	if !l.Stated && len(l.Next) == 0 {
		return
	}
	next := "nothing stated"
	if len(l.Next) > 0 {
		var to []string
		for _, r := range l.Next {
			to = append(to, person(r))
		}
		next = strings.Join(to, "; ")
	}
	w.line(1, "ladder: %s", next)
	for _, e := range l.Edges {
		w.line(2, "%s --> %s", e.From, e.To)
	}
}

func (w *writer) specialty(kind string, s *family.Specialty) {
	where := ""
	if s.Level != "" {
		where += " of " + s.Level
	}
	if s.Parent != "" {
		where += " in " + s.Parent
	}
	if s.Group {
		where += ", a group"
	}
	w.line(0, "%d %s %s%s", s.Line, kind, s.Title, where)
	if len(s.Intro) > 0 {
		w.line(1, "intro: %s", quoted(s.Intro))
	}
	if len(s.ReportsTo) > 0 {
		w.line(1, "reports to %s", people(s.ReportsTo, s.ReportsToMode))
	}
	for _, l := range s.Scope {
		w.line(1, "covers %s at %s", l.Text, l.Target)
	}
	w.duties("responsibilities", &s.Responsibilities)
	w.duties("requirements", &s.Requirements)
	if len(s.Other) > 0 {
		w.line(1, "other: %s", quoted(s.Other))
	}
}

func (w *writer) process(h *family.Process) {
	of := "the family"
	if h.Level != "" {
		of = h.Level
	}
	w.line(0, "%d hiring of %s: %s", h.Line, of, h.Title)
	for _, s := range h.Steps {
		w.line(1, "%s", step(s))
	}
	if len(h.Prose) > 0 {
		w.line(1, "prose: %s", quoted(h.Prose))
	}
}

// step writes "97 interview, 45-60 min, twice, panel, optional, second, with A
// and B [For Managers]".
func step(s *family.Step) string {
	out := []string{fmt.Sprintf("%d %s", s.Line, s.Kind)}
	if m := s.Minutes; m != nil {
		if m.Min == m.Max {
			out = append(out, fmt.Sprintf("%d min", m.Min))
		} else {
			out = append(out, fmt.Sprintf("%d-%d min", m.Min, m.Max))
		}
	}
	if s.Count != 1 {
		out = append(out, fmt.Sprintf("%d times", s.Count))
	}
	if s.Panel {
		out = append(out, "panel")
	}
	if s.Optional {
		out = append(out, "optional")
	}
	if s.Ordinal > 0 {
		out = append(out, fmt.Sprintf("number %d", s.Ordinal))
	}
	if len(s.Interviewers) > 0 {
		out = append(out, "with "+people(s.Interviewers, s.Mode))
	}
	text := strings.Join(out, ", ")
	if s.Group != "" {
		text += " [" + s.Group + "]"
	}
	return text
}

func manages(m *family.Manages) string {
	figure := "?"
	switch {
	case m.Min != nil && m.Max != nil && *m.Min == *m.Max:
		figure = strconv.Itoa(*m.Min)
	case m.Min != nil && m.Max != nil:
		figure = fmt.Sprintf("%d-%d", *m.Min, *m.Max)
	case m.Min != nil:
		figure = fmt.Sprintf("%d+", *m.Min)
	case m.Max != nil:
		figure = fmt.Sprintf("up to %d", *m.Max)
	}
	return fmt.Sprintf("%s %s (%s, %s)", figure, strings.Join(m.Of, " and "), m.Scope, m.Modality)
}

// people joins names as the mode says; a plural or a team alone may be "all".
func people(refs []family.Reference, mode family.Mode) string {
	var names []string
	for _, r := range refs {
		names = append(names, person(r))
	}
	join := "; or "
	if mode == family.All {
		join = "; and "
	}
	text := strings.Join(names, join)
	if len(refs) == 1 && mode == family.All {
		text += " (all)"
	}
	return text
}

func person(r family.Reference) string {
	if r.Level == "" {
		return r.Title
	}
	return fmt.Sprintf("%s -> %s (%s)", r.Title, r.Level, r.Why)
}

func quoted(texts []family.Text) string {
	var out []string
	for _, t := range texts {
		out = append(out, strconv.Quote(t.Text))
	}
	return strings.Join(out, " ")
}
