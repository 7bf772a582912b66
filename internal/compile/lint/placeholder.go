package lint

import (
	"bytes"
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// placeholder finds what a template left for the author to fill in.
var placeholder = Rule{
	Code:     "CAD102",
	Name:     "placeholder",
	Title:    "No placeholder of a template is left on the page.",
	Severity: diag.Error,
	Origin:   "JF002",
	Page: func(p *PagePass) {
		text := p.File.Text
		for at := 0; ; {
			i := bytes.IndexByte(text[at:], '{')
			if i < 0 {
				break
			}
			at += i
			n := braced(text[at:])
			if n > 0 && p.literal(at) {
				s := source.Span{Start: at, End: at + n}
				p.Report(s, diag.Finding{
					Message: fmt.Sprintf("%s is left over from a template", text[s.Start:s.End]),
					Hint:    "write what belongs here, without the braces",
				})
			}
			at += max(n, 1)
		}
		for _, word := range placeholderWords {
			for at := 0; ; {
				i := bytes.Index(text[at:], word)
				if i < 0 {
					break
				}
				at += i
				s := source.Span{Start: at, End: at + len(word)}
				if wholeWord(text, s) && p.literal(at) {
					p.Report(s, diag.Finding{
						Message: fmt.Sprintf("%s stands for text that is still to be written", word),
						Hint:    "write it, or remove the part",
					})
				}
				at = s.End
			}
		}
	},
}

// placeholderWords stand for text that is still to be written.
var placeholderWords = [][]byte{[]byte("TODO"), []byte("TBD"), []byte("FIXME")}

// braced returns the length of a placeholder such as "{add level}" at the
// start of text, or 0. Attribute lists ("{:…}", "{#…}") and template
// expressions ("{{…}}", "{%…%}") are none.
func braced(text []byte) int {
	if len(text) < 3 || !isLetter(text[1]) {
		return 0
	}
	end := bytes.IndexAny(text[1:min(len(text), 120)], "{}\n=|")
	if end < 0 || text[1+end] != '}' {
		return 0
	}
	return end + 2
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// wholeWord reports whether no letter or digit stands next to the span.
func wholeWord(text []byte, s source.Span) bool {
	return (s.Start == 0 || !isWordByte(text[s.Start-1])) && (s.End == len(text) || !isWordByte(text[s.End]))
}

func isWordByte(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

// literal reports whether what stands at an offset is text of the page: not
// code, not a comment, not inside a link target, not an expression of a
// template.
func (p *Page) literal(offset int) bool {
	text := p.File.Text
	line := p.File.LineSpan(p.File.Line(offset))
	before := text[line.Start:offset]
	if bytes.Count(before, []byte("`"))%2 == 1 || p.inCode(offset) {
		return false
	}
	for _, pair := range [][2]string{{"<!--", "-->"}, {"<%", "%>"}, {"{{", "}}"}} {
		if !bytes.Contains(text[:offset], []byte(pair[0])) {
			continue // the usual case; looking from behind is slow
		}
		if open := bytes.LastIndex(text[:offset], []byte(pair[0])); open > bytes.LastIndex(text[:offset], []byte(pair[1])) {
			return false
		}
	}
	for i := range p.Outline.Links {
		if t := p.Outline.Links[i].TargetSpan; t.Contains(offset) && t.End-t.Start > 4 {
			return false // short ones are placeholders themselves: [name](TODO)
		}
	}
	return true
}
