package delta

import (
	"cmp"
	"slices"
	"sort"
)

// sortChanges puts the strictest first, then in the order of the new page; what
// is gone comes where it would stand there.
func (c *comparison) sortChanges() {
	at := c.oldToNew()
	place := func(ch *Change) int {
		if ch.LineNew > 0 {
			return ch.LineNew
		}
		return at(ch.LineOld)
	}
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(a.Category.rank(), b.Category.rank()),
			cmp.Compare(place(&a), place(&b)),
			cmp.Compare(a.LineOld, b.LineOld),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Level, b.Level),
			cmp.Compare(a.Old, b.Old),
			cmp.Compare(a.New, b.New),
		)
	})
}

// oldToNew maps lines of the old page to the new one: a line that is gone goes
// to that of the nearest text above it that has a partner.
func (c *comparison) oldToNew() func(line int) int {
	type step struct{ old, new int }
	var steps []step
	for _, p := range c.pieces {
		steps = append(steps, step{p.old.line, p.new.line})
	}
	for _, p := range c.old.pieces {
		if p.same != nil {
			steps = append(steps, step{p.line, p.same.line})
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Or(cmp.Compare(a.old, b.old), cmp.Compare(a.new, b.new)) })
	return func(line int) int {
		i := sort.Search(len(steps), func(i int) bool { return steps[i].old > line }) - 1
		if i < 0 {
			return 0
		}
		return steps[i].new
	}
}
