package resolve

import (
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/family"
)

// people are the titles that a phrase such as "a Director of X, the VP or our
// CEO" names.
type people struct {
	refs    []family.Reference
	mode    family.Mode
	either  bool // joined by "or"
	several bool // a plural or a team as a whole: all of them meet
}

// leads are words before a title that do not belong to it.
var leads = sync.OnceValue(func() *openings {
	return newOpenings(
		"either ", "both ", "to ", "the ", "a ", "an ", "our ", "any ", "one of our ", "one of the ", "one of ", "one or more ", "1 or more ", "another ", "other ", "additional ", "with ",
		"at least one ", "a member of the ", "a member of our ", "a member of ", "members of the ", "members of our ", "members of ", "member of the ", "member of ", "someone on the ", "someone from the ",
		"someone in the ", "someone from ", "someone on ", "a leader from the ", "a leader from ", "leaders from ", "a leader in ", "a representative from ", "representatives from ", "representative from ", "multiple ", "several ", "various ", "a few ", "some ",
		"up to ", "few ", "typically ", "possibly ", "team member from our ", "team member from the ", "team members from our ", "team members from the ", "member from our ", "member from the ", "a member from ", "member from ", "members from our ", "members from the ", "members from ", "from ", "different ", "each of ", "all of ", "two of our ", "two of the ", "three of our ", "of the ", "of our ", "person from the ", "a person from the ", "people from the ", "a panel of ", "panel of ", "a group of ", "group of ", "a combination of ",
	)
})

// numbers are the small numbers that pages write as words.
var numbers = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}

// longestNumber is the length of the longest word of numbers.
const longestNumber = 5

// smallNumber reads "two" and "Ten"; 0 for any other word.
func smallNumber(w string) int {
	if w == "" || len(w) > longestNumber {
		return 0
	}
	switch lowered(w[0]) { // most words begin otherwise
	case 'o', 't', 'f', 's', 'e', 'n':
		return numbers[lower(w)]
	}
	return 0
}

// A lead tells what was taken from the front of a title.
type lead struct {
	single bool // "one of our", "a member of": one person of several
	team   bool // "members of": several
	count  bool // "2-5", "three"
}

// trimLead takes articles, counts and "one of our" from the front of a phrase.
func trimLead(t passage) (passage, lead) {
	var l lead
	for again := true; again; {
		again = false
		t = t.trim()
		if n := countPrefix(t.text); n > 0 {
			t, l.count, again = t.cut(n, len(t.text)), true, true
			continue
		}
		best := ""
		for _, w := range leads().of(t.low) {
			if len(w) > len(best) && len(t.low) > len(w) && strings.HasPrefix(t.low, w) {
				best = w
			}
		}
		if best != "" {
			switch {
			case strings.HasPrefix(best, "one of") || strings.HasPrefix(best, "a member") || strings.HasPrefix(best, "someone") || best == "another " || best == "any " ||
				strings.HasPrefix(best, "a leader") || strings.HasPrefix(best, "a representative") || strings.HasPrefix(best, "member of") || best == "a " || best == "an ":
				l.single = true
			case strings.HasPrefix(best, "members") || strings.HasPrefix(best, "leaders from") || strings.HasPrefix(best, "representatives"):
				l.team = true
			}
			t, again = t.cut(len(best), len(t.text)), true
		}
	}
	return t, l
}

// remarks begin a bracket that says something of the meeting, not of the
// title.
var remarks = []string{"if ", "as ", "where ", "when ", "may ", "at ", "i.e", "e.g", "depending", "optional", "for ", "but ", "not ", "including", "or equivalent", "in ", "this "}

// remarkless cuts off a bracket that is no part of a title: "(if
// applicable)". One that names the title, such as "(GMP)", stays.
func remarkless(p passage) passage {
	i := strings.LastIndexByte(p.text, '(')
	if i < 0 {
		return p
	}
	for _, r := range remarks {
		if _, ok := cutPrefixFold(p.text[i+1:], r); ok {
			j := strings.IndexByte(p.text[i:], ')')
			if i == 0 && j > 0 {
				return p.cut(j+1, len(p.text)).trim()
			}
			if i > 0 {
				return p.cut(0, i).trim()
			}
		}
	}
	if !strings.Contains(p.text[i:], ")") && i > 0 {
		return p.cut(0, i).trim() // torn at the end of the text
	}
	return p
}

// countPrefix returns the length of a count at the start: "2-5 ", "3 ",
// "two ".
func countPrefix(t string) int {
	i := 0
	for i < len(t) && (t[i] >= '0' && t[i] <= '9' || t[i] == '-' || t[i] == '+' || strings.HasPrefix(t[i:], "–")) {
		if t[i] >= 0x80 {
			i += len("–")
			continue
		}
		i++
	}
	if i > 0 && t[0] >= '0' && t[0] <= '9' {
		if i < len(t) && t[i] == ' ' {
			rest := t[i+1:]
			for _, to := range []string{"to ", "or ", "- ", "– "} {
				if r, ok := cutPrefixFold(rest, to); ok && len(r) > 0 && r[0] >= '0' && r[0] <= '9' {
					return i + 1 + len(to) + countPrefix(r)
				}
			}
			return i + 1
		}
		if rest := strings.TrimLeft(t[i:], " -–"); len(rest) < len(t[i:]) && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return len(t) - len(rest) + countPrefix(rest)
		}
		return 0
	}
	word, rest, ok := strings.Cut(t, " ")
	if ok && smallNumber(word) > 0 && !strings.HasPrefix(strings.ToLower(rest), "of ") {
		for _, to := range []string{"to ", "or "} {
			if r, ok := cutPrefixFold(rest, to); ok {
				if w, _, ok := strings.Cut(r, " "); ok && smallNumber(w) > 0 {
					return len(word) + 1 + len(to) + len(w) + 1
				}
			}
		}
		return len(word) + 1
	}
	return 0
}

// titles reads the people whom a phrase names. Links are titles as they stand;
// a comma inside a title ("Director, Product") separates nothing.
func (r *resolver) titles(p passage) people {
	p = p.trim()
	var out people
	out.mode = family.Any
	p = enumerated(p)
	pieces, ors, ands := r.pieces(p)
	_, either := cutPrefixFold(p.text, "either ")
	out.either = ors || either
	for _, piece := range pieces {
		t, l := trimLead(remarkless(piece))
		above := suffixAbove(t.text)
		t = tidy(t)
		if t.text == "" {
			continue
		}
		if l.team || (l.count || !l.single && !ors) && plural(t.text) {
			out.several = true
		}
		if above != "" && !strings.HasSuffix(strings.ToLower(t.text), above) {
			t.text, t.low = t.text+above, t.low+above
		}
		t = remarkless(t)
		if inner := who(t); len(inner.text) > 0 {
			sub := r.titles(inner)
			out.refs = append(out.refs, sub.refs...)
			out.either = out.either || sub.either
			continue
		}
		out.refs = append(out.refs, family.Reference{Title: t.text, Span: p.span, Target: r.target(t, 0, len(t.text))})
	}
	for _, ref := range out.refs {
		out.several = out.several || hasWord(ref.Title, "panel")
	}
	if ands && !out.either && len(out.refs) > 1 || out.several && !ors {
		out.mode = family.All
	}
	return out
}

// enumerated drops a description that a list makes precise: "the other
// executives; CFO, CRO and CMO".
func enumerated(p passage) passage {
	i := strings.IndexAny(p.text, ";:")
	if i <= 0 || i+2 >= len(p.text) {
		return p
	}
	head, list := p.text[:i], p.cut(i+1, len(p.text)).trim()
	if plural(head) && len(words(head)) < 6 && names(list.text) && len(joints(list)) > 0 {
		return list
	}
	return p
}

// suffixAbove returns " or above" if the title ends so.
func suffixAbove(t string) string {
	for _, s := range []string{" or above", " or higher", " and above", " or more senior"} {
		if len(t) > len(s) && strings.EqualFold(t[len(t)-len(s):], s) {
			return s
		}
	}
	return ""
}

// tidy removes marks around a title.
func tidy(t passage) passage {
	t = t.trim()
	start, end := 0, len(t.text)
	for start < end && strings.IndexByte(" ,;:.-*'\"", t.text[start]) >= 0 {
		start++
	}
	for end > start && strings.IndexByte(" ,;:.-*", t.text[end-1]) >= 0 && !abbreviations[strings.ToLower(lastWord(t.text[:end-1]))] {
		end--
	}
	return t.cut(start, end)
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

// vague are descriptions that the titles in brackets behind them make
// precise.
var vague = set("group egroup leader leaders leadership executive executives member members team sales someone person people stakeholder stakeholders partner partners")

// who returns the titles in the brackets of a vague description: "a leader
// from Sales (VP of Sales or CRO)".
func who(t passage) passage {
	open := strings.IndexByte(t.text, '(')
	if open < 1 || !strings.HasSuffix(t.text, ")") {
		return passage{}
	}
	inner := t.cut(open+1, len(t.text)-1)
	head := words(t.text[:open])
	if f := fold(t.text[:open]); f == "hiring manager" && startsUpper(inner.text) && namesRole(inner.text) {
		return inner
	}
	if len(head) == 0 || !namesRole(inner.text) || !startsUpper(strings.TrimSpace(inner.text)) || !strings.Contains(inner.text, " ") {
		return passage{}
	}
	for _, w := range head {
		if seniority[w] && w != "executive" || roleNouns[singular(w)] && !vague[w] {
			return passage{}
		}
	}
	for _, w := range head {
		if vague[w] {
			return inner
		}
	}
	if len(head) == 1 {
		return inner
	}
	return passage{}
}

// countRole counts the job nouns of a phrase that are no ranks.
func countRole(t string) int {
	n := 0
	var buf wordBuffer
	for _, w := range appendWords(buf[:0], t) {
		if isRoleWord(w) && !seniority[singular(w)] {
			n++
		}
	}
	return n
}

// names reports whether a phrase names a person or a team.
func names(t string) bool {
	return namesRole(t) || isTeam(t) || peopleWords.inText(t)
}

func isTeam(t string) bool { return teams.inText(t) }

var (
	// teams are words for people who work together.
	teams = newVocabulary("team", "teams", "department", "group", "board", "panel", "organization", "organisation", "function", "division", "leadership", "community", "e-group")
	// peopleWords are words for people that are neither titles nor teams.
	peopleWords = newVocabulary("peer", "peers", "stakeholder", "stakeholders", "counterparts", "teammates", "people", "individuals")
)

// startsArticle reports whether a phrase begins like a new noun phrase.
func startsArticle(t string) bool {
	for _, a := range []string{"a ", "an ", "the ", "our ", "one of ", "members of ", "their ", "another ", "someone ", "any ", "other "} {
		if _, ok := cutPrefixFold(t, a); ok {
			return true
		}
	}
	return countPrefix(t) > 0
}

// bare reports whether a phrase is nothing but a rank, so that a comma behind
// it introduces its field: "Senior Manager", "Director".
func bare(t string) bool {
	t, _ = strings.CutSuffix(t, ".")
	var buf wordBuffer
	ws := appendWords(buf[:0], t)
	if len(ws) == 0 {
		return true
	}
	for _, w := range ws {
		if !seniority[singular(w)] && !isFiller(w) && w != "president" && w != "regional" && w != "area" && w != "one" && w != "with" {
			return false
		}
	}
	switch ws[len(ws)-1] {
	case "ceo", "cto", "cfo":
		return false
	}
	return true
}

// bareEnd reports whether the last title of a phrase is a bare rank.
func bareEnd(t string) bool {
	if i := strings.LastIndexByte(t, ','); i >= 0 {
		t = t[i+1:]
	}
	return bare(t)
}

// headed reports whether a phrase is a whole title and no mere field: it
// begins with a rank, or ends with a job noun.
func headed(t string) bool {
	var buf wordBuffer
	ws := appendWords(buf[:0], stripBrackets(t))
	if len(ws) == 0 {
		return false
	}
	if startsSenior(t) || isTeam(t) {
		return true
	}
	for i, w := range ws {
		if i > 0 && (w == "of" || w == "for" || w == "in" || w == "from" || w == "to" || w == "within" || w == "who" || w == "or" || w == "and") {
			return isRoleWord(ws[i-1])
		}
	}
	return isRoleWord(ws[len(ws)-1])
}

// startsSenior reports whether a phrase begins with a word of rank.
func startsSenior(t string) bool {
	first, _ := nextWord(t)
	return first != "" && (seniority[singular(first)] || isChief(first))
}

// isChief reports abbreviations such as CEO and CRO.
func isChief(w string) bool {
	w = singular(w)
	return len(w) >= 3 && len(w) <= 4 && w[0] == 'c' && w[len(w)-1] == 'o'
}

// plural reports whether the head noun of a phrase is plural.
func plural(t string) bool {
	var buf wordBuffer
	ws := appendWords(buf[:0], stripBrackets(t))
	for i, w := range ws {
		if i > 0 && (w == "of" || w == "for" || w == "in" || w == "from" || w == "within" || w == "on" || w == "who" || w == "with") {
			return isPlural(ws[i-1])
		}
	}
	if len(ws) == 0 {
		return false
	}
	if i := strings.IndexByte(t, ','); i > 0 {
		if first := words(t[:i]); len(first) > 0 && isRoleWord(first[len(first)-1]) {
			return isPlural(first[len(first)-1])
		}
	}
	return isPlural(ws[len(ws)-1])
}

func isPlural(w string) bool {
	return len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && singular(w) != w &&
		(isRoleWord(w) || w == "peers" || w == "members" || w == "teams" || w == "people" || w == "leaders" || w == "stakeholders" || w == "reports" || w == "counterparts" || w == "colleagues" || w == "users" || w == "teammates") || w == "people"
}
