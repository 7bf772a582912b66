package syntax

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/source"
)

// What is read without YAML is what YAML reads; everything that might be more
// than it seems is left to YAML.
func FuzzSimpleFields(f *testing.F) {
	for _, seed := range []string{
		"layout: job_family_page\ntitle: Crane Planner\n", "title: \"Crane: Planner\"\n", "title: 'it is'\nextra_js:  a.js  \n\n",
		"title: Crane Planner\n  and more\n", "title: a: b\n", "title: a #b\n", "title: a#b\n", "title:\n- x\n", "title: [a]\n", "title: &a b\n", "a: 'it''s'\n",
		"a: \"b\\n\"\n", "a: b:\n", "a: x\na: y\n", "a: true\nb: 0x1F\nc: 1_000\nd: 2024-01-01\n", "title: Größe\n", "a: 'x' y\n", "a: b\r\n", "? a\n: b\n", "a: |\n", "a:b\n",
		"a: x\n\n b: y\n", "a: \"\"\n", "null: null\n", "a: b\n---\n", "yes: no\n", "<<: a\n", "a: b ? c, d & e ! f % g @ h\n", "a: \"x\n", "a: x\ty\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		file := source.New("page.md", []byte(body))
		span := source.Span{End: len(body)}
		got, ok := simpleFields(file, span)
		if !ok {
			return
		}
		want, problems := readYAML(file, span)
		if d := cmp.Diff(want.Fields, got); d != "" || len(problems) > 0 {
			t.Errorf("%q is not what YAML reads (%v; -YAML, +read):\n%s", body, problems, d)
		}
	})
}
