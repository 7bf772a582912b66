package lint

import (
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// indicatorLink wants indicators to link to their data or definition. It
// speaks once for each list.
var indicatorLink = Rule{
	Code:     "CAD372",
	Name:     "indicator-link",
	Title:    "A performance indicator links to its data, or to its definition.",
	Severity: diag.Info,
	Origin:   "JF062",
	Page:     checkIndicatorLink,
}

func checkIndicatorLink(p *PagePass) {
	if !p.IsFamily {
		return
	}
	p.unlinked("the family", &p.Family.Indicators)
	for _, l := range p.Family.Levels {
		p.unlinked(`"`+l.Title+`"`, &l.Indicators)
	}
}

func (p *PagePass) unlinked(owner string, d *family.Duties) {
	var plain []*family.Item
	for _, it := range d.Items {
		if it.Depth == 0 && len(it.Links) == 0 {
			plain = append(plain, it)
		}
	}
	if len(plain) == 0 {
		return
	}
	f := diag.Finding{
		Message: share(len(plain), outer(d), "performance indicator", "performance indicators") + " of " + owner + " " + verb(len(plain), "links", "link") + " to no data",
		Hint:    "link each indicator to its dashboard, or to the page that defines it",
	}
	for _, it := range plain[1:] {
		f.Related = append(f.Related, p.Related(it.Span, "another one without a link"))
	}
	p.Report(plain[0].Span, f)
}
