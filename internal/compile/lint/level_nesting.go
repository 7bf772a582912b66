package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// levelNesting finds levels that stand, by the depth of their headings, inside
// a section of another kind: a level below "Hiring Process" belongs to it in
// every table of contents.
var levelNesting = Rule{
	Code:     "CAD218",
	Name:     "level-nesting",
	Title:    "A level stands below the levels, not inside a section about something else.",
	Severity: diag.Warning,
	Origin:   "JF101",
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		sections := p.Family.Sections
		for _, s := range sections {
			if s.Kind != family.LevelKind {
				continue
			}
			for i := s.Parent; i >= 0; i = sections[i].Parent {
				outer := sections[i]
				if outer.Kind == family.LevelKind || outer.Kind == family.LevelsKind {
					break
				}
				if holdsNoLevel(outer.Kind) {
					p.Report(s.Span, diag.Finding{
						Message: fmt.Sprintf("the level %q stands inside the section %q", s.Title, outer.Title),
						Hint:    "move it below the levels, or make its heading as deep as theirs",
						Related: []diag.Related{p.Related(outer.Span, "the section")},
					})
					break
				}
			}
		}
	},
}

// holdsNoLevel reports whether a section is about something that no level is
// part of.
func holdsNoLevel(k family.Kind) bool {
	switch k {
	case family.GradeKind, family.ResponsibleKind, family.RequirementsKind, family.BothKind, family.NiceKind, family.IndicatorsKind,
		family.HiringKind, family.LadderKind, family.SpecialtiesKind, family.SegmentsKind, family.ReferencesKind:
		return true
	}
	return false
}
