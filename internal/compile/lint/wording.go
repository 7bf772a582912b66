package lint

import (
	"bytes"
	"sort"
	"strings"
	"unicode"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// A phrase is a place where the page uses one of the policy's phrases.
type phrase struct {
	list policy.List
	span source.Span
}

// pageLists are the lists that are looked for in the whole page, all of them
// in one pass.
var pageLists = policy.Lists(policy.Vacancy, policy.Gendered, policy.Residence)

// said returns the places of the page's own text that use a phrase of a list
// in pageLists.
func (p *PagePass) said(list policy.List) []source.Span {
	if !p.scanned {
		p.scanned = true
		p.find(p.body(), pageLists, func(h policy.Hit, at source.Span) {
			p.phrases = append(p.phrases, phrase{h.List, at})
		})
	}
	var spans []source.Span
	for _, ph := range p.phrases {
		if ph.list == list {
			spans = append(spans, ph.span)
		}
	}
	return spans
}

// body is the text of the page below the front matter.
func (p *PagePass) body() source.Span {
	return source.Span{Start: p.Outline.FrontMatter.Span.End, End: len(p.File.Text)}
}

// find calls f for the phrases of some lists in a span of the page, but for
// those in link targets, code, HTML and templates.
func (p *PagePass) find(s source.Span, lists policy.Set, f func(policy.Hit, source.Span)) {
	p.policy().Matcher().Find(p.File.Slice(s), lists, func(h policy.Hit) {
		at := source.Span{Start: s.Start + h.Start, End: s.Start + h.End}
		if !p.inTarget(at.Start) && p.isProse(at.Start) && !p.isMarkup(at.Start) {
			f(h, at)
		}
	})
}

// inTarget reports whether an offset lies in the target of a link.
func (p *PagePass) inTarget(offset int) bool {
	links := p.Outline.Links
	i := sort.Search(len(links), func(i int) bool { return links[i].Span.End > offset })
	return i < len(links) && (links[i].TargetSpan.Contains(offset) || links[i].Span.Contains(offset) && links[i].TargetSpan.Empty())
}

// isMarkup reports whether an offset lies between backticks or in a comment of
// its line.
func (p *PagePass) isMarkup(offset int) bool {
	line := p.File.LineSpan(p.File.Line(offset))
	before := p.File.Slice(source.Span{Start: line.Start, End: offset})
	behind := p.File.Slice(source.Span{Start: offset, End: line.End})
	return bytes.Count(before, []byte("`"))%2 == 1 && bytes.IndexByte(behind, '`') >= 0 ||
		bytes.LastIndex(before, []byte("<!--")) > bytes.LastIndex(before, []byte("-->"))
}

// isProse reports whether an offset lies in text that people read as such.
func (p *PagePass) isProse(offset int) bool {
	hs := p.Outline.Headings
	i := sort.Search(len(hs), func(i int) bool { return i > 0 && hs[i].Span.Start > offset }) - 1
	return i < 0 || proseIn(hs[i].Blocks, offset)
}

func proseIn(blocks []*syntax.Block, offset int) bool {
	for _, b := range blocks {
		if !b.Span.Contains(offset) {
			continue
		}
		switch b.Kind {
		case syntax.Code, syntax.HTML, syntax.Directive:
			return false
		}
		return proseIn(b.Children, offset)
	}
	return true
}

// plain returns a piece of the page as messages quote it: on one line, without
// emphasis.
func plain(text []byte) string {
	return strings.Join(strings.FieldsFunc(string(text), func(r rune) bool { return r == '*' || r == '_' || unicode.IsSpace(r) }), " ")
}
