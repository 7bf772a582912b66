package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// reportingCycle finds levels that report to each other in a circle.
var reportingCycle = Rule{
	Code:     "CAD333",
	Name:     "reporting-cycle",
	Title:    "Reporting lines lead upwards and never back.",
	Severity: diag.Error,
	Origin:   "JF111",
	Page:     checkReportingCycle,
}

func checkReportingCycle(p *PagePass) {
	reported := map[*family.Level]bool{}
	for _, l := range p.levels() {
		if i := slices.IndexFunc(l.ReportsTo, func(r family.Reference) bool { return namesItself(l, r) }); i >= 0 {
			p.Report(p.nameSpan(l.ReportsTo[i]), diag.Finding{
				Message: fmt.Sprintf("%q reports to itself", l.Title),
				Hint:    "name the manager of the level",
			})
			continue
		}
		circle := p.circle(l, nil)
		if circle == nil || slices.ContainsFunc(circle, func(c *family.Level) bool { return reported[c] }) {
			continue
		}
		f := diag.Finding{Hint: "one of these reporting lines is wrong"}
		titles := make([]string, len(circle))
		for i, c := range circle {
			titles[i] = c.Title
			reported[c] = true
			if c != l {
				f.Related = append(f.Related, p.Related(c.Reporting.Span, fmt.Sprintf("the reporting line of %q", c.Title)))
			}
		}
		f.Message = fmt.Sprintf("%s report to each other in a circle", quoted(titles))
		p.Report(l.Reporting.Span, f)
	}
}

// namesItself reports whether a level names itself as its manager. A link to
// another page may lead to somebody else of that title, and another order of
// its words may mean another role: the Manager, Berths is no Berth Manager.
func namesItself(l *family.Level, r family.Reference) bool {
	if r.Target != "" {
		return l.Slug != "" && r.Target == "#"+l.Slug
	}
	return r.Level == "" && strings.EqualFold(withoutBrackets(r.Title), withoutBrackets(l.Title))
}

// circle follows the reporting lines of a level until they come back to it,
// and returns the levels on the way; nil if they do not.
func (p *PagePass) circle(l *family.Level, path []*family.Level) []*family.Level {
	if len(path) > 0 && l == path[0] {
		return path
	}
	if slices.Contains(path, l) {
		return nil
	}
	path = append(slices.Clip(path), l)
	for _, r := range l.ReportsTo {
		if next := p.Family.Level(r.Level); next != nil {
			if c := p.circle(next, path); c != nil {
				return c
			}
		}
	}
	return nil
}
