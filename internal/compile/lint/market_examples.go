package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
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
	levels := p.levels()
	for i, l := range levels {
		g := highest(l.Grades)
		if g == "" || policy.CompareGrades(g, market.From) < 0 || !individual(p.policy(), l) {
			continue
		}
		if p.showsMarket(p.partOfPage(i)) {
			continue
		}
		p.Report(p.levelSpan(l), diag.Finding{
			Message: fmt.Sprintf("%q (grade %s) has no examples from the market", l.Title, g),
			Hint:    fmt.Sprintf("individual-contributor levels from grade %s on show data or links that support them", market.From),
		})
	}
}

// individual reports whether a level is surely one of individual contributors:
// the page says so, or its title does. A "Berth Manager" may be either, a
// "Principal Berth Manager" manages berths.
func individual(pack *policy.Pack, l *family.Level) bool {
	title := callingOf(pack, l.Title)
	if l.Track != "" || !isManager(title) {
		return !manages(pack, l)
	}
	for _, g := range pack.Grades.Scale {
		for _, t := range g.Individual {
			if policy.CompareGrades(g.Value, pack.Market.From) >= 0 && slices.Contains(title.rank, strings.ToLower(t)) {
				return true
			}
		}
	}
	return false
}

// partOfPage returns the text from the heading of a level to that of the next
// one.
func (p *PagePass) partOfPage(i int) source.Span {
	levels := p.levels()
	part := source.Span{Start: levels[i].Span.Start, End: len(p.File.Text)}
	for _, l := range levels {
		if l.Span.Start > part.Start {
			part.End = min(part.End, l.Span.Start)
		}
	}
	return part
}

// showsMarket reports whether a part of the page shows examples from the
// market.
func (p *PagePass) showsMarket(part source.Span) bool {
	text := bytes.ToLower(p.File.Slice(part))
	return slices.ContainsFunc(p.policy().Market.Words, func(w string) bool {
		return bytes.Contains(text, []byte(strings.ToLower(w)))
	})
}
