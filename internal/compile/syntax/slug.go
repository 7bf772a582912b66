package syntax

import (
	"strconv"
	"strings"
	"unicode"
)

// A Dialect says how a site generator makes anchors from headings.
type Dialect string

// The dialects; the zero value is GFM.
const (
	GFM      Dialect = "gfm"
	Kramdown Dialect = "kramdown"
	GitLab   Dialect = "gitlab"
	Hugo     Dialect = "hugo"
)

// Dialects lists all dialects, the default first.
var Dialects = []Dialect{GFM, Kramdown, GitLab, Hugo}

// Slug makes the anchor of a heading from its rendered text, before duplicates
// are told apart.
func (d Dialect) Slug(text string) string {
	switch d {
	case Kramdown:
		return kramdownSlug(text)
	case GitLab:
		return collapse(gfmSlug(text))
	}
	return gfmSlug(text) // Hugo's default autoHeadingIDType is "github"
}

// gfmSlug keeps letters, digits, marks, '_' and '-', turns each blank into '-'
// and drops the rest, as github-markdown's TOC filter does.
func gfmSlug(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case r == ' ' || r == '-':
			b.WriteByte('-')
		case r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r + 'a' - 'A')
		case r >= 0x80 && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// kramdownSlug is kramdown's basic_generate_id: what stands before the first
// letter is dropped, and of the rest only ASCII letters, digits, blanks and
// hyphens stay. An empty result becomes "section".
func kramdownSlug(text string) string {
	start := strings.IndexFunc(text, func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	})
	if start < 0 {
		return "section"
	}
	var b strings.Builder
	for _, r := range text[start:] {
		switch {
		case r == ' ' || r == '-':
			b.WriteByte('-')
		case r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r + 'a' - 'A')
		}
	}
	return b.String()
}

// collapse folds runs of hyphens into one, as GitLab does.
func collapse(slug string) string {
	var b strings.Builder
	for i := range len(slug) {
		if slug[i] != '-' || i == 0 || slug[i-1] != '-' {
			b.WriteByte(slug[i])
		}
	}
	return b.String()
}

// A slugger gives each heading of a page an anchor of its own: the second
// "levels" becomes "levels-1".
type slugger struct {
	dialect Dialect
	used    map[string]int
}

func (s *slugger) next(text string) string {
	slug := s.dialect.Slug(text)
	n, seen := s.used[slug]
	if !seen {
		s.used[slug] = 0
		return slug
	}
	for {
		n++
		unique := slug + "-" + strconv.Itoa(n)
		if _, taken := s.used[unique]; !taken {
			s.used[slug] = n
			s.used[unique] = 0
			return unique
		}
	}
}
