package syntax

import "github.com/cadre-hq/cadre/internal/source"

// An Outline is a page as headings and blocks, in order, with the bytes that
// each came from. Every non-blank byte of the page lies in the front matter,
// in a heading or in a block.
type Outline struct {
	File        *source.File
	FrontMatter FrontMatter
	Headings    []*Heading // Headings[0] is the page itself: depth 0, no title
	Links       []Link
	Anchors     []Anchor
	Problems    []Problem
}

// A Problem is something that the parser recovered from.
type Problem struct {
	Kind    ProblemKind
	Span    source.Span
	Message string
}

// A ProblemKind sorts problems for the lint rules.
type ProblemKind string

// The kinds of problem.
const (
	BadFrontMatter ProblemKind = "front-matter"
	NotText        ProblemKind = "not-text"
	BadEncoding    ProblemKind = "encoding"
	Unclosed       ProblemKind = "unclosed"
	Crowded        ProblemKind = "crowded"
)

// FrontMatter is the YAML block at the top of a page.
type FrontMatter struct {
	Present bool
	// Unfenced is set where keys stand at the top without the fences.
	Unfenced bool
	Span     source.Span
	Fields   []Field
}

// A Field is a key of the front matter; Value is empty for lists and maps.
type Field struct {
	Key, Value string
	KeySpan    source.Span
	ValueSpan  source.Span
	Span       source.Span
}

// Field returns the field with this key, ignoring case, or nil.
func (m *FrontMatter) Field(key string) *Field {
	for i := range m.Fields {
		if equalFold(m.Fields[i].Key, key) {
			return &m.Fields[i]
		}
	}
	return nil
}

// A Heading opens a part of the page; the blocks up to the next heading are
// its own.
type Heading struct {
	Depth  int    // 1 to 6; 0 for the page itself
	Text   string // rendered, white space folded
	Span   source.Span
	Line   int
	Slug   string
	Parent int  // index of the enclosing heading by depth; -1 for the page
	Bold   bool // the whole title is bold
	Blocks []*Block
	Links  []int // indexes into Outline.Links
}

// A BlockKind says what a block is.
type BlockKind uint8

// The kinds of block.
const (
	Paragraph BlockKind = iota
	List
	Item
	Table
	Row
	Cell
	Code
	HTML
	Quote
	Rule
	Directive // ERB, shortcode, kramdown attribute list or table of contents
	Definition
)

// A Block is a paragraph, list, table, fence or whatever stands between
// headings. Lists hold Items, items and quotes hold blocks, tables hold rows
// of cells.
type Block struct {
	Kind     BlockKind
	Marker   byte // of an item: '*', '-', '+', '.' or ')'
	Ordered  bool // of a list
	Bold     bool // the whole paragraph is bold: it acts as a heading
	Emphasis bool // the whole paragraph is emphasised
	Span     source.Span
	Line     int
	// Text is the rendered text of a paragraph or cell, the literal text of
	// code; for an item the text of its first paragraph.
	Text     string
	Words    Words  // of Text
	Lines    []Line // of a paragraph: its source lines, rendered
	Info     string // of code: the language
	Strong   string // the bold text at the start, if any
	Links    []int  // indexes into Outline.Links
	Children []*Block

	lower string // of Text; see Lower
}

// A Line is one source line of a paragraph, rendered.
type Line struct {
	Text string
	Span source.Span
	Line int
}

// A Link is a link or an autolink.
type Link struct {
	Text       string
	Target     string
	Span       source.Span
	TargetSpan source.Span
	Line       int
	Dynamic    bool // the target holds a template expression
	Image      bool
	Reference  bool // [text][label]
}

// An Anchor is a name that a link can aim at.
type Anchor struct {
	Name     string
	Span     source.Span
	Line     int
	Explicit bool
	Heading  int // index of the heading; -1 for an anchor between headings
}
