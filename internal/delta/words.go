package delta

import "strings"

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
	same := commonWords(a, b)
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
		put('-', a[i:m.old:m.old]...)
		put('+', b[j:m.new:m.new]...)
		put('=', a[m.old])
		i, j = m.old+1, m.new+1
	}
	put('-', a[i:len(a):len(a)]...)
	put('+', b[j:len(b):len(b)]...)
	return out
}

// commonWords is the longest sequence of words that both texts have, as the
// indexes of each.
func commonWords(a, b []string) []candidate {
	if len(a)*len(b) > maxTable {
		return nil
	}
	t := make([][]int32, len(a)+1)
	cells := make([]int32, (len(a)+1)*(len(b)+1))
	for i := range t {
		t[i], cells = cells[:len(b)+1], cells[len(b)+1:]
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				t[i][j] = t[i+1][j+1] + 1
			} else {
				t[i][j] = max(t[i+1][j], t[i][j+1])
			}
		}
	}
	var out []candidate
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, candidate{old: i, new: j})
			i++
			j++
		case t[i+1][j] >= t[i][j+1]:
			i++
		default:
			j++
		}
	}
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
