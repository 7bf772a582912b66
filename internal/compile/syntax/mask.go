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
	directives []source.Span // painted template expressions and attribute lists
	anchors    []Anchor      // of HTML elements and attribute lists
	ids        map[int]string
}

// mask paints over text from offset body on; what stands before is blanked.
func mask(f *source.File, body int) *masked {
	m := &masked{text: bytes.Clone(f.Text)}
	blank(m.text[:body])
	if bytes.IndexByte(m.text, '<') >= 0 || bytes.Contains(m.text, []byte("{{")) {
		m.expressions(body)
	}
	m.lines(f, body)
	return m
}

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
		if b[i] != '\n' && b[i] != '\r' {
			b[i] = 'x'
		}
	}
}

// comment paints an HTML comment over one line: such a block ends on its own
// line and may stand next to anything.
func comment(b []byte) {
	if len(b) < len("<!---->") {
		fill(b)
		return
	}
	fill(b)
	copy(b, "<!--")
	copy(b[len(b)-3:], "-->")
}

var pairs = [][2]string{{"<%", "%>"}, {"{{<", ">}}"}, {"{{%", "%}}"}}

// expressions paints ERB tags and Hugo shortcodes, which may hold blanks and
// quotes inside a link target. An expression may run over several lines, but
// not over a blank one.
func (m *masked) expressions(body int) {
	for _, p := range pairs {
		open, close := []byte(p[0]), []byte(p[1])
		for at := body; ; {
			i := bytes.Index(m.text[at:], open)
			if i < 0 {
				break
			}
			start := at + i
			j := bytes.Index(m.text[start:], close)
			if j < 0 || bytes.Contains(m.text[start:start+j], []byte("\n\n")) {
				at = start + len(open)
				continue
			}
			end := start + j + len(close)
			m.directives = append(m.directives, source.Span{Start: start, End: end})
			fill(m.text[start:end])
			at = end
		}
	}
}

// lines paints attribute lists and single-line HTML, and mends markers that
// are followed by a no-break space.
func (m *masked) lines(f *source.File, body int) {
	var fence []byte
	for at := body; at < len(m.text); {
		l, next := line(m.text, at)
		t := bytes.TrimSpace(l)
		switch {
		case fence != nil:
			if bytes.HasPrefix(t, fence) && len(bytes.Trim(t, string(fence[:1]))) == 0 {
				fence = nil
			}
		case bytes.HasPrefix(t, []byte("```")) || bytes.HasPrefix(t, []byte("~~~")):
			fence = t[:3:3]
		case len(t) > 0:
			m.line(f, at, l, t)
		}
		at = next
	}
}

func (m *masked) line(f *source.File, at int, l, t []byte) {
	start := at + bytes.IndexByte(l, t[0])
	end := start + len(t)
	switch {
	case m.painted(start, end):
		comment(m.text[start:end])
	case bytes.HasPrefix(t, []byte("{:")) && t[len(t)-1] == '}':
		m.attributes(f, t, start)
		m.directives = append(m.directives, source.Span{Start: start, End: end})
		comment(m.text[start:end])
	case t[0] == '<' && len(t) > 2 && t[len(t)-1] == '>' && (isLetter(t[1]) || t[1] == '/') && !rawElement(t):
		m.elements(f, start, end)
		comment(m.text[start:end])
	default:
		m.inline(f, l, at)
	}
}

// painted reports whether the whole range is one or more template expressions.
func (m *masked) painted(start, end int) bool {
	for at := start; ; {
		found := false
		for _, d := range m.directives {
			if d.Start <= at && at < d.End {
				at, found = d.End, true
			}
		}
		if !found {
			return false
		}
		for at < end && m.text[at] == ' ' {
			at++
		}
		if at >= end {
			return true
		}
	}
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
	for {
		i := bytes.IndexByte(l, '{')
		if i < 0 || i+1 >= len(l) {
			return
		}
		j := bytes.IndexByte(l[i:], '}')
		if j < 0 {
			return
		}
		heading := bytes.HasPrefix(bytes.TrimLeft(l, " "), []byte("#"))
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

// attributes notes the id of an attribute list, "{: #id .class}" or "{#id}".
func (m *masked) attributes(f *source.File, list []byte, at int) {
	i := bytes.IndexByte(list, '#')
	if i < 0 {
		return
	}
	id := list[i+1:]
	if end := bytes.IndexAny(id, " }\t"); end >= 0 {
		id = id[:end]
	}
	if len(id) == 0 {
		return
	}
	if m.ids == nil {
		m.ids = map[int]string{}
	}
	m.ids[f.Line(at)] = string(id)
	m.anchors = append(m.anchors, Anchor{
		Name: string(id), Line: f.Line(at), Explicit: true, Heading: -1,
		Span: source.Span{Start: at + i + 1, End: at + i + 1 + len(id)},
	})
}

// elements notes the id and name attributes of HTML elements in a range.
func (m *masked) elements(f *source.File, start, end int) {
	text := m.text[start:end]
	for _, attr := range [][]byte{[]byte("id="), []byte("name=")} {
		for at := 0; ; {
			i := bytes.Index(text[at:], attr)
			if i < 0 {
				break
			}
			value := at + i + len(attr)
			at = value
			if value >= len(text) || text[value-len(attr)-1] != ' ' || bytes.LastIndexByte(text[:value], '<') < bytes.LastIndexByte(text[:value], '>') {
				continue
			}
			quote := text[value]
			if quote != '"' && quote != '\'' {
				continue
			}
			j := bytes.IndexByte(text[value+1:], quote)
			if j <= 0 {
				continue
			}
			s := source.Span{Start: start + value + 1, End: start + value + 1 + j}
			m.anchors = append(m.anchors, Anchor{
				Name: string(text[value+1 : value+1+j]), Span: s, Line: f.Line(s.Start), Explicit: true, Heading: -1,
			})
		}
	}
}

// rawElement reports whether a line opens an element whose content is no
// Markdown and may run over blank lines.
func rawElement(t []byte) bool {
	for _, name := range []string{"<pre", "<script", "<style", "<textarea"} {
		if len(t) >= len(name) && bytes.EqualFold(t[:len(name)], []byte(name)) {
			return true
		}
	}
	return false
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
