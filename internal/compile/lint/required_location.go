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
		p.eachRequirement(func(_ *family.Level, it *family.Item) {
			var where, live source.Span
			p.find(it.Span, policy.Lists(policy.Locations, policy.Residence), func(h policy.Hit, at source.Span) {
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
// levels and of specialties; the level is nil for the family's.
func (p *PagePass) eachRequirement(f func(*family.Level, *family.Item)) {
	if !p.IsFamily {
		return
	}
	for _, it := range p.Family.Requirements.Items {
		f(nil, it)
	}
	for _, l := range p.Family.Levels {
		for _, it := range l.Requirements.Items {
			f(l, it)
		}
	}
	for _, s := range p.Family.Specialties {
		for _, it := range s.Requirements.Items {
			f(p.Family.Level(s.Level), it)
		}
	}
}
