package wording

import (
	"strings"
	"unicode"
)

// Names knows what two states of a page call things: the words that each of
// them uses, titles that are known to have been renamed, and proper names that
// were seen to be replaced by others.
type Names struct {
	pages              func() (old, new []*Text) // nil once they were read
	oldWords, newWords map[string]bool           // folded words of the whole page
	oldText, newText   string                    // all words as written, between blanks
	capital            map[string]bool           // words that are names also inside sentences
	house              string                    // the organisation's own name, folded
	renames            []rename
	swaps              map[swap]map[string]bool // in which old texts it was seen
}

type rename struct{ old, new []word }

// A swap is a name that took another's place, by the keys of their words.
type swap struct{ old, new string }

// rare is how often a name may occur without being the organisation's own.
const rare = 4

// NewNames takes both states of a page, as pages returns their texts. It calls
// pages when a comparison first needs to know more than two texts, if ever.
func NewNames(pages func() (old, new []*Text)) *Names {
	return &Names{pages: pages, swaps: map[swap]map[string]bool{}}
}

// load reads the pages, once.
func (n *Names) load() {
	if n.pages == nil {
		return
	}
	old, new := n.pages()
	n.pages = nil
	n.oldWords, n.newWords, n.capital = map[string]bool{}, map[string]bool{}, map[string]bool{}
	count, owns := map[string]int{}, map[string]bool{}
	n.oldText = n.read(old, n.oldWords, count, owns)
	n.newText = n.read(new, n.newWords, count, owns)
	best := rare
	for w := range owns {
		if c := count[w]; c > best || c == best && n.house != "" && w < n.house {
			n.house, best = w, c
		}
	}
}

func (n *Names) read(texts []*Text, words map[string]bool, count map[string]int, owns map[string]bool) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range texts {
		for i := range t.words {
			w := &t.words[i]
			words[w.fold] = true
			b.WriteString(written(w))
			b.WriteByte(' ')
			if strings.HasSuffix(w.text, "'s") || strings.HasSuffix(w.text, "’s") {
				owns[w.fold] = true
			}
			if w.proper {
				n.capital[w.fold] = true
				count[w.fold]++
			}
		}
		b.WriteString("| ")
	}
	return b.String()
}

// Rename tells that old is now called new, so that texts which follow suit are
// only reworded.
func (n *Names) Rename(old, new string) {
	a, b := NewTitle(old).telling(), NewTitle(new).telling()
	if len(a) > 0 && len(b) > 0 {
		n.renames = append(n.renames, rename{a, b})
	}
}

// Observe looks at two states of one text for names that took another's place.
func (n *Names) Observe(old, new *Text) {
	if old.raw == new.raw {
		return
	}
	for _, h := range n.differences(old, new) {
		if n.properSwap(&h, old, new) {
			s := h.swap()
			if n.swaps[s] == nil {
				n.swaps[s] = map[string]bool{}
			}
			n.swaps[s][old.raw] = true
		}
	}
}

func (h *hunk) swap() swap { return swap{keys(h.gone), keys(h.come)} }

func keys(ws []word) string {
	var b strings.Builder
	for i := range ws {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(ws[i].key)
	}
	return b.String()
}

// renamed returns the words with every renamed title replaced.
func (n *Names) renamed(ws []word) []word {
	for _, r := range n.renames {
		for i := 0; i+len(r.old) <= len(ws); i++ {
			if !begins(ws[i:], r.old) {
				continue
			}
			out := append([]word(nil), ws[:i]...)
			for _, w := range r.new {
				w.start, w.link = ws[i].start, ws[i].link
				out = append(out, w)
			}
			ws = append(out, ws[i+len(r.old):]...)
			i += len(r.new) - 1
		}
	}
	return ws
}

func begins(ws, with []word) bool {
	for i := range with {
		if ws[i].key != with[i].key {
			return false
		}
	}
	return true
}

// swapped reports whether a hunk is nothing but a name that gave way to the new
// name of the same thing.
func (n *Names) swapped(h *hunk, old, new *Text, strict bool) bool {
	if len(n.swaps[h.swap()]) >= 2 {
		return true
	}
	return !strict && n.properSwap(h, old, new)
}

// properSwap reports whether a proper name gave way to another one: the new
// page does not use the old name any more, and the old page did not know the
// new one.
func (n *Names) properSwap(h *hunk, old, new *Text) bool {
	if len(h.gone) == 0 || len(h.come) == 0 {
		return false
	}
	n.load()
	if !n.allProper(h.gone) || !n.allProper(h.come) {
		return false
	}
	return !uses(n.newText, old.nameAround(h.gone)) && !uses(n.oldText, new.nameAround(h.come))
}

// nameAround returns the words of the whole name that ws are part of:
// "Harbour Support Engineers" around "Harbour".
func (t *Text) nameAround(ws []word) []word {
	from, to := len(t.words), 0
	for i := range t.words {
		if s := t.words[i].start; s >= ws[0].start && s <= ws[len(ws)-1].start {
			from, to = min(from, i), max(to, i+1)
		}
	}
	if from >= to {
		return ws
	}
	for from > 0 && t.words[from-1].proper && t.adjacent(from-1) {
		from--
	}
	for to < len(t.words) && t.words[to].proper && t.adjacent(to-1) {
		to++
	}
	return t.words[from:to]
}

// adjacent reports whether only a blank or hyphen stands between word i and
// the next one.
func (t *Text) adjacent(i int) bool {
	a, b := t.words[i].end(), t.words[i+1].start
	return b-a == 1 && a < len(t.raw) && (t.raw[a] == ' ' || t.raw[a] == '-')
}

// uses reports whether the words stand in text next to each other.
func uses(text string, ws []word) bool {
	var b strings.Builder
	b.WriteByte(' ')
	for i := range ws {
		b.WriteString(written(&ws[i]))
		b.WriteByte(' ')
	}
	return strings.Contains(text, b.String())
}

// written is a word of a name as the page writes it; capitals tell a name from
// a common word.
func written(w *word) string {
	return strings.TrimSuffix(strings.TrimSuffix(w.text, "'s"), "’s")
}

func (n *Names) allProper(ws []word) bool {
	for i := range ws {
		w := &ws[i]
		if w.number || w.text == "" {
			return false
		}
		if !w.proper && !(unicode.IsUpper(rune(w.text[0])) && n.capital[w.fold]) {
			return false
		}
	}
	return true
}

// houseName removes the organisation's own name, which says nothing that its
// pages do not say anyway.
func (n *Names) houseName(h *hunk) {
	if h.empty() {
		return
	}
	if n.load(); n.house == "" {
		return
	}
	isHouse := func(w *word) bool { return w.fold == n.house }
	h.gone = without(h.gone, isHouse)
	h.come = without(h.come, isHouse)
}
