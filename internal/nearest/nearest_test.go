package nearest

import "testing"

func TestWord(t *testing.T) {
	known := []string{"severity", "ignore", "ignore_only", "use", "CAD205", "CAD250"}
	for _, c := range []struct{ written, want string }{
		{"severty", "severity"},
		{"ingore", "ignore"},
		{"ignoreonly", "ignore_only"},
		{"ues", "use"},
		{"cad205", "CAD205"},
		{"CAD25", "CAD205"}, // both are one letter away: the first wins
		{"colour", ""},
		{"x", ""},
	} {
		if got, _ := Word(c.written, known); got != c.want {
			t.Errorf("Word(%q) = %q, want %q", c.written, got, c.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 1}, {"é", "e", 1}} {
		if got := Distance([]rune(c.a), []rune(c.b), 9); got != c.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
