package delta_test

import (
	"cmp"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cadre-hq/cadre/internal/delta"
)

// FuzzCompare looks for two texts whose comparison fails, differs from itself,
// or names a line that is not there.
func FuzzCompare(f *testing.F) {
	seedPairs(f)
	f.Fuzz(func(t *testing.T, before, after string) {
		old, new := compiled("a.md", before), compiled("a.md", after)
		if changes := delta.Compare(old, old); len(changes) > 0 {
			t.Errorf("a page differs from itself: %+v", changes[0])
		}
		changes := delta.Compare(old, new)
		for _, c := range changes {
			if c.LineOld < 0 || c.LineOld > lineCount(before) || c.LineNew < 0 || c.LineNew > lineCount(after) {
				t.Errorf("%s on line %d of %d, %d of %d", c.Kind, c.LineOld, lineCount(before), c.LineNew, lineCount(after))
			}
		}
		pages := delta.Pages([]delta.Page{old}, []delta.Page{new, compiled("b.md", before)})
		for _, print := range []func(io.Writer, []delta.PageChange) error{
			delta.WriteJSON, delta.WriteMarkdown,
			func(w io.Writer, p []delta.PageChange) error { return delta.WriteText(w, p, delta.TextOptions{}) },
		} {
			if err := print(io.Discard, pages); err != nil {
				t.Error(err)
			}
		}
	})
}

func lineCount(text string) int { return strings.Count(text, "\n") + 1 }

// seedPairs adds the pages of the stories, and the real edits where they are.
func seedPairs(f *testing.F) {
	stories, err := filepath.Glob(filepath.Join("testdata", "stories", "*.txtar"))
	if err != nil || len(stories) == 0 {
		f.Fatalf("no stories: %v", err)
	}
	for _, path := range stories {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var pages []string
		for _, file := range a.Files {
			if strings.HasSuffix(file.Name, ".md") {
				pages = append(pages, string(file.Data))
			}
		}
		for i := 1; i < len(pages); i++ {
			f.Add(pages[i-1], pages[i])
		}
	}
	edits, err := filepath.Glob(filepath.Join(cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "shared", "corpus")), "edits", "*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, dir := range edits {
		f.Add(read(f, dir, "old.md"), read(f, dir, "new.md"))
	}
}
