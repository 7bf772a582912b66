package diag

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Fixable returns the fix of a finding that may be applied without asking: the
// first safe one, or nil.
func (f *Finding) Fixable() *Fix {
	for i := range f.Fixes {
		if f.Fixes[i].Safe && len(f.Fixes[i].Edits) > 0 {
			return &f.Fixes[i]
		}
	}
	return nil
}

// Apply returns text with the edits of the fixes applied, and how many fixes
// that were. A fix is applied whole or not at all: one that touches bytes that
// an earlier one changes, or that lies outside the text, waits for the next
// run. All other bytes stay as they are.
func Apply(text []byte, fixes []*Fix) ([]byte, int) {
	var edits []Edit // in the order of their spans
	applied := 0
	for _, fix := range fixes {
		if len(fix.Edits) > 0 && fits(fix.Edits, edits, len(text)) {
			for _, e := range fix.Edits {
				edits = slices.Insert(edits, search(edits, e), e)
			}
			applied++
		}
	}
	if applied == 0 {
		return text, 0
	}
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(text[at:e.Span.Start])
		out.WriteString(e.New)
		at = e.Span.End
	}
	out.Write(text[at:])
	return out.Bytes(), applied
}

// fits reports whether the edits of a fix lie in a text of that size, apart
// from each other and from those that were taken before.
func fits(fix, taken []Edit, size int) bool {
	fix = slices.SortedFunc(slices.Values(fix), byStart)
	for i, e := range fix {
		if e.Span.Start < 0 || e.Span.End < e.Span.Start || e.Span.End > size {
			return false
		}
		if i > 0 && meet(fix[i-1], e) {
			return false
		}
		at := search(taken, e)
		if at > 0 && meet(taken[at-1], e) || at < len(taken) && meet(e, taken[at]) {
			return false
		}
	}
	return true
}

// meet reports whether two edits, the first not behind the second, change the
// same bytes or begin at the same one, so that their order would matter.
func meet(first, second Edit) bool {
	return second.Span.Start < first.Span.End || second.Span.Start == first.Span.Start
}

// search returns the place of an edit among sorted ones.
func search(sorted []Edit, e Edit) int {
	at, _ := slices.BinarySearchFunc(sorted, e, byStart)
	return at
}

func byStart(a, b Edit) int { return cmp.Compare(a.Span.Start, b.Span.Start) }

// Diff returns the unified diff that leads from one text of a page to another,
// as `patch -p1` reads it; nothing if they are equal.
func Diff(path string, before, after []byte) []byte {
	if strings.ContainsAny(path, " \t") {
		path += "\t" // ends the name, as git writes it; patch stops at a blank else
	}
	d := diff.Diff("a/"+path, before, "b/"+path, after)
	// The first line is `diff a/x b/x`, which patch ignores and people skip.
	if i := bytes.IndexByte(d, '\n'); i >= 0 {
		d = d[i+1:]
	}
	return d
}
