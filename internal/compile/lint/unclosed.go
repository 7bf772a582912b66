package lint

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// unclosed finds what is opened and never closed: it swallows the rest of the
// page.
var unclosed = Rule{
	Code:     "CAD107",
	Name:     "unclosed",
	Title:    "Front matter, code, comments and HTML elements are closed.",
	Severity: diag.Error,
	Page: func(p *PagePass) {
		for _, problem := range p.Outline.Problems {
			if problem.Kind == syntax.Unclosed {
				p.Report(problem.Span, diag.Finding{Message: problem.Message, Hint: "close it with a line ---"})
			}
		}
		p.openFence()
		if bytes.IndexByte(p.File.Text, '<') >= 0 {
			p.openComment()
			p.openElements()
		}
	},
}

// closedElements need an end tag, and without it take in what follows.
var closedElements = []string{"pre", "script", "style", "textarea", "details", "table", "figure", "iframe", "div", "summary"}

// openFence reports a block of code that no fence closes.
func (p *PagePass) openFence() {
	text := p.File.Text
	if !bytes.Contains(text, []byte("```")) && !bytes.Contains(text, []byte("~~~")) {
		return
	}
	var fence []byte
	var at source.Span
	for n := p.File.Line(p.Outline.FrontMatter.Span.End); n <= p.File.Lines(); n++ {
		line := p.File.LineSpan(n)
		mark, info := cutFence(p.File.Slice(line))
		switch {
		case fence == nil && mark != nil:
			fence, at = mark, line
		case fence != nil && mark != nil && mark[0] == fence[0] && len(mark) >= len(fence) && len(info) == 0:
			fence = nil
		}
	}
	if fence != nil {
		p.Report(at, diag.Finding{
			Message: fmt.Sprintf("the block of code that begins with %s is never closed", fence),
			Hint:    fmt.Sprintf("close it with a line %s", fence),
		})
	}
}

// cutFence cuts a line that opens or closes a block of code into its marks and
// what follows.
func cutFence(line []byte) (mark, info []byte) {
	line = bytes.TrimSpace(line)
	for len(line) > 2 && (line[0] == '>' || line[0] == '*' || line[0] == '-' && line[1] == ' ') {
		line = bytes.TrimSpace(line[1:])
	}
	if len(line) < 3 || line[0] != '`' && line[0] != '~' {
		return nil, nil
	}
	n := 0
	for n < len(line) && line[n] == line[0] {
		n++
	}
	info = bytes.TrimSpace(line[n:])
	if n < 3 || line[0] == '`' && bytes.IndexByte(info, '`') >= 0 {
		return nil, nil
	}
	return line[:n], info
}

// openComment reports an HTML comment without an end.
func (p *PagePass) openComment() {
	text := p.File.Text
	at := bytes.LastIndex(text, []byte("<!--"))
	if at < 0 || bytes.Contains(text[at:], []byte("-->")) || !p.outsideCode(at) {
		return
	}
	p.Report(source.Span{Start: at, End: at + 4}, diag.Finding{
		Message: "the comment that begins here is never closed",
		Hint:    "close it with -->",
	})
}

// openElements reports the start tags of elements that have more of them than
// end tags.
func (p *PagePass) openElements() {
	text := p.File.Text
	open := make([][]int, len(closedElements)) // start tags without an end tag, of each element
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '<')
		if i < 0 {
			break
		}
		at += i + 1
		end := at < len(text) && text[at] == '/'
		if end {
			at++
		}
		e := slices.IndexFunc(closedElements, func(name string) bool { return tagged(text[at:], name) })
		if e < 0 || !p.outsideCode(at) {
			continue
		}
		switch n := len(open[e]); {
		case !end && !selfClosing(text[at:]):
			open[e] = append(open[e], at)
		case end && n > 0:
			open[e] = open[e][:n-1]
		}
	}
	for e, name := range closedElements {
		for _, at := range open[e] {
			p.Report(source.Span{Start: at - 1, End: at + len(name)}, diag.Finding{
				Message: fmt.Sprintf("the element <%s> is never closed", name),
				Hint:    fmt.Sprintf("close it with </%s>", name),
			})
		}
	}
}

// tagged reports whether text begins with the name of an element.
func tagged(text []byte, name string) bool {
	return len(text) > len(name) && bytes.EqualFold(text[:len(name)], []byte(name)) && bytes.IndexByte([]byte(" \t\r\n>/"), text[len(name)]) >= 0
}

// selfClosing reports whether the tag that text begins in ends with "/>".
func selfClosing(text []byte) bool {
	end := bytes.IndexByte(text, '>')
	return end > 0 && text[end-1] == '/'
}

// outsideCode reports whether an offset lies neither in a block of code nor in
// a code span of its line.
func (p *Page) outsideCode(offset int) bool {
	line := p.File.LineSpan(p.File.Line(offset))
	return bytes.Count(p.File.Text[line.Start:offset], []byte("`"))%2 == 0 && !p.inCode(offset)
}
