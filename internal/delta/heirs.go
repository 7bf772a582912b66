package delta

import (
	"github.com/cadre-hq/cadre/internal/family"
)

// Heirs say what the parts of a page's old state have become in its new one, so
// that what was known by a name before goes by it on. A part that is not there
// is gone; a new one that is nobody's heir is new.
type Heirs struct {
	Levels map[*family.Level]*family.Level
	Items  map[*family.Item]*family.Item // of levels, and of the family as a whole
	Steps  map[*family.Step]*family.Step
}

// HeirsOf compares two states of a page as Compare does and returns who met
// whom on the way.
func HeirsOf(old, new Page) Heirs {
	h := Heirs{map[*family.Level]*family.Level{}, map[*family.Item]*family.Item{}, map[*family.Step]*family.Step{}}
	if old.Family == nil || new.Family == nil {
		return h
	}
	c := &comparison{old: newSide(old), new: newSide(new)}
	if sameBytes(old.File, new.File) || c.identical() {
		h.inOrder(old.Family, new.Family)
		return h
	}
	c.compare()
	for _, l := range c.levels {
		h.Levels[l.old] = l.new
	}
	became := make(map[*piece]*piece, len(c.pieces))
	for _, p := range c.pieces {
		became[p.old] = p.new
	}
	items, steps := map[*piece]*family.Item{}, map[*piece]*family.Step{}
	for _, it := range itemsOf(new.Family) {
		items[c.new.in(it.Span)] = it
	}
	for _, s := range stepsOf(new.Family) {
		steps[c.new.in(s.Span)] = s
	}
	for _, it := range itemsOf(old.Family) {
		if heir := items[became[c.old.in(it.Span)]]; heir != nil && became[c.old.in(it.Span)] != nil {
			h.Items[it] = heir
		}
	}
	for _, s := range stepsOf(old.Family) {
		if heir := steps[became[c.old.in(s.Span)]]; heir != nil && became[c.old.in(s.Span)] != nil {
			h.Steps[s] = heir
		}
	}
	return h
}

// inOrder lets the parts of two equal states inherit one by one. Should they
// have been read in two ways, so that their numbers differ, those without a
// partner have none.
func (h *Heirs) inOrder(old, new *family.Family) {
	meet(h.Levels, old.Levels, new.Levels)
	meet(h.Items, itemsOf(old), itemsOf(new))
	meet(h.Steps, stepsOf(old), stepsOf(new))
}

func meet[T any](heirs map[*T]*T, old, new []*T) {
	if len(old) != len(new) {
		return
	}
	for i := range old {
		heirs[old[i]] = new[i]
	}
}

// itemsOf returns the items of the family and of its levels, in one order.
func itemsOf(f *family.Family) []*family.Item {
	var out []*family.Item
	for _, d := range []*family.Duties{&f.Responsibilities, &f.Requirements, &f.Indicators} {
		out = append(out, d.Items...)
	}
	for _, l := range f.Levels {
		for _, d := range []*family.Duties{&l.Responsibilities, &l.Requirements, &l.Indicators} {
			out = append(out, d.Items...)
		}
	}
	return out
}

// stepsOf returns the steps of all processes.
func stepsOf(f *family.Family) []*family.Step {
	var out []*family.Step
	for _, p := range f.Hiring {
		out = append(out, p.Steps...)
	}
	return out
}
