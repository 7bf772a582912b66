package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// ordinalGap finds interviews whose numbers do not follow each other.
var ordinalGap = Rule{
	Code:     "CAD355",
	Name:     "ordinal-gap",
	Title:    `The interviews of a process are numbered without a gap: "first", "second", "third".`,
	Severity: diag.Info,
	Origin:   "JF121",
	Page:     checkOrdinalGap,
}

func checkOrdinalGap(p *PagePass) {
	if !p.IsFamily {
		return
	}
	for _, h := range p.Family.Hiring {
		var last *family.Step
		for _, s := range h.Steps {
			if s.Ordinal == 0 {
				continue
			}
			if last != nil && last.Group == s.Group && s.Ordinal != last.Ordinal+1 && s.Ordinal != 1 {
				p.reportGap(last, s)
			}
			last = s
		}
	}
}

// reportGap says what is odd about two numbered steps that follow each other.
func (p *PagePass) reportGap(last, s *family.Step) {
	f := diag.Finding{
		Message: fmt.Sprintf("the %s interview follows the %s one", ordinal(s.Ordinal), ordinal(last.Ordinal)),
		Hint:    "number the interviews one after the other, or none of them",
		Related: []diag.Related{p.Related(last.Span, "the "+ordinal(last.Ordinal)+" interview")},
	}
	switch {
	case s.Ordinal == last.Ordinal:
		f.Message = fmt.Sprintf("there are two interviews called the %s", ordinal(s.Ordinal))
	case s.Ordinal < last.Ordinal:
	case s.Ordinal == last.Ordinal+2:
		f.Message += fmt.Sprintf("; none is called the %s", ordinal(last.Ordinal+1))
	case s.Ordinal == last.Ordinal+3:
		f.Message += fmt.Sprintf("; none is called the %s or the %s", ordinal(last.Ordinal+1), ordinal(last.Ordinal+2))
	default:
		f.Message += fmt.Sprintf("; none is called the %s to the %s", ordinal(last.Ordinal+1), ordinal(s.Ordinal-1))
	}
	p.Report(s.Span, f)
}

// ordinal writes a number as a word: "first", "11th".
func ordinal(n int) string {
	words := []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
	if n >= 1 && n <= len(words) {
		return words[n-1]
	}
	return fmt.Sprintf("%dth", n)
}
