package syntax

import (
	"bytes"

	"github.com/cadre-hq/cadre/internal/source"
)

// plainLink reads a link at the beginning of a text, "[words](target)", whose
// words and target mean to Markdown what they say, as most do. It returns where
// the words and the link end; 0 for anything else, which goldmark must read.
func plainLink(text []byte) (words, end int) {
	for words = len("["); words < len(text) && text[words] != ']'; words++ {
		if c := text[words]; meaningful[c] || c == '\n' {
			return 0, 0
		}
	}
	target := words + len("](")
	if words == len("[") || target >= len(text) || text[words+1] != '(' {
		return 0, 0
	}
	end = target
	for end < len(text) && ofTarget[text[end]] {
		end++
	}
	if end == target || end == len(text) || text[end] != ')' {
		return 0, 0
	}
	return words, end + len(")")
}

// ofTarget are the bytes of a target that is as it is written.
var ofTarget = func() (set [256]bool) {
	for i := range set {
		c := byte(i)
		set[i] = isLetter(c) || c >= '0' && c <= '9' || bytes.IndexByte([]byte("/:#.-_~%?=+,@"), c) >= 0
	}
	return set
}()

// linkedLine renders a line of plain text with links among it. It returns the
// end of what is said there as well: a target behind it is not.
func (b *builder) linkedLine(s source.Span) (text string, end int) {
	b.buf = b.buf[:0]
	at := s.Start
	for {
		i := bytes.IndexByte(b.src[at:s.End], '[')
		if i < 0 {
			break
		}
		open := at + i
		words, n := plainLink(b.src[open:s.End])
		said := b.said(source.Span{Start: open + 1, End: open + words})
		b.buf = append(b.buf, b.said(source.Span{Start: at, End: open})...)
		b.buf = append(b.buf, said...)
		b.Links = append(b.Links, Link{Text: Fold(said)})
		b.place(&b.Links[len(b.Links)-1], b.src[open+words+len("]("):open+n-len(")")], open)
		at, end = open+n, open+words
	}
	if at < s.End {
		b.buf = append(b.buf, b.said(source.Span{Start: at, End: s.End})...)
		end = s.End
	}
	return Fold(string(b.buf)), end
}
