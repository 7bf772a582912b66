package lint

import (
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// identicalProcess finds two levels with the same hiring process: either one
// is a copy that nobody adapted, or the process is the family's.
var identicalProcess = Rule{
	Code:     "CAD359",
	Name:     "identical-process",
	Title:    "Two levels do not repeat the same hiring process.",
	Severity: diag.Warning,
	Origin:   "JF125",
	Page:     checkIdenticalProcess,
}

func checkIdenticalProcess(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for i, h := range p.Family.Hiring {
		before := sameProcess(p.Family.Hiring[:i], h)
		if before == nil {
			continue
		}
		p.Report(processSpan(h), diag.Finding{
			Message: fmt.Sprintf("the hiring process of %q repeats that of %q word for word (%d steps)", h.Level, before.Level, len(h.Steps)),
			Hint:    "adapt it to the level, or state the process once for the family",
			Related: []diag.Related{p.Related(processSpan(before), "the same process")},
		})
	}
}

// sameProcess returns the first of some processes that is, word for word, that
// of another level, or nil. A process of one step says too little.
func sameProcess(earlier []*family.Process, h *family.Process) *family.Process {
	if h.Level == "" || len(h.Steps) < 2 {
		return nil
	}
	for _, e := range earlier {
		if e.Level != "" && slices.EqualFunc(e.Steps, h.Steps, sameWording) {
			return e
		}
	}
	return nil
}

// sameWording reports whether two steps are equal but for case, white space and
// punctuation.
func sameWording(a, b *family.Step) bool {
	if a.Group == b.Group && (a.Text == b.Text || sentenceKey(a.Text) != sentenceKey(b.Text)) {
		return a.Text == b.Text
	}
	x, _ := bareWords(a.Group + ": " + a.Text)
	y, _ := bareWords(b.Group + ": " + b.Text)
	return x == y
}
