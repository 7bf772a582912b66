package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
)

// boldHeading finds bold lines that act as headings. They have no anchor, and
// are missing in tables of contents and for readers of screens.
var boldHeading = Rule{
	Code:     "CAD104",
	Name:     "bold-heading",
	Title:    "A heading is written as a heading, not as a bold line.",
	Severity: diag.Info,
	Origin:   "JF105",
	Page: func(p *PagePass) {
		for _, h := range p.Outline.Headings {
			for i, b := range h.Blocks {
				if b.Kind != syntax.Paragraph || !b.Bold || len(b.Lines) != 1 || i+1 == len(h.Blocks) || !titled(b.Text) {
					continue
				}
				p.Report(b.Span, diag.Finding{
					Message: fmt.Sprintf("the bold line %q stands for a heading", b.Text),
					Hint:    fmt.Sprintf("write %s %s, so that it has an anchor", strings.Repeat("#", min(h.Depth+1, 6)), strings.TrimRight(b.Text, ":")),
				})
			}
		}
	},
}

// titled reports whether a bold line is a title and not an emphasised
// sentence.
func titled(text string) bool {
	return text != "" && len(text) <= 60 && !strings.ContainsAny(text[len(text)-1:], ".!?") && strings.Count(text, " ") < 8
}
