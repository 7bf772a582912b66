package lint

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
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
	var at source.Span
	for _, s := range p.Family.Specialties {
		if s.Level != "" || p.namesLevel(s.Title) {
			return // a level's own, or clear from its name
		}
		if at.Empty() {
			at = s.Span
		}
	}
	if at.Empty() {
		return
	}
	for i, s := range p.Family.Sections {
		if !p.amongSpecialties(i) {
			continue
		}
		if s.Kind == family.SpecialtiesKind {
			at = s.Span
		} else if p.namesLevel(s.Title) {
			return
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

// amongSpecialties reports whether a section is that of the specialties, one
// of them, or a part of one.
func (p *PagePass) amongSpecialties(i int) bool {
	for ; i >= 0; i = p.Family.Sections[i].Parent {
		if k := p.Family.Sections[i].Kind; k == family.SpecialtiesKind || k == family.SpecialtyKind {
			return true
		}
	}
	return false
}

// namesLevel reports whether a text speaks of levels, names one of them by its
// rank, or names the role that all of them are.
func (p *PagePass) namesLevel(text string) bool {
	pack := p.policy()
	words := resolve.RoleKey(text)
	if slices.ContainsFunc(words, func(w string) bool {
		return w == "level" || w == "intermediate" || w != "manager" && pack.IsRank(w)
	}) || strings.Contains(strings.ToLower(text), "level") {
		return true
	}
	role := p.commonRole()
	return len(role) > 0 && contains(words, role)
}

// commonRole returns the words that the titles of all levels share.
func (p *PagePass) commonRole() []string {
	var common []string
	for i, l := range p.Family.Levels {
		key := resolve.RoleKey(l.Title)
		if i == 0 {
			common = slices.Clone(key)
		}
		common = slices.DeleteFunc(common, func(w string) bool { return !slices.Contains(key, w) })
	}
	return common
}
