package syntax

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/cadre-hq/cadre/internal/source"
)

// rendered is what a run of inline Markdown says.
type rendered struct {
	text     string
	lines    []Line
	end      int // the offset behind the last line, 0 without lines
	links    []int
	bold     bool   // all of it is strong
	emphasis bool   // all of it is emphasised, strongly or not
	strong   string // the strong text at its start
}

// inline renders the inline children of a block: links become their text,
// emphasis goes, white space folds to one blank.
func (b *builder) inline(n ast.Node) rendered {
	if taken := b.taken(n); taken != nil {
		return b.plainLines(taken)
	}
	lines, links := n.Lines(), len(b.Links)
	r := inliner{builder: b, lines: b.lines.take(lines.Len())[:0]}
	b.buf = b.buf[:0]
	r.children(n)
	r.breakLine()
	out := rendered{text: joined(r.lines), lines: r.lines, links: b.linksFrom(links)}
	if lines.Len() > 0 {
		out.end = lines.At(lines.Len() - 1).Stop
	}
	emphasisOf(&out, n, b)
	return out
}

// emphasisOf tells how a block is emphasised as a whole.
func emphasisOf(out *rendered, n ast.Node, b *builder) {
	first, ok := n.FirstChild().(*ast.Emphasis)
	if !ok {
		return
	}
	rest := ""
	for c := first.NextSibling(); c != nil; c = c.NextSibling() {
		t, isText := c.(*ast.Text)
		if !isText {
			if _, raw := c.(*ast.RawHTML); raw {
				continue
			}
			rest = "x"
			break
		}
		rest += string(t.Segment.Value(b.page))
	}
	whole := strings.Trim(rest, " \t\r\n:.") == ""
	out.emphasis = whole
	if first.Level == 2 || nestedStrong(first) {
		out.bold = whole
		r := inliner{builder: b}
		b.buf = b.buf[:0]
		links := len(b.Links)
		r.node(first)
		r.breakLine()
		b.Links = b.Links[:links]
		out.strong = joined(r.lines)
	}
}

func nestedStrong(n ast.Node) bool {
	c, ok := n.FirstChild().(*ast.Emphasis)
	return ok && c.NextSibling() == nil && c.Level == 2
}

// An inliner renders one run and splits it at the ends of source lines.
type inliner struct {
	*builder
	lines []Line
	begun bool // the current line has a first byte
	link  linkText
}

func (r *inliner) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		r.at(n.Segment.Start, n.Segment.Stop)
		r.write(n.Segment.Value(r.src), n.Segment.Start, n.IsRaw())
		if n.SoftLineBreak() || n.HardLineBreak() {
			r.breakLine()
		}
	case *ast.String:
		r.buf = append(r.buf, n.Value...)
	case *ast.Link:
		r.linked(n)
	case *ast.Image:
		r.image(n)
	case *ast.AutoLink:
		r.autoLink(n)
	case *ast.RawHTML:
		if n.Segments.Len() > 0 {
			s := n.Segments.At(0)
			if v := s.Value(r.page); bytes.HasPrefix(v, []byte("<br")) {
				r.buf = append(r.buf, ' ')
			}
		}
	case *ast.CodeSpan:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				r.at(t.Segment.Start, t.Segment.Stop)
				v := t.Segment.Value(r.page)
				if r.inCell { // where code cannot hold a bar of its own
					v = bytes.ReplaceAll(v, []byte(`\|`), []byte("|"))
				}
				r.buf = append(r.buf, v...)
			}
		}
	default:
		r.children(n)
	}
}

func (r *inliner) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.node(c)
	}
}

// at notes that the bytes from start to end belong to the current line.
func (r *inliner) at(start, end int) {
	if !r.begun {
		r.begun = true
		r.lines = append(r.lines, Line{Span: source.Span{Start: start, End: end}})
	}
	l := &r.lines[len(r.lines)-1]
	l.Span.End = max(l.Span.End, end)
}

// write appends text, resolving escapes and entities; painted bytes are
// template expressions and say nothing.
func (r *inliner) write(v []byte, at int, raw bool) {
	for _, d := range r.mask.directives.from(at) {
		if d.Start >= at+len(v) {
			break
		}
		r.append(v[:max(d.Start-at, 0)], raw)
		n := min(d.End-at, len(v))
		v, at = v[n:], at+n
	}
	r.append(v, raw)
}

func (r *inliner) append(v []byte, raw bool) {
	if !raw && (bytes.IndexByte(v, '\\') >= 0 || bytes.IndexByte(v, '&') >= 0) {
		v = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(v)))
	}
	r.buf = append(r.buf, v...)
}

// breakLine ends the current source line.
func (r *inliner) breakLine() {
	if r.link.open {
		r.link.text += string(r.buf[min(r.link.start, len(r.buf)):]) + " "
		r.link.start = 0
	}
	if !r.begun {
		if len(bytes.TrimSpace(r.buf)) > 0 {
			r.lines = append(r.lines, Line{Text: Fold(string(r.buf))})
		}
		r.buf = r.buf[:0]
		return
	}
	l := &r.lines[len(r.lines)-1]
	l.Text = Fold(string(r.buf))
	l.Line = r.lineOf(l.Span.Start)
	r.buf = r.buf[:0]
	r.begun = false
	if l.Text == "" {
		r.lines = r.lines[:len(r.lines)-1]
	}
}

// Fold trims s and folds each run of white space, no-break spaces included,
// to one blank.
func Fold(s string) string {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c > ' ' && c < utf8.RuneSelf:
		case c == ' ':
			if i == 0 || i+1 == len(s) || s[i+1] == ' ' {
				return fold(s)
			}
		case c >= '\t' && c <= '\r':
			return fold(s)
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError || isSpace(r) {
				return fold(s)
			}
			i += size - 1
		}
	}
	return s
}

// fold is Fold for a text that does not stay as it is.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	pending := false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if isSpace(r) {
			pending = b.Len() > 0
			continue
		}
		if pending {
			b.WriteByte(' ')
			pending = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isSpace reports white space, that of no width included.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' }
