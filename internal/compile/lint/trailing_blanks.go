package lint

import (
	"bytes"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// trailingBlanks finds blanks at the end of lines. Two of them inside a
// paragraph break the line, and stay.
var trailingBlanks = Rule{
	Code:     "CAD110",
	Name:     "trailing-blanks",
	Title:    "No line ends with blanks that mean nothing.",
	Severity: diag.Info,
	Style:    true,
	Page: func(p *PagePass) {
		p.proseLines(func(n int, line source.Span) {
			text := p.File.Slice(line)
			rest := bytes.TrimRight(text, " \t")
			if len(rest) == len(text) || bytes.HasSuffix(text, []byte("  ")) && len(rest) > 0 && p.goesOn(n, rest) {
				return
			}
			s := source.Span{Start: line.Start + len(rest), End: line.End}
			p.Report(s, diag.Finding{
				Message: "the line ends with blanks",
				Fixes:   []diag.Fix{replace("remove them", s, "")},
			})
		})
	},
}

// goesOn reports whether the paragraph of a line continues on the next one.
func (p *Page) goesOn(n int, line []byte) bool {
	next := p.File.Slice(p.File.LineSpan(n + 1))
	return bytes.TrimSpace(line)[0] != '#' && continues(next)
}
