package delta

import (
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
	if sameSet(a, b, equal) || c.gradesUntouched(o, n) {
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

// gradesUntouched reports whether the edit touched none of the sentences that
// state the grades of a level, but for their spelling.
func (c *comparison) gradesUntouched(o, n *family.Level) bool {
	for _, g := range o.Grades {
		if p := c.old.in(g.Span); p == nil || !p.stayedPut() {
			return false
		}
	}
	for _, g := range n.Grades {
		if p := c.new.in(g.Span); p == nil || !p.stayedPut() {
			return false
		}
	}
	return true
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
	if c.sameWords(o.Reporting.Text, n.Reporting.Text) || c.old.reportingStays(o) && c.new.reportingStays(n) {
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
	var po, pn *piece
	if len(o.ReportsTo) > 0 {
		po = c.old.in(o.Reporting.Span)
		ch.LineOld = c.old.line(o.Reporting.Span.Start, nil)
	}
	if len(n.ReportsTo) > 0 {
		pn = c.new.in(n.Reporting.Span)
		ch.LineNew = c.new.line(n.Reporting.Span.Start, nil)
	}
	c.settle(po, o.Reporting.Text, pn, n.Reporting.Text, ch)
	c.tell(ch)
}

// settle marks the pieces in which a told fact is stated, so that they are not
// listed as text too: where they differ by nothing else, or hold nothing else.
func (c *comparison) settle(po *piece, sentenceOld string, pn *piece, sentenceNew string, ch Change) {
	if po != nil && pn != nil && c.titles.DifferBy(po.wording(), pn.wording(), ch.Old, ch.New) {
		c.pair(po, pn)
		c.markTold(po, pn)
		return
	}
	for _, s := range []struct {
		*piece
		text string
	}{{po, sentenceOld}, {pn, sentenceNew}} {
		if s.piece != nil && len(strings.TrimSpace(strings.Replace(s.piece.text, s.text, "", 1))) <= 1 {
			s.told = true
		}
	}
}

// sameWords reports whether two stated sentences differ in nothing that tells,
// so that what they state cannot differ either.
func (c *comparison) sameWords(a, b string) bool {
	return a != "" && b != "" && c.titles.Judge(wording.New(a), wording.New(b), true) < wording.Meaning
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
	if a == nil && b == nil || a != nil && b != nil && c.sameSpan(a, b) || c.old.spanStays(a) && c.new.spanStays(b) {
		return
	}
	ch := Change{Kind: SpanChanged, Level: n.Title, Old: spanText(a), New: spanText(b)}
	var po, pn *piece
	if a != nil {
		po, ch.LineOld = c.old.in(a.Span), c.old.line(a.Span.Start, nil)
	}
	if b != nil {
		pn, ch.LineNew = c.new.in(b.Span), c.new.line(b.Span.Start, nil)
	}
	c.settle(po, listedText(po), pn, listedText(pn), ch)
	c.tell(ch)
}

// listedText returns the text of an item, which says nothing but its span of
// control.
func listedText(p *piece) string {
	if p == nil || !p.listed {
		return ""
	}
	return p.text
}

// reportingStays reports whether the edit left the reporting line of a level
// alone, or there is none.
func (s *side) reportingStays(l *family.Level) bool {
	if s.untouchedAt(l.ReportsTo) {
		return true
	}
	p := s.in(l.Reporting.Span)
	return p != nil && p.same != nil
}

// spanStays reports whether the edit left the sentence of a span alone, or
// there is none.
func (s *side) spanStays(m *family.Manages) bool {
	if m == nil {
		return true
	}
	p := s.in(m.Span)
	return p != nil && p.same != nil
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
