package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// unlistedPage wants the overview of a folder to list every family in it: what
// it leaves out is found by nobody.
var unlistedPage = Rule{
	Code:     "CAD222",
	Name:     "unlisted-page",
	Title:    "An overview page that lists the families of its folder lists all of them.",
	Severity: diag.Warning,
	Origin:   "JF091",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			if page.Dynamic || len(page.Levels) > 0 {
				continue
			}
			listed := map[*Facts]bool{}
			for _, t := range p.Index.Targets(page) {
				if t.Page != nil {
					listed[t.Page] = true
				}
			}
			p.unlisted(page, listed)
		}
	},
}

// unlisted reports the families of the folder that a page serves as an index
// of, if it lists at least half of them.
func (p *FolderPass) unlisted(page *Facts, listed map[*Facts]bool) {
	folder := served(page.Path)
	var missing []string
	n := 0
	for _, other := range p.Pages {
		rest, ok := below(served(other.Path), folder)
		if !ok || rest == "" || strings.Contains(rest, "/") || !other.IsFamily {
			continue
		}
		if listed[other] {
			n++
		} else {
			missing = append(missing, other.Path)
		}
	}
	if len(missing) == 0 || n < 2 || n < len(missing) {
		return
	}
	for _, m := range missing {
		p.Report(page.TitleAt, "", diag.Finding{
			Message: fmt.Sprintf("the page lists %d families of its folder, but not %s", n, m),
			Hint:    "add it to the list",
		})
	}
}
