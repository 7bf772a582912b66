package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/strict"
)

// An OriginKind is a layer that values come from.
type OriginKind int

// The layers, from weak to strong.
const (
	FromDefault OriginKind = iota
	FromFile
	FromEnvironment
	FromFlag
)

// An Origin says where a value comes from.
type Origin struct {
	Kind OriginKind
	Name string // of the file, the variable or the flag
	Line int    // in the file
}

// String returns the origin for people: "default", "cadre.yaml:12",
// "CADRE_FAIL_ON", "--fail-on".
func (o Origin) String() string {
	switch {
	case o.Kind == FromDefault:
		return "default"
	case o.Kind == FromFile && o.Line > 0:
		return o.Name + ":" + strconv.Itoa(o.Line)
	}
	return o.Name
}

// Origin returns where the value of a key comes from. Keys in a key are written
// with a dot: "site.hosts".
func (c *Config) Origin(key string) Origin { return c.origins[key] }

// A Value is one effective value.
type Value struct {
	Key    string
	Text   string // as JSON, which is YAML too
	Origin Origin
}

// Values lists the effective value of every key, in the order of the struct.
func (c *Config) Values() []Value {
	leaves := c.leaves()
	values := make([]Value, len(leaves))
	for i, l := range leaves {
		values[i] = Value{l.key, l.text(), c.origins[l.key]}
	}
	return values
}

// A leaf is a key that holds a value, not further keys with fixed names.
type leaf struct {
	key   string
	value reflect.Value
}

// leaves lists the keys of the configuration.
func (c *Config) leaves() []leaf {
	var found []leaf
	var walk func(v reflect.Value, prefix string)
	walk = func(v reflect.Value, prefix string) {
		for _, f := range strict.Fields(v.Type()) {
			field := v.Field(f.Index)
			if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[Redirects]() {
				walk(field, prefix+f.Key+".")
				continue
			}
			found = append(found, leaf{prefix + f.Key, field})
		}
	}
	walk(reflect.ValueOf(c).Elem(), "")
	return found
}

// path returns the value as the path of a file.
func (l leaf) path() string {
	if r, ok := l.value.Interface().(Redirects); ok {
		return r.File
	}
	if l.value.Kind() != reflect.String {
		return ""
	}
	return l.value.String()
}

// text returns the value as JSON: what is empty as an empty value, maps in the
// order of their keys.
func (l leaf) text() string {
	v := l.value.Interface()
	switch {
	case l.value.Kind() == reflect.Slice && l.value.Len() == 0:
		return "[]"
	case l.value.Kind() == reflect.Map && l.value.Len() == 0:
		return "{}"
	}
	if ws, ok := v.([]Waiver); ok {
		v = waiverMaps(ws)
	}
	if r, ok := v.(Redirects); ok {
		v = r.plain()
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // strings, numbers, lists and maps of them cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}

// waiverMaps returns waivers under the names of their keys, without those that
// are empty.
func waiverMaps(ws []Waiver) []map[string]string {
	maps := make([]map[string]string, len(ws))
	for i, w := range ws {
		v := reflect.ValueOf(w)
		maps[i] = map[string]string{}
		for _, f := range strict.Fields(v.Type()) {
			if text := v.Field(f.Index).String(); text != "" {
				maps[i][f.Key] = text
			}
		}
	}
	return maps
}

// set gives a key a value that was written outside of the file: as one text, or
// as several for a list.
func (c *Config) set(key string, values []string, from Origin) strict.Problems {
	refuse := func(format string, args ...any) strict.Problems {
		return strict.Problems{{File: from.String(), Message: fmt.Sprintf(format, args...)}}
	}
	leaves := c.leaves()
	var known []string
	for _, l := range leaves {
		if l.key == key {
			if want := l.set(values); want != "" {
				return refuse("%s must be %s, not %q", key, want, strings.Join(values, ","))
			}
			c.origins[key] = from
			return nil
		}
		known = append(known, l.key)
	}
	return refuse("unknown key %q%s", key, nearest.Hint(key, known))
}

// set parses the values by the type of the key; it returns what the key wants
// if they are not that.
func (l leaf) set(values []string) (want string) {
	text := strings.TrimSpace(strings.Join(values, ","))
	switch v := l.value.Addr().Interface().(type) {
	case *string:
		*v = text
	case *bool:
		if text != "true" && text != "false" {
			return "true or false"
		}
		*v = text == "true"
	case *int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "a whole number"
		}
		*v = n
	case *[]string:
		list := make([]string, 0, len(values))
		for _, item := range values {
			if item = strings.TrimSpace(item); item != "" {
				list = append(list, item)
			}
		}
		*v = list
	case *Redirects:
		*v = Redirects{File: text}
	default:
		return "set in " + Name
	}
	return ""
}
