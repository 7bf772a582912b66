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
// does not name a unit.
func (h *Hierarchy) unitOf(anchor string) (unit, bool) {
	for _, r := range ranksOfNodes {
		if slug, ok := strings.CutSuffix(anchor, r.suffix); ok && slug != "" {
			return unit{r.name, slug, findNode(r.nodes(h), slug)}, true
		}
	}
	return unit{}, false
}

// findNode returns the node with that key or name, or nil.
func findNode(nodes []Node, name string) *Node {
	want := dashed(name)
	for i := range nodes {
		if n := &nodes[i]; dashed(n.Key) == want || dashed(n.Name) == want {
			return n
		}
	}
	return nil
}

// dashed brings a name or key into the form of an anchor.
func dashed(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
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
	var pages []string
	for i := range p.Family.Links {
		d := p.destination(p.Family.Links[i].Target)
		if !d.hasAnchor || d.path == "" {
			continue
		}
		if u, ok := p.Hierarchy.unitOf(d.anchor); ok && u.node != nil && !slices.Contains(pages, normal(d.path)) {
			pages = append(pages, normal(d.path))
		}
	}
	return pages
}
