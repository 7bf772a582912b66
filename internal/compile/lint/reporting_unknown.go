package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// reportingUnknown finds managers whose title no family defines, although the
// family that would define it was given.
var reportingUnknown = Rule{
	Code:     "CAD332",
	Name:     "reporting-unknown",
	Title:    "The role that a level reports to is defined by a family.",
	Severity: diag.Warning,
	Origin:   "JF110",
	Folder: func(p *FolderPass) {
		p.unknownRoles(Reporting, func(title, why string) diag.Finding {
			return diag.Finding{
				Message: fmt.Sprintf("no family defines %q: %s", title, why),
				Hint:    "name the manager as its family does, and link it",
			}
		})
	},
}
