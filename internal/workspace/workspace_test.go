package workspace_test

import (
	"os"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/workspace"
)

// open opens a folder with a cadre.yaml.
func open(t *testing.T, text string) (*workspace.Workspace, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, config.Name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w, problems, err := workspace.Open(config.Options{Start: dir})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return w, dir
}

// duties counts those of a family and of its levels.
func duties(f *family.Family) int {
	n := f.Responsibilities.Count()
	for _, l := range f.Levels {
		n += l.Responsibilities.Count()
	}
	return n
}

// A page that is kept is read as it was, whatever cadre.yaml says by then.
func TestReadingIsKept(t *testing.T) {
	w, _ := open(t, "dialect: gfm\nheadings:\n  Berths: responsibilities\n")
	r, err := workspace.ParseReading(w.Reading().String())
	if err != nil || !gocmp.Equal(r, w.Reading()) {
		t.Fatalf("the reading came back as %v, %v", r, err)
	}
	f := source.New("planner.md", []byte("---\ntitle: Planner\n---\n\n## Overview\n\nPlans.\n\n## Berths\n\n* Plans berths\n\n## Levels\n\n### Planner\n\n### Senior Planner\n"))
	if n := duties(r.Family(f)); n != 1 {
		t.Errorf("the page has %d responsibilities, not 1", n)
	}
	if n := duties(workspace.Reading{}.Family(f)); n != 0 {
		t.Errorf("without the heading it has %d", n)
	}
}

// A file that the configuration names and that is not there is a mistake, and
// nothing is compiled without it.
func TestNamedFiles(t *testing.T) {
	w, dir := open(t, "hierarchy:\n  stages: stages.yml\nsite:\n  redirects: moved.yml\n")
	for i, at := range w.Files() {
		if rel, err := filepath.Rel(dir, at); err == nil && rel != []string{"stages.yml", "moved.yml"}[i] {
			t.Errorf("the file %s is named", at)
		}
	}
	if n := len(w.Mistakes()); n != 2 {
		t.Errorf("there are %d mistakes, not 2: %v", n, w.Mistakes())
	}
	if _, err := w.Options(); fault.KindOf(err) != fault.Invalid {
		t.Errorf("the options are given all the same: %v", err)
	}
}
