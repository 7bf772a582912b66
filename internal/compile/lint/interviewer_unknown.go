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
		p.unknownRoles(Interviewer, func(title, why string) diag.Finding {
			return diag.Finding{
				Message: fmt.Sprintf("no family defines the interviewer %q: %s", title, why),
				Hint:    "name the interviewer as the family does",
			}
		})
	},
}
