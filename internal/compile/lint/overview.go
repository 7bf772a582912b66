package lint

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// overview wants a paragraph before the first section that says what the
// family is about.
var overview = Rule{
	Code:     "CAD201",
	Name:     "overview",
	Title:    "A family begins with a paragraph that says what it is about.",
	Severity: diag.Warning,
	Origin:   "JF003",
	Page: func(p *PagePass) {
		if !p.IsFamily || len(p.Family.Overview) > 0 || len(p.Outline.Headings) < 2 {
			return
		}
		if introduces(p.Outline.Headings[0]) || p.opensWithRole() && introduces(p.Outline.Headings[1]) {
			return
		}
		p.Report(p.Outline.Headings[1].Span, diag.Finding{
			Message: "no paragraph before the first section says what the family is about",
			Hint:    "add two or three sentences above the first heading: who these people are, and what they are there for",
		})
	},
}

// introduces reports whether text stands below a heading, or a template that
// may write it.
func introduces(h *syntax.Heading) bool {
	for _, b := range h.Blocks {
		switch b.Kind {
		case syntax.Paragraph, syntax.Quote, syntax.List:
			return true
		case syntax.Directive:
			if strings.Contains(b.Text, "<%=") || strings.Contains(b.Text, "{{") {
				return true
			}
		}
	}
	return false
}

// opensWithRole reports whether the first heading names the family or a role,
// below which the overview may stand as well.
func (p *PagePass) opensWithRole() bool {
	for _, s := range p.Family.Sections {
		if s.Title != "" && !s.Pseudo {
			return s.Depth <= 2 && (s.Kind == family.Unknown || s.Kind == family.LevelKind || s.Kind == family.GroupKind || s.Kind == family.OverviewKind)
		}
	}
	return false
}
