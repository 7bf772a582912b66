package lint

import (
	"strings"
	"unicode"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// splitIndicator finds one indicator that was cut into two items at an "or".
var splitIndicator = Rule{
	Code:     "CAD375",
	Name:     "split-indicator",
	Title:    `Alternatives of one performance indicator stand in one item; no item ends with "or".`,
	Severity: diag.Error,
	Page:     checkSplitIndicator,
}

func checkSplitIndicator(p *PagePass) {
	if !p.IsFamily {
		return
	}
	p.splits(&p.Family.Indicators)
	for _, l := range p.Family.Levels {
		p.splits(&l.Indicators)
	}
}

func (p *PagePass) splits(d *family.Duties) {
	for i, it := range d.Items {
		before, last := lastWord(strings.TrimRight(it.Text, " ,;:."))
		if before == "" || !strings.EqualFold(last, "or") && !strings.EqualFold(last, "and/or") {
			continue
		}
		f := diag.Finding{
			Message: `the item ends with "or": one indicator is split over two items`,
			Hint:    "write both alternatives in one item",
		}
		if i+1 < len(d.Items) && d.Items[i+1].Depth == it.Depth {
			next := d.Items[i+1]
			f.Related = []diag.Related{p.Related(next.Span, "the other half")}
		} else {
			f.Message = `the item ends with "or", and nothing follows`
		}
		p.Report(it.Span, f)
	}
}

// lastWord cuts a text before its last word.
func lastWord(text string) (before, last string) {
	i := strings.LastIndexFunc(text, unicode.IsSpace)
	if i < 0 {
		return "", text
	}
	return strings.TrimSpace(text[:i]), strings.TrimSpace(text[i:])
}
