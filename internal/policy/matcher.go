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
	// phrases are kept by the key of their first word, starts tells the lists
	// that they belong to, and thirds the codes that their third letters have,
	// as bits. Most words end the search with these two.
	phrases [keys][]phrase
	starts  [keys]Set
	thirds  [keys]uint32
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
	m := &Matcher{}
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
		ph.words = append(ph.words, fold(s.word()))
	}
	if len(ph.words) == 0 {
		return
	}
	first := []byte(ph.words[0])
	k := key(first)
	m.phrases[k] = append(m.phrases[k], ph)
	m.starts[k] |= Lists(l)
	if codeAt(first, 1) == 0 || ph.stem && len(ph.words) == 1 && len(first) < 3 {
		// What is third on a page may belong to the next word, or be a part of
		// an apostrophe.
		m.thirds[k] = ^uint32(0)
	} else {
		m.thirds[k] |= 1 << codeAt(first, 2)
	}
}

// A key is made of the codes of the first two letters of a word; a word of one
// letter has the code of a blank for the second.
const (
	codeBits = 5
	keys     = 1 << (2 * codeBits)
)

// key returns the key of a word.
func key(word []byte) uint16 {
	return uint16(codeAt(word, 0))<<codeBits | uint16(codeAt(word, 1))
}

// codeAt returns the code of a byte of text, 0 behind its end.
func codeAt(text []byte, at int) byte {
	if at >= len(text) {
		return 0
	}
	return code[text[at]]
}

// code gives ASCII letters, alike in both cases, and digits a code that is not
// 0; all other bytes have 0.
var code = func() (codes [256]byte) {
	for c := range byte(26) {
		codes['a'+c], codes['A'+c] = c+1, c+1
	}
	for c := '0'; c <= '9'; c++ {
		codes[c] = 27
	}
	return codes
}()

// between holds all lists for the code that keeps words apart, and none for the
// codes of letters.
var between = [1 << codeBits]Set{0: ^Set(0)}

// Find calls f for each phrase of the wanted lists in text, in order of their
// first words. Of the phrases of one list that overlap, the first is reported,
// and of those that begin at the same word the longest.
func (m *Matcher) Find(text []byte, want Set, f func(Hit)) {
	var ends [lists]int // where the last phrase of each list ended
	s := scanner{text: text}
	for m.seek(&s, want) {
		var (
			here  [lists]int
			found bool
		)
		list := m.phrases[key(s.word())]
		for i := range list {
			ph := &list[i]
			if want&(1<<ph.list) == 0 {
				continue
			}
			if end := ph.match(s); end > 0 {
				here[ph.list] = max(here[ph.list], end)
				found = true
			}
		}
		if !found {
			continue
		}
		for l, end := range here {
			if end > 0 && s.start >= ends[l] {
				ends[l] = end
				f(Hit{List(l), s.start, end})
			}
		}
	}
}

// seek moves to the next word with whose key a wanted phrase begins.
func (m *Matcher) seek(s *scanner, want Set) bool {
	for {
		at := m.start(s.text, s.end, want)
		if at < 0 {
			return false
		}
		// What stands before it may make it the inside of a word, "co-operate";
		// a blank never stands in one.
		from := at
		for from > s.end && class[s.text[from-1]] != loose {
			from--
		}
		for s.end = from; ; {
			if !s.next() {
				return false
			}
			if s.end > at {
				break
			}
		}
		switch {
		case s.start == at:
			return true
		case s.start > at:
			s.end = s.start
		}
	}
}

// start returns the first place from an offset on where a word may begin that
// has the first three letters of a wanted phrase, or -1. It sees every byte of
// every page, so that it avoids whatever is hard to foretell: a word that began
// before takes the wanted lists away instead of being asked for.
func (m *Matcher) start(text []byte, from int, want Set) int {
	if from >= len(text) {
		return -1
	}
	first, here := code[text[from]], want
	for i, b := range text[from+1:] {
		second := code[b]
		k := (uint16(first)<<codeBits | uint16(second)) & (keys - 1)
		if m.starts[k]&here != 0 && m.thirds[k]>>codeAt(text, from+i+2)&1 != 0 {
			return from + i
		}
		here = want & between[first]
		first = second
	}
	if m.starts[uint16(first)<<codeBits]&here != 0 {
		return len(text) - 1
	}
	return -1
}

// Has reports whether text holds a phrase of the list.
func (m *Matcher) Has(l List, text string) bool {
	found := false
	m.Find([]byte(text), Lists(l), func(Hit) { found = true })
	return found
}

// match returns where the phrase ends that begins with the scanner's word, or 0
// if it does not stand there.
func (ph *phrase) match(s scanner) int {
	for i := range ph.words {
		if i > 0 && (!s.next() || s.apart) || !ph.is(i, s.word()) {
			return 0
		}
	}
	return s.end
}

// is reports whether a word as written is one of the phrase, given by its
// index.
func (ph *phrase) is(i int, word []byte) bool {
	want := ph.words[i]
	for len(word) > 0 && want != "" {
		if word[0] < utf8.RuneSelf {
			if lower(word[0]) != want[0] {
				return false
			}
			word, want = word[1:], want[1:]
			continue
		}
		r, n := utf8.DecodeRune(word)
		w, size := utf8.DecodeRuneInString(want)
		if foldRune(r) != w {
			return false
		}
		word, want = word[n:], want[size:]
	}
	return want == "" && (len(word) == 0 || ph.stem && i == len(ph.words)-1)
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

// fold returns a word in lower case, with straight apostrophes.
func fold(word []byte) string { return string(bytes.Map(foldRune, word)) }

func foldRune(r rune) rune {
	if apostrophe(r) {
		return '\''
	}
	return unicode.ToLower(r)
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
