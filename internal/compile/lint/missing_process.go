package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// missingProcess wants a hiring process, of the family or of each level.
var missingProcess = Rule{
	Code:     "CAD306",
	Name:     "missing-hiring-process",
	Title:    "A family says how candidates are hired, for all levels or for each.",
	Severity: diag.Error,
	Origin:   "JF014",
	Page:     checkMissingProcess,
}

func checkMissingProcess(p *PagePass) {
	has := map[string]bool{}
	for _, h := range p.Family.Hiring {
		has[h.Level] = true
	}
	for _, s := range p.Family.Sections {
		if s.Kind == family.HiringKind {
			has[s.Level] = true
		}
	}
	if has[""] || dynamic(p.Outline) {
		return
	}
	without, stated := p.lacking(func(l *family.Level) bool { return has[l.Title] })
	switch {
	case len(without) == 0:
	case !stated:
		p.Report(p.titleSpan(), diag.Finding{
			Message: "the family has no hiring process",
			Hint:    `add a section "Hiring Process" for all levels`,
		})
	default:
		for _, l := range without {
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q has no hiring process, unlike other levels", l.Title),
				Hint:    "add the process of this level, or state one for the whole family",
			})
		}
	}
}
