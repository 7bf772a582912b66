package strict

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type settings struct {
	Name   string              `yaml:"name"`
	Count  int                 `yaml:"count"`
	Limit  *int                `yaml:"limit"`
	On     bool                `yaml:"on"`
	Words  []string            `yaml:"words"`
	Paths  map[string][]string `yaml:"paths"`
	Site   site                `yaml:"site"`
	Others []site              `yaml:"others"`
	Hidden string
}

type site struct {
	Base string `yaml:"base"`
}

func TestDecode(t *testing.T) {
	got := settings{Name: "default", Count: 7}
	places, err := Decode("x.yaml", []byte("words: one\npaths:\n  a: b\nlimit: 3\nsite:\n  base: /x/\nothers:\n- base: y\n"), &got)
	if err != nil {
		t.Fatal(err)
	}
	three := 3
	want := settings{
		Name: "default", Count: 7, Limit: &three, Words: []string{"one"},
		Paths: map[string][]string{"a": {"b"}}, Site: site{"/x/"}, Others: []site{{"y"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for key, want := range map[string]Place{"site.base": {6, 3}, "others[0].base": {8, 3}, "limit": {4, 1}} {
		if places[key] != want {
			t.Errorf("%s stands at %v, want %v", key, places[key], want)
		}
	}
}

// Everything that is wrong is said at once, each with its place.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "nam: x\n", `x.yaml:1:1: unknown key "nam"; did you mean "name"?`},
		{"nothing near", "site:\n  colour: x\n", `x.yaml:2:3: unknown key "colour" in site; known keys are base`},
		{"twice", "on: true\non: false\n", `x.yaml:2:1: key "on" stands twice; first on line 1`},
		{
			"all at once", "count: many\non: yes\nwords: {a: b}\nsite: x\nname: [a]\n",
			"x.yaml:1:8: count must be a whole number, not \"many\"\n" +
				"x.yaml:2:5: on must be true or false, not \"yes\"\n" +
				"x.yaml:3:8: words must be a list, not keys with values\n" +
				"x.yaml:4:7: site must hold keys with values, not \"x\"\n" +
				"x.yaml:5:7: name must be text, not a list",
		},
		{"no mapping", "- a\n", "x.yaml:1:1: the file must hold keys with values, not a list"},
		{"syntax", "a: b: c\n", "x.yaml:1:5: is not valid YAML: mapping values are not allowed in this context"},
		{"tab", "name: x\nsite:\n\tbase: y\n", "x.yaml:3:1: is not valid YAML: found character that cannot start any token"},
		{"second document", "on: true\n---\non: true\n", "x.yaml:2:1: holds a second document; remove everything from the line `---` on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Decode("x.yaml", []byte(c.text), &settings{})
			if err == nil {
				t.Fatal("no problem found")
			}
			if diff := cmp.Diff(strings.Split(c.want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What fits counts although something else does not.
func TestTheRestCounts(t *testing.T) {
	got := settings{Name: "default", Count: 7}
	places, err := Decode("x.yaml", []byte("nmae: x\ncount: many\non: true\nwords: [a, [b], c]\nsite: {bse: x, base: /y/}\npaths: {p: {q: r}, s: t}\n"), &got)
	if ps, ok := errors.AsType[Problems](err); !ok || len(ps) != 5 {
		t.Errorf("got %v", err)
	}
	want := settings{Name: "default", Count: 7, On: true, Words: []string{"a", "c"}, Site: site{"/y/"}, Paths: map[string][]string{"s": {"t"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if want := (Place{4, 17}); places["words[1]"] != want {
		t.Errorf("words[1] stands at %v, want %v", places["words[1]"], want)
	}
	if at, ok := places["count"]; ok {
		t.Errorf("count, which does not count, stands at %v", at)
	}
	untouched := settings{Name: "default"}
	for _, text := range []string{"name: [", "- a\n", "name: x\n---\nname: y\n"} {
		places, err := Decode("x.yaml", []byte(text), &untouched)
		if err == nil || places != nil || untouched.Name != "default" {
			t.Errorf("%q: got %v, %v, %v", text, untouched, places, err)
		}
	}
}

func TestEmptyKeepsDefaults(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n", "null\n", "name:\n"} {
		got := settings{Name: "default"}
		if _, err := Decode("x.yaml", []byte(text), &got); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if got.Name != "default" {
			t.Errorf("%q: the default is lost", text)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("name: x\nwords: [a, *b]\n")
	f.Add("a: &x {b: *x}\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = Decode("x.yaml", []byte(text), &settings{})
	})
}
