package lint

import (
	"fmt"
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
		grade := ""
		for _, l := range p.Family.Levels {
			g := lowest(l.Grades)
			if g != "" && (h.Level == "" || h.Level == l.Title) && policy.CompareGrades(g, partner.From) >= 0 {
				high = append(high, l.Title)
				grade = g
			}
		}
		if len(high) == 0 {
			continue
		}
		who := quoted(high)
		if len(high) == 1 {
			who += " (grade " + grade + ")"
		}
		p.Report(processSpan(h), diag.Finding{
			Message: fmt.Sprintf("candidates for %s do not meet a %s", who, partner.Title),
			Hint:    fmt.Sprintf("add the interview, which the organisation wants from grade %s on", partner.From),
		})
	}
}

// meets reports whether a step names the partner.
func meets(h *family.Process, partner policy.Partner) bool {
	for _, s := range h.Steps {
		text := strings.ToLower(s.Text)
		if strings.Contains(text, strings.ToLower(partner.Title)) {
			return true
		}
		for _, other := range partner.Others {
			if strings.Contains(text, strings.ToLower(other)) {
				return true
			}
		}
	}
	return false
}
