package syntax

// Words is a summary of the words of a text. It tells at once that a text
// holds none of some words, so that readers and rules pass over most texts
// without searching them.
//
// A word is a run of ASCII letters, digits and bytes beyond ASCII; case does
// not matter. The summary knows a word by its last eight bytes: it may meet
// another one although no word is shared, but never the other way round.
type Words [4]uint64

// WordsOf summarises a text. It sees every byte of every text, so that it
// avoids what is hard to foretell: it asks at no byte whether a word ends there.
func WordsOf(text string) Words {
	var w Words
	var tail uint64 // of the word that is being read
	for i := range len(text) {
		c := uint64(wordBytes[text[i]])
		inside := -((c + 0xff) >> 8) // all bits if the byte belongs to a word, else none
		bit := bitOf(tail)
		w[bit>>6] |= (1 &^ inside) << (bit & 63)
		tail = (tail<<8 | c) & inside
	}
	bit := bitOf(tail)
	w[bit>>6] |= 1 << (bit & 63)
	return w
}

// bitOf returns which bit of a summary stands for words that end in these
// bytes.
func bitOf(tail uint64) uint64 { return tail * 0x9E3779B97F4A7C15 >> 56 }

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

// Meet reports whether two texts may share a word.
func (w *Words) Meet(o *Words) bool {
	return w[0]&o[0]|w[1]&o[1]|w[2]&o[2]|w[3]&o[3] != 0
}

// HoldFirst reports whether a text may hold the first word of a phrase.
func (w *Words) HoldFirst(phrase string) bool {
	i := 0
	for i < len(phrase) && wordBytes[phrase[i]] == 0 {
		i++
	}
	var tail uint64
	for ; i < len(phrase) && wordBytes[phrase[i]] != 0; i++ {
		tail = tail<<8 | uint64(wordBytes[phrase[i]])
	}
	bit := bitOf(tail)
	return tail == 0 || w[bit>>6]&(1<<(bit&63)) != 0
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
