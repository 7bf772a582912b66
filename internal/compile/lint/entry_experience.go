package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// entryExperience finds levels for beginners that ask for experience.
var entryExperience = Rule{
	Code:     "CAD404",
	Name:     "entry-experience",
	Title:    "Levels for beginners ask for no prior experience.",
	Severity: diag.Error,
	Origin:   "JF073",
	Page:     checkEntryExperience,
}

func checkEntryExperience(p *PagePass) {
	entry := p.policy().Entry.Max
	if entry == "" || !p.IsFamily {
		return
	}
	for _, l := range p.Family.Levels {
		g := highest(l.Grades)
		if g == "" || policy.CompareGrades(g, entry) > 0 {
			continue
		}
		eachItem(&l.Requirements, func(item source.Span) { p.checkEntry(l, g, item) })
	}
}

// checkEntry reports an item that demands experience; one that only wishes for
// it, or that speaks of something else called so, is fine.
func (p *PagePass) checkEntry(l *family.Level, grade string, item source.Span) {
	var asks source.Span
	wish := false
	p.find(item, policy.Lists(policy.PriorExperience, policy.NotRequired), func(h policy.Hit, at source.Span) {
		switch {
		case h.List == policy.NotRequired:
			wish = true
		case asks.Empty():
			asks = at
		}
	})
	if asks.Empty() || wish {
		return
	}
	p.Report(asks, diag.Finding{
		Message: fmt.Sprintf("%q (grade %s) asks for prior experience", l.Title, grade),
		Hint:    fmt.Sprintf("up to grade %s ask for what somebody can do, not for what they have done before", p.policy().Entry.Max),
	})
}
