package resolve

import (
	"strings"
	"sync"
)

// wordEnd returns where the word ends that begins at offset i.
func wordEnd(s string, i int) int {
	for i < len(s) && isWordByte(s[i]) {
		i++
	}
	return i
}

// openings are phrases in lower case that a text may begin with, by their first
// byte.
type openings struct{ byFirst [256][]string }

func newOpenings(phrases ...string) *openings {
	o := new(openings)
	for _, p := range phrases {
		o.byFirst[p[0]] = append(o.byFirst[p[0]], p)
	}
	return o
}

// of returns the phrases that a text in lower case may begin with, in the order
// of their list.
func (o *openings) of(low string) []string {
	if low == "" {
		return nil
	}
	return o.byFirst[low[0]]
}

// A cutter finds the first of many phrases that begin with a blank, looking at
// the blanks of a text only. Phrases are in lower case.
type cutter struct{ byNext [256][]string }

func newCutter(phrases []string) *cutter {
	c := new(cutter)
	for _, p := range phrases {
		c.byNext[p[1]] = append(c.byNext[p[1]], p)
	}
	return c
}

// first returns the smallest offset in low, a text in lower case, at which a
// phrase begins that ok accepts; len(low) if there is none.
func (c *cutter) first(low string, ok func(at int, phrase string) bool) int {
	for i := 0; i+1 < len(low); i++ {
		j := strings.IndexByte(low[i:], ' ')
		if j < 0 || i+j+1 >= len(low) {
			break
		}
		i += j
		for _, p := range c.byNext[low[i+1]] {
			if strings.HasPrefix(low[i:], p) && ok(i, p) {
				return i
			}
		}
	}
	return len(low)
}

// A lexicon tells classes of words and of pairs of words in one pass over a
// text. A class is a small number.
type lexicon struct {
	lengths [256]uint64 // by first byte: a bit for each length of a first word
	words   map[string]lexeme
}

// A lexeme is a word of a lexicon.
type lexeme struct {
	class int8            // noClass if the word alone says nothing
	pairs map[string]int8 // classes of the words that may follow
}

const noClass = -1

// newLexicon makes a lexicon of lists of words and two-word phrases; the index
// of a list is its class.
func newLexicon(lists ...[]string) *lexicon {
	x := &lexicon{words: map[string]lexeme{}}
	for class, list := range lists {
		for _, entry := range list {
			first, second, two := strings.Cut(entry, " ")
			e, known := x.words[first]
			if !known {
				e.class = noClass
				x.lengths[first[0]] |= 1 << len(first)
			}
			switch {
			case !two:
				e.class = int8(class)
			case e.pairs == nil:
				e.pairs = map[string]int8{second: int8(class)}
			default:
				e.pairs[second] = int8(class)
			}
			x.words[first] = e
		}
	}
	return x
}

// find returns the offset of the first word of each class in low, a text in
// lower case; len(low)+1 for a class of which there is none.
func (x *lexicon) find(low string, at []int) {
	for i := range at {
		at[i] = len(low) + 1
	}
	note := func(class int8, i int) {
		if i < at[class] {
			at[class] = i
		}
	}
	var before map[string]int8 // what pairs with the word before
	beforeAt := 0
	for i := 0; i < len(low); {
		if !isWordByte(low[i]) {
			i++
			continue
		}
		j := wordEnd(low, i)
		w := low[i:j]
		if before != nil {
			if class, ok := before[w]; ok {
				note(class, beforeAt)
			}
			before = nil
		}
		if x.lengths[w[0]]&(1<<len(w)) != 0 {
			if e, ok := x.words[w]; ok {
				if e.class != noClass {
					note(e.class, i)
				}
				before, beforeAt = e.pairs, i
			}
		}
		i = j
	}
}

// The classes of words that tell a step's kind.
const (
	offerClass = iota
	referenceClass
	screeningClass
	interviewClass
	assessmentClass
	presentationClass
	applyClass
	stepClasses
)

// stepWords are the words that tell a step's kind.
var stepWords = sync.OnceValue(func() *lexicon {
	return newLexicon(
		[]string{"offer", "offers", "offered"},
		[]string{"reference", "references", "background check", "background checks", "background screening"},
		[]string{"screening", "screen", "prescreen", "pre screen", "screened"},
		[]string{
			"interview", "inteview", "interviw", "intervew", "iterview", "interviews", "interviewed", "meet", "meeting", "meetings", "conversation", "conversations",
			"call", "chat", "speak", "talk", "discuss", "discussion", "session", "met", "q a", "debrief", "panel", "schedule with",
		},
		[]string{
			"questionnaire", "assessment", "assessments", "exercise", "take home", "homework", "case study", "coding challenge", "assignment", "writing sample",
			"code sample", "portfolio review", "simulation", "work sample", "project", "test", "design challenge", "survey", "audition",
		},
		[]string{"presentation", "present", "presenting", "demo", "pitch", "walkthrough", "walk through", "presents", "role play", "roleplay"},
		[]string{"apply", "applies", "application", "applications", "submit"},
	)
})
