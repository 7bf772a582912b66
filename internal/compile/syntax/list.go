package syntax

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/cadre-hq/cadre/internal/source"
)

// items turns the items of a list into blocks.
func (b *builder) items(blk *Block, list *ast.List) {
	blk.Children = b.lists.take(list.ChildCount())[:0]
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		start := b.start(n)
		it := &b.blocks.take(1)[0]
		it.Kind, it.Marker, it.Span, it.Line = Item, list.Marker, source.Span{Start: start, End: start + 1}, b.lineOf(start)
		b.children(it, n)
		blk.Children = b.appendItem(blk.Children, it)
		blk.Span.End = max(blk.Span.End, blk.Children[len(blk.Children)-1].Span.End)
	}
}

// appendItem adds an item whose blocks are complete to the items of its list.
func (b *builder) appendItem(items []*Block, it *Block) []*Block {
	if len(it.Children) > 0 && it.Children[0].Kind == Paragraph {
		p := it.Children[0]
		it.Text, it.Strong, it.Links = p.Text, p.Strong, p.Links
	}
	if len(it.Children) > 0 && len(it.Children[0].Lines) > 1 {
		return append(items, b.unglue(it)...)
	}
	return append(items, it)
}

// unglue cuts an item at lines that begin with a bullet whose blank was
// forgotten ("*Next …"): Markdown glues them to the item above. What stands
// below the paragraph stays with the last of them.
func (b *builder) unglue(it *Block) []*Block {
	if len(it.Children) == 0 || it.Children[0].Kind != Paragraph {
		return []*Block{it}
	}
	whole := *it.Children[0]
	var cuts []int
	for i, l := range whole.Lines {
		if i > 0 && b.glued(l) {
			cuts = append(cuts, i)
		}
	}
	if len(cuts) == 0 {
		return []*Block{it}
	}
	end, below, links := it.Span.End, it.Children[1:], whole.Links
	out := []*Block{it}
	p := it.Children[0]
	p.Lines = whole.Lines[:cuts[0]]
	for k, cut := range cuts {
		next := len(whole.Lines)
		if k+1 < len(cuts) {
			next = cuts[k+1]
		}
		lines := whole.Lines[cut:next]
		lines[0].Text = strings.TrimLeft(lines[0].Text, "*-+")
		start := lineStart(b.page, lines[0].Span.Start)
		links = b.close(out[k], start, links)
		out = append(out, &Block{
			Kind: Item, Marker: it.Marker, Line: lines[0].Line, Span: source.Span{Start: start},
			Children: []*Block{{Kind: Paragraph, Line: lines[0].Line, Span: source.Span{Start: start}, Lines: lines}},
		})
	}
	last := out[len(out)-1]
	b.close(last, whole.Span.End, links)
	last.Span.End, last.Children = end, append(last.Children, below...)
	return out
}

// close ends a cut item and its paragraph before offset; it takes the links up
// to there and returns the others.
func (b *builder) close(it *Block, offset int, links []int) []int {
	p := it.Children[0]
	p.Span.End = trimRight(b.page, offset)
	n := 0
	for n < len(links) && b.Links[links[n]].Span.Start < offset {
		n++
	}
	p.Links, p.Text = links[:n:n], joined(p.Lines)
	it.Span.End, it.Text, it.Links, it.Strong = p.Span.End, p.Text, p.Links, p.Strong
	it.Children = it.Children[:1]
	return links[n:]
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

// joined returns the text of some lines, a blank between each two.
func joined(lines []Line) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0].Text
	}
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
