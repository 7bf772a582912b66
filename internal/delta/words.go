package delta

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
)

// A stretch is a run of words that both texts of a change have, or that came or
// went.
type stretch struct {
	sign  byte // '=', '-' or '+'
	words []string
}

// maxTable bounds the comparison of long texts word by word; above it a text
// counts as replaced as a whole.
const maxTable = 1 << 20

// stretches compares two texts word by word. Texts that have little in common
// are told as one that went and one that came.
func stretches(old, new string) []stretch {
	a, b := strings.Fields(old), strings.Fields(new)
	var same []wording.Pair
	if len(a)*len(b) <= maxTable {
		same = wording.Common(len(a), len(b), func(i, j int) bool { return a[i] == b[j] })
	}
	if 3*len(same) < max(len(a), len(b)) {
		same = nil
	}
	var out []stretch
	put := func(sign byte, words ...string) {
		if n := len(out); n > 0 && out[n-1].sign == sign {
			out[n-1].words = append(out[n-1].words, words...)
		} else if len(words) > 0 {
			out = append(out, stretch{sign, words})
		}
	}
	i, j := 0, 0
	for _, m := range same {
		put('-', a[i:m.Old:m.Old]...)
		put('+', b[j:m.New:m.New]...)
		put('=', a[m.Old])
		i, j = m.Old+1, m.New+1
	}
	put('-', a[i:len(a):len(a)]...)
	put('+', b[j:len(b):len(b)]...)
	return out
}

// How many words around a difference are shown of a long text, and how many in
// a row must be the same before some are left out.
const (
	around   = 6
	leaveOut = 2*around + 4
)

// shorten leaves out what two long texts have in common far from their
// differences, and cuts what came or went to a readable length.
func shorten(ss []stretch) []stretch {
	total := 0
	for _, s := range ss {
		total += len(strings.Join(s.words, " ")) + 1
	}
	if total <= excerptLength {
		return ss
	}
	out := make([]stretch, len(ss))
	for i, s := range ss {
		switch {
		case s.sign != '=':
			s.words = cut(s.words)
		case i == 0 && len(s.words) > around+2:
			s.words = append([]string{"…"}, s.words[len(s.words)-around:]...)
		case i == len(ss)-1 && len(s.words) > around+2:
			s.words = append(s.words[:around:around], "…")
		case i > 0 && i < len(ss)-1 && len(s.words) > leaveOut:
			s.words = append(append(s.words[:around:around], "…"), s.words[len(s.words)-around:]...)
		}
		out[i] = s
	}
	return out
}

// cut drops the words behind the length of an excerpt.
func cut(words []string) []string {
	n := 0
	for i, w := range words {
		if n += len([]rune(w)) + 1; n > excerptLength {
			if i == 0 {
				return []string{string([]rune(w)[:excerptLength]) + "…"}
			}
			return append(words[:i:i], "…")
		}
	}
	return words
}

// sides returns what is shown of the old text and of the new one.
func sides(ss []stretch) (old, new []stretch) {
	for _, s := range ss {
		if s.sign != '+' {
			old = append(old, s)
		}
		if s.sign != '-' {
			new = append(new, s)
		}
	}
	return old, new
}

// plainly writes stretches as one text.
func plainly(ss []stretch) string {
	parts := make([]string, len(ss))
	for i, s := range ss {
		parts[i] = strings.Join(s.words, " ")
	}
	return strings.Join(parts, " ")
}
