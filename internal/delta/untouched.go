package delta

import (
	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
)

// Much of an edit's surroundings can get another meaning without having been
// touched: a heading's depth changes, and a section counts as somebody else's;
// a typo hides a grade from the reader. People are not affected by that. So
// before models are compared, the pieces of both states are aligned as a line
// diff would: a piece that the edit did not touch, but for its spelling, knows
// its partner.

// alignPieces gives each untouched piece its partner.
func (c *comparison) alignPieces() {
	a, b := c.old.pieces, c.new.pieces
	for len(a) > 0 && len(b) > 0 && sameLine(a[0], b[0]) {
		link(a[0], b[0])
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && sameLine(a[len(a)-1], b[len(b)-1]) {
		link(a[len(a)-1], b[len(b)-1])
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > maxAligned {
		return
	}
	for _, p := range wording.Common(len(a), len(b), func(i, j int) bool { return sameLine(a[i], b[j]) }) {
		link(a[p.Old], b[p.New])
	}
}

// alignRespelt gives a partner to the pieces that only were spelt in another way:
// between two untouched ones, in their order.
func (c *comparison) alignRespelt() {
	newAt := map[*piece]int{}
	for j, p := range c.new.pieces {
		newAt[p] = j
	}
	i, j := 0, 0
	for k := 0; k <= len(c.old.pieces); k++ {
		end := len(c.new.pieces)
		if k < len(c.old.pieces) {
			if c.old.pieces[k].same == nil {
				continue
			}
			end = newAt[c.old.pieces[k].same]
		}
		if i < k && j < end {
			c.respelt(c.old.pieces[i:k], c.new.pieces[j:end])
		}
		i, j = k+1, end+1
	}
}

// respelt links pieces of a and b, both without partners.
func (c *comparison) respelt(a, b []*piece) {
	if len(a)*len(b) > maxCandidates {
		return
	}
	for _, o := range a {
		for j, n := range b {
			if o.heading == n.heading && likeness(o, n) >= alike && c.respeltText(o.text, n.text) {
				link(o, n)
				b = b[j+1:]
				break
			}
		}
	}
}

// respeltText reports whether two texts say the same; where their links lead does
// not count, for a link can lead where it did under another role's name.
func (c *comparison) respeltText(a, b string) bool {
	return c.spelling.Judge(wording.New(a), wording.New(b), true) < wording.Meaning
}

// maxAligned bounds the alignment table.
const maxAligned = 4 << 20

func sameLine(a, b *piece) bool { return a.heading == b.heading && a.key == b.key }

func link(o, n *piece) { o.same, n.same = n, o }

// stayedPut reports whether neither the piece nor the heading above it was
// touched.
func (p *piece) stayedPut() bool {
	return p.same != nil && (p.head == nil && p.same.head == nil || p.head != nil && p.head.same == p.same.head)
}

// untouchedAt reports whether the pieces at all spans were left untouched.
func (s *side) untouchedAt(refs []family.Reference) bool {
	for _, r := range refs {
		if p := s.in(r.Span); p == nil || p.same == nil {
			return false
		}
	}
	return true
}

// onlyReadAnew reports whether a level that has no partner was not touched by
// the edit: its heading, what it states and most of its text stand in the other
// state, where they count as something else, perhaps in another place.
func (s *side) onlyReadAnew(l *family.Level, other *side) bool {
	head := s.at(l.Span.Start)
	if l.Slug != "" {
		relink(head, s.partsOf(head), other)
	}
	if l.Slug != "" && (head == nil || head.same == nil) || !s.factsUntouched(l) {
		return false
	}
	texts := s.levelTexts(l)
	return mostlyUntouched(texts) || len(texts) == 0 && len(l.Grades) > 0
}

// partsOf returns what belongs to the owner of a heading, but for the heading.
func (s *side) partsOf(head *piece) []*piece {
	var out []*piece
	for _, p := range s.pieces {
		if head != nil && p != head && s.sameOwner(p, head) {
			out = append(out, p)
		}
	}
	return out
}

// sameOwner reports whether two pieces belong to one specialty or level.
func (s *side) sameOwner(a, b *piece) bool {
	if a.spec != nil || b.spec != nil {
		return a.spec == b.spec
	}
	return a.level != "" && a.level == b.level
}

// factsUntouched reports whether the sentences that state a level's grade and
// reporting line were left untouched.
func (s *side) factsUntouched(l *family.Level) bool {
	for _, g := range l.Grades {
		if p := s.in(g.Span); p == nil || p.same == nil {
			return false
		}
	}
	return s.untouchedAt(l.ReportsTo)
}

// relink looks on the other side for a heading of the same words with most of the
// texts below it, which the model took for something else since it moved there,
// and makes them partners.
func relink(head *piece, texts []*piece, other *side) {
	if head == nil || head.same != nil || len(texts) == 0 {
		return
	}
	for i, h := range other.pieces {
		if !h.heading || h.key != head.key || h.same != nil {
			continue
		}
		var below []*piece
		for _, p := range other.pieces[i+1:] {
			if p.heading && p.section.Depth <= h.section.Depth {
				break
			}
			below = append(below, p)
		}
		if kept(texts, below) < mostlyKept {
			continue
		}
		link(head, h)
		at := map[string][]*piece{}
		for _, p := range below {
			if p.same == nil {
				at[p.key] = append(at[p.key], p)
			}
		}
		for _, p := range texts {
			if q := at[p.key]; len(q) > 0 && p.same == nil {
				link(p, q[0])
				at[p.key] = q[1:]
			}
		}
		return
	}
}

// mostlyKept is the part of the texts below a heading that must stand below it
// where it moved to.
const mostlyKept = 0.7

func mostlyUntouched(ps []*piece) bool {
	n := 0
	for _, p := range ps {
		if p.same != nil {
			n++
		}
	}
	return n > 0 && 2*n >= len(ps)
}

// compareReadAnew compares what stands below a heading that the edit did not
// touch, but that counts as something else now.
func (c *comparison) compareReadAnew() {
	for _, head := range c.readAnew {
		old, new := c.old.below(head), c.new.below(head.same)
		m := c.match(old, new)
		level := head.same.level
		for _, p := range m.pairs {
			if c.differ(p, false) {
				c.tell(c.changed(ResponsibilityChanged, level, p.old.piece, p.new.piece))
			}
		}
		for _, a := range m.gone {
			if c.isAsk(a, true, c.new, old) {
				c.pending = append(c.pending, pending{ResponsibilityRemoved, level, a.piece, nil})
			}
		}
		for _, a := range m.come {
			if c.isAsk(a, true, c.old, new) {
				c.pending = append(c.pending, pending{ResponsibilityAdded, level, nil, a.piece})
			}
		}
	}
}

// below returns the items of the section that a heading opens, and of the
// sections of the same owner.
func (s *side) below(head *piece) []*ask {
	var out []*ask
	for _, p := range s.pieces {
		if (p.section == head.section || s.sameOwner(p, head)) && p.listed && !p.told && !p.paired {
			out = append(out, &ask{p, false})
		}
	}
	return out
}
