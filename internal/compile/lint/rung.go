package lint

import (
	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/family"
)

// A rung is what rules that compare levels with each other need to know of
// each; it is found out once for a page.
type rung struct {
	level    *family.Level
	key      []string // words of the title, in the spelling in which titles are compared
	calling  *calling
	manages  bool
	section  int    // index of the section that the level's heading opens; -1 if there is none
	grouping string // the heading around the level that sorts levels; see groupingOf
}

// rung returns what is known of a level of the page.
func (p *PagePass) rung(l *family.Level) *rung {
	if p.rungs == nil {
		p.rungs = make([]rung, len(p.Family.Levels))
		for i, l := range p.Family.Levels {
			r := &p.rungs[i]
			*r = rung{level: l, key: resolve.RoleKey(l.Title), calling: p.calling(l.Title), manages: manages(p.policy(), l)}
			r.section = sectionOf(p.Family.Sections, l)
			r.grouping = groupingOf(p.Family.Sections, r.section)
		}
	}
	for i := range p.rungs {
		if r := &p.rungs[i]; r.level == l {
			return r
		}
	}
	panic("lint: a level of another page")
}

// sectionOf returns the index of the section that a level's heading opens, or
// -1.
func sectionOf(sections []*family.Section, l *family.Level) int {
	for i, s := range sections {
		if s.Line == l.Line && s.Kind == family.LevelKind {
			return i
		}
	}
	return -1
}

// groupingOf returns the heading around a section of a level that sorts levels:
// "Leadership", "Individual Contributors"; "" if only the page or "Levels"
// encloses it.
func groupingOf(sections []*family.Section, i int) string {
	if i < 0 {
		return ""
	}
	for i = sections[i].Parent; i >= 0; i = sections[i].Parent {
		if k := sections[i].Kind; k == family.GroupKind || k == family.Unknown {
			return sections[i].Title
		}
	}
	return ""
}
