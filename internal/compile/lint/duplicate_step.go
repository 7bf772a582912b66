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
	var keys []uint64
	for _, h := range p.Family.Hiring {
		keys = keys[:0]
		for i, s := range h.Steps {
			keys = append(keys, sentenceKey(s.Text))
			before := sameStep(h.Steps[:i], keys, s)
			if before == nil {
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

// sameStep returns the first of some steps that says the same as another one in
// the same group, or nil. The keys are those of the steps, the last that of the
// other one.
func sameStep(steps []*family.Step, keys []uint64, s *family.Step) *family.Step {
	key := keys[len(steps)]
	if key == 0 {
		return nil // too short to tell
	}
	for i, before := range steps {
		if keys[i] == key && before.Group == s.Group && sentence(before.Text) == sentence(s.Text) {
			return before
		}
	}
	return nil
}
