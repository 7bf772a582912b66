package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// vagueWords finds lists that end in "etc.": who reads them must guess what
// else is meant.
var vagueWords = Rule{
	Code:     "CAD407",
	Name:     "vague-words",
	Title:    `A list says all that it means, and does not end in "etc.".`,
	Severity: diag.Info,
	Style:    true,
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		p.find(p.body(), policy.Lists(policy.Vague), func(_ policy.Hit, at source.Span) {
			f := diag.Finding{
				Message: fmt.Sprintf("%q leaves open what else is meant", plain(p.File.Slice(at))),
				Hint:    `name the rest, or begin the list with "such as"`,
			}
			if example := p.exampleBefore(at.Start); example != "" {
				f.Hint = fmt.Sprintf("leave it out: %q says already that there is more", example)
			}
			p.Report(at, f)
		})
	},
}

// exampleBefore returns the word by which the sentence, up to an offset, says
// that it lists examples only; "" if it does not.
func (p *PagePass) exampleBefore(offset int) string {
	line := p.File.LineSpan(p.File.Line(offset))
	before := strings.ToLower(string(p.File.Slice(source.Span{Start: line.Start, End: offset})))
	for _, end := range []string{". ", ";", ")"} {
		if i := strings.LastIndex(before, end); i >= 0 && !strings.HasSuffix(before[:i], "e.g") {
			before = before[i:]
		}
	}
	for _, example := range []string{"such as", "e.g.", "for example", "for instance", "including"} {
		if hasName(before, strings.TrimSuffix(example, ".")) {
			return example
		}
	}
	return ""
}
