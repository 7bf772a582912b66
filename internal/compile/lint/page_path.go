package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// pagePath wants paths in lower case with hyphens. Addresses are case
// sensitive, and people who type or read them aloud are not.
var pagePath = Rule{
	Code:     "CAD202",
	Name:     "page-path",
	Title:    "The path of a page is written in lower case, with hyphens between words.",
	Severity: diag.Warning,
	Origin:   "JF004",
	Folder: func(p *FolderPass) {
		common := commonFolder(p.Pages)
		for _, page := range p.Pages {
			rest, ok := below(served(page.Path), common)
			if !ok || !page.IsFamily {
				continue
			}
			if len(p.Pages) == 1 { // one page: its own name is all that is known
				rest = rest[strings.LastIndexByte(rest, '/')+1:]
			}
			good := tidyPath(rest)
			if good == rest {
				continue
			}
			p.Report(diag.Place{Path: page.Path, Start: source.Position{Line: 1, Column: 1}, End: source.Position{Line: 1, Column: 1}}, "", diag.Finding{
				Message: fmt.Sprintf("the path %q is not all lower case with hyphens", rest),
				Hint:    fmt.Sprintf("move the page to %q and redirect the old address", good),
			})
		}
	},
}

// tidyPath returns a path in lower case, with hyphens in the place of blanks
// and underscores.
func tidyPath(path string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' {
			return '-'
		}
		return r
	}, strings.ToLower(path))
}
