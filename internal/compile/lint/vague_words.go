package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// vagueWords finds lists that end in "etc.": who reads them must guess what
// else is meant.
var vagueWords = Rule{
	Code:     "CAD407",
	Name:     "vague-words",
	Title:    `A list says all that it means, and does not end in "etc.".`,
	Severity: diag.Info,
	Style:    true,
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		p.find(p.body(), policy.Lists(policy.Vague), func(_ policy.Hit, at source.Span) {
			p.Report(at, diag.Finding{
				Message: fmt.Sprintf("%q leaves open what else is meant", plain(p.File.Slice(at))),
				Hint:    `name the rest, or begin the list with "such as"`,
			})
		})
	},
}
