package delta

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
)

// alike is how much two texts must have in common to be one that changed.
const alike = 0.5

// A matching says what has become of the texts of a list.
type matching struct {
	pairs      []pair[*ask]
	gone, come []*ask
}

// match pairs the texts of two states of one list: equal ones wherever they
// stand, then those that were only cut in another way (two items glued into
// one, one split in two), then those that are alike, and last those that stand
// between the same neighbours and have something in common.
func (c *comparison) match(old, new []*ask) matching {
	var m matching
	allOld, allNew := piecesOf(old), piecesOf(new)
	old, new = m.equal(c, old, new)
	old, new = c.recut(old, new)
	new, old = c.recut(new, old)
	left := map[*piece]*ask{}
	for _, a := range slices.Concat(old, new) {
		left[a.piece] = a
	}
	for _, p := range closest(piecesOf(old), piecesOf(new), alike) {
		m.pairs = append(m.pairs, pair[*ask]{left[p.old], left[p.new]})
		delete(left, p.old)
		delete(left, p.new)
		c.pair(p.old, p.new)
	}
	for _, p := range c.betweenNeighbours(allOld, allNew, left) {
		m.pairs = append(m.pairs, pair[*ask]{left[p.old], left[p.new]})
		delete(left, p.old)
		delete(left, p.new)
		c.pair(p.old, p.new)
	}
	for _, a := range old {
		if left[a.piece] != nil {
			m.gone = append(m.gone, a)
		}
	}
	for _, a := range new {
		if left[a.piece] != nil {
			m.come = append(m.come, a)
		}
	}
	return m
}

// betweenNeighbours pairs texts that are left and stand alone between texts
// that became each other.
func (c *comparison) betweenNeighbours(old, new []*piece, left map[*piece]*ask) []pair[*piece] {
	if len(left) == 0 {
		return nil
	}
	partner, at := map[*piece]*piece{}, map[*piece]int{}
	for _, p := range c.pieces {
		partner[p.old] = p.new
	}
	for j, p := range new {
		at[p] = j
	}
	var out []pair[*piece]
	for i, o := range old {
		if left[o] == nil {
			continue
		}
		j := 0 // where it would stand
		if i > 0 {
			before, ok := at[partner[old[i-1]]]
			if !ok {
				continue
			}
			j = before + 1
		}
		if j < len(new) && left[new[j]] != nil && samePlace(old, new, i, j, partner) == 1 && c.inCommon(o, new[j]) {
			out = append(out, pair[*piece]{o, new[j]})
		}
	}
	return out
}

// inCommon reports whether two texts in one place share something.
func (c *comparison) inCommon(o, n *piece) bool {
	return likeness(o, n) >= alikeInPlace || c.names.Judge(o.wording(), n.wording(), true) < wording.Meaning
}

// equal pairs texts that are the same and returns the others.
func (m *matching) equal(c *comparison, old, new []*ask) (oldLeft, newLeft []*ask) {
	at := map[string][]*ask{}
	for _, a := range new {
		k := a.piece.plain()
		at[k] = append(at[k], a)
	}
	used := map[*ask]bool{}
	for _, o := range old {
		k := o.piece.plain()
		if len(at[k]) == 0 {
			oldLeft = append(oldLeft, o)
			continue
		}
		n := at[k][0]
		at[k] = at[k][1:]
		used[n] = true
		m.pairs = append(m.pairs, pair[*ask]{o, n})
		c.pair(o.piece, n.piece)
	}
	for _, n := range new {
		if !used[n] {
			newLeft = append(newLeft, n)
		}
	}
	return oldLeft, newLeft
}

// recut drops from both lists each text of whole that says what two or more
// texts of parts in a row say together. They stay as text.
func (c *comparison) recut(whole, parts []*ask) (wholeLeft, partsLeft []*ask) {
	for _, w := range whole {
		n := c.run(w, parts)
		if n.to == 0 {
			wholeLeft = append(wholeLeft, w)
			continue
		}
		parts = slices.Delete(slices.Clone(parts), n.from, n.to)
	}
	return wholeLeft, parts
}

type span struct{ from, to int }

// run finds two to twelve texts in a row which together are w.
func (c *comparison) run(w *ask, parts []*ask) span {
	text := w.piece.text
	for i := range parts {
		if !startsAlike(text, parts[i].piece.text) {
			continue
		}
		joined := parts[i].piece.text
		for j := i + 1; j < len(parts) && j < i+12 && len(joined) < len(text); j++ {
			joined += ". " + parts[j].piece.text
			if c.names.Judge(wording.New(joined), wording.New(text), true) < wording.Meaning {
				return span{i, j + 1}
			}
		}
	}
	return span{}
}

// startsAlike reports whether two texts begin with the same few letters.
func startsAlike(a, b string) bool {
	a, b = strings.ToLower(wording.Trim(a)), strings.ToLower(wording.Trim(b))
	n := min(len(a), len(b), 8)
	return n > 0 && a[:n] == b[:n]
}

func piecesOf(asks []*ask) []*piece {
	out := make([]*piece, len(asks))
	for i, a := range asks {
		out[i] = a.piece
	}
	return out
}

func inOrder(asks []*ask) []*ask {
	slices.SortStableFunc(asks, func(a, b *ask) int { return cmp.Compare(a.piece.span.Start, b.piece.span.Start) })
	return asks
}

// announcement is up to how many telling words announce a list and ask for
// nothing else.
const announcement = 8

// saysNothing reports whether a text asks for nothing: it announces a list, or
// holds the place of a text that is still to be written.
func saysNothing(s string) bool {
	s = strings.TrimSpace(s)
	if strings.HasSuffix(s, ":") {
		before := strings.LastIndex(s, ". ") + 1
		return wording.New(s[:before]).Len() == 0 && wording.New(s[before:]).Len() <= announcement
	}
	switch strings.ToLower(strings.Trim(s, ".[]{}() ")) {
	case "tbd", "todo", "tba", "n/a", "none", "coming soon", "to be defined", "to be determined", "":
		return true
	}
	return strings.HasPrefix(s, "{") && strings.HasSuffix(s, "}")
}
