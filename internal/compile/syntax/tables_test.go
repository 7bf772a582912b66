package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/cadre-hq/cadre/internal/source"
)

// Tables are found where goldmark's extension finds them, with the same cells.
func FuzzTables(f *testing.F) {
	for _, seed := range []string{
		"| Berth | Cranes |\n| --- | :-: |\n| 1 | 4 |\n| 2 |\n| 3 | 2 | extra |\n",
		"Above\nBerth | Cranes\n:--|--:\nEast | 4\n\nbelow\n", "a\n-:\n-\n", "a | b\n--|\n", "|\n|-|\n", "a\n|---|\n", "| a \\| b | c |\n|--|--|\n| `x \\| y` | \\|\n",
		"- a | b\n  --|--\n  1 | 2\n", "> a | b\n> --|--\n> 1 | 2\n", "a | b\n    --|--\n", "a|b\n-|-|\n||\n|||\n", "a || b\n--|--|--\n", "a\r\n-:\r\nb\r\n", "a | b\n-- | --\n[x]: /y\n",
		"[x]: /y\na | b\n--|--\n", "\ta|b\n\t-|-\n", "a\n:-:\n b\n\t| c |\n", "a | b\n:: | -\n", "a | b |\n-|-|-\n",
	} {
		f.Add(seed)
	}
	f.Add("- a\n- b | c\n  --|--\n- d\n")
	theirs := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	ours := newParser()
	f.Fuzz(func(t *testing.T, page string) {
		if d := cmp.Diff(cells(theirs, page), cells(ours, page)); d != "" {
			t.Errorf("%q (-theirs, +ours):\n%s", page, d)
		}
	})
}

// cells lists the tables of a page and the lines of everything that is none.
func cells(p parser.Parser, page string) string {
	var out strings.Builder
	_ = ast.Walk(p.Parse(text.NewReader([]byte(page))), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Type() != ast.TypeBlock {
			return ast.WalkContinue, nil
		}
		if n.Kind() == ast.KindTextBlock { // as goldmark calls a paragraph of a tight list
			fmt.Fprint(&out, ast.KindParagraph)
		} else {
			fmt.Fprint(&out, n.Kind())
		}
		if n.Kind() == east.KindTable || n.Kind() == east.KindTableRow || n.Kind() == east.KindTableCell {
			fmt.Fprint(&out, " at ", n.Pos())
		}
		for i := range n.Lines().Len() {
			s := n.Lines().At(i)
			fmt.Fprintf(&out, " %d-%d", s.Start, s.Stop)
		}
		out.WriteByte('\n')
		return ast.WalkContinue, nil
	})
	return out.String()
}

// Inside of code, a bar that ends no cell is written with a backslash, which
// is no part of the code.
func TestBarInCodeOfACell(t *testing.T) {
	page := "| Key | Command |\n| --- | --- |\n| q | `quay \\| crane` |\n\nBut `quay \\| crane` in prose.\n"
	o := Parse(source.New("page.md", []byte(page)), GFM)
	blocks := o.Headings[0].Blocks
	if got := blocks[0].Children[1].Children[1].Text; got != "quay | crane" {
		t.Errorf("cell %q", got)
	}
	if got := blocks[1].Text; got != `But quay \| crane in prose.` {
		t.Errorf("paragraph %q", got)
	}
}
