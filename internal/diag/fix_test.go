package diag

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/source"
)

// edit returns the edit that replaces bytes start to end.
func edit(start, end int, text string) Edit { return Edit{source.Span{Start: start, End: end}, text} }

func TestApply(t *testing.T) {
	const text = "the quay is free"
	for _, c := range []struct {
		name    string
		fixes   []*Fix
		want    string
		applied int
	}{
		{"none", nil, text, 0},
		{"a fix without edits", []*Fix{{}}, text, 0},
		{"one", []*Fix{{Edits: []Edit{edit(4, 8, "berth")}}}, "the berth is free", 1},
		{"in any order", []*Fix{{Edits: []Edit{edit(12, 16, "full"), edit(0, 3, "The")}}}, "The quay is full", 1},
		{"insert", []*Fix{{Edits: []Edit{edit(16, 16, ".")}}, {Edits: []Edit{edit(0, 0, "Now ")}}}, "Now the quay is free.", 2},
		{"side by side", []*Fix{{Edits: []Edit{edit(0, 4, "")}}, {Edits: []Edit{edit(4, 8, "all")}}}, "all is free", 2},
		{"the second meets the first", []*Fix{{Edits: []Edit{edit(0, 8, "it")}}, {Edits: []Edit{edit(4, 8, "berth"), edit(12, 16, "full")}}}, "it is free", 1},
		{"both begin at one place", []*Fix{{Edits: []Edit{edit(4, 4, "big ")}}, {Edits: []Edit{edit(4, 4, "old ")}}}, "the big quay is free", 1},
		{"meets itself", []*Fix{{Edits: []Edit{edit(0, 8, "it"), edit(4, 5, "x")}}}, text, 0},
		{"outside", []*Fix{{Edits: []Edit{edit(10, 17, "")}}, {Edits: []Edit{edit(-1, 2, "")}}, {Edits: []Edit{edit(5, 4, "")}}}, text, 0},
		{"a later one still fits", []*Fix{{Edits: []Edit{edit(0, 8, "it")}}, {Edits: []Edit{edit(2, 9, "")}}, {Edits: []Edit{edit(12, 16, "full")}}}, "it is full", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, n := Apply([]byte(text), c.fixes)
			if string(got) != c.want || n != c.applied {
				t.Errorf("got %q with %d fixes, want %q with %d", got, n, c.want, c.applied)
			}
		})
	}
}

// A fix is applied whole or not at all, and no byte outside the applied edits
// changes: each edit is found by itself from its number in the text.
func TestApplyWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.ByteRange('a', 'z'), 0, 30).Draw(t, "text")
		before := bytes.Clone(text)
		fixes := make([]*Fix, rapid.IntRange(0, 6).Draw(t, "fixes"))
		for i := range fixes {
			fixes[i] = &Fix{}
			for range rapid.IntRange(0, 3).Draw(t, "edits") {
				start := rapid.IntRange(-1, len(text)+1).Draw(t, "start")
				end := start + rapid.IntRange(-1, 5).Draw(t, "length")
				// A digit marks the fix; the text holds none.
				fixes[i].Edits = append(fixes[i].Edits, edit(start, end, string(rune('0'+i))))
			}
		}
		got, applied := Apply(text, fixes)
		if !bytes.Equal(text, before) {
			t.Fatal("the text itself changed")
		}
		n, removed := 0, make([]bool, len(text))
		for i, fix := range fixes {
			marks := bytes.Count(got, []byte{byte('0' + i)})
			if marks == 0 {
				continue
			}
			if marks != len(fix.Edits) {
				t.Fatalf("fix %d has %d edits of which %d are in %q", i, len(fix.Edits), marks, got)
			}
			n++
			for _, e := range fix.Edits {
				for at := e.Span.Start; at < e.Span.End; at++ {
					if removed[at] {
						t.Fatalf("byte %d is replaced twice", at)
					}
					removed[at] = true
				}
			}
		}
		if n != applied {
			t.Fatalf("%d fixes are in %q, but %d are said to be", n, got, applied)
		}
		var kept []byte
		for at, b := range text {
			if !removed[at] {
				kept = append(kept, b)
			}
		}
		rest := bytes.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return -1
			}
			return r
		}, got)
		if !bytes.Equal(rest, kept) {
			t.Fatalf("of %q stays %q, not %q", text, rest, kept)
		}
	})
}

func TestFixable(t *testing.T) {
	f := Finding{Fixes: []Fix{{Title: "unsafe", Edits: []Edit{{}}}, {Title: "empty", Safe: true}, {Title: "good", Safe: true, Edits: []Edit{{}}}}}
	if fix := f.Fixable(); fix == nil || fix.Title != "good" {
		t.Errorf("got %v", fix)
	}
	f.Fixes = f.Fixes[:2]
	if fix := f.Fixable(); fix != nil {
		t.Errorf("%q is applied without asking", fix.Title)
	}
}

// The diff is one that patch applies, whatever the name and the line endings.
func TestDiffPatches(t *testing.T) {
	patch, err := exec.LookPath("patch")
	if err != nil {
		t.Skip("patch is not installed")
	}
	for _, c := range []struct{ path, before, after string }{
		{"roles/a.md", "one\ntwo\nthree\n", "one\n2\nthree\n"},
		{"roles/berth planner.md", "one\ntwo\n", "one\n"},
		{"roles/a.md", "no newline", "no newline at the end"},
		{"roles/a.md", "one\r\ntwo\r\n", "one\r\n2\r\n"},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, filepath.FromSlash(c.path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(c.before), 0o644); err != nil {
			t.Fatal(err)
		}
		d := Diff(c.path, []byte(c.before), []byte(c.after))
		cmd := exec.Command(patch, "-p1", "--binary")
		cmd.Dir, cmd.Stdin = dir, bytes.NewReader(d)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v: %s\n%s", err, out, d)
			continue
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != c.after {
			t.Errorf("patched to %q, want %q (%v)", got, c.after, err)
		}
	}
}

func TestDiffOfEqualTexts(t *testing.T) {
	if d := Diff("a.md", []byte("x\n"), []byte("x\n")); len(d) != 0 {
		t.Errorf("got %q", d)
	}
}
