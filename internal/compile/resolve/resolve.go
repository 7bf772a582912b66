// Package resolve gives an outline its meaning: it finds the levels of a page,
// says whose each section is, and types what the sections state.
//
// Sections are found by meaning, not by depth: real pages nest them in at
// least four ways and get depths wrong. A heading's words say its kind and
// whose it is (classify), the layout decides what the words leave open
// (levels, layout), and then each kind of section has a reader of its own:
// grades, reporting lines, spans of control, duties, ladders, indicators,
// specialties and hiring processes. Names that mean the same role are brought
// together last, with the reason (names).
//
// What cannot be typed stays in the model as text. Nothing is guessed: a level
// whose page states no grade has none.
package resolve

import (
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// Family returns the model of a page. It never fails; a page that says nothing
// gives an empty family.
func Family(o *syntax.Outline, s Settings) *family.Family {
	r := &resolver{Settings: s.folded(), outline: o, family: &family.Family{Path: o.File.Path}}
	r.front()
	r.cut()
	r.findLevels()
	r.makeLevels()
	r.owners()
	r.wholePage()
	r.read()
	r.names()
	r.sections()
	for _, l := range r.levels {
		r.family.Levels = append(r.family.Levels, l.Level)
	}
	return r.family
}

// IsFamily reports whether a page is a job family: it defines a level, or
// says so in its front matter.
func IsFamily(o *syntax.Outline, f *family.Family) bool {
	if l := o.FrontMatter.Field("layout"); l != nil && l.Value == "job_family_page" {
		return true
	}
	return len(f.Levels) > 0 || len(f.Hiring) > 0
}

// A resolver holds the page that is being read.
type resolver struct {
	Settings
	outline *syntax.Outline
	family  *family.Family
	parts   []*part
	levels  []*levelState
	entries []entry         // sections of kinds that levels may share
	said    []family.Text   // by all sections; see texts
	answers map[name]answer // which levels names mean
	whole   bool            // the page itself is the one role
}

// front takes title and description from the front matter, links and anchors
// from the outline.
func (r *resolver) front() {
	f, fm := r.family, &r.outline.FrontMatter
	for _, fd := range fm.Fields {
		f.FrontMatter = append(f.FrontMatter, family.Field{Key: fd.Key, Value: fd.Value, Span: fd.Span})
	}
	if t := fm.Field("title"); t != nil {
		f.Title, f.TitleSpan = syntax.Fold(t.Value), t.ValueSpan
	}
	if d := fm.Field("description"); d != nil {
		f.Description = syntax.Fold(d.Value)
	}
	for _, h := range r.outline.Headings {
		if f.Title == "" && h.Depth > 0 && h.Text != "" {
			f.Title, f.TitleSpan = h.Text, h.Span
		}
	}
	f.Links = make([]family.Link, len(r.outline.Links))
	for i, l := range r.outline.Links {
		f.Links[i] = family.Link{Text: l.Text, Target: l.Target, Span: l.Span, TargetSpan: l.TargetSpan, Line: l.Line, Dynamic: l.Dynamic}
	}
	f.Anchors = make([]family.Anchor, len(r.outline.Anchors))
	for i, a := range r.outline.Anchors {
		f.Anchors[i] = family.Anchor{Name: a.Name, Span: a.Span, Line: a.Line, Explicit: a.Explicit}
	}
}

// wholePage makes the page itself a level: where no heading is one and the
// page has duties, or where a base role above the levels has a grade or a
// reporting line of its own.
func (r *resolver) wholePage() {
	role := false
	var top *part // first unowned core section with a grade
	for _, p := range r.parts {
		if p.owner != nil || p.spec != nil {
			continue
		}
		switch p.kind {
		case family.ResponsibleKind, family.RequirementsKind, family.BothKind:
			role = true
		case family.GradeKind:
			if top == nil {
				top = p
			}
			role = true
		case family.Unknown, family.OverviewKind, family.GroupKind:
			if len(r.levels) == 0 && r.statesReporting(p) {
				role = true
			}
		}
	}
	switch {
	case len(r.levels) == 0 && role:
		l := r.pageLevel()
		r.whole = true
		for _, p := range r.parts {
			if p.spec != nil || p.owner != nil {
				continue
			}
			switch p.kind {
			case family.HiringKind, family.LadderKind, family.IndicatorsKind, family.ActivitiesKind, family.SpecialtiesKind, family.SegmentsKind, family.ReferencesKind:
			default:
				p.owner = l
			}
		}
	case len(r.levels) > 0:
		r.baseRole(top)
	}
}

// pageLevel adds the level that the page itself is, before all others.
func (r *resolver) pageLevel() *family.Level {
	l := &family.Level{Title: r.family.Title, Line: 1, Span: r.family.TitleSpan, ReportsToMode: family.Any}
	r.levels = append([]*levelState{{Level: l, key: roleKey(l.Title), part: r.parts[0]}}, r.levels...)
	return l
}

// baseRole adds the page's own role above its levels, if the text before them
// gives it a grade or a reporting line.
func (r *resolver) baseRole(grade *part) {
	first := r.levels[0].part
	var own []*part
	for _, p := range r.parts {
		if p == first || p.isLevel {
			break
		}
		switch p.kind {
		case family.Unknown, family.OverviewKind, family.GroupKind, family.GradeKind, family.LevelsKind:
			if p.owner == nil && p.spec == nil {
				own = append(own, p)
			}
		}
	}
	reporting, graded := false, false
	for _, p := range own {
		reporting = reporting || p.kind != family.LevelsKind && r.statesReporting(p)
		graded = graded || p == grade && len(r.gradesOf(p)) > 0
	}
	if graded && r.deal(grade) {
		graded = false
		own = without(own, grade)
	}
	if !reporting && !graded {
		return
	}
	l := r.pageLevel()
	for _, p := range own {
		if p.kind != family.LevelsKind {
			p.owner = l
		}
	}
}

func without(ps []*part, gone *part) []*part {
	var out []*part
	for _, p := range ps {
		if p != gone {
			out = append(out, p)
		}
	}
	return out
}

// deal hands the grades of one section for all levels out in order, if there
// are as many as levels without one.
func (r *resolver) deal(p *part) bool {
	if r.dealBySubject(p) {
		return true
	}
	grades := r.gradesOf(p)
	var open []*levelState
	for _, l := range r.levels {
		if !l.has[family.GradeKind] {
			open = append(open, l)
		}
	}
	if len(open) == 0 || len(open) != len(r.levels) {
		return false
	}
	if len(grades) == len(open) && len(grades) > 1 {
		for i, l := range open {
			l.Grades = grades[i : i+1]
			l.own(family.GradeKind)
		}
		return true
	}
	return false
}

// dealBySubject gives each level the grade whose sentence names it, if at
// least two do: "The Senior Planner is a grade 7. The Staff Planner is a grade
// 8".
func (r *resolver) dealBySubject(p *part) bool {
	dealt := map[*levelState][]family.Grade{}
	take := func(b *syntax.Block) {
		for _, s := range r.passage(b).sentences() {
			grades := r.grades(s, true)
			if len(grades) == 0 || grades[0].Subject == "" {
				continue
			}
			if l := r.matchLevel(grades[0].Subject); l != nil && len(l.Grades) == 0 && !l.has[family.GradeKind] && dealt[l] == nil {
				dealt[l] = grades
			}
		}
	}
	p.prose(take)
	p.items(func(b *syntax.Block, _ int, _ string) { take(b) })
	if len(dealt) < 2 {
		return false
	}
	for l, grades := range dealt {
		l.Grades = grades
		l.own(family.GradeKind)
	}
	return true
}

// read runs the readers over all parts.
func (r *resolver) read() {
	r.readOverview()
	r.readGrades()
	r.readReporting()
	r.readDuties()
	r.readSpans()
	r.readIndicators()
	r.readLadders()
	r.readSpecialties()
	r.readHiring()
}

// readOverview keeps the paragraphs above the first section, and those below
// the heading of each level.
func (r *resolver) readOverview() {
	for _, p := range r.parts {
		switch {
		case p.owner != nil && p.isLevel:
			p.prose(func(b *syntax.Block) { p.owner.Intro = append(p.owner.Intro, text(b)) })
		case p.depth == 0, p.kind == family.OverviewKind && len(r.family.Overview) == 0:
			p.prose(func(b *syntax.Block) { r.family.Overview = append(r.family.Overview, text(b)) })
		}
	}
}

// text is a block as the model keeps it.
func text(b *syntax.Block) family.Text {
	return family.Text{Text: stop(b.Text), Span: b.Span}
}

// sections lists every part as a section of the model, typed or not.
func (r *resolver) sections() {
	all := make([]family.Section, len(r.parts))
	count := 0
	for _, p := range r.parts {
		walk(p.blocks, func(b *syntax.Block) bool {
			if isText(b) {
				count++
			}
			return true
		})
	}
	r.said = make([]family.Text, 0, count)
	r.family.Sections = make([]*family.Section, len(r.parts))
	for i, p := range r.parts {
		s := &all[i]
		*s = family.Section{
			Kind: p.kind, Title: p.title, Slug: p.slug, Depth: p.depth, Line: p.line, Span: p.span,
			Parent: p.parent, Prefix: p.prefix, Pseudo: p.pseudo,
		}
		switch {
		case p.isLevel:
			s.Kind = family.LevelKind
		case p.spec != nil && p.spec.Span == p.span:
			s.Kind = family.SpecialtyKind
		}
		if p.owner != nil {
			s.Level = p.owner.Title
		}
		s.Body = source.Span{Start: p.span.End, End: p.span.End}
		for _, b := range p.blocks {
			s.Body = s.Body.Join(b.Span)
		}
		r.texts(s, p)
		r.family.Sections[i] = s
	}
}

// texts fills the paragraphs, items, cells and literal blocks of a section.
func (r *resolver) texts(s *family.Section, p *part) {
	// The texts of all sections lie in one slice; each section has its own
	// stretch, which an append to it would leave.
	from := len(r.said)
	walk(p.blocks, func(b *syntax.Block) bool {
		switch {
		case isText(b):
			r.said = append(r.said, text(b))
		case b.Kind == syntax.Item:
			s.Items++
		}
		return true
	})
	if end := len(r.said); end > from {
		s.Text = r.said[from:end:end]
	}
}

// isText reports whether a block says something itself.
func isText(b *syntax.Block) bool {
	switch b.Kind {
	case syntax.Paragraph, syntax.Cell, syntax.Code, syntax.HTML, syntax.Directive, syntax.Definition:
		return b.Text != ""
	}
	return false
}
