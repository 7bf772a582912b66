// Package strict reads YAML that people write by hand into structs and says,
// all at once and with line numbers, what it could not place: an unknown key
// (with the nearest known one), a key that stands twice, a value of the wrong
// shape. cadre.yaml and policy packs are read with it.
//
// A field is known by its yaml tag. A single word may stand for a list of one.
package strict

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/nearest"
)

// A Problem is one thing that is wrong with a file, at a line and column that
// count from 1; 0 is unknown.
type Problem struct {
	File         string
	Line, Column int
	Message      string
}

// String returns "file:line:column: message".
func (p Problem) String() string {
	place := p.File
	for _, n := range []int{p.Line, p.Column} {
		if n > 0 {
			place += ":" + strconv.Itoa(n)
		}
	}
	return place + ": " + p.Message
}

// Problems is an error that lists everything that is wrong with a file.
type Problems []Problem

// Error returns the problems, one on a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Sort brings the problems into the order of the file.
func (ps Problems) Sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Places tells where a key stands: "site.hosts", "waivers[2].code".
type Places map[string]Place

// A Place is a line and column of a file, counting from 1.
type Place struct{ Line, Column int }

// Decode reads text, the content of the file named name, into the struct that
// v points to. Fields that the text does not name keep their values, so v can
// hold the defaults. It returns where each key stands.
//
// If the text is not what v wants, the error is of type Problems, and v holds
// all that could be placed. There are no places, and v is as it was, if the
// text is not even YAML.
func Decode(name string, text []byte, v any) (Places, error) {
	r := &reader{file: name, places: Places{}}
	root, err := r.parse(text)
	if err != nil {
		return nil, err
	}
	if root == nil {
		return r.places, nil
	}
	if !r.check(root, reflect.TypeOf(v).Elem(), "") {
		return nil, r.problems
	}
	if err := root.Decode(v); err != nil {
		r.problems = append(r.problems, Problem{File: name, Message: reason(err)})
	}
	if len(r.problems) > 0 {
		return r.places, r.problems
	}
	return r.places, nil
}

// A reader walks a document and collects what does not fit.
type reader struct {
	file     string
	places   Places
	problems Problems
}

// parse returns the value of the document, or nil for an empty one.
func (r *reader) parse(text []byte) (*yaml.Node, error) {
	docs, err := documents(text)
	if err != nil {
		p := Problem{File: r.file, Message: "is not valid YAML: " + reason(err)}
		if e, ok := errors.AsType[*yaml.LoadError](err); ok {
			p.Line, p.Column = e.Mark.Line, e.Mark.Column
			p.Message = "is not valid YAML: " + e.Message
		}
		return nil, Problems{p}
	}
	switch len(docs) {
	case 0:
		return nil, nil
	case 1:
	default:
		return nil, Problems{{r.file, docs[1].Line, docs[1].Column, "holds a second document; remove everything from the line `---` on"}}
	}
	root := docs[0].Content[0]
	if root.Kind == yaml.ScalarNode && root.Value == "" {
		return nil, nil
	}
	return root, nil
}

// documents returns the documents of text.
func documents(text []byte) ([]*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var docs []*yaml.Node
	for {
		doc := new(yaml.Node)
		switch err := loader.Load(doc); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return nil, err
		case len(doc.Content) > 0:
			docs = append(docs, doc)
		}
	}
}

func (r *reader) report(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, n.Line, n.Column, fmt.Sprintf(format, args...)})
}

var unmarshaler = reflect.TypeFor[yaml.Unmarshaler]()

// check compares a value with the type it is meant for; path is its key. It
// takes out of the value what does not fit, and is false if that is all of it.
func (r *reader) check(n *yaml.Node, t reflect.Type, path string) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Tag == "!!null" || reflect.PointerTo(t).Implements(unmarshaler) {
		return true
	}
	switch t.Kind() {
	case reflect.Struct:
		return r.checkStruct(n, t, path)
	case reflect.Map:
		return r.checkMap(n, t, path)
	case reflect.Slice:
		return r.checkList(n, t, path)
	}
	return r.checkScalar(n, t, path)
}

func (r *reader) checkStruct(n *yaml.Node, t reflect.Type, path string) bool {
	fields := Fields(t)
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.Key
	}
	return r.pairs(n, path, func(key, value *yaml.Node, at string) bool {
		i := slices.Index(known, key.Value)
		if i < 0 {
			where := ""
			if path != "" {
				where = " in " + path
			}
			r.report(key, "unknown key %q%s%s", key.Value, where, suggest(key.Value, known))
			return false
		}
		return r.check(value, fields[i].Type, at)
	})
}

// suggest names the nearest key, or all of them if none is near.
func suggest(written string, known []string) string {
	if hint := nearest.Hint(written, known); hint != "" {
		return hint
	}
	return "; known keys are " + strings.Join(known, ", ")
}

func (r *reader) checkMap(n *yaml.Node, t reflect.Type, path string) bool {
	return r.pairs(n, path, func(_, value *yaml.Node, at string) bool {
		return r.check(value, t.Elem(), at)
	})
}

// pairs calls f for each key of a mapping, once, and takes out those that do
// not fit.
func (r *reader) pairs(n *yaml.Node, path string, f func(key, value *yaml.Node, at string) (fits bool)) bool {
	if n.Kind != yaml.MappingNode {
		r.report(n, "%s must hold keys with values, not %s", subject(path), shape(n))
		return false
	}
	seen := map[string]int{}
	var kept []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if line, twice := seen[key.Value]; twice {
			r.report(key, "key %q stands twice; first on line %d", key.Value, line)
			continue
		}
		seen[key.Value] = key.Line
		at := key.Value
		if path != "" {
			at = path + "." + key.Value
		}
		if f(key, value, at) {
			r.places[at] = Place{key.Line, key.Column}
			kept = append(kept, key, value)
		}
	}
	n.Content = kept
	return true
}

func (r *reader) checkList(n *yaml.Node, t reflect.Type, path string) bool {
	if n.Kind == yaml.ScalarNode && t.Elem().Kind() == reflect.String {
		item := *n
		*n = yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: n.Line, Column: n.Column, Content: []*yaml.Node{&item}}
	}
	if n.Kind != yaml.SequenceNode {
		r.report(n, "%s must be a list, not %s", subject(path), shape(n))
		return false
	}
	var kept []*yaml.Node
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		if r.check(item, t.Elem(), at) {
			r.places[fmt.Sprintf("%s[%d]", path, len(kept))] = Place{item.Line, item.Column}
			kept = append(kept, item)
		}
	}
	n.Content = kept
	return true
}

func (r *reader) checkScalar(n *yaml.Node, t reflect.Type, path string) bool {
	want, ok := "text", n.Kind == yaml.ScalarNode
	switch t.Kind() {
	case reflect.Bool:
		want, ok = "true or false", ok && n.ShortTag() == "!!bool"
	case reflect.Int, reflect.Int64:
		want, ok = "a whole number", ok && n.ShortTag() == "!!int"
	}
	if !ok {
		r.report(n, "%s must be %s, not %s", subject(path), want, shape(n))
	}
	return ok
}

// subject is how a message begins for the value of a key.
func subject(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// shape says in a word what a node is.
func shape(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys with values"
	case yaml.SequenceNode:
		return "a list"
	}
	return strconv.Quote(n.Value)
}

// A Field is a key that a struct knows.
type Field struct {
	Key   string
	Index int
	Type  reflect.Type
}

// Fields lists the keys of a struct type in the order of its fields. A field
// without a yaml tag, or with the tag "-", has no key.
func Fields(t reflect.Type) []Field {
	var fields []Field
	for i := range t.NumField() {
		f := t.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key != "" && key != "-" {
			fields = append(fields, Field{key, i, f.Type})
		}
	}
	return fields
}

// reason strips what yaml puts around a message of an UnmarshalYAML method.
func reason(err error) string {
	if e, ok := errors.AsType[*yaml.LoadErrors](err); ok && len(e.Errors) > 0 {
		return e.Errors[0].Error()
	}
	return err.Error()
}
