package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// mandatoryRequirement wants the requirement that the organisation demands
// everywhere. Its wording is configuration.
var mandatoryRequirement = Rule{
	Code:     "CAD303",
	Name:     "mandatory-requirement",
	Title:    "Every level has the requirement that the organisation demands everywhere.",
	Severity: diag.Error,
	Origin:   "JF011",
	Page:     checkMandatory,
}

func checkMandatory(p *PagePass) {
	if p.Mandatory == nil || p.demands(&p.Family.Requirements) || dynamic(p.Outline) {
		return
	}
	var without []*family.Level
	for _, l := range p.levels() {
		stated := p.Family.Requirements.Stated() || l.Requirements.Stated()
		if stated && !p.retired(l) && !p.demandedOf(l, map[*family.Level]bool{}) {
			without = append(without, l)
		}
	}
	if len(without) == 0 {
		return
	}
	hint := fmt.Sprintf("add %q to the requirements", p.MandatoryText)
	if len(without) == len(p.levels()) && len(without) > 1 {
		at := without[0].Requirements.Sections
		if p.Family.Requirements.Stated() {
			at = p.Family.Requirements.Sections
		}
		p.Report(at[0], diag.Finding{
			Message: fmt.Sprintf("no level requires %q", p.MandatoryText),
			Hint:    hint + " of the family",
		})
		return
	}
	for _, l := range without {
		at := p.levelSpan(l)
		if own := l.Requirements.Sections; len(own) > 0 {
			at = own[0]
		}
		p.Report(at, diag.Finding{
			Message: fmt.Sprintf("%q does not require %q", l.Title, p.MandatoryText),
			Hint:    hint + " of this level, or of the family if it holds for all levels",
		})
	}
}

// demands reports whether a list holds the mandatory requirement.
func (p *PagePass) demands(d *family.Duties) bool {
	for _, it := range d.Items {
		if p.Mandatory.MatchString(it.Text) {
			return true
		}
	}
	for _, t := range d.Prose {
		if p.Mandatory.MatchString(t.Text) {
			return true
		}
	}
	return false
}

// demandedOf reports whether a level has the mandatory requirement, by itself
// or from a level that it extends. What a level of another page requires is
// not known here and counts in its favour.
func (p *PagePass) demandedOf(l *family.Level, seen map[*family.Level]bool) bool {
	if seen[l] {
		return false
	}
	seen[l] = true
	if p.demands(&l.Requirements) {
		return true
	}
	if b := p.baseOf(l); b != nil && p.demandedOf(b, seen) {
		return true
	}
	for _, e := range l.Extends {
		if e.What != "" && e.What != string(family.RequirementsKind) {
			continue
		}
		lower := p.Family.Level(e.Level)
		if lower == nil || p.demandedOf(lower, seen) {
			return true
		}
	}
	return false
}
