package lint

import (
	"fmt"
	"slices"
	"sort"
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
		switch {
		case p.inHeading(at.Start): // "Responsibilities" is no choice of words
		case h.List == policy.Feminine:
			feminine++
		default:
			masculine++
			seen[strings.ToLower(string(p.File.Slice(at)))]++
		}
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
		Message: fmt.Sprintf("%d masculine-coded %s against %d feminine-coded %s; most often %s", masculine,
			verb(masculine, "word stands", "words stand"), feminine, verb(feminine, "one", "ones"), quoted(words[:min(3, len(words))])),
		Hint: "source of the word lists: " + p.policy().Wording.Masculine.Source,
	})
}

// inHeading reports whether an offset lies in a heading.
func (p *PagePass) inHeading(offset int) bool {
	hs := p.Outline.Headings
	i := sort.Search(len(hs), func(i int) bool { return i > 0 && hs[i].Span.Start > offset }) - 1
	return i > 0 && hs[i].Span.Contains(offset)
}
