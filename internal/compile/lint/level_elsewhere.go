package lint

import (
	"fmt"
	"path"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// levelElsewhere finds reporting lines, ladders and inherited lists that name a
// level of their page and link to another page for it: that page does not
// exist, leads back here, or defines the level a second time.
var levelElsewhere = Rule{
	Code:     "CAD337",
	Name:     "level-linked-elsewhere",
	Title:    "A link to a level of the same page leads to its heading, not to another page.",
	Severity: diag.Error,
	Origin:   "JF082, JF130",
	Folder: func(p *FolderPass) {
		for _, page := range p.Pages {
			for i := range page.Roles {
				p.checkElsewhere(page, &page.Roles[i])
			}
		}
	},
}

func (p *FolderPass) checkElsewhere(page *Facts, r *RoleFact) {
	own := p.linkedElsewhere(page, r)
	if own == nil {
		return
	}
	f := diag.Finding{Message: fmt.Sprintf("%s links to %s for %q, which is a level of this page", r.Use.phrase(), r.Target, r.Title)}
	if !strings.EqualFold(r.Title, own.Title) {
		f.Message = fmt.Sprintf("%s links to %s for %q, which is the level %q of this page", r.Use.phrase(), r.Target, r.Title, own.Title)
	}
	pointToLevel(&f, own, page.linkOf(r))
	p.Report(r.Place, r.Heading, f)
}

// linkedElsewhere returns the level of the page that a role means although its
// link leads to another page; nil if it means none, or if that page is there
// and may define a role of that name. A page that was not given is only taken
// for one about the level if it is named like it.
func (p *FolderPass) linkedElsewhere(page *Facts, r *RoleFact) *LevelFact {
	if r.Target == "" || r.Own != "" || r.Use == Interviewer {
		return nil
	}
	if k := p.destination(r.Target).kind; k == samePage || k == elsewhere {
		return nil
	}
	own := p.meant(page, r.Title)
	if own == nil || own.Slug == "" || own.Title == r.Level {
		return nil
	}
	t := p.Index.Resolve(page, r.Target)
	switch {
	case t.Page == page && t.Moved != "", t.Page == nil && t.Verdict == NoPage:
		return own
	case t.Page == nil && p.namedLike(t.Path, own):
		return own
	}
	return nil
}

// linksLevelElsewhere reports whether the rule speaks of a link, so that rules
// about links need not.
func (p *FolderPass) linksLevelElsewhere(page *Facts, l *LinkFact) bool {
	if p.severity.of(&levelElsewhere, page.Path) == diag.Off {
		return false
	}
	r := page.roleOf(l)
	return r != nil && p.linkedElsewhere(page, r) != nil
}

// meant returns the level of a page that a title names: the same rank and the
// same subject; nil if there is none, or more than one.
func (p *FolderPass) meant(page *Facts, title string) *LevelFact {
	name := p.calling(title)
	if len(name.rank) == 0 || name.subject == "" {
		return nil
	}
	var found *LevelFact
	for i := range page.Levels {
		l := &page.Levels[i]
		if !p.calling(l.Title).same(name) {
			continue
		}
		if found != nil {
			return nil
		}
		found = l
	}
	return found
}

// namedLike reports whether the last part of a path is the name of a level.
func (p *FolderPass) namedLike(target string, l *LevelFact) bool {
	name := path.Base(normal(target))
	return name == l.Slug || p.calling(strings.ReplaceAll(name, "-", " ")).same(p.calling(l.Title))
}

// linkedLevel returns the level of a page that a link in running text is about,
// by its address or by both its address and its text; nil if it is about none.
func (p *FolderPass) linkedLevel(page *Facts, target, text string) *LevelFact {
	address := path.Base(normal(target))
	for i := range page.Levels {
		l := &page.Levels[i]
		c := p.calling(l.Title)
		if l.Slug == "" || len(c.rank) == 0 || c.subject == "" {
			continue // "Manager" alone can be anybody's
		}
		if l.Slug == address || c.same(p.calling(text)) && p.namedLike(target, l) {
			return l
		}
	}
	return nil
}

// pointToLevel makes a finding about a link, if there is one, say that a level
// of the page itself is meant. Whether that is so is for people to say, so the
// fix is no safe one.
func pointToLevel(f *diag.Finding, own *LevelFact, l *LinkFact) {
	f.Hint = fmt.Sprintf("link to #%s", own.Slug)
	f.Related = []diag.Related{{Place: own.Place, Message: "the level"}}
	if l != nil && l.TargetAt.Path != "" {
		fix := replace("link to #"+own.Slug, l.TargetAt.Span, "#"+own.Slug)
		fix.Safe = false
		f.Fixes = []diag.Fix{fix}
	}
}
