// Package wording judges whether two texts ask people for the same: whether
// an item of a job family was reworded with another meaning, or only spelt,
// inflected or phrased in another way, or calls the same thing by a new name.
//
// A text becomes words; each word has a key under which its inflections,
// spellings and close synonyms meet, and is either telling or weak (articles,
// pronouns, auxiliaries, prepositions that join). Two texts are aligned by
// their telling words; what remains on either side is explained away where it
// is a typo, a word that moved within the sentence, an abbreviation written
// out, the name of something that is linked as before, or a proper name that
// was replaced everywhere. Whatever cannot be explained is another meaning:
// numbers, negations, modality ("a plus", "required"), and every word that
// came or went.
//
// The tables hold the language's words, never a company's.
package wording

import "strings"

// A Verdict says how two texts differ.
type Verdict int

// The verdicts, the mildest first.
const (
	Same     Verdict = iota // the same text, but for white space and the final period
	Reworded                // other words, the same meaning
	Meaning                 // somebody could be asked for something else
)

// String returns the verdict in a word.
func (v Verdict) String() string {
	return [...]string{"same", "reworded", "meaning"}[v]
}

// A Link is a link inside a text: the words it covers and where it leads.
type Link struct {
	Text, Target string
}

// A Text is a text made ready for comparison. It is immutable.
type Text struct {
	raw   string
	words []word // with phrases put together
	plain []word // each word for itself
	weak  int    // how many of words are weak
	links []Link // word.link counts from 1 into it
}

// New makes text ready; links are those inside it, in order.
func New(text string, links ...Link) *Text {
	t := &Text{raw: Trim(text), links: links}
	t.plain = scan(t.raw)
	t.markLinks()
	t.ignoreTitleCase()
	t.words = phrases(t.plain)
	for i := range t.words {
		if t.words[i].weak {
			t.weak++
		}
	}
	return t
}

// NewTitle makes a title ready: every capital in it makes a name.
func NewTitle(title string) *Text {
	t := &Text{raw: Trim(title)}
	t.plain = scanFrom(t.raw, false)
	t.words = phrases(t.plain)
	for i := range t.words {
		if t.words[i].weak {
			t.weak++
		}
	}
	return t
}

// String returns the text, trimmed.
func (t *Text) String() string { return t.raw }

// Empty reports whether the text has no word at all.
func (t *Text) Empty() bool { return len(t.words) == 0 }

// Len returns the number of telling words.
func (t *Text) Len() int { return len(t.words) - t.weak }

// Numbers returns the numbers of the text in their order, as figures.
func (t *Text) Numbers() []string {
	var out []string
	for i := range t.plain {
		if w := &t.plain[i]; w.number && !w.weak {
			out = append(out, w.key)
		}
	}
	return out
}

// Trim removes what does not belong to a text's wording: blanks around it, the
// final period, and a list sign that a missing blank left in the text.
func Trim(s string) string {
	s = strings.TrimSpace(s)
	s = strings.TrimRight(s, ".;, ")
	return strings.TrimSpace(withoutMarker(s))
}

// withoutMarker drops a bullet or number that stands at the start without the
// blank that would have made it a list item: "1.Plan", "*Plan", "• Plan".
func withoutMarker(s string) string {
	for _, bullet := range []string{"•", "·", "–", "—", "*", "-", "+"} {
		if rest, ok := strings.CutPrefix(s, bullet); ok {
			return rest
		}
	}
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i > 0 && i < 3 && i+1 < len(s) && (s[i] == '.' || s[i] == ')') && (s[i+1] < '0' || s[i+1] > '9') {
		return s[i+1:]
	}
	return s
}

// Similarity returns how much of two texts is the same, between 0 and 1, by
// the keys of their words; weak words count little, order does not count.
func Similarity(a, b *Text) float64 {
	if len(a.words) == 0 || len(b.words) == 0 {
		return 0
	}
	count := make(map[string]int, len(a.words))
	var total, common float64
	for i := range a.words {
		count[a.words[i].key]++
		total += a.words[i].weight()
	}
	for i := range b.words {
		w := &b.words[i]
		total += w.weight()
		if count[w.key] > 0 {
			count[w.key]--
			common += 2 * w.weight()
		}
	}
	return common / total
}

// weight is how much a word tells.
func (w *word) weight() float64 {
	if w.weak {
		return 0.15
	}
	return 1
}

// markLinks tells each word which link covers it.
func (t *Text) markLinks() {
	at := 0
	for n, l := range t.links {
		label := strings.TrimSpace(l.Text)
		i := strings.Index(t.raw[at:], label)
		if label == "" || i < 0 {
			continue
		}
		start, end := at+i, at+i+len(label)
		for j := range t.plain {
			if w := &t.plain[j]; w.start >= start && w.start < end {
				w.link = n + 1
			}
		}
		at = end
	}
}

// ignoreTitleCase takes back what capitals say in a text that is written in
// Title Case throughout; only several capitals in one word make a name there.
// A joining word with a capital gives such a text away, or its length.
func (t *Text) ignoreTitleCase() {
	names, others, joining := 0, 0, 0
	for i := range t.plain {
		switch w := &t.plain[i]; {
		case w.initial || w.number || w.link > 0:
		case w.weak && isProper(w.text, false):
			joining++
		case w.proper:
			names++
		case !w.weak:
			others++
		}
	}
	if others*4 > names || names < 5 && (names < 3 || joining == 0) {
		return
	}
	for i := range t.plain {
		if w := &t.plain[i]; w.link == 0 {
			w.proper = w.proper && isProper(w.text, true)
		}
	}
}
