package cache_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/cache"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// A desk is a folder of pages and a folder for the cache.
type desk struct {
	*testing.T
	pages, folder string
	options       compile.Options
}

func newDesk(t *testing.T) *desk {
	d := &desk{T: t, pages: t.TempDir(), folder: filepath.Join(t.TempDir(), "cadre")}
	d.write("dock/pilot.md", pilot)
	d.write("dock/head.md", head)
	d.write("yard.md", yard)
	return d
}

const pilot = `---
title: Harbour Pilot
---

The pilots of Meridian bring every ship in.

### Responsibilities

- Bring ships in
- Write the log [of the berth](/jobs/dock/berth/)

## Levels

### Senior Harbour Pilot

The Senior Harbour Pilot reports to the [Head of Dock](/jobs/dock/head/#head-of-dock).

#### Senior Harbour Pilot Job Grade

The Senior Harbour Pilot is a grade 7.

#### Senior Harbour Pilot Responsibilities

- You will bring large ships in, etc.
- Train others <!-- cadre-ignore CAD411: the word is quoted -->
`

const head = `---
title: Head of Dock
---

# Head of Dock

## Requirements

- Ten years of experience with docks 
- [](/jobs/yard/)

## Performance Indicators

- [Ships per day](/jobs/yard/#ships)
`

const yard = "# Yard\n\n## Ships\n\nWhat a yard is.\n\n[Pilots](/jobs/dock/pilot/)\n"

func (d *desk) write(name, text string) {
	d.Helper()
	path := filepath.Join(d.pages, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		d.Fatal(err)
	}
}

// spy counts what a cache is asked.
type spy struct {
	*cache.Cache
	mu          sync.Mutex
	found, kept []string
}

func (s *spy) Find(f *source.File) (lint.Result, bool) {
	r, ok := s.Cache.Find(f)
	s.mu.Lock()
	defer s.mu.Unlock()
	if ok {
		s.found = append(s.found, filepath.Base(f.Path))
	} else {
		s.kept = append(s.kept, filepath.Base(f.Path))
	}
	return r, ok
}

// check checks the pages without a cache and then with it, demands the same
// report, and returns the names of the pages that had to be compiled anew.
func (d *desk) check() []string {
	d.Helper()
	files, problems, err := source.Load(context.Background(), []string{d.pages}, source.Options{})
	if err != nil || len(problems) > 0 {
		d.Fatal(err, problems)
	}
	run := func(c compile.Cache) string {
		o := d.options
		o.Cache = c
		s, err := compile.Check(context.Background(), files, o)
		if err != nil {
			d.Fatal(err)
		}
		return d.report(s)
	}
	s := &spy{Cache: cache.Open(d.folder, &d.options, []string{d.pages})}
	without, with := run(nil), run(s)
	s.Save()
	if diff := cmp.Diff(without, with); diff != "" {
		d.Errorf("the cache changes the report (-without, +with):\n%s", diff)
	}
	if !strings.Contains(without, "CAD") {
		d.Error("nothing is reported at all:\n", without)
	}
	slices.Sort(s.kept)
	return s.kept
}

// report prints a snapshot in the forms that show all of it: text with
// excerpts, JSON with fixes and fingerprints, and the pages as the fixes leave
// them.
func (d *desk) report(s *compile.Snapshot) string {
	d.Helper()
	files := map[string]*source.File{}
	r := diag.Report{Findings: s.Findings, FailOn: diag.Error}
	for _, p := range s.Pages {
		files[p.File.Path] = p.File
		r.Pages = append(r.Pages, fmt.Sprint(p.File.Path, p.IsFamily))
	}
	r.Source = func(path string) *source.File { return files[path] }
	var out bytes.Buffer
	for _, f := range []diag.Format{diag.Text, diag.JSON, diag.SARIF} {
		if err := r.Print(&out, f, diag.TextOptions{}); err != nil {
			d.Fatal(err)
		}
	}
	for _, p := range s.Pages {
		var fixes []*diag.Fix
		for i := range s.Findings {
			if f := s.Findings[i].Fixable(); f != nil && s.Findings[i].Path == p.File.Path {
				fixes = append(fixes, f)
			}
		}
		text, _ := diag.Apply(p.File.Text, fixes)
		out.Write(text)
	}
	return out.String()
}

func (d *desk) compiled(want ...string) {
	d.Helper()
	if got := d.check(); !slices.Equal(got, want) {
		d.Errorf("compiled anew: %v, want %v", got, want)
	}
}

// The first run compiles everything, the second nothing, and both say the
// same.
func TestSecondRunCompilesNothing(t *testing.T) {
	d := newDesk(t)
	d.compiled("head.md", "pilot.md", "yard.md")
	d.compiled()
}

// An edit is seen, in the page itself and in what other pages say about it; to
// take it back is another edit.
func TestEditIsSeen(t *testing.T) {
	d := newDesk(t)
	d.check()
	d.write("yard.md", "\n\n"+strings.Replace(yard, "Ships", "Vessels", 1))
	d.compiled("yard.md")
	d.compiled()
	d.write("yard.md", yard)
	d.compiled("yard.md")
}

// A page under another name is another page, a new one is new, and one that is
// gone is forgotten.
func TestRenamesAreSeen(t *testing.T) {
	d := newDesk(t)
	d.check()
	if err := os.Rename(filepath.Join(d.pages, "yard.md"), filepath.Join(d.pages, "dock", "yard.md")); err != nil {
		t.Fatal(err)
	}
	d.compiled("yard.md")
	d.write("crane.md", yard)
	d.compiled("crane.md")
	if err := os.Remove(filepath.Join(d.pages, "dock", "pilot.md")); err != nil {
		t.Fatal(err)
	}
	d.compiled()
	d.write("dock/pilot.md", pilot)
	d.compiled("pilot.md")
}

// Settings of every kind decide what is found; each is remembered for itself.
func TestSettingsAreSeen(t *testing.T) {
	d := newDesk(t)
	all := []string{"head.md", "pilot.md", "yard.md"}
	d.compiled(all...)
	d.options.Dialect = "kramdown"
	d.compiled(all...)
	d.options.Lint.OwnHosts = []string{"meridian.example"}
	d.compiled(all...)
	d.options.Dialect, d.options.Lint.OwnHosts = "", nil
	d.compiled()
}

// Severities hold for a rule and a page: those pages are compiled anew for
// which one changed.
func TestSeveritiesAreSeen(t *testing.T) {
	d := newDesk(t)
	d.check()
	d.options.Severity = func(r *lint.Rule, path string) diag.Severity {
		if strings.HasSuffix(path, "pilot.md") {
			return diag.Info
		}
		return r.Default()
	}
	d.compiled("pilot.md")
	d.options.Severity = func(r *lint.Rule, _ string) diag.Severity { return diag.Info }
	d.compiled("head.md", "yard.md")
}

// Files that are damaged, or none of ours, are as good as no file: they are
// written anew, and nobody hears of it.
func TestDamageIsIgnored(t *testing.T) {
	d := newDesk(t)
	d.check()
	all := []string{"head.md", "pilot.md", "yard.md"}
	whole, err := os.ReadFile(d.cacheFile())
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string][]byte{
		"empty": nil, "foreign": []byte("#!/bin/sh\nexit 1\n"),
		"cut":      whole[:len(whole)-1],
		"longer":   append(slices.Clone(whole), 'x'),
		"one bit":  flipped(whole, len(whole)/2),
		"checksum": flipped(whole, 16),
	}
	for name, text := range broken {
		if err := os.WriteFile(d.cacheFile(), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := d.check(); !slices.Equal(got, all) {
			t.Errorf("%s: compiled anew: %v", name, got)
		}
		d.compiled()
	}
}

func flipped(text []byte, at int) []byte {
	text = slices.Clone(text)
	text[at] ^= 4
	return text
}

// cacheFile returns the one file of the cache.
func (d *desk) cacheFile() string {
	d.Helper()
	files, err := filepath.Glob(filepath.Join(d.folder, "*"))
	if err != nil || len(files) != 1 {
		d.Fatalf("%v: want one file (%v)", files, err)
	}
	return files[0]
}

// Where nothing can be written, the pages are compiled each time.
func TestNowhereToKeep(t *testing.T) {
	d := newDesk(t)
	all := []string{"head.md", "pilot.md", "yard.md"}
	if err := os.WriteFile(d.folder, []byte("a file, not a folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.compiled(all...)
	d.compiled(all...)
	d.folder = ""
	d.compiled(all...)
	d.compiled(all...)
}

// Runs at the same time neither disturb each other nor leave anything behind.
func TestConcurrentRuns(t *testing.T) {
	d := newDesk(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				d.check()
			}
		})
	}
	wg.Wait()
	d.cacheFile()
	d.compiled()
}

// The folder stays small: the oldest files go, and those of others stay.
func TestFolderIsBounded(t *testing.T) {
	d := newDesk(t)
	d.check()
	foreign := filepath.Join(d.folder, "notes.txt")
	if err := os.WriteFile(foreign, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		d.options.Lint.Site.Base = fmt.Sprint("/base/", i, "/")
		d.check()
	}
	files, err := filepath.Glob(filepath.Join(d.folder, "*"))
	if err != nil || len(files) != 65 {
		t.Errorf("%d files, want 64 and the one of somebody else (%v)", len(files), err)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Error(err)
	}
	d.compiled()
}
