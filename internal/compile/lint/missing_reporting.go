package lint

import (
	"fmt"
	"slices"

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
	Page:     checkMissingReporting,
}

func checkMissingReporting(p *PagePass) {
	without, _ := p.lacking(func(l *family.Level) bool {
		return len(l.ReportsTo) > 0 || l.Reporting.Text != "" || p.specialtiesReport(l)
	})
	for _, l := range slices.DeleteFunc(without, p.tops) {
		p.Report(p.levelSpan(l), diag.Finding{
			Message: fmt.Sprintf("%q does not say to whom it reports", l.Title),
			Hint:    fmt.Sprintf(`add one sentence below the heading: "The %s reports to the …"`, l.Title),
		})
	}
}

// specialtiesReport reports whether each specialty of a level says to whom it
// reports, so that nobody on the level is left without a manager.
func (p *PagePass) specialtiesReport(l *family.Level) bool {
	found := false
	for _, s := range p.Family.Specialties {
		switch {
		case s.Group || s.Level != l.Title && (s.Level != "" || len(p.Family.Levels) > 1):
		case len(s.ReportsTo) == 0:
			return false
		default:
			found = true
		}
	}
	return found
}
