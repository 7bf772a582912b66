package compile_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// corpusDir is the folder of real pages, which need not exist; the page that
// Cadre was started from lies beside it.
func corpusDir() string {
	return cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "shared", "corpus"))
}

// load reads the pages at roots, or skips the test if there is no corpus.
func load(t testing.TB, roots ...string) []*source.File {
	t.Helper()
	for _, root := range roots {
		if _, err := os.Stat(root); err != nil {
			t.Skipf("no corpus: there is no %s; CADRE_CORPUS names the folder that holds pages/ and edits/", root)
		}
	}
	files, problems, err := source.Load(context.Background(), roots, source.Options{})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return files
}

func check(t testing.TB, files []*source.File, o compile.Options) *compile.Snapshot {
	t.Helper()
	s, err := compile.Check(context.Background(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// said writes findings with all that they say.
func said(findings []diag.Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, fmt.Sprintf("%s:%d:%d %s %s %s (%s) %s %v %v", f.Path, f.Start.Line, f.Start.Column, f.Severity, f.Code, f.Message, f.Hint, f.Fingerprint, f.Related, f.Fixes))
	}
	return out
}

// checkFindings holds what is so for every finding: it says something, at a
// place that is in its file, and its fixes change bytes of that file.
func checkFindings(t testing.TB, files []*source.File, findings []diag.Finding) {
	t.Helper()
	byPath := map[string]*source.File{}
	percent := false // "%!" in a message may be a page's own
	for _, f := range files {
		byPath[f.Path] = f
		percent = percent || bytes.ContainsRune(f.Text, '%')
	}
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b diag.Finding) int { return diag.Compare(&a, &b) })
	if diff := gocmp.Diff(said(sorted), said(findings)); diff != "" {
		t.Errorf("findings are not in order (-want +got):\n%s", diff)
	}
	for _, f := range findings {
		where := fmt.Sprintf("%s:%d %s", f.Path, f.Start.Line, f.Code)
		checkPlace(t, where, byPath, f.Place)
		for _, r := range f.Related {
			checkPlace(t, where+" related", byPath, r.Place)
		}
		if f.Message == "" || strings.HasSuffix(f.Message, ".") || strings.Contains(f.Message, "\n") || strings.Contains(f.Message, "%!") && !percent {
			t.Errorf("%s: the message %q is no sentence as others are", where, f.Message)
		}
		for _, fix := range f.Fixes {
			at := 0
			for _, e := range fix.Edits {
				if e.Span.Start < at || e.Span.End < e.Span.Start || e.Span.End > len(byPath[f.Path].Text) {
					t.Errorf("%s: the fix %q changes %v", where, fix.Title, e.Span)
				}
				at = e.Span.End
			}
		}
	}
}

func checkPlace(t testing.TB, where string, files map[string]*source.File, p diag.Place) {
	t.Helper()
	f := files[p.Path]
	if f == nil {
		t.Errorf("%s: the place is on no page: %q", where, p.Path)
		return
	}
	if p.Span.Start < 0 || p.Span.End < p.Span.Start || p.Span.End > len(f.Text) {
		t.Errorf("%s: %v lies outside the file of %d bytes", where, p.Span, len(f.Text))
	}
	if p.Start != f.Position(p.Span.Start) || p.End != f.Position(p.Span.End) {
		t.Errorf("%s: positions %v-%v are not those of %v", where, p.Start, p.End, p.Span)
	}
}

// Findings about real pages are sound, the same in every run and for any
// number of processors.
func TestCorpusFindings(t *testing.T) {
	files := load(t, filepath.Join(corpusDir(), "pages"))
	first := check(t, files, compile.Options{})
	checkFindings(t, files, first.Findings)
	t.Logf("%d findings on %d pages", len(first.Findings), len(files))

	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if diff := gocmp.Diff(said(first.Findings), said(check(t, files, compile.Options{}).Findings)); diff != "" {
		t.Errorf("another run finds something else (-first +second):\n%s", diff)
	}
}

// Models and Check read the same.
func TestCorpusModels(t *testing.T) {
	files := load(t, filepath.Join(corpusDir(), "pages"))
	checked := check(t, files, compile.Options{})
	models, err := compile.Models(context.Background(), files, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range models.Pages {
		q := checked.Pages[i]
		if p.File != files[i] || q.File != files[i] || p.IsFamily != q.IsFamily || len(p.Family.Levels) != len(q.Family.Levels) || len(p.Family.Hiring) != len(q.Family.Hiring) {
			t.Errorf("%s: Models and Check do not agree", files[i].Path)
		}
	}
}

// The page that Cadre was started from says all that its readers say.
func TestSeedModel(t *testing.T) {
	files := load(t, filepath.Join(corpusDir(), "..", "seed"))
	s, err := compile.Models(context.Background(), files, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := s.Pages[0].Family
	var grades, reporting, spans []string
	for _, l := range f.Levels {
		grades = append(grades, l.Grades[0].Value)
		reporting = append(reporting, fmt.Sprint(len(l.ReportsTo)))
		if l.Manages != nil {
			spans = append(spans, fmt.Sprintf("%d-%d", *l.Manages.Min, *l.Manages.Max))
		}
	}
	var steps, minutes, optional []int
	panels := 0
	for _, h := range f.Hiring {
		sum, may := 0, 0
		for _, s := range h.Steps {
			if s.Minutes != nil {
				sum += s.Minutes.Min
			}
			if s.Optional {
				may++
			}
			if s.Panel {
				panels++
			}
		}
		steps, minutes, optional = append(steps, len(h.Steps)), append(minutes, sum), append(optional, may)
	}
	nested := 0
	for _, x := range f.Specialties {
		if x.Parent != "" {
			nested++
		}
	}
	got := fmt.Sprintln(grades, reporting, spans, steps, minutes, optional, panels, len(f.Specialties), nested, f.Indicators.Count())
	want := "[9.5 10 11 12 11] [3 2 1 1 1] [2-4 4-6 4-6 4-6] [6 8 8 7 7] [270 365 365 280 280] [0 1 1 0 0] 3 11 1 5\n"
	if got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	gmp, director := f.Levels[0], f.Levels[1]
	if c := gmp.Cadences; len(c) != 1 || c[0].Count != 1 || c[0].Period != "quarter" || len(c[0].Any) != 2 {
		t.Errorf("cadences of %s: %+v", gmp.Title, c)
	}
	if c := gmp.Conditions; len(c) != 1 || c[0].FewerThan != 4 || !c[0].FirstTime {
		t.Errorf("conditions of %s: %+v", gmp.Title, c)
	}
	inherited := 0
	for _, d := range f.Effective(director, family.ResponsibilitiesOf, family.Find) {
		if d.From == gmp {
			inherited++
		}
	}
	if inherited != gmp.Responsibilities.Count() {
		t.Errorf("%s inherits %d of the %d duties of %s", director.Title, inherited, gmp.Responsibilities.Count(), gmp.Title)
	}
}

// The rules see what a careful reviewer saw in that page, at its lines; links
// to anchors that exist are no findings.
func TestSeedFindings(t *testing.T) {
	files := load(t, filepath.Join(corpusDir(), "..", "seed"))
	s := check(t, files, compile.Options{})
	checkFindings(t, files, s.Findings)
	found := map[string]bool{}
	anchors := []int{}
	for _, f := range s.Findings {
		found[fmt.Sprintf("%s %d", f.Code, f.Start.Line)] = true
		if f.Code == "CAD205" {
			anchors = append(anchors, f.Start.Line)
		}
	}
	for _, want := range []string{
		"CAD320 42", "CAD204 56", "CAD335 151", "CAD337 195", "CAD382 204", "CAD340 230", "CAD354 253", "CAD310 256", "CAD337 257",
		"CAD374 306", "CAD375 315", "CAD307 219", "CAD307 256", "CAD401 30", "CAD401 75", "CAD403 239", "CAD403 277",
	} {
		if !found[want] {
			t.Errorf("no finding %s", want)
		}
	}
	if diff := gocmp.Diff([]int{7, 95, 166, 208}, anchors); diff != "" {
		t.Errorf("links to missing anchors (-want +got):\n%s", diff)
	}
}
