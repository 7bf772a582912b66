package resolve

import (
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
)

// readSpecialties fills what the specialties say of themselves. Their lists
// are read with the duties of all.
func (r *resolver) readSpecialties() {
	for i, p := range r.parts {
		s := p.spec
		if s == nil {
			continue
		}
		if s.Span == p.span {
			r.introduce(s, p)
			s.Group = len(p.blocks) == 0 && i+1 < len(r.parts) && r.parts[i+1].spec != nil && r.parts[i+1].spec != s
			continue
		}
		switch p.kind {
		case family.ResponsibleKind, family.RequirementsKind, family.BothKind:
		default:
			p.prose(func(b *syntax.Block) { s.Other = append(s.Other, text(b)) })
			p.items(func(b *syntax.Block, _ int, _ string) { s.Other = append(s.Other, text(b)) })
		}
	}
}

// introduce reads the text below a specialty's heading.
func (r *resolver) introduce(s *family.Specialty, p *part) {
	p.prose(func(b *syntax.Block) {
		if b.Bold {
			return
		}
		s.Intro = append(s.Intro, text(b))
		if len(s.ReportsTo) == 0 {
			if refs, mode, sentence := r.reporting(r.passage(b), s.Title); len(refs) > 0 {
				s.ReportsTo, s.ReportsToMode = refs, mode
				s.Reporting = family.Text{Text: sentence.text, Span: b.Span}
			}
		}
		for _, id := range b.Links {
			l := r.outline.Links[id]
			s.Scope = append(s.Scope, family.Link{Text: l.Text, Target: l.Target, Span: l.Span, TargetSpan: l.TargetSpan, Line: l.Line, Dynamic: l.Dynamic})
		}
	})
	p.items(func(b *syntax.Block, _ int, _ string) { s.Other = append(s.Other, text(b)) })
}
