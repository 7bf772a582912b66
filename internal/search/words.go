package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/cadre-hq/cadre/internal/nearest"
)

// maxWord is how many letters of a word count.
const maxWord = 40

// A word is one word of a text, folded, and where it stands there.
type word struct {
	text       string
	begin, end int
}

// eachWord yields the words of a text. A word is a run of letters, digits and
// the marks on them. Scripts that put no blanks between words (Chinese,
// Japanese) are taken letter by letter.
func eachWord(text string) iter.Seq[word] {
	return func(yield func(word) bool) {
		begin := -1
		end := func(at int) bool {
			if begin < 0 {
				return true
			}
			from := begin
			begin = -1
			folded := fold(text[from:at])
			return folded == "" || yield(word{folded, from, at})
		}
		for i, r := range text {
			switch {
			case isAlone(r):
				if !end(i) {
					return
				}
				begin = i
				if !end(i + utf8.RuneLen(r)) {
					return
				}
			case unicode.IsLetter(r), unicode.IsNumber(r), begin >= 0 && unicode.IsMark(r):
				if begin < 0 {
					begin = i
				}
			default:
				if !end(i) {
					return
				}
			}
		}
		end(len(text))
	}
}

func isAlone(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// wordsOf returns the folded words of a text.
func wordsOf(text string) []string {
	var list []string
	for w := range eachWord(text) {
		list = append(list, w.text)
	}
	return list
}

// fold returns a word in the form in which words are compared: without case,
// accents and ligatures.
func fold(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	letters := 0
	add := func(r rune) {
		if letters < maxWord && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r)) {
			b.WriteRune(r)
			letters++
		}
	}
	if !isASCII(s) {
		s = norm.NFKD.String(s)
	}
	for _, r := range s {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if plain, ok := plainLetters[r]; ok {
			for _, p := range plain {
				add(p)
			}
			continue
		}
		add(r)
	}
	return b.String()
}

// plainLetters are letters that Unicode does not take apart, as people type
// them who do not have them.
var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n",
}

// isPlain reports whether folding leaves a word as it is, as is true of most.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(s) <= maxWord
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut returns the first bytes of a text, in whole letters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// trigrams returns the parts of three letters of a word, with blanks around it
// so that its first letters count more.
func trigrams(w string) []string {
	letters := []rune("  " + w + " ")
	var list []string
	seen := map[string]bool{}
	for i := range len(letters) - 2 {
		if t := string(letters[i : i+3]); !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	return list
}

// tolerance returns how many letters a word may differ from one of n letters.
func tolerance(n int) int {
	switch {
	case n < 4:
		return 0
	case n < 8:
		return 1
	}
	return 2
}

// isNear reports whether a word is another one with a few letters missing,
// added, replaced, or two neighbours exchanged.
func isNear(typed, known string) bool {
	a, b := []rune(typed), []rune(known)
	limit := tolerance(len(a))
	return limit > 0 && nearest.Distance(a, b, limit) <= limit
}
