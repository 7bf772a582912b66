package syntax

// Words is a summary of the words of a text. It tells at once that a text
// holds none of some words, so that readers and rules pass over most texts
// without searching them.
//
// A word is a run of ASCII letters, digits and bytes beyond ASCII; case does
// not matter. The summary knows words by their first four bytes: it may meet
// another one although no word is shared, but never the other way round.
type Words [4]uint64

// WordsOf summarises a text.
func WordsOf(text string) Words {
	var w Words
	var head uint32 // up to four bytes of the word that is being read
	for i := range len(text) {
		c := uint32(wordBytes[text[i]])
		switch {
		case c == 0 && head != 0:
			bit := bitOf(head)
			w[bit>>6] |= 1 << (bit & 63)
			head = 0
		case head < 1<<24:
			head = head<<8 | c
		}
	}
	if head != 0 {
		bit := bitOf(head)
		w[bit>>6] |= 1 << (bit & 63)
	}
	return w
}

// bitOf returns which bit of a summary stands for words that begin with these
// bytes.
func bitOf(head uint32) uint32 { return head * 0x9E3779B1 >> 24 }

// summarise fills in the words of blocks that are complete.
func summarise(blocks []*Block) {
	for _, b := range blocks {
		summarise(b.Children)
		if p := b.lead(); p != nil {
			b.Words = p.Words
		} else {
			b.Words = WordsOf(b.Text)
		}
	}
}

// Meet reports whether two texts may share a word, or words that begin alike.
func (w *Words) Meet(o *Words) bool {
	return w[0]&o[0]|w[1]&o[1]|w[2]&o[2]|w[3]&o[3] != 0
}

// Begin reports whether a text may hold a word that begins like the first word
// of a phrase.
func (w *Words) Begin(phrase string) bool {
	i := 0
	for i < len(phrase) && wordBytes[phrase[i]] == 0 {
		i++
	}
	var head uint32
	for end := min(i+4, len(phrase)); i < end && wordBytes[phrase[i]] != 0; i++ {
		head = head<<8 | uint32(wordBytes[phrase[i]])
	}
	bit := bitOf(head)
	return head == 0 || w[bit>>6]&(1<<(bit&63)) != 0
}

// wordBytes are the bytes of words, the two cases of a letter alike; 0 for all
// others.
var wordBytes = func() (bytes [256]byte) {
	for i := range bytes {
		if c := byte(i); isLetter(c) || c >= '0' && c <= '9' || c >= 0x80 {
			bytes[i] = c | 0x20
		}
	}
	return bytes
}()
