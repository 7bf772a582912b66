package lint

import (
	"sort"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// A Page is one compiled page as the rules see it. The rules of one page run
// one after the other, so what several of them need is computed once and kept
// here.
type Page struct {
	File    *source.File
	Outline *syntax.Outline
	Family  *family.Family
	// IsFamily is false for a page that is no job family: only rules about
	// syntax and links speak of it.
	IsFamily bool

	headings []string // joined titles for each heading of the outline; filled on demand
	phrases  []phrase // of the word lists that stand in its text; see findings about wording
	scanned  bool     // phrases is filled
	callings *callings
	rungs    []rung // of the levels; filled on demand

	unitPages []string // pages of the site that list units of the hierarchy
	units     bool     // unitPages is filled
}

// Heading returns the titles of the headings that enclose an offset, the
// outermost first, joined by " > "; empty above the first heading.
func (p *Page) Heading(offset int) string {
	hs := p.Outline.Headings
	i := sort.Search(len(hs), func(i int) bool { return i > 0 && p.lineStart(hs[i]) > offset }) - 1
	return p.headingPath(i)
}

// lineStart returns the offset of the line that a heading stands on, so that a
// finding about its marker is the heading's own.
func (p *Page) lineStart(h *syntax.Heading) int { return p.File.LineSpan(h.Line).Start }

func (p *Page) headingPath(i int) string {
	hs := p.Outline.Headings
	if i < 1 || hs[i].Depth == 0 {
		return ""
	}
	if p.headings == nil {
		p.headings = make([]string, len(hs))
	}
	if p.headings[i] == "" {
		title := hs[i].Text
		if outer := p.headingPath(hs[i].Parent); outer != "" {
			title = outer + " > " + title
		}
		p.headings[i] = title
	}
	return p.headings[i]
}

// At returns the place of a span of the page.
func (p *Page) At(s source.Span) diag.Place { return diag.At(p.File, s) }

// Related returns a place of the page that explains a finding.
func (p *Page) Related(s source.Span, message string) diag.Related {
	return diag.Related{Place: p.At(s), Message: message}
}

// blocks calls f for every block of the page, in order, outer ones first. If f
// returns false, what lies in the block is left out.
func (p *Page) blocks(f func(*syntax.Heading, *syntax.Block) bool) {
	for _, h := range p.Outline.Headings {
		descend(h, h.Blocks, f)
	}
}

func descend(h *syntax.Heading, blocks []*syntax.Block, f func(*syntax.Heading, *syntax.Block) bool) {
	for _, b := range blocks {
		if f(h, b) {
			descend(h, b.Children, f)
		}
	}
}

// A PagePass is one rule looking at one page.
type PagePass struct {
	*Settings
	*Page

	rule         *Rule
	severity     diag.Severity
	findings     *[]diag.Finding
	suppressions []Suppression
	registry     []*Rule // Rules; a rule that named it would be part of its own value
}

// Report adds a finding about a span of the page. The rule gives message,
// hint, related places and fixes; the pass fills in the rest.
func (p *PagePass) Report(s source.Span, f diag.Finding) {
	f.Code, f.Severity = p.rule.Code, p.severity
	f.Place = p.At(s)
	f.Heading = p.Heading(s.Start)
	*p.findings = append(*p.findings, f)
}

// A FolderPass is one rule looking at all pages. It knows them by their facts
// alone. Others look at the same time, so a rule changes nothing but its own
// findings.
type FolderPass struct {
	*Settings
	Pages []*Facts // in the order of their paths
	Index *Index

	rule     *Rule
	severity Severity
	findings *[]diag.Finding
}

// Report adds a finding at a place of a page, below the headings that the fact
// names. The rule gives message, hint, related places and fixes.
func (p *FolderPass) Report(at diag.Place, heading string, f diag.Finding) {
	f.Severity = p.severity.of(p.rule, at.Path)
	if f.Severity == diag.Off {
		return
	}
	f.Code, f.Place, f.Heading = p.rule.Code, at, heading
	*p.findings = append(*p.findings, f)
}

// replace is a safe fix that puts text in the place of a span.
func replace(title string, s source.Span, text string) diag.Fix {
	return diag.Fix{Title: title, Safe: true, Edits: []diag.Edit{{Span: s, New: text}}}
}
