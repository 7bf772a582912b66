package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// reportingLower finds managers who report to a lower grade than their own.
var reportingLower = Rule{
	Code:     "CAD334",
	Name:     "reporting-lower-grade",
	Title:    "A manager does not report to a role of a lower grade.",
	Severity: diag.Error,
	Origin:   "JF111",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			for i := range page.Roles {
				p.checkReportsLower(page, &page.Roles[i])
			}
		}
	},
}

func (p *FolderPass) checkReportsLower(page *Facts, r *RoleFact) {
	if r.Use != Reporting || r.Level == "" {
		return
	}
	own := page.level(r.Level)
	boss := p.known(page, r)
	if own == nil || boss.Level == nil || own.Track != family.Management {
		return
	}
	low, high := extreme(own.Grades, -1), extreme(boss.Level.Grades, 1)
	if low == "" || high == "" || policy.CompareGrades(high, low) >= 0 {
		return
	}
	p.Report(r.Place, r.Heading, diag.Finding{
		Message: fmt.Sprintf("%q (grade %s) reports to %q, whose grade is lower (%s)", own.Title, low, boss.Level.Title, high),
		Hint:    "one of the two grades or the reporting line is wrong",
		Related: []diag.Related{{Place: boss.Level.Place, Message: "the lower grade"}},
	})
}

// level returns the level with that title, or nil.
func (f *Facts) level(title string) *LevelFact {
	for i := range f.Levels {
		if f.Levels[i].Title == title {
			return &f.Levels[i]
		}
	}
	return nil
}

// known returns the level that a role means: of its own page, of the page that
// it links, or the only one of that name; the zero Role if that cannot be told.
func (p *FolderPass) known(page *Facts, r *RoleFact) Role {
	if r.Own != "" {
		return Role{page, page.level(r.Own)}
	}
	named := p.Index.Named(r.Title)
	if r.Target != "" {
		t := p.Index.Resolve(page, r.Target)
		for _, n := range named {
			if n.Page == t.Page {
				return n
			}
		}
		return Role{}
	}
	if len(named) == 1 {
		return named[0]
	}
	return Role{}
}

// extreme returns the highest (1) or lowest (-1) of some grades.
func extreme(grades []string, sign int) string {
	best := ""
	for _, g := range grades {
		if best == "" || policy.CompareGrades(g, best)*sign > 0 {
			best = g
		}
	}
	return best
}
