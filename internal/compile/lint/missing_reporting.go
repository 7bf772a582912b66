package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
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
			has := func(l *family.Level) bool { return len(l.ReportsTo) > 0 || l.Reporting.Text != "" }
			if has(l) || p.tops(l) || p.isBase(l) || p.hasFromBase(l, has) {
				continue
			}
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q does not say to whom it reports", l.Title),
				Hint:    fmt.Sprintf(`add one sentence below the heading: "The %s reports to the …"`, l.Title),
			})
		}
	},
}
