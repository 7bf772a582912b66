package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
)

// emptyLink finds links that lead nowhere, and links that nobody can see.
var emptyLink = Rule{
	Code:     "CAD204",
	Name:     "empty-link",
	Title:    "A link has a text and a target.",
	Severity: diag.Error,
	Origin:   "JF080",
	Page: func(p *PagePass) {
		for i := range p.Outline.Links {
			l := &p.Outline.Links[i]
			if l.Image {
				continue
			}
			switch {
			case l.Target == "" || l.Target == "#":
				p.Report(l.Span, diag.Finding{
					Message: fmt.Sprintf("the link %q has no target", l.Text),
					Hint:    "add the address, or take the brackets away",
				})
			case l.Text == "":
				p.Report(l.Span, diag.Finding{
					Message: fmt.Sprintf("the link to %s has no text", l.Target),
					Hint:    "write between the brackets what the target is",
				})
			}
		}
	},
}
