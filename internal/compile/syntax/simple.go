package syntax

import (
	"bytes"

	"github.com/cadre-hq/cadre/internal/source"
)

// simpleFields reads front matter of which every line is a key with a plain or
// quoted value, as on most pages, and gives what YAML would. It returns false
// for anything else, which YAML must read: a value over several lines, a list,
// a comment, an escape, a sign that YAML has a use for.
func simpleFields(f *source.File, body source.Span) ([]Field, bool) {
	var fields []Field
	for at := body.Start; at < body.End; {
		l, next := line(f.Text, at)
		if len(l) == 0 {
			at = next
			continue
		}
		fd, ok := simpleField(l, at)
		if !ok {
			return nil, false
		}
		for i := range fields {
			if fields[i].Key == fd.Key {
				return nil, false
			}
		}
		fields = append(fields, fd)
		at = next
	}
	return fields, len(fields) > 0
}

// simpleField reads one line, which stands at an offset.
func simpleField(l []byte, at int) (Field, bool) {
	n := 0
	for n < len(l) && (isLetter(l[n]) || n > 0 && (l[n] == '_' || l[n] == '-' || l[n] >= '0' && l[n] <= '9')) {
		n++
	}
	if n == 0 || n+2 >= len(l) || l[n] != ':' || l[n+1] != ' ' {
		return Field{}, false
	}
	start := n + 2
	for start < len(l) && l[start] == ' ' {
		start++
	}
	value, ok := simpleValue(bytes.TrimRight(l[start:], " "))
	return Field{
		Key: string(l[:n]), Value: value, KeySpan: source.Span{Start: at, End: at + n},
		ValueSpan: source.Span{Start: at + start, End: at + len(l)}, Span: source.Span{Start: at, End: at + len(l)},
	}, ok
}

// simpleValue reads a value of one line.
func simpleValue(v []byte) (string, bool) {
	if len(v) == 0 {
		return "", false
	}
	if q := v[0]; q == '"' || q == '\'' {
		inner := v[1:]
		if len(inner) == 0 || inner[len(inner)-1] != q {
			return "", false
		}
		inner = inner[:len(inner)-1]
		return string(inner), tame(inner) && bytes.IndexByte(inner, q) < 0 && bytes.IndexByte(inner, '\\') < 0
	}
	if !isLetter(v[0]) && (v[0] < '0' || v[0] > '9') {
		return "", false
	}
	return string(v), tame(v) && v[len(v)-1] != ':' && !bytes.Contains(v, []byte(": ")) && !bytes.Contains(v, []byte(" #"))
}

// tame reports whether a text is printable ASCII.
func tame(v []byte) bool {
	for _, c := range v {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}
