package press_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/source"
)

// The bars that the compiler must reach over pages labelled by hand.
const (
	levelBar = 0.98 // F1 of the levels found
	stepBar  = 0.98 // F1 of the hiring steps found
	fieldBar = 0.98 // share of their fields that are right
)

// TestCorpusAgainstLabels compares what is exported with what people read in
// the same pages. It counts as the program that scored the labels first: levels
// and steps are matched by their lines, texts compared by their letters and
// digits, lists without regard to order, spans by their figures. What the
// labellers did not agree on, "?", counts for nothing.
func TestCorpusAgainstLabels(t *testing.T) {
	pages, labels := corpusExport(t)
	s := score{right: map[string]int{}, asked: map[string]int{}}
	for _, file := range labels {
		var want label
		readJSON(t, file, &want)
		got, ok := pages[want.Path]
		if !ok {
			t.Errorf("%s is not exported", want.Path)
			continue
		}
		s.page(want, got)
	}
	t.Logf("levels F1 %.3f, steps F1 %.3f, fields right %.1f %% of %d", s.levels.f1(), s.steps.f1(), 100*s.fields(), s.total())
	for _, miss := range s.misses {
		t.Log("miss: " + miss)
	}
	if s.levels.f1() < levelBar || s.steps.f1() < stepBar || s.fields() < fieldBar {
		t.Errorf("below the bar: levels %.2f, steps %.2f, fields %.2f", levelBar, stepBar, fieldBar)
	}
}

// corpusExport exports the pages of the corpus and of the seed, by their paths
// in the labels, and lists the label files; without a corpus it skips the test.
func corpusExport(t *testing.T) (map[string]map[string]any, []string) {
	t.Helper()
	dir := cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "shared", "corpus"))
	labels, err := filepath.Glob(filepath.Join(dir, "labels", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(labels) == 0 {
		t.Skip("no corpus: set CADRE_CORPUS to the folder that holds pages/ and labels/")
	}
	roots := []string{filepath.Join(dir, "pages")}
	if seed := filepath.Join(dir, "..", "seed"); exists(seed) {
		roots = append(roots, seed)
	}
	files, problems, err := source.Load(context.Background(), roots, source.Options{})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	var options compile.Options
	snapshot, err := compile.Models(context.Background(), files, options)
	if err != nil {
		t.Fatal(err)
	}
	var families []*family.Family
	for _, p := range snapshot.Pages {
		families = append(families, p.Family)
	}
	var b bytes.Buffer
	if err := press.JSON(&b, families, snapshot.Finder(&options)); err != nil {
		t.Fatal(err)
	}
	var export struct{ Pages []map[string]any }
	if err := json.Unmarshal(b.Bytes(), &export); err != nil {
		t.Fatal(err)
	}
	pages := map[string]map[string]any{}
	for _, p := range export.Pages {
		path, _ := p["path"].(string)
		for _, root := range roots {
			if rest, ok := strings.CutPrefix(path, filepath.ToSlash(filepath.Clean(root))+"/"); ok {
				pages[rest] = p
				pages[filepath.Base(root)+"/"+rest] = p
			}
		}
	}
	return pages, labels
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// A label is what people read in a page.
type label struct {
	Path           string
	Levels         []map[string]any
	Family         map[string]any
	Hiring         []map[string]any
	Steps          []map[string]any
	DisputedLevels []int `json:"disputed_level_lines"`
	DisputedSteps  []int `json:"disputed_step_lines"`
}

// steps are the labelled steps, each with the scope of its process.
func (l *label) steps() []map[string]any {
	if l.Steps != nil {
		return l.Steps
	}
	return stepsOf(l.Hiring)
}

func stepsOf(hiring []map[string]any) []map[string]any {
	var out []map[string]any
	for _, h := range hiring {
		for _, s := range objects(h["steps"]) {
			s["scope"] = h["scope"]
			out = append(out, s)
		}
	}
	return out
}

func objects(v any) []map[string]any {
	var out []map[string]any
	values, _ := v.([]any)
	for _, x := range values {
		if o, ok := x.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// A tally counts what was found of what was wanted.
type tally struct{ hits, found, wanted int }

func (c tally) f1() float64 { return 2 * float64(c.hits) / float64(max(1, c.found+c.wanted)) }

// A score is the comparison of all pages.
type score struct {
	levels, steps tally
	right, asked  map[string]int
	misses        []string
}

func (s *score) total() int {
	n := 0
	for _, asked := range s.asked {
		n += asked
	}
	return n
}

func (s *score) fields() float64 {
	right := 0
	for _, n := range s.right {
		right += n
	}
	return float64(right) / float64(max(1, s.total()))
}

func (s *score) page(want label, got map[string]any) {
	hiring := objects(got["hiring"])
	s.match(&s.levels, "level", want.Path, want.Levels, objects(got["levels"]), want.DisputedLevels,
		"title", "grades", "reports_to", "span", "responsibilities", "requirements", "performance_indicators", "extends", "ladder")
	s.match(&s.steps, "step", want.Path, want.steps(), stepsOf(hiring), want.DisputedSteps,
		"kind", "minutes", "interviewers", "mode", "panel", "optional", "count", "scope")
	wide, _ := got["family"].(map[string]any)
	for _, f := range []string{"responsibilities", "requirements", "performance_indicators", "ladder"} {
		s.field("family."+f, want.Path, want.Family[f], wide[f])
	}
}

// match pairs labelled and exported things of one kind by their lines and
// compares their fields.
func (s *score) match(c *tally, kind, path string, want, got []map[string]any, disputed []int, fields ...string) {
	byLine := map[int]map[string]any{}
	for _, g := range got {
		byLine[lineOf(g)] = g
	}
	for line := range byLine {
		if !slices.Contains(disputed, line) {
			c.found++
		}
	}
	c.wanted += len(want)
	for _, w := range want {
		where := fmt.Sprintf("%s:%d", path, lineOf(w))
		g, ok := byLine[lineOf(w)]
		if !ok {
			s.misses = append(s.misses, where+": "+kind+" not found")
			continue
		}
		c.hits++
		for _, f := range fields {
			s.field(kind+"."+f, where, w[f], g[f])
		}
	}
}

func lineOf(o map[string]any) int {
	n, _ := o["line"].(float64)
	return int(n)
}

func (s *score) field(name, where string, want, got any) {
	if want == "?" {
		return
	}
	s.asked[name]++
	if same(want, got) {
		s.right[name]++
		return
	}
	s.misses = append(s.misses, fmt.Sprintf("%s %s: got %v, want %v", where, name, got, want))
}

// same compares a labelled value with an exported one.
func same(want, got any) bool {
	if empty(want) && empty(got) {
		return true
	}
	switch want := want.(type) {
	case []any:
		other, ok := got.([]any)
		return ok && slices.Equal(letters(want), letters(other))
	case map[string]any:
		other, ok := got.(map[string]any)
		return ok && same(want["min"], other["min"]) && same(want["max"], other["max"])
	case float64, bool:
		return want == got
	}
	return norm(want) == norm(got)
}

func empty(v any) bool {
	list, isList := v.([]any)
	return v == nil || v == "" || isList && len(list) == 0
}

// letters are the texts of a list as they are compared, sorted.
func letters(values []any) []string {
	var out []string
	for _, v := range values {
		out = append(out, norm(v))
	}
	slices.Sort(out)
	return out
}

// norm is a text in lower case in which every run of other signs than letters,
// digits, '_' and '+' is one blank.
func norm(v any) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(fmt.Sprint(v)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '_' && r != '+'
	}), " ")
}
