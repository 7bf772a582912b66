package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// ladderDown finds next steps that lead to the level itself or to a lower
// grade.
var ladderDown = Rule{
	Code:     "CAD360",
	Name:     "ladder-down",
	Title:    "The next step of a level leads to another level, and not to a lower grade.",
	Severity: diag.Error,
	Origin:   "JF130",
	Page:     checkLadderDown,
}

func checkLadderDown(p *PagePass) {
	for _, l := range p.levels() {
		for _, r := range l.Ladder.Next {
			p.checkStep(l, r)
		}
	}
}

// checkStep looks at one next step that a level names, in prose or by an arrow
// of a diagram.
func (p *PagePass) checkStep(l *family.Level, r family.Reference) {
	next := p.Family.Level(r.Level)
	switch {
	case l.Slug != "" && r.Target == "#"+l.Slug:
		p.Report(r.Span, diag.Finding{
			Message: fmt.Sprintf("the next step of %q links to %q itself", l.Title, l.Title),
			Hint:    "link to the level that comes next",
		})
	case next == nil && r.Target == "" && p.calling(r.Title).key == p.calling(l.Title).key:
		p.Report(p.nameSpan(r), diag.Finding{
			Message: fmt.Sprintf("the next step of %q is %q itself", l.Title, r.Title),
			Hint:    "name the level that comes next",
		})
	case next != nil && next != l && p.lower(next, l):
		p.Report(p.nameSpan(r), diag.Finding{
			Message: fmt.Sprintf("the next step of %q (grade %s) is %q, whose grade is lower (%s)", l.Title, lowest(l.Grades), next.Title, highest(next.Grades)),
			Hint:    "one of the two grades or the ladder is wrong",
			Related: []diag.Related{p.Related(p.levelSpan(next), "the lower grade")},
		})
	}
}

// lower reports whether the grades of a level are all below those of another
// one. A step to the other track may lead to a lower grade.
func (p *PagePass) lower(next, l *family.Level) bool {
	a, b := highest(next.Grades), lowest(l.Grades)
	return a != "" && b != "" && policy.CompareGrades(a, b) < 0 && p.rung(next).manages == p.rung(l).manages
}
