// Package source holds the text of one file and turns byte offsets into
// places that people and editors understand.
//
// A Span is a half-open range of byte offsets into a file's text. Everything
// that the compiler says about a page carries a Span, so that any fact can be
// led back to the line that states it. Lines and columns are derived on
// demand, never stored beside the span, except in findings, which outlive the
// text that they speak of.
package source

import (
	"bytes"
	"slices"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// A File is a page as it was read: its path, with forward slashes and relative
// to the folder that was given, and its bytes. It is immutable.
type File struct {
	Path string
	Text []byte

	counted sync.Once
	starts  []int // offset of the first byte of each line, once counted
}

// New wraps text as the file at path. The caller gives up text. What lies behind
// it in the same memory stays as it is, whoever appends to a part of the text,
// as goldmark does to a last line without an end.
func New(path string, text []byte) *File {
	return &File{Path: path, Text: slices.Clip(text)}
}

// String returns the text, in the same memory: neither ever changes.
func (f *File) String() string { return unsafe.String(unsafe.SliceData(f.Text), len(f.Text)) }

// lines returns the offset of the first byte of each line. It looks for them
// when it is asked first, for a page that a cache knows all about never is.
func (f *File) lines() []int {
	f.counted.Do(f.count)
	return f.starts
}

func (f *File) count() {
	f.starts = make([]int, 1, 1+bytes.Count(f.Text, []byte{'\n'}))
	for start := 0; ; {
		i := bytes.IndexByte(f.Text[start:], '\n')
		if i < 0 {
			return
		}
		start += i + 1
		f.starts = append(f.starts, start)
	}
}

// A Span is the half-open byte range [Start, End) of a file.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Empty reports whether the span covers no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

// Contains reports whether offset lies in the span.
func (s Span) Contains(offset int) bool { return s.Start <= offset && offset < s.End }

// Join returns the smallest span that covers both; an empty one adds nothing.
func (s Span) Join(t Span) Span {
	switch {
	case s.Empty():
		return t
	case t.Empty():
		return s
	}
	return Span{min(s.Start, t.Start), max(s.End, t.End)}
}

// A Position is a place in a file: Line and Column count from 1, Column in
// characters (Unicode code points), as compilers print them.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Lines returns the number of lines; a final newline begins no line of its own.
func (f *File) Lines() int {
	lines := f.lines()
	n := len(lines)
	if n > 1 && lines[n-1] == len(f.Text) {
		n--
	}
	return n
}

// Line returns the 1-based line that holds offset.
func (f *File) Line(offset int) int {
	line, _ := slices.BinarySearch(f.lines(), offset+1) // the first one that begins behind it
	return line
}

// Position returns the place of offset; an offset outside the file is moved to
// its nearest end.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Text))
	line := f.Line(offset)
	start := f.lines()[line-1]
	return Position{line, utf8.RuneCount(f.Text[start:offset]) + 1}
}

// UTF16Column returns the 0-based column of offset in UTF-16 code units, which
// is how the Language Server Protocol counts.
func (f *File) UTF16Column(offset int) int {
	offset = min(max(offset, 0), len(f.Text))
	n := 0
	for _, r := range string(f.Text[f.lines()[f.Line(offset)-1]:offset]) {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// LineSpan returns the bytes of the 1-based line, without its line ending. A
// line outside the file gives an empty span.
func (f *File) LineSpan(line int) Span {
	lines := f.lines()
	if line < 1 || line > len(lines) {
		return Span{len(f.Text), len(f.Text)}
	}
	start, end := lines[line-1], len(f.Text)
	if line < len(lines) {
		end = lines[line] - 1
	}
	if end > start && f.Text[end-1] == '\r' {
		end--
	}
	return Span{start, end}
}

// Slice returns the bytes of the span, clipped to the file.
func (f *File) Slice(s Span) []byte {
	start := min(max(s.Start, 0), len(f.Text))
	return f.Text[start:min(max(s.End, start), len(f.Text))]
}
