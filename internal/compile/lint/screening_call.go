package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// screeningCall wants the process to begin with a screening call of the usual
// length.
var screeningCall = Rule{
	Code:     "CAD350",
	Name:     "screening-call",
	Title:    "A hiring process begins with a screening call of the length that the organisation wants.",
	Severity: diag.Warning,
	Origin:   "JF050",
	Page:     checkScreeningCall,
}

func checkScreeningCall(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, h := range p.Family.Hiring {
		if i := screeningOf(h); i >= 0 {
			p.checkScreening(h, i)
		}
	}
}

// screeningOf returns which step of a process is its first screening call, or
// -1.
func screeningOf(h *family.Process) int {
	for i, s := range h.Steps {
		if s.Kind == family.Screening {
			return i
		}
	}
	return -1
}

func (p *PagePass) checkScreening(h *family.Process, i int) {
	call, want := h.Steps[i], p.policy().Screening
	for _, before := range h.Steps[:i] {
		if (before.Kind == family.Interview || before.Kind == family.Presentation) && before.Group == call.Group {
			p.Report(call.Span, diag.Finding{
				Message: "the screening call comes after an interview",
				Hint:    "let the screening call be the first step",
				Related: []diag.Related{p.Related(before.Span, "the earlier step")},
			})
			break
		}
	}
	if m := call.Minutes; m != nil && (!want.Holds(m.Min) || !want.Holds(m.Max)) {
		p.Report(call.Span, diag.Finding{
			Message: fmt.Sprintf("the screening call takes %s minutes; it should take %s", limits(policy.Range{Min: &m.Min, Max: &m.Max}), limits(want)),
			Hint:    "source of the limits: " + want.Source,
		})
	}
}

// limits writes a range as people do: "3-5", "at least 3".
func limits(r policy.Range) string { return figures(&family.Manages{Min: r.Min, Max: r.Max}) }
