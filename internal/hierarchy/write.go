package hierarchy

import (
	"bytes"
	"time"

	"go.yaml.in/yaml/v4"
)

// Write returns the three files of a tree, by their names. Reading them gives
// the same tree.
func Write(t *Tree) (map[string][]byte, error) {
	sections, stages, categories := &yaml.Node{Kind: yaml.MappingNode}, &yaml.Node{Kind: yaml.MappingNode}, &yaml.Node{Kind: yaml.MappingNode}
	for _, n := range t.Of(Section) {
		put(sections, n.Key, written(n, "name", ""))
	}
	for _, n := range t.Of(Stage) {
		groups := &yaml.Node{Kind: yaml.MappingNode}
		for _, g := range t.Below(n.Ref, Group) {
			put(groups, g.Key, written(g, "name", ""))
		}
		stage := written(n, "display_name", "section")
		if len(groups.Content) > 0 {
			put(stage, "groups", groups)
		}
		put(stages, n.Key, stage)
	}
	for _, n := range t.Of(Category) {
		put(categories, n.Key, written(n, "name", "stage"))
	}
	all := &yaml.Node{Kind: yaml.MappingNode}
	put(all, "stages", stages)
	out := map[string][]byte{}
	for name, root := range map[string]*yaml.Node{SectionsFile: sections, StagesFile: all, CategoriesFile: categories} {
		var b bytes.Buffer
		e := yaml.NewEncoder(&b)
		e.SetIndent(2)
		if err := e.Encode(root); err != nil {
			return nil, err
		}
		if err := e.Close(); err != nil {
			return nil, err
		}
		out[name] = b.Bytes()
	}
	return out, nil
}

// written returns a node as it stands in its file.
func written(n *Node, name, parent string) *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode}
	put(out, name, text(n.Name))
	if parent != "" && n.Parent.Key != "" {
		put(out, parent, text(n.Parent.Key))
	}
	for _, f := range n.Fields {
		put(out, f.Key, f.Value.yaml())
	}
	return out
}

func put(m *yaml.Node, key string, v *yaml.Node) { m.Content = append(m.Content, text(key), v) }

// text returns a text, which is quoted where it could be something else. A day
// is written as one.
func text(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		n.Tag = "!!timestamp"
	}
	return n
}

func (v Value) yaml() *yaml.Node {
	switch v.Kind {
	case Text:
		return text(v.Text)
	case Number, Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Value: v.Text}
	case List:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, item := range v.Items {
			n.Content = append(n.Content, item.yaml())
		}
		return n
	case Map:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, p := range v.Pairs {
			put(n, p.Key, p.Value.yaml())
		}
		return n
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
}
