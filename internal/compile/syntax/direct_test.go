package syntax

import (
	"cmp"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cadre-hq/cadre/internal/source"
)

// checkDirectly compares what a page is when it is read directly with what it is
// by goldmark. It returns whether the page can be read directly.
func checkDirectly(t *testing.T, text string) bool {
	t.Helper()
	f := source.New("page.md", []byte(text))
	_, body, _ := frontMatter(f)
	direct, tree := newBuilder(&Outline{File: f}, mask(f, body), &memory{}), newBuilder(&Outline{File: f}, mask(f, body), &memory{})
	if !direct.readDirectly() {
		return false
	}
	tree.readTree()
	checkSame(t, text, tree.Outline, direct.Outline)
	return true
}

// checkSame compares two outlines of a page.
func checkSame(t *testing.T, text string, want, got *Outline) {
	t.Helper()
	if reflect.DeepEqual(want, got) {
		return
	}
	opts := []gocmp.Option{cmpopts.IgnoreUnexported(Block{}), cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Outline{}, "File")}
	if diff := gocmp.Diff(want, got, opts...); diff != "" {
		t.Errorf("%q is read otherwise (-want +got):\n%s", text, diff)
	}
}

// FuzzDirect: a page that is read directly is what goldmark reads.
func FuzzDirect(f *testing.F) {
	for _, seed := range []string{
		"# Berth Planner\n\nPlans berths.\nAnd cranes.\n\n## Levels\n* One\n* Two\n  goes on\n\n  Another paragraph\n    * Inner\n\n1. First\n2. Second\n",
		"text\n- item\n   - inner\n  - sibling\n+ another list\n3) numbered\n\nafter\n***\nend",
		"* [a link](/to/it) and *emphasis*\n* **Strong**: text\nlazy\n# **Bold** [x](y)\n{: .note}\n<br/>\n",
		"- a\n\n\n- b\n      deep\n 1. c\n10. d\n    e\n## Title ##\nTitle\n---\n| a | b |\n|---|---|\n",
		"- \n- - a\n-     code\n    code\n> quote\n```\nfence\n```\n[a]: /b\n[a]\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") {
			t.Skip("binary")
		}
		checkDirectly(t, text)
	})
}

// Whatever lines follow each other, they are what goldmark reads.
func TestDirectLines(t *testing.T) {
	lines := []string{
		"", "", "text", "two words.", "- item", "* item", "+ item", "1. one", "2. two", "1) par", "10. ten", "-   wide", "-     code", "- ", "-",
		"# Head", "## Head ##", "####### Seven", "#nohead", "# ", "#", "---", "***", "___", "* * *", "- - -", "--", "===", "=",
		"```", "```go", "~~~~ info x", "``", "`code` here", "> quote", "<?xx?>", "<!-- c -->", "<!-- open", "-->", "<b>x</b>", "<div>", "<https://a.b>",
		"*emph* a", "**bold**", "[a](b)", "[a](/b#c) tail", "[a]: /b", "[a]", "[x] task", "![i](s)", "| a | b |", "|---|---|", "a | b", ":-: | -",
		"&amp; x", "& b", "a\\", "a  ", "a\t", "\ttab", "-\ttab", "{: .note}", "{:toc}", "<%= x %>", "\u00a0", "-\u00a0x", "*Next", "a\vb", "\v", "x\f", "\r", "\ufeff",
		"> - a", ">", "> [a]: /q", "[b]: /c 'title'", "[b]:", "/dest", "[a] and [b]", "# [a]", "- [a]",
		"1234567890. x", "- 1. nest", "* # of teams", "- > q", "- ```", "-  [a]: b", "+1 text",
	}
	indents := []string{"", "", "", "", " ", "  ", "  ", "   ", "    ", "    ", "      "}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var page strings.Builder
		for range 1 + r.IntN(8) {
			page.WriteString(indents[r.IntN(len(indents))] + lines[r.IntN(len(lines))] + "\n")
		}
		text := page.String()
		checkDirectly(t, text)
		checkDirectly(t, strings.TrimSuffix(text, "\n"))
		if t.Failed() {
			return
		}
	}
}

// Most real pages are read directly, and a parser that is used again reads as a
// new one does.
func TestDirectCorpus(t *testing.T) {
	dir := filepath.Join(cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "..", "shared", "corpus")), "pages")
	files, _, err := source.Load(context.Background(), []string{dir}, source.Options{})
	if err != nil || len(files) == 0 {
		t.Skipf("no corpus: there is no page in %s", dir)
	}
	direct := 0
	var p Parser
	for _, f := range files {
		checkSame(t, f.Path, Parse(f, GFM), p.Parse(f, GFM))
		if checkDirectly(t, string(f.Text)) {
			direct++
		}
	}
	t.Logf("%d of %d pages are read directly", direct, len(files))
	if direct*4 < len(files)*3 {
		t.Errorf("%d of %d pages are read directly, too few", direct, len(files))
	}
}
