package lint

import (
	"slices"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
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
		case p.standsBelow(b, l) || containsKey(l.Title, b.Title) && p.gathers(b):
			return b
		}
	}
	return nil
}

// gathers reports whether graded levels are named after a role. Where none has
// a grade, a role without one is just a level like the others.
func (p *PagePass) gathers(role *family.Level) bool {
	return slices.ContainsFunc(p.Family.Levels, func(l *family.Level) bool {
		return l != role && (len(l.Grades) > 0 || l.Unaligned) && containsKey(l.Title, role.Title)
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

// containsKey reports whether the words of a title are the words of another
// one and more.
func containsKey(title, part string) bool {
	a, b := resolve.RoleKey(title), resolve.RoleKey(part)
	return len(b) > 0 && contains(a, b)
}

// standsBelow reports whether a level's heading stands inside a role's.
func (p *PagePass) standsBelow(role, l *family.Level) bool {
	sections := p.Family.Sections
	for _, s := range sections {
		if s.Line != l.Line || s.Kind != family.LevelKind {
			continue
		}
		for i := s.Parent; i >= 0; i = sections[i].Parent {
			if sections[i].Line == role.Line {
				return true
			}
		}
	}
	return false
}
