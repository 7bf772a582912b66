package wording

import "github.com/cadre-hq/cadre/internal/nearest"

// typo reports whether one of two folded words is a misspelling of the other.
// Two letters may differ in a long word, one in a short one. The first letter
// must be the same, for where it differs the words do ("inbound", "outbound");
// so must the meaning of the ending ("manage", "manager").
func typo(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 4 || a[0] != b[0] || agent(a, b) {
		return false
	}
	d := distance(a, b)
	switch {
	case len(a) >= 9:
		return d <= 2
	case len(a) >= 6:
		return d <= 1
	}
	return d == 1 && (len(a) != len(b) || transposed(a, b))
}

// agent reports whether b names who does what a says.
func agent(a, b string) bool {
	return len(b) > len(a) && b[:len(a)] == a && (b[len(a):] == "r" || b[len(a):] == "er" || b[len(a):] == "or" || b[len(a):] == "rs" || b[len(a):] == "ers")
}

// transposed reports whether two words of one length differ by two letters
// that changed places.
func transposed(a, b string) bool {
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// distance counts the letters to change to make b of a; 3 stands for all above
// 2.
func distance(a, b string) int { return min(nearest.Distance([]byte(a), []byte(b), 2), 3) }
