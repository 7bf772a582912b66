package syntax

import (
	"bytes"

	"github.com/yuin/goldmark/ast"

	"github.com/cadre-hq/cadre/internal/source"
)

// A linkText is the text of the link that is being rendered.
type linkText struct {
	open  bool   // a link is being rendered
	start int    // where it goes on in the buffer
	text  string // what of it stands on earlier lines
}

func (r *inliner) linked(n *ast.Link) {
	id := r.newLink(n.Pos())
	r.link = linkText{open: true, start: len(r.buf)}
	r.children(n)
	r.link.open = false
	l := &r.Links[id]
	l.Text = Fold(r.link.text + string(r.buf[r.link.start:]))
	l.Reference = n.Reference != nil
	r.place(l, n.Destination, n.Pos())
}

// image renders as its words and counts as a link to what it shows.
func (r *inliner) image(n *ast.Image) {
	start := n.Pos() + len("!")
	if n.Pos() < 0 || start >= len(r.src) || r.src[start] != '[' {
		start = n.Pos()
	}
	id := r.newLink(start)
	from := len(r.buf)
	r.children(n)
	l := &r.Links[id]
	l.Text = Fold(string(r.buf[min(from, len(r.buf)):]))
	l.Image = true
	l.Reference = n.Reference != nil
	r.place(l, n.Destination, start)
}

// newLink adds a link that begins at offset start.
func (r *inliner) newLink(start int) int {
	id := len(r.Links)
	r.Links = append(r.Links, Link{})
	if !r.begun && start >= 0 {
		r.at(start, start)
	}
	return id
}

// linksFrom returns the numbers of the links from one on.
func (b *builder) linksFrom(first int) []int {
	n := len(b.Links)
	if first == n {
		return nil
	}
	for len(b.numbers) < n {
		b.numbers = append(b.numbers, len(b.numbers))
	}
	return b.numbers[first:n:n]
}

// place finds the bytes of a link that begins with '[' at start, and those of
// its target.
func (b *builder) place(l *Link, destination []byte, start int) {
	var at source.Span
	if start >= 0 && start < len(b.src) {
		l.Line, l.Span.Start = b.lineOf(start), start
		l.Span.End, at = linkParts(b.src, start)
	}
	written := b.page[at.Start:max(at.Start, at.End)]
	switch {
	case l.Reference || len(written) == 0:
		l.Target = string(destination)
	case !bytes.Equal(written, b.src[at.Start:at.End]):
		l.Target, l.TargetSpan, l.Dynamic = string(written), at, true
	case bytes.Equal(written, destination):
		l.Target, l.TargetSpan = b.text[at.Start:at.End], at
	default: // escapes: the bytes are not the target
		l.Target = string(destination)
	}
}

// linkParts reads the link that begins with '[' at start and returns where it
// ends and where its target stands, which is empty for a link by reference.
func linkParts(src []byte, start int) (end int, target source.Span) {
	text := closing(src, start, '[', ']')
	switch {
	case text < 0:
		return start + 1, target
	case text >= len(src):
		return text, target
	case src[text] == '[':
		if label := closing(src, text, '[', ']'); label > 0 {
			return label, target
		}
		return text, target
	case src[text] != '(':
		return text, target
	}
	at := skipBlanks(src, text+1)
	target.Start = at
	if at < len(src) && src[at] == '<' {
		target.Start++
		for at++; at < len(src) && src[at] != '>' && src[at] != '\n'; at++ {
			if src[at] == '\\' {
				at++
			}
		}
		target.End = min(at, len(src))
		at++
	} else {
		for depth := 0; at < len(src) && src[at] > ' ' && (src[at] != ')' || depth > 0); at++ {
			switch src[at] {
			case '\\':
				at++
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		at = min(at, len(src))
		target.End = at
	}
	at = skipBlanks(src, min(at, len(src)))
	if at < len(src) {
		quote := src[at]
		if quote == '(' {
			quote = ')'
		}
		if quote == '"' || quote == '\'' || quote == ')' && src[at] == '(' {
			for at++; at < len(src) && src[at] != quote; at++ {
				if src[at] == '\\' {
					at++
				}
			}
			at = skipBlanks(src, min(at+1, len(src)))
		}
	}
	if at < len(src) && src[at] == ')' {
		return at + 1, target
	}
	return text, source.Span{} // "[words]" of a reference in front of a bracket
}

// closing returns the offset behind the bracket that closes the one at start,
// or -1. It does not look over a blank line, as no link reaches over one.
func closing(src []byte, start int, open, end byte) int {
	depth := 0
	for i := start; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case open:
			depth++
		case end:
			if depth--; depth == 0 {
				return i + 1
			}
		case '\n':
			if rest := bytes.TrimLeft(src[i+1:min(i+4, len(src))], " \t\r"); len(rest) > 0 && rest[0] == '\n' {
				return -1
			}
		}
	}
	return -1
}

func skipBlanks(src []byte, at int) int {
	for at < len(src) && (src[at] == ' ' || src[at] == '\t' || src[at] == '\n' || src[at] == '\r') {
		at++
	}
	return at
}

func (r *inliner) autoLink(n *ast.AutoLink) {
	label := n.Label(r.src)
	start := n.Pos()
	if start < 0 {
		start = 0
	}
	r.Links = append(r.Links, Link{
		Text: string(label), Target: string(n.URL(r.src)), Line: r.File.Line(start),
		Span: source.Span{Start: start, End: min(start+len(label)+2, len(r.src))},
	})
	r.at(start, start+len(label))
	r.buf = append(r.buf, label...)
}
