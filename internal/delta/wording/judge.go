package wording

import (
	"strings"
	"unicode"
)

// Judge says how new differs from old. Strict is for texts that name what
// somebody must bring along: there another proper name is another demand,
// unless the page calls the same thing by the new name elsewhere too.
func (n *Names) Judge(old, new *Text, strict bool) Verdict {
	if old.raw == new.raw {
		return Same
	}
	if n.alike(old, new, strict) || n.alike(old.apart(), new.apart(), strict) {
		return Reworded
	}
	return Meaning
}

// DifferBy reports whether every word by which two texts differ is one of the
// values' words: then telling the values tells all.
func (n *Names) DifferBy(old, new *Text, values ...string) bool {
	known := map[string]bool{}
	for _, v := range values {
		for _, w := range scan(v) {
			known[w.key] = true
		}
	}
	for _, h := range n.differences(old.apart(), new.apart()) {
		for _, ws := range [][]word{h.gone, h.come} {
			for i := range ws {
				if !known[ws[i].key] {
					return false
				}
			}
		}
	}
	return true
}

// alike reports whether nothing remains between two texts that cannot be
// explained.
func (n *Names) alike(old, new *Text, strict bool) bool {
	for _, h := range n.differences(old, new) {
		if !n.swapped(&h, old, new, strict) {
			return false
		}
	}
	return true
}

// apart is the text without phrases put together; a typo inside a phrase hides
// it on one side.
func (t *Text) apart() *Text {
	return &Text{raw: t.raw, words: t.plain, plain: t.plain, links: t.links}
}

// differences aligns two texts and returns the hunks that neither spelling nor
// word order nor abbreviation nor a link explains.
func (n *Names) differences(old, new *Text) []hunk {
	a, b := n.renamed(old.telling()), new.telling()
	hs := align(a, b)
	cancelMoved(hs, a, b)
	out := hs[:0]
	for _, h := range hs {
		n.explain(&h, old, new)
		if !h.empty() {
			out = append(out, h)
		}
	}
	return out
}

// telling returns the words that are not weak.
func (t *Text) telling() []word {
	out := make([]word, 0, len(t.words))
	for i := range t.words {
		if !t.words[i].weak {
			out = append(out, t.words[i])
		}
	}
	return out
}

// explain removes from h what means the same on both sides.
func (n *Names) explain(h *hunk, old, new *Text) {
	repeated(h, old, new)
	joined(h, old, new)
	acronyms(h, old, new)
	n.spelling(h)
	n.houseName(h)
	misspelt(h, old, new)
	isSoft := func(w *word) bool { return w.soft }
	h.gone, h.come = without(h.gone, isSoft), without(h.come, isSoft)
	linked(h, old, new)
}

// repeated removes words that only stand twice in a row: "the team team".
func repeated(h *hunk, old, new *Text) {
	h.gone = without(h.gone, old.repeats)
	h.come = without(h.come, new.repeats)
}

func (t *Text) repeats(w *word) bool {
	for i := 1; i < len(t.words); i++ {
		if t.words[i].start == w.start {
			return t.words[i-1].key == w.key && !w.number && t.adjacent(i-1)
		}
	}
	return false
}

// misspelt removes words that are weak ones with a typo: "teh", "form" where
// the other side has one "from" more.
func misspelt(h *hunk, old, new *Text) {
	h.gone = without(h.gone, func(w *word) bool { return weakTypo(w, old, new) })
	h.come = without(h.come, func(w *word) bool { return weakTypo(w, new, old) })
}

func weakTypo(w *word, own, other *Text) bool {
	if len(w.fold) < 3 || w.number || w.proper || decisive()[w.fold] {
		return false
	}
	for i := range other.words {
		x := &other.words[i]
		if !x.weak || len(x.fold) < 3 || x.number {
			continue
		}
		near := len(w.fold) == len(x.fold) && transposed(w.fold, x.fold) || len(w.fold) != len(x.fold) && distance(w.fold, x.fold) == 1
		if near && other.count(x.fold) > own.count(x.fold) {
			return true
		}
	}
	return false
}

// count returns how often a folded word stands in the text.
func (t *Text) count(fold string) int {
	n := 0
	for i := range t.words {
		if t.words[i].fold == fold {
			n++
		}
	}
	return n
}

// joined removes words that are written together on one side: "values and" for
// "valuesand", "on-boarding" for "onboarding".
func joined(h *hunk, old, new *Text) {
	h.gone, h.come = joinedIn(h.gone, h.come, new)
	h.come, h.gone = joinedIn(h.come, h.gone, old)
}

func joinedIn(whole, parts []word, text *Text) (wholeLeft, partsLeft []word) {
	if len(whole) == 0 || len(parts) == 0 {
		return whole, parts
	}
	wholeLeft = without(whole, func(w *word) bool {
		from, to, ok := text.spelled(w.fold)
		if !ok {
			return false
		}
		before := len(parts)
		parts = without(parts, func(p *word) bool { return p.start >= from && p.start < to })
		return len(parts) < before
	})
	return wholeLeft, parts
}

// spelled finds two to four words of the text that make s when written
// together, and returns where they begin and end.
func (t *Text) spelled(s string) (from, to int, ok bool) {
	for i := range t.words {
		if w := t.words[i].fold; w == "" || !strings.HasPrefix(s, w) {
			continue
		}
		rest := s
		for j := i; j < len(t.words) && j < i+4; j++ {
			var cut bool
			if rest, cut = strings.CutPrefix(rest, t.words[j].fold); !cut {
				break
			}
			if rest == "" && j > i {
				return t.words[i].start, t.words[j].end(), true
			}
		}
	}
	return 0, 0, false
}

// acronyms removes a short form against the words it is short for, and a short
// form that was put behind them or taken away: "Annual Recurring Revenue (ARR)".
func acronyms(h *hunk, old, new *Text) {
	h.gone, h.come = acronymIn(h.gone, h.come, old, new)
	h.come, h.gone = acronymIn(h.come, h.gone, new, old)
	h.gone = writtenOut(h.gone, old, new)
	h.come = writtenOut(h.come, new, old)
}

// writtenOut removes the words that write a short form out beside it, where the
// other text has the short form too: "quarterly plans (QPs)" for "QPs".
func writtenOut(ws []word, own, other *Text) []word {
	for i := range own.words {
		short := &own.words[i]
		letters := acronym(short.text)
		if len(ws) == 0 {
			return ws
		}
		if letters == "" || other.count(short.fold) == 0 {
			continue
		}
		from, to, ok := own.initials(letters)
		if !ok || short.start-to > beside || from-short.end() > beside {
			continue
		}
		ws = without(ws, func(w *word) bool { return w.start >= from && w.start < to })
	}
	return ws
}

// beside is how many bytes may stand between a short form and what it is short
// for: a blank and a bracket.
const beside = 3

func acronymIn(short, long []word, shortText, longText *Text) (shortLeft, longLeft []word) {
	shortLeft = without(short, func(w *word) bool {
		letters := acronym(w.text)
		if letters == "" {
			return false
		}
		if _, _, ok := shortText.initials(letters); ok {
			return true // written out beside it
		}
		from, to, ok := longText.initials(letters)
		if ok {
			long = without(long, func(p *word) bool { return p.start >= from && p.start < to })
		}
		return ok
	})
	return shortLeft, long
}

// acronym returns the capitals of a short form in small letters, or "".
func acronym(s string) string {
	s = strings.TrimSuffix(s, "s")
	if len(s) < 2 || len(s) > 6 {
		return ""
	}
	for _, r := range s {
		if !unicode.IsUpper(r) && r != '&' {
			return ""
		}
	}
	return strings.ToLower(s)
}

// initials finds a run of two or more words that these letters are short for.
func (t *Text) initials(letters string) (from, to int, ok bool) {
	for i := range t.words {
		if end := t.abbreviated(letters, i, letters); end > i+1 {
			return t.words[i].start, t.words[end-1].end(), true
		}
	}
	return 0, 0, false
}

// abbreviated returns the index behind the run of words from i on that letters
// are short for, or -1: each word gives its first letter or the first few, one
// that is short itself its first; weak words inside the run need not give any.
// The short form itself, whole, is no part of it.
func (t *Text) abbreviated(letters string, i int, whole string) int {
	if letters == "" {
		return i
	}
	if i == len(t.words) {
		return -1
	}
	w := &t.words[i]
	longest := min(longestInitial, len(w.fold), len(letters))
	switch acronym(w.text) {
	case "":
	case whole:
		return -1
	default:
		longest = min(longest, 1)
	}
	for n := 1; n <= longest && w.fold[n-1] == letters[n-1]; n++ {
		if end := t.abbreviated(letters[n:], i+1, whole); end > 0 {
			return end
		}
	}
	if w.weak && len(letters) < len(whole) {
		return t.abbreviated(letters, i+1, whole)
	}
	return -1
}

// longestInitial is how many letters of one word a short form may hold.
const longestInitial = 4

// spelling removes pairs of words that are forms or misspellings of each other.
func (n *Names) spelling(h *hunk) {
	h.gone = without(h.gone, func(g *word) bool {
		for i := range h.come {
			if c := &h.come[i]; n.sameWord(g, c) {
				h.come = append(h.come[:i:i], h.come[i+1:]...)
				return true
			}
		}
		return false
	})
}

// sameWord reports whether two words with different keys are one word, derived
// or spelt in two ways.
func (n *Names) sameWord(a, b *word) bool {
	if a.number || b.number {
		return false
	}
	if (a.proper || b.proper) && stem(a.fold) == stem(b.fold) || related(a.fold, b.fold) {
		return true
	}
	if !typo(a.fold, b.fold) {
		return false
	}
	// Two words that the pages also use elsewhere are no misspellings.
	n.load()
	return len(a.fold) >= 9 || !n.newWords[a.fold] || !n.oldWords[b.fold]
}

// linked removes words inside the text of a link, where the link still names
// the same thing: it leads where it led, or most of its name is as before.
func linked(h *hunk, old, new *Text) {
	l, m := oneLink(h.gone), oneLink(h.come)
	if l < 0 || m < 0 || l == 0 && m == 0 {
		return
	}
	switch {
	case l == 0:
		l = old.linkTo(new.links[m-1].Target)
	case m == 0:
		m = new.linkTo(old.links[l-1].Target)
	}
	if l == 0 || m == 0 {
		return
	}
	a, b := old.links[l-1], new.links[m-1]
	names := old.named(l) && new.named(m)
	if (hasNumber(h.gone) || hasNumber(h.come)) && !names {
		return
	}
	shared := Similarity(New(a.Text), New(b.Text)) >= 0.5
	if shared || names && a.Target == b.Target {
		h.gone, h.come = nil, nil
	}
}

// oneLink returns the link that covers all words: 0 if there are no words, -1
// if some lie elsewhere.
func oneLink(ws []word) int {
	l := 0
	for i := range ws {
		if ws[i].link == 0 || l != 0 && ws[i].link != l {
			return -1
		}
		l = ws[i].link
	}
	return l
}

// linkTo returns the number of the link with this target, or 0.
func (t *Text) linkTo(target string) int {
	for i, l := range t.links {
		if l.Target == target {
			return i + 1
		}
	}
	return 0
}

// named reports whether a link's text is a name: each telling word of it is a
// proper one or a number.
func (t *Text) named(link int) bool {
	any := false
	for i := range t.words {
		w := &t.words[i]
		if w.link != link || w.weak {
			continue
		}
		if !w.number && !w.proper && !(w.initial && unicode.IsUpper(rune(w.text[0]))) {
			return false
		}
		any = true
	}
	return any
}

func hasNumber(ws []word) bool {
	for i := range ws {
		if ws[i].number {
			return true
		}
	}
	return false
}
