package lint

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// specialtyLevels wants to know for which levels the specialties of a family
// are.
var specialtyLevels = Rule{
	Code:     "CAD313",
	Name:     "specialty-levels",
	Title:    "Specialties that stand once for the family say which levels they pertain to.",
	Severity: diag.Warning,
	Origin:   "JF026",
	Page:     checkSpecialtyLevels,
}

func checkSpecialtyLevels(p *PagePass) {
	if len(p.levels()) < 2 {
		return
	}
	var first *family.Specialty
	for _, s := range p.Family.Specialties {
		if s.Level != "" || p.namesLevel(s.Title) {
			return // a level's own, or clear from its name
		}
		if first == nil {
			first = s
		}
		for _, t := range s.Intro {
			if p.namesLevel(t.Text) {
				return
			}
		}
	}
	if first == nil {
		return
	}
	at := first.Span
	for _, s := range p.Family.Sections {
		if s.Kind != family.SpecialtiesKind {
			continue
		}
		if s.Line <= first.Line {
			at = s.Span
		}
		for _, t := range s.Text {
			if p.namesLevel(t.Text) {
				return
			}
		}
	}
	p.Report(at, diag.Finding{
		Message: "the page does not say to which of its levels the specialties pertain",
		Hint:    "add a sentence that names the levels, or says that they are open to all of them",
	})
}

// namesLevel reports whether a text speaks of levels, or names one of them by
// its rank.
func (p *PagePass) namesLevel(text string) bool {
	pack := p.policy()
	for _, w := range resolve.RoleKey(text) {
		if w == "level" || w == "all" || w == "every" || pack.IsRank(w) && w != "manager" {
			return true
		}
	}
	lower := strings.ToLower(text)
	return strings.Contains(lower, "level")
}
