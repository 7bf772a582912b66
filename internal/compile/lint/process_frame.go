package lint

import (
	"bytes"
	"strings"
	"unicode"

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
	if !p.IsFamily || len(p.Family.Hiring) == 0 {
		return
	}
	last := p.Family.Hiring[len(p.Family.Hiring)-1]
	for _, h := range p.Family.Hiring {
		if len(h.Steps) == 0 {
			continue
		}
		var lacks []string
		if !p.introduced(h) {
			lacks = append(lacks, "a sentence that introduces the steps")
		}
		if i := screeningOf(h); i >= 0 && len(h.Steps[i].Links) == 0 {
			lacks = append(lacks, "a link at the screening call")
		}
		if h == last && !p.saysMore() {
			lacks = append(lacks, "a link to the page about hiring")
		}
		if len(lacks) > 0 {
			p.Report(processSpan(h), diag.Finding{
				Message: processName(h) + " lacks " + listed(lacks, "and"),
				Hint:    "say before the steps what they are, and link the pages that explain them",
			})
		}
	}
}

// introduced reports whether a line of text stands between the heading of a
// process and its first step, or before the step in its paragraph.
func (p *PagePass) introduced(h *family.Process) bool {
	between := source.Span{Start: h.Span.End, End: max(h.Span.End, h.Steps[0].Span.Start)}
	for line := range bytes.Lines(p.File.Slice(between)) {
		line = bytes.TrimSpace(line)
		if len(line) > len("* ") && line[0] != '#' {
			return true
		}
	}
	step := h.Steps[0]
	text := string(p.File.Slice(step.Span))
	before, _, found := strings.Cut(text, firstWords(step.Text, 2))
	end := strings.LastIndex(before, ". ")
	return found && end > 0 && unicode.IsLetter(rune(before[end-1]))
}

// saysMore reports whether the text around the steps links to a page about
// hiring, once for all processes of the page.
func (p *PagePass) saysMore() bool {
	for _, h := range p.Family.Hiring {
		for _, t := range h.Prose {
			text := strings.ToLower(t.Text)
			if p.linkIn(t) != nil && (strings.Contains(text, "process") || strings.Contains(text, "hiring")) {
				return true
			}
		}
	}
	return false
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
