package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// duplicateStep finds a step that stands twice in one process.
var duplicateStep = Rule{
	Code:     "CAD354",
	Name:     "duplicate-step",
	Title:    "No step stands twice in a hiring process.",
	Severity: diag.Warning,
	Origin:   "JF120",
	Page:     checkDuplicateStep,
}

func checkDuplicateStep(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, h := range p.Family.Hiring {
		type key struct{ group, text string }
		first := map[key]*family.Step{}
		for _, s := range h.Steps {
			k := key{s.Group, sentence(s.Text)}
			before := first[k]
			if before == nil || k.text == "" {
				first[k] = s
				continue
			}
			p.Report(s.Span, diag.Finding{
				Message: fmt.Sprintf("%s has this step twice: %q", processName(h), s.Text),
				Hint:    "remove it, or say how the two differ",
				Related: []diag.Related{p.Related(before.Span, "the same step")},
			})
		}
	}
}
