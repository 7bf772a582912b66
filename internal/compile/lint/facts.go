package lint

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// Facts are what other pages need to know of a page: what links can aim at and
// which roles it defines and names. They are small and plain, so that a cache
// can keep them for every page of a large folder.
type Facts struct {
	Path      string
	Title     string
	TitleAt   diag.Place
	IsFamily  bool
	Levels    []LevelFact
	Anchors   []string
	Links     []LinkFact
	Roles     []RoleFact
	Redirects []string // paths in the front matter that lead to this page
	// Dynamic is set where a template puts text into the page that the file
	// does not hold, so that it may have anchors that nobody sees.
	Dynamic bool
}

// A LevelFact is a level that a page defines.
type LevelFact struct {
	Title   string
	Slug    string // empty if the page itself is the role
	Line    int
	Grades  []string
	Track   family.Track
	Place   diag.Place
	Heading string
}

// A LinkFact is a link of a page to somewhere else on the site.
type LinkFact struct {
	Text, Target string
	Place        diag.Place // of the whole link
	TargetAt     diag.Place // of its destination; empty if it cannot be told
	Heading      string     // titles of the enclosing headings, joined by " > "
}

// A RoleUse says in which part a page names a role.
type RoleUse string

// The uses of a role's name.
const (
	Reporting   RoleUse = "reporting line"
	NextStep    RoleUse = "career ladder"
	Interviewer RoleUse = "interviewer"
	Inherited   RoleUse = "extends"
)

// A RoleFact is a role that a page names.
type RoleFact struct {
	Use    RoleUse
	Title  string // as written
	Target string // link target, if any
	Own    string // level of the same page that is meant, if any
	Level  string // level that names it; empty for the family's sections
	Place  diag.Place
	// Heading is the titles of the enclosing headings, joined by " > ".
	Heading string
}

// phrase names the part of the page as messages do.
func (u RoleUse) phrase() string {
	if u == Inherited {
		return "what a level extends"
	}
	return "the " + string(u)
}

// linkOf returns the link by which a role is named, or nil.
func (f *Facts) linkOf(r *RoleFact) *LinkFact {
	for i := range f.Links {
		if l := &f.Links[i]; r.linkedBy(l) {
			return l
		}
	}
	return nil
}

// roleOf returns the role that a link names, or nil.
func (f *Facts) roleOf(l *LinkFact) *RoleFact {
	for i := range f.Roles {
		if r := &f.Roles[i]; r.linkedBy(l) {
			return r
		}
	}
	return nil
}

// linkedBy reports whether a role is named by a link: it leads to the same
// place and stands on the role's lines.
func (r *RoleFact) linkedBy(l *LinkFact) bool {
	return r.Target != "" && r.Target == l.Target && r.Place.Path == l.Place.Path &&
		r.Place.Start.Line <= l.Place.End.Line && l.Place.Start.Line <= r.Place.End.Line
}

// Facts returns what other pages need to know of a page.
func (s *Settings) Facts(p *Page) *Facts { return p.facts(s) }

func (p *Page) facts(s *Settings) *Facts {
	f := &Facts{
		Path: p.File.Path, Title: p.Family.Title, TitleAt: p.At(p.Family.TitleSpan), IsFamily: p.IsFamily,
		Dynamic: dynamic(p.Outline),
	}
	f.Anchors = make([]string, len(p.Family.Anchors))
	for i, a := range p.Family.Anchors {
		f.Anchors[i] = a.Name
	}
	f.Roles = make([]RoleFact, 0, roleCount(p.Family))
	f.Levels = make([]LevelFact, len(p.Family.Levels))
	for i, l := range p.Family.Levels {
		f.Levels[i] = LevelFact{Title: l.Title, Slug: l.Slug, Line: l.Line, Track: l.Track, Place: p.At(l.Span), Heading: p.Heading(l.Span.Start)}
		for _, g := range l.Grades {
			f.Levels[i].Grades = append(f.Levels[i].Grades, g.Value)
		}
		f.roles(p, Reporting, l.Title, l.ReportsTo)
		f.roles(p, NextStep, l.Title, l.Ladder.Next)
		for _, e := range l.Extends {
			f.roles(p, Inherited, l.Title, []family.Reference{e.Reference})
		}
	}
	f.roles(p, NextStep, "", p.Family.Ladder.Next)
	for _, sp := range p.Family.Specialties {
		f.roles(p, Reporting, sp.Level, sp.ReportsTo)
	}
	for _, h := range p.Family.Hiring {
		for _, st := range h.Steps {
			f.roles(p, Interviewer, h.Level, st.Interviewers)
		}
	}
	f.links(p, s)
	return f
}

// roleCount returns how many references to roles a family makes.
func roleCount(f *family.Family) int {
	n := len(f.Ladder.Next)
	for _, l := range f.Levels {
		n += len(l.ReportsTo) + len(l.Ladder.Next) + len(l.Extends)
	}
	for _, sp := range f.Specialties {
		n += len(sp.ReportsTo)
	}
	for _, h := range f.Hiring {
		for _, st := range h.Steps {
			n += len(st.Interviewers)
		}
	}
	return n
}

// roles notes references to roles.
func (f *Facts) roles(p *Page, use RoleUse, level string, refs []family.Reference) {
	for _, r := range refs {
		at := r.Span
		if use == Reporting || use == NextStep {
			at = p.nameSpan(r)
		}
		f.Roles = append(f.Roles, RoleFact{
			Use: use, Title: r.Title, Target: r.Target, Own: r.Level, Level: level,
			Place: p.At(at), Heading: p.Heading(at.Start),
		})
	}
}

// links notes the links that may aim at a page of the site. Other sites and
// the page's own anchors are left out.
func (f *Facts) links(p *Page, s *Settings) {
	f.Links = make([]LinkFact, 0, len(p.Outline.Links))
	for i := range p.Outline.Links {
		l := &p.Outline.Links[i]
		if l.Image || !s.onSite(l.Target) {
			continue
		}
		fact := LinkFact{Text: l.Text, Target: l.Target, Place: p.At(l.Span), Heading: p.Heading(l.Span.Start)}
		if !l.TargetSpan.Empty() {
			fact.TargetAt = p.At(l.TargetSpan)
		}
		f.Links = append(f.Links, fact)
	}
	f.Redirects = p.aliases()
}

// aliases returns the paths that the front matter says lead to this page.
func (p *Page) aliases() []string {
	var old []string
	for _, key := range []string{"aliases", "redirect_from"} {
		fd := p.Outline.FrontMatter.Field(key)
		switch {
		case fd == nil:
		case fd.Value != "":
			old = append(old, fd.Value)
		default: // a list, an item on each line
			for n := p.File.Line(fd.Span.Start) + 1; n <= p.File.Lines(); n++ {
				item, ok := strings.CutPrefix(strings.TrimSpace(string(p.File.Slice(p.File.LineSpan(n)))), "- ")
				if !ok {
					break
				}
				old = append(old, strings.Trim(item, `"' `))
			}
		}
	}
	return old
}

// dynamic reports whether a template adds text to the page: an ERB tag or a
// shortcode that stands alone. Attribute lists and tables of contents do not.
func dynamic(o *syntax.Outline) bool {
	for _, h := range o.Headings {
		for _, b := range h.Blocks {
			switch text := b.Text; {
			case b.Kind == syntax.Paragraph && text == "":
				if text = string(o.File.Slice(b.Span)); inserts(text) {
					return true
				}
			case b.Kind == syntax.Directive && inserts(text):
				return true
			}
		}
	}
	return false
}

// inserts reports whether a template expression yields text.
func inserts(text string) bool { return strings.Contains(text, "<%=") || strings.Contains(text, "{{") }
