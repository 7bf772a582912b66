package lint

import (
	"bytes"
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// blankLines finds more than one blank line in a row, blank lines at the end
// of the page, and a last line without an end.
var blankLines = Rule{
	Code:     "CAD112",
	Name:     "blank-lines",
	Title:    "Parts are set apart by one blank line, and the page ends with its last line.",
	Severity: diag.Info,
	Style:    true,
	Page: func(p *PagePass) {
		text := p.File.Text
		end := len(bytes.TrimRight(text, " \t\r\n"))
		last := 0 // the last line that is not blank
		run := 0  // blank lines in a row that belong to no code
		report := func() {
			if run > 1 && last > 0 {
				s := source.Span{Start: p.File.LineSpan(last + 2).Start, End: p.File.LineSpan(last + 1 + run).Start}
				p.Report(s, diag.Finding{
					Message: fmt.Sprintf("%d blank lines stand in a row", run),
					Fixes:   []diag.Fix{replace("leave one", s, "")},
				})
			}
		}
		p.proseLines(func(n int, line source.Span) {
			switch {
			case line.Start >= end: // told below
			case !blank(p.File.Slice(line)):
				report()
				last, run = n, 0
			case n == last+run+1:
				run++
			default: // code stood between
				last, run = n-1, 1
			}
		})
		tail := source.Span{Start: end, End: len(text)}
		newline := []byte("\n")
		if end == 0 || bytes.Equal(p.File.Slice(tail), newline) || bytes.Equal(p.File.Slice(tail), []byte("\r\n")) {
			return
		}
		message := "the page ends with blank lines"
		switch n := bytes.Count(p.File.Slice(tail), newline); {
		case n == 0:
			message = "the last line has no end"
		case n == 1:
			return // only blanks; another rule says so
		}
		p.Report(tail, diag.Finding{Message: message, Fixes: []diag.Fix{replace("end the page with its last line", tail, "\n")}})
	},
}
