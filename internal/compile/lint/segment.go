package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// segment keeps market segments to the departments that have them.
var segment = Rule{
	Code:     "CAD314",
	Name:     "segment",
	Title:    "Only families of departments that work by market segment have a section for segments.",
	Severity: diag.Warning,
	Origin:   "JF027",
	Page:     checkSegment,
}

func checkSegment(p *PagePass) {
	allowed := p.policy().Segments.Departments
	folders := strings.Split(parent(served(p.File.Path)+"/"), "/")
	if !p.IsFamily || len(allowed) == 0 || len(folders) < 2 {
		return // a page given alone does not show its department
	}
	if slices.ContainsFunc(folders, func(f string) bool { return slices.Contains(allowed, f) }) {
		return
	}
	for _, s := range p.Family.Sections {
		if s.Kind == family.SegmentsKind {
			p.Report(s.Span, diag.Finding{
				Message: fmt.Sprintf("the section %q is for families of %s", s.Title, listed(allowed, "and")),
				Hint:    "name the section for what it holds, or remove it",
			})
		}
	}
}
