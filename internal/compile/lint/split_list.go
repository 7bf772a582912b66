package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
)

// splitList finds a list item that announces a list ("Areas include:") whose
// list is not indented: it is no part of the item, and cuts the outer list in
// pieces.
var splitList = Rule{
	Code:     "CAD108",
	Name:     "split-list",
	Title:    "A list that an item announces is indented below the item.",
	Severity: diag.Warning,
	Page: func(p *PagePass) {
		for _, h := range p.Outline.Headings {
			for i := 0; i+1 < len(h.Blocks); i++ {
				list, next := h.Blocks[i], h.Blocks[i+1]
				if list.Kind != syntax.List || next.Kind != syntax.List || len(next.Children) == 0 {
					continue
				}
				last := lastItem(list)
				if last == nil || !strings.HasSuffix(last.Text, ":") {
					continue
				}
				pieces := 2
				if i+2 < len(h.Blocks) && h.Blocks[i+2].Kind == syntax.List {
					pieces = 3
				}
				p.Report(firstLine(p.File, last.Span), diag.Finding{
					Message: fmt.Sprintf("this item announces the list on line %d, which is not indented and cuts the list into %d", next.Line, pieces),
					Hint:    "indent the announced items by as much as the text of this one, without a blank line between",
					Related: []diag.Related{p.Related(firstLine(p.File, next.Span), "the announced list begins here")},
				})
			}
		}
	},
}

// lastItem returns the item that stands last in a list, at any depth.
func lastItem(list *syntax.Block) *syntax.Block {
	if len(list.Children) == 0 {
		return nil
	}
	item := list.Children[len(list.Children)-1]
	for i := len(item.Children) - 1; i >= 0; i-- {
		switch c := item.Children[i]; c.Kind {
		case syntax.List:
			return lastItem(c)
		case syntax.Paragraph:
			if i == 0 {
				return item
			}
			return nil // a paragraph of its own closes the item
		}
	}
	return item
}
