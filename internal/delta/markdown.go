package delta

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// maxListed is how many changes of one category a comment lists.
const maxListed = 50

// WriteMarkdown writes the changes as a comment for a merge request: what is
// promised to people in a table, everything else folded away.
func WriteMarkdown(w io.Writer, pages []PageChange) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "**Job families:** %s\n", Summary(pages))
	byCategory := map[Category][]row{}
	for i := range pages {
		for j := range pages[i].Changes {
			c := &pages[i].Changes[j]
			byCategory[c.Category] = append(byCategory[c.Category], row{pages[i].Path, c})
		}
	}
	for _, category := range Categories {
		rows := byCategory[category]
		switch {
		case len(rows) == 0:
		case category == Contract:
			contractTable(b, rows)
		default:
			folded(b, category, rows)
		}
	}
	return b.Flush()
}

// A row is a change with its page.
type row struct {
	path string
	*Change
}

func contractTable(b *bufio.Writer, rows []row) {
	b.WriteString("\n| | What | Level | Before | After | Page |\n|---|---|---|---|---|---|\n")
	for i, r := range rows {
		if i == maxListed {
			fmt.Fprintf(b, "\n…and %d more.\n", len(rows)-i)
			return
		}
		old, new := excerpt(r.Old, r.New)
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", r.sign(), r.Kind.words(), escape(r.Level), escape(old), escape(new), r.place())
	}
}

// meanings says in a few words what a category is.
var meanings = map[Category]string{
	Expectation: "what is expected of people",
	Link:        "where links lead",
	Text:        "wording",
}

func folded(b *bufio.Writer, category Category, rows []row) {
	fmt.Fprintf(b, "\n<details><summary>%s: %d (%s)</summary>\n\n", category, len(rows), meanings[category])
	for i, r := range rows {
		if i == maxListed {
			fmt.Fprintf(b, "- …and %d more\n", len(rows)-i)
			break
		}
		fmt.Fprintf(b, "- %s\n", r.item())
	}
	b.WriteString("\n</details>\n")
}

// item writes a change as one line of a list.
func (r *row) item() string {
	words := []string{"**" + r.Kind.words() + "**"}
	if r.Level != "" {
		words = append(words, escape(r.Level))
	}
	if r.About != "" {
		words = append(words, escape(r.About))
	}
	head := strings.Join(words, " · ") + ": "
	old, new := excerpt(r.Old, r.New)
	switch r.sign() {
	case "+":
		head += "added " + escape(new)
	case "-":
		head += "removed ~~" + escape(old) + "~~"
	default:
		if old == new {
			head += escape(new)
		} else {
			head += "~~" + escape(old) + "~~ → " + escape(new)
		}
	}
	return head + " (" + r.place() + ")"
}

// place names page and line: of the new page, of the old one if it is gone.
func (r *row) place() string {
	line := r.LineNew
	if line == 0 {
		line = r.LineOld
	}
	if line == 0 {
		return code(r.path)
	}
	return code(fmt.Sprintf("%s:%d", r.path, line))
}

func code(s string) string { return "`" + strings.ReplaceAll(clean(s), "`", "'") + "`" }

// escaper keeps a page's text from acting as Markdown, HTML or a mention.
var escaper = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "@", "&#64;", "`", "&#96;",
	"*", "&#42;", "_", "&#95;", "~", "&#126;", "[", "&#91;", "]", "&#93;", "#", "&#35;", "!", "&#33;", "\\", "&#92;",
)

func escape(s string) string { return escaper.Replace(s) }
