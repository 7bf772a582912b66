package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// peoplePartner wants candidates from a grade on to meet the role that the
// organisation names for it.
var peoplePartner = Rule{
	Code:     "CAD353",
	Name:     "people-partner",
	Title:    "Candidates for high levels meet a partner of the people team.",
	Severity: diag.Info,
	Page:     checkPeoplePartner,
}

func checkPeoplePartner(p *PagePass) {
	partner := p.policy().Hiring.Partner
	if !p.IsFamily || partner.Title == "" {
		return
	}
	for _, h := range p.Family.Hiring {
		if len(h.Steps) == 0 || meets(h, partner) {
			continue
		}
		var high []string
		for _, l := range p.candidates(h) {
			if g := lowest(l.Grades); g != "" && policy.CompareGrades(g, partner.From) >= 0 {
				high = append(high, fmt.Sprintf("%q (grade %s)", l.Title, g))
			}
		}
		if len(high) > 0 {
			p.Report(processSpan(h), diag.Finding{
				Message: fmt.Sprintf("candidates for %s meet no %s", listed(high, "and"), partner.Title),
				Hint:    fmt.Sprintf("add the interview, which the organisation wants from grade %s on", partner.From),
			})
		}
	}
}

// candidates returns the levels that a process is for: its own one, or all
// levels of the family that have none of their own.
func (p *PagePass) candidates(h *family.Process) []*family.Level {
	var levels []*family.Level
	for _, l := range p.Family.Levels {
		own := slices.ContainsFunc(p.Family.Hiring, func(o *family.Process) bool { return o.Level == l.Title && len(o.Steps) > 0 })
		if h.Level == l.Title || h.Level == "" && !own {
			levels = append(levels, l)
		}
	}
	return levels
}

// meets reports whether a step names the partner.
func meets(h *family.Process, partner policy.Partner) bool {
	names := append([]string{partner.Title}, partner.Others...)
	return slices.ContainsFunc(h.Steps, func(s *family.Step) bool {
		text := strings.ToLower(s.Text)
		return slices.ContainsFunc(names, func(name string) bool {
			name = strings.ToLower(name)
			return hasName(text, name) || hasName(text, name+"s")
		})
	})
}
