package wording

// A hunk is what differs between two words that are aligned: gone stands in
// the old text alone, come in the new one alone.
type hunk struct {
	gone, come []word
}

func (h *hunk) empty() bool { return len(h.gone) == 0 && len(h.come) == 0 }

// maxCells bounds the alignment table; longer texts are compared as bags.
const maxCells = 1 << 20

// align returns the hunks of the telling words a and b, in order.
func align(a, b []word) []hunk {
	pre := 0
	for pre < len(a) && pre < len(b) && a[pre].key == b[pre].key {
		pre++
	}
	a, b = a[pre:], b[pre:]
	post := 0
	for post < len(a) && post < len(b) && a[len(a)-1-post].key == b[len(b)-1-post].key {
		post++
	}
	a, b = a[:len(a)-post], b[:len(b)-post]
	if len(a) == 0 && len(b) == 0 {
		return nil
	}
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > maxCells {
		return []hunk{{clone(a), clone(b)}}
	}
	return hunks(a, b, Common(len(a), len(b), func(i, j int) bool { return a[i].key == b[j].key }))
}

func clone(w []word) []word { return append([]word(nil), w...) }

// hunks returns what stands between the words that both texts have.
func hunks(a, b []word, same []Pair) []hunk {
	var out []hunk
	i, j := 0, 0
	for _, p := range append(same, Pair{len(a), len(b)}) {
		if h := (hunk{clone(a[i:p.Old]), clone(b[j:p.New])}); !h.empty() {
			out = append(out, h)
		}
		i, j = p.Old+1, p.New+1
	}
	return out
}

// cancelMoved removes the words that only changed their place in the text. A
// number must have moved together with what it counts.
func cancelMoved(hs []hunk, a, b []word) {
	came := map[string]int{}
	for i := range hs {
		for _, w := range hs[i].come {
			came[movedKey(&w, b)]++
		}
	}
	moved := map[string]int{}
	for i := range hs {
		hs[i].gone = without(hs[i].gone, func(w *word) bool {
			k := movedKey(w, a)
			if came[k] == 0 {
				return false
			}
			came[k]--
			moved[k]++
			return true
		})
	}
	for i := range hs {
		hs[i].come = without(hs[i].come, func(w *word) bool {
			k := movedKey(w, b)
			if moved[k] == 0 {
				return false
			}
			moved[k]--
			return true
		})
	}
}

// movedKey is what a word must keep when it moves: its key; for a number also
// the two words behind it in text.
func movedKey(w *word, text []word) string {
	if !w.number {
		return w.key
	}
	for i := range text {
		if text[i].start > w.start {
			return w.key + " " + keys(text[i:min(i+2, len(text))])
		}
	}
	return w.key + " "
}

// without removes the words for which drop says so.
func without(ws []word, drop func(*word) bool) []word {
	out := ws[:0]
	for i := range ws {
		if !drop(&ws[i]) {
			out = append(out, ws[i])
		}
	}
	return out
}
