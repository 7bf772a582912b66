package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// suppression wants each suppression to name rules that there are, and to give
// a reason: who reads the page next year must be able to tell whether it still
// holds.
var suppression = Rule{
	Code:     "CAD120",
	Name:     "bad-suppression",
	Title:    "A suppression names known codes and gives a reason.",
	Severity: diag.Warning,
	Page: func(p *PagePass) {
		for _, s := range p.suppressions {
			if s.Fault != "" {
				p.Report(s.Place.Span, diag.Finding{
					Message: "the suppression has no effect: " + s.Fault,
					Hint:    "write <!-- cadre-ignore CODE: reason -->",
				})
				continue
			}
			for _, c := range s.Codes {
				if find(p.registry, c.Code) != nil {
					continue
				}
				p.Report(c.Span, diag.Finding{
					Message: fmt.Sprintf("no rule has the code %q%s", c.Code, nearest.Hint(string(c.Code), codes(p.registry))),
					Hint:    "`cadre rules` lists all codes",
				})
			}
		}
	},
}
