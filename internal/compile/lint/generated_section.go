package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// generatedSection finds sections that the site adds to every family by
// itself: written by hand they appear twice, and grow old.
var generatedSection = Rule{
	Code:     "CAD219",
	Name:     "generated-section",
	Title:    "Sections that the site adds to every family are not written by hand.",
	Severity: diag.Warning,
	Origin:   "JF092",
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		for i, s := range p.Family.Sections {
			if (s.Kind == family.CompensationKind || s.Kind == family.AboutKind) && !s.Pseudo && !p.holdsSections(i) {
				p.Report(s.Span, diag.Finding{
					Message: fmt.Sprintf("the section %q is written by hand, although the site adds it to every family", s.Title),
					Hint:    "remove it",
				})
			}
		}
	},
}

// holdsSections reports whether a section holds others of a kind: then it is
// a department of that name.
func (p *PagePass) holdsSections(index int) bool {
	for _, s := range p.Family.Sections[index+1:] {
		if s.Depth <= p.Family.Sections[index].Depth {
			break
		}
		if s.Kind != family.Unknown {
			return true
		}
	}
	return false
}
