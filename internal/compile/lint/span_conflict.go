package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
)

// spanConflict finds statements about the span of control of one level that
// cannot both hold.
var spanConflict = Rule{
	Code:     "CAD340",
	Name:     "span-conflict",
	Title:    "What a level says about its span of control agrees with itself.",
	Severity: diag.Error,
	Origin:   "JF113",
	Page:     checkSpanConflict,
}

func checkSpanConflict(p *PagePass) {
	for _, l := range p.levels() {
		for i, s := range l.Spans {
			for _, earlier := range l.Spans[:i] {
				if why := p.conflict(earlier, s); why != "" {
					p.Report(s.Span, diag.Finding{
						Message: fmt.Sprintf("two statements about the span of %q contradict each other: %s", l.Title, why),
						Hint:    "keep one of the two, or make their figures agree",
						Related: []diag.Related{p.Related(earlier.Span, "the other statement")},
					})
					break
				}
			}
		}
	}
}

// conflict says why two statements cannot both hold, or "".
func (p *PagePass) conflict(a, b *family.Manages) string {
	if a.Scope != b.Scope {
		return ""
	}
	switch {
	case p.sameOf(a, b):
		if a.Max != nil && b.Min != nil && *a.Max < *b.Min || b.Max != nil && a.Min != nil && *b.Max < *a.Min {
			return fmt.Sprintf("%s and %s of the same people", figures(a), figures(b))
		}
	case len(a.Of) > len(b.Of) && p.partOf(b, a):
		return p.fills(b, a)
	case len(b.Of) > len(a.Of) && p.partOf(a, b):
		return p.fills(a, b)
	}
	return ""
}

// fills says that some of the people that a level manages are already as many
// as all of them together, so that nobody is left for the others.
func (p *PagePass) fills(part, whole *family.Manages) string {
	if whole.Max == nil || part.Min == nil {
		return ""
	}
	if *part.Min > *whole.Max {
		return fmt.Sprintf("%s %s are more than %s in all", figures(part), listed(part.Of, "and"), figures(whole))
	}
	if part.Max != nil && whole.Min != nil && *part.Max >= *whole.Max && *part.Min >= *whole.Min {
		return fmt.Sprintf("%s %s leave nobody for the others among %s %s", figures(part), listed(part.Of, "and"), figures(whole), listed(whole.Of, "and"))
	}
	return ""
}

// sameOf reports whether two statements speak of the same people.
func (p *PagePass) sameOf(a, b *family.Manages) bool {
	return len(a.Of) > 0 && len(a.Of) == len(b.Of) && p.partOf(a, b)
}

// partOf reports whether everybody in part is named in whole.
func (p *PagePass) partOf(part, whole *family.Manages) bool {
	for _, x := range part.Of {
		found := false
		for _, y := range whole.Of {
			found = found || p.calling(x).same(p.calling(y))
		}
		if !found {
			return false
		}
	}
	return len(part.Of) > 0
}

// figures writes the limits of a span as people do.
func figures(m *family.Manages) string {
	switch {
	case m.Min == nil && m.Max == nil:
		return "some"
	case m.Max == nil:
		return fmt.Sprintf("at least %d", *m.Min)
	case m.Min == nil:
		return fmt.Sprintf("at most %d", *m.Max)
	case *m.Min == *m.Max:
		return fmt.Sprint(*m.Min)
	}
	return fmt.Sprintf("%d-%d", *m.Min, *m.Max)
}
