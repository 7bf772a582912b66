package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// indicatorCount wants few performance indicators, but more than one or two.
var indicatorCount = Rule{
	Code:     "CAD370",
	Name:     "indicator-count",
	Title:    "A family has as many performance indicators as the organisation wants.",
	Severity: diag.Warning,
	Origin:   "JF060",
	Page:     checkIndicatorCount,
}

func checkIndicatorCount(p *PagePass) {
	if !p.IsFamily || dynamic(p.Outline) {
		return
	}
	all := outer(&p.Family.Indicators)
	p.countIndicators("the family", &p.Family.Indicators, all)
	for _, l := range p.Family.Levels {
		if all == 0 { // else a level's own come on top of the family's
			p.countIndicators(`"`+l.Title+`"`, &l.Indicators, outer(&l.Indicators))
		}
	}
}

func (p *PagePass) countIndicators(owner string, d *family.Duties, n int) {
	want := p.policy().Indicators
	if n == 0 || want.Holds(n) || len(d.Sections) == 0 {
		return
	}
	p.Report(d.Sections[0], diag.Finding{
		Message: fmt.Sprintf("%s has %d performance %s; it should have %s", owner, n, verb(n, "indicator", "indicators"), figures(&family.Manages{Min: want.Min, Max: want.Max})),
		Hint:    "source of the limits: " + want.Source,
	})
}

// outer counts the items of a list that are not below others.
func outer(d *family.Duties) int {
	n := 0
	for _, it := range d.Items {
		if it.Depth == 0 {
			n++
		}
	}
	return n
}
