package policyweb

import (
	"testing"

	"github.com/cadre-hq/cadre/internal/policy"
)

// Whatever value is shown in its field, sending it as it is changes nothing.
func TestFieldsReadBack(t *testing.T) {
	for _, name := range policy.Names() {
		p, err := policy.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		var all []policy.Override
		for _, v := range p.Values() {
			all = append(all, policy.Override{Path: v.Path, Value: asYAML(v, typed(v)), Source: "x"})
		}
		again, err := p.With(all...)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range p.Compare(again) {
			t.Errorf("%s became %s, from %s", d.Path, d.New.Text, d.Old.Text)
		}
	}
}

// A text that looks like something else stays a text.
func TestAsYAML(t *testing.T) {
	for _, c := range []struct{ kind, text, want string }{
		{"number", " 3 ", "3"},
		{"number", "three", `"three"`},
		{"number", "", "null"},
		{"decimal", "0.9", `"0.9"`},
		{"yes or no", "true", "true"},
		{"yes or no", "maybe", `"maybe"`},
		{"text", "yes", `"yes"`},
		{"text", `a "b": # c`, `"a \"b\": # c"`},
		{"list", "a: b\r\n\r\n yes ", `["a: b", "yes"]`},
		{"list", "", "[]"},
		{"list of numbers", "1\n-2\nx", `[1, -2, "x"]`},
		{"table", "", "[]"},
		{"table", "- {a: 1}", "- {a: 1}"},
	} {
		if got := asYAML(policy.Value{Kind: c.kind}, c.text); got != c.want {
			t.Errorf("%s %q: got %s, want %s", c.kind, c.text, got, c.want)
		}
	}
}
