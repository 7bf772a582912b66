package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
)

// marketExamples asks individual-contributor levels above a grade for examples
// from the market.
var marketExamples = Rule{
	Code:     "CAD322",
	Name:     "market-examples",
	Title:    "High levels of the individual track link examples from the market.",
	Severity: diag.Info,
	Origin:   "JF031",
	Style:    true,
	Page:     checkMarketExamples,
}

func checkMarketExamples(p *PagePass) {
	market := p.policy().Market
	if market.From == "" {
		return
	}
	text := strings.ToLower(string(p.File.Text))
	for _, w := range market.Words {
		if strings.Contains(text, strings.ToLower(w)) {
			return
		}
	}
	for _, l := range p.levels() {
		g := highest(l.Grades)
		if g == "" || policy.CompareGrades(g, market.From) < 0 || manages(p.policy(), l) {
			continue
		}
		p.Report(p.levelSpan(l), diag.Finding{
			Message: fmt.Sprintf("%q (grade %s) has no examples from the market", l.Title, g),
			Hint:    fmt.Sprintf("individual-contributor levels from grade %s on link data that supports them", market.From),
		})
	}
}
