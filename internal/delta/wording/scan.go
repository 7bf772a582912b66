package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A word is a word, number or telling sign of a text.
type word struct {
	text    string // as written
	fold    string // in small letters, without apostrophe and possessive
	key     string // what it is compared by
	start   int    // offset in the raw text
	weak    bool   // says nothing on its own
	soft    bool   // says little: may come or go
	number  bool
	proper  bool // written as a name: a capital inside a sentence, or several
	initial bool // the first word of a sentence, where a capital tells nothing
	link    int  // number of the link that covers it; 0 for none
}

// scan splits a text into words. Signs that change what is asked ('+' behind a
// number, '%', '<', '>') are words of their own; other punctuation only ends
// words.
func scan(s string) []word { return scanFrom(s, true) }

// scanFrom splits a text whose first word begins a sentence, or does not.
func scanFrom(s string, initial bool) []word {
	words := make([]word, 0, len(s)/6+2)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == 'w' && strings.HasPrefix(s[i+1:], "/o") && !startsWord(s[i+3:]):
			words = append(words, newWord("without", i, initial))
			words[len(words)-1].text = s[i : i+3]
			initial = false
			i += 3
			continue
		case r == 'w' && strings.HasPrefix(s[i+1:], "/"):
			i += 2 // "with" says nothing
			continue
		case isWordRune(r):
			end := wordEnd(s, i)
			words = append(words, newWord(s[i:end], i, initial))
			initial = false
			i = end
			continue
		case r == '+' && len(words) > 0 && words[len(words)-1].end() == i && words[len(words)-1].number:
			words = append(words, sign("+", i))
		case strings.ContainsRune("<>≤≥%", r):
			words = append(words, sign(signKey(r), i))
		case r == '#' && (i == 0 || s[i-1] == ' ') && i+1 < len(s):
			words = append(words, sign("number", i))
		case r == '.' || r == '!' || r == '?' || r == ':':
			initial = i+size >= len(s) || s[i+size] == ' '
		}
		i += size
	}
	return words
}

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isWordRune(r)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func sign(key string, at int) word { return word{text: key, fold: key, key: key, start: at} }

func signKey(r rune) string {
	switch r {
	case '%':
		return "percent"
	case '≤':
		return "<"
	case '≥':
		return "+"
	}
	return string(r)
}

// end returns the offset behind the word in the raw text.
func (w *word) end() int { return w.start + len(w.text) }

// wordEnd returns the offset behind the word that begins at i: letters and
// digits, apostrophes and dots between them ("don't", "2.5", "e.g"), and the
// pluses of "C++". An address is one word up to the next blank.
func wordEnd(s string, i int) int {
	if end := i + strings.IndexByte(s[i:]+" ", ' '); strings.Contains(s[i:end], "://") {
		return i + len(strings.TrimRight(s[i:end], ".,;)"))
	}
	digits := s[i] >= '0' && s[i] <= '9'
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if isWordRune(r) {
			i += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		inner := (r == '\'' || r == '’') && unicode.IsLetter(next) ||
			r == '.' && (digits && unicode.IsDigit(next) || !digits && shortDotted(s, i)) ||
			r == ',' && digits && unicode.IsDigit(next)
		if !inner {
			break
		}
		i += size
	}
	if !digits && strings.HasPrefix(s[i:], "++") {
		i += 2
	}
	return i
}

// shortDotted reports whether the dot at i stands inside an abbreviation such
// as "e.g." or "U.S.": one letter on each side.
func shortDotted(s string, i int) bool {
	letter := func(j int) bool {
		return j >= 0 && j < len(s) && (s[j]|0x20 >= 'a' && s[j]|0x20 <= 'z')
	}
	return letter(i-1) && letter(i+1) && !letter(i-2) && !letter(i+2)
}

// newWord makes the word that stands at offset at.
func newWord(text string, at int, initial bool) word {
	w := word{text: text, start: at, initial: initial}
	if strings.Contains(text, "://") {
		w.fold, w.key, w.weak = text, text, true
		return w
	}
	w.fold = fold(text)
	if text[0] >= '0' && text[0] <= '9' {
		w.key = strings.ReplaceAll(w.fold, ",", "")
		w.number = true
		return w
	}
	if n, ok := numberWords()[w.fold]; ok {
		w.key, w.number = n, true
		w.weak = n == "1" // "one of our" counts nothing
		return w
	}
	w.weak = weakWords()[w.fold]
	w.soft = softWords()[w.fold]
	w.proper = !w.weak && isProper(text, initial)
	if w.proper {
		w.key = stem(w.fold) // a synonym of a name is another name
	} else {
		w.key = keyOf(w.fold)
	}
	return w
}

// fold writes a word in small letters, without apostrophes, dots and the
// possessive ending.
func fold(s string) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9'
	}
	if plain {
		return s
	}
	s = strings.ReplaceAll(strings.ToLower(s), "’", "'")
	s = strings.TrimSuffix(s, "'s")
	s = strings.ReplaceAll(s, "'", "")
	if s != "" && (s[0] < '0' || s[0] > '9') {
		s = strings.ReplaceAll(s, ".", "")
	}
	return s
}

// isProper reports whether a word is written as a name: with a capital that
// its place does not explain, or with several.
func isProper(s string, initial bool) bool {
	capitals := 0
	first := false
	for i, r := range s {
		if unicode.IsUpper(r) {
			capitals++
			first = first || i == 0
		}
	}
	return capitals > 1 || first && !initial
}
