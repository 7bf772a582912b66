package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
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
	var without []*family.Level
	stated := false
	for _, l := range p.levels() {
		has := func(l *family.Level) bool { return l.Ladder.Stated || len(l.Ladder.Next) > 0 }
		switch {
		case has(l):
			stated = true
		case !p.tops(l) && !p.isBase(l) && !p.hasFromBase(l, has):
			without = append(without, l)
		}
	}
	if !stated {
		if len(without) > 0 {
			p.Report(p.titleSpan(), diag.Finding{
				Message: "the family has no career ladder",
				Hint:    `add a section "Career Ladder" that names the next job family, or says that it is not yet defined`,
			})
		}
		return
	}
	for _, l := range without {
		p.Report(p.levelSpan(l), diag.Finding{
			Message: fmt.Sprintf("%q has no career ladder, unlike other levels", l.Title),
			Hint:    "say what the next step is, or that it is not yet defined",
		})
	}
}

// tops reports whether a level has the highest grade of the scale, so that
// nothing can come next.
func (p *PagePass) tops(l *family.Level) bool {
	scale := p.policy().Grades.Scale
	if len(scale) == 0 {
		return false
	}
	top := scale[len(scale)-1].Value
	if g := highest(l.Grades); g != "" {
		return policy.CompareGrades(g, top) >= 0
	}
	g, _ := p.policy().TitleGrade(l.Title)
	return g == top
}
