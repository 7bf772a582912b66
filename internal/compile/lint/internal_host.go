package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// internalHost finds links on a public page that only members of the
// organisation can follow.
var internalHost = Rule{
	Code:     "CAD212",
	Name:     "internal-host",
	Title:    "A link can be followed by every reader of the page.",
	Severity: diag.Info,
	Origin:   "JF083",
	Page: func(p *PagePass) {
		if len(p.InternalHosts) == 0 {
			return
		}
		for i := range p.Outline.Links {
			l := &p.Outline.Links[i]
			if !strings.Contains(l.Target, "//") {
				continue
			}
			if d := p.destination(l.Target); d.host != "" && hostIn(d.host, p.InternalHosts) {
				p.Report(l.Span, diag.Finding{
					Message: fmt.Sprintf("%s can be opened by members of the organisation alone", d.host),
					Hint:    "link to a public page, or say beside the link who can open it",
				})
			}
		}
	},
}
