package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// secondPerson finds pages that address the reader. It speaks once for each
// section.
var secondPerson = Rule{
	Code:     "CAD408",
	Name:     "second-person",
	Title:    "A page describes the role, and does not address the reader.",
	Severity: diag.Info,
	Style:    true,
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		last, first := "", true
		p.find(p.body(), policy.Lists(policy.SecondPerson), func(_ policy.Hit, at source.Span) {
			where := p.Heading(at.Start)
			if where == last && !first {
				return
			}
			last, first = where, false
			p.Report(at, diag.Finding{
				Message: fmt.Sprintf("%q addresses the reader", plain(p.File.Slice(at))),
				Hint:    "say what the role does or needs",
			})
		})
	},
}
