package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// repeatedDuties wants a level to extend an earlier one's list, not to repeat
// it: a copy is forgotten when the original changes.
var repeatedDuties = Rule{
	Code:     "CAD311",
	Name:     "repeated-duties",
	Title:    "A level does not repeat the items of another level or of the family; it extends them.",
	Severity: diag.Warning,
	Origin:   "JF022",
	Page:     checkRepeatedDuties,
}

func checkRepeatedDuties(p *PagePass) {
	for _, kind := range []struct {
		one, what string
		all       *family.Duties
		of        func(*family.Level) *family.Duties
	}{
		{"responsibility", "responsibilities", &p.Family.Responsibilities, func(l *family.Level) *family.Duties { return &l.Responsibilities }},
		{"requirement", "requirements", &p.Family.Requirements, func(l *family.Level) *family.Duties { return &l.Requirements }},
	} {
		p.repeats(kind.one, kind.what, kind.all, kind.of)
	}
}

// An owned is an item with the level that states it, nil for the family.
type owned struct {
	item   *family.Item
	level  *family.Level
	before int // of the items that are kept: the one before that has the same key; -1 if there is none
}

// duties are items that were stated so far.
type duties struct {
	items []owned
	last  map[uint64]int // by sentenceKey: the last item
}

// add keeps an item under a key, unless that says that it is too short.
func (d *duties) add(key uint64, it *family.Item, l *family.Level) {
	if key == 0 {
		return
	}
	before, ok := d.last[key]
	if !ok {
		before = -1
	}
	d.last[key] = len(d.items)
	d.items = append(d.items, owned{it, l, before})
}

// repeats reports, for each level, the items that an earlier list holds in the
// same words: the family's, or that of a level of the same ladder. Two ladders
// may share a sentence; they are only said to repeat each other where most of a
// list is the same.
func (p *PagePass) repeats(one, what string, all *family.Duties, of func(*family.Level) *family.Duties) {
	levels := p.levels()
	if len(levels) < 2 {
		return
	}
	total := len(all.Items)
	for _, l := range levels {
		total += len(of(l).Items)
	}
	earlier := duties{make([]owned, 0, total), make(map[uint64]int, total)}
	for _, it := range all.Items {
		key := sentenceKey(it.Text)
		delete(earlier.last, key) // of the family's own, the last counts
		earlier.add(key, it, nil)
	}
	var (
		copies, closeCopies []copied
		keys                []uint64
	)
	for _, l := range levels {
		own := of(l)
		near := nearness{pass: p, level: l}
		copies, closeCopies, keys = copies[:0], closeCopies[:0], keys[:0]
		for _, it := range own.Items {
			key := sentenceKey(it.Text)
			keys = append(keys, key)
			if o, ok := p.original(it, &earlier, key, &near); ok && !p.mayRepeat(l, it) {
				copies = append(copies, copied{it, o})
				if near.to(o.level) {
					closeCopies = append(closeCopies, copied{it, o})
				}
			}
		}
		for i, it := range own.Items {
			earlier.add(keys[i], it, l)
		}
		switch total := len(own.Items); {
		case len(copies)*2 > total:
			p.reportCopies(one, what, l, total, copies)
		case len(closeCopies) > 0:
			p.reportCopies(one, what, l, total, closeCopies)
		}
	}
}

// A copied is an item with the one that it repeats.
type copied struct {
	item *family.Item
	of   owned
}

// A nearness tells which levels stand on the same ladder as one of them, and
// remembers the answer for the one that was asked for last: items are mostly
// copied from one level.
type nearness struct {
	pass  *PagePass
	level *family.Level
	asked *family.Level
	near  bool
}

// to reports whether a level is near; the family, nil, is near to each.
func (n *nearness) to(l *family.Level) bool {
	if l == nil {
		return true
	}
	if l != n.asked {
		n.asked, n.near = l, n.pass.oneTrack(l, n.level)
	}
	return n.near
}

// original returns the item that one repeats: of those that say the same and
// link to the same places the first that is near, or else the first.
func (p *PagePass) original(it *family.Item, earlier *duties, key uint64, near *nearness) (owned, bool) {
	i, ok := earlier.last[key]
	if !ok {
		return owned{}, false
	}
	var first, firstNear owned
	for ; i >= 0; i = earlier.items[i].before {
		o := earlier.items[i]
		if !p.sameLinks(it, o.item) || it.Text != o.item.Text && sentence(it.Text) != sentence(o.item.Text) {
			continue
		}
		if first = o; near.to(o.level) {
			firstNear = o
		}
	}
	if firstNear.item != nil {
		return firstNear, true
	}
	return first, first.item != nil
}

// sameLinks reports whether the links of two items lead to the same anchors.
// "Leads as expected" with a link to the rules for directors is another duty
// than the same words with a link to those for managers.
func (p *PagePass) sameLinks(a, b *family.Item) bool {
	return slices.EqualFunc(a.Links, b.Links, func(i, j int) bool {
		return anchorOf(p.Family.Links[i].Target) == anchorOf(p.Family.Links[j].Target)
	})
}

// anchorOf returns what follows "#" in the target of a link.
func anchorOf(target string) string {
	_, anchor, _ := strings.Cut(target, "#")
	return anchor
}

// reportCopies says how many items of a level are copies, and of whom most of
// them are.
func (p *PagePass) reportCopies(one, what string, l *family.Level, total int, copies []copied) {
	count := map[*family.Level]int{}
	for _, c := range copies {
		count[c.of.level]++
	}
	of := copies[0].of
	for _, c := range copies {
		if count[c.of.level] > count[of.level] {
			of = c.of
		}
	}
	owner := "the family"
	if of.level != nil {
		owner = `"` + of.level.Title + `"`
	}
	from := verb(len(copies), "one of ", "those of ") + owner
	if count[of.level] < len(copies) {
		from = "those of other levels, most of " + owner
	}
	f := diag.Finding{
		Message: fmt.Sprintf("%s of %q %s %s word for word", share(len(copies), total, one, what), l.Title, verb(len(copies), "repeats", "repeat"), from),
		Related: []diag.Related{p.Related(of.item.Span, "stated here first")},
	}
	switch {
	case of.level == nil:
		f.Hint = "remove the copies: what the family states holds for every level"
	case p.oneTrack(of.level, l):
		f.Hint = fmt.Sprintf("remove the copies; a first item can say that the level extends the %s of %s", what, owner)
	default:
		f.Hint = "state once for the family what its levels share"
	}
	p.Report(copies[0].item.Span, f)
}

// mayRepeat reports the items that every list may hold: the mandatory
// requirement, and a sentence that says where on the page further items stand.
func (p *PagePass) mayRepeat(l *family.Level, it *family.Item) bool {
	if p.Mandatory != nil && p.Mandatory.MatchString(it.Text) {
		return true
	}
	pointsHere := func(i int) bool { return p.destination(p.Family.Links[i].Target).kind == samePage }
	if slices.ContainsFunc(it.Links, pointsHere) && p.policy().Matcher().Has(policy.Elsewhere, it.Text) {
		return true
	}
	return slices.ContainsFunc(l.Extends, func(e family.Extension) bool { return it.Span.Contains(e.Span.Start) })
}
