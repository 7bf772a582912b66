package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// specialtyManager asks for the manager of a specialty where the level leaves
// it open, or where the other specialties name theirs.
var specialtyManager = Rule{
	Code:     "CAD336",
	Name:     "specialty-manager",
	Title:    "Where a level can report to several roles, each specialty says to which.",
	Severity: diag.Info,
	Page:     checkSpecialtyManager,
}

func checkSpecialtyManager(p *PagePass) {
	for _, l := range p.levels() {
		var silent []*family.Specialty
		var example *family.Specialty
		for _, s := range p.Family.Specialties {
			switch {
			case s.Level != l.Title || s.Group:
			case len(s.ReportsTo) > 0:
				example = s
			default:
				silent = append(silent, s)
			}
		}
		open := len(l.ReportsTo) > 1 && l.ReportsToMode == family.Any
		for _, s := range silent {
			f := diag.Finding{
				Message: fmt.Sprintf("the specialty %q does not say to whom it reports", s.Title),
				Hint:    `add the reporting line: "… and reports to the …"`,
			}
			switch {
			case example != nil:
				f.Message += ", unlike others of its level"
				f.Related = []diag.Related{p.Related(example.Reporting.Span, fmt.Sprintf("%q does", example.Title))}
			case open:
				f.Message += fmt.Sprintf(", and %q has several managers", l.Title)
				f.Related = []diag.Related{p.Related(l.Reporting.Span, "the reporting line of the level")}
			default:
				continue
			}
			p.Report(s.Span, f)
		}
	}
}
