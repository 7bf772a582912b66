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
			for i := range page.Links {
				l := &page.Links[i]
				t := p.Index.Resolve(page, l.Target)
				if t.Verdict != NoAnchor {
					continue
				}
				f := diag.Finding{
					Message: fmt.Sprintf("%s has no heading or anchor %q", t.Page.Path, "#"+t.Anchor),
					Hint:    "add the heading there, or link to one that exists",
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
