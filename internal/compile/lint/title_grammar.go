package lint

import (
	"fmt"
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
		if len(words) < 2 || strings.Contains(l.Title, ",") {
			continue
		}
		last := strings.ToLower(words[len(words)-1])
		switch {
		case last == "manager" && l.Manages != nil:
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q manages people, but its title names a function", l.Title),
				Hint:    fmt.Sprintf("call it %q", p.managerOf(words)),
				Related: []diag.Related{p.Related(l.Manages.Span, "the people that it manages")},
			})
		case last == "lead" && l.Track == "" && l.Manages == nil:
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q does not say whether it manages people", l.Title),
				Hint:    "say in the first sentence whether this is an individual contributor or a people manager",
			})
		}
	}
	for _, l := range p.levels() {
		if comma := strings.Index(l.Title, "Manager, "); comma >= 0 && l.Track == family.Individual {
			p.Report(p.levelSpan(l), diag.Finding{
				Message: fmt.Sprintf("%q is an individual contributor, but its title is a people manager's", l.Title),
			})
		}
	}
}

// managerOf turns "Senior Berth Manager" into "Senior Manager, Berth".
func (p *PagePass) managerOf(words []string) string {
	n := 0
	for n < len(words)-1 && p.policy().IsRank(strings.ToLower(words[n])) {
		n++
	}
	rank := append(append([]string{}, words[:n]...), words[len(words)-1])
	if n == len(words)-1 {
		return strings.Join(words, " ")
	}
	return strings.Join(rank, " ") + ", " + strings.Join(words[n:len(words)-1], " ")
}

// withoutBrackets removes what stands in brackets.
func withoutBrackets(s string) string {
	if i := strings.IndexByte(s, '('); i >= 0 {
		return strings.TrimSpace(s[:i])
	}
	return s
}
