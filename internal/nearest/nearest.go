// Package nearest finds what somebody probably meant: the known word that is
// closest to the one they wrote, for messages; nothing is decided by it. How far
// two words are apart serves others too.
package nearest

import (
	"strings"
	"unicode/utf8"
)

// Word returns the known word that is closest to the written one, ignoring
// case, and false if none is close: more than a third of the letters (but two
// are always granted) would have to change. Of equally close words the first
// wins.
func Word(written string, known []string) (string, bool) {
	best, found := "", false
	wanted := []rune(strings.ToLower(written))
	limit := max(2, len(wanted)/3)
	for _, k := range known {
		n := utf8.RuneCountInString(k)
		if n > len(wanted)+limit || len(wanted) > n+limit {
			continue // so many letters are too many or missing
		}
		if d := Distance(wanted, []rune(strings.ToLower(k)), limit); d <= limit && d < n {
			best, found, limit = k, true, d-1
		}
	}
	return best, found
}

// Hint returns `; did you mean "x"?` for a word with a neighbour, and "" for
// others, to be put behind a message.
func Hint(written string, known []string) string {
	if w, ok := Word(written, known); ok {
		return `; did you mean "` + w + `"?`
	}
	return ""
}

// Distance counts the letters to insert, delete, change or swap with their
// neighbour to make b of a, if none is changed twice (optimal string alignment).
// It gives up above a limit: what it returns then is only known to be more.
func Distance[E byte | rune](a, b []E, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var stack [3 * 48]int // enough for most words
	rows, width := stack[:], len(b)+1
	if 3*width > len(rows) {
		rows = make([]int, 3*width)
	}
	before, prev, row := rows[:width], rows[width:2*width], rows[2*width:3*width]
	for j := range prev {
		prev[j] = j
	}
	for i := range a {
		row[0] = i + 1
		least := row[0]
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(prev[j]+cost, prev[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit+1 { // a swap looks back two rows
			return least
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}
