package delta

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
)

// matchSpecialties finds what has become of each specialty: by its title within
// its level, by an anchor that keeps the old name, by its content, and last by
// its place between two that stayed.
func (c *comparison) matchSpecialties() {
	old, new := c.old.specialties(), c.new.specialties()
	met := map[*family.Specialty]*family.Specialty{}
	taken := map[*family.Specialty]bool{}
	for _, sameLevel := range []bool{true, false} {
		for _, same := range []func(a, b string) bool{equal, sameKey, c.respeltTitle} {
			for _, o := range old {
				for _, n := range new {
					if met[o] == nil && !taken[n] && same(o.Title, n.Title) && (!sameLevel || c.sameOwner(o, n)) {
						met[o], taken[n] = n, true
					}
				}
			}
		}
	}
	var cands []candidate
	for i, o := range old {
		for j, n := range new {
			if met[o] == nil && !taken[n] && c.sameOwner(o, n) && !c.old.specialtyStays(o) && !c.new.specialtyStays(n) {
				if s := c.renamedTo(o, n) + placeBonus*samePlace(old, new, i, j, met); s >= sameContent {
					cands = append(cands, candidate{i, j, s})
				}
			}
		}
	}
	for _, k := range best(cands) {
		met[old[k.old]], taken[new[k.new]] = new[k.new], true
	}
	for _, o := range old {
		if n := met[o]; n != nil {
			c.specs = append(c.specs, pair[*family.Specialty]{o, n})
			c.retitledSpecialty(o, n)
		} else {
			c.goneSpecialty(o)
		}
	}
	for _, n := range new {
		if !taken[n] {
			c.newSpecialty(n)
		}
	}
}

// specialtyStays reports whether a specialty's heading was not touched.
func (s *side) specialtyStays(sp *family.Specialty) bool {
	head := s.at(sp.Span.Start)
	return head != nil && head.same != nil
}

// placeBonus lets the place decide between specialties, and makes up for
// content that changed with the title.
const placeBonus = 0.2

func (c *comparison) sameOwner(o, n *family.Specialty) bool {
	l, _ := c.newLevel(o.Level)
	return l == n.Level
}

// renamedTo says how surely a specialty has become another one.
func (c *comparison) renamedTo(o, n *family.Specialty) float64 {
	for _, a := range c.new.Anchors {
		if a.Explicit && a.Line == n.Line && strings.EqualFold(a.Name, o.Slug) {
			return 1
		}
	}
	a, b := c.old.specialtyTexts(o), c.new.specialtyTexts(n)
	title := titleBonus * similar(o.Title, n.Title)
	if len(a)+len(b) == 0 {
		return sameContent - placeBonus + title // nothing but the place can tell
	}
	return max(kept(a, b), wording.Similarity(together(a), together(b))-0.1) + title
}

// together makes one text of many.
func together(ps []*piece) *wording.Text {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(p.text)
		b.WriteString(". ")
	}
	return wording.New(b.String())
}

// specialtyTexts returns the texts below a specialty's heading.
func (s *side) specialtyTexts(sp *family.Specialty) []*piece {
	var out []*piece
	for _, p := range s.pieces {
		if p.spec == sp && !p.heading {
			out = append(out, p)
		}
	}
	return out
}

func (c *comparison) retitledSpecialty(o, n *family.Specialty) {
	po, pn := c.old.at(o.Span.Start), c.new.at(n.Span.Start)
	c.pair(po, pn)
	if sameKey(o.Title, n.Title) || c.respeltTitle(o.Title, n.Title) {
		c.lostAnchor(n.Level, o.Slug, n.Slug, o.Line, n.Line)
		return
	}
	c.tell(Change{Kind: SpecialtyRenamed, Level: n.Level, Old: o.Title, New: n.Title, LineOld: o.Line, LineNew: n.Line})
	c.renamed(o.Title, n.Title, po, pn)
}

// goneSpecialty tells that a specialty went, unless its level did.
func (c *comparison) goneSpecialty(o *family.Specialty) {
	if c.old.specialtyReadAnew(o, c.new) {
		c.note(c.old.at(o.Span.Start))
		return
	}
	if level, ok := c.newLevel(o.Level); ok && !c.old.wentWhole(o.Span.Start) {
		c.tell(Change{Kind: SpecialtyRemoved, Level: level, Old: o.Title, LineOld: o.Line})
	}
	c.old.silence(func(p *piece) bool { return p.spec == o })
}

// newSpecialty tells that a specialty came, unless its level did.
func (c *comparison) newSpecialty(n *family.Specialty) {
	if c.new.specialtyReadAnew(n, c.old) {
		c.note(c.new.at(n.Span.Start))
		return
	}
	if _, ok := c.oldLevel(n.Level); ok && !c.new.wentWhole(n.Span.Start) {
		c.tell(Change{Kind: SpecialtyAdded, Level: n.Level, New: n.Title, LineNew: n.Line})
	}
	c.new.silence(func(p *piece) bool { return p.spec == n })
}

// specialtyReadAnew reports whether a specialty without a partner was not
// touched by the edit, as onlyReadAnew does for levels.
func (s *side) specialtyReadAnew(sp *family.Specialty, other *side) bool {
	head := s.at(sp.Span.Start)
	texts := s.specialtyTexts(sp)
	relink(head, s.partsOf(head), other)
	if head == nil || head.same == nil {
		return false
	}
	return len(texts) == 0 || mostlyUntouched(texts)
}

// compareSpecialties tells of the texts of specialties that have another
// meaning: descriptions, requirements, responsibilities, reporting lines.
func (c *comparison) compareSpecialties() {
	for _, s := range c.specs {
		c.compareSpecialty(s.old, s.new)
	}
}

func (c *comparison) compareSpecialty(o, n *family.Specialty) {
	m := c.match(c.old.specialtyAsks(o), c.new.specialtyAsks(n))
	tell := func(po, pn *piece) {
		ch := c.changed(SpecialtyChanged, n.Level, po, pn)
		ch.About = n.Title
		c.tell(ch)
	}
	for _, p := range m.pairs {
		strict := p.old.piece.section.Kind == family.RequirementsKind
		if c.differ(p, strict) {
			tell(p.old.piece, p.new.piece)
		}
	}
	for _, a := range m.gone {
		if !a.piece.stayedPut() && c.isAsk(a, false, c.new, nil) {
			tell(a.piece, nil)
		}
	}
	for _, a := range m.come {
		if !a.piece.stayedPut() && c.isAsk(a, false, c.old, nil) {
			tell(nil, a.piece)
		}
	}
}

// specialtyAsks returns everything that a specialty says.
func (s *side) specialtyAsks(sp *family.Specialty) []*ask {
	var out []*ask
	for _, p := range s.specialtyTexts(sp) {
		if !p.told && !p.paired {
			out = append(out, &ask{p, false})
		}
	}
	return out
}
