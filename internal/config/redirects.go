package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/layers"
)

// Redirects says to which path of the site another one leads: written in
// cadre.yaml, or in a file of its own, whose path stands there instead.
type Redirects struct {
	File string
	Map  map[string]string

	wrong string // what stands there, if it is neither
}

// UnmarshalYAML takes a path or a mapping. What is neither is kept for
// Validate, which knows the line.
func (r *Redirects) UnmarshalYAML(n *yaml.Node) error {
	switch n.Kind {
	case yaml.ScalarNode:
		r.File = n.Value
	case yaml.MappingNode:
		if m, err := pairs(n); err == nil {
			r.Map = m
		} else {
			r.wrong = err.Error()
		}
	default:
		r.wrong = "must be the path of a file, or paths of the site with those that they lead to"
	}
	return nil
}

// SetText takes the path of a file.
func (r *Redirects) SetText(text string) (want string) {
	*r = Redirects{File: text}
	return ""
}

// MarshalJSON writes the redirects as they are written.
func (r Redirects) MarshalJSON() ([]byte, error) {
	if r.File != "" || r.Map == nil {
		return layers.JSON(r.File)
	}
	return layers.JSON(r.Map)
}

// RedirectMap returns the redirects, from their file if they have one. It fails
// with Invalid if the file is none.
func (c *Config) RedirectMap() (map[string]string, error) {
	path := c.resolve("site.redirects", c.Site.Redirects.File)
	if path == "" {
		return c.Site.Redirects.Map, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "site.redirects: %w", err)
	}
	m, err := readRedirects(text)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s: is no table of redirects: %w", shown(path), err)
	}
	return m, nil
}

// readRedirects reads a table in one of two forms: a mapping, or a list of
// entries with sources, target and comp_op, as site generators keep them. Of
// the list, entries that compare by pattern (comp_op other than "=") are left
// out: they name no page.
func readRedirects(text []byte) (map[string]string, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return map[string]string{}, nil
	}
	switch root := doc.Content[0]; root.Kind {
	case yaml.MappingNode:
		return pairs(root)
	case yaml.SequenceNode:
		m := map[string]string{}
		for _, entry := range root.Content {
			if err := addEntry(m, entry); err != nil {
				return nil, fmt.Errorf("line %d: %w", entry.Line, err)
			}
		}
		return m, nil
	}
	return nil, errors.New("it holds neither a mapping nor a list")
}

// addEntry adds one entry of a list.
func addEntry(m map[string]string, n *yaml.Node) error {
	var entry struct {
		Sources yaml.Node `yaml:"sources"`
		Target  string    `yaml:"target"`
		Compare string    `yaml:"comp_op"`
	}
	if err := n.Decode(&entry); err != nil {
		return errors.New("an entry needs sources and a target")
	}
	var sources []string
	if entry.Sources.Kind == yaml.ScalarNode {
		sources = []string{entry.Sources.Value}
	} else if err := entry.Sources.Decode(&sources); err != nil {
		return errors.New("sources must be a path or a list of paths")
	}
	if len(sources) == 0 || entry.Target == "" {
		return errors.New("an entry needs sources and a target")
	}
	if entry.Compare != "" && entry.Compare != "=" {
		return nil
	}
	for _, s := range sources {
		m[s] = entry.Target
	}
	return nil
}

// pairs returns a mapping of texts.
func pairs(n *yaml.Node) (map[string]string, error) {
	m := make(map[string]string, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || value.Kind != yaml.ScalarNode || !strings.HasPrefix(key.Value, "/") {
			return nil, fmt.Errorf("line %d: a redirect leads from a path that begins with / to another", key.Line)
		}
		m[key.Value] = value.Value
	}
	return m, nil
}

// sortedKeys returns the keys of a map in their order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
