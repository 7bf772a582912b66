package syntax

import (
	"fmt"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/cadre-hq/cadre/internal/source"
)

// mostMarks is how many marks of emphasis, links and code one paragraph, heading
// or cell may hold. Goldmark looks for the partner of a mark among all others
// and up to the end of the paragraph, so its time grows with the square of their
// number. The fullest paragraph of real pages holds 144.
const mostMarks = 1000

// inlineParsers are those of goldmark, which leave a crowded block alone: it
// means what it says.
func inlineParsers() []util.PrioritizedValue {
	parsers := parser.DefaultInlineParsers()
	for i := range parsers {
		switch p := parsers[i].Value.(type) {
		case interface {
			parser.InlineParser
			parser.CloseBlocker
		}:
			parsers[i].Value = closer{sparse{p}, p}
		case parser.InlineParser:
			parsers[i].Value = sparse{p}
		}
	}
	return parsers
}

// A sparse parser reads nothing in a crowded block.
type sparse struct{ parser.InlineParser }

// Parse reads what begins with a mark.
func (s sparse) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if c, ok := pc.Get(crowdKey).(*crowd); ok && c.holds(parent, block.Source()) {
		return nil
	}
	return s.InlineParser.Parse(parent, block, pc)
}

// A closer is a sparse one that wants to know where a block ends.
type closer struct {
	sparse
	parser.CloseBlocker
}

// crowdKey is where a parse keeps what it knows of crowded blocks: a *crowd.
var crowdKey = parser.NewContextKey()

// A crowd knows whether the block that is being read is crowded, and which ones
// were.
type crowd struct {
	block   ast.Node
	crowded bool
	found   []source.Span
}

// holds reports whether a block is crowded. It is asked at every mark, and
// counts at the first one.
func (c *crowd) holds(block ast.Node, src []byte) bool {
	if c.block == block {
		return c.crowded
	}
	c.block, c.crowded = block, false
	lines, marks := block.Lines(), 0
	for i := range lines.Len() {
		l := lines.At(i)
		marks += countMarks(src[l.Start:l.Stop])
	}
	if marks > mostMarks {
		c.crowded = true
		first, last := lines.At(0), lines.At(lines.Len()-1)
		c.found = append(c.found, source.Span{Start: first.Start, End: max(first.Start, trimRight(src, last.Stop))})
	}
	return c.crowded
}

// countMarks counts what may begin or end something inside of a paragraph; the
// same signs in a row are one.
func countMarks(text []byte) int {
	n := 0
	for i, c := range text {
		switch c {
		case '*', '_', '`', '<':
			if i == 0 || text[i-1] != c {
				n++
			}
		case '[':
			n++
		}
	}
	return n
}

// problems returns what is to be told of crowded blocks.
func (c *crowd) problems() []Problem {
	var all []Problem
	for _, s := range c.found {
		all = append(all, Problem{Kind: Crowded, Span: s, Message: fmt.Sprintf("there are more than %d marks of emphasis, links and code in one paragraph, which is read as plain text", mostMarks)})
	}
	return all
}
