package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// missingPage finds links to a page that should be among those given and is
// not. Of a link that leads out of what was given, nothing is said.
var missingPage = Rule{
	Code:     "CAD206",
	Name:     "missing-page",
	Title:    "A link to another page leads to a page that exists.",
	Severity: diag.Warning,
	Origin:   "JF082",
	Folder: func(p *FolderPass) {
		similar := p.similarPages()
		for _, page := range p.Pages {
			for i, t := range p.Index.Targets(page) {
				l := &page.Links[i]
				if t.Verdict != NoPage || p.linksLevelElsewhere(page, l) {
					continue
				}
				f := diag.Finding{
					Message: fmt.Sprintf("there is no page %s", t.Path),
					Hint:    "correct the address, or take the link away",
				}
				if t.Moved != "" {
					f.Message = fmt.Sprintf("%s redirects to %s, and there is no such page", l.Target, t.Path)
				}
				if own := p.linkedLevel(page, t.Path, l.Text); own != nil {
					pointToLevel(&f, own, l)
				} else if meant := similar(t.Path); meant != "" {
					f.Hint = fmt.Sprintf("did you mean %s?", meant)
				}
				p.Report(l.Place, l.Heading, f)
			}
		}
	},
}

// similarPages returns Similar of the index, but for each path it is asked
// once: many links lead to few missing pages.
func (p *FolderPass) similarPages() func(site string) string {
	known := map[string]string{}
	return func(site string) string {
		meant, ok := known[site]
		if !ok {
			meant = p.Index.Similar(site)
			known[site] = meant
		}
		return meant
	}
}
