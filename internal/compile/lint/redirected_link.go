package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// redirectedLink finds links to an address that a page had earlier. They work
// until somebody tidies up the redirects.
var redirectedLink = Rule{
	Code:     "CAD208",
	Name:     "redirected-link",
	Title:    "A link uses the address that a page has now.",
	Severity: diag.Warning,
	Origin:   "JF082",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			for i, t := range p.Index.Targets(page) {
				l := &page.Links[i]
				if t.Moved == "" || t.Page == page && t.Anchor == "" || t.Verdict == NoPage {
					continue
				}
				f := diag.Finding{
					Message: fmt.Sprintf("%s redirects to %s", l.Target, t.Moved),
					Hint:    "link to the new address",
				}
				if l.TargetAt.Path != "" {
					f.Fixes = []diag.Fix{replace("link to the new address", l.TargetAt.Span, t.Moved)}
				}
				p.Report(l.Place, l.Heading, f)
			}
		}
	},
}
