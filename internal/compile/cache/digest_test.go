package cache

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
)

// Each setting that is changed gives another digest, however deep it lies.
func TestSettingsChangeTheDigest(t *testing.T) {
	least := 4
	for name, o := range map[string]compile.Options{
		"none":              {},
		"dialect":           {Dialect: "kramdown"},
		"alias":             {Resolve: resolve.Settings{Aliases: map[string]string{"dock lead": "Lead, Dock"}}},
		"other alias":       {Resolve: resolve.Settings{Aliases: map[string]string{"dock lead": "Head, Dock"}}},
		"heading":           {Resolve: resolve.Settings{Headings: map[string]family.Kind{"tasks": family.ResponsibleKind}}},
		"pattern":           {Lint: lint.Settings{Mandatory: regexp.MustCompile("quay")}},
		"other pattern":     {Lint: lint.Settings{Mandatory: regexp.MustCompile("quai")}},
		"own hosts":         {Lint: lint.Settings{OwnHosts: []string{"meridian.example"}}},
		"internal hosts":    {Lint: lint.Settings{InternalHosts: []string{"meridian.example"}}},
		"base":              {Lint: lint.Settings{Site: lint.Site{Base: "/jobs/"}}},
		"hierarchy":         {Lint: lint.Settings{Hierarchy: &lint.Hierarchy{Groups: []lint.Node{{Key: "berth"}}}}},
		"policy":            {Lint: lint.Settings{Policy: &policy.Pack{Version: "2031-01"}}},
		"limit of a policy": {Lint: lint.Settings{Policy: &policy.Pack{Version: "2031-01", Span: policy.Range{Min: &least}}}},
	} {
		for other, p := range map[string]compile.Options{"none": {}, name: o} {
			if same := digestOf(&o) == digestOf(&p); same != (name == other) {
				t.Errorf("%q and %q: equal digests %v", name, other, same)
			}
		}
	}
}

// What a run need not make changes nothing that is kept.
func TestRunsOfAllFormatsShareOneDigest(t *testing.T) {
	if digestOf(&compile.Options{FindingsOnly: true, WithoutFingerprints: true}) != digestOf(&compile.Options{}) {
		t.Error("a run without fingerprints looks at every page anew")
	}
}

// Every type that the options can hold can be described: a new one must not be
// found out by the first user who sets it.
func TestEveryOptionCanBeDescribed(t *testing.T) {
	var walk func(reflect.Type, string)
	walk = func(typ reflect.Type, at string) {
		switch typ.Kind() {
		case reflect.Pointer:
			if typ != reflect.TypeFor[*regexp.Regexp]() {
				walk(typ.Elem(), at)
			}
		case reflect.Slice, reflect.Array:
			walk(typ.Elem(), at)
		case reflect.Map:
			walk(typ.Key(), at)
			walk(typ.Elem(), at)
		case reflect.Struct:
			for i := range typ.NumField() {
				if f := typ.Field(i); f.Type != reflect.TypeFor[compile.Cache]() {
					walk(f.Type, at+"."+f.Name)
				}
			}
		case reflect.Func, reflect.Interface:
		default:
			describe(nil, reflect.Zero(typ))
		}
	}
	walk(reflect.TypeFor[compile.Options](), "Options")
}

// The order in which a map is walked does not matter.
func TestDigestIsStable(t *testing.T) {
	anchors := map[string][]string{}
	for _, page := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		anchors[page] = []string{page + "-top"}
	}
	o := compile.Options{Lint: lint.Settings{Site: lint.Site{Anchors: anchors}}}
	want := digestOf(&o)
	for range 20 {
		if digestOf(&o) != want {
			t.Fatal("two digests of the same options")
		}
	}
}
