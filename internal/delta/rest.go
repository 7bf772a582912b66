package delta

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
)

// compareRest compares everything that the model does not speak of: it finds
// the partners of the pieces that have none, and then tells of wording and
// link targets of all pairs.
func (c *comparison) compareRest() {
	c.pairEqual(func(o, n *piece) bool {
		l, _ := c.newLevel(o.level)
		return l == n.level && o.section.Title == n.section.Title
	})
	c.pairEqual(func(o, n *piece) bool { return true })
	for _, p := range closest(open(c.old.pieces), open(c.new.pieces), alike) {
		c.pair(p.old, p.new)
	}
	for _, p := range c.pieces {
		c.compareLinks(p.old, p.new)
		if p.old.plain() != p.new.plain() && !(p.old.told && p.new.told) && !c.followsRename(p.old, p.new) {
			c.tell(c.changed(TextChanged, p.new.level, p.old, p.new))
		}
	}
	c.old.silenceHeadings()
	c.new.silenceHeadings()
	for _, p := range open(c.old.pieces) {
		level, _ := c.newLevel(p.level)
		c.tell(c.changed(TextChanged, level, p, nil))
	}
	for _, p := range open(c.new.pieces) {
		c.tell(c.changed(TextChanged, p.level, nil, p))
	}
	c.compareFrontMatter()
}

// silenceHeadings marks headings as told below which everything was told: they
// only came or went with it.
func (s *side) silenceHeadings() {
	below, told := map[*piece]int{}, map[*piece]int{}
	for _, p := range s.pieces {
		if p.head != nil {
			below[p.head]++
			if p.told {
				told[p.head]++
			}
		}
	}
	for _, p := range open(s.pieces) {
		if p.heading && below[p] > 0 && told[p] == below[p] {
			p.told = true
		}
	}
}

// followsRename reports whether two texts differ only by a title that was told
// as renamed.
func (c *comparison) followsRename(o, n *piece) bool {
	text := o.plain()
	for _, r := range c.renames {
		text = strings.ReplaceAll(text, r.old, r.new)
	}
	return text == n.plain()
}

// open returns the pieces that nothing was said of yet.
func open(ps []*piece) []*piece {
	var out []*piece
	for _, p := range ps {
		if !p.paired && !p.told {
			out = append(out, p)
		}
	}
	return out
}

// pairEqual pairs pieces of the same text that fit each other, in order.
func (c *comparison) pairEqual(fits func(o, n *piece) bool) {
	at := map[string][]*piece{}
	for _, p := range open(c.new.pieces) {
		at[p.plain()] = append(at[p.plain()], p)
	}
	for _, o := range open(c.old.pieces) {
		for _, n := range at[o.plain()] {
			if !n.paired && n.heading == o.heading && fits(o, n) {
				c.pair(o, n)
				break
			}
		}
	}
}

// compareLinks tells of links in a pair of pieces that lead elsewhere now. A
// link that came or went counts where the words stayed; where they changed it
// came or went with them.
func (c *comparison) compareLinks(o, n *piece) {
	if o.told && n.told && o.text != n.text && len(o.links) != len(n.links) {
		return
	}
	for _, p := range alignLinks(o.links, n.links) {
		switch {
		case p.old != nil && p.new != nil:
			if p.old.Target != p.new.Target {
				c.tell(Change{Kind: LinkChanged, Level: n.level, Old: p.old.Target, New: p.new.Target, LineOld: p.old.Line, LineNew: p.new.Line, About: p.new.Text})
			}
		case wording.Trim(o.text) != wording.Trim(n.text):
		case p.old != nil:
			c.tell(Change{Kind: LinkChanged, Level: n.level, Old: p.old.Target, LineOld: p.old.Line, LineNew: n.line, About: p.old.Text})
		default:
			c.tell(Change{Kind: LinkChanged, Level: n.level, New: p.new.Target, LineOld: o.line, LineNew: p.new.Line, About: p.new.Text})
		}
	}
}

// alignLinks pairs the links of two texts: those of the same words, then, where
// equally many are left, in their order.
func alignLinks(old, new []*family.Link) []pair[*family.Link] {
	var out []pair[*family.Link]
	taken := map[*family.Link]bool{}
	for _, same := range []func(a, b *family.Link) bool{
		func(a, b *family.Link) bool { return a.Target == b.Target && a.Text == b.Text },
		func(a, b *family.Link) bool { return strings.EqualFold(a.Text, b.Text) },
		func(a, b *family.Link) bool { return a.Target == b.Target },
	} {
		for _, o := range old {
			for _, n := range new {
				if !taken[o] && !taken[n] && same(o, n) {
					taken[o], taken[n] = true, true
					out = append(out, pair[*family.Link]{o, n})
				}
			}
		}
	}
	var oldLeft, newLeft []*family.Link
	for _, o := range old {
		if !taken[o] {
			oldLeft = append(oldLeft, o)
		}
	}
	for _, n := range new {
		if !taken[n] {
			newLeft = append(newLeft, n)
		}
	}
	if len(oldLeft) == len(newLeft) {
		for i := range oldLeft {
			out = append(out, pair[*family.Link]{oldLeft[i], newLeft[i]})
		}
		return out
	}
	for _, o := range oldLeft {
		out = append(out, pair[*family.Link]{old: o})
	}
	for _, n := range newLeft {
		out = append(out, pair[*family.Link]{new: n})
	}
	return out
}

// compareFrontMatter tells of fields that differ; the title of a page that is
// itself the one role was told as the level's.
func (c *comparison) compareFrontMatter() {
	old, new := fields(c.old.Family), fields(c.new.Family)
	for _, f := range c.old.FrontMatter {
		n, ok := new[f.Key]
		switch {
		case ok && n.Value == f.Value, f.Key == "title" && c.toldTitle():
		case ok:
			c.tell(Change{Kind: TextChanged, Old: f.Value, New: n.Value, LineOld: c.old.line(f.Span.Start, nil), LineNew: c.new.line(n.Span.Start, nil), About: f.Key})
		default:
			c.tell(Change{Kind: TextChanged, Old: f.Key + ": " + f.Value, LineOld: c.old.line(f.Span.Start, nil), About: f.Key})
		}
	}
	for _, f := range c.new.FrontMatter {
		if _, ok := old[f.Key]; !ok {
			c.tell(Change{Kind: TextChanged, New: f.Key + ": " + f.Value, LineNew: c.new.line(f.Span.Start, nil), About: f.Key})
		}
	}
}

func fields(f *family.Family) map[string]family.Field {
	m := map[string]family.Field{}
	for _, fd := range f.FrontMatter {
		m[fd.Key] = fd
	}
	return m
}

// toldTitle reports whether the page's new title was told as a level's.
func (c *comparison) toldTitle() bool {
	for _, ch := range c.changes {
		if ch.Kind == LevelRenamed && ch.Old == c.old.Title && ch.New == c.new.Title {
			return true
		}
	}
	return false
}
