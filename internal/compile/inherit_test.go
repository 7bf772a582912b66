package compile_test

import (
	"context"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// Duties are inherited across pages: from the level that a link leads to, from
// the page's only level, or from the only level of all pages that has the
// name. A name that two pages use, or none, adds nothing.
func TestDutiesAreInheritedAcrossPages(t *testing.T) {
	pages := map[string]string{
		"jobs/planner/index.html.md": `---
title: Planner
---
## Responsibilities
* Keep safe

## Levels

### Planner
#### Planner Responsibilities
* Plan

### Senior Planner
#### Senior Planner Responsibilities
* Teach
`,
		"jobs/pilot/index.html.md": `---
title: Pilot
---
## Responsibilities
* Guide
`,
		"jobs/dredger/index.html.md": "---\ntitle: Dredger\n---\n## Dredger\n### Responsibilities\n* Dredge north\n",
		"jobs/other/index.html.md":   "---\ntitle: Other\n---\n## Dredger\n### Responsibilities\n* Dredge south\n",
		"jobs/head/index.html.md": `---
title: Heads
---
## Head of Planning
### Responsibilities
* Extends the [Senior Planner](/jobs/planner/#senior-planner) responsibilities
* Lead

## Head of Pilots
### Responsibilities
* Extends the [Pilot](/jobs/pilot/) responsibilities

## Head of Training
### Responsibilities
* Extends the Senior Planner responsibilities

## Head of Dredgers
### Responsibilities
* Extends the Dredger responsibilities
* Hold breath

## Head of Nobody
### Responsibilities
* Extends the Harbourmaster responsibilities
`,
	}
	var files []*source.File
	for _, path := range []string{"jobs/dredger/index.html.md", "jobs/head/index.html.md", "jobs/other/index.html.md", "jobs/pilot/index.html.md", "jobs/planner/index.html.md"} {
		files = append(files, source.New(path, []byte(pages[path])))
	}
	var o compile.Options
	o.Lint.Site.Base = "/jobs/"
	s, err := compile.Models(context.Background(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	heads, find := s.Pages[1].Family, s.Finder(&o)
	got := map[string][]string{}
	for _, l := range heads.Levels {
		got[l.Title] = []string{}
		for _, d := range heads.Effective(l, family.ResponsibilitiesOf, find) {
			got[l.Title] = append(got[l.Title], d.Text+" < "+d.Family.Title)
		}
	}
	want := map[string][]string{
		"Head of Planning": {"Keep safe < Planner", "Teach < Planner", "Lead < Heads"},
		"Head of Pilots":   {"Guide < Pilot"},
		"Head of Training": {"Keep safe < Planner", "Teach < Planner"},
		"Head of Dredgers": {"Hold breath < Heads"},
		"Head of Nobody":   {},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("effective duties (-want +got):\n%s", diff)
	}
}

// A compilation that is told to stop does.
func TestCompilationStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	files := []*source.File{source.New("a.md", []byte("# A\n"))}
	if _, err := compile.Check(ctx, files, compile.Options{}); err == nil {
		t.Error("Check goes on")
	}
	if _, err := compile.Models(ctx, files, compile.Options{}); err == nil {
		t.Error("Models goes on")
	}
}

// Progress counts every page once.
func TestProgress(t *testing.T) {
	seen := make(chan int, 100)
	var files []*source.File
	for _, name := range []string{"a.md", "b.md", "c.md"} {
		files = append(files, source.New(name, []byte("# "+name)))
	}
	if _, err := compile.Check(context.Background(), files, compile.Options{Progress: func(done int) { seen <- done }}); err != nil {
		t.Fatal(err)
	}
	close(seen)
	sum := 0
	for n := range seen {
		sum += n
	}
	if sum != 1+2+3 {
		t.Errorf("progress adds up to %d", sum)
	}
}
