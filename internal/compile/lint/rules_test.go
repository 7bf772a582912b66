package lint_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

var update = flag.Bool("update", false, "rewrite the wanted findings of the txtar files")

// A story is a txtar file of testdata, named by the rule that it is about:
//
//	why the findings are right, in prose
//	-- page.md --            any number of pages
//	-- settings.yaml --      optional, see storySettings
//	-- want --               path:line:column severity CODE message
//	-- fixed/page.md --      the page after its safe fixes, if there are any
//
// Only the rule itself runs, and those that settings.yaml names. A page with
// bytes that a txtar cannot hold is written as a Go string, in a file whose
// name ends in ".quoted".
type story struct {
	code     diag.Code
	archive  *txtar.Archive
	settings storySettings
	pages    []*source.File
	want     string
	fixed    map[string]string
}

// storySettings are what a story may tell the compiler.
type storySettings struct {
	Also          []diag.Code `yaml:"also"` // further rules to run
	Dialect       syntax.Dialect
	Aliases       map[string]string
	Headings      map[string]family.Kind
	Mandatory     string
	OwnHosts      []string `yaml:"own_hosts"`
	InternalHosts []string `yaml:"internal_hosts"`
	Base          string
	Whole         []string
	Redirects     map[string]string
	Anchors       map[string][]string
	Hierarchy     *lint.Hierarchy
}

func readStory(t *testing.T, path string) *story {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{archive: a, code: diag.Code(strings.TrimSuffix(filepath.Base(path), ".txtar")), fixed: map[string]string{}}
	if len(strings.TrimSpace(string(a.Comment))) < 40 {
		t.Errorf("%s: says too little about why", path)
	}
	for _, f := range a.Files {
		name, quoted := strings.CutSuffix(f.Name, ".quoted")
		switch {
		case name == "want":
			s.want = string(f.Data)
		case name == "settings.yaml":
			d := yaml.NewDecoder(strings.NewReader(string(f.Data)))
			d.KnownFields(true)
			if err := d.Decode(&s.settings); err != nil {
				t.Fatalf("%s: %s: %v", path, name, err)
			}
		case strings.HasPrefix(name, "fixed/"):
			s.fixed[strings.TrimPrefix(name, "fixed/")] = string(f.Data)
		case quoted:
			text, err := strconv.Unquote(strings.TrimSpace(string(f.Data)))
			if err != nil {
				t.Fatalf("%s: %s: %v", path, f.Name, err)
			}
			s.pages = append(s.pages, source.New(name, []byte(text)))
		default:
			s.pages = append(s.pages, source.New(name, f.Data))
		}
	}
	slices.SortFunc(s.pages, func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
	return s
}

func (s *story) options() compile.Options {
	var o compile.Options
	o.Dialect = s.settings.Dialect
	o.Resolve.Aliases, o.Resolve.Headings = s.settings.Aliases, s.settings.Headings
	o.Lint.OwnHosts, o.Lint.InternalHosts = s.settings.OwnHosts, s.settings.InternalHosts
	o.Lint.Site = lint.Site{Base: s.settings.Base, Whole: s.settings.Whole, Redirects: s.settings.Redirects, Anchors: s.settings.Anchors}
	o.Lint.Hierarchy = s.settings.Hierarchy
	if s.settings.Mandatory != "" {
		o.Lint.Mandatory, o.Lint.MandatoryText = regexp.MustCompile("(?i)"+s.settings.Mandatory), s.settings.Mandatory
	}
	o.Severity = func(r *lint.Rule, _ string) diag.Severity {
		if r.Code == s.code || slices.Contains(s.settings.Also, r.Code) {
			return r.Severity
		}
		return diag.Off
	}
	return o
}

// play runs the story and returns the findings as text, and each page that
// safe fixes change.
func (s *story) play(t *testing.T) (got string, fixed map[string]string) {
	t.Helper()
	snapshot, err := compile.Check(context.Background(), s.pages, s.options())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fixes := map[string][]*diag.Fix{}
	for i := range snapshot.Findings {
		f := &snapshot.Findings[i]
		fmt.Fprintf(&b, "%s:%d:%d %s %s %s\n", f.Path, f.Start.Line, f.Start.Column, f.Severity, f.Code, f.Message)
		if fix := f.Fixable(); fix != nil {
			fixes[f.Path] = append(fixes[f.Path], fix)
		}
		wellFormed(t, f)
	}
	fixed = map[string]string{}
	for _, p := range s.pages {
		if len(fixes[p.Path]) > 0 {
			text, _ := diag.Apply(p.Text, fixes[p.Path])
			fixed[p.Path] = string(text)
		}
	}
	return b.String(), fixed
}

// wellFormed checks what every finding must be.
func wellFormed(t *testing.T, f *diag.Finding) {
	t.Helper()
	switch {
	case f.Message == "" || strings.HasSuffix(f.Message, ".") || strings.ContainsAny(f.Message, "\n\r"):
		t.Errorf("%s: a message is one sentence without a period: %q", f.Code, f.Message)
	case strings.HasSuffix(f.Hint, "."):
		t.Errorf("%s: a hint has no period at the end: %q", f.Code, f.Hint)
	case f.Fingerprint == "":
		t.Errorf("%s: no fingerprint", f.Code)
	}
}

func TestStories(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no stories", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			s := readStory(t, path)
			got, fixed := s.play(t)
			if !strings.Contains(got, " "+string(s.code)+" ") {
				t.Errorf("the story has no finding of its own rule")
			}
			if *update {
				s.rewrite(t, path, got, fixed)
				return
			}
			if diff := cmp.Diff(s.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(s.fixed, fixed); diff != "" {
				t.Errorf("fixed pages (-want +got):\n%s", diff)
			}
		})
	}
}

// rewrite puts what the story gave into its file.
func (s *story) rewrite(t *testing.T, path, got string, fixed map[string]string) {
	t.Helper()
	s.archive.Files = slices.DeleteFunc(s.archive.Files, func(f txtar.File) bool {
		return f.Name == "want" || strings.HasPrefix(f.Name, "fixed/")
	})
	s.archive.Files = append(s.archive.Files, txtar.File{Name: "want", Data: []byte(got)})
	for _, p := range s.pages {
		if text, ok := fixed[p.Path]; ok {
			s.archive.Files = append(s.archive.Files, txtar.File{Name: "fixed/" + p.Path, Data: []byte(text)})
		}
	}
	if err := os.WriteFile(path, txtar.Format(s.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
