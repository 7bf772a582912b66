package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// interviewerUnknown finds interviewers whose title no family defines, although
// the family that would define it was given.
var interviewerUnknown = Rule{
	Code:     "CAD357",
	Name:     "interviewer-unknown",
	Title:    "An interviewer's title is one that a family defines.",
	Severity: diag.Warning,
	Origin:   "JF123",
	Folder: func(p *FolderPass) {
		chairs := p.Index.chairs()
		for _, page := range p.Pages {
			for _, r := range page.Roles {
				if r.Use != Interviewer || r.Own != "" || r.Target != "" {
					continue
				}
				if why, at, ok := chairs.missing(p.callings, r.Title); ok {
					p.Report(r.Place, r.Heading, diag.Finding{
						Message: fmt.Sprintf("no family defines the interviewer %q: %s", r.Title, why),
						Hint:    "name the interviewer as the family does",
						Related: []diag.Related{at},
					})
				}
			}
		}
	},
}
