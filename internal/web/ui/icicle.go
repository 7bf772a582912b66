package ui

import (
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
	slabWide    = 216
	slabHigh    = 44
	slabGap     = 3
	slabName    = 25 // letters of a name that fit
	slabNote    = 31 // letters of a note that fit
	slabMarkGap = 22 // room for the mark of a state
)

// A slabBox is a slab with its place.
type slabBox struct {
	*Slab
	above      string
	x, y, w, h int
}

// draw places all slabs, each before those below it.
func (i *Icicle) draw() (boxes []slabBox, width, height int) {
	var place func(s *Slab, above string, column, y int) int
	place = func(s *Slab, above string, column, y int) int {
		at := len(boxes)
		boxes = append(boxes, slabBox{Slab: s, above: above, x: column * slabWide, y: y, w: slabWide - slabGap})
		width = max(width, (column+1)*slabWide-slabGap)
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
	switch {
	case b.Count == "":
		return cut(b.Note, slabNote)
	case b.Note == "":
		return cut(b.Count, slabNote)
	}
	return cut(b.Note, slabNote-utf8.RuneCountInString(b.Count)-3) + " · " + b.Count
}

// name is the first line; it leaves room for the mark.
func (b *slabBox) name() string {
	if b.Word != "" {
		return cut(b.Name, slabName-2)
	}
	return cut(b.Name, slabName)
}

// whole says all of a slab.
func (b *slabBox) whole() string {
	parts := []string{b.Name}
	for _, p := range []string{b.Note, b.Word, b.Count} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// cut shortens a text to so many letters.
func cut(text string, letters int) string {
	if utf8.RuneCountInString(text) <= letters {
		return text
	}
	runes := []rune(text)
	return strings.TrimRight(string(runes[:max(letters-1, 1)]), " ,·-") + "…"
}
