package chart

import "slices"

// An Effect is what differs between two charts of one day.
type Effect struct {
	Spans []SpanChange // in the order of the tree
	// New are findings that were not there, and Gone those that are not any more.
	New, Gone []Finding
}

// A SpanChange is a position that leads others, as it was and as it would be;
// one of them is nil if it was not there.
type SpanChange struct {
	Before, After *Node
	// Direct says that others report to the position itself than before, and not
	// only further down.
	Direct bool
}

// Node returns the position as it would be or, if it is gone, as it was.
func (s *SpanChange) Node() *Node {
	if s.After != nil {
		return s.After
	}
	return s.Before
}

// Compare returns what differs, given what is found in both.
func Compare(before, after *Chart, was, now []Finding) *Effect {
	e := &Effect{}
	for i := range after.Nodes {
		n := &after.Nodes[i]
		switch old := before.Node(n.ID); {
		case old == nil && n.Leads():
			e.Spans = append(e.Spans, SpanChange{After: n, Direct: true})
		case old != nil && (n.Leads() || old.Leads()):
			direct := old.Direct != n.Direct || !slices.Equal(before.under(old), after.under(n))
			if direct || old.Total != n.Total {
				e.Spans = append(e.Spans, SpanChange{old, n, direct})
			}
		}
	}
	for i := range before.Nodes {
		if n := &before.Nodes[i]; n.Leads() && after.Node(n.ID) == nil {
			e.Spans = append(e.Spans, SpanChange{Before: n, Direct: true})
		}
	}
	e.New, e.Gone = without(now, was), without(was, now)
	return e
}

// under returns who reports to a position, in an order that does not depend on
// what they do.
func (c *Chart) under(n *Node) []PositionID {
	ids := make([]PositionID, len(n.Children))
	for i, child := range n.Children {
		ids[i] = c.Nodes[child].ID
	}
	slices.Sort(ids)
	return ids
}

// without returns the findings of one list that the other has not. One that says
// the same of a position by another number is the same.
func without(list, other []Finding) []Finding {
	type key struct {
		Rule
		PositionID
	}
	known := make(map[key]bool, len(other))
	for _, f := range other {
		known[key{f.Rule, f.Position}] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(f Finding) bool { return known[key{f.Rule, f.Position}] })
}
