package syntax

import (
	"bytes"
	"sort"
	"strings"

	"github.com/cadre-hq/cadre/internal/source"
)

// htmlLine reports whether a trimmed line is HTML as a whole: it begins with a
// tag, ends with one, and says nothing that belongs to the text of the page.
// Text between inline tags, such as <b>Levels</b>, does.
func htmlLine(t []byte) bool {
	if len(t) < 3 || t[0] != '<' || t[len(t)-1] != '>' {
		return false
	}
	name := strings.ToLower(tagName(t))
	switch {
	case name == "":
		return false
	case name == "pre" || name == "script" || name == "style" || name == "textarea":
		// Their content is no Markdown and may run over blank lines.
		return false
	case blockElement(name):
		return true
	}
	return textless(t)
}

// tagName returns the name of the tag with which t begins, or "": an autolink
// such as <https://example.com> is none.
func tagName(t []byte) string {
	i := 1
	if i < len(t) && t[i] == '/' {
		i++
	}
	start := i
	for i < len(t) && (isLetter(t[i]) || i > start && (t[i] >= '0' && t[i] <= '9' || t[i] == '-')) {
		i++
	}
	if i == start || i >= len(t) {
		return ""
	}
	switch t[i] {
	case ' ', '\t', '>', '/':
		return string(t[start:i])
	}
	return ""
}

// blockElement reports the elements that begin a block of HTML whatever stands
// beside them (CommonMark 0.31.2, section 4.6, start condition 6).
func blockElement(name string) bool {
	switch name {
	case "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup",
		"dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame",
		"frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link",
		"main", "menu", "menuitem", "nav", "noframes", "ol", "optgroup", "option", "p", "param", "search", "section",
		"summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul":
		return true
	}
	return false
}

// textless reports whether nothing stands between the tags of a line.
func textless(t []byte) bool {
	for len(t) > 0 {
		if t[0] == ' ' || t[0] == '\t' {
			t = t[1:]
			continue
		}
		end := bytes.IndexByte(t, '>')
		if t[0] != '<' || end < 0 {
			return false
		}
		t = t[end+1:]
	}
	return true
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

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
		m.ids = map[int]int{}
	}
	line := f.Line(at)
	m.ids[line] = len(m.anchors)
	m.anchors = append(m.anchors, Anchor{
		Name: string(id), Line: line, Explicit: true, Heading: -1,
		Span: source.Span{Start: at + i + 1, End: at + i + 1 + len(id)},
	})
}

// elements notes the id and name attributes of HTML elements in a range.
func (m *masked) elements(f *source.File, start, end int) {
	for at := start; ; {
		i := bytes.IndexByte(m.text[at:end], '<')
		if i < 0 {
			return
		}
		at += i
		j := bytes.IndexByte(m.text[at:end], '>')
		if j < 0 {
			j = end - at
		}
		if tag := m.text[at : at+j]; tagName(m.text[at:end]) != "" {
			m.tagAnchor(f, tag, at, "id=")
			m.tagAnchor(f, tag, at, "name=")
		}
		at += j
	}
}

// tagAnchor notes the quoted value of one attribute of a tag that begins at
// offset at.
func (m *masked) tagAnchor(f *source.File, tag []byte, at int, attr string) {
	i := bytes.Index(tag, []byte(attr))
	value := i + len(attr)
	if i < 1 || value >= len(tag) || tag[i-1] != ' ' && tag[i-1] != '\t' || tag[value] != '"' && tag[value] != '\'' {
		return
	}
	n := bytes.IndexByte(tag[value+1:], tag[value])
	if n <= 0 {
		return
	}
	s := source.Span{Start: at + value + 1, End: at + value + 1 + n}
	m.anchors = append(m.anchors, Anchor{Name: string(m.text[s.Start:s.End]), Span: s, Line: f.Line(at), Explicit: true, Heading: -1})
}

// anchorsFrom returns the index of the first anchor on a line or below it.
func (m *masked) anchorsFrom(line int) int {
	return sort.Search(len(m.anchors), func(i int) bool { return m.anchors[i].Line >= line })
}

// headingAnchor returns the index of the anchor that an attribute list gives
// to a heading, or -1: the list stands on its line, on the line below, or on
// the line above if a blank one precedes that.
func (m *masked) headingAnchor(f *source.File, h *Heading) int {
	if len(m.ids) == 0 {
		return -1
	}
	if k, ok := m.ids[h.Line]; ok {
		return k
	}
	below, above := h.Line+1, h.Line-1
	if k, ok := m.ids[below]; ok && m.lists[below] {
		return k
	}
	if k, ok := m.ids[above]; ok && m.lists[above] && len(bytes.TrimSpace(f.Slice(f.LineSpan(above-1)))) == 0 {
		return k
	}
	return -1
}
