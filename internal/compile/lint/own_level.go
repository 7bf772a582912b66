package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// ownLevel finds ladders and reporting lines that link to another page for a
// level that this page defines itself. The page that is linked was not given
// (if it was, or should have been, other rules speak of it): either it does
// not exist, or the level is defined twice.
var ownLevel = Rule{
	Code:     "CAD210",
	Name:     "own-level",
	Title:    "A link to a level of the same page leads to its heading, not to another page.",
	Severity: diag.Warning,
	Origin:   "JF082, JF130",
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
				own := p.linkedLevel(page, t.Path, r.Title)
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

// linkedLevel returns the level of a page that a link to a path is about, by
// its text or by the last part of the path; nil if it is about none.
func (p *FolderPass) linkedLevel(page *Facts, target, text string) *LevelFact {
	pack := p.policy()
	name := path.Base(normal(target))
	byPath, byText := callingOf(pack, strings.ReplaceAll(name, "-", " ")), callingOf(pack, text)
	for i := range page.Levels {
		l := &page.Levels[i]
		c := callingOf(pack, l.Title)
		if l.Slug == "" || c.subject() == "" || len(c.rank) == 0 {
			continue // "Manager" alone can be anybody's
		}
		if l.Slug == name || c.same(byPath) && c.same(byText) {
			return l
		}
	}
	return nil
}

// pointToLevel makes the finding about a link say that a level of the page
// itself is meant, if it is named like one. Whether that is so is for people
// to say, so the fix is no safe one.
func (p *FolderPass) pointToLevel(f *diag.Finding, page *Facts, l *LinkFact) bool {
	own := p.linkedLevel(page, p.destination(l.Target).path, l.Text)
	if own == nil {
		return false
	}
	f.Hint = fmt.Sprintf("%q is a level of this page: link to #%s", own.Title, own.Slug)
	f.Related = []diag.Related{{Place: own.Place, Message: "the level"}}
	if l.TargetAt.Path != "" {
		fix := replace("link to #"+own.Slug, l.TargetAt.Span, "#"+own.Slug)
		fix.Safe = false
		f.Fixes = []diag.Fix{fix}
	}
	return true
}

// isNextStep reports whether a link is a next step of a career ladder.
func (f *Facts) isNextStep(l *LinkFact) bool {
	for i := range f.Roles {
		r := &f.Roles[i]
		if r.Use == NextStep && r.Target == l.Target && r.Place.Start.Line <= l.Place.Start.Line && l.Place.Start.Line <= r.Place.End.Line {
			return true
		}
	}
	return false
}
