package wording

import (
	"strings"
	"sync"
)

// A phrase is a run of words that says what one word says, or nothing.
type phrase struct {
	words []string // folded
	key   string   // "" if the phrase says nothing
	soft  bool
}

// phraseTable writes one phrase a line: the words, then "=" and the key. "N"
// stands for a number, which stays behind the key. A key with "?" is soft: it may
// also be left out. A longer phrase comes
// before a shorter one with the same beginning.
const phraseTable = `
make sure = ensure
makes sure = ensure
making sure = ensure
in order to =
as well as =
such as =
for example =
for instance =
e g =
i e =
and so on =
is responsible for = own?
are responsible for = own?
be responsible for = own?
responsible for = own?
take ownership of = own?
takes ownership of = own?
taking ownership of = own?
is expected to = able?
are expected to = able?
be expected to = able?
act as =
acts as =
acting as =
serve as =
serves as =
serving as =
is able to = able?
are able to = able?
be able to = able?
able to = able?
the ability to = able?
an ability to = able?
ability to = able?
capable of = able?
has to = must
have to = must
experience working with = experience
experience working in = experience
experience using = experience
skill set = skill
skill sets = skill
team members = staff
team member = staff
members of the team = staff
direct reports = reports
carry out = implement
carries out = implement
take part in = participate
takes part in = participate
work closely with = collaborate
works closely with = collaborate
working closely with = collaborate
work together with = collaborate
work with = collaborate
works with = collaborate
working with = collaborate
in addition to =
in addition =
a number of = several
the number of = number
number of = number
a variety of = several
a range of = several
a wide range of = several
day to day = daily
up to date = current
nice to have = optional
nice to haves = optional
is a plus = optional
are a plus = optional
a plus = optional
would be a plus = optional
is an advantage = optional
an advantage = optional
is a bonus = optional
a bonus = optional
is preferred = optional
is desirable = optional
must have = required
must haves = required
is required = required
at least N = +
not less than N = +
no less than N = +
a minimum of N = +
minimum of N = +
minimum N = +
min N = +
N or more = +
N or above = +
N or higher = +
N and above = +
N plus = +
more than N = >
greater than N = >
over N = >
above N = >
no more than N = <
at most N = <
up to N = <
a maximum of N = <
maximum of N = <
fewer than N = <
less than N = <
below N = <
under N = <
approximately N = about
around N = about
about N = about
roughly N = about
per cent = percent
`

var phraseIndex = sync.OnceValue(func() map[string][]phrase {
	index := map[string][]phrase{}
	for _, line := range strings.Split(strings.TrimSpace(phraseTable), "\n") {
		left, key, _ := strings.Cut(line, " =")
		key, soft := strings.CutSuffix(strings.TrimSpace(key), "?")
		p := phrase{strings.Fields(left), keyOf(key), soft}
		index[p.words[0]] = append(index[p.words[0]], p)
	}
	return index
})

// phrases replaces each run of words that is a phrase by one word. The longest
// phrase wins.
func phrases(words []word) []word {
	index := phraseIndex()
	i := 0
	for i < len(words) && longest(index[words[i].fold], words[i:]) == nil && (!words[i].number || longest(index["N"], words[i:]) == nil) {
		i++
	}
	if i == len(words) {
		return words
	}
	out := append(make([]word, 0, len(words)), words[:i]...)
	for i < len(words) {
		p := longest(index[words[i].fold], words[i:])
		if words[i].number && p == nil {
			p = longest(index["N"], words[i:])
		}
		if p == nil {
			out = append(out, words[i])
			i++
			continue
		}
		head := word{text: words[i].text, fold: words[i].fold, key: p.key, start: words[i].start, initial: words[i].initial, weak: p.key == "", soft: p.soft, link: words[i].link}
		for j, w := range p.words {
			if w == "N" {
				n := words[i+j]
				n.weak = false
				out = append(out, n)
			}
		}
		if head.weak {
			head.key = head.fold
		}
		out = append(out, head)
		i += len(p.words)
	}
	return out
}

func longest(candidates []phrase, words []word) *phrase {
	var best *phrase
	for i := range candidates {
		p := &candidates[i]
		if (best == nil || len(p.words) > len(best.words)) && p.matches(words) {
			best = p
		}
	}
	return best
}

func (p *phrase) matches(words []word) bool {
	if len(words) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		if w == "N" && !words[i].number || w != "N" && w != words[i].fold {
			return false
		}
	}
	return true
}
