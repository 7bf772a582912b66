package delta

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
)

// sameContent is the part of a level's or specialty's texts that must stay for
// it to be the same under another title.
const sameContent = 0.5

// matchLevels finds what has become of each level: by its title, whatever the
// order of its words, then by its content. It tells of levels that came, went
// or got another title, and of anchors that were lost.
func (c *comparison) matchLevels() {
	old, new := c.old.Levels, c.new.Levels
	met := map[*family.Level]*family.Level{}
	taken := map[*family.Level]bool{}
	meet := func(o, n *family.Level) { met[o] = n; taken[n] = true }
	for _, same := range []func(a, b string) bool{equal, sameKey, c.sameTitle} {
		for _, o := range old {
			for _, n := range new {
				if met[o] == nil && !taken[n] && same(o.Title, n.Title) {
					meet(o, n)
				}
			}
		}
	}
	if len(old) == 1 && len(new) == 1 && met[old[0]] == nil && old[0].Slug == "" && new[0].Slug == "" {
		meet(old[0], new[0]) // the page is the one role in both states
	}
	var cands []candidate
	for i, o := range old {
		for j, n := range new {
			if met[o] != nil || taken[n] {
				continue
			}
			if s := kept(c.old.levelTexts(o), c.new.levelTexts(n)); s >= sameContent {
				cands = append(cands, candidate{i, j, s + titleBonus*similar(o.Title, n.Title)})
			}
		}
	}
	for _, k := range best(cands) {
		meet(old[k.old], new[k.new])
	}
	for _, o := range old {
		if n := met[o]; n != nil {
			c.levels = append(c.levels, pair[*family.Level]{o, n})
			c.retitled(o, n)
		} else {
			c.tell(Change{Kind: LevelRemoved, Level: o.Title, Old: o.Title, LineOld: o.Line})
			c.old.silence(func(p *piece) bool { return p.level == o.Title })
		}
	}
	for _, n := range new {
		if !taken[n] {
			c.tell(Change{Kind: LevelAdded, Level: n.Title, New: n.Title, LineNew: n.Line})
			c.new.silence(func(p *piece) bool { return p.level == n.Title })
		}
	}
}

// titleBonus lets likeness of titles decide between levels of like content.
const titleBonus = 0.25

// retitled tells of a level's new title, or of its anchor if only that changed.
func (c *comparison) retitled(o, n *family.Level) {
	po, pn := c.old.at(o.Span.Start), c.new.at(n.Span.Start)
	c.pair(po, pn)
	if c.sameTitle(o.Title, n.Title) {
		c.lostAnchor(n.Title, o.Slug, n.Slug, o.Line, n.Line)
		return
	}
	c.tell(Change{Kind: LevelRenamed, Level: n.Title, Old: o.Title, New: n.Title, LineOld: o.Line, LineNew: n.Line})
	c.renamed(o.Title, n.Title, po, pn)
}

// renamed lets texts that follow a new title pass as reworded.
func (c *comparison) renamed(old, new string, po, pn *piece) {
	c.names.Rename(old, new)
	c.titles.Rename(old, new)
	c.renames = append(c.renames, pair[string]{old, new})
	for _, p := range []*piece{po, pn} {
		if p != nil {
			p.told = true
		}
	}
}

// lostAnchor tells that a heading which kept its title lost the anchor that
// people link to.
func (c *comparison) lostAnchor(level, old, new string, lineOld, lineNew int) {
	if old == "" || new == "" || old == new {
		return
	}
	for _, a := range c.new.Anchors {
		if a.Name == old {
			return
		}
	}
	c.tell(Change{Kind: AnchorRemoved, Level: level, Old: "#" + old, New: "#" + new, LineOld: lineOld, LineNew: lineNew})
}

func equal(a, b string) bool { return a == b }

// sameKey reports whether two titles have the same words.
func sameKey(a, b string) bool { return wording.Key(a) == wording.Key(b) }

// sameTitle reports whether two titles are one, in another order or spelling.
func (c *comparison) sameTitle(a, b string) bool {
	return a == b || sameKey(a, b) || c.titles.Judge(wording.New(a), wording.New(b), true) < wording.Meaning
}

func similar(a, b string) float64 { return wording.Similarity(wording.New(a), wording.New(b)) }

// levelTexts returns the texts of a level's own parts.
func (s *side) levelTexts(l *family.Level) []*piece {
	var out []*piece
	for _, p := range s.pieces {
		if p.level == l.Title && !p.heading && p.section.Kind != family.GradeKind {
			out = append(out, p)
		}
	}
	return out
}

// kept returns which part of two lists of texts is the same or nearly so.
func kept(old, new []*piece) float64 {
	if len(old)+len(new) == 0 {
		return 0
	}
	n := 0
	left := map[string]int{}
	for _, p := range new {
		left[p.plain()]++
	}
	var rest []*piece
	for _, p := range old {
		if k := p.plain(); left[k] > 0 {
			left[k]--
			n++
		} else {
			rest = append(rest, p)
		}
	}
	var others []*piece
	for _, p := range new {
		if k := p.plain(); left[k] > 0 {
			left[k]--
			others = append(others, p)
		}
	}
	n += len(closest(rest, others, 0.7))
	return 2 * float64(n) / float64(len(old)+len(new))
}

// silence marks pieces as told: what sits inside something that came or went is
// not listed again.
func (s *side) silence(is func(*piece) bool) {
	for _, p := range s.pieces {
		if is(p) {
			p.told = true
		}
	}
}

// join writes several values as one.
func join(values []string) string { return strings.Join(values, " | ") }
