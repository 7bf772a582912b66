package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// titleGrammar wants titles to tell who manages people: "Manager, Berths" does,
// a "Berth Manager" manages berths, and a lead says which of both it is.
var titleGrammar = Rule{
	Code:     "CAD331",
	Name:     "title-grammar",
	Title:    `"Manager, X" manages people and "X Manager" a function; a lead says which it is.`,
	Severity: diag.Warning,
	Origin:   "JF041",
	Style:    true,
	Page:     checkTitleGrammar,
}

func checkTitleGrammar(p *PagePass) {
	for _, l := range p.levels() {
		words := strings.Fields(strings.TrimRight(withoutBrackets(l.Title), " :"))
		if strings.Contains(l.Title, ",") {
			if strings.Contains(l.Title, "Manager, ") && l.Manages == nil && says(l, "is an individual contributor") {
				p.Report(p.levelSpan(l), diag.Finding{
					Message: fmt.Sprintf("%q is an individual contributor, but its title is that of a people manager", l.Title),
					Hint:    `put what is managed before "Manager"`,
				})
			}
			continue
		}
		ranks := p.leadingRanks(words)
		if ranks >= len(words)-1 {
			continue // "Senior Manager" alone says neither
		}
		switch last := words[len(words)-1]; {
		case strings.EqualFold(last, "manager") && l.Manages != nil:
			people := append(append([]string{}, words[:ranks]...), last)
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q manages people, but its title names a function", l.Title),
				Hint:    fmt.Sprintf("call it %q", strings.Join(people, " ")+", "+strings.Join(words[ranks:len(words)-1], " ")),
				Related: []diag.Related{p.Related(l.Manages.Span, "the people that it manages")},
			})
		case strings.EqualFold(last, "lead") && l.Manages == nil && !says(l, "individual contributor", "people manager", "manages", "managing", "direct report"):
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q does not say whether it manages people", l.Title),
				Hint:    "say in the first sentence whether this is an individual contributor or a people manager",
			})
		}
	}
}

// says reports whether the text below a level's heading uses one of some
// phrases.
func says(l *family.Level, phrases ...string) bool {
	return slices.ContainsFunc(l.Intro, func(t family.Text) bool {
		text := strings.ToLower(t.Text)
		return slices.ContainsFunc(phrases, func(ph string) bool { return strings.Contains(text, ph) })
	})
}

// leadingRanks counts the words at the beginning of a title that say how high
// it is.
func (p *PagePass) leadingRanks(words []string) int {
	n := 0
	for n < len(words) && p.policy().IsRank(strings.ToLower(strings.TrimSuffix(words[n], "."))) {
		n++
	}
	return n
}

// withoutBrackets removes what stands in brackets.
func withoutBrackets(s string) string {
	if i := strings.IndexByte(s, '('); i >= 0 {
		return strings.TrimSpace(s[:i])
	}
	return s
}
