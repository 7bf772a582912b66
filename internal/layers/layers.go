// Package layers fills a struct of settings layer by layer and remembers where
// each value comes from. The layers are, from weak to strong, what the struct
// holds at first (the defaults), a file, the environment, and flags.
//
// A key is the yaml tag of a field; keys in a key are written with a dot:
// "site.hosts". What does not fit is listed with its place, all at once, and
// what does fit counts all the same. What the values mean is for the caller to
// judge, who gets the place of each for what is wrong with it.
package layers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/strict"
)

// A Kind is a layer that values come from.
type Kind int

// The layers, from weak to strong.
const (
	FromDefault Kind = iota
	FromFile
	FromEnvironment
	FromFlag
)

// An Origin says where a value comes from.
type Origin struct {
	Kind Kind
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

// A Value is one effective value.
type Value struct {
	Key    string
	Text   string // as JSON, which is YAML too
	Origin Origin
}

// A Scalar is a type of one value that is no plain text, number, truth value
// or list of texts.
type Scalar interface {
	// SetText takes the value from outside of the file, and otherwise says
	// what it wants.
	SetText(text string) (want string)
}

// A Stack fills one struct. The zero Stack has no keys.
type Stack struct {
	v       any
	file    string // the home of keys that can only be set in a file
	origins map[string]Origin
	places  strict.Places
}

// New returns a stack over v, which points to a struct that holds the defaults.
// File is the name of the file in which its keys can be set.
func New(v any, file string) *Stack {
	return &Stack{v: v, file: file, origins: map[string]Origin{}}
}

// TakeFile puts the values of a file over those that are there; name is what
// messages call it. The error is Invalid if the file is no YAML.
func (s *Stack) TakeFile(name string, text []byte) (strict.Problems, error) {
	places, err := strict.Decode(name, text, s.v)
	problems, ok := errors.AsType[strict.Problems](err)
	if err != nil && (!ok || places == nil) {
		return nil, fault.New(fault.Invalid, "%w", err)
	}
	s.places = places
	for key, place := range places {
		s.origins[key] = Origin{Kind: FromFile, Name: name, Line: place.Line}
	}
	return problems, nil
}

// TakeEnvironment puts the values of CADRE_… variables over those that are
// there. A variable that is no key, or empty, is left to others.
func (s *Stack) TakeEnvironment(environ []string) strict.Problems {
	keys := map[string]string{}
	for _, l := range s.leaves() {
		keys[Variable(l.key)] = l.key
	}
	var problems strict.Problems
	for _, entry := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(entry, "=")
		key, known := keys[name]
		if !known || value == "" {
			continue
		}
		problems = append(problems, s.Set(key, strings.Split(value, ","), Origin{Kind: FromEnvironment, Name: name})...)
	}
	return problems
}

// Variable returns the name of the environment variable that sets a key.
func Variable(key string) string {
	return "CADRE_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// Set gives a key a value that was written outside of the file: as one text, or
// as several for a list.
func (s *Stack) Set(key string, values []string, from Origin) strict.Problems {
	refuse := func(format string, args ...any) strict.Problems {
		return strict.Problems{{File: from.String(), Message: fmt.Sprintf(format, args...)}}
	}
	var known []string
	for _, l := range s.leaves() {
		if l.key == key {
			if want := l.set(values, s.file); want != "" {
				return refuse("%s must be %s, not %q", key, want, strings.Join(values, ","))
			}
			s.origins[key] = from
			return nil
		}
		known = append(known, l.key)
	}
	return refuse("unknown key %q%s", key, nearest.Hint(key, known))
}

// Origin returns where the value of a key, or of a part of it ("use[1]"), comes
// from.
func (s *Stack) Origin(key string) Origin { return s.origins[key] }

// Place returns where a key, or a part of it, stands in the file.
func (s *Stack) Place(key string) strict.Place { return s.places[key] }

// Problem returns what is wrong with the value of a key, with the place of the
// key or of the part of it that is meant.
func (s *Stack) Problem(key, part, format string, args ...any) strict.Problem {
	p := strict.Problem{Message: fmt.Sprintf(format, args...)}
	from := s.origins[key]
	if from.Kind != FromFile {
		p.File = from.String()
		return p
	}
	at, ok := s.places[part]
	if !ok {
		at = s.places[key]
	}
	p.File, p.Line, p.Column = from.Name, at.Line, at.Column
	return p
}

// Values lists the effective value of every key, in the order of the struct.
func (s *Stack) Values() []Value {
	leaves := s.leaves()
	values := make([]Value, len(leaves))
	for i, l := range leaves {
		values[i] = Value{l.key, l.text(), s.origins[l.key]}
	}
	return values
}

// Get returns the value of a key; nil if there is no such key.
func (s *Stack) Get(key string) any {
	for _, l := range s.leaves() {
		if l.key == key {
			return l.value.Interface()
		}
	}
	return nil
}

// A leaf is a key that holds a value, not further keys with fixed names.
type leaf struct {
	key   string
	value reflect.Value
}

// leaves lists the keys of the struct.
func (s *Stack) leaves() []leaf {
	if s.v == nil {
		return nil
	}
	var found []leaf
	scalar := reflect.TypeFor[Scalar]()
	var walk func(v reflect.Value, prefix string)
	walk = func(v reflect.Value, prefix string) {
		for _, f := range strict.Fields(v.Type()) {
			field := v.Field(f.Index)
			if f.Type.Kind() == reflect.Struct && !reflect.PointerTo(f.Type).Implements(scalar) {
				walk(field, prefix+f.Key+".")
				continue
			}
			found = append(found, leaf{prefix + f.Key, field})
		}
	}
	walk(reflect.ValueOf(s.v).Elem(), "")
	return found
}

// text returns the value as JSON: what is empty as an empty value, maps in the
// order of their keys.
func (l leaf) text() string {
	switch {
	case l.value.Kind() == reflect.Slice && l.value.Len() == 0:
		return "[]"
	case l.value.Kind() == reflect.Map && l.value.Len() == 0:
		return "{}"
	}
	text, _ := JSON(l.value.Interface()) // strings, numbers, lists and maps of them cannot fail
	return string(text)
}

// JSON returns a value as it is shown, for the MarshalJSON of a Scalar: &, < and
// > stay as they are.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// set parses the values by the type of the key; it returns what the key wants
// if they are not that.
func (l leaf) set(values []string, file string) (want string) {
	text := strings.TrimSpace(strings.Join(values, ","))
	switch v := l.value.Addr().Interface().(type) {
	case Scalar:
		return v.SetText(text)
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
	default:
		return "set in " + file
	}
	return ""
}
