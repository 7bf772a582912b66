package policy

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// A Document is one that sources name by its key.
type Document struct {
	Key   string `yaml:"key" json:"key"`
	Title string `yaml:"title" json:"title"`
	Date  string `yaml:"date" json:"date,omitempty"` // a day or month, if it is known
	Weak  bool   `yaml:"weak" json:"weak,omitempty"` // whether it is weaker evidence than the rest
}

// A Place is a part of a document.
type Place struct {
	Document Document `json:"document"`
	Where    string   `json:"where,omitempty"` // such as "L42" or "hiring/greenhouse"
}

// A Source is where a value comes from.
type Source struct {
	Text   string  `json:"text"`             // as the pack writes it
	Note   string  `json:"note,omitempty"`   // what else is to be known, such as what another page says
	Pack   string  `json:"pack"`             // version of the pack that states the value
	Places []Place `json:"places,omitempty"` // what Text names, where it names documents of the pack
	// Overridden says that the value is not that of the pack; Text then says
	// why.
	Overridden bool `json:"overridden,omitempty"`
}

// IsWeak reports whether the source is nothing but weaker evidence: an older
// copy, guidance, a default of Cadre.
func (s Source) IsWeak() bool {
	return len(s.Places) > 0 && !slices.ContainsFunc(s.Places, func(p Place) bool { return !p.Document.Weak })
}

// String returns the source as people read it.
func (s Source) String() string {
	if len(s.Places) == 0 {
		return s.Text
	}
	words := make([]string, len(s.Places))
	for i, p := range s.Places {
		words[i] = p.Document.Title
		if p.Where != "" {
			words[i] += ", " + p.Where
		}
	}
	return strings.Join(words, "; ")
}

// A Value is one value of a pack.
type Value struct {
	Path    string          // such as "rooms.hiring.scorecards.due_business_days"
	Doc     string          // what it means
	Kind    string          // "number", "decimal", "text", "yes or no", "list", "table" …
	Choices []string        // the words that it may be, or that its items may be
	Least   int             // of a number
	Most    int             // of a number; 0 is no limit
	Text    string          // the value, as YAML in one line
	Plain   string          // the value as people read it
	Items   []string        // of a list, as people read them
	Rows    []string        // of a table: each row, as YAML in one line
	Columns []string        // of a table
	Cells   [][]string      // of a table: each row, as people read it
	JSON    json.RawMessage // the value
	Source  Source
}

// Room returns the room that a value belongs to; "pages" for what the compiler
// reads.
func (v Value) Room() string {
	rest, ok := strings.CutPrefix(v.Path, roomsKey+".")
	if !ok {
		return "pages"
	}
	room, _, _ := strings.Cut(rest, ".")
	return room
}

// Matches reports whether all words of a search stand in a value: in its path,
// its meaning, itself or its source.
func (v Value) Matches(search string) bool {
	in := strings.ToLower(v.Path + " " + v.Doc + " " + v.Text + " " + v.Source.String() + " " + v.Source.Note)
	in += " " + strings.ReplaceAll(in, "_", " ")
	for word := range strings.FieldsSeq(strings.ToLower(search)) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

// A leaf is a value as reflection sees it.
type leaf struct {
	field
	path   string
	value  reflect.Value
	source string // of values outside of the rooms
}

// leaves lists the values of a pack in the order of its types. Values outside
// of the rooms that are not stated have none.
func (p *Pack) leaves(set *roomSet) []leaf {
	var list []leaf
	var walk func(v reflect.Value, group field, path, source string)
	walk = func(v reflect.Value, group field, path, source string) {
		if s := v.FieldByName("Source"); s.IsValid() && s.String() != "" {
			source = s.String()
		}
		for _, f := range fieldsOf(v.Type()) {
			inner, at := v.Field(f.index), f.key
			if path != "" {
				at = path + "." + f.key
			}
			switch {
			case path == "" && slices.Contains([]string{"version", "title", "extends", roomsKey}, f.key):
			case isGroup(f.typ):
				walk(inner, f, at, source)
			default:
				list = append(list, leaf{f.within(group), at, inner, source})
			}
		}
	}
	walk(reflect.ValueOf(p).Elem(), field{}, "", "")
	walk(reflect.ValueOf(&set.Rooms).Elem(), field{}, roomsKey, "")
	return list
}

// Values lists all values, first those that the compiler reads. The list is
// shared: nobody changes it.
func (p *Pack) Values() []Value { return p.index().list }

// An index is the values of a pack and where each is in the list.
type index struct {
	list []Value
	at   map[string]int
}

// index returns the values, which are described when they are first asked for.
func (p *Pack) index() *index {
	if p.described == nil { // a pack that a test made by hand
		return p.describe()
	}
	return p.described()
}

func (p *Pack) describe() *index {
	set := p.roomSet()
	leaves := p.leaves(set)
	x := &index{make([]Value, len(leaves)), make(map[string]int, len(leaves))}
	for i, l := range leaves {
		x.list[i] = p.valueOf(set, l)
		x.at[l.path] = i
	}
	return x
}

func (p *Pack) valueOf(set *roomSet, l leaf) Value {
	doc := l.doc
	if doc == "" {
		doc = pageDocs[l.path]
	}
	columns, cells := cellsOf(l.value)
	return Value{
		Plain: plain(l.value), Items: itemsOf(l.value), Columns: columns, Cells: cells,
		Path: l.path, Doc: doc, Kind: kindOf(l.typ), Choices: l.oneOf, Least: l.min, Most: l.max,
		Text: flow(l.value), Rows: rowsOf(l.value), JSON: json.RawMessage(asJSON(l.value)), Source: p.sourceOf(set, l),
	}
}

func (p *Pack) sourceOf(set *roomSet, l leaf) Source {
	c, ok := set.cites[l.path]
	if !ok {
		return Source{Text: l.source, Pack: p.Version}
	}
	s := Source{Text: c.source, Note: c.note, Pack: c.pack, Overridden: c.pack == overridden}
	if !s.Overridden {
		s.Places = set.places(c.source)
	}
	return s
}

// places returns what a source names, if each of its parts, which are parted by
// semicolons, begins with the key of a document.
func (s *roomSet) places(source string) []Place {
	var list []Place
	for part := range strings.SplitSeq(source, ";") {
		key, where, _ := strings.Cut(strings.TrimSpace(part), " ")
		i := slices.IndexFunc(s.documents, func(d Document) bool { return d.Key == key })
		if i < 0 {
			return nil
		}
		list = append(list, Place{s.documents[i], where})
	}
	return list
}

// Value returns the value at a path. It is NotFound for a path that is none.
func (p *Pack) Value(path string) (Value, error) {
	x := p.index()
	i, ok := x.at[path]
	if !ok {
		return Value{}, unknownPath(path, x.list)
	}
	return x.list[i], nil
}

// Source returns where the value at a path comes from. It is NotFound for a
// path that is none.
func (p *Pack) Source(path string) (Source, error) {
	v, err := p.Value(path)
	return v.Source, err
}

// Below lists the values at a path: the value itself, or those of a group. The
// path may leave "rooms" out. It is NotFound if there are none.
func (p *Pack) Below(path string) ([]Value, error) {
	all := p.Values()
	for _, at := range []string{path, roomsKey + "." + path} {
		list := slices.DeleteFunc(slices.Clone(all), func(v Value) bool {
			return v.Path != at && !strings.HasPrefix(v.Path, at+".")
		})
		if len(list) > 0 {
			return list, nil
		}
	}
	return nil, unknownPath(path, all)
}

// unknownPath is the error for a path that no value has.
func unknownPath(path string, values []Value) error {
	known := map[string]bool{}
	for _, v := range values {
		for at := v.Path; ; {
			known[at], known[strings.TrimPrefix(at, roomsKey+".")] = true, true
			i := strings.LastIndexByte(at, '.')
			if i < 0 {
				break
			}
			at = at[:i]
		}
	}
	list := make([]string, 0, len(known))
	for at := range known {
		list = append(list, at)
	}
	slices.Sort(list)
	return fault.New(fault.NotFound, "there is no value %q%s", path, nearest.Hint(path, list))
}

// A Difference is a value that two packs have apart.
type Difference struct {
	Path     string
	Doc      string
	Old, New Value // the Text of a value that a pack does not state is "null"
}

// Compare lists the values that are another in the other pack, which is taken
// as the newer one.
func (p *Pack) Compare(other *Pack) []Difference {
	old := p.index()
	var list []Difference
	for _, v := range other.Values() {
		if o := old.list[old.at[v.Path]]; o.Text != v.Text {
			list = append(list, Difference{v.Path, v.Doc, o, v})
		}
	}
	return list
}
