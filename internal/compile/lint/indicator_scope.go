package lint

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// indicatorScope finds indicators that the holder of the role does not own, or
// that belong to one period only.
var indicatorScope = Rule{
	Code:     "CAD373",
	Name:     "indicator-scope",
	Title:    "A performance indicator is the role's own, and is not bound to a period.",
	Severity: diag.Info,
	Origin:   "JF063",
	Page:     checkIndicatorScope,
}

func checkIndicatorScope(p *PagePass) {
	if !p.IsFamily {
		return
	}
	p.scopes(&p.Family.Indicators)
	for _, l := range p.Family.Levels {
		p.scopes(&l.Indicators)
	}
}

func (p *PagePass) scopes(d *family.Duties) {
	eachItem(d, func(item source.Span) {
		seen := false
		p.find(item, policy.Lists(policy.CompanyIndicators, policy.TimeBoxed), func(h policy.Hit, at source.Span) {
			if seen || h.List == policy.TimeBoxed && p.isRate(item, at) || bytes.IndexByte(p.File.Slice(item), '{') >= 0 {
				return
			}
			seen = true
			f := diag.Finding{
				Message: fmt.Sprintf("%q binds the indicator to a period", p.File.Slice(at)),
				Hint:    "state what is measured; how often it is looked at is no part of it",
			}
			if h.List == policy.CompanyIndicators {
				f.Message = fmt.Sprintf("%q: the indicator belongs to the company or a whole function, not to the role", p.File.Slice(at))
				f.Hint = "name what this role does for it"
			}
			p.Report(at, f)
		})
	})
}

// isRate reports whether the period at a span is the unit of a rate, "moves per
// month", rather than the time in which a number is due: "2 studies per month",
// "Studies: 5 per planner per month".
func (p *PagePass) isRate(item, at source.Span) bool {
	if said := p.File.Slice(at); len(said) < len("per ") || !bytes.EqualFold(said[:len("per ")], []byte("per ")) {
		return false
	}
	words := strings.Fields(strings.ToLower(string(p.File.Slice(source.Span{Start: item.Start, End: at.Start}))))
	if len(words) > 0 && strings.Trim(words[0], "0123456789.)*-+") == "" {
		words = words[1:] // the marker of the item
	}
	if n := len(words); n > 2 && words[n-2] == "per" {
		words = words[:n-2]
	}
	return len(words) == 0 || !isCount(words[0]) && !isCount(words[len(words)-1])
}
