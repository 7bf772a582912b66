package syntax

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/source"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// frontMatter reads the YAML block at the top of text and returns it with the
// offset of the first byte behind it. A block that YAML cannot read is read
// line by line, so that a title survives; the problem is returned too.
func frontMatter(f *source.File) (FrontMatter, int, []Problem) {
	text := f.Text
	start := 0
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		start = 3
	}
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
			m.Span = source.Span{Start: start, End: at + len(l)}
			return m, after, problems
		}
		at = after
	}
	return FrontMatter{}, start, []Problem{{
		Kind: Unclosed, Span: source.Span{Start: start, End: start + len(first)},
		Message: "the front matter is opened with --- and never closed",
	}}
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

func yamlBlock(f *source.File, body source.Span) (FrontMatter, []Problem) {
	m := FrontMatter{Present: true}
	var doc yaml.Node
	if err := yaml.Unmarshal(f.Slice(body), &doc); err != nil {
		m.Fields = scanFields(f.Text, body)
		return m, []Problem{{
			Kind: BadFrontMatter, Span: body,
			Message: "the front matter is not valid YAML: " + strings.TrimPrefix(err.Error(), "yaml: "),
		}}
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return m, nil
	}
	base := f.Line(body.Start) - 1
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		key, value := pairs[i], pairs[i+1]
		keyStart := f.LineSpan(base+key.Line).Start + key.Column - 1
		fd := Field{Key: key.Value, KeySpan: source.Span{Start: keyStart, End: keyStart + len(key.Value)}}
		fd.Span = f.LineSpan(base + key.Line)
		if value.Kind == yaml.ScalarNode {
			fd.Value = value.Value
			at := f.LineSpan(base + value.Line)
			fd.ValueSpan = source.Span{Start: min(at.Start+value.Column-1, at.End), End: at.End}
		}
		m.Fields = append(m.Fields, fd)
	}
	return m, nil
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
	end := start
	var m FrontMatter
	for at := start; at < len(f.Text); {
		l, next := line(f.Text, at)
		if _, _, ok := keyValue(l); !ok {
			break
		}
		at, end = next, next
	}
	body := source.Span{Start: start, End: end}
	m.Fields = scanFields(f.Text, body)
	if m.Field("title") == nil && m.Field("layout") == nil {
		return FrontMatter{}, start, nil
	}
	m.Unfenced, m.Span = true, body
	return m, end, []Problem{{
		Kind: BadFrontMatter, Span: f.LineSpan(f.Line(start)),
		Message: "the front matter has no --- fences",
	}}
}
