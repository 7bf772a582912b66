// Package hierarchy reads an organisation's product hierarchy: sections hold
// stages, stages hold groups, and categories are what a group builds.
//
// The three files (sections.yml, stages.yml, categories.yml) belong to the
// organisation and hold much more than the names that Cadre asks for, so they
// are read with tolerance: unknown keys are passed over, a list may stand for a
// single value and a single value for a list. What cannot be YAML is an error.
package hierarchy

import (
	"errors"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/fault"
)

// The names of the files.
const (
	SectionsFile   = "sections.yml"
	StagesFile     = "stages.yml"
	CategoriesFile = "categories.yml"
)

// Paths name the three files; an empty path is a file that is not there.
type Paths struct{ Sections, Stages, Categories string }

// Load reads the hierarchy from the files of a folder, by their usual names. A
// file may be absent, but not all three. It fails with NotFound if there is
// none and with Invalid if one cannot be read.
func Load(folder fs.FS) (*lint.Hierarchy, error) {
	var p Paths
	for _, file := range []struct {
		name string
		path *string
	}{{SectionsFile, &p.Sections}, {StagesFile, &p.Stages}, {CategoriesFile, &p.Categories}} {
		if _, err := fs.Stat(folder, file.name); !errors.Is(err, fs.ErrNotExist) {
			*file.path = file.name
		}
	}
	if p == (Paths{}) {
		return nil, fault.New(fault.NotFound, "no product hierarchy here: expected %s, %s or %s", SectionsFile, StagesFile, CategoriesFile)
	}
	return Read(p, func(name string) ([]byte, error) { return fs.ReadFile(folder, name) })
}

// Read reads the hierarchy from files anywhere; read returns the text of one,
// as os.ReadFile does. It fails with Invalid if a file cannot be read.
func Read(p Paths, read func(path string) ([]byte, error)) (*lint.Hierarchy, error) {
	h := &lint.Hierarchy{}
	for _, part := range []struct {
		path string
		add  func(*lint.Hierarchy, *yaml.Node)
	}{
		{p.Sections, readSections},
		{p.Stages, readStages},
		{p.Categories, readCategories},
	} {
		if part.path == "" {
			continue
		}
		text, err := read(part.path)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%s: cannot be read: %w", part.path, err)
		}
		root, err := parse(part.path, text)
		if err != nil {
			return nil, err
		}
		part.add(h, root)
	}
	return h, nil
}

// parse returns the mapping that a file holds.
func parse(name string, text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fault.New(fault.Invalid, "%s: is not valid YAML: %w", name, err)
	}
	if len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	}
	if root := doc.Content[0]; root.Kind == yaml.MappingNode {
		return root, nil
	}
	return nil, fault.New(fault.Invalid, "%s: must hold keys with values", name)
}

// readSections adds the sections: a map from key to section.
func readSections(h *lint.Hierarchy, root *yaml.Node) {
	for key, section := range pairs(root) {
		h.Sections = append(h.Sections, lint.Node{Key: key, Name: name(key, section)})
	}
}

// readStages adds stages and their groups. The map of stages may stand below
// the key "stages" or at the top.
func readStages(h *lint.Hierarchy, root *yaml.Node) {
	if inner := get(root, "stages"); inner != nil && inner.Kind == yaml.MappingNode {
		root = inner
	}
	for key, stage := range pairs(root) {
		h.Stages = append(h.Stages, lint.Node{
			Key: key, Name: name(key, stage), Parent: first(get(stage, "section")), Marketing: truth(get(stage, "marketing")),
		})
		for group, g := range pairs(get(stage, "groups")) {
			h.Groups = append(h.Groups, lint.Node{Key: group, Name: name(group, g), Parent: key})
		}
	}
}

// readCategories adds the categories: a map from key to category.
func readCategories(h *lint.Hierarchy, root *yaml.Node) {
	for key, category := range pairs(root) {
		h.Categories = append(h.Categories, lint.Node{
			Key: key, Name: name(key, category), Parent: first(get(category, "stage")), Marketing: truth(get(category, "marketing")),
		})
	}
}

// name returns how people call a node; a node without a name is called by its
// key.
func name(key string, n *yaml.Node) string {
	for _, k := range []string{"display_name", "name"} {
		if text := first(get(n, k)); text != "" {
			return text
		}
	}
	return strings.ReplaceAll(key, "_", " ")
}

// pairs yields the keys and values of a mapping in their order, and nothing
// for other nodes.
func pairs(n *yaml.Node) func(func(string, *yaml.Node) bool) {
	return func(yield func(string, *yaml.Node) bool) {
		n = deref(n)
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i]; key.Kind == yaml.ScalarNode && key.Value != "<<" {
				if !yield(key.Value, deref(n.Content[i+1])) {
					return
				}
			}
		}
	}
}

// get returns the value of a key, or nil.
func get(n *yaml.Node, key string) *yaml.Node {
	for k, v := range pairs(n) {
		if k == key {
			return v
		}
	}
	return nil
}

// first returns a text, or the first text of a list.
func first(n *yaml.Node) string {
	n = deref(n)
	if n != nil && n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		n = deref(n.Content[0])
	}
	if n == nil || n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// truth reports whether a value is true.
func truth(n *yaml.Node) bool {
	return first(n) == "true"
}

// deref follows an alias.
func deref(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
