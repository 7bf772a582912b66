package press_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/source"
)

var update = flag.Bool("update", false, "rewrite the wanted exports of the txtar file")

const story = "testdata/crane_drivers.txtar"

var exporters = []struct {
	name  string
	write func(io.Writer, []*family.Family, family.Finder) error
}{
	{"want.json", press.JSON},
	{"want.markdown", press.Markdown},
	{"want.csv", press.CSV},
}

// compiled returns the models of the pages in the story, and the story.
func compiled(t *testing.T) ([]*family.Family, *txtar.Archive) {
	t.Helper()
	a, err := txtar.ParseFile(story)
	if err != nil {
		t.Fatal(err)
	}
	var families []*family.Family
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".md") {
			families = append(families, resolve.Family(syntax.Parse(source.New(f.Name, f.Data), syntax.GFM), resolve.Settings{}))
		}
	}
	return families, a
}

// Each exporter writes the small family as the story wants it, twice the same.
func TestExporters(t *testing.T) {
	families, a := compiled(t)
	want := map[string]string{}
	var pages []txtar.File
	for _, f := range a.Files {
		want[f.Name] = string(f.Data)
		if strings.HasSuffix(f.Name, ".md") {
			pages = append(pages, f)
		}
	}
	for _, e := range exporters {
		got, again := export(t, e.write, families), export(t, e.write, families)
		if got != again {
			t.Errorf("%s: two runs differ", e.name)
		}
		pages = append(pages, txtar.File{Name: e.name, Data: []byte(got)})
		if diff := cmp.Diff(want[e.name], got); diff != "" && !*update {
			t.Errorf("%s (-want +got):\n%s", e.name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(story, txtar.Format(&txtar.Archive{Comment: a.Comment, Files: pages}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func export(t *testing.T, write func(io.Writer, []*family.Family, family.Finder) error, families []*family.Family) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, families, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A broken writer is an error of the exporter.
func TestExportersTellOfErrors(t *testing.T) {
	families, _ := compiled(t)
	for _, e := range exporters {
		if err := e.write(broken{}, families, nil); err == nil {
			t.Errorf("%s: a writer that fails makes no error", e.name)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Without families there is still a document of the right form.
func TestExportNothing(t *testing.T) {
	if got := export(t, press.JSON, nil); got != "{\n \"schema_version\": \"1\",\n \"pages\": []\n}\n" {
		t.Errorf("JSON of nothing: %s", got)
	}
	if got := export(t, press.CSV, nil); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "path,family,level,line,") {
		t.Errorf("CSV of nothing: %s", got)
	}
	if got := export(t, press.Markdown, nil); got != "" {
		t.Errorf("Markdown of nothing: %s", got)
	}
}
