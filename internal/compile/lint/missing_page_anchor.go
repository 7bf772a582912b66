package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// missingPageAnchor finds links to a place of another page that is not there.
var missingPageAnchor = Rule{
	Code:     "CAD207",
	Name:     "missing-page-anchor",
	Title:    "A link to an anchor of another page leads to a heading or anchor that exists there.",
	Severity: diag.Warning,
	Origin:   "JF082",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			for i, t := range p.Index.Targets(page) {
				l := &page.Links[i]
				if t.Verdict != NoAnchor {
					continue
				}
				f := diag.Finding{
					Message: fmt.Sprintf("the page %s has no heading or anchor %q", t.Path, "#"+t.Anchor),
					Hint:    "add the heading there, or link to one that exists",
				}
				if t.Page == page {
					f.Message = fmt.Sprintf("this page has no heading or anchor %q", "#"+t.Anchor)
				}
				if meant := similarAnchors(t.Page.Anchors, t.Anchor); len(meant) > 0 {
					for i, name := range meant {
						meant[i] = "#" + name
					}
					f.Hint = "did you mean " + listed(meant, "or") + "?"
				}
				p.Report(l.Place, l.Heading, f)
			}
		}
	},
}
