package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// absoluteLink finds links to the organisation's own site that name its host:
// they leave a preview or a copy of the site.
var absoluteLink = Rule{
	Code:     "CAD211",
	Name:     "absolute-link",
	Title:    "A link to the organisation's own site begins with a slash, not with the host.",
	Severity: diag.Info,
	Origin:   "JF083",
	Page: func(p *PagePass) {
		if len(p.OwnHosts) == 0 {
			return
		}
		for i := range p.Outline.Links {
			l := &p.Outline.Links[i]
			if !strings.Contains(l.Target, "//") || l.Image || l.Dynamic {
				continue
			}
			d := p.destination(l.Target)
			if d.kind != sitePath || d.host == "" {
				continue
			}
			_, path, _ := strings.Cut(l.Target[strings.Index(l.Target, "//")+2:], "/")
			f := diag.Finding{
				Message: fmt.Sprintf("the link names the own host %s", d.host),
				Hint:    fmt.Sprintf("write /%s", path),
			}
			if !l.TargetSpan.Empty() {
				f.Fixes = []diag.Fix{replace("leave out the host", l.TargetSpan, "/"+path)}
			}
			p.Report(l.Span, f)
		}
	},
}
