package lint

import (
	"bytes"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// doubleBlanks finds runs of blanks inside a line. Where they line something
// up (indentation, list marks, tables) they stay.
var doubleBlanks = Rule{
	Code:     "CAD111",
	Name:     "double-blanks",
	Title:    "Words are parted by one blank.",
	Severity: diag.Info,
	Style:    true,
	Page: func(p *PagePass) {
		p.proseLines(func(_ int, line source.Span) {
			text := bytes.TrimRight(p.File.Slice(line), " \t")
			if !bytes.Contains(text, []byte("  ")) || bytes.IndexByte(text, '|') >= 0 || bytes.IndexByte(text, '`') >= 0 {
				return
			}
			for at := textStart(text); at < len(text); at++ {
				n := 0
				for text[at+n] == ' ' { // ends: the last byte is no blank
					n++
				}
				if n < 2 {
					continue
				}
				s := source.Span{Start: line.Start + at, End: line.Start + at + n}
				p.Report(s, diag.Finding{
					Message: "several blanks stand between two words",
					Fixes:   []diag.Fix{replace("leave one", s, " ")},
				})
				at += n
			}
		})
	},
}

// textStart returns the offset at which the text of a line begins, behind
// indentation and marks of lists and quotes. The marks of a heading count as a
// word: blanks behind them line nothing up.
func textStart(line []byte) int {
	at := 0
	for at < len(line) {
		switch c := line[at]; {
		case c == ' ' || c == '\t' || c == '>':
			at++
		case (c == '*' || c == '-' || c == '+') && at+1 < len(line) && line[at+1] == ' ':
			at++
		case numbered(line[at:]):
			at += bytes.IndexByte(line[at:], ' ')
		default:
			return at
		}
	}
	return at
}
