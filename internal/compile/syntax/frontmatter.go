package syntax

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/source"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// frontMatter reads the YAML block at the top of text and returns it with the
// offset of the first byte behind it. A block that YAML cannot read is read
// line by line, so that a title survives; the problem is returned too.
func frontMatter(f *source.File) (FrontMatter, int, []Problem) {
	text := f.Text
	start := byteOrderMark(text)
	for start < len(text) && (text[start] == '\n' || text[start] == '\r') {
		start++
	}
	first, next := line(text, start)
	if string(bytes.TrimRight(first, " \t")) != "---" {
		return unfenced(f, start)
	}
	body := next
	for at := next; at < len(text); {
		l, after := line(text, at)
		if s := string(bytes.TrimRight(l, " \t")); s == "---" || s == "..." {
			m, problems := yamlBlock(f, source.Span{Start: body, End: at})
			if !m.Present {
				return m, start, problems // text between two rules
			}
			m.Span = source.Span{Start: start, End: at + len(l)}
			return m, after, problems
		}
		at = after
	}
	return unclosed(f, start, body)
}

// unclosed takes the keys behind an opening fence that no other fence closes.
func unclosed(f *source.File, start, body int) (FrontMatter, int, []Problem) {
	problems := []Problem{{
		Kind: Unclosed, Span: f.LineSpan(f.Line(start)),
		Message: "the front matter is opened with --- and never closed",
	}}
	fields, end := keys(f.Text, body)
	if len(fields) == 0 {
		return FrontMatter{}, start, problems
	}
	return FrontMatter{Present: true, Fields: fields, Span: source.Span{Start: start, End: trimRight(f.Text, end)}}, end, problems
}

// keys reads the "key: value" lines from offset at on and returns the offset
// of the first line that is none.
func keys(text []byte, at int) ([]Field, int) {
	start := at
	for at < len(text) {
		l, next := line(text, at)
		if _, _, ok := keyValue(l); !ok {
			break
		}
		at = next
	}
	return scanFields(text, source.Span{Start: start, End: at}), at
}

// byteOrderMark returns the length of the mark with which some editors begin a
// file.
func byteOrderMark(text []byte) int {
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		return len("\ufeff")
	}
	return 0
}

// line returns the line at offset without its ending, and where the next one
// begins.
func line(text []byte, at int) ([]byte, int) {
	end := bytes.IndexByte(text[at:], '\n')
	if end < 0 {
		return text[at:], len(text)
	}
	l := text[at : at+end]
	return bytes.TrimSuffix(l, []byte("\r")), at + end + 1
}

// yamlBlock reads what stands between the fences. If that holds no keys at
// all, it is no front matter.
func yamlBlock(f *source.File, body source.Span) (FrontMatter, []Problem) {
	if fields, ok := simpleFields(f, body); ok {
		return FrontMatter{Present: true, Fields: fields}, nil
	}
	return readYAML(f, body)
}

// readYAML is yamlBlock for front matter of any form.
func readYAML(f *source.File, body source.Span) (FrontMatter, []Problem) {
	m := FrontMatter{Present: true}
	var doc yaml.Node
	if err := yaml.Unmarshal(f.Slice(body), &doc); err != nil {
		m.Fields = scanFields(f.Text, body)
		m.Present = len(m.Fields) > 0
		return m, []Problem{{
			Kind: BadFrontMatter, Span: body,
			Message: "the front matter is not valid YAML: " + strings.TrimPrefix(err.Error(), "yaml: "),
		}}
	}
	if len(doc.Content) == 0 {
		return m, nil
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return FrontMatter{}, []Problem{{
			Kind: BadFrontMatter, Span: body,
			Message: "the front matter holds no keys with values",
		}}
	}
	base := f.Line(body.Start) - 1
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		key, value := pairs[i], pairs[i+1]
		start := column(f, base+key.Line, key.Column)
		fd := Field{Key: key.Value, KeySpan: source.Span{Start: start, End: start + len(key.Value)}}
		fd.Span = f.LineSpan(base + key.Line)
		fd.KeySpan.End = min(fd.KeySpan.End, fd.Span.End)
		if value.Kind == yaml.ScalarNode {
			fd.Value = value.Value
			at := f.LineSpan(base + value.Line)
			fd.ValueSpan = source.Span{Start: column(f, base+value.Line, value.Column), End: at.End}
		}
		m.Fields = append(m.Fields, fd)
	}
	return m, nil
}

// column returns the offset of a 1-based column, which counts characters.
func column(f *source.File, line, column int) int {
	at := f.LineSpan(line)
	for ; column > 1 && at.Start < at.End; column-- {
		_, size := utf8.DecodeRune(f.Slice(at))
		at.Start += size
	}
	return at.Start
}

// scanFields reads "key: value" lines without understanding YAML.
func scanFields(text []byte, body source.Span) []Field {
	var fields []Field
	for at := body.Start; at < body.End; {
		l, next := line(text, at)
		if key, value, ok := keyValue(l); ok {
			fields = append(fields, Field{
				Key: key, Value: strings.Trim(value, `"'`),
				KeySpan:   source.Span{Start: at, End: at + len(key)},
				ValueSpan: source.Span{Start: at + len(l) - len(value), End: at + len(l)},
				Span:      source.Span{Start: at, End: at + len(l)},
			})
		}
		at = next
	}
	return fields
}

func keyValue(l []byte) (key, value string, ok bool) {
	k, v, found := bytes.Cut(l, []byte(":"))
	if !found || len(k) == 0 || len(k) > 40 || len(v) > 0 && v[0] != ' ' {
		return "", "", false
	}
	for _, c := range k {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return "", "", false
		}
	}
	return string(k), strings.TrimSpace(string(v)), true
}

// unfenced recognises front matter whose fences were forgotten: the page
// begins with a title or layout key.
func unfenced(f *source.File, start int) (FrontMatter, int, []Problem) {
	var m FrontMatter
	fields, end := keys(f.Text, start)
	body := source.Span{Start: start, End: end}
	m.Fields = fields
	if m.Field("title") == nil && m.Field("layout") == nil {
		return FrontMatter{}, start, nil
	}
	m.Unfenced, m.Span = true, body
	return m, end, []Problem{{
		Kind: BadFrontMatter, Span: f.LineSpan(f.Line(start)),
		Message: "the front matter has no --- fences",
	}}
}
