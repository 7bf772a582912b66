package hierarchy

import (
	"slices"
	"strings"
)

// A Tree is a whole hierarchy. It is not changed after it was made.
type Tree struct {
	// Nodes are sections, stages, groups, categories, each kind in the order of
	// its file.
	Nodes []*Node

	by       map[Ref]*Node
	children map[Ref][]*Node
	owners   map[string][]*Node // groups, by the keys of the categories that they build
}

// NewTree returns a tree of nodes, in which each reference stands once.
func NewTree(nodes []*Node) *Tree {
	t := &Tree{
		Nodes: slices.Clone(nodes),
		by:    make(map[Ref]*Node, len(nodes)), children: map[Ref][]*Node{}, owners: map[string][]*Node{},
	}
	rank := func(n *Node) int { return slices.Index(Kinds, n.Kind) }
	slices.SortStableFunc(t.Nodes, func(a, b *Node) int { return rank(a) - rank(b) })
	for _, n := range t.Nodes {
		t.by[n.Ref] = n
		if n.Parent != (Ref{}) {
			t.children[n.Parent] = append(t.children[n.Parent], n)
		}
		for _, c := range n.Categories() {
			if !slices.Contains(t.owners[c], n) {
				t.owners[c] = append(t.owners[c], n)
			}
		}
	}
	return t
}

// Node returns a node, or nil.
func (t *Tree) Node(r Ref) *Node { return t.by[r] }

// Of returns the nodes of a kind.
func (t *Tree) Of(k Kind) []*Node {
	var out []*Node
	for _, n := range t.Nodes {
		if n.Kind == k {
			out = append(out, n)
		}
	}
	return out
}

// Below returns the nodes of a kind that lie directly in a node. The categories
// of a group are those that it builds.
func (t *Tree) Below(r Ref, k Kind) []*Node {
	var out []*Node
	if r.Kind == Group && k == Category {
		if g := t.by[r]; g != nil {
			for _, key := range g.Categories() {
				if c := t.by[Ref{Category, key}]; c != nil {
					out = append(out, c)
				}
			}
		}
		return out
	}
	for _, n := range t.children[r] {
		if n.Kind == k {
			out = append(out, n)
		}
	}
	return out
}

// Owners returns the groups that build a category.
func (t *Tree) Owners(category string) []*Node { return t.owners[category] }

// Path returns the nodes that a node lies in, from the section, and the node
// itself.
func (t *Tree) Path(r Ref) []*Node {
	var out []*Node
	for n := t.by[r]; n != nil && len(out) < len(Kinds); n = t.by[n.Parent] {
		out = append(out, n)
	}
	slices.Reverse(out)
	return out
}

// SectionOf returns the section that a node lies in, or nil.
func (t *Tree) SectionOf(r Ref) *Node {
	for _, n := range t.Path(r) {
		if n.Kind == Section {
			return n
		}
	}
	return nil
}

// Counts says how many nodes there are of each kind.
type Counts struct {
	Sections   int `json:"sections"`
	Stages     int `json:"stages"`
	Groups     int `json:"groups"`
	Categories int `json:"categories"`
}

// Counts counts the nodes.
func (t *Tree) Counts() Counts {
	return Counts{len(t.Of(Section)), len(t.Of(Stage)), len(t.Of(Group)), len(t.Of(Category))}
}

// Title returns how a node is written where others are written, too: a group
// stands behind its stage ("Berth:Vessel Calls").
func (t *Tree) Title(n *Node) string {
	if n.Kind == Group {
		if s := t.by[n.Parent]; s != nil {
			return s.Name + ":" + n.Name
		}
	}
	return n.Name
}

// folded returns a name as it is compared: without case, blanks, dashes and
// underscores.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '_', '-', '&', '.', ',':
			return -1
		}
		return r
	}, strings.ToLower(name))
}
