package policy

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A List names one of the word lists of a pack.
type List int

// The lists that a Matcher looks for.
const (
	Vacancy List = iota
	SecondPerson
	Vague
	Locations
	Residence
	Progress
	PriorExperience
	NotRequired
	CompanyIndicators
	TimeBoxed
	Elsewhere
	Retired
	Gendered
	Masculine
	Feminine
	lists
)

// phrases returns the words of a list.
func (w *Wording) phrases(l List) *Phrases {
	return [lists]*Phrases{
		&w.Vacancy, &w.SecondPerson, &w.Vague, &w.Locations, &w.Residence, &w.Progress,
		&w.PriorExperience, &w.NotRequired, &w.CompanyIndicators, &w.TimeBoxed, &w.Elsewhere, &w.Retired, &w.Gendered,
		&w.Masculine, &w.Feminine,
	}[l]
}

// A Set is a set of lists.
type Set uint32

// Lists returns the set of some lists.
func Lists(ls ...List) Set {
	var s Set
	for _, l := range ls {
		s |= 1 << l
	}
	return s
}

// A Matcher finds the phrases of all word lists of a pack in one pass.
type Matcher struct {
	// starts tells, by the first two letters of a word, the lists of which a
	// phrase can begin there; most words end the search with it.
	starts [32][32]Set
	// byWord holds the phrases that begin with a word, and byStem those that
	// begin with a stem, under the stem's first two letters.
	byWord map[string][]phrase
	byStem map[string][]phrase
}

// A phrase is one entry of a list, as lower-case words.
type phrase struct {
	list  List
	words []string
	stem  bool // the last word may go on
}

// A Hit is a phrase that was found: its list and its bytes [Start, End).
type Hit struct {
	List       List
	Start, End int
}

// Matcher returns the matcher of the pack's word lists.
func (p *Pack) Matcher() *Matcher { return p.matcher() }

// compile makes the matcher.
func (p *Pack) compile() *Matcher {
	m := &Matcher{byWord: map[string][]phrase{}, byStem: map[string][]phrase{}}
	for l := range lists {
		for _, text := range p.Wording.phrases(l).Words {
			m.add(l, text)
		}
	}
	return m
}

func (m *Matcher) add(l List, text string) {
	ph := phrase{list: l}
	text, ph.stem = strings.CutSuffix(text, "*")
	s := scanner{text: []byte(text)}
	for s.next() {
		ph.words = append(ph.words, string(fold(nil, s.word())))
	}
	if len(ph.words) == 0 {
		return
	}
	first := ph.words[0]
	if ph.stem && len(ph.words) == 1 {
		m.byStem[stemKey(first)] = append(m.byStem[stemKey(first)], ph)
	} else {
		m.byWord[first] = append(m.byWord[first], ph)
	}
	m.starts[short(first[0])][short(second(first))] |= Lists(l)
}

// stemKey returns the part of a word under which its stems are kept.
func stemKey[T string | []byte](word T) T { return word[:min(2, len(word))] }

// second returns the second byte of a word, 0 if there is none.
func second[T string | []byte](word T) byte {
	if len(word) < 2 {
		return 0
	}
	return word[1]
}

// short folds a byte to five bits, equal for both cases of a letter.
func short(b byte) byte { return b & 31 }

// Find calls f for each phrase of the wanted lists in text, in order of their
// first words. Of the phrases of one list that overlap, the first is reported,
// and of those that begin at the same word the longest.
func (m *Matcher) Find(text []byte, want Set, f func(Hit)) {
	var (
		ends [lists]int // where the last phrase of each list ended
		buf  [64]byte
	)
	s := scanner{text: text}
	for s.skip(m, want) && s.next() {
		word := s.word()
		if word[0] < utf8.RuneSelf && m.starts[short(word[0])][short(second(word))]&want == 0 {
			continue
		}
		folded := fold(buf[:0], word)
		var here [lists]int
		for _, list := range [2][]phrase{m.byWord[string(folded)], m.byStem[string(stemKey(folded))]} {
			for i := range list {
				ph := &list[i]
				if want&(1<<ph.list) != 0 {
					here[ph.list] = max(here[ph.list], ph.match(s, folded))
				}
			}
		}
		for l, end := range here {
			if end > 0 && s.start >= ends[l] {
				ends[l] = end
				f(Hit{List(l), s.start, end})
			}
		}
	}
}

// Has reports whether text holds a phrase of the list.
func (m *Matcher) Has(l List, text string) bool {
	found := false
	m.Find([]byte(text), Lists(l), func(Hit) { found = true })
	return found
}

// match returns where the phrase ends that begins with the scanner's word,
// given in lower case, or 0 if it does not stand there.
func (ph *phrase) match(s scanner, word []byte) int {
	var buf [64]byte
	for i, want := range ph.words {
		if i > 0 {
			if !s.next() || s.apart {
				return 0
			}
			word = fold(buf[:0], s.word())
		}
		if string(word) == want {
			continue
		}
		if i < len(ph.words)-1 || !ph.stem || !bytes.HasPrefix(word, []byte(want)) {
			return 0
		}
	}
	return s.end
}

// A scanner cuts text into words: letters and digits, with apostrophes and
// hyphens inside.
type scanner struct {
	text       []byte
	start, end int
	apart      bool // more than blanks, commas, slashes and emphasis stands before the word
}

// word returns the bytes of the word as written.
func (s *scanner) word() []byte { return s.text[s.start:s.end] }

// next moves to the next word.
func (s *scanner) next() bool {
	s.apart = false
	at := s.end
	for ; ; at++ {
		if at >= len(s.text) {
			return false
		}
		c := class[s.text[at]]
		if c == inWord || c == wide && s.letter(at) {
			break
		}
		if c == apart {
			s.apart = true
		}
	}
	s.start = at
	for at++; at < len(s.text); at++ {
		b := s.text[at]
		if c := class[b]; c == inWord || c == wide && s.inside(at) {
			continue
		}
		if b != '-' && b != '\'' || at+1 == len(s.text) || class[s.text[at+1]] != inWord {
			break
		}
	}
	s.end = at
	return true
}

// skip moves behind words with which no wanted phrase begins, and reports
// whether anything is left. It is next without what only the words inside of a
// phrase need.
func (s *scanner) skip(m *Matcher, want Set) bool {
	text, at := s.text, s.end
	for at < len(text) {
		switch class[text[at]] {
		case inWord:
			if at+1 == len(text) || class[text[at+1]] != inWord || m.starts[short(text[at])][short(text[at+1])]&want != 0 {
				s.end = at
				return true
			}
		case wide:
			s.end = at
			return true
		default:
			at++
			continue
		}
		for at++; at < len(text); at++ {
			b := text[at]
			if c := class[b]; c == inWord || c == wide && s.inside(at) {
				continue
			}
			if b != '-' && b != '\'' || at+1 == len(text) || class[text[at+1]] != inWord {
				break
			}
		}
	}
	s.end = at
	return false
}

// letter reports whether a letter outside ASCII begins at a place, and notes
// other characters that keep words apart.
func (s *scanner) letter(at int) bool {
	r, _ := utf8.DecodeRune(s.text[at:])
	if !unicode.IsLetter(r) && r != utf8.RuneError && r != '\u00a0' {
		s.apart = true
	}
	return unicode.IsLetter(r)
}

// inside reports whether the byte outside ASCII belongs to a word that began
// before it: it is part of a letter, or of an apostrophe before a letter.
func (s *scanner) inside(at int) bool {
	for !utf8.RuneStart(s.text[at]) {
		at--
	}
	r, n := utf8.DecodeRune(s.text[at:])
	if apostrophe(r) {
		return at+n < len(s.text) && class[s.text[at+n]] == inWord
	}
	return unicode.IsLetter(r)
}

// The classes of bytes.
const (
	apart  = iota // ends a phrase
	loose         // may stand between the words of a phrase
	inWord        // letter or digit
	wide          // part of a character outside ASCII
)

// class tells what a byte is.
var class = [256]byte{
	' ': loose, '\n': loose, '\r': loose, '\t': loose, ',': loose, '/': loose, '*': loose, '_': loose,
	'0': inWord, '1': inWord, '2': inWord, '3': inWord, '4': inWord, '5': inWord, '6': inWord, '7': inWord, '8': inWord, '9': inWord,
	'A': inWord, 'B': inWord, 'C': inWord, 'D': inWord, 'E': inWord, 'F': inWord, 'G': inWord, 'H': inWord, 'I': inWord, 'J': inWord, 'K': inWord, 'L': inWord, 'M': inWord,
	'N': inWord, 'O': inWord, 'P': inWord, 'Q': inWord, 'R': inWord, 'S': inWord, 'T': inWord, 'U': inWord, 'V': inWord, 'W': inWord, 'X': inWord, 'Y': inWord, 'Z': inWord,
	'a': inWord, 'b': inWord, 'c': inWord, 'd': inWord, 'e': inWord, 'f': inWord, 'g': inWord, 'h': inWord, 'i': inWord, 'j': inWord, 'k': inWord, 'l': inWord, 'm': inWord,
	'n': inWord, 'o': inWord, 'p': inWord, 'q': inWord, 'r': inWord, 's': inWord, 't': inWord, 'u': inWord, 'v': inWord, 'w': inWord, 'x': inWord, 'y': inWord, 'z': inWord,
	128: wide, 129: wide, 130: wide, 131: wide, 132: wide, 133: wide, 134: wide, 135: wide, 136: wide, 137: wide, 138: wide, 139: wide, 140: wide, 141: wide, 142: wide, 143: wide,
	144: wide, 145: wide, 146: wide, 147: wide, 148: wide, 149: wide, 150: wide, 151: wide, 152: wide, 153: wide, 154: wide, 155: wide, 156: wide, 157: wide, 158: wide, 159: wide,
	160: wide, 161: wide, 162: wide, 163: wide, 164: wide, 165: wide, 166: wide, 167: wide, 168: wide, 169: wide, 170: wide, 171: wide, 172: wide, 173: wide, 174: wide, 175: wide,
	176: wide, 177: wide, 178: wide, 179: wide, 180: wide, 181: wide, 182: wide, 183: wide, 184: wide, 185: wide, 186: wide, 187: wide, 188: wide, 189: wide, 190: wide, 191: wide,
	192: wide, 193: wide, 194: wide, 195: wide, 196: wide, 197: wide, 198: wide, 199: wide, 200: wide, 201: wide, 202: wide, 203: wide, 204: wide, 205: wide, 206: wide, 207: wide,
	208: wide, 209: wide, 210: wide, 211: wide, 212: wide, 213: wide, 214: wide, 215: wide, 216: wide, 217: wide, 218: wide, 219: wide, 220: wide, 221: wide, 222: wide, 223: wide,
	224: wide, 225: wide, 226: wide, 227: wide, 228: wide, 229: wide, 230: wide, 231: wide, 232: wide, 233: wide, 234: wide, 235: wide, 236: wide, 237: wide, 238: wide, 239: wide,
	240: wide, 241: wide, 242: wide, 243: wide, 244: wide, 245: wide, 246: wide, 247: wide, 248: wide, 249: wide, 250: wide, 251: wide, 252: wide, 253: wide, 254: wide, 255: wide,
}

// fold appends a word in lower case, with straight apostrophes.
func fold(to, word []byte) []byte {
	for len(word) > 0 {
		if b := word[0]; b < utf8.RuneSelf {
			to, word = append(to, lower(b)), word[1:]
			continue
		}
		r, n := utf8.DecodeRune(word)
		if apostrophe(r) {
			to = append(to, '\'')
		} else {
			to = utf8.AppendRune(to, unicode.ToLower(r))
		}
		word = word[n:]
	}
	return to
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		b += 'a' - 'A'
	}
	return b
}

func apostrophe(r rune) bool {
	return r == '\'' || r == '\u2019' || r == '\u2018' || r == '\u02bc'
}
