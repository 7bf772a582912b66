package syntax_test

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/source"
)

var update = flag.Bool("update", false, "rewrite the wanted outlines of the txtar files")

// TestStories parses the pages of testdata. A story is a txtar file:
//
//	why the outline is right, in prose
//	-- page.md --           any number of pages
//	-- page.md.outline --   see describe
//
// A page with bytes that a txtar cannot hold is a Go string in a file whose
// name ends in ".quoted"; its line breaks between the strings count for
// nothing.
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
	want := map[string]string{}
	for _, f := range a.Files {
		if name, ok := strings.CutSuffix(f.Name, ".outline"); ok {
			want[name] = string(f.Data)
		}
	}
	var files []txtar.File
	pages := 0
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".outline") {
			continue
		}
		pages++
		page := source.New(strings.TrimSuffix(f.Name, ".quoted"), storyText(t, f))
		o := syntax.Parse(page, syntax.GFM)
		checkSpans(t, o)
		if lost := uncovered(o); lost != nil {
			t.Errorf("%s: lines %v are lost", f.Name, lost)
		}
		got := describe(o)
		files = append(files, f, txtar.File{Name: page.Path + ".outline", Data: []byte(got)})
		if diff := cmp.Diff(want[page.Path], got); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", page.Path, diff)
		}
	}
	if pages == 0 {
		t.Error("no pages")
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(&txtar.Archive{Comment: a.Comment, Files: files}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// storyText returns the text of a page in a story.
func storyText(t testing.TB, f txtar.File) []byte {
	t.Helper()
	if !strings.HasSuffix(f.Name, ".quoted") {
		return f.Data
	}
	var b strings.Builder
	for l := range strings.Lines(string(f.Data)) {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		part, err := strconv.Unquote(l)
		if err != nil {
			t.Fatalf("%s: %s: %v", f.Name, l, err)
		}
		b.WriteString(part)
	}
	return []byte(b.String())
}
