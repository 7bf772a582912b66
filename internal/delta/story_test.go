package delta_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cadre-hq/cadre/internal/delta"
)

var update = flag.Bool("update", false, "write the wanted output anew")

// printers say in which format each wanted output is.
var printers = map[string]func(io.Writer, []delta.PageChange) error{
	"want":      func(w io.Writer, p []delta.PageChange) error { return delta.WriteText(w, p, delta.TextOptions{}) },
	"want.md":   delta.WriteMarkdown,
	"want.json": delta.WriteJSON,
}

// TestStories edits a page as each story tells and wants the changes that it
// tells of. The page is testdata/page.md unless the story brings its own; the
// edit is written as a patch whose parts are found by their text, "@@" between
// them.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	page := read(t, "testdata", "page.md")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			old, new := page, ""
			for _, f := range archive.Files {
				switch f.Name {
				case "page.md":
					old = string(f.Data)
				case "new.md":
					new = string(f.Data)
				case "edit":
					new = edited(t, old, string(f.Data))
				}
			}
			changes := delta.Pages([]delta.Page{compiled("page.md", old)}, []delta.Page{compiled("page.md", new)})
			for i, f := range archive.Files {
				write := printers[f.Name]
				if write == nil {
					continue
				}
				var got bytes.Buffer
				if err := write(&got, changes); err != nil {
					t.Fatal(err)
				}
				archive.Files[i].Data = got.Bytes()
				if diff := cmp.Diff(string(f.Data), got.String()); diff != "" && !*update {
					t.Errorf("%s\n%s: %s", archive.Comment, f.Name, diff)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// edited applies a patch: lines that begin with "-" go, those with "+" come,
// all others must be there.
func edited(t testing.TB, page, patch string) string {
	t.Helper()
	for part := range strings.SplitSeq(patch, "@@\n") {
		var was, is strings.Builder
		for line := range strings.Lines(part) {
			text := strings.TrimPrefix(line, " ")
			switch {
			case strings.HasPrefix(line, "-"):
				was.WriteString(line[1:])
			case strings.HasPrefix(line, "+"):
				is.WriteString(line[1:])
			default:
				was.WriteString(text)
				is.WriteString(text)
			}
		}
		if n := strings.Count("\n"+page, "\n"+was.String()); n != 1 {
			t.Fatalf("the page has %d times:\n%s", n, was.String())
		}
		page = strings.Replace("\n"+page, "\n"+was.String(), "\n"+is.String(), 1)[1:]
	}
	return page
}
