package lint

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// processFrame wants what stands around the steps: a sentence that introduces
// them, a link at the screening call, and where to read more.
var processFrame = Rule{
	Code:     "CAD351",
	Name:     "process-frame",
	Title:    "A hiring process has an introduction, links the screening call and says where to read more.",
	Severity: diag.Info,
	Origin:   "JF050",
	Style:    true,
	Page:     checkProcessFrame,
}

func checkProcessFrame(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, h := range p.Family.Hiring {
		if len(h.Steps) == 0 {
			continue
		}
		intro, more := false, false
		for _, t := range h.Prose {
			intro = intro || t.Span.Start < h.Steps[0].Span.Start
			more = more || p.linkIn(t) != nil && strings.Contains(strings.ToLower(t.Text), "process")
		}
		var lacks []string
		if !intro {
			lacks = append(lacks, "a sentence that introduces the steps")
		}
		if i := screeningOf(h); i >= 0 && len(h.Steps[i].Links) == 0 {
			lacks = append(lacks, "a link at the screening call")
		}
		if !more && h == p.Family.Hiring[len(p.Family.Hiring)-1] {
			lacks = append(lacks, "a link to the page about hiring")
		}
		if len(lacks) > 0 {
			p.Report(processSpan(h), diag.Finding{Message: processName(h) + " lacks " + listed(lacks, "and")})
		}
	}
}

// processSpan is where findings about a whole process stand.
func processSpan(h *family.Process) source.Span {
	if h.Span.Empty() && len(h.Steps) > 0 {
		return h.Steps[0].Span
	}
	return h.Span
}

// processName is how messages call a process.
func processName(h *family.Process) string {
	if h.Level == "" {
		return "the hiring process"
	}
	return `the hiring process of "` + h.Level + `"`
}
