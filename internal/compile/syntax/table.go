package syntax

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"github.com/cadre-hq/cadre/internal/source"
)

// rows turns the rows of a table, its header among them, into blocks.
func (b *builder) rows(blk *Block, table ast.Node) {
	blk.Children = b.lists.take(table.ChildCount())[:0]
	for n := table.FirstChild(); n != nil; n = n.NextSibling() {
		begin := b.start(n)
		start := rowStart(b.page, begin)
		row := &b.blocks.take(1)[0]
		row.Kind, row.Span, row.Line = Row, source.Span{Start: start, End: start}, b.lineOf(start)
		row.Children = b.lists.take(n.ChildCount())[:0]
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
			cell := &b.blocks.take(1)[0]
			cell.Kind, cell.Span, cell.Line = Cell, source.Span{Start: at, End: at}, row.Line
			b.inCell = true
			t := b.inline(c)
			b.inCell = false
			cell.Text, cell.Links, cell.Lines = t.text, t.links, t.lines
			cell.Span.End = max(at, t.end)
			row.Children = append(row.Children, cell)
		}
		if n.PreviousSibling() != nil { // the header has as many as it has
			b.excess(row, source.Span{Start: begin, End: row.Span.End})
		}
		blk.Children = append(blk.Children, row)
		blk.Span.End = max(blk.Span.End, row.Span.End)
	}
}

// rowStart returns the offset of the bar in front of a row's first cell, if it
// has one.
func rowStart(text []byte, cell int) int {
	for at := cell; at > 0 && (text[at-1] == ' ' || text[at-1] == '\t' || text[at-1] == '|'); at-- {
		if text[at-1] == '|' {
			return at - 1
		}
	}
	return cell
}

// excess adds the cells of a row beyond those of the header, which goldmark
// drops.
func (b *builder) excess(row *Block, line source.Span) {
	n := 0
	for at := line.Start; at < line.End; n++ {
		if n == 0 && b.src[at] == '|' {
			at++
		}
		end := at
		for end < line.End && (b.src[end] != '|' || b.src[end-1] == '\\') {
			end++
		}
		if n >= len(row.Children) {
			if cell := b.cell(source.Span{Start: at, End: end}, row.Line); cell != nil {
				row.Children = append(row.Children, cell)
			}
		}
		at = end + 1
	}
}

// cell renders the text between two bars as goldmark would, or returns nil if
// it is blank.
func (b *builder) cell(s source.Span, line int) *Block {
	s.End = trimRight(b.page, s.End)
	for s.Start < s.End && (b.page[s.Start] == ' ' || b.page[s.Start] == '\t') {
		s.Start++
	}
	if s.Start >= s.End {
		return nil
	}
	cell := &Block{Kind: Cell, Line: line, Span: s}
	segments := text.NewSegments()
	segments.Append(text.NewSegment(s.Start, s.End))
	doc := markdown().Parse(text.NewBlockReader(b.src, segments))
	if p, ok := doc.FirstChild().(*ast.Paragraph); ok {
		t := b.inline(p)
		cell.Text, cell.Links, cell.Lines = t.text, t.links, t.lines
	} else { // "-", "1." and the like begin no list in a cell
		cell.Text = Fold(string(b.page[s.Start:s.End]))
	}
	return cell
}
