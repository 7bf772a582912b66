package syntax

import (
	"bytes"

	"github.com/cadre-hq/cadre/internal/source"
)

// A masked text is what goldmark gets to see, from the body on: a page, byte
// for byte as long, in which everything that is no Markdown (template
// expressions, kramdown attribute lists, single-line HTML) was painted over, so
// that it can neither break a link nor swallow a heading. Offsets into it are
// offsets into the page. It is the page itself until something is painted.
type masked struct {
	text       []byte
	body       int     // where the line of the first byte behind the front matter begins
	own        bool    // text is a copy
	said       string  // text
	directives spanSet // painted template expressions and attribute lists
	anchors    []Anchor
	ids        map[int]int  // indexes into anchors, by the line of the attribute list
	lists      map[int]bool // lines that are nothing but an attribute list
}

// mask paints over text from offset body on; what stands before on its line is
// blanked.
func mask(f *source.File, body int) *masked {
	m := &masked{text: f.Text, body: bytes.LastIndexByte(f.Text[:body], '\n') + 1}
	m.unixLines()
	if m.body < body { // a byte order mark
		blank(m.at(m.body, body))
	}
	m.expressions(body)
	n := len(m.directives)
	m.lines(f, body)
	if len(m.directives) > n {
		m.directives = union(m.directives)
	}
	m.said = source.New(f.Path, m.text).String()
	return m
}

// at returns a range of the text, to be painted over.
func (m *masked) at(start, end int) []byte {
	if !m.own {
		m.text, m.own = bytes.Clone(m.text), true
	}
	return m.text[start:end]
}

// unixLines paints a blank over the carriage return of each line end.
func (m *masked) unixLines() {
	for at := m.body; ; at++ {
		i := bytes.IndexByte(m.text[at:], '\r')
		if i < 0 {
			return
		}
		if at += i; at+1 < len(m.text) && m.text[at+1] == '\n' {
			blank(m.at(at, at+1))
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
			fill(m.at(start, at))
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

// noBreak is a no-break space.
var noBreak = []byte("\u00a0")

// lines paints attribute lists and single-line HTML, and mends markers that
// are followed by a no-break space. Code is left as it is.
func (m *masked) lines(f *source.File, body int) {
	var fence []byte
	rest := m.text[body:]
	special := len(m.directives) > 0 || bytes.IndexByte(rest, '<') >= 0 || bytes.IndexByte(rest, '{') >= 0 || bytes.Contains(rest, noBreak)
	for at := body; at < len(m.text); {
		l, next := line(m.text, at)
		t := bytes.TrimSpace(l)
		switch {
		case len(t) == 0:
			if len(bytes.Trim(l, " ")) > 0 {
				blank(m.at(at, at+len(l))) // of no-break spaces too
			}
		case fence != nil:
			if bytes.HasPrefix(t, fence) && len(bytes.Trim(t, string(fence[:1]))) == 0 {
				fence = nil
			}
		case opensFence(t) > 0:
			fence = t[:opensFence(t)]
		case tableOfContents(t, m.text[next:]):
			m.directive(at+bytes.IndexByte(l, t[0]), len(t))
		case special:
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
	rest = rest[:min(len(rest), 16)]
	if open := bytes.IndexByte(rest, '{'); open < 0 || !bytes.HasPrefix(rest[open:], []byte("{:toc")) || len(bytes.Trim(rest[:open], " \t")) > 0 {
		return false
	}
	i := bytes.IndexAny(t, " \t")
	return i > 0 && markerOnly(t[:i]) && t[0] != '#'
}

// directive paints over one line that is no Markdown.
func (m *masked) directive(start, n int) {
	m.directives = append(m.directives, source.Span{Start: start, End: start + n})
	instruction(m.at(start, start+n))
}

func (m *masked) line(f *source.File, at int, l, t []byte) {
	start := at + bytes.IndexByte(l, t[0])
	end := start + len(t)
	switch {
	case m.painted(start, end):
		instruction(m.at(start, end))
	case bytes.HasPrefix(t, []byte("{:")) && bytes.IndexByte(t, '}') == len(t)-1:
		m.attributes(f, t, start)
		if m.lists == nil {
			m.lists = map[int]bool{}
		}
		m.lists[f.Line(at)] = true
		m.directive(start, len(t))
	case htmlLine(t):
		m.elements(f, start, end)
		instruction(m.at(start, end))
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
	if i := bytes.Index(l, noBreak); i >= 0 && i <= 8 {
		if head := bytes.TrimLeft(l[:i], " \t"); markerOnly(head) {
			blank(m.at(at+i, at+i+len(noBreak)))
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
			blank(m.at(at+i, at+i+j+1))
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
