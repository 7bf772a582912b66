package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// missingIndicators wants performance indicators, of the family or of each
// level.
var missingIndicators = Rule{
	Code:     "CAD304",
	Name:     "missing-indicators",
	Title:    "A family says how success is measured, for all levels or for each.",
	Severity: diag.Error,
	Origin:   "JF012",
	Page:     checkMissingIndicators,
}

func checkMissingIndicators(p *PagePass) {
	if p.Family.Indicators.Stated() || p.Family.Indicators.Count() > 0 || dynamic(p.Outline) {
		return
	}
	for _, s := range p.Family.Sections {
		if s.Kind == family.IndicatorsKind && s.Level == "" {
			return // of a specialty
		}
	}
	without, stated := p.lacking(func(l *family.Level) bool { return l.Indicators.Stated() || l.Indicators.Count() > 0 })
	switch {
	case len(without) == 0:
	case !stated:
		p.Report(p.titleSpan(), diag.Finding{
			Message: "the family has no performance indicators",
			Hint:    `add a section "Performance Indicators" for all levels`,
		})
	default:
		for _, l := range without {
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q has no performance indicators, unlike other levels", l.Title),
				Hint:    "add its indicators, or state those that hold for all levels once for the family",
			})
		}
	}
}
