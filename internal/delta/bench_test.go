package delta_test

import (
	"path/filepath"
	"testing"

	"github.com/cadre-hq/cadre/internal/delta"
)

// BenchmarkCompare compares the compiled models of all labelled edits.
func BenchmarkCompare(b *testing.B) {
	dirs, _ := filepath.Glob(filepath.Join(corpus(b), "edits", "*"))
	var old, new []delta.Page
	for _, dir := range dirs {
		old = append(old, compiled("old.md", read(b, dir, "old.md")))
		new = append(new, compiled("new.md", read(b, dir, "new.md")))
	}
	for b.Loop() {
		for i := range old {
			delta.Compare(old[i], new[i])
		}
	}
}
