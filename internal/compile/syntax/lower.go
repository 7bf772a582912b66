package syntax

// Lower returns the text of a block with its ASCII letters in lower case;
// offsets stay the same. It is made once, for the many readers that search a
// text without regard to case. A block is read by one goroutine.
func (b *Block) Lower() string {
	if b.lower == "" && b.Text != "" {
		b.lower = Lower(b.Text)
	}
	return b.lower
}

// Lower returns a text with its ASCII letters in lower case; offsets stay the
// same.
func Lower(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= 'A' && c <= 'Z' {
			var stack [256]byte
			b := append(stack[:0], s...)
			for ; i < len(b); i++ {
				if c := b[i]; c >= 'A' && c <= 'Z' {
					b[i] = c + 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}
