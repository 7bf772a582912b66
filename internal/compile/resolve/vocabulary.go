package resolve

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
)

// A vocabulary is a list of words and phrases that readers look for, in lower
// case. Its summary tells at once that most texts hold none of them.
type vocabulary struct {
	phrases []string
	first   syntax.Words // the words with which the phrases begin
}

func newVocabulary(phrases ...string) vocabulary {
	var firsts strings.Builder
	for _, p := range phrases {
		first, _, _ := strings.Cut(p, " ")
		firsts.WriteString(first + " ")
	}
	return vocabulary{phrases: phrases, first: syntax.WordsOf(firsts.String())}
}

// in reports whether the text of a block holds one of the phrases as whole
// words.
func (v *vocabulary) in(b *syntax.Block) bool {
	return b.Words.Meet(&v.first) && v.within(b.Lower(), &b.Words)
}

// inText is in for a text without a summary.
func (v *vocabulary) inText(text string) bool {
	have := syntax.WordsOf(text)
	return have.Meet(&v.first) && v.within(lower(text), &have)
}

// within is in for a text in lower case that is all or a part of what have
// summarises.
func (v *vocabulary) within(low string, have *syntax.Words) bool {
	if have == nil {
		return hasWordIn(low, v.phrases...)
	}
	if !have.Meet(&v.first) {
		return false
	}
	for _, p := range v.phrases {
		if have.HoldFirst(p) && indexWordIn(low, p) >= 0 {
			return true
		}
	}
	return false
}

// holds reports whether a passage holds one of the phrases of a vocabulary as
// whole words.
func (p *passage) holds(v *vocabulary) bool { return v.within(p.low, p.words) }
