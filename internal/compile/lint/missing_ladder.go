package lint

import (
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// missingLadder wants to know what comes next: for the family, or for every
// level if levels say it themselves.
var missingLadder = Rule{
	Code:     "CAD307",
	Name:     "missing-ladder",
	Title:    "A family says what the next step is, for all levels or for each.",
	Severity: diag.Warning,
	Origin:   "JF015, JF131",
	Page:     checkMissingLadder,
}

func checkMissingLadder(p *PagePass) {
	all := &p.Family.Ladder
	if all.Stated || len(all.Next) > 0 || len(all.Edges) > 0 || dynamic(p.Outline) {
		return
	}
	without, stated := p.lacking(func(l *family.Level) bool { return l.Ladder.Stated || len(l.Ladder.Next) > 0 })
	without = slices.DeleteFunc(without, p.tops)
	switch {
	case len(without) == 0:
	case !stated:
		p.Report(p.titleSpan(), diag.Finding{
			Message: "the family has no career ladder",
			Hint:    `add a section "Career Ladder" that names the next job family, or says that it is not yet defined`,
		})
	default:
		for _, l := range without {
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q has no career ladder, unlike other levels", l.Title),
				Hint:    "say what the next step is, or that it is not yet defined",
			})
		}
	}
}
