package lint

import (
	"fmt"
	"strings"

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
	first := map[string]*family.Process{}
	for _, h := range p.Family.Hiring {
		if h.Level == "" || len(h.Steps) < 2 {
			continue
		}
		steps := make([]string, len(h.Steps))
		for i, s := range h.Steps {
			steps[i], _ = bareWords(s.Group + ": " + s.Text)
		}
		key := strings.Join(steps, "\n")
		before := first[key]
		if before == nil {
			first[key] = h
			continue
		}
		p.Report(processSpan(h), diag.Finding{
			Message: fmt.Sprintf("the hiring process of %q repeats that of %q word for word (%d steps)", h.Level, before.Level, len(h.Steps)),
			Hint:    "adapt it to the level, or state the process once for the family",
			Related: []diag.Related{p.Related(processSpan(before), "the same process")},
		})
	}
}
