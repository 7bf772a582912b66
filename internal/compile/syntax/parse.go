// Package syntax turns the Markdown of a page into an Outline: headings and
// blocks in order, each with the bytes that it came from.
//
// Real pages hold more than Markdown: ERB, Hugo shortcodes, kramdown attribute
// lists, HTML that swallows headings, no-break spaces behind list markers. All
// of it is painted over in a copy of the page (see mask) before goldmark
// parses that copy, so offsets stay those of the page and nothing that is no
// Markdown can break what is.
//
// Parse never fails and never panics. Every non-blank line of a page lies in
// the front matter, a heading or a block.
package syntax

import (
	"bytes"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/cadre-hq/cadre/internal/source"
)

// markdown is goldmark with tables; building it is left to the first page.
var markdown = sync.OnceValue(func() parser.Parser {
	return goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
})

// Parse reads a page.
func Parse(f *source.File, dialect Dialect) *Outline {
	o := &Outline{File: f}
	if bytes.IndexByte(f.Text, 0) >= 0 {
		o.Problems = append(o.Problems, Problem{Kind: NotText, Message: "the file is binary, not Markdown"})
		o.Headings = []*Heading{{Parent: -1, Line: 1, Blocks: []*Block{{Kind: Code, Span: source.Span{End: len(f.Text)}, Line: 1}}}}
		return o
	}
	fm, body, problems := frontMatter(f)
	o.FrontMatter, o.Problems = fm, problems
	m := mask(f, body)
	b := builder{Outline: o, mask: m, src: m.text, page: f.Text}
	b.page0()
	b.document(markdown().Parse(text.NewReader(m.text)))
	b.finish(dialect, m)
	return o
}

// A builder walks goldmark's tree and fills the outline.
type builder struct {
	*Outline
	mask *masked
	src  []byte // masked
	page []byte // as written
	buf  []byte // of the text being rendered
	line lineCursor
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

func (b *builder) page0() {
	b.Headings = append(b.Headings, &Heading{Parent: -1, Line: 1})
}

func (b *builder) last() *Heading { return b.Headings[len(b.Headings)-1] }

// document adds the headings and blocks of the top level. A block reaches up
// to the next one, so that no line is lost.
func (b *builder) document(doc ast.Node) {
	var previous *Block
	var heading *Heading
	closeAt := func(offset int) {
		offset = trimRight(b.page, offset)
		if previous != nil && offset > previous.Span.Start {
			previous.Span.End = offset
		}
	}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		start := b.start(n)
		closeAt(start)
		if h, ok := n.(*ast.Heading); ok {
			heading = b.heading(h, start)
			b.Headings = append(b.Headings, heading)
			previous = nil
			continue
		}
		blk := b.block(n, start)
		b.last().Blocks = append(b.last().Blocks, blk)
		previous = blk
	}
	closeAt(len(b.page))
	b.recover()
}

// recover puts non-blank text that no block covers, such as link definitions
// at the top of a page, into blocks of their own.
func (b *builder) recover() {
	at := b.FrontMatter.Span.End
	for _, h := range b.Headings {
		if h.Depth > 0 {
			b.uncovered(h, at, h.Span.Start, true)
			at = b.File.LineSpan(h.Line).End
		}
		if len(h.Blocks) > 0 {
			b.uncovered(h, at, h.Blocks[0].Span.Start, false)
			at = h.Blocks[len(h.Blocks)-1].Span.End
		}
	}
	b.uncovered(b.last(), at, len(b.page), false)
}

func (b *builder) uncovered(h *Heading, from, to int, before bool) {
	if from >= to {
		return
	}
	gap := bytes.TrimSpace(b.page[from:to])
	if len(gap) == 0 || before && len(bytes.Trim(gap, "#> \t")) == 0 {
		return
	}
	start := from + bytes.Index(b.page[from:to], gap)
	blk := &Block{Kind: Definition, Span: source.Span{Start: start, End: start + len(gap)}, Line: b.File.Line(start)}
	if before {
		i := 0
		for i < len(b.Headings) && b.Headings[i] != h {
			i++
		}
		h = b.Headings[i-1]
		h.Blocks = append(h.Blocks, blk)
		return
	}
	if len(h.Blocks) > 0 && h.Blocks[0].Span.Start > start {
		h.Blocks = append([]*Block{blk}, h.Blocks...)
		return
	}
	h.Blocks = append(h.Blocks, blk)
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
	return min(pos, len(b.page))
}

func (b *builder) heading(n *ast.Heading, start int) *Heading {
	h := &Heading{Depth: n.Level}
	t := b.inline(n)
	h.Text, h.Links, h.Bold = t.text, t.links, t.bold
	h.Span = source.Span{Start: start, End: start}
	if lines := n.Lines(); lines.Len() > 0 {
		s, e := lines.At(0).Start, lines.At(lines.Len()-1).Stop
		h.Span = source.Span{Start: s, End: trimRight(b.page, e)}
		if h.Span.End < s {
			h.Span.End = s
		}
	} else if nl := bytes.IndexByte(b.page[start:], '\n'); nl >= 0 {
		h.Span.End = max(start, trimRight(b.page, start+nl))
	} else {
		h.Span.End = max(start, trimRight(b.page, len(b.page)))
	}
	h.Line = b.lineOf(h.Span.Start)
	return h
}

// block turns one goldmark block and all below it into a Block.
func (b *builder) block(n ast.Node, start int) *Block {
	blk := &Block{Span: source.Span{Start: start, End: start}, Line: b.lineOf(start)}
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		b.paragraph(blk, n)
	case *ast.Heading: // inside a quote or an item
		b.paragraph(blk, n)
		blk.Bold = true
		if n.Parent() != nil && n.Parent().Kind() == ast.KindListItem { // "* # of teams" counts something
			blk.Text, blk.Bold = strings.Repeat("#", n.Level)+" "+blk.Text, false
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
		blk.Children = append(blk.Children, child)
		blk.Span.End = max(blk.Span.End, child.Span.End)
	}
}

func (b *builder) items(blk *Block, list *ast.List) {
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		start := b.start(n)
		// The item's position is its marker; without one it is its content.
		it := &Block{Kind: Item, Marker: list.Marker, Span: source.Span{Start: start, End: start + 1}, Line: b.lineOf(start)}
		b.children(it, n)
		if len(it.Children) > 0 && it.Children[0].Kind == Paragraph {
			p := it.Children[0]
			it.Text, it.Strong, it.Links = p.Text, p.Strong, p.Links
		}
		if m := lineStart(b.page, start); isMarker(b.page[m:]) {
			it.Span.Start = m
		}
		blk.Children = append(blk.Children, b.unglue(it)...)
		blk.Span.End = max(blk.Span.End, it.Span.End)
	}
	if len(blk.Children) > 0 {
		blk.Span.Start = min(blk.Span.Start, blk.Children[0].Span.Start)
	}
}

// unglue cuts an item at lines that begin with a bullet whose blank was
// forgotten ("*Next …"): Markdown glues them to the item above.
func (b *builder) unglue(it *Block) []*Block {
	if len(it.Children) == 0 || it.Children[0].Kind != Paragraph {
		return []*Block{it}
	}
	p := it.Children[0]
	cut := 0
	for i, l := range p.Lines {
		if i > 0 && b.glued(l) {
			cut = i
			break
		}
	}
	if cut == 0 {
		return []*Block{it}
	}
	head, tail := *p, *p
	head.Lines, tail.Lines = p.Lines[:cut], p.Lines[cut:]
	tail.Lines[0].Text = strings.TrimLeft(tail.Lines[0].Text, "*-+")
	tail.Strong, tail.Emphasis, tail.Bold = "", false, false
	start := lineStart(b.page, tail.Lines[0].Span.Start)
	head.Span.End, tail.Span.Start = trimRight(b.page, start), start
	tail.Line = tail.Lines[0].Line
	head.Links, tail.Links = nil, nil
	for _, id := range p.Links {
		if b.Links[id].Span.Start < start {
			head.Links = append(head.Links, id)
		} else {
			tail.Links = append(tail.Links, id)
		}
	}
	head.Text, tail.Text = joined(head.Lines), joined(tail.Lines)
	next := &Block{Kind: Item, Marker: it.Marker, Span: source.Span{Start: start, End: it.Span.End}, Line: tail.Line,
		Text: tail.Text, Links: tail.Links, Children: append([]*Block{&tail}, it.Children[1:]...)}
	it.Span.End, it.Text, it.Links = head.Span.End, head.Text, head.Links
	it.Children = []*Block{&head}
	return append([]*Block{it}, b.unglue(next)...)
}

// glued reports whether a source line begins with a bullet directly followed
// by a capital letter and closes no emphasis.
func (b *builder) glued(l Line) bool {
	at := lineStart(b.page, l.Span.Start)
	if at+1 >= len(b.page) {
		return false
	}
	sign, next := b.page[at], b.page[at+1]
	if sign != '*' && sign != '-' && sign != '+' || next < 'A' || next > 'Z' {
		return false
	}
	return bytes.IndexByte(b.page[at+1:max(at+1, min(l.Span.End, len(b.page)))], sign) < 0
}

func joined(lines []Line) string {
	parts := make([]string, len(lines))
	for i, l := range lines {
		parts[i] = l.Text
	}
	return strings.Join(parts, " ")
}

// lineStart returns the offset of the first non-blank byte on offset's line.
func lineStart(text []byte, offset int) int {
	offset = min(offset, len(text))
	at := bytes.LastIndexByte(text[:offset], '\n') + 1
	for at < offset && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	return at
}

// isMarker reports whether b begins with a list marker.
func isMarker(b []byte) bool {
	i := 0
	for i < len(b) && i < 9 && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	if i == 0 {
		return len(b) > 0 && (b[0] == '*' || b[0] == '-' || b[0] == '+')
	}
	return i < len(b) && (b[i] == '.' || b[i] == ')')
}

func (b *builder) rows(blk *Block, table ast.Node) {
	for n := table.FirstChild(); n != nil; n = n.NextSibling() {
		start := lineStart(b.page, b.start(n))
		row := &Block{Kind: Row, Span: source.Span{Start: start, End: start}, Line: b.lineOf(start)}
		end := bytes.IndexByte(b.page[start:], '\n')
		if end < 0 {
			end = len(b.page) - start
		}
		row.Span.End = max(start, trimRight(b.page, start+end))
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			at := max(c.Pos(), start)
			if lines := c.Lines(); lines != nil && lines.Len() > 0 {
				at = lines.At(0).Start
			}
			cell := &Block{Kind: Cell, Line: row.Line, Span: source.Span{Start: at, End: at}}
			t := b.inline(c)
			cell.Text, cell.Links, cell.Lines = t.text, t.links, t.lines
			if lines := c.Lines(); lines != nil && lines.Len() > 0 {
				cell.Span.End = lines.At(lines.Len() - 1).Stop
			}
			row.Children = append(row.Children, cell)
		}
		blk.Children = append(blk.Children, row)
		blk.Span.End = max(blk.Span.End, row.Span.End)
	}
}

func (b *builder) paragraph(blk *Block, n ast.Node) {
	t := b.inline(n)
	blk.Text, blk.Links, blk.Lines = t.text, t.links, t.lines
	blk.Bold, blk.Strong, blk.Emphasis = t.bold, t.strong, t.emphasis
	if lines := n.Lines(); lines != nil && lines.Len() > 0 {
		blk.Span.End = max(blk.Span.Start, trimRight(b.page, lines.At(lines.Len()-1).Stop))
	}
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
	for _, d := range b.mask.directives {
		if d.Start >= blk.Span.Start && d.End <= blk.Span.End {
			blk.Kind = Directive
		}
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
		if id, ok := m.ids[h.Line]; ok {
			h.Slug = id
			continue
		}
		h.Slug = s.next(h.Text)
		b.Anchors = append(b.Anchors, Anchor{Name: h.Slug, Span: h.Span, Line: h.Line, Heading: i + 1})
	}
	b.Anchors = append(b.Anchors, m.anchors...)
}
