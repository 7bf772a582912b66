package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// missingStep wants the steps that every hiring process of the organisation
// has.
var missingStep = Rule{
	Code:     "CAD352",
	Name:     "missing-step",
	Title:    "A hiring process has the steps that the organisation wants in each.",
	Severity: diag.Info,
	Page:     checkMissingStep,
}

func checkMissingStep(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, h := range p.Family.Hiring {
		if len(h.Steps) == 0 {
			continue
		}
		var lacks []string
		for _, kind := range p.policy().Hiring.Steps {
			if !hasStep(h, family.StepKind(kind)) {
				lacks = append(lacks, stepNames[family.StepKind(kind)])
			}
		}
		if len(lacks) > 0 {
			p.Report(processSpan(h), diag.Finding{
				Message: fmt.Sprintf("%s has no %s", processName(h), listed(lacks, "and no")),
				Hint:    "add the missing " + verb(len(lacks), "step", "steps") + ", so that candidates know what to expect",
			})
		}
	}
}

// hasStep reports whether a process has a step of a kind, as an item or in the
// text around the list.
func hasStep(h *family.Process, kind family.StepKind) bool {
	for _, s := range h.Steps {
		if s.Kind == kind {
			return true
		}
	}
	// What comes last may stand below the list: "an offer follows". A bare
	// "offer" may be anything that the organisation offers.
	name := stepNames[kind]
	if kind == family.Offer {
		name = "an offer"
	}
	return slices.ContainsFunc(h.Prose, func(t family.Text) bool {
		return hasName(strings.ToLower(t.Text), name)
	})
}

// stepNames call the kinds of step as people do.
var stepNames = map[family.StepKind]string{
	family.Apply: "application", family.Screening: "screening call", family.Interview: "interview", family.Assessment: "assessment",
	family.Presentation: "presentation", family.References: "reference check", family.Offer: "offer",
}
