package lint

import (
	"fmt"
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
	byText := make(map[string][]int, len(hs))
	for i := 1; i < len(hs); i++ {
		if h := hs[i]; h.Text != "" {
			key := strings.ToLower(h.Text)
			byText[key] = append(byText[key], i)
		}
	}
	if len(byText) == len(hs)-1 {
		return // all differ
	}
	sections := p.sectionsByLine()
	for i := 1; i < len(hs); i++ {
		same := byText[strings.ToLower(hs[i].Text)]
		if len(same) < 2 || same[0] == i {
			continue
		}
		for _, j := range same {
			if j >= i {
				break
			}
			if why := p.clash(hs, j, i, sections); why != "" {
				p.Report(hs[i].Span, diag.Finding{
					Message: fmt.Sprintf("the heading %q %s", hs[i].Text, why),
					Hint:    fmt.Sprintf("give it a title of its own; its anchor is now #%s", hs[i].Slug),
					Related: []diag.Related{p.Related(hs[j].Span, "the other one")},
				})
				break
			}
		}
	}
	p.countedLinks(byText)
}

// clash says why two equal headings must differ, or "".
func (p *PagePass) clash(hs []*syntax.Heading, first, second int, sections map[int]*family.Section) string {
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
	sa, sb := sections[a.Line], sections[b.Line]
	switch {
	case sa == nil || sb == nil:
	case sa.Kind == family.LevelKind && sb.Kind == family.LevelKind:
		return fmt.Sprintf("names a second level like the one on line %d", a.Line)
	case a.Parent == b.Parent && a.Depth == b.Depth && a.Depth > 1 && sa.Level == sb.Level:
		return fmt.Sprintf("is the same as its sibling on line %d", a.Line)
	}
	return ""
}

// sectionsByLine returns the sections of the page by the line of the heading.
func (p *PagePass) sectionsByLine() map[int]*family.Section {
	lines := make(map[int]*family.Section, len(p.Family.Sections))
	for _, s := range p.Family.Sections {
		if s.Title != "" && !s.Pseudo {
			lines[s.Line] = s
		}
	}
	return lines
}

// countedLinks reports links to the second or a later one of equal headings.
func (p *PagePass) countedLinks(byText map[string][]int) {
	counted := map[string]int{} // anchor of a later heading: its index
	for _, same := range byText {
		for _, i := range same[1:] {
			counted["#"+p.Outline.Headings[i].Slug] = i
		}
	}
	for i := range p.Outline.Links {
		l := &p.Outline.Links[i]
		if h, ok := counted[l.Target]; ok {
			p.Report(l.Span, diag.Finding{
				Message: fmt.Sprintf("the link to %s depends on how many headings %q stand above", l.Target, p.Outline.Headings[h].Text),
				Hint:    "give the heading a title of its own, and link to that",
				Related: []diag.Related{p.Related(p.Outline.Headings[h].Span, "the heading that is meant now")},
			})
		}
	}
}
