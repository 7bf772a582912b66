package lint

import (
	"strings"
	"unicode"
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
