package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// reportingLink wants the manager's role to be a link, so that readers find
// its family.
var reportingLink = Rule{
	Code:     "CAD330",
	Name:     "reporting-link",
	Title:    "The role that a level reports to is a link.",
	Severity: diag.Warning,
	Origin:   "JF040",
	Style:    true,
	Page: func(p *PagePass) {
		for _, l := range p.levels() {
			for _, r := range l.ReportsTo {
				if r.Target == "" {
					p.Report(p.nameSpan(r), diag.Finding{
						Message: fmt.Sprintf("%q reports to %q, which is no link", l.Title, r.Title),
						Hint:    "link the role to its family, or to its heading on this page",
					})
				}
			}
		}
	},
}
