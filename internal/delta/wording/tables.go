package wording

import (
	"strings"
	"sync"
)

// weakList holds the words that join others and say nothing on their own. What
// changes a meaning is not in it: without, except, not, no, or, only, before,
// after, may, must, should.
const weakList = `
a an the about this that these those such some any all both each every own other others another same
of to in on at by for with using from into onto as via through across within toward towards upon per along among amongst around between
i me my we us our ours you your yours he him his she her hers it its they them their theirs who whom whose which what
where when how there here
is are was were be been being am has have had having do does did will would shall can
and also additionally furthermore moreover then so thus too very please etc eg ie like including includes include included
well able various respective respectively relevant appropriate related necessary
successfully effectively
`

// softList holds adverbs that say how well or how much something is done anyway.
const softList = `closely directly actively fully highly truly really clearly`

var softWords = sync.OnceValue(func() map[string]bool { return set(softList) })

// decisiveList holds short words that turn a meaning round; they are never a
// typo of a weak one.
const decisiveList = `not nor may might must should could can never only without except unless until before after above below under over less more most least few first last`

var decisive = sync.OnceValue(func() map[string]bool { return set(decisiveList) })

// synonymList writes one group a line; words of a group ask for the same.
const synonymList = `
ensure guarantee assure
help assist aid
use utilize leverage employ
begin start commence
excellent exceptional outstanding superb exemplary great superior strong solid
proven demonstrated demonstrable
verbal oral spoken
prior previous
quick fast rapid swift
quickly rapidly swiftly
show exhibit display
create build develop establish
improve enhance
staff employee personnel
company organization firm
customer client
candidate applicant
primary main chief
require need
goal objective
problem issue
collaborate cooperate partner
lead spearhead
implement execute
monitor track
understanding knowledge
several multiple many numerous
approximately roughly circa
big large
number count
optional preferred desirable advantageous
required mandatory essential
annual yearly
bachelor bachelors
deliver provide give
supply furnish
key crucial critical
challenge difficulty
whole entire
complete finish
verify validate
select choose
answer respond
regular regularly
often frequently
international global worldwide
colleague peer coworker
allowlist whitelist
denylist blacklist blocklist
`

// irregularList writes the forms of a word behind it.
const irregularList = `
lead led
build built
write wrote written
speak spoke spoken
take took taken
make made
hold held
run ran
drive drove driven
grow grew grown
give gave given
know knew known
understand understood
bring brought
teach taught
think thought
keep kept
set sets
sell sold
buy bought
find found
meet met
get got gotten
see saw seen
show shown
begin began begun
choose chose chosen
person people
year yr yrs
department dept
senior sr
junior jr
`

// derivationList holds the endings by which words of one family differ.
const derivationList = `um e ed es s ing ings ion ions ation ations ition itions tion tions ment ments ance ances ence ences
ancy ency cy cies t ts ent ant ive ives ively ical ically al ally ly able ible ability y ies ful fully ous ously ness ity ities ize izes ized izing ization ise ised ising isation ic ics ate ates ated ating te tes ted ting`

var weakWords = sync.OnceValue(func() map[string]bool { return set(weakList) })

var derivations = sync.OnceValue(func() map[string]bool {
	m := set(derivationList)
	m[""] = true
	return m
})

var numberWords = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
		"seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
		"fifteen": "15", "twenty": "20", "thirty": "30", "fifty": "50", "hundred": "100",
	}
})

// synonyms maps the stem of a word to the stem of its group's first word.
var synonyms = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(synonymList), "\n") {
		group := strings.Fields(line)
		for _, w := range group {
			m[stem(w)] = stem(group[0])
		}
	}
	return m
})

var irregular = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(irregularList), "\n") {
		group := strings.Fields(line)
		for _, w := range group[1:] {
			m[w] = group[0]
		}
	}
	return m
})

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}
