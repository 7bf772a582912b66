package syntax

import (
	"bytes"

	"github.com/yuin/goldmark/ast"

	"github.com/cadre-hq/cadre/internal/source"
)

// A linkText is the text of the link that is being rendered.
type linkText struct {
	start int    // where it goes on in the buffer
	text  string // what of it stands on earlier lines
}

func (r *inliner) linked(n *ast.Link) {
	id := r.newLink(n.Pos())
	text := &linkText{start: len(r.buf)}
	r.link = text
	r.children(n)
	r.link = nil
	l := &r.Links[id]
	l.Text = Fold(text.text + string(r.buf[text.start:]))
	l.Target = string(n.Destination)
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
	l.Target, l.Image = string(n.Destination), true
	l.Reference = n.Reference != nil
	r.place(l, n.Destination, start)
}

// newLink adds a link that begins at offset start.
func (r *inliner) newLink(start int) int {
	id := len(r.Links)
	r.Links = append(r.Links, Link{})
	r.links = append(r.links, id)
	if !r.begun && start >= 0 {
		r.at(start, start)
	}
	return id
}

// place finds the bytes of a link that begins with '[' at start, and those of
// its target.
func (r *inliner) place(l *Link, destination []byte, start int) {
	if start < 0 || start >= len(r.src) {
		return
	}
	l.Line = r.lineOf(start)
	end, target := linkParts(r.src, start)
	l.Span = source.Span{Start: start, End: end}
	if l.Reference || target.End <= target.Start {
		return
	}
	l.TargetSpan = target
	if written := r.page[target.Start:target.End]; !bytes.Equal(written, r.src[target.Start:target.End]) {
		l.Target, l.Dynamic = string(written), true
	} else if !bytes.Equal(written, destination) {
		l.TargetSpan = source.Span{} // escapes: the bytes are not the target
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
	id := len(r.Links)
	r.Links = append(r.Links, Link{
		Text: string(label), Target: string(n.URL(r.src)), Line: r.File.Line(start),
		Span: source.Span{Start: start, End: min(start+len(label)+2, len(r.src))},
	})
	r.links = append(r.links, id)
	r.at(start, start+len(label))
	r.buf = append(r.buf, label...)
}
