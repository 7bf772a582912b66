// Package tests holds what guards the project as a whole. This file guards
// examples/meridian: documents, rules and the demonstration rely on its
// figures, so a change to a page or to the compiler that moves one of them is
// noticed here.
package tests

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/cli"
)

const (
	handbook   = "examples/meridian/handbook"
	leadership = handbook + "/job-families/product/product-management-leadership.md"
)

// asProgram makes the test binary be the program itself.
const asProgram = "CADRE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main())
	}
	os.Exit(m.Run())
}

// cadre runs the program from the root of the project and returns what it
// printed and its exit code.
func cadre(t *testing.T, args ...string) ([]byte, int) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], args...)
	c.Dir = ".."
	c.Env = append(os.Environ(), asProgram+"=1", "XDG_CACHE_HOME="+t.TempDir(), "NO_COLOR=1")
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	err := c.Run()
	if err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	if code := c.ProcessState.ExitCode(); code > 1 {
		t.Fatalf("cadre %s: exit code %d\n%s", strings.Join(args, " "), code, &complaints)
	}
	return out.Bytes(), c.ProcessState.ExitCode()
}

// A page is what these tests read of an exported page.
type page struct {
	Path   string
	Title  string
	Levels []struct {
		Title     string
		Line      int
		Grades    []string
		ReportsTo []string `json:"reports_to"`
		Span      *struct{ Min, Max *int }
		Details   struct {
			Responsibilities []duty
			Effective        []duty `json:"effective_responsibilities"`
			Cadences         []struct {
				Count  int
				Period string
				Any    []struct{ Text string }
			}
			Conditions []struct {
				FewerThan int  `json:"fewer_than_direct_reports"`
				FirstTime bool `json:"first_time_manager"`
				KeepsIC   bool `json:"keeps_individual_contributor_duties"`
			}
		}
	}
	Family struct {
		Indicators int `json:"performance_indicators"`
	}
	Specialties []struct {
		Title         string
		Level, Parent *string
		ReportsTo     []struct{ Title string } `json:"reports_to"`
	}
	Hiring []struct {
		Level *string
		Steps []struct {
			Minutes         []int
			Kind            string
			Interviewers    []string
			Panel, Optional bool
		}
	}
}

type duty struct{ Text, Group string }

// exported returns the pages that `cadre export` prints.
func exported(t *testing.T, paths ...string) []page {
	t.Helper()
	out, _ := cadre(t, append([]string{"export"}, paths...)...)
	var e struct{ Pages []page }
	if err := json.Unmarshal(out, &e); err != nil {
		t.Fatal(err)
	}
	return e.Pages
}

func TestExampleHasNoFault(t *testing.T) {
	out, code := cadre(t, "check", "--format", "json", handbook)
	if code != 0 {
		t.Errorf("cadre check exits with %d", code)
	}
	var report struct {
		Findings []struct{ Code, Severity, Path, Message string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Severity != "info" {
			t.Errorf("%s: %s[%s] %s", f.Path, f.Severity, f.Code, f.Message)
		}
	}
	if n := len(report.Findings); n > 8 {
		t.Errorf("%d findings: an example has few, each to learn from", n)
	}
}

func TestExampleIsAnOrganisation(t *testing.T) {
	departments := map[string]bool{}
	pages := exported(t, handbook)
	for _, p := range pages {
		_, inside, _ := strings.Cut(p.Path, "/job-families/")
		departments[strings.Split(inside, "/")[0]] = true
		if len(p.Levels) == 0 {
			t.Errorf("%s has no level", p.Path)
		}
		for _, l := range p.Levels {
			if len(l.Grades) != 1 || len(l.ReportsTo) == 0 {
				t.Errorf("%s:%d: %s has grades %q and reports to %q", p.Path, l.Line, l.Title, l.Grades, l.ReportsTo)
			}
		}
	}
	if len(pages) < 10 || len(departments) < 3 {
		t.Errorf("%d families in %d departments, want at least 10 in 3", len(pages), len(departments))
	}
}

func TestExampleLeadershipLevels(t *testing.T) {
	p := exported(t, leadership)[0]
	type level struct{ Title, Grade, Span string }
	var got []level
	for _, l := range p.Levels {
		span := ""
		if l.Span != nil {
			span = figure(l.Span.Min) + "-" + figure(l.Span.Max)
		}
		got = append(got, level{l.Title, strings.Join(l.Grades, " "), span})
		if len(l.ReportsTo) == 0 {
			t.Errorf("%s reports to nobody", l.Title)
		}
	}
	want := []level{
		{"Group Manager, Product", "9.5", "2-4"},
		{"Director of Product", "10", "4-6"},
		{"Senior Director of Product", "11", "4-6"},
		{"VP of Product", "12", "4-6"},
		{"Senior Director of Product Pricing", "11", ""},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	nested := 0
	for _, s := range p.Specialties {
		if s.Parent != nil {
			nested++
		}
	}
	if len(p.Specialties) != 12 || nested != 1 {
		t.Errorf("%d specialties, %d of them nested; want 12 and one nested", len(p.Specialties), nested)
	}
	if p.Family.Indicators != 5 {
		t.Errorf("the family has %d indicators, want 5", p.Family.Indicators)
	}
}

func TestExampleLeadershipHiring(t *testing.T) {
	type process struct {
		Level                  string
		Steps, Minutes, Panels int
		Optional               []int // steps, counted from 1
	}
	var got []process
	for _, h := range exported(t, leadership)[0].Hiring {
		p := process{Level: *h.Level, Steps: len(h.Steps)}
		for i, s := range h.Steps {
			if s.Minutes != nil {
				p.Minutes += s.Minutes[0]
			}
			if s.Panel {
				p.Panels++
			}
			if s.Optional {
				p.Optional = append(p.Optional, i+1)
			}
			if s.Kind != "apply" && len(s.Interviewers) == 0 {
				t.Errorf("%s: step %d is with nobody", p.Level, i+1)
			}
		}
		got = append(got, p)
	}
	want := []process{
		{"Group Manager, Product", 6, 270, 1, nil},
		{"Director of Product", 8, 365, 0, []int{8}},
		{"Senior Director of Product", 8, 365, 0, []int{8}},
		{"VP of Product", 7, 280, 1, nil},
		{"Senior Director of Product Pricing", 7, 280, 1, nil},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestExampleDirectorInheritsAllButIndividualDuties(t *testing.T) {
	p := exported(t, leadership)[0]
	manager, director := p.Levels[0], p.Levels[1]
	var have []string
	for _, d := range director.Details.Effective {
		have = append(have, d.Text)
	}
	individual := 0
	for _, d := range manager.Details.Responsibilities {
		own := strings.HasPrefix(d.Group, "Individual")
		if own {
			individual++
		}
		if slices.Contains(have, d.Text) == own {
			t.Errorf("director has %q: %t", d.Text, !own)
		}
	}
	if individual == 0 {
		t.Error("no duty of the group manager is an individual contributor's: the test says nothing")
	}
}

func TestExampleGroupManagerRules(t *testing.T) {
	manager := exported(t, leadership)[0].Levels[0].Details
	if len(manager.Cadences) != 1 {
		t.Fatalf("%d cadences, want 1", len(manager.Cadences))
	}
	if c := manager.Cadences[0]; c.Count != 1 || c.Period != "quarter" || len(c.Any) != 2 {
		t.Errorf("cadence %+v, want 1 per quarter of one thing or another", c)
	}
	if len(manager.Conditions) != 1 {
		t.Fatalf("%d conditions, want 1", len(manager.Conditions))
	}
	if c := manager.Conditions[0]; c.FewerThan != 4 || !c.FirstTime || !c.KeepsIC {
		t.Errorf("condition %+v, want fewer than 4 reports or a first-time manager", c)
	}
}

func TestExampleFilesAreNamedByTheIndex(t *testing.T) {
	index, err := os.ReadFile(path.Join("..", handbook, "index.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range exported(t, handbook) {
		_, inside, _ := strings.Cut(p.Path, handbook)
		at := strings.TrimSuffix(strings.TrimSuffix(inside, ".md"), "/index") + "/"
		if !bytes.Contains(index, []byte("]("+at+")")) {
			t.Errorf("the index of the handbook does not lead to %s", at)
		}
	}
}

// figure writes an optional number.
func figure(n *int) string {
	if n == nil {
		return "?"
	}
	return strconv.Itoa(*n)
}
