package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// headingJump wants a section to be one step deeper than the one it stands in.
// A page whose depths jump reads wrong in every table of contents, and nobody
// can tell what belongs to what.
var headingJump = Rule{
	Code:     "CAD103",
	Name:     "heading-jump",
	Title:    "A heading is at most one step deeper than the one before it.",
	Severity: diag.Warning,
	Origin:   "JF102",
	Page: func(p *PagePass) {
		before := 1 // the title of the page counts as the first heading
		for _, h := range p.Outline.Headings[1:] {
			if h.Depth > before+1 {
				f := diag.Finding{
					Message: fmt.Sprintf("the heading %q jumps from depth %d to %d", h.Text, before, h.Depth),
					Hint:    fmt.Sprintf("make it %s, or give it a heading to stand below", strings.Repeat("#", before+1)),
				}
				if before == 1 && h == p.Outline.Headings[1] {
					f.Message = fmt.Sprintf("the first heading, %q, has depth %d", h.Text, h.Depth)
					f.Hint = "make it ##: the page's title is the heading above it"
				}
				p.Report(h.Span, f)
			}
			before = h.Depth
		}
	},
}
