package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
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
	if len(p.levels()) < 2 || len(p.Family.Specialties) == 0 {
		return
	}
	names := p.levelNames()
	var at source.Span
	for _, s := range p.Family.Specialties {
		if s.Level != "" || names.inSpecialty(s) {
			return // a level's own, or clear from what it says
		}
		if at.Empty() {
			at = s.Span
		}
	}
	if at.Empty() {
		return
	}
	for i, s := range p.Family.Sections {
		switch {
		case !p.amongSpecialties(i):
		case names.in(s.Title):
			return
		case s.Kind == family.SpecialtiesKind:
			if names.inAny(s.Text) {
				return
			}
			at = s.Span
		}
	}
	p.Report(at, diag.Finding{
		Message: fmt.Sprintf("the page does not say to which of its %d levels the specialties pertain", len(p.levels())),
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

// levelNames tells whether a text says which levels it is about.
type levelNames struct {
	pack   *policy.Pack
	levels []*family.Level
	role   []string // words that the titles of all levels share
}

func (p *PagePass) levelNames() levelNames {
	n := levelNames{pack: p.policy(), levels: p.levels()}
	for i, l := range n.levels {
		key := p.rung(l).key
		if i == 0 {
			n.role = slices.Clone(key)
		}
		n.role = slices.DeleteFunc(n.role, func(w string) bool { return !slices.Contains(key, w) })
	}
	return n
}

// in reports whether a text speaks of levels, names one of them by its rank,
// or names the role that all of them are.
func (n *levelNames) in(text string) bool {
	if strings.Contains(strings.ToLower(text), "level") {
		return true
	}
	words := resolve.RoleKey(text)
	return len(n.role) > 0 && contains(words, n.role) || slices.ContainsFunc(words, func(w string) bool {
		return w == "intermediate" || w != "manager" && n.pack.IsRank(w)
	})
}

// inAny reports whether one of some texts says which levels it is about.
func (n *levelNames) inAny(texts []family.Text) bool {
	return slices.ContainsFunc(texts, func(t family.Text) bool { return n.in(t.Text) })
}

// inSpecialty reports whether a specialty says for whom it is: in its title,
// in a paragraph, or in an item that names a level in full. Items speak of
// many people, so that a rank alone says nothing there.
func (n *levelNames) inSpecialty(s *family.Specialty) bool {
	if n.in(s.Title) || n.inAny(s.Intro) || n.inAny(s.Responsibilities.Prose) || n.inAny(s.Requirements.Prose) {
		return true
	}
	return slices.ContainsFunc(slices.Concat(s.Responsibilities.Items, s.Requirements.Items), func(it *family.Item) bool {
		return slices.ContainsFunc(n.levels, func(l *family.Level) bool {
			return strings.Contains(l.Title, " ") && strings.Contains(it.Text, l.Title)
		})
	})
}
