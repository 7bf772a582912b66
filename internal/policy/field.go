package policy

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// A field is a key of a struct of a pack, as its tags describe it.
type field struct {
	key   string
	index int
	typ   reflect.Type
	limits
}

// limits are what a value may be.
type limits struct {
	doc   string
	min   int
	max   int // 0 is no limit
	oneOf []string
	is    string // "grade", "date", "time", "role", "word"
}

// fieldsOf lists the keys of a struct type. Where a pack writes the source of
// what stands beside it, that is no key of its own.
func fieldsOf(t reflect.Type) []field {
	var list []field
	for i := range t.NumField() {
		f := t.Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "" || key == "source" || !f.IsExported() {
			continue
		}
		l := limits{doc: f.Tag.Get("doc"), is: f.Tag.Get("is")}
		l.min, _ = strconv.Atoi(f.Tag.Get("min"))
		l.max, _ = strconv.Atoi(f.Tag.Get("max"))
		if words := f.Tag.Get("one_of"); words != "" {
			l.oneOf = strings.Split(words, ",")
		}
		list = append(list, field{key, i, f.Type, l})
	}
	return list
}

// within returns a field with what it means where it stands: limits and days say
// nothing without the group whose they are.
func (f field) within(group field) field {
	if group.typ == reflect.TypeFor[Band]() || group.typ == reflect.TypeFor[MonthDay]() {
		f.doc = group.doc + ", " + f.doc
	}
	return f
}

// isGroup reports whether a type holds values rather than being one.
func isGroup(t reflect.Type) bool { return t.Kind() == reflect.Struct }

var decimalType = reflect.TypeFor[Decimal]()

// kindOf says in words what a type of values is.
func kindOf(t reflect.Type) string {
	switch {
	case t == decimalType:
		return "decimal"
	case t.Kind() == reflect.Pointer:
		return kindOf(t.Elem())
	case t.Kind() == reflect.Bool:
		return "yes or no"
	case t.Kind() == reflect.Int:
		return "number"
	case t.Kind() == reflect.String:
		return "text"
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Slice:
		return "list of lists"
	case t.Kind() == reflect.Slice && isGroup(t.Elem()):
		return "table"
	case t.Kind() == reflect.Slice && t.Elem() == decimalType:
		return "list of decimals"
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Int:
		return "list of numbers"
	}
	return "list"
}

// fault returns what is wrong with a text of a field; "" is nothing.
func (l limits) fault(s string) string {
	switch {
	case len(l.oneOf) > 0:
		for _, w := range l.oneOf {
			if s == w {
				return ""
			}
		}
		return fmt.Sprintf("%q is none of %s", s, strings.Join(l.oneOf, ", "))
	case l.is == "grade":
		if !isDecimal(s) {
			return fmt.Sprintf("%q is no grade: write a decimal, such as \"9\" or \"9.5\"", s)
		}
	case l.is == "date":
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return fmt.Sprintf("%q is no day: write it like 2022-09-02", s)
		}
	case l.is == "time":
		if _, err := time.Parse("15:04", s); err != nil {
			return fmt.Sprintf("%q is no time of day: write it like 09:00", s)
		}
	case l.is == "role" || l.is == "word":
		if s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return fmt.Sprintf("%q is no %s: write lower-case words with _ between them", s, l.is)
		}
	}
	return ""
}

// faultOf returns what is wrong with a number of a field; "" is nothing.
func (l limits) faultOf(n int) string {
	switch {
	case n < l.min:
		return fmt.Sprintf("must be at least %d, but is %d", l.min, n)
	case l.max > 0 && n > l.max:
		return fmt.Sprintf("must be at most %d, but is %d", l.max, n)
	}
	return ""
}

// A writer writes a value in one line: as YAML that reads back the same, or as
// JSON.
type writer struct {
	strings.Builder
	json bool
}

// flow returns a value as YAML in one line.
func flow(v reflect.Value) string {
	var w writer
	w.value(v)
	return w.String()
}

// rowsOf returns the rows of a table, each as YAML in one line; none for a value
// of another kind.
func rowsOf(v reflect.Value) []string {
	if !isTable(v.Type()) {
		return nil
	}
	rows := make([]string, v.Len())
	for i := range rows {
		rows[i] = flow(v.Index(i))
	}
	return rows
}

func isTable(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && (isGroup(t.Elem()) || t.Elem().Kind() == reflect.Slice)
}

// cellsOf returns the columns of a table and its cells as people read them. A
// list of lists has one column without a name.
func cellsOf(v reflect.Value) (columns []string, cells [][]string) {
	if !isTable(v.Type()) {
		return nil, nil
	}
	item := v.Type().Elem()
	if !isGroup(item) {
		for i := range v.Len() {
			cells = append(cells, []string{plain(v.Index(i))})
		}
		return []string{""}, cells
	}
	fields := fieldsOf(item)
	columns = keysOf(fields)
	for i := range v.Len() {
		row := make([]string, len(fields))
		for n, f := range fields {
			row[n] = plain(v.Index(i).Field(f.index))
		}
		cells = append(cells, row)
	}
	return columns, cells
}

// itemsOf returns the items of a list as people read them; none for a value of
// another kind.
func itemsOf(v reflect.Value) []string {
	if v.Kind() != reflect.Slice || isTable(v.Type()) {
		return nil
	}
	items := make([]string, v.Len())
	for i := range items {
		items[i] = plain(v.Index(i))
	}
	return items
}

// plain returns a value as people read it.
func plain(v reflect.Value) string {
	switch {
	case v.Kind() == reflect.Pointer:
		if v.IsNil() {
			return "none"
		}
		return plain(v.Elem())
	case v.Kind() == reflect.Bool:
		if v.Bool() {
			return "yes"
		}
		return "no"
	case v.Kind() == reflect.String:
		return v.String()
	case isTable(v.Type()):
		return strings.Join(rowsOf(v), "; ")
	case v.Kind() == reflect.Slice:
		return strings.Join(itemsOf(v), ", ")
	}
	return flow(v)
}

// asJSON returns a value as JSON.
func asJSON(v reflect.Value) string {
	w := writer{json: true}
	w.value(v)
	return w.String()
}

func (w *writer) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			w.WriteString("null")
			return
		}
		w.value(v.Elem())
	case reflect.Bool:
		w.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int:
		w.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Slice:
		w.WriteByte('[')
		for i := range v.Len() {
			w.comma(i)
			w.value(v.Index(i))
		}
		w.WriteByte(']')
	case reflect.Struct:
		w.WriteByte('{')
		written := 0
		for _, f := range fieldsOf(v.Type()) {
			if k := f.typ.Kind(); v.Field(f.index).IsZero() && (k == reflect.Slice || k == reflect.String) {
				continue // a number or a no says something
			}
			w.comma(written)
			w.text(f.key)
			w.WriteString(": ")
			w.value(v.Field(f.index))
			written++
		}
		w.WriteByte('}')
	default:
		w.text(v.String())
	}
}

func (w *writer) comma(i int) {
	if i > 0 {
		w.WriteString(", ")
	}
}

// text writes a text, in quotes if it needs them.
func (w *writer) text(s string) {
	if !w.json && isPlain(s) {
		w.WriteString(s)
		return
	}
	w.WriteString(quote(s))
}

// quote returns a text in double quotes as both YAML and JSON read it.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// isPlain reports whether YAML reads a text without quotes as that text.
func isPlain(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f && r != 0x85 && r != 0xa0 && r != 0x2028 && r != 0x2029 && r != 0xfeff
		if !letter && (i == 0 || !strings.ContainsRune("0123456789 -_./+()'", r)) {
			return false
		}
	}
	if s == "" || strings.HasSuffix(s, " ") {
		return false
	}
	n := yaml.Node{Kind: yaml.ScalarNode, Value: s}
	return n.ShortTag() == "!!str" && !isOldBool(s)
}

// isOldBool reports whether older readers of YAML take a word for true or
// false.
func isOldBool(s string) bool {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off":
		return true
	}
	return false
}
