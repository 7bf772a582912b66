package resolve_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/source"
)

// corpusDir is the folder of real pages, which need not exist.
func corpusDir() string {
	return cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "..", "shared", "corpus"))
}

// realPages loads the pages of the corpus and both sides of its edits, or
// skips the test.
func realPages(t testing.TB) []*source.File {
	t.Helper()
	dir := corpusDir()
	if _, err := os.Stat(filepath.Join(dir, "pages")); err != nil {
		t.Skip("no corpus: set CADRE_CORPUS to the folder that holds pages/ and edits/")
	}
	files, problems, err := source.Load(context.Background(), []string{filepath.Join(dir, "pages"), filepath.Join(dir, "edits")}, source.Options{})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return files
}

func model(path, text string) string {
	return describe(resolve.Family(syntax.Parse(source.New(path, []byte(text)), syntax.GFM), resolve.Settings{}))
}

// All that the model says of a real page lies where it says.
func TestRealPagesHaveSpans(t *testing.T) {
	for _, f := range realPages(t) {
		checkFamily(t, f, resolve.Family(syntax.Parse(f, syntax.GFM), resolve.Settings{}))
	}
}

// How a page is written does not change what it says: line ends, signs of
// bullets, trailing blanks, a line more at the top, blank lines around headings.
func TestLayoutOfTheTextDoesNotMatter(t *testing.T) {
	bullet := regexp.MustCompile(`(?m)^( *)\* `)
	heading := regexp.MustCompile(`(?m)^(#+ .*)$`)
	number := regexp.MustCompile(`\d+`)
	for _, f := range realPages(t) {
		if !strings.Contains(f.Path, "/pages/") {
			continue
		}
		text := string(f.Text)
		want := model(f.Path, text)
		for _, c := range []struct {
			how, text string
		}{
			{"with Windows line ends", strings.ReplaceAll(text, "\n", "\r\n")},
			{"with other bullets", bullet.ReplaceAllString(text, "$1+ ")},
			{"with trailing blanks", strings.ReplaceAll(text, "\n", " \n")},
		} {
			if diff := gocmp.Diff(want, model(f.Path, c.text)); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", f.Path, c.how, diff)
			}
		}
		for _, c := range []struct {
			how, text string
		}{
			{"moved down a line", strings.Replace(text, "\ntitle:", "\nextra: yes\ntitle:", 1)},
			{"with blank lines around headings", heading.ReplaceAllString(text, "\n$1\n")},
		} {
			if diff := gocmp.Diff(number.ReplaceAllString(want, "#"), number.ReplaceAllString(model(f.Path, c.text), "#")); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", f.Path, c.how, diff)
			}
		}
	}
}

// storyPages returns the pages of the stories.
func storyPages(t testing.TB) [][]byte {
	t.Helper()
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var pages [][]byte
	for _, path := range stories {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".md") {
				pages = append(pages, file.Data)
			}
		}
	}
	return pages
}

// Whatever lines a page is made of, the model stays sound.
func TestAnyPageIsSound(t *testing.T) {
	var lines []string
	for _, page := range storyPages(t) {
		lines = append(lines, strings.Split(string(page), "\n")...)
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	rapid.Check(t, func(rt *rapid.T) {
		page := strings.Join(rapid.SliceOfN(rapid.SampledFrom(lines), 1, 30).Draw(rt, "lines"), "\n")
		f := source.New("page.md", []byte(page))
		r := &recorder{TB: t}
		checkFamily(r, f, resolve.Family(syntax.Parse(f, syntax.GFM), resolve.Settings{}))
		if r.said != "" {
			rt.Fatalf("%s\n%s", r.said, page)
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

// FuzzFamily looks for a page that breaks the resolver.
func FuzzFamily(f *testing.F) {
	for _, page := range storyPages(f) {
		f.Add(page)
	}
	pages, err := filepath.Glob(filepath.Join(corpusDir(), "edits", "*", "new.md"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		page := source.New("page.md", text)
		checkFamily(t, page, resolve.Family(syntax.Parse(page, syntax.GFM), resolve.Settings{}))
	})
}
