package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// delegatedRequirements finds requirements that a level leaves to another
// page: candidates and interviewers cannot answer them one by one.
var delegatedRequirements = Rule{
	Code:     "CAD315",
	Name:     "delegated-requirements",
	Title:    "A level states its requirements as a list, and does not leave them to another page.",
	Severity: diag.Info,
	Page:     checkDelegated,
}

func checkDelegated(p *PagePass) {
	words := p.policy().Matcher()
	for _, l := range p.levels() {
		for _, t := range l.Requirements.Prose {
			link := p.linkIn(t)
			if link == nil || !words.Has(policy.Elsewhere, t.Text) {
				continue
			}
			p.Report(t.Span, diag.Finding{
				Message: fmt.Sprintf("%q leaves its requirements to another page (%s)", l.Title, link.Text),
				Hint:    "list the requirements here, one item each; the other page can stay as a link",
			})
			break
		}
	}
}

// linkIn returns the first link of a text that leads to another page, or nil.
func (p *PagePass) linkIn(t family.Text) *family.Link {
	for i := range p.Family.Links {
		l := &p.Family.Links[i]
		if t.Span.Contains(l.Span.Start) && p.destination(l.Target).kind != samePage {
			return l
		}
	}
	return nil
}
