package source

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// What is a page is decided here, for every place that pages are read from.

// IsPage reports whether a file of this name is a page: Markdown by its
// ending, rendered through ERB or not.
func IsPage(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".erb")
	return strings.HasSuffix(name, ".md") || strings.HasSuffix(name, ".markdown")
}

// SkipsFolder reports whether a folder of this name holds no pages: tools keep
// their own things there.
func SkipsFolder(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules"
}

// Ignored reports whether a pattern of Ignore covers a path.
func (o *Options) Ignored(path string) bool {
	return len(o.Ignore) > 0 && MatchAny(o.Ignore, Relative(o.Base, path))
}

// Refuse says in words why text is no page, or "" if it is one.
func (o *Options) Refuse(text []byte) string {
	if message := o.RefuseSize(int64(len(text))); message != "" {
		return message
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return "it is UTF-16 text; save it as UTF-8"
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return fmt.Sprintf("it is no text, but a binary file: byte %d is NUL", i)
	}
	if utf8.Valid(text) {
		return ""
	}
	f, at := New("", text), 0
	for r, size := utf8.DecodeRune(text); r != utf8.RuneError || size != 1; r, size = utf8.DecodeRune(text[at:]) {
		at += size
	}
	p := f.Position(at)
	return fmt.Sprintf("it is not UTF-8: byte 0x%02X at line %d, column %d; save it as UTF-8", text[at], p.Line, p.Column)
}

// RefuseSize says in words why a file of so many bytes is not read, or "" if
// it is.
func (o *Options) RefuseSize(bytes int64) string {
	if bytes <= o.limit() {
		return ""
	}
	return fmt.Sprintf("it has %.1f MiB; pages of more than %.3g MiB are not read (max_page_bytes in cadre.yaml)",
		float64(bytes)/(1<<20), float64(o.limit())/(1<<20))
}

// limit is the size of the largest page that is read.
func (o *Options) limit() int64 {
	if o.MaxBytes == 0 {
		return DefaultMaxBytes
	}
	return o.MaxBytes
}
