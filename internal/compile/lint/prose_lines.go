package lint

import (
	"bytes"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/source"
)

// proseLines calls f with the number and span of every line below the front
// matter that belongs to no block of code or HTML, where blanks have a meaning
// of their own.
func (p *Page) proseLines(f func(n int, line source.Span)) {
	first := 1
	if fm := p.Outline.FrontMatter.Span; !fm.Empty() {
		first = p.File.Line(fm.End-1) + 1
	}
	var code []source.Span
	p.blocks(func(_ *syntax.Heading, b *syntax.Block) bool {
		if b.Kind == syntax.Code || b.Kind == syntax.HTML {
			code = append(code, b.Span)
		}
		return true
	})
	next := 0
	for n := first; n <= p.File.Lines(); n++ {
		line := p.File.LineSpan(n)
		for next < len(code) && code[next].End <= line.Start {
			next++
		}
		if next < len(code) && code[next].Start <= line.End && line.Start < code[next].End || isFence(p.File.Slice(line)) {
			continue
		}
		f(n, line)
	}
}

func isFence(line []byte) bool {
	mark, _ := cutFence(line)
	return mark != nil
}

// blank reports whether a line holds nothing but white space.
func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }
