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
	names := partnerNames(partner)
	for _, h := range p.Family.Hiring {
		if len(h.Steps) == 0 {
			continue
		}
		var high []string
		for _, l := range p.candidates(h) {
			if g := lowest(l.Grades); g != "" && policy.CompareGrades(g, partner.From) >= 0 {
				high = append(high, fmt.Sprintf("%q (grade %s)", l.Title, g))
			}
		}
		if len(high) > 0 && !meets(h, names) {
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

// partnerNames returns the names of the partner in lower case, each of them in
// the singular and in the plural.
func partnerNames(partner policy.Partner) []string {
	names := make([]string, 0, 2*(1+len(partner.Others)))
	for _, name := range append([]string{partner.Title}, partner.Others...) {
		name = strings.ToLower(name)
		names = append(names, name, name+"s")
	}
	return names
}

// meets reports whether a step has one of some names in it.
func meets(h *family.Process, names []string) bool {
	return slices.ContainsFunc(h.Steps, func(s *family.Step) bool {
		text := strings.ToLower(s.Text)
		return slices.ContainsFunc(names, func(name string) bool { return hasName(text, name) })
	})
}
