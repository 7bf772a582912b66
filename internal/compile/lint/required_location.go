package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// requiredLocation finds requirements to live in a region.
var requiredLocation = Rule{
	Code:     "CAD402",
	Name:     "required-location",
	Title:    "No requirement asks for a place to live.",
	Severity: diag.Warning,
	Origin:   "JF071",
	Page: func(p *PagePass) {
		p.eachRequirement(func(item source.Span) {
			var where, live source.Span
			p.find(item, policy.Lists(policy.Locations, policy.Residence), func(h policy.Hit, at source.Span) {
				switch {
				case h.List == policy.Residence && live.Empty():
					live = at
				case h.List == policy.Locations && where.Empty():
					where = at
				}
			})
			if where.Empty() || live.Empty() {
				return
			}
			p.Report(live.Join(where), diag.Finding{
				Message: fmt.Sprintf("the requirement asks for a place to live: %q", plain(p.File.Slice(live.Join(where)))),
				Hint:    "state the need behind it, such as working hours or a language; the opening names the place",
			})
		})
	},
}

// eachRequirement calls f for each item of the requirements of the family, of
// levels and of specialties.
func (p *PagePass) eachRequirement(f func(source.Span)) {
	if !p.IsFamily {
		return
	}
	eachItem(&p.Family.Requirements, f)
	for _, l := range p.Family.Levels {
		eachItem(&l.Requirements, f)
	}
	for _, s := range p.Family.Specialties {
		eachItem(&s.Requirements, f)
	}
}

// eachItem calls f with the span of each item of a list. An item encloses
// those below it; its span ends here where the first of them begins, so that
// nothing is looked at twice.
func eachItem(d *family.Duties, f func(own source.Span)) {
	for i, it := range d.Items {
		own := it.Span
		if i+1 < len(d.Items) && own.Contains(d.Items[i+1].Span.Start) {
			own.End = d.Items[i+1].Span.Start
		}
		f(own)
	}
}
