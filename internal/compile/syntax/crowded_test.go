package syntax_test

import (
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/source"
)

// A paragraph, heading, item or cell with more marks than prose can hold says
// what is written, and is told of; those around it are read as ever.
func TestCrowdedBlocks(t *testing.T) {
	crowd := strings.TrimSpace(strings.Repeat("*a **b _c `d ", 251)) // 1004 marks
	full := strings.TrimSpace(strings.Repeat("*a* ", 500))           // 1000 marks
	f := source.New("page.md", []byte("# "+crowd+"\n\n"+crowd+"\n[x](/y)\n\n* "+crowd+"\n* *[x](/y)*\n\n| "+crowd+" | *b* |\n|---|---|\n\n"+full+"\n"))
	o := syntax.Parse(f, syntax.GFM)
	checkSpans(t, o)
	if lost := uncovered(o); lost != nil {
		t.Errorf("lines %v are lost", lost)
	}
	lines := []int{}
	for _, p := range o.Problems {
		if p.Kind == syntax.Crowded {
			lines = append(lines, f.Line(p.Span.Start))
		}
	}
	if len(lines) != 4 || lines[0] != 1 || lines[1] != 3 || lines[2] != 6 || lines[3] != 9 {
		t.Errorf("the lines %v are told of, not 1, 3, 6 and 9", lines)
	}
	h := o.Headings[1]
	if h.Text != crowd || h.Blocks[0].Text != crowd+" [x](/y)" {
		t.Errorf("crowded text is not what is written: %.80q, %.80q", h.Text, h.Blocks[0].Text)
	}
	if items := h.Blocks[1].Children; items[0].Text != crowd || items[1].Text != "x" || len(o.Links) != 1 {
		t.Errorf("the items say %.80q and %.80q, with %d links", items[0].Text, items[1].Text, len(o.Links))
	}
	if last := h.Blocks[len(h.Blocks)-1]; last.Text != strings.TrimSpace(strings.Repeat("a ", 500)) {
		t.Errorf("a full paragraph is %.80q", last.Text)
	}
}

// Quotes may lie in quotes up to a depth that no text has.
func TestDeepQuotes(t *testing.T) {
	f := source.New("page.md", []byte(strings.Repeat("> ", 5000)+"text\n\nafter\n"))
	o := syntax.Parse(f, syntax.GFM)
	checkSpans(t, o)
	if lost := uncovered(o); lost != nil {
		t.Errorf("lines %v are lost", lost)
	}
	depth, b := 0, o.Headings[0].Blocks[0]
	for ; len(b.Children) > 0; b = b.Children[0] {
		depth++
	}
	if depth < 100 || depth > 110 || !strings.HasSuffix(b.Text, "> text") || len(o.Headings[0].Blocks) != 2 {
		t.Errorf("quotes lie %d deep around %.40q, with %d blocks", depth, b.Text, len(o.Headings[0].Blocks))
	}
}
