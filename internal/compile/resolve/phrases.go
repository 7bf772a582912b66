package resolve

import (
	"strings"
	"sync"
)

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
	words map[string]int8
	pairs map[string]map[string]int8 // by the first word
}

// newLexicon makes a lexicon of lists of words and two-word phrases; the index
// of a list is its class.
func newLexicon(lists ...[]string) *lexicon {
	x := &lexicon{words: map[string]int8{}, pairs: map[string]map[string]int8{}}
	for class, list := range lists {
		for _, entry := range list {
			first, second, two := strings.Cut(entry, " ")
			if !two {
				x.words[entry] = int8(class)
				continue
			}
			if x.pairs[first] == nil {
				x.pairs[first] = map[string]int8{}
			}
			x.pairs[first][second] = int8(class)
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
		j := i + 1
		for j < len(low) && isWordByte(low[j]) {
			j++
		}
		w := low[i:j]
		if class, ok := before[w]; ok {
			note(class, beforeAt)
		}
		if class, ok := x.words[w]; ok {
			note(class, i)
		}
		before, beforeAt = x.pairs[w], i
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
