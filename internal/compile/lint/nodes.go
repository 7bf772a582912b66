package lint

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
)

// ranksOfNodes are the ranks of the hierarchy, as the anchors of its page end.
var ranksOfNodes = []struct {
	suffix, name string
	nodes        func(*Hierarchy) []Node
}{
	{"-section", "section", func(h *Hierarchy) []Node { return h.Sections }},
	{"-stage", "stage", func(h *Hierarchy) []Node { return h.Stages }},
	{"-group", "group", func(h *Hierarchy) []Node { return h.Groups }},
}

// A unit is what a link into the hierarchy names: "the Mooring group".
type unit struct {
	rank string // "group"
	slug string
	node *Node // nil if the hierarchy has none of that name
}

// unitOf reads the anchor of a link, such as "#mooring-group"; false if it
// does not name a unit, or one of a rank of which the hierarchy knows nothing.
func (h *Hierarchy) unitOf(anchor string) (unit, bool) {
	for _, r := range ranksOfNodes {
		slug, ok := strings.CutSuffix(anchor, r.suffix)
		if nodes := r.nodes(h); ok && slug != "" && len(nodes) > 0 {
			return unit{r.name, slug, findNode(nodes, slug)}, true
		}
	}
	return unit{}, false
}

// findNode returns the node with that key or name, or nil.
func findNode(nodes []Node, name string) *Node {
	for i := range nodes {
		if n := &nodes[i]; sameAnchor(n.Key, name) || sameAnchor(n.Name, name) {
			return n
		}
	}
	return nil
}

// sameAnchor reports whether two names or keys have the same anchor: their
// letters and digits are the same, in any case, and cut into words at the same
// places.
func sameAnchor(a, b string) bool {
	i, j := 0, 0
	for first := true; ; first = false {
		x, y := i, j
		for i < len(a) && !anchorByte(a[i]) {
			i++
		}
		for j < len(b) && !anchorByte(b[j]) {
			j++
		}
		switch {
		case i == len(a) || j == len(b):
			return i == len(a) && j == len(b) && !first
		case !first && (i > x) != (j > y), a[i]|0x20 != b[j]|0x20:
			return false
		}
		i, j = i+1, j+1
	}
}

// anchorByte reports whether an anchor keeps a byte.
func anchorByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// names lists the names of nodes.
func names(nodes []Node) []string {
	list := make([]string, len(nodes))
	for i, n := range nodes {
		list[i] = n.Name
	}
	return list
}

// unitsOf returns the units that the links of a specialty name. Anchors of
// that form stand on other pages too ("#director-group"), so only links to the
// page of the hierarchy count: the one on which some link of the family finds
// a unit.
func (p *PagePass) unitsOf(s *family.Specialty) map[int]unit {
	units := map[int]unit{}
	home := p.hierarchyPages()
	for i, l := range s.Scope {
		d := p.destination(l.Target)
		if u, ok := p.Hierarchy.unitOf(d.anchor); ok && slices.Contains(home, normal(d.path)) {
			units[i] = u
		}
	}
	return units
}

// hierarchyPages returns the paths on the site of which an anchor names a unit
// that there is.
func (p *PagePass) hierarchyPages() []string {
	if p.units {
		return p.unitPages
	}
	p.units = true
	for i := range p.Family.Links {
		d := p.destination(p.Family.Links[i].Target)
		if !d.hasAnchor || d.path == "" {
			continue
		}
		if u, ok := p.Hierarchy.unitOf(d.anchor); ok && u.node != nil && !slices.Contains(p.unitPages, normal(d.path)) {
			p.unitPages = append(p.unitPages, normal(d.path))
		}
	}
	return p.unitPages
}
