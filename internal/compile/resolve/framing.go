package resolve

import (
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
)

// framing reports text about the process at which nothing happens to the
// candidate.
func framing(t string) bool {
	f := foldHead(t, 40) // longer than each of the openings
	for _, s := range framingOpenings().of(f) {
		if strings.HasPrefix(f, s) {
			if beginsSteps[s] && isStep(t) && !hasWord(t, "can be found", "declined") {
				continue
			}
			// "Candidates for the director role are also invited to a 50 minute interview"
			if strings.HasPrefix(s, "candidates for th") && isStep(t) && minutes(t) != nil && !hasWord(t, "expect", "follow") {
				continue
			}
			return true
		}
	}
	if have := syntax.WordsOf(t); !have.Meet(&remarkWords) {
		return false
	}
	low := lower(t)
	for _, s := range []string{"can be declined", "may be declined", "be declined from", "can be found on", "can be found in", "can be found here", "are conducted via", "will be conducted via", "follow the order below", "hiring process to follow", "find their job title", "kind of thing"} {
		if strings.Contains(low, s) {
			return true
		}
	}
	return false
}

// remarkWords are the words of which a remark about the process has one.
var remarkWords = syntax.WordsOf("declined found conducted order process their kind")

// beginsSteps are those of framingOpenings that may begin a step as well.
var beginsSteps = map[string]bool{
	"candidates who": true, "if you": true, "depending on": true, "candidates at": true,
	"for more": true, "interviews are": true, "the following": true, "as you": true,
}

// framingOpenings begin, folded, a text about the process.
var framingOpenings = sync.OnceValue(func() *openings {
	return newOpenings(
		"additional details", "more details", "further details", "see more details", "candidates for th", "candidates can expect", "applicants for", "candidates should expect", "the hiring process for",
		"please keep in mind", "please note", "note that", "as always", "all interviews are conducted", "to learn more", "candidates for the", "as a result", "candidates can generally expect", "we are an equal",
		"candidates for all", "for more", "for details", "you can find", "learn more", "details about", "the interview process", "our hiring process", "our interview process", "click here", "read more", "find out more",
		"the following steps", "the following", "as you", "because we", "depending on", "additional detail", "candidates at", "we encourage", "we value", "also note", "if you", "interviews are", "see the", "see our", "see details", "please refer", "please see", "please review",
		"the compensation", "the total compensation", "information about", "candidates are encouraged", "candidates who", "applicants can expect", "in the interview", "avg candidates", "candidates might expect", "candidate can expect",
	)
})

// hidesStep reports whether a framing paragraph ends in a sentence that is a
// step.
func hidesStep(b *syntax.Block) bool {
	if !invitations.in(b) {
		return false
	}
	for _, s := range plain(b.Text, b.Span, b.Line).sentences() {
		if s.holds(&invitations) && isStep(s.low) && !framing(s.text) && !hasWordIn(s.low, "we", "when", "if you") {
			return true
		}
	}
	return false
}

// invitations tell the candidate what comes next.
var invitations = newVocabulary("invited", "will be asked", "will schedule", "screening call with")
