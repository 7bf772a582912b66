package lint

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// notText finds pages that are no UTF-8 text, or were damaged when somebody
// took them for another encoding, and paragraphs that are all marks.
var notText = Rule{
	Code:     "CAD106",
	Name:     "not-text",
	Title:    "A page is UTF-8 text without damaged characters.",
	Severity: diag.Error,
	Page: func(p *PagePass) {
		for _, problem := range p.Outline.Problems {
			switch problem.Kind {
			case syntax.Crowded:
				p.Report(problem.Span, diag.Finding{Message: problem.Message, Hint: "divide the paragraph; if it is no prose, put it into a block of code"})
			case syntax.NotText:
				p.Report(p.File.LineSpan(1), diag.Finding{Message: problem.Message, Hint: "leave the file out (ignore in cadre.yaml), or save the page as text"})
				return
			}
		}
		text := p.File.Text
		if !utf8.Valid(text) {
			at := 0
			for r, n := utf8.DecodeRune(text); r != utf8.RuneError || n != 1; r, n = utf8.DecodeRune(text[at:]) {
				at += n
			}
			p.Report(source.Span{Start: at, End: at + 1}, diag.Finding{
				Message: fmt.Sprintf("the byte 0x%02X is not UTF-8", text[at]),
				Hint:    "save the page as UTF-8",
			})
			return
		}
		if at := bytes.Index(text, lost); at >= 0 {
			p.Report(source.Span{Start: at, End: at + len(lost)}, diag.Finding{
				Message: "the character U+FFFD stands for a letter that was lost",
				Hint:    "write the letter again, and save the page as UTF-8",
			})
		}
	},
}

// lost is U+FFFD, which programs put in the place of bytes that they cannot
// read.
var lost = []byte("\ufffd")
