package lint

import (
	"slices"
	"strings"

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
	if p.definedAbove(d) {
		return
	}
	items := indicatorsOf(d)
	var plain []*family.Item
	for _, it := range items {
		if !linked(it, d) {
			plain = append(plain, it)
		}
	}
	if len(plain) == 0 {
		return
	}
	f := diag.Finding{
		Message: share(len(plain), len(items), "performance indicator", "performance indicators") + " of " + owner + " " + verb(len(plain), "links", "link") + " to no data",
		Hint:    "link each indicator to its dashboard, or to the page that defines it",
	}
	for _, it := range plain[1:] {
		f.Related = append(f.Related, p.Related(it.Span, "another one without a link"))
	}
	p.Report(plain[0].Span, f)
}

// linked reports whether an indicator has a link, or a bare address, or an item
// below it has.
func linked(it *family.Item, d *family.Duties) bool {
	return slices.ContainsFunc(d.Items, func(inner *family.Item) bool {
		return it.Span.Contains(inner.Span.Start) && (len(inner.Links) > 0 || strings.Contains(inner.Text, "://"))
	})
}

// definedAbove reports whether a paragraph around the indicators links to
// where they are measured or defined.
func (p *PagePass) definedAbove(d *family.Duties) bool {
	return slices.ContainsFunc(d.Prose, func(t family.Text) bool {
		l := p.linkIn(t)
		if l == nil {
			return false
		}
		text := strings.ToLower(l.Text)
		return slices.ContainsFunc([]string{"indicator", "metric", "measure", "dashboard", "definition", "kpi"}, func(w string) bool {
			return strings.Contains(text, w)
		})
	})
}
