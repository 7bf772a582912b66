package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
)

// gradeScale wants grades that the organisation has published.
var gradeScale = Rule{
	Code:     "CAD320",
	Name:     "grade-scale",
	Title:    "A job grade is on the published scale.",
	Severity: diag.Error,
	Origin:   "JF030",
	Page:     checkGradeScale,
}

func checkGradeScale(p *PagePass) {
	scale := p.policy().Grades
	if len(scale.Scale) == 0 {
		return
	}
	for _, l := range p.levels() {
		for _, g := range l.Grades {
			if scale.Has(g.Value) {
				continue
			}
			p.Report(g.Span, diag.Finding{
				Message: fmt.Sprintf("grade %s of %q is not on the published scale", g.Value, l.Title),
				Hint:    scaleHint(scale, g.Value),
			})
		}
	}
}

// scaleHint names the grades next to one that is not on the scale.
func scaleHint(scale policy.GradeScale, value string) string {
	below, above := "", ""
	values := make([]string, len(scale.Scale))
	for i, g := range scale.Scale {
		values[i] = g.Value
		switch c := policy.CompareGrades(g.Value, value); {
		case c < 0:
			below = g.Value
		case c > 0 && above == "":
			above = g.Value
		}
	}
	if below != "" && above != "" {
		return fmt.Sprintf("the nearest published grades are %s and %s", below, above)
	}
	return "published grades are " + strings.Join(values, ", ")
}
