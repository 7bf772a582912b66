package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// duplicateFamily finds pages that may describe a family which another page
// describes already: their titles are the same.
var duplicateFamily = Rule{
	Code:     "CAD223",
	Name:     "duplicate-family",
	Title:    "Each family has one page.",
	Severity: diag.Info,
	Origin:   "JF090",
	Folder: func(p *FolderPass) {
		first := map[string]*Facts{}
		for _, page := range p.Pages {
			key := roleKey(page.Title)
			if !page.IsFamily || key == "" {
				continue
			}
			other := first[key]
			if other == nil {
				first[key] = page
				continue
			}
			p.Report(page.TitleAt, "", diag.Finding{
				Message: fmt.Sprintf("%s describes a family of the same title, %q", other.Path, other.Title),
				Hint:    "merge the two pages, or tell the titles apart",
				Related: []diag.Related{{Place: other.TitleAt, Message: "the other family"}},
			})
		}
	},
}
