package syntax_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/source"
)

// corpus returns the folder of real pages, or skips the test.
func corpus(t testing.TB) string {
	t.Helper()
	dir := cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "..", "shared", "corpus"))
	if _, err := os.Stat(filepath.Join(dir, "pages")); err != nil {
		t.Skip("no corpus: set CADRE_CORPUS to the folder that holds pages/ and edits/")
	}
	return dir
}

// corpusFiles loads the pages, both sides of every edit and the seed page.
func corpusFiles(t testing.TB) []*source.File {
	t.Helper()
	dir := corpus(t)
	files, problems, err := source.Load(context.Background(),
		[]string{filepath.Join(dir, "pages"), filepath.Join(dir, "edits"), filepath.Join(dir, "..", "seed")}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !strings.Contains(p.Path, "seed") {
			t.Error(p)
		}
	}
	return files
}

// checkPage holds what is so for every text: spans and parents are right, and
// no line is lost.
func checkPage(t testing.TB, f *source.File) {
	t.Helper()
	for _, d := range syntax.Dialects {
		o := syntax.Parse(f, d)
		if d == syntax.GFM {
			checkSpans(t, o)
			if lost := uncovered(o); lost != nil {
				t.Errorf("%s: lines %v are lost", f.Path, lost)
			}
		}
	}
}

// No line of a real page is lost, and every span covers what it says.
func TestRealPagesAreLossless(t *testing.T) {
	files := corpusFiles(t)
	for _, f := range files {
		checkPage(t, f)
	}
	t.Logf("%d files", len(files))
}

// The same page with other line ends has the same outline.
func TestLineEndsDoNotMatter(t *testing.T) {
	for _, f := range corpusFiles(t) {
		unix := string(f.Text)
		if strings.Contains(unix, "\r") {
			continue
		}
		windows := source.New(f.Path, []byte(strings.ReplaceAll(unix, "\n", "\r\n")))
		checkSpans(t, syntax.Parse(windows, syntax.GFM))
		want, got := texts(syntax.Parse(f, syntax.GFM)), texts(syntax.Parse(windows, syntax.GFM))
		if want != got {
			t.Errorf("%s: the outline changes with the line ends", f.Path)
		}
	}
}

// texts is all that an outline says, without the bytes that say it.
func texts(o *syntax.Outline) string {
	var b strings.Builder
	for _, h := range o.Headings {
		b.WriteString(h.Text + "#" + h.Slug + "\n")
		var walk func([]*syntax.Block)
		walk = func(blocks []*syntax.Block) {
			for _, c := range blocks {
				b.WriteString(kinds[c.Kind] + strings.ReplaceAll(c.Text, "\r", "") + "\n")
				walk(c.Children)
			}
		}
		walk(h.Blocks)
	}
	for _, l := range o.Links {
		b.WriteString(l.Text + l.Target + "\n")
	}
	return b.String()
}

// fragments are what pages are made of, whole and torn.
var fragments = []string{
	"# Planner", "## Levels", "### **Bold**", "####Planner", "##", "Planner\n===", "Planner\n---", "---", "***", "title: Planner", "layout: job_family_page",
	"* item", "- item", "1. item", "2) item", "  * inner", "\t- inner", "*", "* * *", "*Item", "* # of berths", "- [ ] task",
	"> quote", "> ## quoted", "> * item", "text", "text over", "  text", "    code", "**bold**", "**lead** text", "_all_", "`code", "```", "~~~", "```mermaid",
	"| a | b |", "|---|---|", "| 1 | 2 | 3 |", "| [x](#y) |", "|", "\\|",
	"<a id=\"x\"></a>", "<div>", "</div>", "<br>", "<p>", "<b>bold</b>", "<!-- note", "-->", "<pre>", "</pre>", "<script>", "id=\"y\" <b", "<?php ?>", "<!DOCTYPE x>", "<", ">",
	"<%= x %>", "<%= x", "%>", "{{< ref \"a b\" >}}", "{{<", ">}}", "{{% x %}}", "{: #id .class}", "{:toc}", "{#id}", "- TOC", "[TOC]", "{:", "}",
	"[a](b)", "[a](<b c>)", "[a](b \"c\")", "[a][b]", "[b]: /c", "[a](", "[a]", "![i](j)", "[![i](j)](k)", "[a\nb](c)", "[a](b(c)d)", "<https://a.example>", "\\[x\\]", "&amp; &nbsp;",
	"\u00a0", "*\u00a0item", "##\u00a0Planner", "\ufeff", "\x00", "\xff", "é", "\u2028", "\r", "\t", " ", "",
}

// Whatever a page is made of, nothing is lost and every span is right.
func TestAnyPageIsLossless(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(fragments), 0, 14).Draw(rt, "parts")
		ends := rapid.SampledFrom([]string{"\n", "\n", "\r\n", "\n\n", " "}).Draw(rt, "ends")
		f := source.New("page.md", []byte(strings.Join(parts, ends)))
		o := syntax.Parse(f, syntax.GFM)
		if lost := uncovered(o); lost != nil {
			rt.Fatalf("lines %v are lost of %q", lost, f.Text)
		}
		r := &recorder{TB: t}
		checkSpans(r, o)
		if r.failed {
			rt.Fatalf("%q: %s", f.Text, r.said)
		}
	})
}

// A recorder keeps the first error, so that rapid can shrink its cause.
type recorder struct {
	testing.TB
	failed bool
	said   string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	if !r.failed {
		r.failed, r.said = true, fmt.Sprintf(format, args...)
	}
}

// FuzzParse looks for a text that breaks the parser.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		checkPage(t, source.New("page.md", text))
	})
}

// seeds adds the pages of the stories, and those of the corpus where it is.
func seeds(f *testing.F) {
	stories, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range stories {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if !strings.HasSuffix(file.Name, ".outline") {
				f.Add(storyText(f, file))
			}
		}
	}
	f.Add([]byte(strings.Join(fragments, "\n")))
	f.Add([]byte("# Page\n\n" + strings.Repeat("*a **b _c `d [e](", 250) + "\ngoes on\n\n" + strings.Repeat("> ", 200) + "*quoted*\n"))
	pages, err := filepath.Glob(filepath.Join(cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "..", "shared", "corpus")), "pages", "*", "*", "index*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
}

// A page may lie in the middle of somebody's memory: parsing writes neither
// into it nor behind it.
func TestPageIsNotWrittenTo(t *testing.T) {
	for _, page := range []string{"\tcode without an end", "```\ncode", "    a\n\n    b", "<pre>\nhtml", "| a | b |\n|---|---|\n| c"} {
		memory := []byte(page + "|what lies behind")
		want := string(memory)
		syntax.Parse(source.New("page.md", memory[:len(page)]), syntax.GFM)
		if string(memory) != want {
			t.Errorf("%q became %q", want, memory)
		}
	}
}
