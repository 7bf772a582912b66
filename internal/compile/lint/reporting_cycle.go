package lint

import (
	"fmt"
	"slices"

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
		circle := p.circle(l, nil)
		if circle == nil || slices.ContainsFunc(circle, func(c *family.Level) bool { return reported[c] }) {
			continue
		}
		titles := make([]string, len(circle))
		for i, c := range circle {
			titles[i] = c.Title
			reported[c] = true
		}
		f := diag.Finding{
			Message: fmt.Sprintf("%s report to each other in a circle", quoted(titles)),
			Hint:    "one of these reporting lines is wrong",
		}
		if len(circle) == 1 {
			f.Message = fmt.Sprintf("%q reports to itself", l.Title)
		}
		for _, c := range circle[1:] {
			f.Related = append(f.Related, p.Related(c.Reporting.Span, fmt.Sprintf("the reporting line of %q", c.Title)))
		}
		p.Report(l.Reporting.Span, f)
	}
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
