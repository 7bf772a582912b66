package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
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

// ofPerson reports whether a pronoun is that of a person whose linked name
// stands before it in its sentence, or in the one that it continues.
func (p *PagePass) ofPerson(at source.Span) bool {
	for i := range p.Outline.Links {
		l := &p.Outline.Links[i]
		if l.Span.End > at.Start {
			break
		}
		between := p.File.Slice(source.Span{Start: l.Span.End, End: at.Start})
		if _, next, ok := bytes.Cut(between, []byte(". ")); ok && len(next) > 0 {
			continue
		}
		if !leavesText(between) && p.namesPerson(l) {
			return true
		}
	}
	return false
}

// leavesText reports whether a paragraph or an item ends in a piece of text.
func leavesText(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return false
		}
		text = bytes.TrimLeft(text[i+1:], " \t")
		if len(text) > 0 && bytes.IndexByte([]byte("\n\r*-+#|>"), text[0]) >= 0 {
			return true
		}
	}
}

// namesPerson reports whether the text of a link is the name of a person: two
// or three words with capitals, none of them a rank, and no article before.
func (p *PagePass) namesPerson(l *syntax.Link) bool {
	words := strings.Fields(l.Text)
	if len(words) < 2 || len(words) > 3 || len(p.calling(l.Text).rank) > 0 {
		return false
	}
	line := p.File.LineSpan(p.File.Line(l.Span.Start))
	before := strings.Fields(strings.ToLower(string(p.File.Slice(source.Span{Start: line.Start, End: l.Span.Start}))))
	if n := len(before); n > 0 && slices.Contains([]string{"the", "a", "an", "our", "your", "their", "its", "each", "every", "any"}, before[n-1]) {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool { return w[0] < 'A' || w[0] > 'Z' })
}
