package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// missingReporting wants a reporting line for every level but the highest of
// the organisation.
var missingReporting = Rule{
	Code:     "CAD308",
	Name:     "missing-reporting-line",
	Title:    "Every level says to whom it reports.",
	Severity: diag.Error,
	Origin:   "JF040",
	Page: func(p *PagePass) {
		for _, l := range p.levels() {
			if len(l.ReportsTo) > 0 || l.Reporting.Text != "" || p.tops(l) {
				continue
			}
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q does not say to whom it reports", l.Title),
				Hint:    fmt.Sprintf(`add one sentence below the heading: "The %s reports to the …"`, l.Title),
			})
		}
	},
}
