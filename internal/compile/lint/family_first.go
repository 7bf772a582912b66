package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// familyFirst wants what holds for all levels to stand before them: further
// down it reads as if it were the last level's.
var familyFirst = Rule{
	Code:     "CAD221",
	Name:     "family-first",
	Title:    "Responsibilities and requirements of the whole family stand before the levels.",
	Severity: diag.Warning,
	Origin:   "JF020",
	Page: func(p *PagePass) {
		if !p.IsFamily || len(p.Family.Levels) < 2 {
			return
		}
		var level *family.Section
		for _, s := range p.Family.Sections {
			switch s.Kind {
			case family.LevelKind:
				if level == nil {
					level = s
				}
			case family.ResponsibleKind, family.RequirementsKind, family.BothKind:
				if level == nil || s.Level != "" || s.Prefix != "" || p.branch(s) {
					continue
				}
				p.Report(s.Span, diag.Finding{
					Message: fmt.Sprintf("%q holds for the whole family and stands behind the level %q", s.Title, level.Title),
					Hint:    "move it above the levels",
					Related: []diag.Related{p.Related(level.Span, "the first level")},
				})
			}
		}
	},
}

// branch reports whether a section belongs to a specialty or segment.
func (p *PagePass) branch(s *family.Section) bool {
	for i := s.Parent; i >= 0; i = p.Family.Sections[i].Parent {
		switch p.Family.Sections[i].Kind {
		case family.SpecialtiesKind, family.SpecialtyKind, family.SegmentsKind, family.SegmentKind, family.HiringKind:
			return true
		}
	}
	return false
}
