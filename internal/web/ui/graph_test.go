package ui

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// A ladder of three with a step that is skipped: columns follow the arrows, and
// the long arrow passes the middle column beside the box in it.
func TestDrawLadder(t *testing.T) {
	g := Graph{
		Nodes: []Node{{ID: "i", Label: "Intermediate"}, {ID: "s", Label: "Senior"}, {ID: "p", Label: "Principal"}},
		Edges: []Edge{{From: "i", To: "s"}, {From: "s", To: "p"}, {From: "i", To: "p"}, {From: "p", To: "gone"}},
	}
	d := g.draw()
	for i, b := range d.Boxes {
		if b.rank != i {
			t.Errorf("%s stands in column %d, want %d", b.node.Label, b.rank, i)
		}
	}
	if len(d.Arrows) != 3 {
		t.Errorf("%d arrows are drawn, want 3", len(d.Arrows))
	}
}

func TestWrap(t *testing.T) {
	got := fmt.Sprintf("%q", wrap("Director of Product Management"))
	if want := `["Director of Product" "Management"]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Whatever the graph, no two boxes touch, all stand inside of the picture, and
// arrows go to the right but for those that close a circle.
func TestDrawAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(t, "nodes")
		var g Graph
		for i := range n {
			g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint(i), Label: rapid.StringMatching(`[a-z ]{1,40}`).Draw(t, "label")})
		}
		for range rapid.IntRange(0, 24).Draw(t, "edges") {
			g.Edges = append(g.Edges, Edge{From: fmt.Sprint(rapid.IntRange(0, n).Draw(t, "from")), To: fmt.Sprint(rapid.IntRange(0, n).Draw(t, "to"))})
		}
		l := newLayout(g)
		l.rank()
		l.bend()
		before := l.crossings()
		l.order()
		if after := l.crossings(); after > before {
			t.Fatalf("ordering made %d crossings of %d", after, before)
		}
		l.place()
		d := l.drawing()
		for i, a := range d.Boxes {
			if a.x < 0 || a.y < 0 || a.x+a.w > d.Width || a.y+a.h > d.Height {
				t.Fatalf("%+v stands outside of %v×%v", a, d.Width, d.Height)
			}
			for _, b := range d.Boxes[i+1:] {
				if a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h {
					t.Fatalf("%+v and %+v touch", a, b)
				}
			}
		}
		for _, c := range l.chains {
			if first, last := c.boxes[0], c.boxes[len(c.boxes)-1]; first.rank >= last.rank {
				t.Fatalf("an arrow leads from column %d to %d", first.rank, last.rank)
			}
		}
	})
}
