package wording

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

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to make b of a (optimal string alignment). It gives up above 2.
func distance(a, b string) int {
	if len(b)-len(a) > 2 || len(a)-len(b) > 2 {
		return 3
	}
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
