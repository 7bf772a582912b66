package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// levelElsewhere finds names of the page's own levels that are linked to
// another page.
var levelElsewhere = Rule{
	Code:     "CAD337",
	Name:     "level-linked-elsewhere",
	Title:    "A link to a level of the same page leads to its heading.",
	Severity: diag.Error,
	Origin:   "JF130",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			for i := range page.Roles {
				p.checkElsewhere(page, &page.Roles[i])
			}
		}
	},
}

func (p *FolderPass) checkElsewhere(page *Facts, r *RoleFact) {
	if r.Target == "" || r.Own != "" || r.Use == Interviewer || p.destination(r.Target).kind == samePage {
		return
	}
	own := p.meant(page, r.Title)
	if own == nil || own.Slug == "" || own.Title == r.Level {
		return
	}
	t := p.Index.Resolve(page, r.Target)
	if t.Page != nil && (t.Page != page || t.Moved == "") || t.Path == "" {
		return // the other page is there, and may define a role of that name; or it is this one
	}
	p.Report(r.Place, r.Heading, diag.Finding{
		Message: fmt.Sprintf("%q is a level of this page, but the link leads to %s", r.Title, r.Target),
		Hint:    fmt.Sprintf("link to #%s", own.Slug),
		Related: []diag.Related{{Place: own.Place, Message: "the level"}},
	})
}

// meant returns the level of a page that a title names: the same rank and the
// same subject; nil if there is none, or more than one.
func (p *FolderPass) meant(page *Facts, title string) *LevelFact {
	pack := p.policy()
	name := callingOf(pack, title)
	if len(name.rank) == 0 || name.subject() == "" {
		return nil
	}
	var found *LevelFact
	for i := range page.Levels {
		l := &page.Levels[i]
		if !callingOf(pack, l.Title).same(name) {
			continue
		}
		if found != nil {
			return nil
		}
		found = l
	}
	return found
}
