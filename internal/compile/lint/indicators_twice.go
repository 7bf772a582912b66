package lint

import (
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// indicatorsTwice wants performance indicators in one place: with the family
// if they are the same for all levels, else with each level.
var indicatorsTwice = Rule{
	Code:     "CAD371",
	Name:     "indicators-twice",
	Title:    "Performance indicators stand once for the family, or with each level, not both.",
	Severity: diag.Warning,
	Origin:   "JF061",
	Page:     checkIndicatorsTwice,
}

func checkIndicatorsTwice(p *PagePass) {
	var with, without []*family.Level
	for _, l := range p.levels() {
		if l.Indicators.Count() > 0 {
			with = append(with, l)
		} else {
			without = append(without, l)
		}
	}
	switch all := &p.Family.Indicators; {
	case len(with) == 0:
	case all.Count() > 0:
		p.reportBoth(all, with, without)
	case len(with) > 1 && len(without) == 0:
		p.reportSame(with)
	}
}

// reportBoth speaks of a family that has indicators and whose levels have
// their own as well.
func (p *PagePass) reportBoth(all *family.Duties, with, without []*family.Level) {
	titles := make([]string, len(with))
	for i, l := range with {
		titles[i] = l.Title
	}
	f := diag.Finding{
		Message: "performance indicators stand both for the family and for " + quoted(titles),
		Hint:    "state them once for the family, or with each level",
	}
	if n := len(without); n > 0 && len(with) <= n {
		f.Message += fmt.Sprintf("; %s", verb(n, "another level has none of its own", fmt.Sprintf("%d other levels have none of their own", n)))
	}
	if len(all.Sections) > 0 {
		f.Related = append(f.Related, p.Related(all.Sections[0], "those of the family"))
	}
	p.Report(indicatorsSpan(with[0]), f)
}

// reportSame speaks of levels that all have the same indicators.
func (p *PagePass) reportSame(levels []*family.Level) {
	texts := func(l *family.Level) []string {
		var list []string
		for _, it := range l.Indicators.Items {
			bare, _ := bareWords(it.Text)
			list = append(list, bare)
		}
		return list
	}
	first := texts(levels[0])
	for _, l := range levels[1:] {
		if !slices.Equal(first, texts(l)) {
			return
		}
	}
	p.Report(indicatorsSpan(levels[1]), diag.Finding{
		Message: verb(len(levels)-1, "both levels", fmt.Sprintf("all %d levels", len(levels))) + " have the same performance indicators",
		Hint:    "state them once for the family",
		Related: []diag.Related{p.Related(indicatorsSpan(levels[0]), "stated here first")},
	})
}

// indicatorsSpan is where findings about the indicators of a level stand.
func indicatorsSpan(l *family.Level) source.Span {
	if len(l.Indicators.Sections) > 0 {
		return l.Indicators.Sections[0]
	}
	return l.Indicators.Items[0].Span
}
