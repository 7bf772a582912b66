package lint

import (
	"github.com/cadre-hq/cadre/internal/diag"
)

// description wants front matter to describe the family in a sentence, which
// is what lists and search engines show.
var description = Rule{
	Code:     "CAD113",
	Name:     "description",
	Title:    "The front matter describes the family in a sentence.",
	Severity: diag.Info,
	Origin:   "JF001",
	Style:    true,
	Page: func(p *PagePass) {
		fm := &p.Outline.FrontMatter
		if !p.IsFamily || !fm.Present {
			return
		}
		for _, key := range []string{"description", "summary"} {
			if fd := fm.Field(key); fd != nil && fd.Value != "" {
				return
			}
		}
		p.Report(firstLine(p.File, fm.Span), diag.Finding{
			Message: "the front matter has no description",
			Hint:    "add description: and a sentence that says who the family is and what it does",
		})
	},
}
