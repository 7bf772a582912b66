package hierarchy

import (
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/calendar"
)

// A Kind says what a node of the hierarchy is.
type Kind string

// The kinds of node, from the largest.
const (
	Section  Kind = "section"
	Stage    Kind = "stage"
	Group    Kind = "group"
	Category Kind = "category"
)

// Kinds lists the kinds of node, from the largest.
var Kinds = []Kind{Section, Stage, Group, Category}

// Parent returns the kind that a node of a kind lies in; "" for a section.
func (k Kind) Parent() Kind {
	switch k {
	case Stage:
		return Section
	case Group, Category:
		return Stage
	}
	return ""
}

// Plural returns the word for several nodes of a kind.
func (k Kind) Plural() string {
	if k == Category {
		return "categories"
	}
	return string(k) + "s"
}

// File returns the file in which nodes of a kind stand.
func (k Kind) File() string {
	switch k {
	case Section:
		return SectionsFile
	case Category:
		return CategoriesFile
	}
	return StagesFile
}

// A Ref names a node, for ever: its name and its parent may change, its key does
// not.
type Ref struct {
	Kind Kind   `json:"kind"`
	Key  string `json:"key"`
}

// String returns the reference as ParseRef reads it: "group:vessel_calls".
func (r Ref) String() string { return string(r.Kind) + ":" + r.Key }

// ParseRef reads what String wrote.
func ParseRef(text string) (Ref, bool) {
	kind, key, ok := strings.Cut(text, ":")
	r := Ref{Kind(kind), key}
	return r, ok && key != "" && r.Kind.known()
}

func (k Kind) known() bool { return k == Section || k == Stage || k == Group || k == Category }

// A Node is a section, stage, group or category. What the organisation writes
// about it is in Fields, except for its name and what it lies in.
type Node struct {
	Ref
	Name   string
	Parent Ref // the section of a stage, the stage of others; zero for a section
	Fields Fields
	// File and Line are where it stands, and Lines where its fields do, by path
	// ("pm", "pdm/0").
	File  string
	Line  int
	Lines map[string]int
}

// The keys of fields that rules ask for.
const (
	fieldDirection  = "direction"
	fieldMarketing  = "marketing"
	fieldCategories = "categories"
	fieldMaturity   = "maturity"
)

// MaturityDays are the fields with the day of each level of maturity, from the
// lowest.
var MaturityDays = []string{"available", "viable", "complete", "lovable"}

// Text returns a field as a text, or the first of a list.
func (n *Node) Text(field string) string { return n.Fields.Get(field).String() }

// Direction returns the address of the page that says where the node is going;
// "" if there is none.
func (n *Node) Direction() string { return n.Text(fieldDirection) }

// Description returns what the node is for.
func (n *Node) Description() string { return n.Text("description") }

// IsMarketing reports whether the node is shown to customers.
func (n *Node) IsMarketing() bool { return n.Text(fieldMarketing) == "true" }

// Categories returns the keys of the categories that a group builds.
func (n *Node) Categories() []string {
	if n.Kind != Group {
		return nil
	}
	return n.Fields.Get(fieldCategories).Strings()
}

// Maturity returns how mature a category is, in the words of the file.
func (n *Node) Maturity() string { return n.Text(fieldMaturity) }

// Number returns a field as a number.
func (n *Node) Number(field string) (float64, bool) {
	f, err := strconv.ParseFloat(n.Text(field), 64)
	return f, err == nil
}

// Day returns a field as a day; it is "" where none is stated. What is stated
// and is no day gives an error.
func (n *Node) Day(field string) (calendar.Day, error) {
	text := n.Text(field)
	if text == "" {
		return "", nil
	}
	if len(text) > len("2006-01-02") && (text[10] == 'T' || text[10] == ' ') {
		text = text[:10] // a time of that day
	}
	return calendar.ParseDay(text)
}

// LineOf returns the line of a field, or that of the node where the field is
// not stated.
func (n *Node) LineOf(path string) int {
	if l := n.Lines[path]; l > 0 {
		return l
	}
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return n.LineOf(path[:i])
	}
	return n.Line
}
