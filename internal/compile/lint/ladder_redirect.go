package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// ladderRedirect finds next steps in another family whose address only leads
// back to the page.
var ladderRedirect = Rule{
	Code:     "CAD361",
	Name:     "ladder-redirect",
	Title:    "A next step in another family does not lead back to the page by a redirect.",
	Severity: diag.Error,
	Origin:   "JF130",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			for i := range page.Roles {
				r := &page.Roles[i]
				if r.Use != NextStep || r.Target == "" || p.destination(r.Target).kind == samePage {
					continue
				}
				t := p.Index.Resolve(page, r.Target)
				if t.Moved == "" || t.Page != page || t.Anchor != "" || p.meant(page, r.Title) != nil {
					continue // the rule about levels linked elsewhere speaks of those of the page
				}
				p.Report(r.Place, r.Heading, diag.Finding{
					Message: fmt.Sprintf("the next step %q leads to %s, which is a redirect to this page", r.Title, r.Target),
					Hint:    "link to the level that is meant, or to its family",
				})
			}
		}
	},
}
