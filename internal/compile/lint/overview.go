package lint

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
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
		for _, h := range p.Outline.Headings[:2] {
			// A template may write the paragraph, and a page may repeat its title
			// above it.
			if h.Depth > 1 || h.Depth == 1 && h != p.Outline.Headings[1] {
				break
			}
			for _, b := range h.Blocks {
				if b.Kind == syntax.Paragraph || b.Kind == syntax.Directive && strings.Contains(b.Text, "<%=") || b.Kind == syntax.Quote || b.Kind == syntax.List {
					return
				}
			}
		}
		p.Report(p.Outline.Headings[1].Span, diag.Finding{
			Message: "no paragraph before the first section says what the family is about",
			Hint:    "add two or three sentences above the first heading: who these people are, and what they are there for",
		})
	},
}
