package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// sectionName wants the sections of levels to be named in one way on a page:
// with the level ("Planner Requirements") or without it ("Requirements"). Both
// are fine; a mixture is hard to link to.
var sectionName = Rule{
	Code:     "CAD220",
	Name:     "section-name",
	Title:    "The sections of levels are named in one way throughout a page.",
	Severity: diag.Info,
	Origin:   "JF024, JF025",
	Style:    true,
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		var named [3][]*family.Section // by form
		most := 0
		for _, s := range p.Family.Sections {
			if s.Level == "" || s.Pseudo || !ofLevel(s.Kind) {
				continue
			}
			form := formOf(s)
			named[form] = append(named[form], s)
		}
		for form := range named {
			if len(named[form]) > len(named[most]) {
				most = form
			}
		}
		for form, sections := range named {
			if form == most {
				continue
			}
			for _, s := range sections {
				p.Report(s.Span, diag.Finding{
					Message: fmt.Sprintf("the heading %q is formed unlike the %d others of the page, such as %q", s.Title, len(named[most]), named[most][0].Title),
					Hint:    "name the sections of all levels in one way",
				})
			}
		}
	},
}

// ofLevel reports whether each level has a section of the kind.
func ofLevel(k family.Kind) bool {
	switch k {
	case family.GradeKind, family.ResponsibleKind, family.RequirementsKind, family.IndicatorsKind:
		return true
	}
	return false
}

// The forms of headings of sections.
const (
	bareForm = iota // Requirements
	longForm        // Planner Requirements
	dashForm        // Planner - Requirements
)

func formOf(s *family.Section) int {
	switch rest := strings.TrimPrefix(s.Title, s.Prefix); {
	case s.Prefix == "":
		return bareForm
	case strings.HasPrefix(strings.TrimSpace(rest), "-") || strings.HasPrefix(strings.TrimSpace(rest), "–"):
		return dashForm
	}
	return longForm
}
