package syntax

import (
	"bytes"

	"github.com/cadre-hq/cadre/internal/source"
)

// A masked text is what goldmark gets to see: a copy of the page, byte for
// byte as long, in which everything that is no Markdown (front matter,
// template expressions, kramdown attribute lists, single-line HTML) was
// painted over, so that it can neither break a link nor swallow a heading.
// Offsets into the copy are offsets into the page.
type masked struct {
	text       []byte
	directives spanSet // painted template expressions and attribute lists
	anchors    []Anchor
	ids        map[int]int  // indexes into anchors, by the line of the attribute list
	lists      map[int]bool // lines that are nothing but an attribute list
}

// mask paints over text from offset body on; what stands before is blanked.
func mask(f *source.File, body int) *masked {
	m := &masked{text: bytes.Clone(f.Text)}
	unixLines(m.text)
	blank(m.text[:body])
	m.expressions(body)
	n := len(m.directives)
	m.lines(f, body)
	if len(m.directives) > n {
		m.directives = union(m.directives)
	}
	return m
}

// unixLines paints a blank over the carriage return of each line end.
func unixLines(b []byte) {
	for at := 0; ; at++ {
		i := bytes.IndexByte(b[at:], '\r')
		if i < 0 {
			return
		}
		if at += i; at+1 < len(b) && b[at+1] == '\n' {
			b[at] = ' '
		}
	}
}

// blank paints blanks over b and keeps its line breaks.
func blank(b []byte) {
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
}

// fill paints letters over b and keeps its line breaks.
func fill(b []byte) {
	for i := range b {
		if b[i] != '\n' {
			b[i] = 'x'
		}
	}
}

// instruction paints a processing instruction over one line: of all blocks of
// HTML it is the shortest that ends on its own line and may stand next to
// anything.
func instruction(b []byte) {
	fill(b)
	if len(b) < len("<?>") {
		return // a line of an expression over several; its letters are dropped
	}
	b[0], b[1] = '<', '?'
	b[len(b)-2], b[len(b)-1] = '?', '>'
}

// expressions paints ERB tags and Hugo shortcodes, which may hold blanks and
// quotes inside a link target. An expression may run over several lines, but
// not over a blank one.
func (m *masked) expressions(body int) {
	var found []source.Span
	for _, p := range [][2]string{{"<%", "%>"}, {"{{<", ">}}"}, {"{{%", "%}}"}} {
		open, end := []byte(p[0]), []byte(p[1])
		for at, stop := body, body; ; {
			i := bytes.Index(m.text[at:], open)
			if i < 0 {
				break
			}
			if at += i; at >= stop {
				stop = paragraphEnd(m.text, at)
			}
			inner := min(at+len(open), stop)
			j := bytes.Index(m.text[inner:stop], end)
			if j < 0 {
				at = stop
				continue
			}
			// The last opening mark counts: those before it were never closed.
			start := at + bytes.LastIndex(m.text[at:inner+j], open)
			at = inner + j + len(end)
			found = append(found, source.Span{Start: start, End: at})
			fill(m.text[start:at])
		}
	}
	m.directives = union(found)
}

// paragraphEnd returns the offset of the first blank line behind at.
func paragraphEnd(text []byte, at int) int {
	for {
		_, next := line(text, at)
		if next >= len(text) {
			return len(text)
		}
		if l, _ := line(text, next); len(bytes.TrimSpace(l)) == 0 {
			return next
		}
		at = next
	}
}

// lines paints attribute lists and single-line HTML, and mends markers that
// are followed by a no-break space. Code is left as it is.
func (m *masked) lines(f *source.File, body int) {
	var fence []byte
	for at := body; at < len(m.text); {
		l, next := line(m.text, at)
		t := bytes.TrimSpace(l)
		switch {
		case len(t) == 0:
			blank(l) // of no-break spaces too
		case fence != nil:
			if bytes.HasPrefix(t, fence) && len(bytes.Trim(t, string(fence[:1]))) == 0 {
				fence = nil
			}
		case opensFence(t) > 0:
			fence = bytes.Clone(t[:opensFence(t)])
		case tableOfContents(t, m.text[next:]):
			m.directive(at+bytes.IndexByte(l, t[0]), len(t))
		default:
			m.line(f, at, l, t)
		}
		at = next
	}
}

// opensFence returns the length of the fence with which a trimmed line opens a
// block of code, or 0. What follows backticks must not hold another one.
func opensFence(t []byte) int {
	n := 0
	for n < len(t) && t[n] == t[0] && (t[0] == '`' || t[0] == '~') {
		n++
	}
	if n < 3 || t[0] == '`' && bytes.IndexByte(t[n:], '`') >= 0 {
		return 0
	}
	return n
}

// tableOfContents reports whether a trimmed line stands for a generated table
// of contents: kramdown's list of one item above {:toc}, or a marker of other
// generators.
func tableOfContents(t, rest []byte) bool {
	if t[0] == '[' {
		switch string(bytes.ToLower(t)) {
		case "[toc]", "[[toc]]", "[[_toc_]]":
			return true
		}
		return false
	}
	if !bytes.HasPrefix(bytes.TrimLeft(rest[:min(len(rest), 16)], " \t"), []byte("{:toc")) {
		return false
	}
	i := bytes.IndexAny(t, " \t")
	return i > 0 && markerOnly(t[:i]) && t[0] != '#'
}

// directive paints over one line that is no Markdown.
func (m *masked) directive(start, n int) {
	m.directives = append(m.directives, source.Span{Start: start, End: start + n})
	instruction(m.text[start : start+n])
}

func (m *masked) line(f *source.File, at int, l, t []byte) {
	start := at + bytes.IndexByte(l, t[0])
	end := start + len(t)
	switch {
	case m.painted(start, end):
		instruction(m.text[start:end])
	case bytes.HasPrefix(t, []byte("{:")) && bytes.IndexByte(t, '}') == len(t)-1:
		m.attributes(f, t, start)
		if m.lists == nil {
			m.lists = map[int]bool{}
		}
		m.lists[f.Line(at)] = true
		m.directive(start, len(t))
	case htmlLine(t):
		m.elements(f, start, end)
		instruction(m.text[start:end])
	default:
		m.inline(f, l, at)
	}
}

// painted reports whether the whole range is one or more template expressions.
func (m *masked) painted(start, end int) bool {
	for _, d := range m.directives.from(start) {
		if d.Start > start {
			return false
		}
		for start = d.End; start < end && m.text[start] == ' '; start++ {
		}
		if start >= end {
			return true
		}
	}
	return false
}

// inline handles what stands inside a line of text.
func (m *masked) inline(f *source.File, l []byte, at int) {
	if i := bytes.Index(l, []byte("\u00a0")); i >= 0 && i <= 8 {
		if head := bytes.TrimLeft(l[:i], " \t"); markerOnly(head) {
			m.text[at+i], m.text[at+i+1] = ' ', ' '
		}
	}
	if bytes.IndexByte(l, '<') >= 0 {
		m.elements(f, at, at+len(l))
	}
	heading := bytes.HasPrefix(bytes.TrimLeft(l, " "), []byte("#"))
	for {
		i := bytes.IndexByte(l, '{')
		if i < 0 || i+1 >= len(l) {
			return
		}
		j := bytes.IndexByte(l[i:], '}')
		if j < 0 {
			return
		}
		if l[i+1] == ':' || l[i+1] == '#' && heading {
			m.attributes(f, l[i:i+j+1], at+i)
			m.directives = append(m.directives, source.Span{Start: at + i, End: at + i + j + 1})
			blank(m.text[at+i : at+i+j+1])
		}
		l, at = l[i+j+1:], at+i+j+1
	}
}

// markerOnly reports whether b is a list marker or the signs of a heading.
func markerOnly(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	if len(b) == 1 && (b[0] == '*' || b[0] == '-' || b[0] == '+') {
		return true
	}
	last := b[len(b)-1]
	if last == '.' || last == ')' {
		for _, c := range b[:len(b)-1] {
			if c < '0' || c > '9' {
				return false
			}
		}
		return len(b) > 1
	}
	return len(bytes.Trim(b, "#")) == 0
}
