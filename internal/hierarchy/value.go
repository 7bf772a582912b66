package hierarchy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A ValueKind says what a value is.
type ValueKind int

// The kinds of value. A day is a text.
const (
	Null ValueKind = iota
	Text
	Number
	Bool
	List
	Map
)

// A Value is what a file says under a key. Whatever Cadre does not know is kept
// as it is, so that what is written again says the same.
type Value struct {
	Kind ValueKind
	// Text is the text, or the number or truth as JSON writes it.
	Text  string
	Items []Value // of a list
	Pairs Fields  // of a map
}

// A Field is a key with its value.
type Field struct {
	Key   string
	Value Value
}

// Fields are keys with their values, in the order of the file.
type Fields []Field

// Get returns the value of a key; one that is not there is null.
func (f Fields) Get(key string) Value {
	for _, one := range f {
		if one.Key == key {
			return one.Value
		}
	}
	return Value{}
}

// Has reports whether a key is there, be its value null.
func (f Fields) Has(key string) bool {
	return slices.ContainsFunc(f, func(one Field) bool { return one.Key == key })
}

// With returns the fields with a key set, in its place or behind the others; a
// null takes it away.
func (f Fields) With(key string, v Value) Fields {
	out := make(Fields, 0, len(f)+1)
	found := false
	for _, one := range f {
		if one.Key == key {
			if found = true; v.Kind == Null {
				continue
			}
			one.Value = v
		}
		out = append(out, one)
	}
	if !found && v.Kind != Null {
		out = append(out, Field{key, v})
	}
	return out
}

// Equal reports whether two lists of fields say the same, in the same order.
func (f Fields) Equal(other Fields) bool { return f.JSON() == other.JSON() }

// TextOf returns a text as a value; "" is null.
func TextOf(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{Kind: Text, Text: s}
}

// Texts returns a list of texts as a value; none is null.
func Texts(all ...string) Value {
	if len(all) == 0 {
		return Value{}
	}
	v := Value{Kind: List}
	for _, s := range all {
		v.Items = append(v.Items, Value{Kind: Text, Text: s})
	}
	return v
}

// String returns a scalar as text, or the first of a list; other values are "".
func (v Value) String() string {
	switch {
	case v.Kind == List && len(v.Items) > 0 && v.Items[0].Kind != List:
		return v.Items[0].String()
	case v.Kind == Text || v.Kind == Number || v.Kind == Bool:
		return strings.TrimSpace(v.Text)
	}
	return ""
}

// Strings returns the texts of a list, or a scalar as a list of one. Empty ones
// are left out.
func (v Value) Strings() []string {
	items := v.Items
	if v.Kind != List {
		items = []Value{v}
	}
	var out []string
	for _, i := range items {
		if s := i.String(); s != "" && i.Kind != List {
			out = append(out, s)
		}
	}
	return out
}

// Words returns a value as people read it: scalars as they are, lists of them
// with commas, all else as JSON.
func (v Value) Words() string {
	switch v.Kind {
	case Null:
		return ""
	case Text, Number, Bool:
		return v.Text
	case List:
		if !slices.ContainsFunc(v.Items, func(i Value) bool { return i.Kind == List || i.Kind == Map }) {
			return strings.Join(v.Strings(), ", ")
		}
	}
	var b bytes.Buffer
	v.write(&b)
	return b.String()
}

// JSON returns the fields as an object that keeps their order.
func (f Fields) JSON() string {
	var b bytes.Buffer
	Value{Kind: Map, Pairs: f}.write(&b)
	return b.String()
}

func (v Value) write(b *bytes.Buffer) {
	switch v.Kind {
	case Null:
		b.WriteString("null")
	case Text:
		b.Write(quoted(v.Text))
	case Number, Bool:
		b.WriteString(v.Text)
	case List:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	case Map:
		b.WriteByte('{')
		for i, p := range v.Pairs {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(quoted(p.Key))
			b.WriteByte(':')
			p.Value.write(b)
		}
		b.WriteByte('}')
	}
}

func quoted(s string) []byte {
	text, _ := json.Marshal(s) // a string has a JSON form
	return text
}

// MarshalJSON implements json.Marshaler.
func (f Fields) MarshalJSON() ([]byte, error) { return []byte(f.JSON()), nil }

// ParseFields reads fields that JSON wrote. The error is Invalid.
func ParseFields(text string) (Fields, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := parseValue(d, 0)
	if err == nil && v.Kind != Map {
		err = fmt.Errorf("is no object")
	}
	if err == nil {
		if _, end := d.Token(); end != io.EOF {
			err = fmt.Errorf("goes on behind its end")
		}
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "the fields of a part of the hierarchy cannot be read: %w", err)
	}
	return v.Pairs, nil
}

func parseValue(d *json.Decoder, depth int) (Value, error) {
	t, err := d.Token()
	if err != nil {
		return Value{}, err
	}
	if depth > deepest {
		return Value{}, fmt.Errorf("is nested too deeply")
	}
	switch t := t.(type) {
	case string:
		return Value{Kind: Text, Text: t}, nil
	case json.Number:
		return Value{Kind: Number, Text: t.String()}, nil
	case bool:
		return Value{Kind: Bool, Text: strconv.FormatBool(t)}, nil
	case json.Delim:
		return parseNested(d, t, depth)
	}
	return Value{}, nil
}

func parseNested(d *json.Decoder, open json.Delim, depth int) (Value, error) {
	v := Value{Kind: List}
	if open == '{' {
		v.Kind = Map
	}
	for d.More() {
		key := ""
		if v.Kind == Map {
			t, err := d.Token()
			if err != nil {
				return v, err
			}
			key, _ = t.(string)
		}
		item, err := parseValue(d, depth+1)
		if err != nil {
			return v, err
		}
		if v.Kind == Map {
			v.Pairs = append(v.Pairs, Field{key, item})
		} else {
			v.Items = append(v.Items, item)
		}
	}
	_, err := d.Token()
	return v, err
}

// What one file may hold at most: aliases can make much of little.
const (
	deepest = 32
	most    = 500_000 // values
)

// A converter turns YAML into values, and remembers their lines.
type converter struct {
	lines map[string]int // by path, of the node that is read
	left  int            // how many values may still be made
}

func (c *converter) value(n *yaml.Node, path string, depth int) (Value, error) {
	n = deref(n)
	if c.left--; c.left < 0 || depth > deepest {
		return Value{}, fault.New(fault.Invalid, "holds too much: its aliases repeat each other, or it is nested more than %d levels", deepest)
	}
	if n == nil {
		return Value{}, nil
	}
	c.lines[path] = n.Line
	switch n.Kind {
	case yaml.ScalarNode:
		return scalar(n), nil
	case yaml.SequenceNode:
		v := Value{Kind: List}
		for i, item := range n.Content {
			one, err := c.value(item, path+"/"+strconv.Itoa(i), depth+1)
			if err != nil {
				return v, err
			}
			v.Items = append(v.Items, one)
		}
		return v, nil
	case yaml.MappingNode:
		fields, err := c.fields(n, path, depth)
		return Value{Kind: Map, Pairs: fields}, err
	}
	return Value{}, nil
}

// fields reads a map. Of a key that stands twice the first counts; what is
// merged in (<<) counts where the map itself is silent.
func (c *converter) fields(n *yaml.Node, path string, depth int) (Fields, error) {
	var out Fields
	seen := map[string]bool{}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, item := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || seen[clean(key.Value)] {
			continue
		}
		if key.Value == "<<" {
			merged = append(merged, deref(item))
			continue
		}
		name := clean(key.Value)
		seen[name] = true
		at := strings.TrimPrefix(path+"/"+name, "/")
		v, err := c.value(item, at, depth+1)
		if err != nil {
			return out, err
		}
		c.lines[at] = key.Line
		out = append(out, Field{name, v})
	}
	for _, m := range merged {
		if m == nil || m.Kind != yaml.MappingNode {
			continue
		}
		more, err := c.fields(m, path, depth+1)
		if err != nil {
			return out, err
		}
		for _, f := range more {
			if !seen[f.Key] {
				seen[f.Key] = true
				out = append(out, f)
			}
		}
	}
	return out, nil
}

func scalar(n *yaml.Node) Value {
	switch n.ShortTag() {
	case "!!null":
		return Value{}
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return Value{Kind: Bool, Text: strconv.FormatBool(b)}
		}
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return Value{Kind: Number, Text: n.Value}
		}
		var i int64
		if n.ShortTag() == "!!int" && n.Decode(&i) == nil {
			return Value{Kind: Number, Text: strconv.FormatInt(i, 10)}
		}
	}
	return Value{Kind: Text, Text: clean(n.Value)}
}

// clean returns a text without what no database takes. The zero byte stands for
// a holder whose name is kept elsewhere.
func clean(s string) string { return strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "") }
