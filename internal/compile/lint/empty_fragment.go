package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// emptyFragment finds addresses that end with a "#" and nothing behind it,
// which is what is left when an anchor is copied by half.
var emptyFragment = Rule{
	Code:     "CAD214",
	Name:     "empty-fragment",
	Title:    "An address with a # names the anchor behind it.",
	Severity: diag.Info,
	Page: func(p *PagePass) {
		for i := range p.Outline.Links {
			l := &p.Outline.Links[i]
			if len(l.Target) < 2 || !strings.HasSuffix(l.Target, "#") || l.Dynamic {
				continue
			}
			f := diag.Finding{
				Message: fmt.Sprintf("the address %s ends with an empty #", l.Target),
				Hint:    "name the anchor, or remove the #",
			}
			if t := l.TargetSpan; !t.Empty() {
				f.Fixes = []diag.Fix{replace("remove the #", source.Span{Start: t.End - 1, End: t.End}, "")}
			}
			p.Report(l.Span, f)
		}
	},
}
