package syntax_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/source"
)

// Each dialect makes anchors as its generator does: GitHub's html-pipeline,
// kramdown's basic_generate_id, GitLab's string_to_anchor, Hugo's autoIDType
// "github".
func TestSlug(t *testing.T) {
	for _, c := range []struct{ text, gfm, kramdown, gitlab, hugo string }{
		{"Levels", "levels", "levels", "levels", "levels"},
		{"Planner - Job Grade", "planner---job-grade", "planner---job-grade", "planner-job-grade", "planner---job-grade"},
		{"Berth Planner (BP)", "berth-planner-bp", "berth-planner-bp", "berth-planner-bp", "berth-planner-bp"},
		{"Trust & Safety", "trust--safety", "trust--safety", "trust-safety", "trust--safety"},
		{"What you'll do?", "what-youll-do", "what-youll-do", "what-youll-do", "what-youll-do"},
		{"1. First step", "1-first-step", "first-step", "1-first-step", "1-first-step"},
		{"2024", "2024", "section", "anchor-2024", "2024"},
		{"shift_plan", "shift_plan", "shiftplan", "shift_plan", "shift_plan"},
		{"Président Über", "président-über", "prsident-ber", "président-über", "président-über"},
		{"Größe²", "größe", "gre", "größe", "größe"},
		{"日本", "日本", "section", "日本", "日本"},
		{"e\u0301tage", "e\u0301tage", "etage", "e\u0301tage", "etage"},
		{"-- plan", "---plan", "plan", "-plan", "---plan"},
		{"!?", "", "section", "", "heading"},
		{"🚢 Ships", "-ships", "ships", "-ships", "-ships"},
	} {
		for d, want := range map[syntax.Dialect]string{
			syntax.GFM: c.gfm, syntax.Kramdown: c.kramdown, syntax.GitLab: c.gitlab, syntax.Hugo: c.hugo, "": c.gfm,
		} {
			if got := d.Slug(c.text); got != want {
				t.Errorf("%q in %q: got %q, want %q", c.text, d, got, want)
			}
		}
	}
}

// Headings of one text get a number. GitHub and Hugo look for one that is
// free, kramdown and GitLab only count. Hugo makes anchors from the Markdown
// as written and does not give one twice that the author chose.
func TestSlugsOfAPage(t *testing.T) {
	page := "## Grade\n## Grade\n## Grade 1\n## Grade\n## [Plan](/plan/) **now**\n## ?\n## ?\n## Yard {#grade-3}\n## Grade\n"
	for _, c := range []struct {
		dialect syntax.Dialect
		want    []string
	}{
		{syntax.GFM, []string{"grade", "grade-1", "grade-1-1", "grade-2", "plan-now", "", "-1", "grade-3", "grade-3"}},
		{syntax.Kramdown, []string{"grade", "grade-1", "grade-1", "grade-2", "plan-now", "section", "section-1", "grade-3", "grade-3"}},
		{syntax.GitLab, []string{"grade", "grade-1", "grade-1", "grade-2", "plan-now", "", "-1", "grade-3", "grade-3"}},
		{syntax.Hugo, []string{"grade", "grade-1", "grade-1-1", "grade-2", "planplan-now", "heading", "heading-1", "grade-3", "grade-4"}},
	} {
		var got []string
		for _, h := range syntax.Parse(source.New("page.md", []byte(page)), c.dialect).Headings[1:] {
			got = append(got, h.Slug)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.dialect, diff)
		}
	}
}
