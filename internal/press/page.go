package press

import (
	"slices"

	"github.com/cadre-hq/cadre/internal/family"
)

// page brings a family into the contract's form.
func page(f *family.Family, find family.Finder) Page {
	p := Page{
		Path: f.Path, Title: f.Title, Description: f.Description,
		Levels: []Level{}, Specialties: specialties(f.Specialties), Segments: specialties(f.Segments), Hiring: []Process{},
		Sections: make([]Section, 0, len(f.Sections)), Links: make([]Link, 0, len(f.Links)),
		Family: FamilyWide{
			Responsibilities: f.Responsibilities.Count(), Requirements: f.Requirements.Count(), Indicators: f.Indicators.Count(),
			Ladder: titles(f.Ladder.Next),
			Details: WideDetails{
				Overview: texts(f.Overview), Responsibilities: items(f.Responsibilities.Items), Requirements: items(f.Requirements.Items),
				Indicators: items(f.Indicators.Items), Cadences: cadences(f.Cadences), Ladder: references(f.Ladder.Next),
			},
		},
	}
	if len(p.Segments) == 0 {
		p.Segments = nil
	}
	for _, e := range f.Ladder.Edges {
		p.Family.Details.Edges = append(p.Family.Details.Edges, Edge{e.From, e.To})
	}
	for _, l := range f.Levels {
		p.Levels = append(p.Levels, level(f, l, find))
	}
	for _, h := range f.Hiring {
		p.Hiring = append(p.Hiring, process(h))
	}
	for _, s := range f.Sections {
		p.Sections = append(p.Sections, Section{
			Kind: string(s.Kind), Title: s.Title, Slug: s.Slug, Depth: s.Depth, Line: s.Line, Level: s.Level, Items: s.Items,
			Text: texts(s.Text), Span: s.Span, Body: s.Body,
		})
	}
	for _, l := range f.Links {
		p.Links = append(p.Links, Link{l.Text, l.Target, l.Line})
	}
	return p
}

func level(f *family.Family, l *family.Level, find family.Finder) Level {
	out := Level{
		Title: l.Title, Line: l.Line, Span: l.Span, Slug: l.Slug, Grades: grades(l), Unaligned: l.Unaligned,
		ReportsTo: titles(l.ReportsTo), ReportsToMode: string(l.ReportsToMode), Track: string(l.Track),
		Responsibilities: l.Responsibilities.Count(), Requirements: l.Requirements.Count(), Indicators: l.Indicators.Count(),
		Extends: extended(l), Ladder: titles(l.Ladder.Next),
		Details: LevelDetails{
			ReportsTo: references(l.ReportsTo), Intro: texts(l.Intro),
			Responsibilities: items(l.Responsibilities.Items), Requirements: items(l.Requirements.Items), Indicators: items(l.Indicators.Items),
			Prose:        texts(append(append(l.Responsibilities.Prose[:len(l.Responsibilities.Prose):len(l.Responsibilities.Prose)], l.Requirements.Prose...), l.Indicators.Prose...)),
			Effective:    effective(f, l, family.ResponsibilitiesOf, find),
			EffectiveReq: effective(f, l, family.RequirementsOf, find),
			Cadences:     cadences(l.Cadences), Ladder: references(l.Ladder.Next),
		},
	}
	if l.Reporting.Text != "" {
		out.Details.Reporting = &Text{l.Reporting.Text, l.Reporting.Span}
	}
	for _, g := range l.Grades {
		out.Details.Grades = append(out.Details.Grades, Grade{g.Value, g.Subject, g.Span})
	}
	if l.Manages != nil {
		m := manages(l.Manages)
		out.Manages = &m
	}
	for _, m := range l.Spans {
		out.Details.Spans = append(out.Details.Spans, manages(m))
	}
	for _, e := range l.Extends {
		out.Details.Extends = append(out.Details.Extends, reference(e.Reference))
	}
	for _, c := range l.Conditions {
		out.Details.Conditions = append(out.Details.Conditions, Condition{Text{c.Text.Text, c.Text.Span}, c.FewerThan, c.FirstTime, c.KeepsICDuty})
	}
	return out
}

func effective(f *family.Family, l *family.Level, what family.What, find family.Finder) []Duty {
	var out []Duty
	for _, d := range f.Effective(l, what, find) {
		from := ""
		if d.From != nil {
			from = d.From.Title
		}
		path := ""
		if d.Family != f {
			path = d.Family.Path
		}
		out = append(out, Duty{Item: item(d.Item), From: from, Path: path})
	}
	return out
}

// grades are the values of a level's grades.
func grades(l *family.Level) []string {
	out := make([]string, 0, len(l.Grades))
	for _, g := range l.Grades {
		out = append(out, g.Value)
	}
	return out
}

// extended are the titles that a level extends, each once.
func extended(l *family.Level) []string {
	out := make([]string, 0, len(l.Extends))
	for _, e := range l.Extends {
		if !slices.Contains(out, e.Title) {
			out = append(out, e.Title)
		}
	}
	return out
}

func manages(m *family.Manages) Manages {
	of := m.Of
	if of == nil {
		of = []string{}
	}
	return Manages{m.Min, m.Max, of, string(m.Scope), string(m.Modality), m.Span}
}

func titles(refs []family.Reference) []string {
	out := make([]string, 0, len(refs))
	for _, r := range refs {
		out = append(out, r.Title)
	}
	return out
}

func reference(r family.Reference) Reference {
	return Reference{r.Title, r.Target, r.Level, r.Why, r.Span}
}

func references(refs []family.Reference) []Reference {
	var out []Reference
	for _, r := range refs {
		out = append(out, reference(r))
	}
	return out
}

func texts(ts []family.Text) []Text {
	var out []Text
	for _, t := range ts {
		out = append(out, Text{t.Text, t.Span})
	}
	return out
}

func item(it *family.Item) Item {
	return Item{it.ID, it.Text, it.Line, it.Depth, it.Group, it.Individual, it.Span}
}

func items(list []*family.Item) []Item {
	var out []Item
	for _, it := range list {
		out = append(out, item(it))
	}
	return out
}

func cadences(cs []family.Cadence) []Cadence {
	var out []Cadence
	for _, c := range cs {
		out = append(out, Cadence{c.Count, c.Period, texts(c.Any), c.Span})
	}
	return out
}

func specialties(list []*family.Specialty) []Specialty {
	out := make([]Specialty, 0, len(list))
	for _, s := range list {
		e := Specialty{
			Title: s.Title, Line: s.Line, Requirements: s.Requirements.Count(), Responsibilities: s.Responsibilities.Count(),
			ReportsTo: references(s.ReportsTo), Intro: texts(s.Intro), Span: s.Span, Level: optional(s.Level), Parent: optional(s.Parent),
			Details: SpecialtyDetails{Responsibilities: items(s.Responsibilities.Items), Requirements: items(s.Requirements.Items)},
		}
		for _, l := range s.Scope {
			e.Scope = append(e.Scope, Link{l.Text, l.Target, l.Line})
		}
		out = append(out, e)
	}
	return out
}

// optional is nil for an empty text.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func process(h *family.Process) Process {
	out := Process{Scope: "family", Level: optional(h.Level), Line: h.Line, Title: h.Title, Steps: []Step{}, Prose: texts(h.Prose)}
	if h.Level != "" {
		out.Scope = "level"
	}
	for _, s := range h.Steps {
		e := Step{
			ID: s.ID, Line: s.Line, Kind: string(s.Kind), Interviewers: titles(s.Interviewers), Mode: string(s.Mode), Panel: s.Panel,
			Optional: s.Optional, Count: s.Count, Group: s.Group, Ordinal: s.Ordinal, Text: s.Text, People: references(s.Interviewers), Span: s.Span,
		}
		if s.Minutes != nil {
			e.Minutes = &[2]int{s.Minutes.Min, s.Minutes.Max}
		}
		out.Steps = append(out.Steps, e)
	}
	return out
}
