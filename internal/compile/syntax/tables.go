package syntax

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// findTable turns a paragraph, from the line above a delimiter row on, into a
// table: what goldmark's extension does, whose package compiles dozens of
// regular expressions whenever the program starts. Alignments are left out.
func findTable(p *ast.Paragraph, src []byte) {
	lines := p.Lines()
	for i := 1; i < lines.Len(); i++ {
		columns := delimiters(value(lines.At(i), src))
		if columns == 0 {
			continue
		}
		head := tableRow(lines.At(i-1), columns, true, src)
		if head.ChildCount() != columns {
			return
		}
		table := east.NewTable()
		table.SetPos(p.Pos())
		table.AppendChild(table, east.NewTableHeader(head))
		for j := i + 1; j < lines.Len(); j++ {
			table.AppendChild(table, tableRow(lines.At(j), columns, false, src))
		}
		lines.SetSliced(0, i-1)
		p.Parent().InsertAfter(p.Parent(), p, table)
		if lines.Len() == 0 {
			p.Parent().RemoveChild(p.Parent(), p)
			return
		}
		last := lines.At(i - 2)
		last.Stop-- // its line ending
		lines.Set(i-2, last)
	}
}

func value(s text.Segment, src []byte) []byte { return s.Value(src) }

// delimiters returns how many columns a delimiter row has, such as
// "| --- | :-: |"; 0 for any other line.
func delimiters(line []byte) int {
	if indent, _ := util.IndentWidth(line, 0); indent > 3 || len(bytes.Trim(line, "-")) == 0 {
		return 0
	}
	cells := bytes.Split(line, []byte{'|'})
	if util.IsBlank(cells[0]) {
		cells = cells[1:]
	}
	if n := len(cells); n > 0 && util.IsBlank(cells[n-1]) {
		cells = cells[:n-1]
	}
	for _, c := range cells {
		c = bytes.TrimSuffix(bytes.TrimPrefix(bytes.Trim(c, " \t\r\n"), []byte{':'}), []byte{':'})
		if len(c) == 0 || len(bytes.Trim(c, "-")) > 0 {
			return 0
		}
	}
	return len(cells)
}

// tableRow cuts a line at its bars. A row below the header has as many cells as
// there are columns: what is more is dropped, what is missing is empty.
func tableRow(s text.Segment, columns int, header bool, src []byte) *east.TableRow {
	row := east.NewTableRow(nil)
	row.SetPos(s.Start)
	trimmed := s.TrimLeftSpace(src)
	trimmed = trimmed.TrimRightSpace(src)
	line := trimmed.Value(src)
	at, end := 0, len(line)
	if end > 0 && line[0] == '|' {
		at++
	}
	if end > 0 && line[end-1] == '|' {
		end--
	}
	n := 0
	for ; at < end; n++ {
		if n >= columns && !header {
			return row
		}
		cell := east.NewTableCell()
		cell.SetPos(s.Start + at - s.Padding)
		bar := at
		for bar < end && (line[bar] != '|' || bar > 0 && line[bar-1] == '\\') {
			bar++
		}
		content := text.NewSegment(trimmed.Start+at, trimmed.Start+bar)
		content = content.TrimLeftSpace(src)
		content = content.TrimRightSpace(src)
		cell.Lines().Append(content)
		row.AppendChild(row, cell)
		at = bar + 1
	}
	for ; n < columns; n++ {
		row.AppendChild(row, east.NewTableCell())
	}
	return row
}
