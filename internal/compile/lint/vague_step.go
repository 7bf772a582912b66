package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// vagueStep finds conversations of which the page does not say how long they
// take or with whom they are. It speaks once for each process.
var vagueStep = Rule{
	Code:     "CAD356",
	Name:     "vague-step",
	Title:    "A step that is a conversation says with whom it is and how long it takes.",
	Severity: diag.Info,
	Origin:   "JF122",
	Page:     checkVagueStep,
}

func checkVagueStep(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, h := range p.Family.Hiring {
		long, whom, talks := 0, 0, 0
		var related []diag.Related
		for _, s := range h.Steps {
			if s.Kind != family.Screening && s.Kind != family.Interview {
				continue
			}
			talks++
			var open []string
			if s.Minutes == nil {
				long++
				open = append(open, "how long")
			}
			if len(s.Interviewers) == 0 && !p.namesKind(s.Text) {
				whom++
				open = append(open, "with whom")
			}
			if len(open) > 0 {
				related = append(related, p.Related(s.Span, listed(open, "and")))
			}
		}
		var open []string
		if long > 0 {
			open = append(open, "how long "+ofThem(long, talks)+" "+verb(long, "takes", "take"))
		}
		if whom > 0 {
			open = append(open, "with whom "+ofThem(whom, talks)+" "+verb(whom, "is", "are"))
		}
		if len(open) > 0 {
			p.Report(processSpan(h), diag.Finding{
				Message: fmt.Sprintf("%s does not say %s", processName(h), strings.Join(open, ", nor ")),
				Hint:    `write steps as "45 minute interview with the …"`,
				Related: related,
			})
		}
	}
}

// namesKind reports whether the words before "interview" say what kind of
// people lead it: "a peer interview", "the final executive interview".
func (p *PagePass) namesKind(step string) bool {
	before := ""
	for word := range strings.FieldsSeq(strings.ToLower(step)) {
		word = strings.Trim(word, ".,;:()")
		if strings.HasPrefix(word, "interview") || word == "conversation" || word == "conversations" || word == "call" {
			switch before {
			case "peer", "team", "panel", "executive", "leadership", "recruiter", "ceo":
				return true
			}
			if p.policy().IsRank(before) {
				return true
			}
		}
		before = word
	}
	return false
}

// ofThem says how many of the conversations of a process are meant.
func ofThem(n, of int) string {
	switch {
	case of == 1:
		return "its conversation"
	case n == of:
		return fmt.Sprintf("its %d conversations", n)
	}
	return fmt.Sprintf("%d of its %d conversations", n, of)
}

// share says how many of some things are meant: "2 of the 3 items".
func share(n, of int, one, many string) string {
	switch {
	case of == 1:
		return "the " + one
	case n == of && n == 2:
		return "both " + many
	case n == of:
		return fmt.Sprintf("all %d %s", n, many)
	}
	return fmt.Sprintf("%d of the %d %s", n, of, many)
}

// verb chooses between the singular and the plural.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
