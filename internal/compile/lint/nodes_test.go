package lint

import "testing"

// A key, a name and an anchor of one unit are the same, however they are
// written; a word more or less makes another one.
func TestSameAnchor(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"tug_boats", "tug-boats", true},
		{"Tug Boats", "tug-boats", true},
		{"Mooring & Tugs", "mooring-tugs", true},
		{" Yard 2 ", "yard-2", true},
		{"tugboats", "tug-boats", false},
		{"tug", "tug-boats", false},
		{"tug-boats", "tug", false},
		{"", "", false},
		{"--", "__", false},
	} {
		if got := sameAnchor(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: %t", c.a, c.b, got)
		}
	}
}
