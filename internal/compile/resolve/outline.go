package resolve

import (
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// pseudoDepth is the depth of a bold line that acts as a heading: below every
// real one.
const pseudoDepth = 7

// A part is a heading, real or a bold line, with the blocks up to the next
// one, and what the resolver makes of it.
type part struct {
	label
	title  string
	slug   string
	depth  int // 0 for the text before the first heading
	line   int
	span   source.Span
	blocks []*syntax.Block
	pseudo bool
	parent int // index of the enclosing part by depth; -1 for the page

	isLevel bool
	owner   *family.Level     // whose section it is; nil for the family's
	spec    *family.Specialty // the specialty that it opens or belongs to
}

// parts cuts the outline into parts and tells the kind of each.
func (r *resolver) cut() {
	parents := []int{}
	for _, h := range r.outline.Headings {
		p := &part{title: h.Text, slug: h.Slug, depth: h.Depth, line: h.Line, span: h.Span, parent: -1}
		if h.Depth > 0 {
			p.label = r.classify(h.Text)
		}
		for len(parents) > 0 && r.parts[parents[len(parents)-1]].depth >= p.depth {
			parents = parents[:len(parents)-1]
		}
		if len(parents) > 0 {
			p.parent = parents[len(parents)-1]
		}
		r.parts = append(r.parts, p)
		own := len(r.parts) - 1
		parents = append(parents, own)
		r.split(p, own, h.Blocks)
	}
}

// split gives the blocks below a heading to it, and those below a bold line
// that names a kind of section to a part of its own.
func (r *resolver) split(p *part, own int, blocks []*syntax.Block) {
	for _, b := range blocks {
		if b.Kind == syntax.Paragraph && b.Bold && b.Text != "" {
			if l := r.classify(b.Text); r.opens(p, l) {
				p = &part{label: l, title: b.Text, depth: pseudoDepth, line: b.Line, span: b.Span, parent: own, pseudo: true}
				r.parts = append(r.parts, p)
				continue
			}
		}
		p.blocks = append(p.blocks, b)
	}
}

// opens reports whether a bold line begins a section of its own in p. Inside
// a section of a kind it only names a group of items: "Team responsibilities".
func (r *resolver) opens(p *part, l label) bool {
	switch l.kind {
	case family.ResponsibleKind, family.RequirementsKind, family.BothKind, family.GradeKind, family.IndicatorsKind, family.HiringKind, family.LadderKind:
		return p.kind != l.kind
	case family.NiceKind:
		return p.kind != family.RequirementsKind && p.kind != family.NiceKind
	}
	return false
}

// walk calls f for every block, depth first.
func walk(blocks []*syntax.Block, f func(*syntax.Block) bool) {
	for _, b := range blocks {
		if f(b) {
			walk(b.Children, f)
		}
	}
}

// prose calls f for each paragraph of a part that is not in a list; those of
// quotes are included.
func (p *part) prose(f func(*syntax.Block)) {
	walk(p.blocks, func(b *syntax.Block) bool {
		switch b.Kind {
		case syntax.Paragraph:
			f(b)
		case syntax.Quote:
			return true
		}
		return false
	})
}

// items calls f for each list item of a part, outer ones first, with its
// depth and the bold line above its list.
func (p *part) items(f func(b *syntax.Block, depth int, group string)) {
	group := ""
	var list func(b *syntax.Block, depth int)
	list = func(b *syntax.Block, depth int) {
		for _, it := range b.Children {
			if it.Kind != syntax.Item {
				list(it, depth)
				continue
			}
			f(it, depth, group)
			for _, c := range it.Children {
				switch c.Kind {
				case syntax.List:
					list(c, depth+1)
				case syntax.Quote:
					list(c, depth)
				}
			}
		}
	}
	for _, b := range p.blocks {
		switch b.Kind {
		case syntax.Paragraph:
			if b.Bold {
				group = b.Text
			}
		case syntax.List, syntax.Quote:
			list(b, 0)
		}
	}
}

// hasItems reports whether a list stands in the part.
func (p *part) hasItems() bool {
	found := false
	p.items(func(*syntax.Block, int, string) { found = true })
	return found
}
