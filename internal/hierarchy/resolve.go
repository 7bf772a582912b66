package hierarchy

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/policy"
)

// Resolve returns the nodes that a text names: a group as "Stage:Group" or by
// its name, a stage, a section, a category, by name or key; several with commas,
// semicolons or "and". Former names are found as well, and a word for the kind
// behind the name ("Yard stage") is no part of it. Where a name is that of
// several nodes, a stage goes before a section, a group and a category.
//
// It fails with NotFound for a part that names nothing, and says what is near.
func (t *Tree) Resolve(text string, former []policy.Rename) ([]*Node, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, fault.New(fault.Invalid, "name a section, a stage, a group (Stage:Group) or a category")
	}
	if n := t.named(text, former); n != nil {
		return []*Node{n}, nil
	}
	var out []*Node
	for _, part := range parts(text) {
		n := t.named(part, former)
		if n == nil {
			return nil, fault.New(fault.NotFound, "the product hierarchy has no %q%s", part, t.near(part))
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out, nil
}

// parts splits a list of names.
func parts(text string) []string {
	for _, sign := range []string{";", "\n", " and ", " & ", " und "} {
		text = strings.ReplaceAll(text, sign, ",")
	}
	var out []string
	for p := range strings.SplitSeq(text, ",") {
		if p = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(p), "and ")); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// named returns the node that a name means, or nil.
func (t *Tree) named(name string, former []policy.Rename) *Node {
	if n := t.exactly(name); n != nil {
		return n
	}
	for _, r := range former {
		if folded(r.From) == folded(name) {
			return t.exactly(r.To)
		}
	}
	stage, group, ok := strings.Cut(name, ":")
	if !ok {
		return nil
	}
	for _, r := range former {
		if folded(r.From) == folded(stage) {
			stage = r.To
		}
		if folded(r.From) == folded(group) {
			group = r.To
		}
	}
	return t.exactly(stage + ":" + group)
}

// order is the order in which kinds are looked through.
var order = []Kind{Stage, Section, Group, Category}

func (t *Tree) exactly(name string) *Node {
	for _, k := range order {
		wanted := []string{folded(name)}
		if bare, ok := strings.CutSuffix(strings.ToLower(name), " "+string(k)); ok {
			wanted = append(wanted, folded(bare))
		}
		for _, n := range t.Of(k) {
			if slices.Contains(wanted, folded(n.Name)) || slices.Contains(wanted, folded(n.Key)) || n.Ref.String() == name {
				return n
			}
		}
	}
	stage, group, ok := strings.Cut(name, ":")
	if !ok {
		return nil
	}
	for _, g := range t.Of(Group) {
		s := t.by[g.Parent]
		if s == nil || folded(s.Name) != folded(stage) && folded(s.Key) != folded(stage) {
			continue
		}
		if folded(g.Name) == folded(group) || folded(g.Key) == folded(group) {
			return g
		}
	}
	return nil
}

// near says which nodes somebody may have meant.
func (t *Tree) near(name string) string {
	var known []string
	for _, k := range order {
		for _, n := range t.Of(k) {
			known = append(known, n.Name)
			if k == Group {
				known = append(known, t.Title(n))
			}
		}
	}
	if hint := nearest.Hint(name, known); hint != "" {
		return hint
	}
	return "; its parts are listed at /hierarchy"
}
