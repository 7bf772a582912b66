package lint

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// A Suppression is a comment that keeps findings from being reported:
//
//	<!-- cadre-ignore CAD203, CAD411: reason -->
//
// What it covers depends on where it stands:
//
//   - behind other text: the line that it stands on, which is also how a list
//     item or a table row is covered without taking the list apart;
//   - on a line of its own above a heading: the heading's section, with all
//     sections below it;
//   - on a line of its own above anything else: the paragraph, item or table
//     that begins on the next line that is not blank;
//   - first on the page, below the front matter: the whole page.
//
// A finding is covered if it begins there. A suppression that covers nothing
// is a finding itself (CAD121), as is one without a reason or with a code that
// no rule has (CAD120).
type Suppression struct {
	Codes  []Code
	Reason string
	Place  diag.Place
	// Covers is the part of the page in which findings are suppressed.
	Covers  source.Span
	Heading string
	// Fault says what is wrong with it; such a suppression covers nothing.
	Fault string
}

// A Code is a code of a suppression and where it stands.
type Code struct {
	Code diag.Code
	Span source.Span
}

// marker begins a suppression, behind the opening of the comment.
const marker = "cadre-ignore"

// suppressions finds the suppressions of the page.
func (p *Page) suppressions() []Suppression {
	text := p.File.Text
	var found []Suppression
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(marker))
		if i < 0 {
			return found
		}
		i += at
		at = i + len(marker)
		start := bytes.LastIndex(text[:i], []byte("<!--"))
		if start < p.Outline.FrontMatter.Span.End || len(bytes.TrimSpace(text[start+4:i])) > 0 || p.inCode(start) {
			continue // front matter has comments of its own
		}
		end := bytes.Index(text[i:], []byte("-->"))
		if end < 0 {
			continue // an unclosed comment is the business of another rule
		}
		span := source.Span{Start: start, End: i + end + 3}
		s := Suppression{Place: p.At(span), Heading: p.Heading(start), Covers: p.covered(span)}
		s.parse(string(text[at:i+end]), at)
		found = append(found, s)
	}
}

// parse reads " CAD203, CAD411: reason", which stands at an offset.
func (s *Suppression) parse(body string, at int) {
	if body != "" && body[0] != ' ' && body[0] != '\t' && body[0] != '\n' && body[0] != ':' {
		s.Fault = fmt.Sprintf("write a blank behind %s", marker)
		return
	}
	codes, reason, _ := strings.Cut(body, ":")
	s.Reason = strings.TrimSpace(reason)
	for _, word := range strings.FieldsFunc(codes, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' }) {
		i := strings.Index(codes, word)
		s.Codes = append(s.Codes, Code{Code: diag.Code(word), Span: source.Span{Start: at + i, End: at + i + len(word)}})
	}
	switch {
	case len(s.Codes) == 0:
		s.Fault = "it names no code"
	case s.Reason == "":
		s.Fault = "it gives no reason"
	}
}

// inCode reports whether an offset lies in a block of code.
func (p *Page) inCode(offset int) bool {
	var in func([]*syntax.Block) bool
	in = func(blocks []*syntax.Block) bool {
		for _, b := range blocks {
			if b.Span.Contains(offset) && (b.Kind == syntax.Code || in(b.Children)) {
				return true
			}
		}
		return false
	}
	for _, h := range p.Outline.Headings {
		if in(h.Blocks) {
			return true
		}
	}
	return false
}

// covered returns the part of the page that a comment speaks of.
func (p *Page) covered(comment source.Span) source.Span {
	f := p.File
	line := f.LineSpan(f.Line(comment.Start))
	last := f.LineSpan(f.Line(comment.End))
	rest := append(bytes.Clone(f.Text[line.Start:comment.Start]), f.Text[comment.End:last.End]...)
	if len(bytes.TrimSpace(rest)) > 0 {
		return source.Span{Start: line.Start, End: last.End + 1}
	}
	if len(bytes.TrimSpace(f.Text[p.Outline.FrontMatter.Span.End:comment.Start])) == 0 {
		return source.Span{Start: 0, End: len(f.Text) + 1}
	}
	next := f.Line(comment.End) + 1
	for next <= f.Lines() && skips(f.Slice(f.LineSpan(next))) {
		next++
	}
	if s, ok := p.section(next); ok {
		return s
	}
	end := next
	for end < f.Lines() && continues(f.Slice(f.LineSpan(end+1))) {
		end++
	}
	return source.Span{Start: f.LineSpan(next).Start, End: f.LineSpan(end).End + 1}
}

// skips reports whether a line lies between a suppression and what it is
// about: a blank one, or another suppression.
func skips(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || bytes.HasPrefix(line, []byte("<!--")) && bytes.Contains(line, []byte(marker)) && bytes.HasSuffix(line, []byte("-->"))
}

// continues reports whether a line belongs to the block that began above it.
func continues(line []byte) bool {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || line[0] == '#' || bytes.HasPrefix(line, []byte("<!--")) {
		return false
	}
	return !bytes.HasPrefix(line, []byte("* ")) && !bytes.HasPrefix(line, []byte("- ")) && !bytes.HasPrefix(line, []byte("+ ")) && !numbered(line)
}

// numbered reports whether a line begins like an item of an ordered list.
func numbered(line []byte) bool {
	i := 0
	for i < len(line) && line[i] >= '0' && line[i] <= '9' {
		i++
	}
	return i > 0 && i+1 < len(line) && (line[i] == '.' || line[i] == ')') && line[i+1] == ' '
}

// section returns the bytes of the section whose heading stands on a line,
// with all sections below it.
func (p *Page) section(line int) (source.Span, bool) {
	hs := p.Outline.Headings
	for i, h := range hs {
		if h.Depth == 0 || h.Line != line {
			continue
		}
		end := len(p.File.Text) + 1
		for _, later := range hs[i+1:] {
			if later.Depth <= h.Depth {
				end = p.lineStart(later)
				break
			}
		}
		return source.Span{Start: p.lineStart(h), End: end}, true
	}
	return source.Span{}, false
}

// A use is the code of a suppression, by the page and offset where it stands.
type use struct {
	path  string
	start int
}

// suppress marks the findings that a suppression covers, and tells which codes
// of suppressions were used.
func suppress(results []Result, findings []verdict) map[use]bool {
	used := map[use]bool{}
	byPath := map[string][]Suppression{}
	for _, r := range results {
		if len(r.Suppressions) > 0 {
			byPath[r.Facts.Path] = r.Suppressions
		}
	}
	if len(byPath) == 0 {
		return used
	}
	for i := range findings {
		f := &findings[i]
		for _, s := range byPath[f.Path] {
			for _, c := range s.Codes {
				if s.Fault == "" && c.Code == f.Code && s.Covers.Contains(f.Span.Start) {
					f.suppressed, used[use{f.Path, c.Span.Start}] = true, true
				}
			}
		}
	}
	return used
}
