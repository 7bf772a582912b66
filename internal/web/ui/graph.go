package ui

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Graph is boxes and the arrows between them, such as a career ladder. The
// order of nodes and edges decides between places that are as good.
type Graph struct {
	Label string // what it shows, for those who do not see it
	Nodes []Node
	Edges []Edge
}

// A Node is one box.
type Node struct {
	ID    string
	Label string
	Note  string
	Href  string
	// State is Current for the one that the page is about, and Bad for one that
	// is named but not there.
	State State
}

// An Edge is an arrow between two nodes. One that names a node that is not in
// the graph is left out: give the missing thing a node of its own.
type Edge struct {
	From, To string
	Broken   bool
	Note     string // in the table below
}

// Measures of a drawn graph in pixels. Text is not measured but reckoned, a
// little too wide, for the server does not know the reader's font.
const (
	graphLine   = 20 // height of a line of the label
	graphNote   = 16 // height of the note
	graphPad    = 12
	graphGapX   = 64 // between columns, for the arrows
	graphGapY   = 16 // between boxes
	graphLetter = 7.6
	graphWrap   = 24 // letters in a line of a label, if words can be parted so
)

// A box is a node with its place. A box without a node is a bend of an edge
// that passes a column.
type box struct {
	node       *Node
	lines      []string
	rank       int
	x, y, w, h float64
	in, out    []*box
}

// center returns the height of the middle of a box.
func (b *box) center() float64 { return b.y + b.h/2 }

// measure finds how large a node is drawn.
func measure(n *Node) *box {
	b := &box{node: n, lines: wrap(n.Label)}
	letters := float64(utf8.RuneCountInString(n.Note)) * 6.6 / graphLetter
	for _, l := range b.lines {
		letters = max(letters, float64(utf8.RuneCountInString(l)))
	}
	b.w = float64(int(letters*graphLetter)) + 2*graphPad
	b.h = float64(len(b.lines)*graphLine) + 2*graphPad - 4
	if n.Note != "" {
		b.h += graphNote
	}
	return b
}

// wrap parts a label into lines at blanks. No word is cut.
func wrap(label string) (lines []string) {
	for word := range strings.FieldsSeq(label) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= graphWrap {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

// A drawing is a graph with places.
type drawing struct {
	Width, Height float64
	Boxes         []*box
	Arrows        []arrow
}

// An arrow is the way of one edge.
type arrow struct {
	Path, Head string // of SVG
	Broken     bool
}

// draw lays out the graph: columns from left to right along the arrows, then
// the order in each column so that few arrows cross, then heights so that boxes
// stand near their neighbours.
func (g Graph) draw() *drawing {
	l := newLayout(g)
	l.rank()
	l.bend()
	l.order()
	l.place()
	return l.drawing()
}

// arrow returns the way of an edge through the boxes of its chain.
func (c chain) arrow() arrow {
	var p strings.Builder
	first := c.boxes[0]
	x, y := first.x+first.w, first.center()
	p.WriteString("M" + number(x) + " " + number(y))
	for _, b := range c.boxes[1:] {
		mid := (x + b.x) / 2
		p.WriteString("C" + number(mid) + " " + number(y) + " " + number(mid) + " " + number(b.center()) + " " + number(b.x) + " " + number(b.center()))
		x, y = b.x, b.center()
		if b.node == nil && b.w > 0 { // straight on through the column
			x += b.w
			p.WriteString("H" + number(x))
		}
	}
	head := "M" + number(x) + " " + number(y) + "l-7 -4v8z"
	if c.back {
		head = "M" + number(first.x+first.w) + " " + number(first.center()) + "l7 -4v8z"
	}
	return arrow{Path: p.String(), Head: head, Broken: c.edge.Broken}
}

func number(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
