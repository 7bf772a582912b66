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
	Page:     checkMissingGrade,
}

func checkMissingGrade(p *PagePass) {
	without, _ := p.lacking(func(l *family.Level) bool { return len(l.Grades) > 0 || l.Unaligned })
	for _, l := range without {
		p.Report(p.levelSpan(l), diag.Finding{
			Message: fmt.Sprintf("%q states no job grade", l.Title),
			Hint:    "add the grade, or say that the level is not aligned to one",
		})
	}
}
