package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
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
		p.checkEdges(&l.Ladder)
	}
	if p.IsFamily {
		p.checkEdges(&p.Family.Ladder)
	}
}

// checkStep looks at one next step that a level names.
func (p *PagePass) checkStep(l *family.Level, r family.Reference) {
	next := p.Family.Level(r.Level)
	switch {
	case next == l && strings.HasPrefix(r.Target, "#"):
		p.Report(r.Span, diag.Finding{
			Message: fmt.Sprintf("the next step of %q links to %q itself", l.Title, l.Title),
			Hint:    "link to the level that comes next",
		})
	case (next == l || next == nil) && r.Target == "" && roleKey(r.Title) == roleKey(l.Title):
		p.Report(p.nameSpan(r), diag.Finding{
			Message: fmt.Sprintf("the next step of %q is %q itself", l.Title, r.Title),
			Hint:    "name the level that comes next",
		})
	case next != nil && next != l && p.lower(next, l):
		p.reportDown(p.nameSpan(r), l, next)
	}
}

// checkEdges looks at the arrows of a diagram, as far as they name levels of
// the page.
func (p *PagePass) checkEdges(ladder *family.Ladder) {
	for _, e := range ladder.Edges {
		from, to := p.levelCalled(e.From), p.levelCalled(e.To)
		if from != nil && to != nil && from != to && p.lower(to, from) {
			p.reportDown(e.Span, from, to)
		}
	}
}

// levelCalled returns the level of the page with that title, whatever its
// spelling, or nil.
func (p *PagePass) levelCalled(title string) *family.Level {
	i := slices.IndexFunc(p.Family.Levels, func(l *family.Level) bool { return roleKey(l.Title) == roleKey(title) })
	if i < 0 {
		return nil
	}
	return p.Family.Levels[i]
}

// reportDown speaks of a step from a level to a lower one.
func (p *PagePass) reportDown(at source.Span, l, next *family.Level) {
	p.Report(at, diag.Finding{
		Message: fmt.Sprintf("the next step of %q (grade %s) is %q, whose grade is lower (%s)", l.Title, lowest(l.Grades), next.Title, highest(next.Grades)),
		Hint:    "one of the two grades or the ladder is wrong",
		Related: []diag.Related{p.Related(p.levelSpan(next), "the lower grade")},
	})
}

// lower reports whether the grades of a level are all below those of another
// one. A step to the other track may lead to a lower grade.
func (p *PagePass) lower(next, l *family.Level) bool {
	a, b := highest(next.Grades), lowest(l.Grades)
	return a != "" && b != "" && policy.CompareGrades(a, b) < 0 && manages(p.policy(), next) == manages(p.policy(), l)
}
