// Package syntax turns the Markdown of a page into an Outline: headings and
// blocks in order, each with the bytes that it came from.
//
// Real pages hold more than Markdown: ERB, Hugo shortcodes, kramdown attribute
// lists, HTML that swallows headings, no-break spaces behind list markers. All
// of it is painted over in a copy of the page (see mask) before goldmark
// parses that copy, so offsets stay those of the page and nothing that is no
// Markdown can break what is.
//
// Most pages are written so plainly that they are read line by line (see
// directReader), which gives the same outline and lets goldmark read only what
// needs it. It reads all others as a whole.
//
// Parse never fails and never panics. Every non-blank line of a page lies in
// the front matter, a heading or a block.
package syntax

import (
	"bytes"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/cadre-hq/cadre/internal/source"
)

// markdown is goldmark with tables; building it is left to the first page.
var markdown = sync.OnceValue(newParser)

// Parse reads a page.
func Parse(f *source.File, dialect Dialect) *Outline { return new(Parser).Parse(f, dialect) }

// A Parser reads pages one after the other, each in the memory of the one
// before: an outline holds until the next page is read. Strings stay.
type Parser struct{ memory memory }

// Parse reads a page.
func (p *Parser) Parse(f *source.File, dialect Dialect) *Outline {
	o := &Outline{File: f}
	if bytes.IndexByte(f.Text, 0) >= 0 {
		o.Problems = append(o.Problems, Problem{Kind: NotText, Message: "the file is binary, not Markdown"})
		o.Headings = []*Heading{{Parent: -1, Line: 1, Blocks: []*Block{{Kind: Code, Span: source.Span{End: len(f.Text)}, Line: 1}}}}
		return o
	}
	fm, body, problems := frontMatter(f)
	o.FrontMatter, o.Problems = fm, problems
	m := mask(f, body)
	b := newBuilder(o, m, &p.memory)
	if !b.readDirectly() {
		b = newBuilder(o, m, &p.memory)
		b.readTree()
	}
	b.finish(dialect, m)
	o.Problems = append(o.Problems, b.crowd.problems()...)
	for _, h := range o.Headings {
		summarise(h.Blocks)
	}
	return o
}

// newBuilder returns a builder that begins anew with an outline.
func newBuilder(o *Outline, m *masked, in *memory) *builder {
	in.reset()
	o.Headings, o.Links = in.top, in.links
	b := &builder{Outline: o, memory: in, mask: m, src: m.text, text: m.said, page: o.File.Text, context: parser.NewContext()}
	b.plain.spans = &in.spans
	b.context.Set(plainKey, &b.plain)
	b.context.Set(crowdKey, &b.crowd)
	return b
}

// readTree reads the body of the page with goldmark.
func (b *builder) readTree() { b.document(b.tree(b.mask.body, len(b.src), b.context)) }

// tree lets goldmark read the lines between two offsets.
func (b *builder) tree(from, to int, context parser.Context) ast.Node {
	r := text.NewReader(b.src[:to])
	r.SetPosition(0, text.NewSegment(from, from))
	r.AdvanceLine()
	return markdown().Parse(r, parser.WithContext(context))
}

// A builder walks goldmark's tree and fills the outline.
type builder struct {
	*Outline
	*memory
	mask *masked
	src  []byte // masked
	text string // src
	page []byte // as written
	// inCell is set while a cell of a table is rendered.
	inCell bool
	line   lineCursor

	context parser.Context // of goldmark, for all that it reads of the page
	plain   plainText
	crowd   crowd
}

// A memory is where the parts of an outline are kept. Those of the next page
// take the places of the last one's.
type memory struct {
	headings slab[Heading]
	blocks   slab[Block]
	lists    slab[*Block] // for the children of blocks
	lines    slab[Line]
	spans    slab[source.Span]
	top      []*Heading
	links    []Link
	numbers  []int  // numbers[i] is i, for links to be listed
	buf      []byte // of the text being rendered
}

func (m *memory) reset() {
	m.headings.reset()
	m.blocks.reset()
	m.lists.reset()
	m.lines.reset()
	m.spans.reset()
}

// A lineCursor finds the line of growing offsets without searching anew.
type lineCursor struct{ at, line int }

func (b *builder) lineOf(offset int) int {
	c := &b.line
	if c.line == 0 || offset < c.at {
		c.line, c.at = b.File.Line(offset), offset
		return c.line
	}
	c.line += bytes.Count(b.page[c.at:min(offset, len(b.page))], []byte{'\n'})
	c.at = min(offset, len(b.page))
	return c.line
}

func (b *builder) last() *Heading { return b.Headings[len(b.Headings)-1] }

// document adds the headings and blocks of the top level. A block reaches up
// to the next one, so that no line is lost.
func (b *builder) document(doc ast.Node) {
	b.addHeading(Heading{Parent: -1, Line: 1})
	var previous *Block
	closeAt := func(offset int) {
		if previous != nil {
			b.extend(previous, offset)
		}
	}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		start := b.start(n)
		closeAt(start)
		if h, ok := n.(*ast.Heading); ok {
			b.heading(h, start)
			previous = nil
			continue
		}
		previous = b.block(n, start)
		above := b.last()
		if above.Blocks == nil {
			above.Blocks = b.lists.take(blocksFrom(n))[:0]
		}
		above.Blocks = append(above.Blocks, previous)
	}
	closeAt(len(b.page))
	b.recover()
}

// addHeading adds a heading.
func (b *builder) addHeading(h Heading) {
	kept := &b.headings.take(1)[0]
	*kept = h
	b.Headings = append(b.Headings, kept)
}

// extend makes a block of the top level reach up to an offset.
func (b *builder) extend(blk *Block, offset int) {
	if offset = trimRight(b.page, offset); offset > blk.Span.Start {
		blk.Span.End = offset
	}
}

// blocksFrom counts the blocks from one up to the next heading.
func blocksFrom(n ast.Node) int {
	count := 0
	for ; n != nil && n.Kind() != ast.KindHeading; n = n.NextSibling() {
		count++
	}
	return count
}

// recover puts non-blank text that no block covers, such as link definitions
// at the top of a page, into blocks of their own.
func (b *builder) recover() {
	at := max(b.FrontMatter.Span.End, byteOrderMark(b.page))
	for i, h := range b.Headings {
		if i > 0 {
			if at < h.Span.Start && len(bytes.Trim(b.page[at:h.Span.Start], "#> \t\r\n")) > 0 {
				if gap := b.uncovered(at, h.Span.Start); gap != nil && len(bytes.Trim(b.File.Slice(gap.Span), "#> \t")) > 0 {
					above := b.Headings[i-1]
					above.Blocks = append(above.Blocks, gap)
				}
			}
			at = b.headingEnd(h)
		}
		if len(h.Blocks) > 0 {
			if gap := b.uncovered(at, h.Blocks[0].Span.Start); gap != nil {
				h.Blocks = append([]*Block{gap}, h.Blocks...)
			}
			at = h.Blocks[len(h.Blocks)-1].Span.End
		}
	}
	if gap := b.uncovered(at, len(b.page)); gap != nil {
		h := b.last()
		h.Blocks = append(h.Blocks, gap)
	}
}

// headingEnd returns the offset of the end of a heading's last line, which is
// its underline if the heading has one.
func (b *builder) headingEnd(h *Heading) int {
	first := b.File.LineSpan(h.Line)
	last := b.File.Line(max(h.Span.Start, h.Span.End-1))
	end := b.File.LineSpan(last).End
	if bytes.HasPrefix(bytes.TrimLeft(b.src[first.Start:first.End], " "), []byte("#")) {
		return end
	}
	under := b.File.LineSpan(last + 1)
	if t := bytes.TrimSpace(b.File.Slice(under)); len(t) > 0 && (len(bytes.Trim(t, "=")) == 0 || len(bytes.Trim(t, "-")) == 0) {
		return under.End
	}
	return end
}

// uncovered returns a block for the text between two offsets, or nil if all of
// it is blank.
func (b *builder) uncovered(from, to int) *Block {
	if from >= to {
		return nil
	}
	gap := bytes.TrimSpace(b.page[from:to])
	if len(gap) == 0 {
		return nil
	}
	start := from + bytes.Index(b.page[from:to], gap)
	return &Block{Kind: Definition, Span: source.Span{Start: start, End: start + len(gap)}, Line: b.File.Line(start)}
}

// trimRight moves offset back over white space.
func trimRight(text []byte, offset int) int {
	for offset > 0 {
		switch text[offset-1] {
		case ' ', '\t', '\n', '\r':
			offset--
		default:
			return offset
		}
	}
	return 0
}

// start returns the offset of the first byte of a block, marker included.
func (b *builder) start(n ast.Node) int {
	pos := n.Pos()
	if lines := n.Lines(); lines != nil && lines.Len() > 0 {
		if first := lines.At(0).Start; pos < 0 || pos > first || n.Kind() == ast.KindParagraph || n.Kind() == ast.KindTextBlock {
			pos = first
		}
	}
	if pos < 0 {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Type() == ast.TypeBlock {
				return b.start(c)
			}
		}
		return 0
	}
	return b.mark(n, min(pos, len(b.page)))
}

// mark returns the offset of the sign with which a block begins. It is where
// goldmark says, unless a tab in front made goldmark count too far.
func (b *builder) mark(n ast.Node, pos int) int {
	signs := ""
	switch n := n.(type) {
	case *ast.Blockquote:
		signs = ">"
	case *ast.ThematicBreak:
		signs = "*-_"
	case *ast.List:
		signs = listSigns(n)
	case *ast.ListItem:
		signs = listSigns(n.Parent().(*ast.List))
	}
	if signs == "" || pos < len(b.src) && strings.IndexByte(signs, b.src[pos]) >= 0 {
		return pos
	}
	return b.mask.body + max(0, bytes.LastIndexAny(b.src[b.mask.body:pos], signs))
}

// listSigns are the bytes with which the items of a list may begin.
func listSigns(l *ast.List) string {
	if l.IsOrdered() {
		return "0123456789"
	}
	return string(rune(l.Marker))
}

func (b *builder) heading(n *ast.Heading, start int) {
	t := b.inline(n)
	h := Heading{Depth: n.Level, Text: t.text, Links: t.links, Bold: t.bold}
	if lines := n.Lines(); lines.Len() > 0 {
		s := lines.At(0).Start
		h.Span = source.Span{Start: s, End: max(s, trimRight(b.page, t.end))}
	} else if nl := bytes.IndexByte(b.page[start:], '\n'); nl >= 0 {
		h.Span = source.Span{Start: start, End: max(start, trimRight(b.page, start+nl))}
	} else {
		h.Span = source.Span{Start: start, End: max(start, trimRight(b.page, len(b.page)))}
	}
	h.Line = b.lineOf(h.Span.Start)
	b.addHeading(h)
}

// block turns one goldmark block and all below it into a Block.
func (b *builder) block(n ast.Node, start int) *Block {
	blk := &b.blocks.take(1)[0]
	blk.Span, blk.Line = source.Span{Start: start, End: start}, b.lineOf(start)
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		b.paragraph(blk, n)
	case *ast.Heading: // inside a quote or an item
		b.paragraph(blk, n)
		blk.Bold = true
		if n.Parent().Kind() == ast.KindListItem {
			blk.Bold = false
			if bytes.HasPrefix(b.src[start:], []byte("#")) { // "* # of teams" counts something
				blk.Text = Fold(strings.Repeat("#", n.Level) + " " + blk.Text)
				blk.Span.End = max(blk.Span.End, trimRight(b.page, b.File.LineSpan(blk.Line).End))
			}
		}
	case *ast.List:
		blk.Kind, blk.Ordered = List, n.IsOrdered()
		b.items(blk, n)
	case *ast.Blockquote:
		blk.Kind = Quote
		b.children(blk, n)
	case *ast.FencedCodeBlock:
		blk.Kind = Code
		if n.Info != nil {
			blk.Info = string(n.Info.Segment.Value(b.page))
		}
		b.literal(blk, n)
	case *ast.CodeBlock:
		blk.Kind = Code
		b.literal(blk, n)
	case *ast.HTMLBlock:
		blk.Kind = HTML
		b.html(blk, n)
	case *ast.ThematicBreak:
		blk.Kind = Rule
	case *east.Table:
		blk.Kind = Table
		b.rows(blk, n)
	default:
		blk.Kind = Definition
		b.children(blk, n)
	}
	return blk
}

func (b *builder) children(blk *Block, n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeInline {
			continue
		}
		child := b.block(c, b.start(c))
		if blk.Children == nil {
			blk.Children = b.lists.take(n.ChildCount())[:0]
		}
		blk.Children = append(blk.Children, child)
		blk.Span.End = max(blk.Span.End, child.Span.End)
	}
}

func (b *builder) paragraph(blk *Block, n ast.Node) {
	b.fill(blk, b.inline(n))
}

// fill gives a paragraph what it says.
func (b *builder) fill(blk *Block, t rendered) {
	blk.Text, blk.Links, blk.Lines = t.text, t.links, t.lines
	blk.Bold, blk.Strong, blk.Emphasis = t.bold, t.strong, t.emphasis
	blk.Span.End = max(blk.Span.Start, trimRight(b.page, t.end))
}

func (b *builder) literal(blk *Block, n ast.Node) {
	lines := n.Lines()
	var buf bytes.Buffer
	for i := range lines.Len() {
		s := lines.At(i)
		buf.Write(s.Value(b.page))
		blk.Span.End = s.Stop
	}
	blk.Text = buf.String()
	blk.Span.End = max(blk.Span.Start, trimRight(b.page, blk.Span.End))
}

// html keeps the literal text of an HTML block; one that stands for a painted
// template expression is a Directive.
func (b *builder) html(blk *Block, n *ast.HTMLBlock) {
	b.literal(blk, n)
	if n.HasClosure() {
		s := n.ClosureLine
		blk.Text += string(s.Value(b.page))
		blk.Span.End = max(blk.Span.End, s.Stop)
	}
	blk.Span.End = max(blk.Span.Start, trimRight(b.page, blk.Span.End))
	if b.mask.directives.touch(blk.Span) {
		blk.Kind = Directive
	}
}

// finish numbers the headings: parents by depth, and anchors.
func (b *builder) finish(dialect Dialect, m *masked) {
	s := slugger{dialect: dialect, used: make(map[string]int, len(b.Headings))}
	stack := []int{0}
	b.Anchors = make([]Anchor, 0, len(b.Headings)+len(m.anchors))
	for i, h := range b.Headings[1:] {
		for b.Headings[stack[len(stack)-1]].Depth >= h.Depth {
			stack = stack[:len(stack)-1]
		}
		h.Parent = stack[len(stack)-1]
		stack = append(stack, i+1)
		for k := m.anchorsFrom(h.Line); k < len(m.anchors) && m.anchors[k].Line == h.Line; k++ {
			m.anchors[k].Heading = i + 1
		}
		if k := m.headingAnchor(b.File, h); k >= 0 {
			m.anchors[k].Heading = i + 1
			h.Slug = m.anchors[k].Name
			s.take(h.Slug)
			continue
		}
		text := h.Text
		if dialect == Hugo {
			text = b.headingSource(h)
		}
		h.Slug = s.next(text)
		b.Anchors = append(b.Anchors, Anchor{Name: h.Slug, Span: h.Span, Line: h.Line, Heading: i + 1})
	}
	b.Anchors = append(b.Anchors, m.anchors...)
	b.top, b.links = b.Headings[:0], b.Links[:0]
}

// headingSource is the last line of a heading as written, without directives: what
// Hugo makes its anchor from.
func (b *builder) headingSource(h *Heading) string {
	start := max(h.Span.Start, bytes.LastIndexByte(b.page[:h.Span.End], '\n')+1)
	var out []byte
	for _, d := range b.mask.directives.from(start) {
		if d.Start >= h.Span.End {
			break
		}
		out = append(out, b.page[start:max(start, d.Start)]...)
		start = min(d.End, h.Span.End)
	}
	return string(append(out, b.page[start:h.Span.End]...))
}
