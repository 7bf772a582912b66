package syntax

import (
	"bytes"
	"slices"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/cadre-hq/cadre/internal/source"
)

// Nearly every page is made of headings, paragraphs and lists in lists, written
// as everybody writes them. To read that line by line needs no tree of nodes,
// which takes goldmark longer to build than it takes to read the page otherwise.
// So a page is read directly. Goldmark reads paragraphs that are more than plain
// text, and parts that stand for themselves: tables, quotes, definitions of
// links. At a line that could mean anything else it reads the whole page instead.
// Both ways give the same outline, as tests see to (FuzzDirect, TestDirectLines).

// A directReader reads a page line by line.
type directReader struct {
	*builder
	next      int           // offset of the next line
	open      []openItem    // list items, the innermost last
	paragraph []source.Span // lines of the paragraph that is open
	code      fence         // the block of code that is open
	held      []*Block      // blocks that are complete, of each block that is open
	defined   []int         // offsets of the definitions of links
	beyond    bool          // the page holds something else
}

// An openItem is an item of a list to which the next line may belong.
type openItem struct {
	list, item *Block
	content    int // column of what the item holds
	ofList     int // where the items of the list begin in held
	ofItem     int // where the blocks of the item begin
}

// A fence is a block of code of which lines are still to come.
type fence struct {
	block *Block
	sign  []byte // with which the block began
	start int    // of its first line of code
}

// readDirectly reads the body of the page. It returns false, with an outline
// that is good for nothing, if the page holds more than it knows of.
func (b *builder) readDirectly() bool {
	if holdsLoneReturn(b.src) {
		return false
	}
	d := directReader{builder: b}
	definitions := b.definitions()
	b.addHeading(Heading{Parent: -1, Line: 1})
	for at := b.mask.body; at < len(b.src) && !d.beyond; at = d.next {
		var l []byte
		l, d.next = line(b.src, at)
		d.line(at, at+len(l))
	}
	d.begin(0, len(b.src))
	d.endSection()
	if d.beyond || d.code.block != nil || !slices.Equal(d.defined, definitions) {
		return false
	}
	b.recover()
	return true
}

// holdsLoneReturn reports whether a carriage return stands anywhere but at the end
// of a line, where goldmark takes it for a blank in one place and not in another.
func holdsLoneReturn(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\r')
		if i < 0 {
			return false
		}
		if text = text[i+1:]; len(text) == 0 || text[0] != '\n' {
			return true
		}
	}
}

// line reads one line.
func (d *directReader) line(at, end int) {
	if d.code.block != nil {
		d.codeLine(at, end)
		return
	}
	start, end := at, trimRight(d.src[:end], end)
	for start < end && d.src[start] == ' ' {
		start++
	}
	if start >= end {
		d.endParagraph()
		return
	}
	t, indent := d.src[start:end], start-at
	if t[0] < ' ' || t[len(t)-1] < ' ' {
		d.beyond = true // a tab, or something stranger
		return
	}
	depth := 0 // how many of the open items the line belongs to
	for depth < len(d.open) && indent >= d.open[depth].content {
		depth++
	}
	outer := 0
	if depth > 0 {
		outer = d.open[depth-1].content
	}
	if indent-outer > 3 { // of a paragraph, or of code
		if len(d.paragraph) > 0 && depth == len(d.open) {
			d.paragraph = append(d.paragraph, source.Span{Start: start, End: end})
		} else {
			d.beyond = true
		}
		return
	}
	switch c := t[0]; {
	case isRule(t) && (len(d.paragraph) > 0 || indent > 0):
		d.beyond = true
	case c == '<' && depth == 0:
		d.markup(at, t)
	case c == '>' && indent == 0:
		d.quote(at)
	case c == '<' || c == '>':
		d.beyond = true
	case opensFence(t) > 0:
		d.fence(t, start, indent)
	case c == '#' && atxHeading(t) > 0:
		d.heading(t, start, indent)
	case isRule(t):
		d.begin(0, start)
		d.add(Rule, start)
	case listMarker(t) > 0:
		d.item(t, start, indent, depth)
	case isUnderline(t):
		d.beyond = true
	default:
		if len(d.paragraph) == 0 {
			d.begin(depth, start)
		}
		d.paragraph = append(d.paragraph, source.Span{Start: start, End: end})
	}
}

// begin ends what a block ends that begins at an offset inside so many of the
// open items.
func (d *directReader) begin(depth, start int) {
	d.endParagraph()
	for len(d.open) > depth {
		d.endItem()
		d.endList()
	}
	if depth == 0 && len(d.held) > 0 {
		d.extend(d.held[len(d.held)-1], start)
	}
}

// add makes a block, to which what follows is not added.
func (d *directReader) add(kind BlockKind, start int) *Block {
	b := d.block(kind, start)
	d.held = append(d.held, b)
	return b
}

// block makes a block that begins at an offset.
func (d *directReader) block(kind BlockKind, start int) *Block {
	b := &d.blocks.take(1)[0]
	b.Kind, b.Span, b.Line = kind, source.Span{Start: start, End: start}, d.lineOf(start)
	return b
}

// endParagraph completes the paragraph that is open, if one is.
func (d *directReader) endParagraph() {
	if len(d.paragraph) == 0 {
		return
	}
	lines := d.paragraph
	d.paragraph = d.paragraph[:0]
	first := d.src[lines[0].Start:lines[0].End]
	for i, l := range lines {
		if s := d.src[l.Start:l.End]; i > 0 && delimiters(s) > 0 || first[0] == '[' && bytes.Contains(s, []byte("]:")) {
			d.handOver(lines) // a table, or a definition of a link
			return
		}
	}
	p := d.add(Paragraph, lines[0].Start)
	d.fill(p, d.prose(lines))
}

// heading begins a section.
func (d *directReader) heading(t []byte, start, indent int) {
	level := atxHeading(t)
	from := level
	for from < len(t) && t[from] == ' ' {
		from++
	}
	if from == len(t) || t[from] < ' ' || t[len(t)-1] == '#' || indent > 0 {
		d.beyond = true
		return
	}
	d.begin(0, start)
	d.endSection()
	said := source.Span{Start: start + from, End: start + len(t)}
	r := d.prose([]source.Span{said})
	d.addHeading(Heading{
		Depth: level, Text: r.text, Links: r.links, Bold: r.bold, Line: d.lineOf(said.Start),
		Span: source.Span{Start: said.Start, End: max(said.Start, trimRight(d.page, r.end))},
	})
}

// endSection gives the last heading the blocks since it.
func (d *directReader) endSection() {
	d.last().Blocks = d.take(0)
}

// markup reads a block of HTML of one line: a comment, or what the mask painted.
func (d *directReader) markup(at int, t []byte) {
	painted := bytes.HasPrefix(t, []byte("<?")) && bytes.Contains(t, []byte("?>"))
	comment := bytes.HasPrefix(t, []byte("<!--")) && bytes.Contains(t, []byte("-->"))
	if !painted && !comment {
		d.beyond = true
		return
	}
	d.begin(0, at)
	b := d.add(HTML, at)
	b.Text = d.written(at, d.next)
	b.Span.End = max(at, trimRight(d.page, d.next))
	if d.mask.directives.touch(b.Span) {
		b.Kind = Directive
	}
}

// quote lets goldmark read a quote, if each line of it has its sign and a blank
// line follows.
func (d *directReader) quote(at int) {
	end := at
	for end < len(d.src) {
		l, next := line(d.src, end)
		if len(bytes.TrimSpace(l)) == 0 {
			break
		}
		if l[0] != '>' || bytes.Contains(l, []byte("]:")) {
			d.beyond = true
			return
		}
		end = next
	}
	d.begin(0, at)
	d.readPart(at, end)
	d.next = end
}

// handOver lets goldmark read a paragraph of the top level.
func (d *directReader) handOver(lines []source.Span) {
	if len(d.open) > 0 {
		d.beyond = true
		return
	}
	from := bytes.LastIndexByte(d.src[:lines[0].Start], '\n') + 1
	_, to := line(d.src, lines[len(lines)-1].End)
	d.readPart(from, to)
}

// readPart lets goldmark read a part of the page that no other part changes.
func (d *directReader) readPart(from, to int) {
	for n := d.tree(from, to, d.context).FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindLinkReferenceDefinition {
			d.defined = append(d.defined, n.Pos())
		}
		start := d.start(n)
		d.begin(0, start)
		d.held = append(d.held, d.builder.block(n, start))
	}
}

// definitions makes the links known that lines of their own define, and returns
// the offsets of these. If they are not where the reader meets definitions, it
// is a page for goldmark.
func (b *builder) definitions() []int {
	sign := []byte("]:")
	if !bytes.Contains(b.src[b.mask.body:], sign) {
		return nil
	}
	var found []int
	context := parser.NewContext()
	for at := b.mask.body; ; {
		i := bytes.Index(b.src[at:], sign)
		if i < 0 {
			break
		}
		start := bytes.LastIndexByte(b.src[:at+i], '\n') + 1
		_, next := line(b.src, at+i)
		if b.src[start] == '[' {
			for n := b.tree(start, next, context).FirstChild(); n != nil; n = n.NextSibling() {
				if n.Kind() == ast.KindLinkReferenceDefinition {
					found = append(found, n.Pos())
				}
			}
		}
		at = next
	}
	for _, r := range context.References() {
		b.context.AddReference(r)
	}
	return found
}

// fence begins a block of code.
func (d *directReader) fence(t []byte, start, indent int) {
	if indent > 0 {
		d.beyond = true
		return
	}
	d.begin(0, start)
	n := opensFence(t)
	info := start + n + len(t[n:]) - len(bytes.TrimLeft(t[n:], " \t"))
	d.code = fence{block: d.add(Code, start), sign: t[:n], start: d.next}
	d.code.block.Info = d.written(info, start+len(t))
}

// codeLine reads a line of code, or the end of the block.
func (d *directReader) codeLine(at, end int) {
	l := d.src[at:end]
	t := bytes.TrimLeft(l, " ")
	if len(l)-len(t) > 3 || !bytes.HasPrefix(t, d.code.sign) || len(bytes.Trim(bytes.TrimRight(t, " \t"), string(d.code.sign[:1]))) > 0 {
		return
	}
	b := d.code.block
	b.Text = d.written(d.code.start, at)
	d.code.block = nil
}

// written returns a part of the page as it was written.
func (d *directReader) written(from, to int) string { return string(d.page[from:to]) }

// item begins an item, and a list unless the item goes on with one.
func (d *directReader) item(t []byte, start, indent, depth int) {
	marker := listMarker(t)
	from := marker
	for from < len(t) && t[from] == ' ' {
		from++
	}
	sign, ordered := t[marker-1], marker > 1
	if from == len(t) || from-marker > 4 || !beginsParagraph(t[from:]) {
		d.beyond = true
		return
	}
	if len(d.paragraph) > 0 && depth == len(d.open) && ordered && !slices.Equal(t[:marker-1], []byte{'1'}) {
		d.beyond = true // it goes on with the paragraph
		return
	}
	if depth < len(d.open) && d.open[depth].list.Ordered == ordered && d.open[depth].item.Marker == sign {
		d.begin(depth+1, start)
		d.endItem()
	} else {
		d.begin(depth, start)
		list := d.block(List, start)
		list.Ordered = ordered
		d.open = append(d.open, openItem{list: list, ofList: len(d.held)})
	}
	it := d.block(Item, start)
	it.Marker, it.Span.End = sign, start+1
	o := &d.open[depth]
	o.item, o.ofItem, o.content = it, len(d.held), indent+from
	d.paragraph = append(d.paragraph, source.Span{Start: start + from, End: start + len(t)})
}

// endItem completes the innermost item and adds it to its list.
func (d *directReader) endItem() {
	o := &d.open[len(d.open)-1]
	o.item.Children = d.take(o.ofItem)
	for _, child := range o.item.Children {
		o.item.Span.End = max(o.item.Span.End, child.Span.End)
	}
	d.held = d.appendItem(d.held, o.item)
	o.list.Span.End = max(o.list.Span.End, d.held[len(d.held)-1].Span.End)
}

// endList completes the innermost list, whose last item is complete.
func (d *directReader) endList() {
	o := &d.open[len(d.open)-1]
	o.list.Children = d.take(o.ofList)
	d.held = append(d.held, o.list)
	d.open = d.open[:len(d.open)-1]
}

// take returns the blocks held from one on, and holds them no longer.
func (d *directReader) take(from int) []*Block {
	if from == len(d.held) {
		return nil
	}
	taken := d.lists.take(len(d.held) - from)
	copy(taken, d.held[from:])
	d.held = d.held[:from]
	return taken
}

// prose renders the lines of a paragraph, without white space at their ends, or
// that of a heading.
func (b *builder) prose(lines []source.Span) rendered {
	if !slices.ContainsFunc(lines, func(l source.Span) bool { return !isPlain(b.src[l.Start:l.End]) }) {
		return b.plainLines(lines)
	}
	segments := text.NewSegments()
	for i, l := range lines {
		if i+1 < len(lines) {
			_, l.End = line(b.src, l.End)
		}
		segments.Append(text.NewSegment(l.Start, l.End))
	}
	return b.inline(inlines().Parse(text.NewBlockReader(b.src, segments), parser.WithContext(b.context)).FirstChild())
}

// inlines is goldmark for a text that is known to be one paragraph.
var inlines = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1)),
		parser.WithInlineParsers(inlineParsers()...),
	)
})

// atxHeading returns the level of the heading that a line is, or 0.
func atxHeading(t []byte) int {
	n := 0
	for n < len(t) && t[n] == '#' {
		n++
	}
	if n > 6 || n < len(t) && t[n] != ' ' && t[n] != '\t' {
		return 0
	}
	return n
}

// listMarker returns the length of the marker with which a line begins, or 0.
func listMarker(t []byte) int {
	n := 0
	for n < len(t) && t[n] >= '0' && t[n] <= '9' {
		n++
	}
	if n == len(t) || n > 9 {
		return 0
	}
	switch c := t[n]; {
	case n == 0 && c != '-' && c != '*' && c != '+', n > 0 && c != '.' && c != ')':
		return 0
	case n+1 < len(t) && t[n+1] != ' ' && t[n+1] != '\t':
		return 0
	}
	return n + 1
}

// isRule reports whether a line is a thematic break.
func isRule(t []byte) bool {
	if t[0] != '-' && t[0] != '*' && t[0] != '_' {
		return false
	}
	n := 0
	for _, c := range t {
		switch c {
		case t[0]:
			n++
		case ' ', '\t':
		default:
			return false
		}
	}
	return n > 2
}

// isUnderline reports whether a line makes a heading of a paragraph above it.
func isUnderline(t []byte) bool {
	return (t[0] == '=' || t[0] == '-') && len(bytes.Trim(t, string(t[:1]))) == 0
}

// beginsParagraph reports whether the content of an item begins with a
// paragraph.
func beginsParagraph(t []byte) bool {
	switch c := t[0]; {
	case c < ' ', c == '>', c == '<':
		return false
	}
	return opensFence(t) == 0 && atxHeading(t) == 0 && !isRule(t) && listMarker(t) == 0
}
