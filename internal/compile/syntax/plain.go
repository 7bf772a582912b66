package syntax

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/cadre-hq/cadre/internal/source"
)

// Most paragraphs hold no character that means anything to Markdown. Goldmark
// would walk through them byte by byte, and build nodes, to find that out; so
// their lines are taken away before it looks for what stands inside, and the
// builder reads them as they are.

// newParser returns goldmark with tables.
func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithParagraphTransformers(util.Prioritized(paragraphs{}, 100)),
	)
}

// plainKey is where a parse keeps the lines that were taken away: a *plainText.
var plainKey = parser.NewContextKey()

// A plainText holds, by the offset of their first byte, the lines of the
// paragraphs that are plain text.
type plainText struct {
	lines map[int][]source.Span
	spans slab[source.Span]
}

// paragraphs looks at every paragraph when it is complete: at definitions of
// links and at tables as goldmark does, but only where there can be any, and
// then at whether the rest is plain.
type paragraphs struct{}

// Transform takes the lines of a plain paragraph away: an empty one stays in
// their place.
func (paragraphs) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	src, lines := reader.Source(), node.Lines()
	if lines.Len() > 0 && begins(src, lines.At(0), '[') {
		parser.LinkReferenceParagraphTransformer.Transform(node, reader, pc)
	}
	if node.Parent() != nil && lines.Len() > 1 {
		findTable(node, src)
	}
	plain, ok := pc.Get(plainKey).(*plainText)
	if !ok || node.Parent() == nil || lines.Len() == 0 {
		return
	}
	for i := range lines.Len() {
		if s := lines.At(i); !isPlain(src[s.Start:s.Stop]) {
			return
		}
	}
	taken := plain.spans.take(lines.Len())
	for i := range taken {
		s := lines.At(i)
		s = s.TrimLeftSpace(src)
		s = s.TrimRightSpace(src)
		taken[i] = source.Span{Start: s.Start, End: s.Stop}
	}
	start := taken[0].Start
	plain.lines[start] = taken
	lines.SetSliced(0, 1)
	lines.Set(0, text.NewSegment(start, start))
}

// begins reports whether a line begins with a byte, behind blanks.
func begins(src []byte, line text.Segment, c byte) bool {
	line = line.TrimLeftSpace(src)
	return line.Start < line.Stop && src[line.Start] == c
}

// meaningful are the bytes that may begin something inside a paragraph.
var meaningful = func() (set [256]bool) {
	for _, c := range []byte("\\&`*_[]!<") {
		set[c] = true
	}
	return set
}()

// isPlain reports whether a text means to Markdown what it says.
func isPlain(text []byte) bool {
	for _, c := range text {
		if meaningful[c] {
			return false
		}
	}
	return true
}

// taken returns the lines that were taken from a block.
func (b *builder) taken(n ast.Node) []source.Span {
	lines := n.Lines()
	if lines == nil || lines.Len() != 1 {
		return nil
	}
	s := lines.At(0)
	if s.Start != s.Stop {
		return nil
	}
	return b.plain.lines[s.Start]
}

// end returns the offset behind the last line of a block that has any.
func (b *builder) end(n ast.Node) (int, bool) {
	lines := n.Lines()
	if lines == nil || lines.Len() == 0 {
		return 0, false
	}
	if taken := b.taken(n); taken != nil {
		return taken[len(taken)-1].End, true
	}
	return lines.At(lines.Len() - 1).Stop, true
}

// plainLines renders lines that were taken from a block.
func (b *builder) plainLines(spans []source.Span) rendered {
	lines := b.lines.take(len(spans))[:0]
	for _, s := range spans {
		if t := Fold(b.said(s)); t != "" {
			lines = append(lines, Line{Text: t, Span: s, Line: b.lineOf(s.Start)})
		}
	}
	switch len(lines) {
	case 0:
		return rendered{}
	case 1:
		return rendered{text: lines[0].Text, lines: lines}
	}
	return rendered{text: joined(lines), lines: lines}
}

// said returns the bytes of a span without template expressions.
func (b *builder) said(s source.Span) string {
	if !b.mask.directives.touch(s) {
		return b.text[s.Start:s.End]
	}
	var out strings.Builder
	for _, d := range b.mask.directives.from(s.Start) {
		if d.Start >= s.End {
			break
		}
		out.WriteString(b.text[s.Start:max(d.Start, s.Start)])
		s.Start = min(d.End, s.End)
	}
	out.WriteString(b.text[s.Start:s.End])
	return out.String()
}
