package delta

import (
	"slices"
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
	meet := func(score func(i, j int) float64) {
		var cands []candidate
		for i, o := range old {
			for j, n := range new {
				if met[o] != nil || taken[n] {
					continue
				}
				if s := score(i, j); s > 0 {
					cands = append(cands, candidate{i, j, s})
				}
			}
		}
		for _, k := range best(cands) {
			met[old[k.old]], taken[new[k.new]] = new[k.new], true
		}
	}
	for _, same := range []func(a, b string) bool{equal, sameKey, c.respeltTitle} {
		meet(func(i, j int) float64 {
			if !same(old[i].Title, new[j].Title) {
				return 0
			}
			return 1 + c.keptLevel(old[i], new[j]) // two levels may share a title
		})
	}
	if len(old) == 1 && len(new) == 1 && old[0].Slug == "" && new[0].Slug == "" {
		meet(func(int, int) float64 { return 1 }) // the page is the one role in both states
	}
	meet(func(i, j int) float64 { return c.renamedLevel(old, new, i, j, met) })
	for _, o := range old {
		if n := met[o]; n != nil {
			c.levels = append(c.levels, pair[*family.Level]{o, n})
			c.retitled(o, n)
		} else if c.old.onlyReadAnew(o, c.new) {
			c.note(c.old.at(o.Span.Start))
		} else {
			c.tell(Change{Kind: LevelRemoved, Level: o.Title, Old: o.Title, LineOld: o.Line})
			c.old.silenceLevel(o)
		}
	}
	for _, n := range new {
		if !taken[n] && c.new.onlyReadAnew(n, c.old) {
			c.note(c.new.at(n.Span.Start))
		} else if !taken[n] {
			c.tell(Change{Kind: LevelAdded, Level: n.Title, New: n.Title, LineNew: n.Line})
			c.new.silenceLevel(n)
		}
	}
}

// note keeps an untouched heading for compareReadAnew, once.
func (c *comparison) note(head *piece) {
	if head == nil || head.same == nil {
		return
	}
	if !slices.Contains(c.old.pieces, head) {
		head = head.same
	}
	if !slices.Contains(c.readAnew, head) {
		c.readAnew = append(c.readAnew, head)
	}
}

// renamedLevel says how surely a level has become another one under a new
// title: by its content, or by place, grade and much of its title together.
func (c *comparison) renamedLevel(old, new []*family.Level, i, j int, met map[*family.Level]*family.Level) float64 {
	o, n := old[i], new[j]
	if c.old.headingStays(o, c.new) || c.new.headingStays(n, c.old) {
		return 0
	}
	title := similar(o.Title, n.Title)
	s := c.keptLevel(o, n)
	if c.old.gradeMoved(o, n, c.new) {
		s = max(s, sameContent)
	}
	a, b := gradeValues(o), gradeValues(n)
	if s < sameContent && !(title >= 0.5 && samePlace(old, new, i, j, met) == 1 && len(a) > 0 && slices.Equal(a, b)) {
		return 0
	}
	return s + titleBonus*title
}

// headingStays reports whether a level's heading, or the title of a page that is
// the level, was not touched: then it did not get another title.
func (s *side) headingStays(l *family.Level, other *side) bool {
	if l.Slug == "" {
		return s.Title == other.Title
	}
	head := s.at(l.Span.Start)
	return head != nil && head.same != nil
}

// gradeMoved reports whether the sentence that states a level's grade was not
// touched, and states that of another level on the other side.
func (s *side) gradeMoved(o, n *family.Level, other *side) bool {
	if len(o.Grades) == 0 || len(n.Grades) == 0 {
		return false
	}
	p := s.in(o.Grades[0].Span)
	return p != nil && p.same != nil && p.same == other.in(n.Grades[0].Span)
}

// keptLevel returns which part of a level's texts stayed.
func (c *comparison) keptLevel(o, n *family.Level) float64 {
	return kept(c.old.levelTexts(o), c.new.levelTexts(n))
}

// titleBonus lets likeness of titles decide between levels of like content.
const titleBonus = 0.25

// retitled tells of a level's new title, or of its anchor if only that changed.
func (c *comparison) retitled(o, n *family.Level) {
	po, pn := c.old.at(o.Span.Start), c.new.at(n.Span.Start)
	c.pair(po, pn)
	if sameKey(o.Title, n.Title) || c.respeltTitle(o.Title, n.Title) {
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
	if withoutCount(old) == withoutCount(new) { // other headings of this name came or went
		c.tell(Change{Kind: TextChanged, Level: level, Old: "#" + old, New: "#" + new, LineOld: lineOld, LineNew: lineNew, About: "anchor"})
		return
	}
	c.tell(Change{Kind: AnchorRemoved, Level: level, Old: "#" + old, New: "#" + new, LineOld: lineOld, LineNew: lineNew})
}

// withoutCount drops the number by which anchors of equal headings differ.
func withoutCount(slug string) string {
	name := strings.TrimRight(slug, "0123456789")
	if len(name) < len(slug) && strings.HasSuffix(name, "-") {
		return strings.TrimSuffix(name, "-")
	}
	return slug
}

func equal(a, b string) bool { return a == b }

// sameKey reports whether two titles have the same words.
func sameKey(a, b string) bool { return wording.Key(a) == wording.Key(b) }

// sameTitle reports whether two titles are one, in another order or spelling.
func (c *comparison) sameTitle(a, b string) bool {
	return a == b || sameKey(a, b) || c.titles.Judge(wording.NewTitle(a), wording.NewTitle(b), true) < wording.Meaning
}

// respeltTitle reports whether a title is only spelt in another way.
func (c *comparison) respeltTitle(a, b string) bool {
	return c.spelling.Judge(wording.NewTitle(a), wording.NewTitle(b), true) < wording.Meaning
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

// join writes several values as one.
func join(values []string) string { return strings.Join(values, " | ") }
