package catalog

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/catalog/draft"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// What is said in this file of a family depends on other pages, or on the
// configuration. It is kept with the release.

// A Duty is a responsibility or requirement that somebody on a level has, with
// where it comes from.
type Duty struct {
	ID         string `json:"id"`
	Text       string `json:"text"`
	Line       int    `json:"line"`
	Depth      int    `json:"depth,omitempty"`
	Group      string `json:"group,omitempty"` // heading within the list
	Individual bool   `json:"individual,omitempty"`
	// Family and Level say which page states it, and of which level; without a
	// level the page states it for all.
	Family FamilyID `json:"family"`
	Level  LevelID  `json:"level,omitempty"`
	From   string   `json:"from,omitempty"` // title of that level
	// Via are the titles of the levels through which it was inherited, the
	// nearest first; empty for the level's own and its family's.
	Via []string `json:"via,omitempty"`
	// Withheld is set for a duty of an individual contributor that the level
	// would inherit, if it did not leave those out.
	Withheld bool `json:"withheld,omitempty"`
}

// LevelDuties are what is asked of one level, inherited and own.
type LevelDuties struct {
	Level            LevelID `json:"level"`
	Responsibilities []Duty  `json:"responsibilities,omitempty"`
	Requirements     []Duty  `json:"requirements,omitempty"`
}

// A Finding is what a careful reviewer said of a page when it was published.
type Finding struct {
	Code        diag.Code `json:"code"`
	Severity    string    `json:"severity"`
	Path        string    `json:"path"`
	Line        int       `json:"line"`
	Column      int       `json:"column"`
	EndLine     int       `json:"end_line"`
	EndColumn   int       `json:"end_column"`
	Message     string    `json:"message"`
	Hint        string    `json:"hint,omitempty"`
	Heading     string    `json:"heading,omitempty"`
	Fingerprint string    `json:"fingerprint"`
	Related     []Related `json:"related,omitempty"`
	Waived      *Waived   `json:"waived,omitempty"`
}

// A Related place explains a finding.
type Related struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// Waived says why a finding does not count.
type Waived struct {
	Reason string     `json:"reason"`
	By     string     `json:"by,omitempty"` // principal; empty if cadre.yaml says so
	Until  *time.Time `json:"until,omitempty"`
}

// Counts reports whether a finding counts, and is as severe as an error.
func (f *Finding) Counts() bool { return f.Waived == nil && f.Severity == diag.Error.String() }

// A StepKind says what a step on a ladder is.
type StepKind string

// The kinds of steps on a ladder.
const (
	Promotion StepKind = "promotion" // up a level within a family
	Transfer  StepKind = "transfer"  // to another family
	Dangling  StepKind = "dangling"  // to a role that no page describes
	Implied   StepKind = "implied"   // to the next level of the page, which no sentence states
)

// A NextStep is a step on a career ladder.
type NextStep struct {
	Kind   StepKind `json:"kind"`
	From   LevelID  `json:"from"` // of the family whose page states it
	Family FamilyID `json:"family,omitempty"`
	Level  LevelID  `json:"level,omitempty"`
	Title  string   `json:"title"` // of the role it leads to, as written
	Target string   `json:"target,omitempty"`
	Line   int      `json:"line,omitempty"`
}

// A familyContext is what a release says of one family.
type familyContext struct {
	findings []Finding
	duties   []LevelDuties
	ladder   []NextStep
}

// names are the ids of the parts of a page.
type names struct {
	family FamilyID
	levels map[*family.Level]LevelID
	parts  map[int]string // items and steps, by where they begin
}

// A contextMaker makes the contexts of all families of a draft.
type contextMaker struct {
	draft   *draft.Draft
	names   map[*family.Family]*names
	files   map[*family.Family]func(offset int) int // line of an offset
	waivers map[string]*Waived                      // by fingerprint
}

// make returns what the release says of a family.
func (m *contextMaker) make(f *family.Family) familyContext {
	c := familyContext{findings: []Finding{}, duties: []LevelDuties{}, ladder: []NextStep{}}
	for _, found := range m.draft.Of(f.Path) {
		c.findings = append(c.findings, m.finding(found))
	}
	for _, l := range f.Levels {
		c.duties = append(c.duties, LevelDuties{
			Level:            m.names[f].levels[l],
			Responsibilities: m.duties(f, l, family.ResponsibilitiesOf),
			Requirements:     m.duties(f, l, family.RequirementsOf),
		})
	}
	c.ladder = append(c.ladder, m.ladder(f)...)
	return c
}

// finding returns a finding of the draft as it is kept.
func (m *contextMaker) finding(f draft.Finding) Finding {
	out := Finding{
		Code: f.Code, Severity: f.Severity.String(), Path: f.Path, Line: f.Start.Line, Column: f.Start.Column,
		EndLine: f.End.Line, EndColumn: f.End.Column, Message: f.Message, Hint: f.Hint, Heading: f.Heading, Fingerprint: f.Fingerprint,
	}
	for _, r := range f.Related {
		out.Related = append(out.Related, Related{r.Path, r.Start.Line, r.Message})
	}
	if w := m.waivers[f.Fingerprint]; w != nil {
		out.Waived = w
	}
	if f.Reason != "" {
		out.Waived = &Waived{Reason: f.Reason}
	}
	return out
}

// duties returns what is asked of a level, inherited and own.
func (m *contextMaker) duties(f *family.Family, l *family.Level, what family.What) []Duty {
	var out []Duty
	for _, d := range f.Effective(l, what, m.draft.Find) {
		out = append(out, m.duty(d.Family, d.From, d.Item, d.Via))
	}
	if what != family.ResponsibilitiesOf {
		return out
	}
	for i := range l.Extends {
		x := &l.Extends[i]
		if !x.NonIC || x.What != "" && x.What != string(what) {
			continue
		}
		g, from := m.draft.Find(f, &x.Reference)
		if from == nil {
			continue
		}
		for _, it := range from.Responsibilities.Items {
			if it.Individual {
				d := m.duty(g, from, it, []string{from.Title})
				d.Withheld = true
				out = append(out, d)
			}
		}
	}
	return out
}

func (m *contextMaker) duty(f *family.Family, l *family.Level, it *family.Item, via []string) Duty {
	n := m.names[f]
	d := Duty{
		ID: it.ID, Text: it.Text, Line: it.Line, Depth: it.Depth, Group: it.Group, Individual: it.Individual, Via: via,
	}
	if n == nil {
		return d // of a page that is no family
	}
	d.Family = n.family
	if id := n.parts[it.Span.Start]; id != "" {
		d.ID = id
	}
	if l != nil {
		d.Level, d.From = n.levels[l], l.Title
	}
	return d
}

// ladder returns the steps that a page states, and between levels of which it
// says nothing those that the order of the page and the grades imply.
func (m *contextMaker) ladder(f *family.Family) []NextStep {
	var out []NextStep
	has := map[*family.Level]bool{}
	add := func(from *family.Level, ref *family.Reference, line int) {
		s := NextStep{Kind: Dangling, From: m.names[f].levels[from], Title: ref.Title, Target: ref.Target, Line: line}
		if g, to := m.next(f, ref); to != nil && m.names[g] != nil && to != from {
			s.Kind, s.Family, s.Level = Transfer, m.names[g].family, m.names[g].levels[to]
			if g == f {
				s.Kind = Promotion
			}
		} else if to == from && to != nil {
			return // a page that names itself
		}
		has[from] = true
		if !slices.ContainsFunc(out, func(o NextStep) bool {
			return o.From == s.From && o.Kind == s.Kind && o.Family == s.Family && o.Level == s.Level && (s.Kind != Dangling || o.Title == s.Title)
		}) {
			out = append(out, s)
		}
	}
	line := m.files[f]
	for _, l := range f.Levels {
		for i := range l.Ladder.Next {
			add(l, &l.Ladder.Next[i], line(l.Ladder.Next[i].Span.Start))
		}
		m.edges(f, l.Ladder.Edges, add)
	}
	m.edges(f, f.Ladder.Edges, add)
	if top := highest(f); top != nil {
		for i := range f.Ladder.Next {
			add(top, &f.Ladder.Next[i], line(f.Ladder.Next[i].Span.Start))
		}
	}
	return append(out, m.implied(f, has)...)
}

// next returns the level that a step leads to. A step that leads to a family as
// a whole leads to its first level.
func (m *contextMaker) next(f *family.Family, ref *family.Reference) (*family.Family, *family.Level) {
	g, l := m.draft.Find(f, ref)
	if l != nil {
		return g, l
	}
	if g == nil || g == f {
		g = nil
		for _, page := range m.draft.Families {
			if strings.EqualFold(page.Family.Title, ref.Title) && page.Family != f {
				g = page.Family
				break
			}
		}
	}
	if g == nil || len(g.Levels) == 0 {
		return nil, nil
	}
	return g, g.Levels[0]
}

// edges adds the steps of a drawn ladder that begin at a level of the page.
func (m *contextMaker) edges(f *family.Family, edges []family.Edge, add func(*family.Level, *family.Reference, int)) {
	for _, e := range edges {
		from := m.titled(f, e.From, e)
		if from == nil {
			continue
		}
		ref := &family.Reference{Title: e.To, Span: e.Span}
		if to := f.Level(e.To); to != nil {
			ref.Level = to.Title
		}
		add(from, ref, m.files[f](e.Span.Start))
	}
}

// titled returns the level of the page that a drawn ladder names.
func (m *contextMaker) titled(f *family.Family, title string, e family.Edge) *family.Level {
	if l := f.Level(title); l != nil {
		return l
	}
	if g, l := m.draft.Find(f, &family.Reference{Title: title, Span: e.Span}); g == f {
		return l
	}
	return nil
}

// implied returns a step from each level without a next one to the level behind
// it on the page, if that has a higher grade.
func (m *contextMaker) implied(f *family.Family, has map[*family.Level]bool) []NextStep {
	var out []NextStep
	for i := range len(f.Levels) - 1 {
		l, next := f.Levels[i], f.Levels[i+1]
		if has[l] || len(l.Grades) == 0 || len(next.Grades) == 0 || policy.CompareGrades(top(l), top(next)) >= 0 {
			continue
		}
		n := m.names[f]
		out = append(out, NextStep{Kind: Implied, From: n.levels[l], Family: n.family, Level: n.levels[next], Title: next.Title, Line: next.Line})
	}
	return out
}

// highest returns the level from which a ladder that the page states for all
// leads on: the one of the highest grade, of equals the last.
func highest(f *family.Family) *family.Level {
	var best *family.Level
	for _, l := range f.Levels {
		if best == nil || policy.CompareGrades(top(l), top(best)) >= 0 {
			best = l
		}
	}
	return best
}

// top returns the highest grade of a level, "" if it has none.
func top(l *family.Level) string {
	best := ""
	for _, g := range l.Grades {
		if best == "" || policy.CompareGrades(g.Value, best) > 0 {
			best = g.Value
		}
	}
	return best
}

// count returns how many findings count, by severity, and how many are waived.
func (c *familyContext) count() (errors, warnings, infos, waived int) {
	for i := range c.findings {
		switch f := &c.findings[i]; {
		case f.Waived != nil:
			waived++
		case f.Severity == diag.Error.String():
			errors++
		case f.Severity == diag.Warning.String():
			warnings++
		default:
			infos++
		}
	}
	return errors, warnings, infos, waived
}

// bySeverity orders findings: the heaviest first, then by their places.
func bySeverity(a, b Finding) int {
	return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code))
}

func weight(f Finding) int {
	switch {
	case f.Waived != nil:
		return -1
	case f.Severity == diag.Error.String():
		return 2
	case f.Severity == diag.Warning.String():
		return 1
	}
	return 0
}
