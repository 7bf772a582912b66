package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// spanPolicy finds spans of control that lie wholly outside what the
// organisation wants of any manager.
var spanPolicy = Rule{
	Code:     "CAD341",
	Name:     "span-outside-policy",
	Title:    "A span of control meets the one that the organisation wants of every manager.",
	Severity: diag.Info,
	Page:     checkSpanPolicy,
}

func checkSpanPolicy(p *PagePass) {
	want := p.policy().Span
	for _, l := range p.levels() {
		m := l.Manages
		if m == nil || m.Scope != family.Direct || countsTeams(m) {
			continue
		}
		few := want.Min != nil && m.Max != nil && *m.Max < *want.Min
		many := want.Max != nil && m.Min != nil && *m.Min > *want.Max
		if !few && !many {
			continue
		}
		people := "people"
		if len(m.Of) > 0 {
			people = listed(m.Of, "and")
		}
		p.Report(m.Span, diag.Finding{
			Message: fmt.Sprintf("%q manages %s %s; a manager should have %s", l.Title, figures(m), people, figures(&family.Manages{Min: want.Min, Max: want.Max})),
			Hint:    "the limits come from: " + want.Source,
		})
	}
}

// countsTeams reports whether a span counts teams, not people.
func countsTeams(m *family.Manages) bool {
	for _, of := range m.Of {
		for _, w := range resolve.RoleKey(of) {
			if w == "team" || w == "department" || w == "group" {
				return true
			}
		}
	}
	return false
}
