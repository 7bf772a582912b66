package delta

import (
	"slices"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

func (c *comparison) compareLadder(level string, o, n *family.Ladder) {
	if level == "" {
		o, n = c.old.openLadder(o), c.new.openLadder(n)
	}
	a, b := rungs(o), rungs(n)
	if sameSet(a, b, c.sameTitle) || c.stayed(o.Next, n.Next) && c.edgesStayed(o, n) {
		return
	}
	ch := Change{Kind: LadderChanged, Level: level, Old: join(a), New: join(b)}
	ch.LineOld, ch.LineNew = c.old.mentionLadder(o), c.new.mentionLadder(n)
	c.tell(ch)
}

// openLadder returns a ladder without the steps that came or went with a level
// below whose heading they stand.
func (s *side) openLadder(l *family.Ladder) *family.Ladder {
	if len(s.whole) == 0 {
		return l
	}
	out := *l
	out.Next = slices.DeleteFunc(slices.Clone(l.Next), func(r family.Reference) bool { return s.wentWhole(r.Span.Start) })
	out.Edges = slices.DeleteFunc(slices.Clone(l.Edges), func(e family.Edge) bool { return s.wentWhole(e.Span.Start) })
	return &out
}

// edgesStayed reports whether a diagram is the same, or was not touched.
func (c *comparison) edgesStayed(o, n *family.Ladder) bool {
	if slices.EqualFunc(o.Edges, n.Edges, func(x, y family.Edge) bool { return x.From == y.From && x.To == y.To }) {
		return true
	}
	for _, e := range o.Edges {
		if p := c.old.in(e.Span); p == nil || p.same == nil {
			return false
		}
	}
	for _, e := range n.Edges {
		if p := c.new.in(e.Span); p == nil || p.same == nil {
			return false
		}
	}
	return true
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
	if c.old.untouchedAt(o) && c.new.untouchedAt(n) {
		return true
	}
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
