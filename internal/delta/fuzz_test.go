package delta_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cadre-hq/cadre/internal/delta"
)

// FuzzCompare compares any two texts: it must not fail, each change must name
// lines that exist, a page must be the same as itself, and what is printed must
// not speak to the terminal.
func FuzzCompare(f *testing.F) {
	page := read(f, "testdata", "page.md")
	stories, _ := filepath.Glob("testdata/stories/*.txtar")
	for _, file := range stories {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		old := page
		for _, part := range archive.Files {
			switch part.Name {
			case "page.md":
				old = string(part.Data)
			case "edit":
				f.Add(old, edited(f, old, string(part.Data)))
			}
		}
	}
	f.Fuzz(func(t *testing.T, old, new string) {
		a, b := compiled("page.md", old), compiled("page.md", new)
		changes := delta.Compare(a, b)
		for _, c := range changes {
			if c.Category != c.Kind.Category() || c.LineOld < 0 || c.LineNew < 0 || c.LineOld > lineCount(old) || c.LineNew > lineCount(new) {
				t.Errorf("%+v", c)
			}
		}
		if same := delta.Compare(b, compiled("page.md", new)); len(same) > 0 {
			t.Errorf("a page differs from itself: %+v", same)
		}
		pages := []delta.PageChange{{Path: "page.md", Changes: changes}}
		var out bytes.Buffer
		if err := delta.WriteText(&out, pages, delta.TextOptions{}); err != nil {
			t.Error(err)
		}
		if err := delta.WriteMarkdown(&out, pages); err != nil {
			t.Error(err)
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return unicode.IsControl(r) && r != '\n' }); i >= 0 {
			t.Errorf("control character in %q", out.String()[max(0, i-20):])
		}
	})
}

func lineCount(text string) int { return strings.Count(text, "\n") + strings.Count(text, "\r") + 1 }
