package delta_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cadre-hq/cadre/internal/delta"
)

var update = flag.Bool("update", false, "write the wanted output anew")

// TestStories compares the two pages of each story and wants the changes that
// it tells of.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]string{}
			for _, f := range archive.Files {
				parts[f.Name] = string(f.Data)
			}
			var got bytes.Buffer
			pages := delta.Pages([]delta.Page{compiled("page.md", parts["old.md"])}, []delta.Page{compiled("page.md", parts["new.md"])})
			if err := delta.WriteText(&got, pages, delta.TextOptions{}); err != nil {
				t.Fatal(err)
			}
			if *update {
				archive.Files[len(archive.Files)-1].Data = got.Bytes()
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(parts["want"], got.String()); diff != "" {
				t.Errorf("%s\n%s", archive.Comment, diff)
			}
		})
	}
}
