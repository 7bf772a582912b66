package hierarchy

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/fault"
)

// mostFile is the size of the largest file that is read, in bytes.
const mostFile = 16 << 20

// A Reading is what the files of a folder say.
type Reading struct {
	*Tree
	// Read are the kinds whose file was there.
	Read []Kind
	// Rejected are the lines that cannot be used; all others are.
	Rejected []Finding
}

// Has reports whether the file with nodes of a kind was there.
func (r *Reading) Has(k Kind) bool { return slices.Contains(r.Read, k) }

// ReadFolder reads all that the files of a folder say. A file may be absent, but not
// all three. It fails with NotFound if there is none, and with Invalid if one
// cannot be read at all.
func ReadFolder(folder fs.FS) (*Reading, error) {
	files := map[string][]byte{}
	for _, name := range []string{SectionsFile, StagesFile, CategoriesFile} {
		text, err := fs.ReadFile(folder, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "%s: cannot be read: %w", name, err)
		}
		files[name] = text
	}
	return Parse(files)
}

// Parse reads the texts of files by their names; see ReadFolder.
func Parse(files map[string][]byte) (*Reading, error) {
	r := &reader{converter: converter{left: most}, seen: map[Ref]bool{}}
	out := &Reading{}
	for _, f := range []struct {
		name string
		add  func(*yaml.Node) error
		has  []Kind
	}{
		{SectionsFile, r.sections, []Kind{Section}},
		{StagesFile, r.stages, []Kind{Stage, Group}},
		{CategoriesFile, r.categories, []Kind{Category}},
	} {
		text, ok := files[f.name]
		if !ok {
			continue
		}
		if len(text) > mostFile {
			return nil, fault.New(fault.Invalid, "%s: is larger than %d MiB", f.name, mostFile>>20)
		}
		root, err := parse(f.name, text)
		if err != nil {
			return nil, err
		}
		r.file = f.name
		if err := f.add(root); err != nil {
			return nil, fault.New(fault.Invalid, "%s: %w", f.name, err)
		}
		out.Read = append(out.Read, f.has...)
	}
	if len(out.Read) == 0 {
		return nil, fault.New(fault.NotFound, "no product hierarchy here: expected %s, %s or %s", SectionsFile, StagesFile, CategoriesFile)
	}
	out.Tree, out.Rejected = NewTree(r.nodes), r.rejected
	return out, nil
}

// A reader makes nodes of files.
type reader struct {
	converter
	file     string
	nodes    []*Node
	seen     map[Ref]bool
	rejected []Finding
}

func (r *reader) sections(root *yaml.Node) error {
	return r.each(root, Section, func(n *Node) { n.take("name") })
}

func (r *reader) stages(root *yaml.Node) error {
	if inner := get(root, "stages"); inner != nil && inner.Kind == yaml.MappingNode {
		root = inner
	}
	groups := map[string]*yaml.Node{}
	for key, stage := range pairs(root) {
		if groups[clean(key)] == nil {
			groups[clean(key)] = get(stage, "groups")
		}
	}
	var stages []*Node
	err := r.each(root, Stage, func(n *Node) {
		n.take("display_name", "name")
		n.lieIn(Section, "section")
		n.Fields = n.Fields.With("groups", Value{})
		stages = append(stages, n)
	})
	for _, stage := range stages {
		if err != nil {
			break
		}
		err = r.each(groups[stage.Key], Group, func(n *Node) {
			n.take("name")
			n.Parent = stage.Ref
		})
	}
	return err
}

func (r *reader) categories(root *yaml.Node) error {
	return r.each(root, Category, func(n *Node) {
		n.take("name")
		n.lieIn(Stage, "stage")
	})
}

// each makes a node of every key of a map that can be one.
func (r *reader) each(root *yaml.Node, k Kind, make func(*Node)) error {
	root = deref(root)
	if root == nil || root.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], deref(root.Content[i+1])
		if key.Kind == yaml.ScalarNode && key.Value == "<<" {
			continue
		}
		n := &Node{Ref: Ref{k, clean(key.Value)}, File: r.file, Line: key.Line}
		if why := r.refusal(n, key, value); why != "" {
			r.rejected = append(r.rejected, n.finding(Rejected, SeverityError, "", "%s", why))
			continue
		}
		r.seen[n.Ref] = true
		r.lines = map[string]int{}
		if value != nil && value.Kind == yaml.MappingNode {
			if k == Stage { // groups are nodes of their own
				value = without(value, "groups")
			}
			fields, err := r.fields(value, "", 0)
			if err != nil {
				return err
			}
			n.Fields = fields
		}
		delete(r.lines, "")
		n.Lines = r.lines
		make(n)
		r.nodes = append(r.nodes, n)
	}
	return nil
}

// refusal says why what stands under a key is no node; "" if it is one.
func (r *reader) refusal(n *Node, key, value *yaml.Node) string {
	switch {
	case key.Kind != yaml.ScalarNode || !IsKey(n.Key):
		n.Key = strings.ToValidUTF8(cut(n.Key, mostKey), "")
		return `its key cannot be used: it must be of letters, digits, "-", "_" and ".", at most 100 of them`
	case value != nil && value.Kind != yaml.MappingNode && value.ShortTag() != "!!null":
		return "holds no keys with values"
	case r.seen[n.Ref]:
		return "stands twice; the first counts"
	}
	return ""
}

// mostKey is the length of a key in bytes.
const mostKey = 100

// IsKey reports whether a text can be a key, which stands in addresses and in
// the journal.
func IsKey(s string) bool {
	return s != "" && len(s) <= mostKey && s != "." && s != ".." && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
	})
}

func cut(s string, n int) string { return s[:min(len(s), n)] }

// without returns a map without a key.
func without(n *yaml.Node, key string) *yaml.Node {
	out := *n
	out.Content = nil
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != key {
			out.Content = append(out.Content, n.Content[i], n.Content[i+1])
		}
	}
	return &out
}

// take makes the name of a node of the first of some fields that is there; a
// node without a name is called by its key.
func (n *Node) take(fields ...string) {
	n.Name = strings.ReplaceAll(n.Key, "_", " ")
	for _, f := range fields {
		if text := n.Fields.Get(f).String(); text != "" {
			n.Name = text
			n.Fields = n.Fields.With(f, Value{})
			break
		}
	}
	n.Fields = n.Fields.drop(fields[0])
}

// lieIn makes the parent of a node of a field.
func (n *Node) lieIn(k Kind, field string) {
	if key := n.Fields.Get(field).String(); key != "" {
		n.Parent = Ref{k, key}
	}
	n.Fields = n.Fields.drop(field)
}

// drop takes a key away, also one whose value is null.
func (f Fields) drop(key string) Fields {
	return slices.DeleteFunc(f, func(one Field) bool { return one.Key == key })
}
