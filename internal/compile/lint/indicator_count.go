package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// indicatorCount wants few performance indicators, but more than one or two.
var indicatorCount = Rule{
	Code:     "CAD370",
	Name:     "indicator-count",
	Title:    "A family has as many performance indicators as the organisation wants.",
	Severity: diag.Warning,
	Origin:   "JF060",
	Page:     checkIndicatorCount,
}

func checkIndicatorCount(p *PagePass) {
	if !p.IsFamily || dynamic(p.Outline) {
		return
	}
	all := &p.Family.Indicators
	p.countIndicators("the family", all)
	if len(indicatorsOf(all)) > 0 {
		return // a level's own come on top of the family's
	}
	for _, l := range p.Family.Levels {
		p.countIndicators(`"`+l.Title+`"`, &l.Indicators)
	}
}

// countIndicators reports too few indicators of an owner, or too many in one
// list. A list that comes on top of another one may be short, and one section
// may hold the lists of several roles.
func (p *PagePass) countIndicators(owner string, d *family.Duties) {
	items, want := indicatorsOf(d), p.policy().Indicators
	n := len(items)
	if n == 0 || want.Holds(n) || len(d.Sections) == 0 {
		return
	}
	lists := p.listsOf(d, items)
	switch {
	case want.Min != nil && n < *want.Min:
		if !comesOnTop(d) {
			p.reportCount(d.Sections[0], owner+" has", n)
		}
	case len(lists) == 1:
		p.reportCount(d.Sections[0], owner+" has", n)
	default:
		for _, list := range lists {
			if want.Max != nil && len(list) > *want.Max {
				p.reportCount(list[0].Span, "this list of "+owner+" has", len(list))
			}
		}
	}
}

func (p *PagePass) reportCount(at source.Span, who string, n int) {
	want := p.policy().Indicators
	p.Report(at, diag.Finding{
		Message: fmt.Sprintf("%s %d performance %s; it should have %s", who, n, verb(n, "indicator", "indicators"), limits(want)),
		Hint:    "source of the limits: " + want.Source,
	})
}

// indicatorsOf returns the indicators of an owner: the items that are not
// below others, do not only say whose indicators hold as well, and were not
// left over from a template.
func indicatorsOf(d *family.Duties) []*family.Item {
	if len(d.Items) == 0 {
		return nil
	}
	items := make([]*family.Item, 0, len(d.Items))
	for _, it := range d.Items {
		if it.Depth == 0 && !beginsWith(it.Text, "extend") && !strings.HasPrefix(it.Text, "{") {
			items = append(items, it)
		}
	}
	return items
}

// beginsWith reports whether a text begins with a word of ASCII letters, in any
// case.
func beginsWith(text, word string) bool {
	return len(text) >= len(word) && strings.EqualFold(text[:len(word)], word)
}

// listsOf cuts indicators at headings and at paragraphs that stand between
// them.
func (p *PagePass) listsOf(d *family.Duties, items []*family.Item) [][]*family.Item {
	lists := [][]*family.Item{items[:1:1]}
	for i, it := range items[1:] {
		before := items[i].Span
		between := func(s source.Span) bool {
			return before.Start < s.Start && s.Start < it.Span.Start && !before.Contains(s.Start)
		}
		apart := p.Heading(before.Start) != p.Heading(it.Span.Start) ||
			slices.ContainsFunc(d.Prose, func(t family.Text) bool { return between(t.Span) })
		if apart {
			lists = append(lists, nil)
		}
		last := len(lists) - 1
		lists[last] = append(lists[last], it)
	}
	return lists
}

// comesOnTop reports whether the text around indicators says that others hold
// as well, so that a few may be enough.
func comesOnTop(d *family.Duties) bool {
	says := func(text string) bool {
		text = strings.ToLower(text)
		return slices.ContainsFunc([]string{"extend", "extends", "plus", "in addition", "addition to", "previous level", "on top of"}, func(w string) bool {
			return hasName(text, w)
		})
	}
	return slices.ContainsFunc(d.Prose, func(t family.Text) bool { return says(t.Text) }) ||
		slices.ContainsFunc(d.Items, func(it *family.Item) bool { return says(it.Text) })
}
