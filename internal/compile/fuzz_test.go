package compile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/source"
)

// stories returns the pages of the stories about syntax, model and rules, those
// of one story together.
func stories(t testing.TB) [][][]byte {
	t.Helper()
	paths, err := filepath.Glob("*/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out [][][]byte
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var pages [][]byte
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".md") && !strings.HasPrefix(file.Name, "fixed/") {
				pages = append(pages, file.Data)
			}
		}
		out = append(out, pages)
	}
	return out
}

// Whatever lines two pages are made of, what is said of them is sound.
func TestAnyPagesAreChecked(t *testing.T) {
	var lines []string
	for _, pages := range stories(t) {
		for _, page := range pages {
			lines = append(lines, strings.Split(string(page), "\n")...)
		}
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	page := rapid.SliceOfN(rapid.SampledFrom(lines), 1, 30)
	rapid.Check(t, func(rt *rapid.T) {
		files := []*source.File{
			source.New("a/one.md", []byte(strings.Join(page.Draw(rt, "one"), "\n"))),
			source.New("b/other.md", []byte(strings.Join(page.Draw(rt, "other"), "\n"))),
		}
		r := &recorder{TB: t}
		checkFindings(r, files, check(t, files, compile.Options{}).Findings)
		if r.said != "" {
			rt.Fatalf("%s\n%s\n----\n%s", r.said, files[0].Text, files[1].Text)
		}
	})
}

// A recorder keeps the first error, so that rapid can shrink its cause.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	if r.said == "" {
		r.said = fmt.Sprintf(format, args...)
	}
}

// FuzzCompile looks for pages that break a rule: two pages that may link to
// each other.
func FuzzCompile(f *testing.F) {
	for _, pages := range stories(f) {
		for i, page := range pages {
			f.Add(page, pages[(i+1)%len(pages)])
		}
	}
	edits, err := filepath.Glob(filepath.Join(corpusDir(), "edits", "*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, dir := range edits {
		before, err1 := os.ReadFile(filepath.Join(dir, "old.md"))
		after, err2 := os.ReadFile(filepath.Join(dir, "new.md"))
		if err1 != nil || err2 != nil {
			f.Fatal(err1, err2)
		}
		f.Add(before, after)
	}
	f.Fuzz(func(t *testing.T, one, other []byte) {
		files := []*source.File{source.New("a/one.md", one), source.New("b/other.md", other)}
		checkFindings(t, files, check(t, files, compile.Options{}).Findings)
	})
}
