package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// missingSpan asks for a span of control where most other managers of the
// family state one.
var missingSpan = Rule{
	Code:     "CAD309",
	Name:     "missing-span",
	Title:    "If most managers of a family state how many people they manage, all do.",
	Severity: diag.Info,
	Page:     checkMissingSpan,
}

func checkMissingSpan(p *PagePass) {
	var without []*family.Level
	var example *family.Level
	managers := 0
	for _, l := range p.levels() {
		if l.Track != family.Management || p.isBase(l) || p.retired(l) {
			continue
		}
		managers++
		if l.Manages != nil {
			example = l
		} else {
			without = append(without, l)
		}
	}
	if len(without)*2 >= managers {
		return
	}
	for _, l := range without {
		p.Report(p.levelSpan(l), diag.Finding{
			Message: fmt.Sprintf("%q does not say how many people it manages, unlike other levels", l.Title),
			Hint:    `add the figure to the first sentence: "typically manages 4-6 …"`,
			Related: []diag.Related{p.Related(example.Manages.Span, fmt.Sprintf("%q does", example.Title))},
		})
	}
}
