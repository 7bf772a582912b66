package ui

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// An Icicle is a picture of things that stand below each other: the one on top
// at the left, those below it to its right, each as high as what stands below it.
// It is read like a table whose cells reach over several rows.
type Icicle struct {
	Label string // what it shows, for those who do not see it
	// Thing and Above head the columns of the table: what is shown, and the one
	// that it stands below.
	Thing, Above string
	Slabs        []Slab
}

// A Slab is one thing of an icicle.
type Slab struct {
	Name  string
	Note  string // below the name
	Href  string
	State State
	Word  string // what is to be said about it; "" is nothing
	// Count is said of what stands below and is not shown: "34 below".
	Count string
	Below []Slab
}

// Measures of an icicle in pixels. A text is cut by its letters, for the server
// does not know the reader's font.
const (
	icicleWide  = 1152 // is used up, as far as columns may be so wide
	slabLeast   = 216
	slabMost    = 288
	slabHigh    = 44
	slabGap     = 3
	slabMarkGap = 22  // room for the mark of a state
	slabPad     = 20  // left and right of a text
	slabLetter  = 7.7 // of a name
	slabSmall   = 6.7 // of a note
	slabEdge    = 1   // around all, for the lines of the outermost slabs
)

// A slabBox is a slab with its place.
type slabBox struct {
	*Slab
	above      string
	x, y, w, h int
}

// columns returns how many things stand beside each other at most.
func columns(slabs []Slab) int {
	most := 0
	for i := range slabs {
		most = max(most, 1+columns(slabs[i].Below))
	}
	return most
}

// draw places all slabs, each before those below it.
func (i *Icicle) draw() (boxes []slabBox, width, height int) {
	wide := min(max(icicleWide/max(columns(i.Slabs), 1), slabLeast), slabMost)
	var place func(s *Slab, above string, column, y int) int
	place = func(s *Slab, above string, column, y int) int {
		at := len(boxes)
		boxes = append(boxes, slabBox{Slab: s, above: above, x: column * wide, y: y, w: wide - slabGap})
		width = max(width, (column+1)*wide-slabGap)
		end := y
		for k := range s.Below {
			end = place(&s.Below[k], s.Name, column+1, end)
		}
		end = max(end, y+slabHigh)
		boxes[at].h = end - y - slabGap
		return end
	}
	for k := range i.Slabs {
		height = place(&i.Slabs[k], "", 0, height)
	}
	return boxes, width, max(height-slabGap, 0)
}

func (b *slabBox) class() string {
	c := "slab"
	if b.State != Plain {
		c += " slab--" + string(b.State)
	}
	if b.Count != "" {
		c += " slab--more"
	}
	return c
}

// line is the second line of a slab.
func (b *slabBox) line() string {
	fit := int(float64(b.w-slabPad) / slabSmall)
	switch {
	case b.Count == "":
		return cut(b.Note, fit)
	case b.Note == "":
		return cut(b.Count, fit)
	}
	return cut(b.Note, fit-utf8.RuneCountInString(b.Count)-3) + " · " + b.Count
}

// name is the first line; it leaves room for the mark.
func (b *slabBox) name() string {
	room := b.w - slabPad
	if b.Word != "" {
		room -= slabMarkGap - slabPad/2
	}
	return cut(b.Name, int(float64(room)/slabLetter))
}

// whole says all of a slab.
func (b *slabBox) whole() string { return said(b.Name, b.Note, b.Word, b.Count) }

// label is the name of a slab as a link: what is seen of it and, if that is cut,
// all of it.
func (b *slabBox) label() string {
	seen := b.name()
	if line := b.line(); line != "" {
		seen += " " + line
	}
	if strings.Contains(seen, "…") {
		return said(seen, b.whole())
	}
	return said(seen, b.Word)
}

// said joins what there is to say.
func said(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// cut shortens a text to so many letters.
func cut(text string, letters int) string {
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	runes := []rune(text)
	return strings.TrimRight(string(runes[:max(letters-1, 1)]), " ,·-") + "…"
}
