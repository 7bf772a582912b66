package lint

import (
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// frontMatter wants every family to begin with readable front matter and a
// title: without it the page has no name in any list.
var frontMatter = Rule{
	Code:     "CAD101",
	Name:     "front-matter",
	Title:    "A family begins with front matter that is valid YAML and has a title.",
	Severity: diag.Error,
	Origin:   "JF001",
	Page:     checkFrontMatter,
}

func checkFrontMatter(p *PagePass) {
	fm := &p.Outline.FrontMatter
	for _, problem := range p.Outline.Problems {
		switch problem.Kind {
		case syntax.BadFrontMatter:
			f := diag.Finding{Message: problem.Message, Hint: "quote values that hold a colon, and indent with blanks"}
			if fm.Unfenced {
				f.Hint = "put a line --- before and behind it"
				f.Fixes = []diag.Fix{{Title: "fence the front matter", Safe: true, Edits: []diag.Edit{
					{Span: source.Span{Start: fm.Span.Start, End: fm.Span.Start}, New: "---\n"},
					{Span: source.Span{Start: fm.Span.End, End: fm.Span.End}, New: "---\n"},
				}}}
			}
			p.Report(p.placed(&f, problem.Span), f)
			return
		case syntax.Unclosed, syntax.NotText:
			return // told by another rule
		}
	}
	if !p.IsFamily {
		return
	}
	title := fm.Field("title")
	switch {
	case !fm.Present:
		p.Report(p.File.LineSpan(1), diag.Finding{
			Message: "the page has no front matter",
			Hint:    "begin it with a line ---, title: and the name of the family, and another line ---",
		})
	case title == nil:
		p.Report(firstLine(p.File, fm.Span), diag.Finding{
			Message: "the front matter has no title",
			Hint:    "add title: and the name of the family",
		})
	case title.Value == "":
		p.Report(title.Span, diag.Finding{
			Message: "the title in the front matter is empty",
			Hint:    "write the name of the family behind title:",
		})
	}
}

// firstLine cuts a span to its first line.
func firstLine(f *source.File, s source.Span) source.Span {
	s.End = min(s.End, f.LineSpan(f.Line(s.Start)).End)
	return s
}

// placed returns the line that a message of the YAML reader, "…: line 2: …",
// speaks of, and leaves it out of the message: it counts from the first line
// of the block.
func (p *PagePass) placed(f *diag.Finding, block source.Span) source.Span {
	before, rest, ok := strings.Cut(f.Message, ": line ")
	number, message, found := strings.Cut(rest, ": ")
	n, err := strconv.Atoi(number)
	if !ok || !found || err != nil {
		return firstLine(p.File, block)
	}
	f.Message = before + ": " + message
	return p.File.LineSpan(p.File.Line(block.Start) + n - 1)
}
