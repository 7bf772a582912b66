package diag

import (
	"strings"

	"github.com/rivo/uniseg"
)

// A cell is what a terminal shows as one unit: a letter with its accents, an
// emoji, a tab spread to blanks.
type cell struct {
	text       string
	start, end int // bytes of the line
	width      int // columns
}

// excerpt returns a line as a terminal can show it in width columns, and below
// it carets under its bytes [start, end), at least one. Tabs become blanks,
// control characters and invisible ones a mark, and of a long line the part
// around start is shown, with dots where it is cut.
func excerpt(line string, start, end, width int) (shown, carets string) {
	cells := split(line)
	first, last := window(cells, start, max(width, 20))
	var text, marks strings.Builder
	if first > 0 {
		text.WriteString("…")
		marks.WriteByte(' ')
	}
	for i, c := range cells[first:last] {
		text.WriteString(c.text)
		mark := " "
		if c.start < end && c.end > start || (c.start <= start && start < c.end) {
			mark = "^"
		}
		if i == 0 && c.start > start {
			mark = "^"
		}
		marks.WriteString(strings.Repeat(mark, c.width))
	}
	if last < len(cells) {
		text.WriteString("…")
	}
	if !strings.Contains(marks.String(), "^") {
		marks.WriteByte('^') // the span is the end of the line
	}
	return text.String(), strings.TrimRight(marks.String(), " ")
}

// tab is the distance of tab stops.
const tab = 4

// split cuts a line into cells.
func split(line string) []cell {
	var cells []cell
	state, at, column := -1, 0, 0
	for rest := line; rest != ""; {
		var text string
		var width int
		text, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		c := cell{text, at, at + len(text), width}
		switch {
		case text == "\t":
			c.width = tab - column%tab
			c.text = strings.Repeat(" ", c.width)
		case text == "\u00a0":
			c.text = " " // some terminals draw it two columns wide
		case width == 0 || strings.ContainsFunc(text, unsafeRune):
			c.text, c.width = "\u00b7", 1 // invisible: a zero-width blank, a control character
		}
		cells = append(cells, c)
		at, column = c.end, column+c.width
	}
	return cells
}

// window returns which cells to show so that start is seen with some text
// before it and the rest behind it.
func window(cells []cell, start, width int) (first, last int) {
	total, before := 0, 0
	for _, c := range cells {
		total += c.width
		if c.end <= start {
			before += c.width
		}
	}
	if total <= width {
		return 0, len(cells)
	}
	skip := min(max(0, before-width/3), total-width+1)
	room, rest := width, total
	if skip > 0 {
		room-- // for the dots
	}
	for ; first < len(cells) && skip > 0; first++ {
		skip -= cells[first].width
		rest -= cells[first].width
	}
	if rest <= room {
		return first, len(cells)
	}
	room--
	for last = first; last < len(cells) && room >= cells[last].width; last++ {
		room -= cells[last].width
	}
	return first, last
}
