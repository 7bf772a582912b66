package syntax

import "strings"

// Lower returns the text of a block with its ASCII letters in lower case;
// offsets stay the same. It is made once, for the many readers that search a
// text without regard to case. A block is read by one goroutine.
func (b *Block) Lower() string {
	if b.lower == "" && b.Text != "" {
		if p := b.lead(); p != nil {
			b.lower = p.Lower()
		} else {
			b.lower = Lower(b.Text)
		}
	}
	return b.lower
}

// lead returns the paragraph that an item has its text from, or nil.
func (b *Block) lead() *Block {
	if b.Kind == Item && len(b.Children) > 0 && b.Children[0].Text == b.Text {
		return b.Children[0]
	}
	return nil
}

// Lower returns a text with its ASCII letters in lower case; offsets stay the
// same.
func Lower(s string) string {
	var b strings.Builder
	done := 0
	for i := range len(s) {
		if c := s[i]; c >= 'A' && c <= 'Z' {
			if b.Len() == 0 {
				b.Grow(len(s))
			}
			b.WriteString(s[done:i])
			b.WriteByte(c + 'a' - 'A')
			done = i + 1
		}
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}
