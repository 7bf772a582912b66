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
		chairs := p.Index.chairs()
		for _, page := range p.Pages {
			for _, r := range page.Roles {
				if r.Use != Reporting || r.Own != "" || r.Target != "" {
					continue
				}
				if why, at, ok := chairs.missing(p.callings, r.Title); ok {
					p.Report(r.Place, r.Heading, diag.Finding{
						Message: fmt.Sprintf("no family defines %q: %s", r.Title, why),
						Hint:    "name the manager as its family does, and link it",
						Related: []diag.Related{at},
					})
				}
			}
		}
	},
}
