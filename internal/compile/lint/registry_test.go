package lint_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/docs/rules"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/diag"
)

// Every rule has an entry in the registry, a page and a story; none of the
// three exists alone.
func TestEveryRuleIsWhole(t *testing.T) {
	var registered []string
	for _, r := range lint.Rules {
		registered = append(registered, string(r.Code))
	}
	if !slices.IsSorted(registered) || len(slices.Compact(slices.Clone(registered))) != len(registered) {
		t.Errorf("registry.go is not sorted by code, or holds a code twice: %v", registered)
	}
	for what, list := range map[string][]string{
		"page in docs/rules": named(t, "../../../docs/rules/CAD*.md"),
		"story in testdata":  named(t, "testdata/CAD*.txtar"),
		"value in a file":    written(t),
	} {
		for _, code := range registered {
			if !slices.Contains(list, code) {
				t.Errorf("%s has no %s", code, what)
			}
		}
		for _, code := range list {
			if !slices.Contains(registered, code) {
				t.Errorf("%s has a %s and is not in registry.go", code, what)
			}
		}
	}
}

// named returns the names of files without their endings.
func named(t *testing.T, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(filepath.Base(p), filepath.Ext(p))
	}
	return paths
}

// written returns the codes of the rule values in the files of the package.
func written(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`(?m)^\tCode: +"(CAD\d+)"`)
	var codes []string
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(text), -1) {
			codes = append(codes, m[1])
		}
	}
	return codes
}

func TestRulesAreOfOneForm(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	origin := regexp.MustCompile(`^(JF\d{3}(, JF\d{3})*)?$`)
	names := map[string]bool{}
	for _, r := range lint.Rules {
		switch {
		case !regexp.MustCompile(`^CAD[1-4]\d\d$`).MatchString(string(r.Code)):
			t.Errorf("%s: no code of a rule", r.Code)
		case !name.MatchString(r.Name) || names[r.Name]:
			t.Errorf("%s: name %q is taken or not of the form word-word", r.Code, r.Name)
		case !strings.HasSuffix(r.Title, ".") || len(r.Title) < 20:
			t.Errorf("%s: title %q is no sentence", r.Code, r.Title)
		case !origin.MatchString(r.Origin):
			t.Errorf("%s: origin %q", r.Code, r.Origin)
		case r.Page != nil && r.Folder != nil:
			t.Errorf("%s: both of scope page and folder", r.Code)
		}
		names[r.Name] = true
	}
}

// The page of a rule has one form, so that a reader finds each answer at the
// same place:
//
//	# CADnnn name
//
//	Title.
//
//	Severity: error. Origin: JFnnn.
//
//	## Why, ## Bad, ## Good, ## Configure
func TestPagesAreOfOneForm(t *testing.T) {
	for _, r := range lint.Rules {
		page, ok := rules.Page(string(r.Code))
		if !ok {
			continue // TestEveryRuleIsWhole says so
		}
		want := "# " + string(r.Code) + " " + r.Name + "\n\n" + r.Title + "\n\n" + severityLine(r) + "\n\n## Why\n\n"
		if !strings.HasPrefix(page, want) {
			t.Errorf("%s.md should begin:\n%s", r.Code, want)
		}
		var titles []string
		for line := range strings.Lines(page) {
			if title, ok := strings.CutPrefix(line, "## "); ok && !strings.HasPrefix(title, "#") {
				titles = append(titles, strings.TrimSpace(title))
			}
		}
		if fenced := strings.Count(page, "\n```"); fenced%2 != 0 {
			t.Errorf("%s.md: %d fences", r.Code, fenced)
		}
		if got := slices.DeleteFunc(titles, func(s string) bool { return !slices.Contains(pageParts, s) }); !slices.Equal(got, pageParts) {
			t.Errorf("%s.md: has the parts %v; want %v", r.Code, got, pageParts)
		}
		if !strings.HasSuffix(page, "\n") || strings.HasSuffix(page, "\n\n") {
			t.Errorf("%s.md: should end with one newline", r.Code)
		}
	}
}

var pageParts = []string{"Why", "Bad", "Good", "Configure"}

func severityLine(r *lint.Rule) string {
	line := "Severity: " + r.Severity.String()
	if r.Default() == diag.Off {
		line += " (style, off unless asked for)"
	}
	if r.Origin != "" {
		line += ". Origin: " + r.Origin
	}
	return line + "."
}
