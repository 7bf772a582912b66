package syntax

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/cadre-hq/cadre/internal/source"
)

// Most paragraphs hold no character that means anything to Markdown, or only
// links of the plainest form (see plainLink). Goldmark would walk through them
// byte by byte, and build nodes, to find that out; so
// their lines are taken away before it looks for what stands inside, and the
// builder reads them as they are.

// newParser returns goldmark with tables.
func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(blockParsers()...),
		parser.WithInlineParsers(inlineParsers()...),
		parser.WithParagraphTransformers(util.Prioritized(paragraphs{}, 100)),
	)
}

// blockParsers are those of goldmark, with lists that stay as they were read:
// it would replace each paragraph of a tight one, which matters to nobody here.
func blockParsers() []util.PrioritizedValue {
	parsers := parser.DefaultBlockParsers()
	for i := range parsers {
		switch parsers[i].Value {
		case parser.NewListParser():
			parsers[i].Value = lists{parser.NewListParser()}
		case parser.NewBlockquoteParser():
			parsers[i].Value = quotes{parser.NewBlockquoteParser()}
		}
	}
	return parsers
}

// lists reads lists without telling tight ones apart.
type lists struct{ parser.BlockParser }

// Close leaves the paragraphs of a list as they are.
func (lists) Close(ast.Node, text.Reader, parser.Context) {}

// mostDepth is how deep a quote may lie in others: goldmark walks through the
// signs of all of them for each one.
const mostDepth = 100

// quotes reads quotes that do not lie too deep; deeper signs are text.
type quotes struct{ parser.BlockParser }

// Open begins a quote.
func (q quotes) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) > mostDepth {
		return nil, parser.NoChildren
	}
	return q.BlockParser.Open(parent, reader, pc)
}

// plainKey is where a parse keeps the lines that were taken away: a *plainText.
var plainKey = parser.NewContextKey()

// A plainText holds the lines of each paragraph that is plain text, in order.
type plainText struct {
	paragraphs [][]source.Span
	spans      *slab[source.Span]
}

// at returns the lines of the paragraph that begins at offset, or nil.
func (p *plainText) at(offset int) []source.Span {
	i, ok := slices.BinarySearchFunc(p.paragraphs, offset, func(lines []source.Span, offset int) int { return lines[0].Start - offset })
	if !ok {
		return nil
	}
	return p.paragraphs[i]
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
	plain.paragraphs = append(plain.paragraphs, taken)
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
	for _, c := range []byte("\\&`*_[<") {
		set[c] = true
	}
	return set
}()

// isPlain reports whether a text means to Markdown what it says, but for links
// of the plainest form.
func isPlain(text []byte) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case !meaningful[c]:
		case c == '&' && i+1 < len(text) && text[i+1] == ' ':
		case c == '[' && (i == 0 || text[i-1] != '!'):
			_, n := plainLink(text[i:])
			if n == 0 {
				return false
			}
			i += n - 1
		default:
			return false
		}
	}
	return true
}

// taken returns the lines that were taken from a block.
func (b *builder) taken(n ast.Node) []source.Span {
	lines := n.Lines()
	if lines.Len() != 1 {
		return nil
	}
	s := lines.At(0)
	if s.Start != s.Stop {
		return nil
	}
	return b.plain.at(s.Start)
}

// plainLines renders lines that were taken from a block.
func (b *builder) plainLines(spans []source.Span) rendered {
	lines, links := b.lines.take(len(spans))[:0], len(b.Links)
	end := spans[len(spans)-1].End
	for _, s := range spans {
		var t string
		if bytes.IndexByte(b.src[s.Start:s.End], '[') < 0 {
			t = Fold(b.said(s))
		} else if text, last := b.linkedLine(s); s.End == end {
			t, s.End = text, last
		} else {
			t = text
		}
		if t != "" {
			lines = append(lines, Line{Text: t, Span: s, Line: b.lineOf(s.Start)})
		}
	}
	return rendered{text: joined(lines), lines: lines, end: end, links: b.linksFrom(links)}
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
