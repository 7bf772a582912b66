package lint

import (
	"bytes"
	"fmt"
	"strings"

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
	lower := bytes.ToLower(text)
	if len(lower) != len(text) || !bytes.Contains(lower, []byte("year")) {
		return source.Span{}
	}
	for from := 0; ; {
		i := bytes.Index(lower[from:], []byte("year"))
		if i < 0 {
			return source.Span{}
		}
		i += from
		from = i + len("year")
		end := wordEnd(lower, i)
		start := numberBefore(lower, i)
		if start < 0 || !ofExperience(lower, end) {
			continue
		}
		return source.Span{Start: item.Start + start, End: item.Start + end}
	}
}

// wordEnd returns the end of "year", "years", "years'" or "years+".
func wordEnd(text []byte, at int) int {
	for at < len(text) && (text[at] >= 'a' && text[at] <= 'z' || text[at] == '\'' || text[at] == '+') {
		at++
	}
	return at
}

// numberBefore returns where the number before an offset begins: "5+ ",
// "18 ", "3-5 ", "five "; -1 if there is none.
func numberBefore(text []byte, at int) int {
	head := strings.TrimRight(string(text[:at]), " \u00a0\n\t-+*_")
	for _, filler := range []string{" plus", " or more", " full", " (or more)"} {
		head = strings.TrimRight(strings.TrimSuffix(head, filler), " +")
	}
	i := strings.LastIndexAny(head, " \n\t\u00a0*([:~>≥")
	start := i + 1
	for start < len(head) && head[start] >= 0x80 {
		start++
	}
	word := head[start:]
	if word == "" {
		return -1
	}
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '-' || r == '–' || r == '+' || r == '/' }) {
		if !countWord(part) {
			return -1
		}
	}
	for _, to := range []string{" to ", " - ", " – "} {
		if rest, ok := strings.CutSuffix(head[:start], to); ok {
			if i := strings.LastIndexAny(rest, " \n\t*([:") + 1; countWord(strings.TrimRight(rest[i:], "+")) {
				return i
			}
		}
	}
	return start
}

// countWord reports whether a word is a small number.
func countWord(w string) bool {
	if len(w) <= 2 && strings.Trim(w, "0123456789") == "" {
		return true
	}
	switch w {
	case "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty":
		return true
	}
	return false
}

// ofExperience reports whether the years that end at an offset measure what
// somebody has done: "experience" follows in the same sentence, or "of", "in",
// "as" or a verb.
func ofExperience(text []byte, end int) bool {
	rest, _, _ := strings.Cut(string(text[end:]), ". ")
	rest = strings.TrimLeft(rest, " ,+)\u00a0\n")
	if strings.Contains(rest, "experience") {
		return true
	}
	word, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	switch word {
	case "of", "in", "as", "with", "at", "on":
		return true
	}
	return strings.HasSuffix(word, "ing")
}
