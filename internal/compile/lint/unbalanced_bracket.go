package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// unbalancedBracket finds brackets that are opened and not closed, or closed
// and not opened: mostly what an edit left behind, or a broken link.
var unbalancedBracket = Rule{
	Code:     "CAD109",
	Name:     "unbalanced-bracket",
	Title:    "Every bracket has its partner in the same paragraph.",
	Severity: diag.Warning,
	Page: func(p *PagePass) {
		for _, h := range p.Outline.Headings {
			if h.Depth > 0 {
				p.brackets(h.Text, h.Span, h.Links)
			}
		}
		for i := range p.Outline.Links {
			if l := &p.Outline.Links[i]; strings.HasPrefix(l.Target, "(") {
				f := diag.Finding{Message: fmt.Sprintf("the address of the link %q stands in a second pair of brackets", l.Text), Hint: "remove it"}
				if !l.TargetSpan.Empty() {
					f.Fixes = []diag.Fix{replace("remove the brackets", l.TargetSpan, unbracket(l.Target))}
				}
				p.Report(l.Span, f)
			}
		}
		p.blocks(func(_ *syntax.Heading, b *syntax.Block) bool {
			if b.Kind == syntax.Paragraph || b.Kind == syntax.Cell {
				p.brackets(b.Text, b.Span, b.Links)
			}
			return b.Kind != syntax.Code && b.Kind != syntax.HTML
		})
	},
}

// brackets reports what is unbalanced in a text that stands in a span. Only
// then the bytes are looked at: what links need of brackets is left out there.
func (p *PagePass) brackets(text string, span source.Span, links []int) {
	if strings.IndexByte(text, '(')&strings.IndexByte(text, ')')&strings.IndexByte(text, '[')&strings.IndexByte(text, ']') == -1 {
		return // all four are -1
	}
	for _, pair := range []string{"()", "[]"} {
		if !strings.ContainsAny(text, pair) || unpaired([]byte(text), 0, pair, nil) < 0 {
			continue
		}
		at := unpaired(p.File.Slice(span), span.Start, pair, p.linkMarks(links))
		if at < 0 {
			continue // it is escaped, or stands in code
		}
		partner := pair[1:]
		if p.File.Text[at] == pair[1] {
			partner = pair[:1]
		}
		p.Report(source.Span{Start: at, End: at + 1}, diag.Finding{
			Message: fmt.Sprintf("a bracket has no partner %q in this paragraph", partner),
			Hint:    "close it, or remove it",
		})
	}
}

// linkMarks returns the parts of links that are not shown: their targets, and
// the brackets around their texts.
func (p *Page) linkMarks(links []int) []source.Span {
	var marks []source.Span
	for _, i := range links {
		l := &p.Outline.Links[i]
		text := p.File.Slice(l.Span)
		marks = append(marks, source.Span{Start: l.Span.Start, End: l.Span.Start + 1})
		if j := strings.LastIndex(string(text), "]("); j >= 0 {
			marks = append(marks, source.Span{Start: l.Span.Start + j, End: l.Span.End})
		} else if j := strings.LastIndex(string(text), "]["); j >= 0 {
			marks = append(marks, source.Span{Start: l.Span.Start + j, End: l.Span.End})
		} else {
			marks = append(marks, l.Span)
		}
	}
	return marks
}

// unpaired returns the offset of the first bracket without partner in text,
// which begins at an offset, or -1. The marks of lists such as "a)" and "1)",
// and faces such as ":)", are no brackets.
func unpaired(text []byte, at int, pair string, skip []source.Span) int {
	var open []int
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c != pair[0] && c != pair[1] && c != '`' {
			continue
		}
		if c == '`' {
			if n := strings.IndexByte(string(text[i+1:]), '`'); n >= 0 {
				i += n + 1
			}
			continue
		}
		if inAny(skip, at+i) || i > 0 && text[i-1] == '\\' {
			continue
		}
		switch {
		case c == pair[0]:
			if i == 0 || text[i-1] != ':' && text[i-1] != ';' {
				open = append(open, at+i)
			}
		case len(open) > 0:
			open = open[:len(open)-1]
		case !listMark(text[:i]):
			return at + i
		}
	}
	if len(open) > 0 {
		return open[0]
	}
	return -1
}

func inAny(spans []source.Span, offset int) bool {
	for _, s := range spans {
		if s.Contains(offset) {
			return true
		}
	}
	return false
}

// listMark reports whether a closing bracket behind text ends a mark such as
// "a)", "12)" or "iv)", or a face such as ":)" or ":-)".
func listMark(text []byte) bool {
	i := len(text)
	for i > 0 && isWordByte(text[i-1]) {
		i--
	}
	n := len(text) - i
	if n == 0 {
		return len(text) > 0 && strings.IndexByte(":;-", text[len(text)-1]) >= 0
	}
	return n <= 3 && (i == 0 || text[i-1] == ' ' || text[i-1] == '\n' || text[i-1] == '*')
}
