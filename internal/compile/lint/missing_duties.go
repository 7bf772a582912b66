package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// missingResponsibilities wants duties for every level, its own or the
// family's.
var missingResponsibilities = Rule{
	Code:     "CAD301",
	Name:     "missing-responsibilities",
	Title:    "Every level has responsibilities, its own or the family's.",
	Severity: diag.Error,
	Origin:   "JF010",
	Page: func(p *PagePass) {
		p.missingDuties(family.ResponsibilitiesOf, &p.Family.Responsibilities, func(l *family.Level) *family.Duties { return &l.Responsibilities })
	},
}

// missingRequirements wants requirements for every level, its own or the
// family's.
var missingRequirements = Rule{
	Code:     "CAD302",
	Name:     "missing-requirements",
	Title:    "Every level has requirements, its own or the family's.",
	Severity: diag.Error,
	Origin:   "JF011",
	Page: func(p *PagePass) {
		p.missingDuties(family.RequirementsOf, &p.Family.Requirements, func(l *family.Level) *family.Duties { return &l.Requirements })
	},
}

// missingDuties reports the levels that have no list of a kind. A page into
// which a template puts text may have one that the file does not show.
func (p *PagePass) missingDuties(what family.What, all *family.Duties, of func(*family.Level) *family.Duties) {
	if all.Stated() || all.Count() > 0 || dynamic(p.Outline) {
		return
	}
	without, _ := p.lacking(func(l *family.Level) bool {
		return of(l).Stated() || of(l).Count() > 0 || extends(l, what)
	})
	for _, l := range without {
		f := diag.Finding{
			Message: fmt.Sprintf("%q has no %s, and the family states none for all levels", l.Title, what),
			Hint:    fmt.Sprintf("add a section of %s for this level, or one for the whole family before the levels", what),
		}
		if len(p.levels()) == 1 {
			f.Message = fmt.Sprintf("%q has no %s", l.Title, what)
			f.Hint = fmt.Sprintf("add a section of %s", what)
		}
		p.Report(p.levelSpan(l), f)
	}
}

// extends reports whether a level says that it has the duties of another one.
func extends(l *family.Level, what family.What) bool {
	for _, e := range l.Extends {
		if e.What == "" || e.What == string(what) {
			return true
		}
	}
	return false
}
