package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/diag"
)

// intermediateTitle keeps the word "intermediate" out of titles: the middle
// level bears the plain name of the role, with the word in brackets at most.
var intermediateTitle = Rule{
	Code:     "CAD312",
	Name:     "intermediate-title",
	Title:    `"Intermediate" is no part of a title; it may stand in brackets behind it.`,
	Severity: diag.Warning,
	Origin:   "JF023",
	Page:     checkIntermediate,
}

func checkIntermediate(p *PagePass) {
	for _, l := range p.levels() {
		plain := withoutWord(l.Title, "intermediate")
		if plain == l.Title || len(p.calling(plain).about) == 0 {
			continue
		}
		p.Report(p.levelSpan(l), diag.Finding{
			Message: fmt.Sprintf("the title %q says \"intermediate\"", l.Title),
			Hint:    fmt.Sprintf("call the level %q or %q", plain, plain+" (Intermediate)"),
		})
	}
}

// withoutWord removes a word that stands outside brackets from a title.
func withoutWord(title, word string) string {
	if !strings.Contains(strings.ToLower(title), word) {
		return title // the usual case
	}
	var kept []string
	depth := 0
	for w := range strings.FieldsSeq(title) {
		depth += strings.Count(w, "(")
		if depth == 0 && strings.EqualFold(strings.Trim(w, ",:"), word) {
			continue
		}
		depth -= strings.Count(w, ")")
		kept = append(kept, w)
	}
	if joined := strings.Join(kept, " "); len(resolve.RoleKey(joined)) > 0 && len(kept) < len(strings.Fields(title)) {
		return joined
	}
	return title
}
