package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
)

// vacancyTone finds the language of a vacancy: a family describes a role, and
// advertises none.
var vacancyTone = Rule{
	Code:     "CAD401",
	Name:     "vacancy-tone",
	Title:    "A job family does not use the language of a vacancy.",
	Severity: diag.Warning,
	Origin:   "JF070",
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		for _, at := range p.said(policy.Vacancy) {
			p.Report(at, diag.Finding{
				Message: fmt.Sprintf("%q is the language of a vacancy", plain(p.File.Slice(at))),
				Hint:    "say what the role does, and address nobody",
			})
		}
	},
}
