package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// ownLevelElsewhere finds ladders and reporting lines that link to another
// page for a level that this page defines itself. The page that is linked
// cannot be looked at (if it could, another rule would speak); either it does
// not exist, or the level is defined twice.
var ownLevelElsewhere = Rule{
	Code:     "CAD210",
	Name:     "own-level-elsewhere",
	Title:    "A level of the same page is linked by its heading, not by another page.",
	Severity: diag.Warning,
	Origin:   "JF082",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			for i := range page.Roles {
				r := &page.Roles[i]
				if r.Target == "" || r.Use == Interviewer || p.destination(r.Target).kind != sitePath {
					continue
				}
				t := p.Index.Resolve(page, r.Target)
				if t.Verdict != Unknown || t.Page != nil {
					continue
				}
				own := p.ownLevel(page, t.Path, r.Title)
				if own == nil || own.Title == r.Level {
					continue
				}
				p.Report(r.Place, r.Heading, diag.Finding{
					Message: fmt.Sprintf("the %s links to %s for %q, which is a level of this page", r.Use, t.Path, own.Title),
					Hint:    fmt.Sprintf("link to #%s", own.Slug),
					Related: []diag.Related{{Place: own.Place, Message: "the level"}},
				})
			}
		}
	},
}

// ownLevel returns the level of a page that a link to a path is about, going
// by the last part of the path or the text of the link; nil if it is about
// none.
func (p *FolderPass) ownLevel(page *Facts, target, text string) *LevelFact {
	name := path.Base(normal(target))
	pack := p.policy()
	byPath, byText := callingOf(pack, strings.ReplaceAll(name, "-", " ")), callingOf(pack, text)
	for i := range page.Levels {
		l := &page.Levels[i]
		if l.Slug == "" {
			continue
		}
		c := callingOf(pack, l.Title)
		if c.subject() == "" || len(c.rank) == 0 {
			continue // "Manager" alone can be anybody's
		}
		if l.Slug == name || c.same(byPath) && c.same(byText) {
			return l
		}
	}
	return nil
}

// ownFix links to the level of the page; whether that is what was meant is for
// people to say.
func ownFix(l *LinkFact, own *LevelFact) []diag.Fix {
	if l.TargetAt.Path == "" {
		return nil
	}
	fix := replace("link to #"+own.Slug, l.TargetAt.Span, "#"+own.Slug)
	fix.Safe = false
	return []diag.Fix{fix}
}
