package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
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
			if p.ofPerson(at) {
				continue
			}
			p.Report(at, diag.Finding{
				Message: fmt.Sprintf("%q names a gender", plain(p.File.Slice(at))),
				Hint:    `write "they", "their" or the title of the role`,
			})
		}
	},
}

// ofPerson reports whether a pronoun follows, in its sentence, a link whose
// text is the name of a person: two or three words with capitals, and no
// title. Such a person has pronouns of their own.
func (p *PagePass) ofPerson(at source.Span) bool {
	for _, l := range p.Outline.Links {
		if l.Span.End > at.Start {
			return false
		}
		words := strings.Fields(l.Text)
		if len(words) < 2 || len(words) > 3 || len(callingOf(p.policy(), l.Text).rank) > 0 {
			continue
		}
		capitals := !slices.ContainsFunc(words, func(w string) bool { return w[0] < 'A' || w[0] > 'Z' })
		between := p.File.Slice(source.Span{Start: l.Span.End, End: at.Start})
		if capitals && !bytes.Contains(between, []byte(". ")) && !bytes.ContainsRune(between, '\n') {
			return true
		}
	}
	return false
}
