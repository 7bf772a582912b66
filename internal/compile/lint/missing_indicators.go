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
	var without []*family.Level
	stated := false
	for _, l := range p.levels() {
		has := func(l *family.Level) bool { return l.Indicators.Stated() || l.Indicators.Count() > 0 }
		switch {
		case has(l):
			stated = true
		case !p.isBase(l) && !p.hasFromBase(l, has):
			without = append(without, l)
		}
	}
	if len(without) > 0 && !stated {
		p.Report(p.titleSpan(), diag.Finding{
			Message: "the family has no performance indicators",
			Hint:    `add a section "Performance Indicators" for all levels`,
		})
		return
	}
	for _, l := range without {
		p.Report(p.levelSpan(l), diag.Finding{
			Message: fmt.Sprintf("%q has no performance indicators, unlike other levels", l.Title),
			Hint:    "add its indicators, or state those that hold for all levels once for the family",
		})
	}
}
