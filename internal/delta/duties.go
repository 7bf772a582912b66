package delta

import (
	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
)

// A noun is what a list of duties holds, with the kinds of its changes.
type noun struct {
	added, removed, changed Kind
	// strict is set where proper names are themselves what is asked for.
	strict bool
}

var (
	responsibility = noun{ResponsibilityAdded, ResponsibilityRemoved, ResponsibilityChanged, false}
	requirement    = noun{RequirementAdded, RequirementRemoved, RequirementChanged, true}
	indicator      = noun{IndicatorAdded, IndicatorRemoved, IndicatorChanged, true}
)

// compareDuties compares what is expected at each level and of the family as a
// whole.
func (c *comparison) compareDuties() {
	lists := func(level string, o, n [3]*family.Duties) {
		for i, what := range [3]noun{responsibility, requirement, indicator} {
			c.compareList(level, what, o[i], n[i])
		}
	}
	for _, l := range c.levels {
		o, n := l.old, l.new
		lists(n.Title,
			[3]*family.Duties{&o.Responsibilities, &o.Requirements, &o.Indicators},
			[3]*family.Duties{&n.Responsibilities, &n.Requirements, &n.Indicators})
	}
	lists("",
		[3]*family.Duties{&c.old.Responsibilities, &c.old.Requirements, &c.old.Indicators},
		[3]*family.Duties{&c.new.Responsibilities, &c.new.Requirements, &c.new.Indicators})
}

// compareList compares one list of two states.
func (c *comparison) compareList(level string, what noun, o, n *family.Duties) {
	old, new := c.old.asks(o), c.new.asks(n)
	listed := len(o.Items) > 0 || len(n.Items) > 0
	m := c.match(old, new)
	for _, p := range m.pairs {
		if c.differ(p, what.strict) && !(p.old.prose && p.new.prose && listed) {
			c.tell(c.changed(what.changed, level, p.old.piece, p.new.piece))
		}
	}
	for _, a := range m.gone {
		if c.isAsk(a, listed, c.new, old) {
			c.pending = append(c.pending, pending{what.removed, level, a.piece, nil})
		}
	}
	for _, a := range m.come {
		if c.isAsk(a, listed, c.old, new) {
			c.pending = append(c.pending, pending{what.added, level, nil, a.piece})
		}
	}
}

// A pending change is an item that came or went, to be told unless it turns out
// that the edit did not touch it.
type pending struct {
	kind     Kind
	level    string
	old, new *piece
}

// tellPending tells of the items that came or went, but for those that stand
// untouched below an untouched heading: they were only read as another list.
func (c *comparison) tellPending() {
	for _, p := range c.pending {
		at := p.old
		if at == nil {
			at = p.new
		}
		switch {
		case at.paired || at.told:
		case at.stayedPut() && !at.same.paired && !at.same.told:
			if p.old != nil {
				c.pair(at, at.same)
			} else {
				c.pair(at.same, at)
			}
		default:
			c.tell(c.changed(p.kind, p.level, p.old, p.new))
		}
	}
}

// differ reports whether the meaning of two paired texts differs.
func (c *comparison) differ(p pair[*ask], strict bool) bool {
	if p.old.piece.told && p.new.piece.told {
		return false
	}
	return c.names.Judge(p.old.piece.wording(), p.new.piece.wording(), strict) == wording.Meaning
}

// changed makes a change of two pieces, one of which may be nil, and marks
// them as told.
func (c *comparison) changed(kind Kind, level string, o, n *piece) Change {
	ch := Change{Kind: kind, Level: level}
	if o != nil {
		ch.Old, ch.LineOld, o.told = o.text, o.line, true
	}
	if n != nil {
		ch.New, ch.LineNew, n.told = n.text, n.line, true
	}
	return ch
}

// An ask is an item or paragraph of a list of duties.
type ask struct {
	piece *piece
	prose bool // a paragraph
}

// asks returns the items and paragraphs of a list in the order of the page.
func (s *side) asks(d *family.Duties) []*ask {
	var out []*ask
	seen := map[*piece]bool{}
	take := func(p *piece, prose bool) {
		if p != nil && !p.told && !p.paired && !seen[p] {
			seen[p] = true
			out = append(out, &ask{p, prose})
		}
	}
	for _, it := range d.Items {
		take(s.in(it.Span), false)
	}
	for _, t := range d.Prose {
		take(s.at(t.Span.Start), true)
	}
	return inOrder(out)
}

// isAsk reports whether a text without a partner on the other side is a demand
// that came or went: not framing, not a repetition, and not merely text that
// the other state holds outside its lists. In a section that has a list,
// paragraphs only describe.
func (c *comparison) isAsk(a *ask, listed bool, other *side, own []*ask) bool {
	w := a.piece.wording()
	if a.piece.told || a.prose && listed || w.Empty() || saysNothing(a.piece.text) {
		return false
	}
	key := a.piece.plain()
	for _, x := range own {
		if x != a && x.piece.section == a.piece.section && x.piece.plain() == key && x.piece.paired {
			return false // said twice
		}
	}
	return !c.stands(a.piece, other)
}

// stands reports whether a text that left its list, or came to it, stands on
// the other side all the same, as part of the same owner but not of a list
// that the model knows. Then it was only typed in another way.
func (c *comparison) stands(p *piece, other *side) bool {
	own, level, ok := c.old, "", true
	if other == c.new {
		level, ok = c.newLevel(p.level)
	} else {
		own = c.new
		level, ok = c.oldLevel(p.level)
	}
	if !ok || p.spec != nil {
		return false
	}
	key, n := p.plain(), 0
	for _, x := range own.pieces {
		if x.level == p.level && x.spec == nil && x.plain() == key {
			n--
		}
	}
	for _, x := range other.pieces {
		if x.level == level && x.spec == nil && x.plain() == key {
			n++
		}
	}
	return n >= 0
}

// oldLevel is the reverse of newLevel.
func (c *comparison) oldLevel(title string) (string, bool) {
	if title == "" {
		return "", true
	}
	for _, l := range c.levels {
		if l.new.Title == title {
			return l.old.Title, true
		}
	}
	return title, false
}
