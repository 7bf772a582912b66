package resolve_test

import (
	"testing"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// checkFamily holds what is so for every page: each span lies in the file and
// begins on the line that is told, and names that are connected lead to levels.
func checkFamily(t testing.TB, f *source.File, fam *family.Family) {
	t.Helper()
	c := checker{TB: t, file: f, family: fam}
	c.span("title", fam.TitleSpan, 0)
	c.texts("overview", fam.Overview)
	for _, fd := range fam.FrontMatter {
		c.span("field "+fd.Key, fd.Span, 0)
	}
	for _, l := range fam.Levels {
		c.level(l)
	}
	c.duties("family", &fam.Responsibilities, &fam.Requirements, &fam.Indicators)
	c.cadences(fam.Cadences)
	c.ladder(&fam.Ladder)
	for _, s := range append(fam.Specialties[:len(fam.Specialties):len(fam.Specialties)], fam.Segments...) {
		c.specialty(s)
	}
	for _, h := range fam.Hiring {
		c.process(h)
	}
	for i, s := range fam.Sections {
		c.span("section "+s.Title, s.Span, s.Line)
		c.span("body of "+s.Title, s.Body, 0)
		c.texts("section "+s.Title, s.Text)
		if s.Parent >= i || s.Parent < -1 {
			t.Errorf("%s: section %q has the parent %d of %d", f.Path, s.Title, s.Parent, i)
		}
		c.owner(s.Level)
	}
	for _, l := range fam.Links {
		c.span("link "+l.Text, l.Span, 0)
		c.span("target "+l.Target, l.TargetSpan, 0)
	}
	for _, a := range fam.Anchors {
		c.span("anchor "+a.Name, a.Span, a.Line)
	}
}

type checker struct {
	testing.TB
	file   *source.File
	family *family.Family
}

// span checks a range, and its line unless that is 0.
func (c *checker) span(what string, s source.Span, line int) {
	c.Helper()
	switch {
	case s.Start < 0 || s.End < s.Start || s.End > len(c.file.Text):
		c.Errorf("%s: %s lies outside the file: %v of %d", c.file.Path, what, s, len(c.file.Text))
	case line > 0 && c.file.Line(s.Start) != line:
		c.Errorf("%s: %s begins on line %d and says %d", c.file.Path, what, c.file.Line(s.Start), line)
	}
}

func (c *checker) owner(title string) {
	c.Helper()
	if title != "" && c.family.Level(title) == nil {
		c.Errorf("%s: something belongs to the level %q, which does not exist", c.file.Path, title)
	}
}

func (c *checker) references(what string, refs ...family.Reference) {
	c.Helper()
	for _, r := range refs {
		c.span(what+" "+r.Title, r.Span, 0)
		c.owner(r.Level)
		if r.Title == "" {
			c.Errorf("%s: %s names nobody", c.file.Path, what)
		}
		if (r.Level == "") != (r.Why == "") {
			c.Errorf("%s: %s %q means %q for the reason %q", c.file.Path, what, r.Title, r.Level, r.Why)
		}
	}
}

func (c *checker) texts(what string, texts []family.Text) {
	c.Helper()
	for _, t := range texts {
		c.span(what, t.Span, 0)
	}
}

func (c *checker) level(l *family.Level) {
	c.Helper()
	if l.Line < 1 || l.Line > max(1, c.file.Lines()) {
		c.Errorf("%s: level %q stands on line %d of %d", c.file.Path, l.Title, l.Line, c.file.Lines())
	}
	line := l.Line
	if l.Slug == "" { // the page itself, or named by a section's heading
		line = 0
	}
	c.span("level "+l.Title, l.Span, line)
	c.texts("intro", l.Intro)
	for _, g := range l.Grades {
		c.span("grade "+g.Value, g.Span, 0)
	}
	c.references("reports to", l.ReportsTo...)
	c.span("reporting line", l.Reporting.Span, 0)
	if l.Manages != nil && len(l.Spans) == 0 {
		c.Errorf("%s: level %q manages somebody, but no statement says so", c.file.Path, l.Title)
	}
	for _, m := range l.Spans {
		c.span("span of control", m.Span, 0)
		if m.Min == nil && m.Max == nil || m.Min != nil && m.Max != nil && *m.Min > *m.Max {
			c.Errorf("%s: level %q has an impossible span", c.file.Path, l.Title)
		}
	}
	c.duties(l.Title, &l.Responsibilities, &l.Requirements, &l.Indicators)
	c.cadences(l.Cadences)
	for _, x := range l.Conditions {
		c.span("condition", x.Text.Span, 0)
	}
	for _, e := range l.Extends {
		c.references("extends", e.Reference)
	}
	c.ladder(&l.Ladder)
}

func (c *checker) duties(of string, lists ...*family.Duties) {
	c.Helper()
	ids := map[string]bool{}
	for _, d := range lists {
		c.texts("prose of "+of, d.Prose)
		for _, s := range d.Sections {
			c.span("section of "+of, s, 0)
		}
		for _, it := range d.Items {
			c.span("item "+it.Text, it.Span, it.Line)
			if it.ID == "" || ids[it.ID] {
				c.Errorf("%s:%d: the id %q of an item is no id of its own", c.file.Path, it.Line, it.ID)
			}
			ids[it.ID] = true
		}
	}
}

func (c *checker) cadences(cs []family.Cadence) {
	c.Helper()
	for _, x := range cs {
		c.span("cadence", x.Span, 0)
		if x.Count < 1 || x.Period == "" || len(x.Any) == 0 {
			c.Errorf("%s: a cadence says too little: %+v", c.file.Path, x)
		}
	}
}

func (c *checker) ladder(l *family.Ladder) {
	c.Helper()
	c.references("ladder", l.Next...)
	c.texts("ladder", l.Prose)
	for _, e := range l.Edges {
		c.span("edge "+e.From, e.Span, 0)
	}
	for _, s := range l.Sections {
		c.span("ladder", s, 0)
	}
}

func (c *checker) specialty(s *family.Specialty) {
	c.Helper()
	c.span("specialty "+s.Title, s.Span, s.Line)
	c.owner(s.Level)
	c.texts("specialty", s.Intro)
	c.texts("specialty", s.Other)
	c.references("specialty reports to", s.ReportsTo...)
	c.duties(s.Title, &s.Responsibilities, &s.Requirements)
}

func (c *checker) process(h *family.Process) {
	c.Helper()
	c.span("process "+h.Title, h.Span, h.Line)
	c.owner(h.Level)
	c.texts("process", h.Prose)
	ids := map[string]bool{}
	for _, s := range h.Steps {
		c.span("step "+s.Text, s.Span, 0)
		if s.Line < h.Line || s.Line > c.file.Lines() {
			c.Errorf("%s:%d: the step stands above its process or below the page", c.file.Path, s.Line)
		}
		c.references("interviewer", s.Interviewers...)
		if s.ID == "" || ids[s.ID] {
			c.Errorf("%s:%d: the id %q of a step is no id of its own", c.file.Path, s.Line, s.ID)
		}
		ids[s.ID] = true
		if s.Kind == "" || s.Count < 1 || s.Mode == "" || s.Minutes != nil && s.Minutes.Min > s.Minutes.Max {
			c.Errorf("%s:%d: the step says too little: %+v", c.file.Path, s.Line, *s)
		}
	}
}
