package delta

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// compareFacts compares what levels state in single sentences, and the
// ladders of levels and family.
func (c *comparison) compareFacts() {
	for _, l := range c.levels {
		c.compareGrades(l.old, l.new)
		c.compareReporting(l.old, l.new)
		c.compareSpan(l.old, l.new)
		c.compareLadder(l.new.Title, &l.old.Ladder, &l.new.Ladder)
		c.compareExtends(l.old, l.new)
		c.compareConditions(l.old, l.new)
	}
	c.compareLadder("", &c.old.Ladder, &c.new.Ladder)
}

func (c *comparison) compareGrades(o, n *family.Level) {
	a, b := gradeValues(o), gradeValues(n)
	if sameSet(a, b, equal) {
		return
	}
	ch := Change{Kind: GradeChanged, Level: n.Title, Old: join(a), New: join(b)}
	if len(o.Grades) > 0 {
		ch.LineOld = c.old.mention(o.Grades[0].Span)
	}
	if len(n.Grades) > 0 {
		ch.LineNew = c.new.mention(n.Grades[0].Span)
	}
	c.tell(ch)
}

func gradeValues(l *family.Level) []string {
	out := make([]string, len(l.Grades))
	for i, g := range l.Grades {
		out[i] = g.Value
	}
	return out
}

// mention marks the piece at span as told and returns its line.
func (s *side) mention(span source.Span) int {
	p := s.in(span)
	if p == nil {
		return s.line(span.Start, nil)
	}
	p.told = true
	return s.line(span.Start, p.section)
}

func (c *comparison) compareReporting(o, n *family.Level) {
	a, b := roleTitles(o.ReportsTo), roleTitles(n.ReportsTo)
	if c.sameWords(o.Reporting.Text, n.Reporting.Text) {
		return
	}
	same := sameSet(a, b, c.sameTitle)
	if same && (len(a) < 2 || o.ReportsToMode == n.ReportsToMode) {
		return
	}
	if same { // any of them became all of them, or the reverse
		a, b = append(a, string(o.ReportsToMode)), append(b, string(n.ReportsToMode))
	}
	ch := Change{Kind: ReportsTo, Level: n.Title, Old: join(a), New: join(b)}
	if len(o.ReportsTo) > 0 {
		ch.LineOld = c.old.mentionSentence(o.Reporting)
	}
	if len(n.ReportsTo) > 0 {
		ch.LineNew = c.new.mentionSentence(n.Reporting)
	}
	c.tell(ch)
}

// sameWords reports whether two stated sentences differ in nothing that tells,
// so that what they state cannot differ either.
func (c *comparison) sameWords(a, b string) bool {
	return a != "" && b != "" && c.titles.Judge(wording.New(a), wording.New(b), true) < wording.Meaning
}

// mentionSentence returns the line of a sentence and marks the piece that it
// stands in as told, if it is all of it.
func (s *side) mentionSentence(t family.Text) int {
	p := s.in(t.Span)
	if p == nil {
		return s.line(t.Span.Start, nil)
	}
	if rest := strings.Replace(p.text, t.Text, "", 1); len(strings.TrimSpace(rest)) <= 1 {
		p.told = true
	}
	return s.line(t.Span.Start, p.section)
}

// mentionSpan does the same for a span of control, which is all of an item.
func (s *side) mentionSpan(m *family.Manages) int {
	p := s.in(m.Span)
	if p != nil && p.listed {
		p.told = true
	}
	return s.line(m.Span.Start, nil)
}

func roleTitles(refs []family.Reference) []string {
	out := make([]string, len(refs))
	for i := range refs {
		out[i] = refs[i].Title
	}
	return out
}

// sameSet reports whether each value of a list has an equal in the other one.
func sameSet(a, b []string, same func(a, b string) bool) bool {
	within := func(a, b []string) bool {
		for _, x := range a {
			found := false
			for _, y := range b {
				found = found || same(x, y)
			}
			if !found {
				return false
			}
		}
		return true
	}
	return within(a, b) && within(b, a)
}

func (c *comparison) compareSpan(o, n *family.Level) {
	a, b := o.Manages, n.Manages
	if a == nil && b == nil || a != nil && b != nil && c.sameSpan(a, b) {
		return
	}
	ch := Change{Kind: SpanChanged, Level: n.Title, Old: spanText(a), New: spanText(b)}
	if a != nil {
		ch.LineOld = c.old.mentionSpan(a)
	}
	if b != nil {
		ch.LineNew = c.new.mentionSpan(b)
	}
	c.tell(ch)
}

func (c *comparison) sameSpan(a, b *family.Manages) bool {
	return sameNumber(a.Min, b.Min) && sameNumber(a.Max, b.Max) && a.Scope == b.Scope && a.Modality == b.Modality &&
		(len(a.Of) == 0 || len(b.Of) == 0 || sameSet(a.Of, b.Of, c.sameTitle))
}

func sameNumber(a, b *int) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// spanText writes a span of control as people do: "2–4 Planners, direct".
func spanText(m *family.Manages) string {
	if m == nil {
		return ""
	}
	number := ""
	switch {
	case m.Min != nil && m.Max != nil && *m.Min != *m.Max:
		number = strconv.Itoa(*m.Min) + "–" + strconv.Itoa(*m.Max)
	case m.Min != nil:
		number = strconv.Itoa(*m.Min)
	case m.Max != nil:
		number = strconv.Itoa(*m.Max)
	}
	switch m.Modality {
	case family.AtLeast:
		number = "at least " + number
	case family.AtMost:
		number = "at most " + number
	}
	words := []string{number}
	if len(m.Of) > 0 {
		words = append(words, strings.Join(m.Of, ", "))
	}
	return strings.TrimSpace(strings.Join(words, " ")) + ", " + string(m.Scope)
}

func (c *comparison) compareLadder(level string, o, n *family.Ladder) {
	a, b := rungs(o), rungs(n)
	if sameSet(a, b, c.sameTitle) || c.stayed(o.Next, n.Next) && sameEdges(o.Edges, n.Edges) {
		return
	}
	ch := Change{Kind: LadderChanged, Level: level, Old: join(a), New: join(b)}
	ch.LineOld, ch.LineNew = c.old.mentionLadder(o), c.new.mentionLadder(n)
	c.tell(ch)
}

func sameEdges(a, b []family.Edge) bool {
	return slices.EqualFunc(a, b, func(x, y family.Edge) bool { return x.From == y.From && x.To == y.To })
}

// rungs returns where a ladder leads; the edges of a diagram count where no
// next step is written.
func rungs(l *family.Ladder) []string {
	out := roleTitles(l.Next)
	if len(out) == 0 {
		for _, e := range l.Edges {
			out = append(out, e.From+" → "+e.To)
		}
	}
	return out
}

// mentionLadder marks the texts that state a ladder as told and returns their
// line; 0 if there are none.
func (s *side) mentionLadder(l *family.Ladder) int {
	line := 0
	at := func(span source.Span) {
		if n := s.mention(span); line == 0 {
			line = n
		}
	}
	for _, r := range l.Next {
		at(r.Span)
	}
	if line == 0 && len(l.Edges) > 0 {
		at(l.Edges[0].Span)
	}
	return line
}

func (c *comparison) compareExtends(o, n *family.Level) {
	a, b := extended(o), extended(n)
	if sameSet(a, b, c.sameTitle) || c.stayed(references(o), references(n)) {
		return
	}
	ch := Change{Kind: ExtendsChanged, Level: n.Title, Old: join(a), New: join(b)}
	ch.LineOld, ch.LineNew = c.old.mentionExtends(o), c.new.mentionExtends(n)
	c.tell(ch)
}

// extended returns the roles that a level extends, each once.
func extended(l *family.Level) []string {
	var out []string
	seen := map[string]bool{}
	for _, e := range l.Extends {
		if !seen[e.Title] {
			seen[e.Title] = true
			out = append(out, e.Title)
		}
	}
	return out
}

func references(l *family.Level) []family.Reference {
	out := make([]family.Reference, len(l.Extends))
	for i := range l.Extends {
		out[i] = l.Extends[i].Reference
	}
	return out
}

// stayed reports whether every text in which roles are referred to stands on
// the other side too, under the same level; then what it states has not
// changed, whatever else on the page did.
func (c *comparison) stayed(o, n []family.Reference) bool {
	for _, r := range o {
		p := c.old.in(r.Span)
		if p == nil {
			return false
		}
		if level, ok := c.newLevel(p.level); !ok || !c.new.has(p.plain(), level) {
			return false
		}
	}
	for _, r := range n {
		p := c.new.in(r.Span)
		if p == nil {
			return false
		}
		if level, ok := c.oldLevel(p.level); !ok || !c.old.has(p.plain(), level) {
			return false
		}
	}
	return true
}

// has reports whether a text stands in a part of the level.
func (s *side) has(text, level string) bool {
	for _, p := range s.pieces {
		if p.level == level && p.plain() == text {
			return true
		}
	}
	return false
}

func (s *side) mentionExtends(l *family.Level) int {
	line := 0
	for _, e := range l.Extends {
		if n := s.mention(e.Span); line == 0 {
			line = n
		}
	}
	return line
}

// compareConditions compares the rules about duties that depend on the person.
func (c *comparison) compareConditions(o, n *family.Level) {
	for i := range max(len(o.Conditions), len(n.Conditions)) {
		ch := Change{Kind: ResponsibilityChanged, Level: n.Title}
		var a, b family.Condition
		if i < len(o.Conditions) {
			a = o.Conditions[i]
		}
		if i < len(n.Conditions) {
			b = n.Conditions[i]
		}
		if a.FewerThan == b.FewerThan && a.FirstTime == b.FirstTime && a.KeepsICDuty == b.KeepsICDuty {
			continue
		}
		if a.Text.Text != "" {
			ch.Old, ch.LineOld = a.Text.Text, c.old.mention(a.Text.Span)
		}
		if b.Text.Text != "" {
			ch.New, ch.LineNew = b.Text.Text, c.new.mention(b.Text.Span)
		}
		c.tell(ch)
	}
}
