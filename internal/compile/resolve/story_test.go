package resolve_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

var update = flag.Bool("update", false, "rewrite the wanted models of the txtar files")

// TestStories reads the pages of testdata. A story is a txtar file:
//
//	why the model is right, in prose
//	-- settings.yaml --   optional: aliases, headings
//	-- page.md --         any number of pages
//	-- page.md.model --   see describe
func TestStories(t *testing.T) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, path := range stories {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { tell(t, path) })
	}
}

func tell(t *testing.T, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(strings.TrimSpace(string(a.Comment))) < 40 {
		t.Error("the story says too little about why")
	}
	want, settings := map[string]string{}, resolve.Settings{}
	for _, f := range a.Files {
		switch name, isModel := strings.CutSuffix(f.Name, ".model"); {
		case isModel:
			want[name] = string(f.Data)
		case name == "settings.yaml":
			settings = readSettings(t, f.Data)
		}
	}
	var files []txtar.File
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".model") {
			continue
		}
		files = append(files, f)
		if !strings.HasSuffix(f.Name, ".md") {
			continue
		}
		page := source.New(f.Name, f.Data)
		fam := resolve.Family(syntax.Parse(page, syntax.GFM), settings)
		checkFamily(t, page, fam)
		got := describe(fam)
		files = append(files, txtar.File{Name: f.Name + ".model", Data: []byte(got)})
		if diff := cmp.Diff(want[f.Name], got); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", f.Name, diff)
		}
	}
	if len(files) < 2 {
		t.Error("no pages")
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(&txtar.Archive{Comment: a.Comment, Files: files}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readSettings(t *testing.T, data []byte) resolve.Settings {
	t.Helper()
	var s struct {
		Aliases  map[string]string
		Headings map[string]family.Kind
	}
	if err := yaml.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return resolve.Settings{Aliases: s.Aliases, Headings: s.Headings}
}
