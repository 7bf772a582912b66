package resolve

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/source"
)

// A passage is rendered text with the places of its links in it.
type passage struct {
	text  string
	low   string // text in lower case, for searching
	span  source.Span
	line  int
	links []mark
	words *syntax.Words // a summary of the text's words, and maybe more; nil if there is none
}

// A mark is a link inside a passage: the bytes of the text that it covers.
type mark struct {
	start, end int
	link       int // index into Outline.Links
}

// passage renders a block with its links located.
func (r *resolver) passage(b *syntax.Block) passage {
	p := passage{text: b.Text, low: b.Lower(), span: b.Span, line: b.Line, words: &b.Words}
	at := 0
	for _, l := range b.Links {
		t := r.outline.Links[l].Text
		if t == "" {
			continue
		}
		if i := r.occurrence(b, p.text, at, l); i >= 0 {
			p.links = append(p.links, mark{i, i + len(t), l})
			at = i + len(t)
		}
	}
	return p
}

// occurrence finds the place of a link's text in the rendered text of its
// block, from offset at on. Words that the text has elsewhere too ("The
// Manager reports to the [Manager](…)") are told apart by how often they stand
// in the source before the link.
func (r *resolver) occurrence(b *syntax.Block, text string, at, link int) int {
	l := &r.outline.Links[link]
	before := 0
	if l.Span.Start > b.Span.Start {
		before = strings.Count(string(r.outline.File.Slice(source.Span{Start: b.Span.Start, End: l.Span.Start})), l.Text)
	}
	found := -1
	for n := strings.Count(text[:at], l.Text); ; n++ {
		i := strings.Index(text[at:], l.Text)
		if i < 0 {
			return found
		}
		found = at + i
		if n >= before {
			return found
		}
		at = found + len(l.Text)
	}
}

// plain makes a passage of a text without links.
func plain(text string, span source.Span, line int) passage {
	return passage{text: text, low: lower(text), span: span, line: line}
}

// cut returns the part [start, end) of a passage with its links.
func (p passage) cut(start, end int) passage {
	q := passage{text: p.text[start:end], low: p.low[start:end], span: p.span, line: p.line, words: p.words}
	for _, m := range p.links {
		if m.start >= start && m.end <= end {
			q.links = append(q.links, mark{m.start - start, m.end - start, m.link})
		}
	}
	return q
}

// trim removes white space on both sides.
func (p passage) trim() passage {
	start := len(p.text) - len(strings.TrimLeft(p.text, " "))
	end := len(strings.TrimRight(p.text, " "))
	return p.cut(start, max(start, end))
}

// linked reports whether offset lies inside a link's text.
func (p passage) linked(offset int) bool {
	for _, m := range p.links {
		if m.start < offset && offset < m.end {
			return true
		}
	}
	return false
}

// target returns the target of the first link that overlaps [start, end).
func (r *resolver) target(p passage, start, end int) string {
	for _, m := range p.links {
		if m.start < end && start < m.end {
			return r.outline.Links[m.link].Target
		}
	}
	return ""
}

// abbreviations end in a period that ends no sentence.
var abbreviations = set("sr jr mr ms mrs dr vs e.g i.e eg ie etc inc ltd st approx dept no u.s a.k.a")

// sentences cuts a passage at the ends of its sentences.
func (p passage) sentences() []passage {
	var out []passage
	start := 0
	for i := 0; i < len(p.text); i++ {
		c := p.text[i]
		if c != '.' && c != '!' && c != '?' || p.linked(i) {
			continue
		}
		if i+1 < len(p.text) && p.text[i+1] != ' ' && p.text[i+1] != ')' {
			continue
		}
		if c == '.' && i+1 < len(p.text) {
			word := p.text[strings.LastIndexAny(p.text[:i], " (")+1 : i]
			if abbreviations[strings.ToLower(word)] || len(word) == 1 && (word[0] < '0' || word[0] > '9') {
				continue
			}
		}
		if s := p.cut(start, i).trim(); s.text != "" {
			out = append(out, s)
		}
		start = i + 1
	}
	if s := p.cut(start, len(p.text)).trim(); s.text != "" {
		out = append(out, s)
	}
	return out
}
