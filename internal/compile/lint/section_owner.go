package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// sectionOwner finds sections whose heading names another level than the one
// they stand in: mostly a copy that was not finished.
var sectionOwner = Rule{
	Code:     "CAD217",
	Name:     "section-owner",
	Title:    "A section names the level that it stands in.",
	Severity: diag.Warning,
	Origin:   "JF100",
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		for _, s := range p.Family.Sections {
			if s.Prefix == "" || s.Kind == family.LevelKind || s.Kind == family.SpecialtyKind {
				continue
			}
			level := p.enclosingLevel(s)
			if level == nil || !p.namesRank(s.Prefix) || !p.otherCalling(level.Title, s.Prefix) {
				continue
			}
			p.Report(s.Span, diag.Finding{
				Message: fmt.Sprintf("the heading %q stands in the level %q and names another role", s.Title, level.Title),
				Hint:    "name the level, or move the section to the level that it names",
				Related: []diag.Related{p.Related(level.Span, "the level")},
			})
		}
	},
}

// enclosingLevel returns the section of the level that encloses a section by
// the depths of the headings, or nil.
func (p *PagePass) enclosingLevel(s *family.Section) *family.Section {
	for i := s.Parent; i >= 0; i = p.Family.Sections[i].Parent {
		if p.Family.Sections[i].Kind == family.LevelKind {
			return p.Family.Sections[i]
		}
	}
	return nil
}

// namesRank reports whether a prefix of a heading names a role and not a part
// of the work, such as "Team" or "EMEA".
func (p *PagePass) namesRank(prefix string) bool {
	return len(p.calling(prefix).rank) > 0
}
