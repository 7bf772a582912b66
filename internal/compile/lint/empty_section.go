package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
)

// emptySection finds headings with nothing below them: neither text nor a
// deeper heading.
var emptySection = Rule{
	Code:     "CAD203",
	Name:     "empty-section",
	Title:    "A section has content; one that is not needed is removed.",
	Severity: diag.Error,
	Origin:   "JF005",
	Page: func(p *PagePass) {
		hs := p.Outline.Headings
		for i := 1; i < len(hs); i++ {
			h := hs[i]
			if hasContent(h) || i+1 < len(hs) && hs[i+1].Depth > h.Depth {
				continue
			}
			if h.Text == "" {
				p.Report(h.Span, diag.Finding{Message: "a heading has no text and no content", Hint: "remove it"})
				continue
			}
			f := diag.Finding{
				Message: fmt.Sprintf("the section %q is empty", h.Text),
				Hint:    "fill it, or remove the heading",
			}
			if i+1 < len(hs) && hs[i+1].Depth == h.Depth {
				f.Hint += fmt.Sprintf("; if %q belongs to it, make that heading deeper", hs[i+1].Text)
			}
			p.Report(h.Span, f)
		}
	},
}

// hasContent reports whether a reader sees anything below a heading. Comments
// and attribute lists are not seen; what a template will write is.
func hasContent(h *syntax.Heading) bool {
	for _, b := range h.Blocks {
		switch b.Kind {
		case syntax.HTML:
			if t := strings.TrimSpace(b.Text); !strings.HasPrefix(t, "<!--") || !strings.HasSuffix(t, "-->") || strings.Count(t, "<!--") > 1 {
				return true
			}
		case syntax.Directive:
			if t := strings.TrimSpace(b.Text); !strings.HasPrefix(t, "{:") {
				return true
			}
		case syntax.Rule, syntax.Definition:
		default:
			return true
		}
	}
	return false
}
