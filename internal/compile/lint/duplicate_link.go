package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
)

// duplicateLink finds lists that hold the same link twice.
var duplicateLink = Rule{
	Code:     "CAD216",
	Name:     "duplicate-link",
	Title:    "A list of links holds each link once.",
	Severity: diag.Warning,
	Page: func(p *PagePass) {
		p.blocks(func(_ *syntax.Heading, b *syntax.Block) bool {
			if b.Kind == syntax.List {
				p.duplicateLinks(b.Children)
			}
			return b.Kind != syntax.Paragraph
		})
	},
}

// duplicateLinks reports items that are nothing but a link which an earlier
// item is too.
func (p *PagePass) duplicateLinks(items []*syntax.Block) {
	for i, item := range items {
		l := p.onlyLink(item)
		if l == nil {
			continue
		}
		for _, earlier := range items[:i] {
			if m := p.onlyLink(earlier); m != nil && m.Target == l.Target && m.Text == l.Text {
				p.Report(l.Span, diag.Finding{
					Message: fmt.Sprintf("the link %q is in the list already, on line %d", l.Text, m.Line),
					Hint:    "remove one of the two",
					Related: []diag.Related{p.Related(m.Span, "the first one")},
				})
				break
			}
		}
	}
}

// onlyLink returns the link that an item consists of, or nil.
func (p *PagePass) onlyLink(item *syntax.Block) *syntax.Link {
	if len(item.Links) != 1 || len(item.Children) != 1 {
		return nil
	}
	l := &p.Outline.Links[item.Links[0]]
	if l.Text != item.Text || l.Target == "" {
		return nil
	}
	return l
}
