package lint

import (
	"slices"

	"github.com/cadre-hq/cadre/internal/family"
)

// Some pages describe a role once and then its levels: "Berth Planner", with
// duties and requirements, and below it "Berth Planner (Intermediate)" and
// "Senior Berth Planner" with grades. What the role states holds for its
// levels, and what only a level has, such as a grade, is not missing from the
// role.

// baseOf returns the role that a level is a level of, or nil: the page's own
// role, or an earlier one without a grade below which the level stands, or
// whose title the titles of graded levels contain, this one's too.
func (p *PagePass) baseOf(l *family.Level) *family.Level {
	at := slices.Index(p.Family.Levels, l)
	for i := at - 1; i >= 0; i-- {
		b := p.Family.Levels[i]
		switch {
		case b.Slug == "":
			return b
		case len(b.Grades) > 0 || b.Unaligned:
		case p.standsBelow(b, l) || p.isNamedAfter(l, b) && p.gathers(b):
			return b
		}
	}
	return nil
}

// gathers reports whether graded levels are named after a role. Where none has
// a grade, a role without one is just a level like the others.
func (p *PagePass) gathers(role *family.Level) bool {
	return slices.ContainsFunc(p.Family.Levels, func(l *family.Level) bool {
		return l != role && (len(l.Grades) > 0 || l.Unaligned) && p.isNamedAfter(l, role)
	})
}

// isBase reports whether a level without a grade is the role that others are
// levels of.
func (p *PagePass) isBase(l *family.Level) bool {
	if len(l.Grades) > 0 {
		return false
	}
	return slices.ContainsFunc(p.Family.Levels, func(m *family.Level) bool { return m != l && p.baseOf(m) == l })
}

// hasFromBase reports whether the role that a level is a level of has what is
// asked for.
func (p *PagePass) hasFromBase(l *family.Level, has func(*family.Level) bool) bool {
	for b := p.baseOf(l); b != nil; b = p.baseOf(b) {
		if has(b) {
			return true
		}
	}
	return false
}

// isNamedAfter reports whether the words of a level's title are those of a
// role's and more.
func (p *PagePass) isNamedAfter(l, role *family.Level) bool {
	words := p.rung(role).key
	return len(words) > 0 && contains(p.rung(l).key, words)
}

// standsBelow reports whether a level's heading stands inside a role's.
func (p *PagePass) standsBelow(role, l *family.Level) bool {
	i := p.rung(l).section
	if i < 0 {
		return false
	}
	sections := p.Family.Sections
	for i = sections[i].Parent; i >= 0; i = sections[i].Parent {
		if sections[i].Line == role.Line {
			return true
		}
	}
	return false
}
