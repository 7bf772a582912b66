package config

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/strict"
)

// node is a part of the JSON Schema.
type node struct {
	Ref         string           `json:"$ref"`
	Defs        map[string]*node `json:"$defs"`
	Description string           `json:"description"`
	Type        any              `json:"type"`
	Properties  map[string]*node `json:"properties"`
	Required    []string         `json:"required"`
	Additional  any              `json:"additionalProperties"`
	Items       *node            `json:"items"`
	Enum        []any            `json:"enum"`
}

func schemaRoot(t *testing.T) *node {
	t.Helper()
	root := new(node)
	if err := json.Unmarshal([]byte(Schema()), root); err != nil {
		t.Fatal(err)
	}
	return root
}

// The schema knows the keys of the struct, all of them, with their types, and
// no others.
func TestSchemaAgrees(t *testing.T) {
	root := schemaRoot(t)
	agree(t, root, root, reflect.TypeFor[Config](), "")
}

// agree compares a part of the schema with the type of a value.
func agree(t *testing.T, root, n *node, typ reflect.Type, path string) {
	t.Helper()
	if path != "" && n.Description == "" && n.Properties == nil && n.Ref == "" {
		t.Errorf("%s is not described", path)
	}
	if name, ok := map[string]string{"#/$defs/words": "words", "#/$defs/severity": "severity"}[n.Ref]; ok {
		n = root.Defs[name]
	}
	var want []string
	switch {
	case typ == reflect.TypeFor[Redirects]():
		want = []string{"string", "object"}
	case typ.Kind() == reflect.Struct:
		want = []string{"object"}
		agreeStruct(t, root, n, typ, path)
	case typ.Kind() == reflect.Map:
		want = []string{"object"}
		if n.Additional == false || n.Additional == nil {
			t.Errorf("%s takes no keys in the schema", path)
		}
	case typ == reflect.TypeFor[[]string]():
		want = []string{"array", "string"}
	case typ.Kind() == reflect.Slice:
		want = []string{"array"}
		agree(t, root, n.Items, typ.Elem(), path+"[]")
	case typ.Kind() == reflect.Bool:
		want = []string{"boolean"}
	case typ.Kind() == reflect.Int64:
		want = []string{"integer"}
	case typ.Kind() == reflect.String:
		want = []string{"string"}
	}
	if got := types(n); !cmp.Equal(want, got) {
		t.Errorf("%s is %v in the schema, %v in the struct", path, got, want)
	}
}

func agreeStruct(t *testing.T, root, n *node, typ reflect.Type, path string) {
	t.Helper()
	if n.Additional != false {
		t.Errorf("%q takes unknown keys in the schema", path)
	}
	unknown := sortedKeys(n.Properties)
	for _, f := range strict.Fields(typ) {
		property, ok := n.Properties[f.Key]
		if !ok {
			t.Errorf("the schema does not know %s.%s", path, f.Key)
			continue
		}
		unknown = slices.DeleteFunc(unknown, func(key string) bool { return key == f.Key })
		agree(t, root, property, f.Type, path+"."+f.Key)
	}
	if len(unknown) > 0 {
		t.Errorf("the struct does not know %v of %q", unknown, path)
	}
}

// types returns the types that a part of the schema takes, without null.
func types(n *node) []string {
	var got []string
	switch v := n.Type.(type) {
	case string:
		got = append(got, v)
	case []any:
		for _, item := range v {
			if item != "null" {
				got = append(got, item.(string))
			}
		}
	case nil:
		if len(n.Enum) > 0 {
			got = append(got, "string")
		}
	}
	return got
}

// The schema lists the words that Validate takes.
func TestSchemaWords(t *testing.T) {
	root := schemaRoot(t)
	headings, err := json.Marshal(root.Properties["headings"].Additional)
	if err != nil {
		t.Fatal(err)
	}
	var kinds node
	if err := json.Unmarshal(headings, &kinds); err != nil {
		t.Fatal(err)
	}
	for what, lists := range map[string][2][]string{
		"severities": {severityWords, words(root.Defs["severity"])},
		"dialects":   {Dialects, words(root.Properties["dialect"])},
		"kinds":      {Kinds, words(&kinds)},
	} {
		if diff := cmp.Diff(lists[0], lists[1]); diff != "" {
			t.Errorf("%s (-Validate +schema):\n%s", what, diff)
		}
	}
}

func words(n *node) []string {
	var list []string
	for _, item := range n.Enum {
		if word, ok := item.(string); ok {
			list = append(list, word)
		}
	}
	return list
}

// Kinds has every kind of section that the model knows.
func TestKindsAreComplete(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../family/family.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "Kind" {
			word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if word != "" {
				want = append(want, word)
			}
		}
		return true
	})
	if len(want) == 0 {
		t.Fatal("no kinds found")
	}
	if diff := cmp.Diff(want, Kinds); diff != "" {
		t.Errorf("-model +Kinds:\n%s", diff)
	}
}
