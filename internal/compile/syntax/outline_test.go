package syntax_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/source"
)

// describe writes an outline in a short form that people can read:
//
//	front matter 1-3: title=Berth Planner
//	0 page
//	5 ## Levels #levels
//	  6 paragraph: One berth, one planner.
//	link 6: text -> target
//	anchor 9: chosen-by-the-author
//
// Numbers are lines. What a span covers follows as "from" where it is not the
// text itself.
func describe(o *syntax.Outline) string {
	w := writer{Outline: o}
	for _, p := range o.Problems {
		w.line("problem %s %d: %s", p.Kind, o.File.Line(p.Span.Start), p.Message)
	}
	if m := &o.FrontMatter; !m.Span.Empty() {
		var fields []string
		for _, f := range m.Fields {
			fields = append(fields, fmt.Sprintf("%s=%s%s", f.Key, f.Value, w.from(f.ValueSpan, f.Value)))
		}
		how := ""
		if m.Unfenced {
			how = "unfenced "
		}
		w.line("front matter %s%d-%d: %s", how, o.File.Line(m.Span.Start), o.File.Line(m.Span.End-1), strings.Join(fields, "; "))
	}
	for _, h := range o.Headings {
		switch {
		case h.Depth > 0:
			bold := ""
			if h.Bold {
				bold = " bold"
			}
			w.line("%d %s %s #%s%s%s", h.Line, strings.Repeat("#", h.Depth), h.Text, h.Slug, bold, w.from(h.Span, h.Text))
		case len(h.Blocks) > 0:
			w.line("0 page")
		}
		w.blocks(h.Blocks, "  ")
	}
	for _, l := range o.Links {
		kind := ""
		switch {
		case l.Dynamic:
			kind = " dynamic"
		case l.Reference:
			kind = " by reference"
		}
		w.line("link %d: %s -> %s%s", l.Line, l.Text, l.Target, kind)
	}
	for _, a := range o.Anchors {
		if !a.Explicit {
			continue
		}
		of := ""
		if a.Heading >= 0 {
			of = " of " + o.Headings[a.Heading].Text
		}
		w.line("anchor %d: %s%s", a.Line, a.Name, of)
	}
	return w.String()
}

type writer struct {
	*syntax.Outline
	strings.Builder
}

func (w *writer) line(format string, args ...any) {
	w.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// from tells what a span covers, if that is not the text.
func (w *writer) from(s source.Span, text string) string {
	if written := string(w.File.Slice(s)); written != text {
		return fmt.Sprintf(" from %q", written)
	}
	return ""
}

var kinds = map[syntax.BlockKind]string{
	syntax.Paragraph: "paragraph", syntax.List: "list", syntax.Item: "item", syntax.Table: "table", syntax.Row: "row", syntax.Cell: "cell",
	syntax.Code: "code", syntax.HTML: "html", syntax.Quote: "quote", syntax.Rule: "rule", syntax.Directive: "directive", syntax.Definition: "definition",
}

func (w *writer) blocks(blocks []*syntax.Block, indent string) {
	for _, b := range blocks {
		head := fmt.Sprintf("%s%d %s", indent, b.Line, kinds[b.Kind])
		var marks []string
		switch {
		case b.Ordered:
			marks = append(marks, "ordered")
		case b.Info != "":
			marks = append(marks, b.Info)
		}
		if b.Bold {
			marks = append(marks, "bold")
		} else if b.Strong != "" && b.Kind == syntax.Paragraph {
			marks = append(marks, "strong "+b.Strong)
		}
		if b.Emphasis && !b.Bold {
			marks = append(marks, "emphasis")
		}
		for _, m := range marks {
			head += " " + m
		}
		switch b.Kind {
		case syntax.Paragraph, syntax.Cell:
			w.line("%s: %s%s", head, b.Text, w.from(b.Span, b.Text))
		case syntax.Code, syntax.HTML, syntax.Directive, syntax.Definition, syntax.Rule:
			w.line("%s: %q", head, w.File.Slice(b.Span))
		default:
			w.line("%s", head)
		}
		w.blocks(b.Children, indent+"  ")
	}
}

// checkSpans reports what an outline says of the text and what is not so: a
// span outside the file or of another line, a link that is not where it should
// be, a parent that does not enclose.
func checkSpans(t testing.TB, o *syntax.Outline) {
	t.Helper()
	n := len(o.File.Text)
	valid := func(what string, s source.Span, line int) {
		t.Helper()
		if s.Start < 0 || s.End < s.Start || s.End > n {
			t.Errorf("%s: %s lies outside the file: %v of %d", o.File.Path, what, s, n)
		} else if line > 0 && line != o.File.Line(s.Start) {
			t.Errorf("%s: %s begins on line %d and says %d", o.File.Path, what, o.File.Line(s.Start), line)
		}
	}
	m := &o.FrontMatter
	valid("front matter", m.Span, 0)
	for _, f := range m.Fields {
		valid("field "+f.Key, f.Span, 0)
		valid("value of "+f.Key, f.ValueSpan, 0)
		valid("key "+f.Key, f.KeySpan, 0)
	}
	for _, p := range o.Problems {
		valid("problem", p.Span, 0)
	}
	before := 0
	for i, h := range o.Headings {
		if h.Parent >= i || h.Parent < -1 || (h.Parent < 0) != (i == 0) || h.Parent >= 0 && o.Headings[h.Parent].Depth >= h.Depth {
			t.Errorf("%s: heading %d of depth %d has the parent %d", o.File.Path, i, h.Depth, h.Parent)
		}
		valid("heading "+h.Text, h.Span, h.Line)
		if h.Span.Start < before {
			t.Errorf("%s: heading %q stands before the one above it", o.File.Path, h.Text)
		}
		before = h.Span.Start
		checkPlain(t, o.File, h.Span, h.Text)
		checkBlocks(t, o, h.Blocks, source.Span{Start: 0, End: n}, valid)
	}
	for _, l := range o.Links {
		valid("link "+l.Text, l.Span, 0)
		valid("target of "+l.Text, l.TargetSpan, 0)
		written := string(o.File.Slice(l.Span))
		if !strings.ContainsAny(written[:min(1, len(written))], "[<hfmw") {
			t.Errorf("%s:%d: link %q covers %q", o.File.Path, l.Line, l.Text, written)
		}
		if !l.TargetSpan.Empty() && string(o.File.Slice(l.TargetSpan)) != l.Target {
			t.Errorf("%s:%d: target %q is at %q", o.File.Path, l.Line, l.Target, o.File.Slice(l.TargetSpan))
		}
	}
	for _, a := range o.Anchors {
		valid("anchor "+a.Name, a.Span, a.Line)
		if a.Explicit && string(o.File.Slice(a.Span)) != a.Name {
			t.Errorf("%s:%d: anchor %q is at %q", o.File.Path, a.Line, a.Name, o.File.Slice(a.Span))
		}
	}
}

func checkBlocks(t testing.TB, o *syntax.Outline, blocks []*syntax.Block, in source.Span, valid func(string, source.Span, int)) {
	t.Helper()
	for _, b := range blocks {
		valid(kinds[b.Kind]+" "+b.Text, b.Span, b.Line)
		if b.Span.Start < in.Start || b.Span.End > in.End {
			t.Errorf("%s:%d: %s %q %v reaches out of %v", o.File.Path, b.Line, kinds[b.Kind], b.Text, b.Span, in)
		}
		if b.Kind == syntax.Paragraph || b.Kind == syntax.Cell {
			checkPlain(t, o.File, b.Span, b.Text)
		}
		for _, l := range b.Lines {
			valid("line "+l.Text, l.Span, l.Line)
		}
		for _, id := range b.Links {
			if id < 0 || id >= len(o.Links) {
				t.Errorf("%s:%d: no link %d", o.File.Path, b.Line, id)
			}
		}
		checkBlocks(t, o, b.Children, b.Span, valid)
	}
}

// checkPlain compares rendered text with what the span covers, where that
// holds no markup.
func checkPlain(t testing.TB, f *source.File, s source.Span, text string) {
	t.Helper()
	written := string(f.Slice(s))
	if strings.ContainsAny(written, "*_[]<>`&\\{}#!~|:\r") || !utf8.ValidString(written) {
		return
	}
	if page := string(f.Text); text == "" && (strings.Contains(page, "<%") || strings.Contains(page, "{{")) {
		return // a line of an expression over several
	}
	var lines []string
	for l := range strings.Lines(written) {
		lines = append(lines, syntax.Fold(strings.TrimSpace(l)))
	}
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == "" })
	got := strings.Join(lines, " ")
	if glued := strings.TrimLeft(got, "+-"); got != text && (glued == got || glued != text) {
		t.Errorf("%s:%d: the text %q covers %q", f.Path, f.Line(s.Start), text, written)
	}
}

// uncovered returns the non-blank lines of a page that lie in no front matter,
// heading or block.
func uncovered(o *syntax.Outline) []int {
	f := o.File
	covered := make([]bool, f.Lines()+2)
	mark := func(s source.Span) {
		for n := f.Line(s.Start); n <= f.Line(max(s.Start, s.End-1)); n++ {
			covered[n] = true
		}
	}
	if !o.FrontMatter.Span.Empty() {
		mark(o.FrontMatter.Span)
	}
	for _, h := range o.Headings {
		if h.Depth > 0 {
			mark(h.Span)
			if under := f.Line(max(h.Span.Start, h.Span.End-1)) + 1; underline(f, under) {
				covered[under] = true
			}
		}
		for _, b := range h.Blocks {
			mark(b.Span)
		}
	}
	var lost []int
	for n := 1; n <= f.Lines(); n++ {
		text := strings.TrimPrefix(string(f.Slice(f.LineSpan(n))), "\ufeff")
		if !covered[n] && strings.TrimSpace(text) != "" && strings.Trim(text, "#> \t\r") != "" {
			lost = append(lost, n)
		}
	}
	return lost
}

// underline reports whether a line can be what makes the text above it a
// heading.
func underline(f *source.File, line int) bool {
	t := strings.TrimSpace(string(f.Slice(f.LineSpan(line))))
	return t != "" && (strings.Trim(t, "=") == "" || strings.Trim(t, "-") == "")
}
