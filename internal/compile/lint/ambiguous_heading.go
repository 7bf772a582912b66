package lint

import (
	"fmt"
	"sort"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// ambiguousHeading finds equal headings where that matters. Most equal
// headings are fine: every role has its "Requirements". They are not where two
// of them are siblings, where one stands inside the other, where two levels
// share a title, and where a link counts them ("#requirements-2"): it leads
// elsewhere as soon as somebody adds one.
var ambiguousHeading = Rule{
	Code:     "CAD215",
	Name:     "ambiguous-heading",
	Title:    "Headings that are siblings, nested, levels or targets of links differ from each other.",
	Severity: diag.Warning,
	Origin:   "JF103",
	Page:     checkAmbiguousHeading,
}

func checkAmbiguousHeading(p *PagePass) {
	hs := p.Outline.Headings
	same := equalHeadings(hs)
	if same == nil {
		return // all differ
	}
	for i, e := range same {
		if e.first == i {
			continue
		}
		for j := e.first; j < i; j = same[j].next {
			if why := p.clash(hs, j, i); why != "" {
				p.Report(hs[i].Span, diag.Finding{
					Message: fmt.Sprintf("the heading %q %s", hs[i].Text, why),
					Hint:    fmt.Sprintf("give it a title of its own; its anchor is now #%s", hs[i].Slug),
					Related: []diag.Related{p.Related(hs[j].Span, "the other one")},
				})
				break
			}
		}
	}
	p.countedLinks(same)
}

// An equal links a heading with those of the same text in any case, by their
// indexes.
type equal struct{ first, next int }

// equalHeadings returns what links each heading with its equals; nil if no two
// are equal. A heading without text, and the page itself, equal none.
func equalHeadings(hs []*syntax.Heading) []equal {
	var (
		last  = make(map[string]int, len(hs)) // by text
		same  = make([]equal, len(hs))
		found = false
	)
	for i, h := range hs {
		same[i] = equal{first: i}
		if i == 0 || h.Text == "" {
			continue
		}
		text := strings.ToLower(h.Text)
		if before, ok := last[text]; ok {
			same[i].first, same[before].next = same[before].first, i
			found = true
		}
		last[text] = i
	}
	if !found {
		return nil
	}
	return same
}

// clash says why two equal headings must differ, or "".
func (p *PagePass) clash(hs []*syntax.Heading, first, second int) string {
	a, b := hs[first], hs[second]
	for i := b.Parent; i > 0; i = hs[i].Parent {
		if i == first {
			return fmt.Sprintf("stands inside another one of that title, on line %d", a.Line)
		}
		// Below a sibling: "Indicators", and "Manager > Indicators" inside it.
		if strings.EqualFold(hs[i].Text, a.Text) {
			return fmt.Sprintf("stands inside another one of that title, on line %d", hs[i].Line)
		}
	}
	sa, sb := p.sectionAt(a.Line), p.sectionAt(b.Line)
	switch {
	case sa == nil || sb == nil:
	case sa.Kind == family.LevelKind && sb.Kind == family.LevelKind:
		return fmt.Sprintf("names a second level like the one on line %d", a.Line)
	case a.Parent == b.Parent && a.Depth == b.Depth && a.Depth > 1 && sa.Level == sb.Level:
		return fmt.Sprintf("is the same as its sibling on line %d", a.Line)
	}
	return ""
}

// sectionAt returns the section whose heading, a real one with a text, stands on
// a line; nil if there is none.
func (p *PagePass) sectionAt(line int) *family.Section {
	sections := p.Family.Sections
	i := sort.Search(len(sections), func(i int) bool { return sections[i].Line >= line })
	for ; i < len(sections) && sections[i].Line == line; i++ {
		if s := sections[i]; s.Title != "" && !s.Pseudo {
			return s
		}
	}
	return nil
}

// countedLinks reports links to the second or a later one of equal headings.
func (p *PagePass) countedLinks(same []equal) {
	counted := make(map[string]int, len(same)) // slug of a later heading: its index
	for i, e := range same {
		if e.first != i {
			counted[p.Outline.Headings[i].Slug] = i
		}
	}
	for i := range p.Outline.Links {
		l := &p.Outline.Links[i]
		slug, ok := strings.CutPrefix(l.Target, "#")
		if !ok {
			continue
		}
		if h, ok := counted[slug]; ok {
			p.Report(l.Span, diag.Finding{
				Message: fmt.Sprintf("the link to %s depends on how many headings %q stand above", l.Target, p.Outline.Headings[h].Text),
				Hint:    "give the heading a title of its own, and link to that",
				Related: []diag.Related{p.Related(p.Outline.Headings[h].Span, "the heading that is meant now")},
			})
		}
	}
}
