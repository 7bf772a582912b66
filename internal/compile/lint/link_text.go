package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// linkText finds links whose text says nothing of where they lead. Who hears a
// page read aloud, or looks only at its links, hears "here, here, here".
var linkText = Rule{
	Code:     "CAD213",
	Name:     "link-text",
	Title:    "The text of a link says where it leads.",
	Severity: diag.Warning,
	Origin:   "JF080",
	Page: func(p *PagePass) {
		words := p.policy().Wording.LinkText.Words
		for i := range p.Outline.Links {
			l := &p.Outline.Links[i]
			if len(l.Text) > 24 || l.Text == "" || l.Image {
				continue
			}
			text := strings.Trim(l.Text, " .,:;!?>»→")
			for _, w := range words {
				if strings.EqualFold(text, w) {
					p.Report(l.Span, diag.Finding{
						Message: fmt.Sprintf("the link text %q does not say where the link leads", l.Text),
						Hint:    "make the name of the target the text",
					})
					break
				}
			}
		}
	},
}
