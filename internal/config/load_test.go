package config

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/strict"
)

// tree writes files below a new folder, makes it the working directory and
// returns it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

// rules are those that the tests know.
var rules = []Rule{
	{"CAD101", "broken-table", diag.Error, false},
	{"CAD205", "empty-link", diag.Warning, false},
	{"CAD401", "vague-words", diag.Info, true},
}

var known = Known{Rules: rules, Packs: []string{"2022-09"}}

// load returns the configuration that a cadre.yaml gives.
func load(t *testing.T, text string) *Config {
	t.Helper()
	tree(t, map[string]string{Name: text, "policy.yaml": "", "data/stages.yml": "", "data/sections.yml": "", "data/categories.yml": ""})
	c, err := Load(Options{Policy: "2022-09"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFind(t *testing.T) {
	dir := tree(t, map[string]string{
		"repo/.git/HEAD": "", "repo/cadre.yaml": "", "repo/pages/a/b.md": "",
		"repo/own/cadre.yaml": "", "repo/own/x.md": "",
		"cadre.yaml": "", "other/.git": "gitdir: elsewhere", "other/pages/a.md": "",
		"plain/pages/a.md": "", "wrong/.git/HEAD": "", "wrong/cadre.yml": "",
	})
	for _, c := range []struct{ name, start, file, root, repository string }{
		{"beside the page", "repo/own/x.md", "repo/own/cadre.yaml", "repo/own", "repo"},
		{"above the page", "repo/pages/a/b.md", "repo/cadre.yaml", "repo", "repo"},
		{"above a folder", "repo/pages/a", "repo/cadre.yaml", "repo", "repo"},
		{"above what does not exist", "repo/pages/no/such.md", "repo/cadre.yaml", "repo", "repo"},
		{"not above the repository", "other/pages/a.md", "", "other/pages", "other"},
		{"outside of a repository", "plain/pages", "cadre.yaml", ".", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := find(filepath.FromSlash(c.start))
			if err != nil {
				t.Fatal(err)
			}
			want := surroundings{root: filepath.Join(dir, c.root)}
			if c.file != "" {
				want.file = filepath.Join(dir, c.file)
			}
			if c.repository != "" {
				want.repository = filepath.Join(dir, c.repository)
			}
			if s != want {
				t.Errorf("got %+v, want %+v", s, want)
			}
		})
	}
	if _, err := find("wrong"); fault.KindOf(err) != fault.Invalid || err == nil || err.Error() != "wrong/cadre.yml is not read: name it cadre.yaml" {
		t.Errorf("cadre.yml gives %v", err)
	}
}

// Each layer wins over the one before, key by key, and the origin tells which.
func TestLayers(t *testing.T) {
	tree(t, map[string]string{Name: "fail_on: info\ndialect: hugo\nuse:\n- style\nsite:\n  base: /jobs/\n  hosts: a.example\n"})
	c, err := Load(Options{
		Policy:  "2022-09",
		Environ: []string{"CADRE_DIALECT=gitlab", "CADRE_USE=default, CAD401", "CADRE_SITE_HOSTS=b.example,c.example", "CADRE_CORPUS=/x", "CADRE_CACHE=false", "CADRE_POLICY=", "HOME=/root"},
		Flags:   []Flag{{"--fail-on", "fail_on", []string{"warning"}}, {"--except", "except", []string{"CAD101", "empty-link"}}, {"--max-page-bytes", "max_page_bytes", []string{"7"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][2]string{}
	for _, v := range c.Values() {
		got[v.Key] = [2]string{v.Text, v.Origin.String()}
	}
	want := map[string][2]string{
		"use":                  {`["default","CAD401"]`, "CADRE_USE"},
		"except":               {`["CAD101","empty-link"]`, "--except"},
		"severities":           {`{}`, "default"},
		"ignore":               {`[]`, "default"},
		"ignore_only":          {`{}`, "default"},
		"waivers":              {`[]`, "default"},
		"fail_on":              {`"warning"`, "--fail-on"},
		"policy":               {`"2022-09"`, "default"},
		"mandatory.text":       {`""`, "default"},
		"mandatory.pattern":    {`""`, "default"},
		"headings":             {`{}`, "default"},
		"aliases":              {`{}`, "default"},
		"dialect":              {`"gitlab"`, "CADRE_DIALECT"},
		"site.base":            {`"/jobs/"`, "cadre.yaml:6"},
		"site.hosts":           {`["b.example","c.example"]`, "CADRE_SITE_HOSTS"},
		"site.internal_hosts":  {`[]`, "default"},
		"site.redirects":       {`""`, "default"},
		"site.anchors":         {`{}`, "default"},
		"hierarchy.sections":   {`""`, "default"},
		"hierarchy.stages":     {`""`, "default"},
		"hierarchy.categories": {`""`, "default"},
		"max_page_bytes":       {`7`, "--max-page-bytes"},
		"cache":                {`false`, "CADRE_CACHE"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if c.File != Name || c.FailSeverity() != diag.Warning || c.Cache {
		t.Errorf("file %q, fails on %s, cache %t", c.File, c.FailSeverity(), c.Cache)
	}
}

func TestValuesShowWhatIsWritten(t *testing.T) {
	c := load(t, "waivers:\n- {code: CAD101, path: a.md, reason: R & D}\nsite:\n  redirects: {/b/: /c/, /a/: /c/}\n")
	for _, v := range c.Values() {
		switch {
		case v.Key == "waivers" && (v.Text != `[{"code":"CAD101","path":"a.md","reason":"R & D"}]` || v.Origin.String() != "cadre.yaml:1"):
			t.Errorf("waivers: %s from %s", v.Text, v.Origin)
		case v.Key == "site.redirects" && (v.Text != `{"/a/":"/c/","/b/":"/c/"}` || v.Origin.Line != 4):
			t.Errorf("redirects: %s from %s", v.Text, v.Origin)
		}
	}
}

// What cannot be read is refused, all at once, with where it stands.
func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, file string
		options    Options
		want       []string
	}{
		{"unknown keys", "fail_off: x\nsite:\n  host: [a]\n", Options{}, []string{
			`cadre.yaml:1:1: unknown key "fail_off"; did you mean "fail_on"?`, `cadre.yaml:3:3: unknown key "host" in site; did you mean "hosts"?`,
		}},
		{"wrong shapes", "cache: maybe\nwaivers: x\n", Options{Environ: []string{"CADRE_MAX_PAGE_BYTES=many"}, Flags: []Flag{{"--cache", "cache", []string{"1"}}}}, []string{
			`cadre.yaml:1:8: cache must be true or false, not "maybe"`, `cadre.yaml:2:10: waivers must be a list, not "x"`,
			`CADRE_MAX_PAGE_BYTES: max_page_bytes must be a whole number, not "many"`, `--cache: cache must be true or false, not "1"`,
		}},
		{"a map in the environment", "", Options{Environ: []string{"CADRE_ALIASES=a"}}, []string{`CADRE_ALIASES: aliases must be set in cadre.yaml, not "a"`}},
		{"a flag of no key", "", Options{Flags: []Flag{{"--fail", "failon", []string{"error"}}}}, []string{`--fail: unknown key "failon"; did you mean "fail_on"?`}},
		{"no YAML", "a: b: c\n", Options{}, []string{"cadre.yaml:1:5: is not valid YAML: mapping values are not allowed in this context"}},
		{"a folder", "", Options{File: "."}, []string{".: cannot be read: read .: is a directory"}},
		{"no such file", "", Options{File: "x.yaml"}, []string{"x.yaml: there is no such file"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree(t, map[string]string{Name: c.file})
			_, err := Load(c.options)
			if err == nil {
				t.Fatal("it is read")
			}
			if diff := cmp.Diff(c.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if kind := fault.KindOf(err); kind != fault.Invalid && (c.name != "no such file" || kind != fault.NotFound) {
				t.Errorf("the error is %s", kind)
			}
		})
	}
}

func TestWithoutFile(t *testing.T) {
	tree(t, map[string]string{Name: "fail_off: x\n", "own/other.yaml": "dialect: hugo\nhierarchy: {stages: s.yml}\n"})
	c, err := Load(Options{Without: true})
	if err != nil || c.File != "" || c.Dialect != "gfm" {
		t.Errorf("without a file: %+v, %v", c, err)
	}
	c, err = Load(Options{File: "own/other.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Dialect != "hugo" || c.Root != "own" || c.Path("hierarchy.stages") != filepath.Join("own", "s.yml") {
		t.Errorf("a named file gives the dialect %s, the root %s and the stages %s", c.Dialect, c.Root, c.Path("hierarchy.stages"))
	}
}

// Paths in the file count from its folder, others from the working directory.
func TestPaths(t *testing.T) {
	dir := tree(t, map[string]string{"h/" + Name: "policy: packs/own.yaml\nhierarchy: {stages: data/s.yml, sections: data/x.yml}\nsite: {redirects: r.yml}\n", "h/a.md": ""})
	c, err := Load(Options{Start: "h/a.md", Environ: []string{"CADRE_HIERARCHY_SECTIONS=data/x.yml"}})
	if err != nil {
		t.Fatal(err)
	}
	for what, paths := range map[string][2]string{
		"policy":     {c.PolicyFile(), "h/packs/own.yaml"},
		"stages":     {c.Path("hierarchy.stages"), "h/data/s.yml"},
		"sections":   {c.Path("hierarchy.sections"), "data/x.yml"},
		"categories": {c.Path("hierarchy.categories"), ""},
		"redirects":  {c.Path("site.redirects"), "h/r.yml"},
		"no path":    {c.Path("max_page_bytes"), ""},
	} {
		if paths[0] != filepath.FromSlash(paths[1]) {
			t.Errorf("%s is at %q, want %q", what, paths[0], paths[1])
		}
	}
	if c.Root != filepath.Join(dir, "h") {
		t.Errorf("the root is %s", c.Root)
	}
	c.Policy = "2022-09"
	if c.PolicyFile() != "" {
		t.Error("the name of a pack is taken for a path")
	}
}

// The example that `cadre init` writes is valid, says what the defaults say,
// and so is what its comments suggest.
func TestExample(t *testing.T) {
	plain := load(t, Example())
	if err := plain.Validate(known); err != nil {
		t.Error(err)
	}
	untouched, err := Load(Options{Without: true, Policy: "2022-09"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(texts(untouched), texts(plain)); diff != "" {
		t.Errorf("the example is not the defaults (-defaults +example):\n%s", diff)
	}
	full := load(t, regexp.MustCompile(`(?m)^#([^ \n])`).ReplaceAllString(regexp.MustCompile(`(?m)^#(  +\S)`).ReplaceAllString(Example(), "$1"), "$1"))
	if err := full.Validate(known); err != nil {
		t.Error(err)
	}
	for _, v := range full.Values() {
		if v.Origin.Kind != FromFile {
			t.Errorf("the example does not show %s", v.Key)
		}
	}
}

// texts returns the values of a configuration by key.
func texts(c *Config) map[string]string {
	m := map[string]string{}
	for _, v := range c.Values() {
		m[v.Key] = v.Text
	}
	return m
}

func TestRedirects(t *testing.T) {
	want := map[string]string{"/a/": "/c/", "/b/": "/c/"}
	for name, text := range map[string]string{
		"mapping":    "/a/: /c/\n/b/: /c/\n",
		"list":       "- {sources: [/a/, /b/], target: /c/, comp_op: '='}\n- {sources: '^/d.*', target: /e/, comp_op: '~'}\n",
		"single":     "- {sources: /a/, target: /c/}\n- {sources: /b/, target: /c/}\n",
		"empty":      "# nothing\n",
		"text":       "nothing\n",
		"no target":  "- {sources: /a/}\n",
		"no sources": "- {target: /a/}\n",
		"deep":       "/a/: {b: c}\n",
		"wrong":      "- sources: {a: b}\n  target: /c/\n",
		"relative":   "a: /b/\n",
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, map[string]string{Name: "site: {redirects: data/r.yml}\n", "data/r.yml": text})
			c, err := Load(Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.RedirectMap()
			switch name {
			case "mapping", "list", "single":
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%v, -want +got:\n%s", err, diff)
				}
			case "empty":
				if len(got) != 0 || err != nil {
					t.Errorf("got %v, %v", got, err)
				}
			default:
				if fault.KindOf(err) != fault.Invalid || err == nil || !strings.HasPrefix(err.Error(), "data/r.yml: is no table of redirects: ") {
					t.Errorf("got %v, %v", got, err)
				}
			}
		})
	}
	inline := load(t, "site:\n  redirects:\n    /a/: /c/\n    /b/: /c/\n")
	if got, err := inline.RedirectMap(); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("inline: %v, %v", got, err)
	}
}

func TestFailSeverity(t *testing.T) {
	for word, want := range map[string]diag.Severity{"": diag.Error, "off": diag.Off, "info": diag.Info} {
		if got := (&Config{FailOn: word}).FailSeverity(); got != want {
			t.Errorf("fail_on %q is %s", word, got)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(Example())
	f.Add("site: {redirects: [a]}\nwaivers: [{until: 2026-01-01}]\nuse: &a [*a]\n")
	f.Fuzz(func(t *testing.T, text string) {
		c := defaults("")
		if _, err := c.stack.TakeFile(Name, []byte(text)); err != nil {
			if _, ok := errors.AsType[strict.Problems](err); !ok {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		_ = c.Validate(known)
		if keys := c.Values(); !slices.ContainsFunc(keys, func(v Value) bool { return v.Key == "cache" }) {
			t.Error("a key is lost")
		}
	})
}
