package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence brings a text into the form in which two are equal but for case,
// white space and punctuation. A text of fewer than three words gives "": it
// is too short to be a copy.
func sentence(text string) string {
	bare, words := bareWords(text)
	if words < 3 {
		return ""
	}
	return bare
}

// sentenceKey is equal for texts for which sentence is, and seldom for others;
// it is 0 where sentence gives "". Only the beginning of a text counts, which
// tells most of them apart.
func sentenceKey(text string) uint64 {
	const prime, beginning = 1099511628211, 48
	h, n, words, gap := uint64(14695981039346656037), 0, 0, true
	for i, width := 0, 0; i < len(text) && (n < beginning || words < 3); i += width {
		c := rune(bareBytes[text[i]])
		if width = 1; text[i] >= utf8.RuneSelf {
			c, width = utf8.DecodeRuneInString(text[i:])
			if unicode.IsLetter(c) || unicode.IsDigit(c) {
				c = unicode.ToLower(c)
			} else {
				c = 0
			}
		}
		if c == 0 {
			gap = true
			continue
		}
		if gap {
			h, words, gap = (h^' ')*prime, words+1, false
		}
		h = (h ^ uint64(c)) * prime
		n++
	}
	if words < 3 {
		return 0
	}
	return h
}

// bareBytes are the ASCII letters, in lower case, and digits; 0 for all others.
var bareBytes = func() (bytes [256]byte) {
	for i := range utf8.RuneSelf {
		if r := rune(i); unicode.IsLetter(r) || unicode.IsDigit(r) {
			bytes[i] = byte(unicode.ToLower(r))
		}
	}
	return bytes
}()

// bareWords returns the words of a text in lower case, with one blank between
// them and no punctuation, and their number.
func bareWords(text string) (bare string, words int) {
	var b strings.Builder
	b.Grow(len(text))
	gap := true
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = true
			continue
		}
		if gap {
			if words > 0 {
				b.WriteByte(' ')
			}
			words, gap = words+1, false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String(), words
}

// hasName reports whether a name stands in a text as whole words, with its
// capitals.
func hasName(text, name string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(name)
		if (i == 0 || !wordByte(text[i-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		from = i + 1
	}
}

func wordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b >= 0x80
}
