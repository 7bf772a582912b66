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
	// GFM is how GitHub does it, and kramdown with its GFM parser, as the
	// sites of Jekyll and Middleman mostly do.
	GFM Dialect = "gfm"
	// Kramdown is kramdown without its GFM parser.
	Kramdown Dialect = "kramdown"
	GitLab   Dialect = "gitlab"
	Hugo     Dialect = "hugo"
)

// Dialects lists all dialects, the default first.
var Dialects = []Dialect{GFM, Kramdown, GitLab, Hugo}

// Slug makes the anchor of a heading, before duplicates are told apart, from
// its rendered text; Hugo makes it from the Markdown as written.
func (d Dialect) Slug(text string) string {
	switch d {
	case Kramdown:
		return kramdownSlug(text)
	case GitLab:
		return gitlabSlug(text)
	case Hugo:
		return hugoSlug(text)
	}
	return gfmSlug(text)
}

// gfmSlug keeps letters, marks, digits, connectors such as '_' and hyphens,
// turns each blank into a hyphen and drops the rest. The filters of GitHub's
// html-pipeline, of kramdown-parser-gfm and of GitLab say so with the same
// expression, [^\p{Word}\- ].
func gfmSlug(text string) string {
	return slug(text, func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic)
	})
}

// hugoSlug is Hugo's default, autoIDType "github": as GitHub does it, but
// without marks and from the Markdown as written, so that the target of a link
// in a heading is part of its anchor.
func hugoSlug(text string) string {
	s := slug(strings.TrimSpace(text), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' })
	if s == "" {
		return "heading"
	}
	return s
}

func slug(text string, keep func(rune) bool) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case r == ' ' || r == '-':
			b.WriteByte('-')
		case r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			b.WriteByte(byte(r))
		case r >= 'A' && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case r >= 0x80 && r != unicode.ReplacementChar && keep(r):
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
	return strings.ReplaceAll(slug(text[start:], func(rune) bool { return false }), "_", "")
}

// gitlabSlug is GitLab's string_to_anchor: runs of hyphens become one, and a
// number alone, which would look like a reference to an issue, gets a prefix.
func gitlabSlug(text string) string {
	long := gfmSlug(text)
	var b strings.Builder
	for i := range len(long) {
		if long[i] != '-' || i == 0 || long[i-1] != '-' {
			b.WriteByte(long[i])
		}
	}
	s := b.String()
	if s != "" && strings.Trim(s, "0123456789") == "" {
		return "anchor-" + s
	}
	return s
}

// A slugger gives each heading of a page an anchor: the second "levels"
// becomes "levels-1".
type slugger struct {
	dialect Dialect
	used    map[string]int
}

// take notes an anchor that the author chose.
func (s *slugger) take(id string) {
	if s.dialect == Hugo {
		s.used[id] = 0
	}
}

// next returns the anchor of the next heading. GitHub and Hugo make sure that
// it is free; kramdown and GitLab only count, so that a heading "Levels 1"
// behind two headings "Levels" gets the anchor of the second one again.
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
		if _, taken := s.used[unique]; taken && s.dialect != Kramdown && s.dialect != GitLab {
			continue
		}
		s.used[slug] = n
		if s.dialect != Kramdown && s.dialect != GitLab {
			s.used[unique] = 0
		}
		return unique
	}
}
