package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// yearsOfExperience finds requirements that count years. Years say little of
// what somebody can do, and keep people out who learnt it faster.
var yearsOfExperience = Rule{
	Code:     "CAD403",
	Name:     "years-of-experience",
	Title:    "Requirements do not count years of experience.",
	Severity: diag.Warning,
	Origin:   "JF072",
	Page: func(p *PagePass) {
		if !mentionsYears(p.File.Text) {
			return
		}
		p.eachRequirement(func(item source.Span) {
			if at := p.years(item); !at.Empty() {
				p.Report(at, diag.Finding{
					Message: fmt.Sprintf("the requirement counts years: %q", plain(p.File.Slice(at))),
					Hint:    fmt.Sprintf("say what somebody must have done, or write %q and define it", p.progressive()),
				})
			}
		})
	},
}

// mentionsYears reports whether a text may speak of years. Most texts do not,
// and are passed over at little cost.
func mentionsYears(text []byte) bool {
	return bytes.Contains(text, []byte("year")) || bytes.Contains(text, []byte("Year")) || bytes.Contains(text, []byte("EAR"))
}

// progressive is how the organisation wants experience to be asked for.
func (p *PagePass) progressive() string {
	if words := p.policy().Wording.Progress.Words; len(words) > 0 {
		return words[0]
	}
	return "relevant experience"
}

// years returns the first number of years of experience in an item, such as
// "5+ years" or "three to five years"; an empty span if there is none. Years
// that measure something else, such as a plan, do not count.
func (p *PagePass) years(item source.Span) source.Span {
	text := p.File.Slice(item)
	if !mentionsYears(text) {
		return source.Span{}
	}
	lower := bytes.ToLower(text)
	if len(lower) != len(text) {
		return source.Span{}
	}
	low := string(lower)
	for from := 0; ; {
		i := strings.Index(low[from:], "year")
		if i < 0 {
			return source.Span{}
		}
		i += from
		from = i + len("year")
		end := wordEnd(low, i)
		start := numberBefore(low, i)
		joined := low[max(0, i-1)] == '-' // "a 5-year plan"
		if start >= 0 && ofExperience(low[:start], low[end:]) && (!joined || hasName(low[end:], "experience")) {
			return source.Span{Start: item.Start + start, End: item.Start + end}
		}
	}
}

// wordEnd returns the end of "year", "years", "years'" or "years+".
func wordEnd(text string, at int) int {
	for at < len(text) && (text[at] >= 'a' && text[at] <= 'z' || text[at] == '\'' || text[at] == '+') {
		at++
	}
	return at
}

// numberBefore returns where the number before an offset begins: "5+ ",
// "18 ", "3 - 5 ", "one (1) ", "three to five "; -1 if there is none.
func numberBefore(text string, at int) int {
	start := -1
	for head := text[:at]; ; {
		head = strings.TrimRightFunc(head, unicode.IsSpace)
		i := 0
		if blank := strings.LastIndexFunc(head, unicode.IsSpace); blank >= 0 {
			_, n := utf8.DecodeRuneInString(head[blank:])
			i = blank + n
		}
		switch word := head[i:]; {
		case isCount(word):
			start = i + len(word) - len(strings.TrimLeft(word, aroundNumbers))
		case !joinsNumbers[strings.Trim(word, aroundNumbers)]:
			return start
		}
		if i == 0 {
			return start
		}
		head = head[:i]
	}
}

// aroundNumbers are the signs that may stand around a number and the words
// that belong to it.
const aroundNumbers = "+~<>=≥≤()[]*_:-–,"

// joinsNumbers are the words that may stand between a number and its unit;
// signs alone count as none.
var joinsNumbers = map[string]bool{"": true, "to": true, "or": true, "more": true, "plus": true, "full": true}

// isCount reports whether a lower-case word is a small number, or a range of
// two: "5+", "3-5", "(ten)".
func isCount(word string) bool {
	word = strings.Trim(word, aroundNumbers)
	n := 0
	for part := range strings.FieldsFuncSeq(word, func(r rune) bool { return r == '-' || r == '–' || r == '+' || r == '/' }) {
		if !numberWords[part] && (len(part) > 2 || strings.Trim(part, "0123456789") != "") {
			return false
		}
		n++
	}
	return n > 0
}

var numberWords = map[string]bool{
	"one": true, "two": true, "three": true, "four": true, "five": true, "six": true, "seven": true, "eight": true,
	"nine": true, "ten": true, "twelve": true, "fifteen": true, "twenty": true,
}

// ofExperience reports whether years measure what somebody has done, by what
// stands before and after them: "experience" follows in the same sentence, or
// "of", "in", "as" or a verb; or experience is wanted "for" so many years; or
// the years stand in brackets of their own. The next years are none of that.
func ofExperience(before, after string) bool {
	before = strings.TrimRight(before, " \u00a0\n")
	if strings.HasSuffix(before, " next") || strings.HasSuffix(before, " coming") {
		return false
	}
	if strings.HasSuffix(before, "(") && strings.HasPrefix(after, ")") {
		return true
	}
	after, _, _ = strings.Cut(after, ". ")
	after = strings.TrimSpace(strings.TrimLeft(after, " ,+)’*_\u00a0\n"))
	if hasName(after, "experience") {
		return true
	}
	if strings.Trim(after, ".;)") == "" {
		i := strings.LastIndex(before, "experience")
		return i >= 0 && hasName(before[i:], "for") && !strings.Contains(before[i:], ". ")
	}
	word, rest, _ := strings.Cut(after, " ")
	switch word {
	case "of", "in", "as", "with", "at", "on":
		return !slices.ContainsFunc(strings.Fields(firstWords(rest, 4)), func(w string) bool { return ofStudy[strings.Trim(w, ".,;:")] })
	}
	return strings.HasSuffix(word, "ing")
}

// ofStudy are words that make years ones of a school, or of a plan.
var ofStudy = map[string]bool{
	"school": true, "study": true, "studies": true, "university": true, "college": true, "education": true, "advance": true,
}

// firstWords returns the beginning of a text, at most n words of it.
func firstWords(text string, n int) string {
	words := strings.Fields(text)
	return strings.Join(words[:min(n, len(words))], " ")
}
