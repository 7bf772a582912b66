package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// circularLink finds links to an address that redirects to the very page on
// which they stand: the reader who follows one is back where they were.
var circularLink = Rule{
	Code:     "CAD209",
	Name:     "circular-link",
	Title:    "A link does not lead, through a redirect, back to its own page.",
	Severity: diag.Error,
	Origin:   "JF082",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			for i, t := range p.Index.Targets(page) {
				l := &page.Links[i]
				if t.Moved == "" || t.Page != page || t.Anchor != "" || p.linksLevelElsewhere(page, l) {
					continue
				}
				if r := page.roleOf(l); r != nil && r.Use == NextStep {
					continue // the rule about ladders that lead back speaks of it
				}
				f := diag.Finding{
					Message: fmt.Sprintf("%s redirects to this same page", l.Target),
					Hint:    "link to the heading that is meant, or take the link away",
				}
				if own := p.linkedLevel(page, p.destination(l.Target).path, l.Text); own != nil {
					pointToLevel(&f, own, l)
				}
				p.Report(l.Place, l.Heading, f)
			}
		}
	},
}
