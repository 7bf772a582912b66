package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// missingGrade wants a job grade for every level.
var missingGrade = Rule{
	Code:     "CAD305",
	Name:     "missing-grade",
	Title:    "Every level states its job grade.",
	Severity: diag.Error,
	Origin:   "JF013",
	Page: func(p *PagePass) {
		for _, l := range p.levels() {
			has := func(l *family.Level) bool { return len(l.Grades) > 0 || l.Unaligned }
			if has(l) || p.isBase(l) || p.hasFromBase(l, has) {
				continue
			}
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q states no job grade", l.Title),
				Hint:    "add the grade, or say that the level is not aligned to one",
			})
		}
	},
}
