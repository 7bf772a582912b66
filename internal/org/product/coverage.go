package product

import (
	"context"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Coverage says for each section, stage and group whether it has exactly one
// product manager who answers for it, and how its counterparts are filled.
type Coverage struct {
	Day   calendar.Day
	Rows  []CoverageRow // in the order of a tree
	Right int           // rows with exactly as many as there should be
	None  []Gap
	Many  []Gap
	// Functions are the columns of the map.
	Functions []hierarchy.Function
}

// A CoverageRow is a node in the map.
type CoverageRow struct {
	Node     *Node
	Title    string
	Depth    int   // 0 for a section
	Answers  []DRI // who answers for it as product manager
	State    CoverageState
	Complete int // percent of the complete set
	// Filled says for each function how many of the groups at or below the node
	// have somebody, of Groups.
	Filled []int
	Groups int
}

// A CoverageState says whether as many answer for a node as should.
type CoverageState string

// The states.
const (
	Covered   CoverageState = "one"
	Uncovered CoverageState = "none"
	Shared    CoverageState = "several"
)

// Coverage returns the coverage as of a day; "" is today.
func (s *Service) Coverage(ctx context.Context, by auth.Actor, day calendar.Day) (*Coverage, error) {
	if err := s.auth.Can(by, ReadDRI, whole); err != nil {
		return nil, err
	}
	var c *Coverage
	err := s.db.View(ctx, func(tx store.Tx) error {
		h, err := s.HierarchyAt(ctx, tx, day)
		if err != nil {
			return err
		}
		r, err := s.register(ctx, tx, h, nil)
		if err == nil {
			c = h.coverage(r)
		}
		return err
	})
	return c, err
}

func (h *Hierarchy) coverage(r *Register) *Coverage {
	c := &Coverage{Day: h.Day, Functions: hierarchy.FunctionsOf(h.Pack)}
	kinds := h.DRIKinds(hierarchy.Section)
	if len(kinds) == 0 {
		return c
	}
	kind := kinds[0].Kind
	one := map[Subject]DRI{}
	for _, d := range r.DRIs {
		if d.Kind == kind {
			one[d.Subject] = d
		}
	}
	several := map[Subject]Gap{}
	for _, g := range r.Twice {
		if g.Kind == kind {
			several[g.Subject] = g
			c.Many = append(c.Many, g)
		}
	}
	for _, g := range r.Gaps {
		if g.Kind == kind {
			c.None = append(c.None, g)
		}
	}
	var walk func(n *Node, depth int) CoverageRow
	walk = func(n *Node, depth int) CoverageRow {
		_, board := h.Row(n.Ref)
		row := CoverageRow{Node: n, Title: h.Title(n), Depth: depth, State: Uncovered, Complete: board.Complete, Filled: make([]int, len(c.Functions))}
		if d, ok := one[OfNode(n.Ref)]; ok {
			row.State, row.Answers = Covered, []DRI{d}
			c.Right++
		} else if g, ok := several[OfNode(n.Ref)]; ok {
			row.State, row.Answers = Shared, g.Found
		}
		at := len(c.Rows)
		c.Rows = append(c.Rows, row)
		if n.Kind == hierarchy.Group {
			row.Groups = 1
			for i, cell := range board.Cells {
				if cell.Filled {
					row.Filled[i] = 1
				}
			}
		}
		for _, k := range []hierarchy.Kind{hierarchy.Stage, hierarchy.Group} {
			for _, below := range h.Below(n.Ref, k) {
				part := walk(below, depth+1)
				row.Groups += part.Groups
				for i := range row.Filled {
					row.Filled[i] += part.Filled[i]
				}
			}
		}
		c.Rows[at].Groups = row.Groups
		return row
	}
	for _, n := range h.Of(hierarchy.Section) {
		walk(n, 0)
	}
	return c
}
