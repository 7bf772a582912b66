package ui

import (
	"cmp"
	"math"
	"slices"
)

// A layout is a graph on its way to places, after Sugiyama: ranks, bends, order,
// heights.
type layout struct {
	boxes  []*box // of nodes, in their order
	byID   map[string]*box
	chains []chain
	ranks  [][]*box
}

// A chain is the way of an edge: the boxes of its ends and the bends between,
// from left to right. One that goes back leads from its end to its begin.
type chain struct {
	edge  Edge
	boxes []*box
	back  bool
}

func newLayout(g Graph) *layout {
	l := &layout{byID: map[string]*box{}}
	for i := range g.Nodes {
		b := measure(&g.Nodes[i])
		l.boxes = append(l.boxes, b)
		l.byID[g.Nodes[i].ID] = b
	}
	for _, e := range g.Edges {
		from, to := l.byID[e.From], l.byID[e.To]
		if from != nil && to != nil && from != to {
			l.chains = append(l.chains, chain{edge: e, boxes: []*box{from, to}})
		}
	}
	return l
}

// rank turns round the edges that close a circle, and puts each box one column
// to the right of the last one that leads to it.
func (l *layout) rank() {
	next := map[*box][]int{}
	for i, c := range l.chains {
		next[c.boxes[0]] = append(next[c.boxes[0]], i)
	}
	const open, done = 1, 2
	state := map[*box]int{}
	var order []*box // each before those that it leads to, read backwards
	var visit func(b *box)
	visit = func(b *box) {
		state[b] = open
		for _, i := range next[b] {
			c := &l.chains[i]
			switch to := c.boxes[1]; state[to] {
			case open:
				c.back = true
				c.boxes[0], c.boxes[1] = to, b
			case done:
			default:
				visit(to)
			}
		}
		state[b] = done
		order = append(order, b)
	}
	for _, b := range l.boxes {
		if state[b] == 0 {
			visit(b)
		}
	}
	after := map[*box][]*box{}
	for _, c := range l.chains {
		after[c.boxes[0]] = append(after[c.boxes[0]], c.boxes[1])
	}
	for _, b := range slices.Backward(order) {
		for _, to := range after[b] {
			to.rank = max(to.rank, b.rank+1)
		}
	}
}

// bend puts a bend into each column that an edge passes, and fills the columns.
func (l *layout) bend() {
	last := 0
	for _, b := range l.boxes {
		last = max(last, b.rank)
	}
	l.ranks = make([][]*box, last+1)
	for _, b := range l.boxes {
		l.ranks[b.rank] = append(l.ranks[b.rank], b)
	}
	for i := range l.chains {
		c := &l.chains[i]
		from, to := c.boxes[0], c.boxes[1]
		way := []*box{from}
		for r := from.rank + 1; r < to.rank; r++ {
			bend := &box{rank: r}
			l.ranks[r] = append(l.ranks[r], bend)
			way = append(way, bend)
		}
		way = append(way, to)
		for j := range len(way) - 1 {
			way[j].out = append(way[j].out, way[j+1])
			way[j+1].in = append(way[j+1].in, way[j])
		}
		c.boxes = way
	}
}

// sweeps is how often order and heights are gone over; more changes little.
const sweeps = 8

// order sorts each column by the middle of its neighbours in the one before,
// back and forth, and keeps the order with the fewest crossings.
func (l *layout) order() {
	best, least := l.snapshot(), l.crossings()
	for i := range sweeps {
		if i%2 == 0 {
			for r := 1; r < len(l.ranks); r++ {
				sortBy(l.ranks[r], l.ranks[r-1], func(b *box) []*box { return b.in })
			}
		} else {
			for r := len(l.ranks) - 2; r >= 0; r-- {
				sortBy(l.ranks[r], l.ranks[r+1], func(b *box) []*box { return b.out })
			}
		}
		if n := l.crossings(); n < least {
			best, least = l.snapshot(), n
		}
	}
	l.ranks = best
}

func (l *layout) snapshot() [][]*box {
	all := make([][]*box, len(l.ranks))
	for i, r := range l.ranks {
		all[i] = slices.Clone(r)
	}
	return all
}

func sortBy(column, fixed []*box, neighbours func(*box) []*box) {
	at := places(fixed)
	weight := map[*box]float64{}
	for i, b := range column {
		weight[b] = float64(i) // without neighbours it stays about where it is
		if n := neighbours(b); len(n) > 0 {
			sum := 0
			for _, other := range n {
				sum += at[other]
			}
			weight[b] = float64(sum) / float64(len(n))
		}
	}
	slices.SortStableFunc(column, func(a, b *box) int { return cmp.Compare(weight[a], weight[b]) })
}

func places(column []*box) map[*box]int {
	at := make(map[*box]int, len(column))
	for i, b := range column {
		at[b] = i
	}
	return at
}

// crossings counts the pairs of edges between neighbouring columns that cross.
func (l *layout) crossings() (n int) {
	for r := range len(l.ranks) - 1 {
		at := places(l.ranks[r+1])
		var ends []int // of the edges, in the order of their begins
		for _, b := range l.ranks[r] {
			own := make([]int, len(b.out))
			for i, to := range b.out {
				own[i] = at[to]
			}
			slices.Sort(own)
			ends = append(ends, own...)
		}
		for i, a := range ends {
			for _, b := range ends[i+1:] {
				if b < a {
					n++
				}
			}
		}
	}
	return n
}

// place gives columns their x and boxes their y: each near the middle of its
// neighbours, none above another.
func (l *layout) place() {
	x := 1.0
	for _, column := range l.ranks {
		wide, y := 0.0, 1.0
		for _, b := range column {
			wide = max(wide, b.w)
			b.x, b.y = x, y
			y += b.h + graphGapY
		}
		for _, b := range column {
			b.w = wide // a bend too, so that it passes its column straight
		}
		x += wide + graphGapX
	}
	for i := range sweeps {
		for r := range l.ranks {
			if i%2 == 1 {
				r = len(l.ranks) - 1 - r
			}
			settle(l.ranks[r])
		}
	}
	top := math.Inf(1)
	for _, column := range l.ranks {
		for _, b := range column {
			top = min(top, b.y)
		}
	}
	for _, column := range l.ranks {
		for _, b := range column {
			b.y += 1 - top
		}
	}
}

// settle moves the boxes of a column to where their neighbours are, in two
// passes that push from above and from below, and takes the middle.
func settle(column []*box) {
	wanted := make([]float64, len(column))
	for i, b := range column {
		wanted[i] = b.y
		if around := slices.Concat(b.in, b.out); len(around) > 0 {
			sum := 0.0
			for _, n := range around {
				sum += n.center()
			}
			wanted[i] = sum/float64(len(around)) - b.h/2
		}
	}
	down, up := slices.Clone(wanted), slices.Clone(wanted)
	for i := 1; i < len(column); i++ {
		down[i] = max(down[i], down[i-1]+column[i-1].h+graphGapY)
	}
	for i := len(column) - 2; i >= 0; i-- {
		up[i] = min(up[i], up[i+1]-column[i].h-graphGapY)
	}
	for i, b := range column {
		b.y = math.Round((down[i] + up[i]) / 2)
	}
}

func (l *layout) drawing() *drawing {
	d := &drawing{Boxes: l.boxes}
	for _, column := range l.ranks {
		for _, b := range column {
			d.Width, d.Height = max(d.Width, b.x+b.w+1), max(d.Height, b.y+b.h+1)
		}
	}
	for _, c := range l.chains {
		d.Arrows = append(d.Arrows, c.arrow())
	}
	return d
}
