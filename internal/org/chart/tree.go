package chart

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/policy"
)

// A Status says whether somebody does the work of a position.
type Status string

// The statuses of a position: held by somebody, by nobody, or covered.
const (
	Filled Status = "filled"
	Vacant Status = "vacant"
	// Others are the kinds of holding that cover: interim, acting, life_support.
)

// A Count counts positions.
type Count struct {
	Filled int // somebody holds them regularly
	Vacant int // nobody does, also if somebody covers them
}

// All returns how many positions there are.
func (c Count) All() int { return c.Filled + c.Vacant }

func (c *Count) add(o Count) { c.Filled += o.Filled; c.Vacant += o.Vacant }

// A Node is a position on the day of a chart.
type Node struct {
	*Position
	Seat *Seat
	Role *Role // nil without a level
	// Holder holds the position, and Cover covers it; nil is nobody.
	Holder *Person
	Cover  *Person
	// Covers says how it is covered.
	Covers HoldingKind
	// Parent is the index of the position that it reports to; -1 at the top.
	Parent   int
	Children []int
	Depth    int // 1 at the top
	Layer    *policy.Layer
	Direct   Count // who reports to it
	Total    Count // the whole organisation below it
}

// Status returns whether somebody does the work.
func (n *Node) Status() Status {
	switch {
	case n.Holder != nil:
		return Filled
	case n.Cover != nil:
		return Status(n.Covers)
	}
	return Vacant
}

// Who returns who does the work: the holder, or who covers; nil is nobody.
func (n *Node) Who() *Person {
	if n.Holder != nil {
		return n.Holder
	}
	return n.Cover
}

// A Chart is an organisation on one day. Its nodes stand in the order of a tree:
// each is followed by all that are below it. It does not change.
type Chart struct {
	Day   calendar.Day
	Book  *Book
	Nodes []Node
	index map[PositionID]int
	seats map[PersonID]int // regular
	// answers are what was found about titles, see Chart.fits.
	answers sync.Map
}

// On returns the chart of a day. Roles say what published levels say; a level
// that is missing there is one that says nothing. Layers are those of the policy
// pack, from the highest.
func (b *Book) On(day calendar.Day, roles map[catalog.Pin]*Role, layers []policy.Layer) *Chart {
	c := &Chart{Day: day, Book: b, index: map[PositionID]int{}, seats: map[PersonID]int{}}
	var open []Node
	at := make(map[PositionID]int, len(b.positions))
	for id, p := range b.positions {
		seat := p.On(day)
		if seat == nil {
			continue
		}
		n := Node{Position: p, Seat: seat, Role: roles[seat.Pin], Parent: -1}
		if h := p.Holder(day); h != nil {
			n.Holder = b.people[h.Person]
		}
		if h := p.Cover(day); h != nil {
			n.Cover, n.Covers = b.people[h.Person], h.Kind
		}
		at[id] = len(open)
		open = append(open, n)
	}
	below := make([][]int, len(open))
	var tops []int
	for i := range open {
		if m, ok := at[open[i].Seat.Manager]; ok && open[i].Seat.Manager != "" {
			below[m] = append(below[m], i)
		} else {
			tops = append(tops, i)
		}
	}
	compare := func(i, j int) int {
		x, y := &open[i], &open[j]
		return cmp.Or(
			-cmp.Compare(min(len(below[i]), 1), min(len(below[j]), 1)), // who leads others comes first
			strings.Compare(x.Seat.Department, y.Seat.Department),
			strings.Compare(x.Called(), y.Called()), strings.Compare(string(x.ID), string(y.ID)),
		)
	}
	c.Nodes = make([]Node, 0, len(open))
	var place func(i, parent, depth int) int
	place = func(i, parent, depth int) int {
		n := len(c.Nodes)
		node := open[i]
		node.Parent, node.Depth = parent, depth
		c.Nodes = append(c.Nodes, node)
		slices.SortFunc(below[i], compare)
		var children []int
		var direct, total Count
		for _, child := range below[i] {
			at := place(child, n, depth+1)
			children = append(children, at)
			one := c.Nodes[at].one()
			direct.add(one)
			total.add(one)
			total.add(c.Nodes[at].Total)
		}
		c.Nodes[n].Children, c.Nodes[n].Direct, c.Nodes[n].Total = children, direct, total
		return n
	}
	slices.SortFunc(tops, compare)
	for _, i := range tops {
		place(i, -1, 1)
	}
	for i := range c.Nodes {
		n := &c.Nodes[i]
		n.Layer = layerOf(n, layers)
		c.index[n.ID] = i
		if n.Holder != nil {
			c.seats[n.Holder.ID] = i
		}
	}
	return c
}

// one counts the position itself.
func (n *Node) one() Count {
	if n.Holder != nil {
		return Count{Filled: 1}
	}
	return Count{Vacant: 1}
}

// Called returns who holds the position or, if it is vacant, its title.
func (n *Node) Called() string {
	if n.Holder != nil {
		return n.Holder.Name
	}
	return n.Seat.Title
}

// Node returns a position, or nil if it is not open.
func (c *Chart) Node(id PositionID) *Node {
	if i, ok := c.index[id]; ok {
		return &c.Nodes[i]
	}
	return nil
}

// SeatOf returns the position that somebody holds, or nil.
func (c *Chart) SeatOf(id PersonID) *Node {
	if i, ok := c.seats[id]; ok {
		return &c.Nodes[i]
	}
	return nil
}

// Above returns the position that one reports to, or nil at the top.
func (c *Chart) Above(n *Node) *Node {
	if n.Parent < 0 {
		return nil
	}
	return &c.Nodes[n.Parent]
}

// Line returns the positions above one, the nearest first.
func (c *Chart) Line(n *Node) []*Node {
	var line []*Node
	for up := c.Above(n); up != nil; up = c.Above(up) {
		line = append(line, up)
	}
	return line
}

// ManagerOf returns who manages somebody in fact: who holds or covers the
// nearest position above theirs that is not empty. It is nil at the top, and
// for who holds no position.
func (c *Chart) ManagerOf(id PersonID) *Person {
	n := c.SeatOf(id)
	if n == nil {
		return nil
	}
	for _, up := range c.Line(n) {
		if who := up.Who(); who != nil && who.ID != id {
			return who
		}
	}
	return nil
}

// IsAbove reports whether somebody stands in the line above another, in a
// position that they hold or cover.
func (c *Chart) IsAbove(leader, id PersonID) bool {
	n := c.SeatOf(id)
	if n == nil {
		return false
	}
	return slices.ContainsFunc(c.Line(n), func(up *Node) bool {
		return up.Holder != nil && up.Holder.ID == leader || up.Cover != nil && up.Cover.ID == leader
	})
}

// Below returns the positions below one in the order of the tree, without it.
func (c *Chart) Below(n *Node) []Node {
	i := c.index[n.ID]
	return c.Nodes[i+1 : i+1+n.Total.All()]
}

// Depth returns how many positions are on top of each other, at most.
func (c *Chart) Depth() int {
	deepest := 0
	for i := range c.Nodes {
		deepest = max(deepest, c.Nodes[i].Depth)
	}
	return deepest
}

// People returns how many people hold a position, and how many positions are
// vacant.
func (c *Chart) People() Count {
	var all Count
	for i := range c.Nodes {
		all.add(c.Nodes[i].one())
	}
	return all
}
