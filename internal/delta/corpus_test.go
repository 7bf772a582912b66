package delta_test

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/source"
)

// compiled makes a page of its text.
func compiled(path, text string) delta.Page {
	f := source.New(path, []byte(text))
	return delta.Page{File: f, Family: resolve.Family(syntax.Parse(f, syntax.GFM), resolve.Settings{})}
}

// corpus returns the folder of real pages and edits, or skips the test.
func corpus(t testing.TB) string {
	dir := cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "shared", "corpus"))
	if _, err := os.Stat(filepath.Join(dir, "edits")); err != nil {
		t.Skip("no corpus: set CADRE_CORPUS to the folder that holds edits/")
	}
	return dir
}

// A label says by hand what a real edit changes.
type label struct {
	ID       string
	Category delta.Category
	Contract []struct {
		Kind  delta.Kind
		Level string
	}
}

// TestRealEdits holds the bar over labelled edits of real pages: the strictest
// category is right for at least 95 of 100 (NONE and TEXT count as one), and
// the CONTRACT changes, as kind and level, reach F1 0.93.
func TestRealEdits(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(corpus(t), "edits", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no edits: %v", err)
	}
	right, hits, found, wanted := 0, 0, 0, 0
	for _, dir := range dirs {
		var want label
		readJSON(t, filepath.Join(dir, "label.json"), &want)
		changes := delta.Compare(compiled("old.md", read(t, dir, "old.md")), compiled("new.md", read(t, dir, "new.md")))
		got := delta.Strictest([]delta.PageChange{{Changes: changes}})
		if soft(got) == soft(want.Category) {
			right++
		} else {
			t.Logf("%s: category %s, want %s", want.ID, got, want.Category)
		}
		a, b := contract(changes), []string{}
		for _, c := range want.Contract {
			b = append(b, string(c.Kind)+" "+words(c.Level))
		}
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Logf("%s: contract %q\nwant %q", want.ID, a, b)
		}
		hits, found, wanted = hits+common(a, b), found+len(a), wanted+len(b)
	}
	f1 := 2 * float64(hits) / float64(max(1, found+wanted))
	t.Logf("category right %d/%d, contract F1 %.3f", right, len(dirs), f1)
	if float64(right) < 0.95*float64(len(dirs)) {
		t.Errorf("category right for %d of %d edits, want 95 %%", right, len(dirs))
	}
	if f1 < 0.93 {
		t.Errorf("contract F1 %.3f, want 0.93", f1)
	}
}

func soft(c delta.Category) delta.Category {
	if c == delta.None {
		return delta.Text
	}
	return c
}

// contract lists the CONTRACT changes as "kind level", sorted.
func contract(changes []delta.Change) []string {
	out := []string{}
	for _, c := range changes {
		if c.Category == delta.Contract {
			out = append(out, string(c.Kind)+" "+words(c.Level))
		}
	}
	slices.Sort(out)
	return out
}

// words writes a title in small letters without punctuation.
func words(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '_'
	}), " ")
}

func common(a, b []string) int {
	rest, n := slices.Clone(b), 0
	for _, x := range a {
		if i := slices.Index(rest, x); i >= 0 {
			rest, n = slices.Delete(rest, i, i+1), n+1
		}
	}
	return n
}

func read(t testing.TB, elem ...string) string {
	text, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readJSON(t testing.TB, path string, v any) {
	if err := json.Unmarshal([]byte(read(t, path)), v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
