package syntax

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/cadre-hq/cadre/internal/source"
)

// items turns the items of a list into blocks.
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
