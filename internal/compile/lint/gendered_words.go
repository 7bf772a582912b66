package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
)

// genderedWords finds pronouns and titles that name a gender.
var genderedWords = Rule{
	Code:     "CAD406",
	Name:     "gendered-words",
	Title:    "A page names no gender for the holder of a role.",
	Severity: diag.Warning,
	Origin:   "JF075",
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		for _, at := range p.said(policy.Gendered) {
			p.Report(at, diag.Finding{
				Message: fmt.Sprintf("%q names a gender", plain(p.File.Slice(at))),
				Hint:    `write "they", "their" or the title of the role`,
			})
		}
	},
}
