package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// wordBalance counts words that studies found to attract men more than women,
// and the reverse; a page with more of the first kind loses applicants.
var wordBalance = Rule{
	Code:     "CAD405",
	Name:     "word-balance",
	Title:    "A page has no more masculine-coded than feminine-coded words.",
	Severity: diag.Info,
	Origin:   "JF075",
	Style:    true,
	Page:     checkWordBalance,
}

func checkWordBalance(p *PagePass) {
	if !p.IsFamily {
		return
	}
	masculine, feminine := 0, 0
	seen := map[string]int{}
	p.find(p.body(), policy.Lists(policy.Masculine, policy.Feminine), func(h policy.Hit, at source.Span) {
		if h.List == policy.Feminine {
			feminine++
			return
		}
		masculine++
		seen[strings.ToLower(string(p.File.Slice(at)))]++
	})
	if masculine <= feminine {
		return
	}
	words := make([]string, 0, len(seen))
	for w := range seen {
		words = append(words, w)
	}
	slices.SortFunc(words, func(a, b string) int {
		if seen[a] != seen[b] {
			return seen[b] - seen[a]
		}
		return strings.Compare(a, b)
	})
	p.Report(p.titleSpan(), diag.Finding{
		Message: fmt.Sprintf("%d masculine-coded words stand against %d feminine-coded ones; most often %s", masculine, feminine, quoted(words[:min(3, len(words))])),
		Hint:    "source of the word lists: " + p.policy().Wording.Masculine.Source,
	})
}
