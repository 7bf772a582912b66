package lint

import (
	"slices"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// Several rules ask whether every level has something. They agree on whom they
// ask: a role that only gathers its levels, and a level that is no longer in
// use, need nothing of their own, and what a role states holds for its levels.

// lacking returns the levels that do not have what is asked for, and whether
// any level has it.
func (p *PagePass) lacking(has func(*family.Level) bool) (without []*family.Level, stated bool) {
	for _, l := range p.levels() {
		switch {
		case has(l):
			stated = true
		case !p.isBase(l) && !p.hasFromBase(l, has) && !p.retired(l):
			without = append(without, l)
		}
	}
	return without, stated
}

// retired reports whether the page keeps a level only to say that it is no
// longer in use.
func (p *PagePass) retired(l *family.Level) bool {
	if len(l.Grades) > 0 || l.Responsibilities.Count() > 0 {
		return false
	}
	return slices.ContainsFunc(l.Intro, func(t family.Text) bool {
		return p.policy().Matcher().Has(policy.Retired, t.Text)
	})
}

// tops reports whether a level has the highest grade of the scale, so that
// nobody stands above it.
func (p *PagePass) tops(l *family.Level) bool {
	scale := p.policy().Grades.Scale
	if len(scale) == 0 {
		return false
	}
	top := scale[len(scale)-1].Value
	if g := highest(l.Grades); g != "" {
		return policy.CompareGrades(g, top) >= 0
	}
	g, _ := p.policy().TitleGrade(l.Title)
	return g == top
}
