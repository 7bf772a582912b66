package delta

import (
	"bytes"
	"slices"

	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// Compare returns what changed from one state of a page to the other, the
// strictest first. It compares the two whatever their paths are.
func Compare(old, new Page) []Change {
	if old.Family == nil || new.Family == nil || sameBytes(old.File, new.File) {
		return nil
	}
	c := &comparison{old: newSide(old), new: newSide(new)}
	if c.identical() {
		return nil
	}
	c.compare()
	return c.changes
}

// compare compares, from the headings down to the wording.
func (c *comparison) compare() {
	c.names = wording.NewNames(func() (old, new []*wording.Text) { return c.old.words(), c.new.words() })
	c.titles, c.spelling = wording.NewNames(noPages), wording.NewNames(noPages)
	c.alignPieces()
	c.alignRespelt()
	c.observe()
	c.matchLevels()
	c.matchSpecialties()
	c.compareFacts()
	c.compareDuties()
	c.compareSpecialties()
	c.compareUntyped()
	c.compareReadAnew()
	c.tellPending()
	c.compareHiring()
	c.compareRest()
	c.sortChanges()
}

func sameBytes(a, b *source.File) bool {
	return a != nil && b != nil && bytes.Equal(a.Text, b.Text)
}

// A comparison is the work on one page. Each step tells what it found and
// marks the pieces that it spoke of, so that later steps do not repeat it.
type comparison struct {
	old, new *side
	// names knows what the page calls things; titles knows only which levels
	// and specialties got another title, for a role's new name is told even
	// where the whole page follows it; spelling knows nothing.
	names, titles *wording.Names
	spelling      *wording.Names
	renames       []pair[string]
	levels        []pair[*family.Level]
	specs         []pair[*family.Specialty]
	pieces        []pair[*piece]
	readAnew      []*piece  // old headings, see compareReadAnew
	pending       []pending // items that came or went
	changes       []Change
}

// A pair is a thing of the old state and what has become of it.
type pair[T any] struct{ old, new T }

// tell adds a change.
func (c *comparison) tell(ch Change) {
	ch.Category = ch.Kind.Category()
	c.changes = append(c.changes, ch)
}

// pair notes that a piece has become another one.
func (c *comparison) pair(o, n *piece) {
	if o == nil || n == nil || o.paired || n.paired {
		return
	}
	o.paired, n.paired = true, true
	c.pieces = append(c.pieces, pair[*piece]{o, n})
}

// identical reports whether both states have the same headings, texts, links
// and front matter in the same order; then their models are the same.
func (c *comparison) identical() bool {
	return slices.EqualFunc(c.old.pieces, c.new.pieces, func(a, b *piece) bool {
		return a.text == b.text && a.heading == b.heading && a.section.Depth == b.section.Depth
	}) && slices.EqualFunc(c.old.Links, c.new.Links, func(a, b family.Link) bool {
		return a.Text == b.Text && a.Target == b.Target
	}) && slices.EqualFunc(c.old.FrontMatter, c.new.FrontMatter, func(a, b family.Field) bool {
		return a.Key == b.Key && a.Value == b.Value
	}) && slices.EqualFunc(c.old.Anchors, c.new.Anchors, func(a, b family.Anchor) bool {
		return a.Name == b.Name
	})
}

func noPages() (old, new []*wording.Text) { return nil, nil }

// words returns the text of every piece.
func (s *side) words() []*wording.Text {
	out := make([]*wording.Text, len(s.pieces))
	for i, p := range s.pieces {
		out[i] = p.wording()
	}
	return out
}

// observe looks through all texts that changed for names that gave way to
// others, before anything is judged.
func (c *comparison) observe() {
	old, new := untouched(c.old.pieces, c.new.pieces)
	for _, m := range closest(old, new, 0.6) {
		c.names.Observe(m.old.wording(), m.new.wording())
	}
}

// untouched returns the pieces that have no equal on the other side.
func untouched(old, new []*piece) (gone, come []*piece) {
	count := map[string]int{}
	for _, p := range new {
		count[p.plain()]++
	}
	for _, p := range old {
		if k := p.plain(); count[k] > 0 {
			count[k]--
		} else {
			gone = append(gone, p)
		}
	}
	for _, p := range new {
		if k := p.plain(); count[k] > 0 {
			count[k]--
			come = append(come, p)
		}
	}
	return gone, come
}

// newLevel returns the title that a level of the old page has in the new one;
// ok is false if it is gone. The family itself, "", stays.
func (c *comparison) newLevel(title string) (string, bool) {
	if title == "" {
		return "", true
	}
	for _, l := range c.levels {
		if l.old.Title == title {
			return l.new.Title, true
		}
	}
	return title, false
}
