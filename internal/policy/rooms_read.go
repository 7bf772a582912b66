package policy

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/strict"
	packs "github.com/cadre-hq/cadre/policy"
)

// roomsKey is the key under which a pack of an organisation states values of
// rooms, and how paths to them begin.
const roomsKey = "rooms"

// A RoomText is what a pack states under the key "rooms". It is read into
// Rooms and not used otherwise.
type RoomText struct{ node func() *yaml.Node }

// UnmarshalYAML implements yaml.Unmarshaler: it keeps what is written.
func (r *RoomText) UnmarshalYAML(n *yaml.Node) error {
	r.node = func() *yaml.Node { return n }
	return nil
}

// A cite is where a value comes from, as a pack writes it.
type cite struct{ source, note, pack string }

// A spot is where a value is stated.
type spot struct {
	file string
	strict.Place
}

// A roomSet is the values of all rooms, with where each comes from.
type roomSet struct {
	Rooms
	documents []Document
	cites     map[string]cite // by path
	spots     map[string]spot // by path, of groups too
}

// copy returns a set that can be changed. Lists are replaced, never changed, so
// that they may be shared.
func (s *roomSet) copy() *roomSet {
	c := *s
	c.documents = slices.Clone(s.documents)
	c.cites, c.spots = maps.Clone(s.cites), maps.Clone(s.spots)
	return &c
}

func emptyRooms() *roomSet {
	return &roomSet{cites: map[string]cite{}, spots: map[string]spot{}}
}

// Rooms returns the values of the rooms. They are shared: nobody changes them.
// They are read when they are first asked for, which the compiler never does.
func (p *Pack) Rooms() *Rooms { return &p.roomSet().Rooms }

func (p *Pack) roomSet() *roomSet {
	if p.rooms == nil {
		return emptyRooms()
	}
	return p.rooms()
}

// shippedRooms reads the rooms of a shipped pack: what its files state, over
// those of the pack that it extends.
func shippedRooms(name string, base *roomSet) (*roomSet, error) {
	files, err := fs.Glob(packs.Files, name+"/*.yaml")
	if err != nil {
		return nil, err
	}
	r := &roomReader{set: base.copy(), pack: name}
	for _, file := range files {
		text, err := packs.Files.ReadFile(file)
		if err != nil {
			return nil, err
		}
		r.file = "policy/" + file
		root, err := parseNode(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.file, err)
		}
		r.room(strings.TrimSuffix(path.Base(file), ".yaml"), root)
	}
	r.file = "" // what does not fit may stand in any of them
	return r.done()
}

// ownRooms reads what the pack of an organisation states under "rooms".
func ownRooms(file, pack string, base *roomSet, n *yaml.Node) (*roomSet, strict.Problems) {
	r := &roomReader{file: file, set: base.copy(), pack: pack}
	r.pairs(n, roomsKey, func(key, value *yaml.Node) { r.room(key.Value, value, key) })
	set, err := r.done()
	problems, _ := errors.AsType[strict.Problems](err)
	return set, problems
}

// parseNode returns the value of a document.
func parseNode(text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, errors.New("is empty")
	}
	return doc.Content[0], nil
}

// A roomReader reads what a pack states into a set.
type roomReader struct {
	file     string
	pack     string
	set      *roomSet
	problems strict.Problems
}

func (r *roomReader) report(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, strict.Problem{File: r.file, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)})
}

// room reads a room; the key is that of a pack that has all rooms in one file.
func (r *roomReader) room(name string, n *yaml.Node, key ...*yaml.Node) {
	if name == "documents" {
		r.documents(n)
		return
	}
	at := n
	if len(key) > 0 {
		at = key[0]
	}
	rooms := reflect.ValueOf(&r.set.Rooms).Elem()
	fields := fieldsOf(rooms.Type())
	f, ok := find(fields, name)
	if !ok {
		r.report(at, "there is no room %q%s", name, suggest(name, append(keysOf(fields), "documents")))
		return
	}
	r.node(n, at, rooms.Field(f.index), f, roomsKey+"."+name, cite{pack: r.pack})
}

// node reads a group or a value; at is its key.
func (r *roomReader) node(n, at *yaml.Node, v reflect.Value, f field, path string, c cite) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	r.set.spots[path] = spot{r.file, strict.Place{Line: at.Line, Column: at.Column}}
	if isGroup(f.typ) {
		r.group(n, v, path, c)
		return
	}
	value := n
	if n.Kind == yaml.MappingNode {
		value, c = r.annotated(n, path, c)
		if value == nil {
			return
		}
	}
	if strings.TrimSpace(c.source) == "" {
		r.report(at, "%s has no source: say where its value comes from", path)
	}
	if r.assign(value, v, f.limits, path) {
		r.set.cites[path] = c
	}
}

// group reads a mapping into a struct. A source or note in it holds for all
// values in it that have none of their own.
func (r *roomReader) group(n *yaml.Node, v reflect.Value, path string, c cite) {
	fields := fieldsOf(v.Type())
	if source := lookup(n, "source"); source != nil {
		c.source, c.note = source.Value, ""
	}
	if note := lookup(n, "note"); note != nil {
		c.note = note.Value
	}
	r.pairs(n, path, func(key, value *yaml.Node) {
		if key.Value == "source" || key.Value == "note" {
			r.word(value, path+"."+key.Value)
			return
		}
		f, ok := find(fields, key.Value)
		if !ok {
			r.report(key, "unknown key %q in %s%s", key.Value, path, suggest(key.Value, keysOf(fields)))
			return
		}
		r.node(value, key, v.Field(f.index), f, path+"."+f.key, c)
	})
}

// annotated returns the value of a mapping that states it with its source, or
// nil if it is none.
func (r *roomReader) annotated(n *yaml.Node, path string, c cite) (*yaml.Node, cite) {
	value := lookup(n, "value")
	if value == nil {
		r.report(n, "%s must be a value, or have the keys value, source and note", path)
		return nil, c
	}
	if source := lookup(n, "source"); source != nil {
		c.source, c.note = source.Value, ""
	}
	r.pairs(n, path, func(key, inner *yaml.Node) {
		switch key.Value {
		case "value":
		case "source":
			r.word(inner, path+".source")
		case "note":
			r.word(inner, path+".note")
			c.note = inner.Value
		default:
			r.report(key, "unknown key %q in %s%s", key.Value, path, suggest(key.Value, []string{"value", "source", "note"}))
		}
	})
	return value, c
}

func (r *roomReader) word(n *yaml.Node, path string) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		r.report(n, "%s must be text", path)
	}
}

// pairs calls f for each key of a mapping, once.
func (r *roomReader) pairs(n *yaml.Node, path string, f func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.report(n, "%s must hold keys with values", path)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if line, twice := seen[key.Value]; twice {
			r.report(key, "key %q stands twice in %s; first on line %d", key.Value, path, line)
			continue
		}
		seen[key.Value] = key.Line
		f(key, n.Content[i+1])
	}
}

// assign reads a value, and is false if it is not what the type or the limits
// want.
func (r *roomReader) assign(n *yaml.Node, v reflect.Value, l limits, path string) bool {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch v.Kind() {
	case reflect.Pointer:
		inner := reflect.New(v.Type().Elem())
		ok := n.ShortTag() == "!!null" || r.assign(n, inner.Elem(), l, path)
		if ok && n.ShortTag() != "!!null" {
			v.Set(inner)
		} else if ok {
			v.SetZero()
		}
		return ok
	case reflect.Slice:
		return r.list(n, v, l, path)
	case reflect.Struct:
		return r.row(n, v, path)
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		r.report(n, "%s must be %s", path, article(kindOf(v.Type())))
		return false
	}
	return r.scalar(n, v, l, path)
}

func (r *roomReader) scalar(n *yaml.Node, v reflect.Value, l limits, path string) bool {
	wrong := ""
	switch {
	case v.Kind() == reflect.Bool:
		var b bool
		if n.ShortTag() != "!!bool" || n.Decode(&b) != nil {
			wrong = fmt.Sprintf("must be true or false, not %q", n.Value)
		}
		v.SetBool(b)
	case v.Kind() == reflect.Int:
		i, err := strconv.Atoi(n.Value)
		if err != nil || n.ShortTag() != "!!int" {
			wrong = fmt.Sprintf("must be a whole number, not %q", n.Value)
		} else {
			wrong = l.faultOf(i)
		}
		v.SetInt(int64(i))
	case v.Type() == decimalType:
		if n.Value != "" && !isDecimal(n.Value) {
			wrong = fmt.Sprintf("must be a number such as 0.9, not %q", n.Value)
		}
		v.SetString(n.Value)
	default:
		wrong = l.fault(n.Value)
		v.SetString(n.Value)
	}
	if wrong != "" {
		r.report(n, "%s %s", path, wrong)
	}
	return wrong == ""
}

func (r *roomReader) list(n *yaml.Node, v reflect.Value, l limits, path string) bool {
	if n.Kind != yaml.SequenceNode {
		r.report(n, "%s must be a list", path)
		return false
	}
	list := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	ok := true
	for i, item := range n.Content {
		ok = r.assign(item, list.Index(i), l, fmt.Sprintf("%s[%d]", path, i)) && ok
	}
	if ok {
		v.Set(list)
	}
	return ok
}

// row reads a mapping that is an item of a table.
func (r *roomReader) row(n *yaml.Node, v reflect.Value, path string) bool {
	fields := fieldsOf(v.Type())
	ok := n.Kind == yaml.MappingNode
	r.pairs(n, path, func(key, value *yaml.Node) {
		f, known := find(fields, key.Value)
		if !known {
			r.report(key, "unknown key %q in %s%s", key.Value, path, suggest(key.Value, keysOf(fields)))
			ok = false
			return
		}
		ok = r.assign(value, v.Field(f.index), f.limits, path+"."+f.key) && ok
	})
	return ok
}

// documents reads the documents that sources name.
func (r *roomReader) documents(n *yaml.Node) {
	var list []Document
	if r.list(n, reflect.ValueOf(&list).Elem(), limits{}, "documents") {
		r.set.documents = append(r.set.documents, list...)
	}
}

// done checks what only shows when all has been read.
func (r *roomReader) done() (*roomSet, error) {
	if len(r.problems) == 0 {
		r.problems = r.set.check(r.file)
	}
	if len(r.problems) == 0 {
		return r.set, nil
	}
	slices.SortStableFunc(r.problems, func(a, b strict.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return nil, r.problems
}

// A reporter tells what is wrong with a key of a group.
type reporter func(key, format string, args ...any)

// A checker is a group whose values must fit together.
type checker interface{ check(reporter) }

// spot returns where a key is stated in a file: itself, or what it stands in if
// it is stated elsewhere. Without a file it is wherever it is stated.
func (s *roomSet) spot(file, path string) spot {
	for at := path; at != ""; at = at[:max(0, strings.LastIndexByte(at, '.'))] {
		if found, ok := s.spots[at]; ok && (file == "" || found.file == file) {
			return found
		}
	}
	return s.spots[path]
}

// check asks each group whether its values fit together; file is the one that
// was read last.
func (s *roomSet) check(file string) (problems strict.Problems) {
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		if c, ok := v.Interface().(checker); ok {
			c.check(func(key, format string, args ...any) {
				at := s.spot(file, path+"."+key)
				problems = append(problems, strict.Problem{
					File: at.file, Line: at.Line, Column: at.Column,
					Message: path + "." + key + " " + fmt.Sprintf(format, args...),
				})
			})
		}
		for _, f := range fieldsOf(v.Type()) {
			if isGroup(f.typ) {
				walk(v.Field(f.index), path+"."+f.key)
			}
		}
	}
	walk(reflect.ValueOf(s.Rooms), roomsKey)
	return problems
}

func find(fields []field, key string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.key == key })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}

func keysOf(fields []field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.key
	}
	return list
}

// suggest names the nearest key, or all of them if none is near.
func suggest(written string, known []string) string {
	return cmp.Or(nearest.Hint(written, known), "; known keys are "+strings.Join(known, ", "))
}

// lookup returns the value of a key of a mapping, or nil.
func lookup(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// article puts an article before a kind of value.
func article(kind string) string {
	if kind == "yes or no" {
		return "true or false"
	}
	return "a " + kind
}
