package delta

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxListed is how many changes of one category a comment lists.
const maxListed = 50

// WriteMarkdown writes the changes as a comment for a merge request: how much
// changed and whom it concerns, what is promised to people in a table, and
// everything else folded away. Text of the pages cannot act as markup.
func WriteMarkdown(w io.Writer, pages []PageChange) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "**Job families:** %s\n", Summary(pages))
	if who := concerned(pages); len(who) > 0 {
		fmt.Fprintf(b, "\nConcerns %s.\n", enumerated(who))
	}
	byCategory := map[Category][]row{}
	for i := range pages {
		for j := range pages[i].Changes {
			c := &pages[i].Changes[j]
			byCategory[c.Category] = append(byCategory[c.Category], row{&pages[i], c})
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

// maxNamed is how many of those concerned are named.
const maxNamed = 12

// enumerated writes names in bold: "A, B and C".
func enumerated(names []string) string {
	var parts []string
	for i, n := range names {
		if i == maxNamed && len(names) > maxNamed+1 {
			parts = append(parts, strconv.Itoa(len(names)-i)+" more")
			break
		}
		parts = append(parts, "**"+escape(n)+"**")
	}
	last := len(parts) - 1
	if last == 0 {
		return parts[0]
	}
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// A row is a change with its page.
type row struct {
	page *PageChange
	*Change
}

func contractTable(b *bufio.Writer, rows []row) {
	b.WriteString("\n| | What | Level | Before | After | Page |\n|---|---|---|---|---|---|\n")
	for i, r := range rows {
		if i == maxListed {
			fmt.Fprintf(b, "\n…and %d more.\n", len(rows)-i)
			return
		}
		level := r.Level
		if level == "" {
			level = "–"
		}
		was, is := sides(shorten(stretches(clean(r.Old), clean(r.New))))
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", r.sign(), r.Kind.words(), escape(level), marked(was), marked(is), r.place())
	}
}

// meanings says in a few words what a category is.
var meanings = map[Category]string{
	Expectation: "what is expected of people",
	Link:        "where links lead",
	Text:        "wording",
}

// folded lists the changes of one category below the level and page that they
// belong to.
func folded(b *bufio.Writer, category Category, rows []row) {
	fmt.Fprintf(b, "\n<details><summary>%s: %d (%s)</summary>\n", category, len(rows), meanings[category])
	head := ""
	for i, r := range rows {
		if i == maxListed {
			fmt.Fprintf(b, "\n…and %d more\n", len(rows)-i)
			break
		}
		if h := r.heading(); h != head {
			head = h
			fmt.Fprintf(b, "\n%s\n\n", h)
		}
		fmt.Fprintf(b, "- %s\n", r.item())
	}
	b.WriteString("\n</details>\n")
}

// heading names the level and the page of a change.
func (r *row) heading() string {
	page := code(r.page.Path)
	if note := r.page.note(); note != "" {
		page += " (" + escape(note) + ")"
	}
	if r.Level == "" {
		return page
	}
	return "**" + escape(r.Level) + "** · " + page
}

// item writes a change as one line of a list.
func (r *row) item() string {
	head := "`" + r.sign() + "` " + r.Kind.words()
	if r.About != "" {
		head += " · " + escape(r.About)
	}
	return head + ": " + r.difference() + r.line()
}

// difference shows what went and what came.
func (r *row) difference() string {
	if r.Kind == LinkChanged || r.Kind == PageRenamed {
		switch r.sign() {
		case "+":
			return code(r.New)
		case "-":
			return code(r.Old)
		}
		return code(r.Old) + " → " + code(r.New)
	}
	ss := shorten(stretches(clean(r.Old), clean(r.New)))
	if len(ss) == 2 && ss[0].sign != '=' && ss[1].sign != '=' {
		return marked(ss[:1]) + " → " + marked(ss[1:])
	}
	return marked(ss)
}

// line names the line: of the new page, of the old one if it is gone.
func (r *row) line() string {
	switch {
	case r.LineNew > 0:
		return fmt.Sprintf(" (line %d)", r.LineNew)
	case r.LineOld > 0:
		return fmt.Sprintf(" (was line %d)", r.LineOld)
	}
	return ""
}

// place names page and line for a table.
func (r *row) place() string {
	line := r.LineNew
	if line == 0 {
		line = r.LineOld
	}
	if line == 0 {
		return code(r.page.Path)
	}
	return code(fmt.Sprintf("%s:%d", r.page.Path, line))
}

// marked writes stretches with what went struck out and what came underlined;
// where there is but one stretch, it needs no mark.
func marked(ss []stretch) string {
	parts := make([]string, len(ss))
	for i, s := range ss {
		parts[i] = escape(strings.Join(s.words, " "))
		switch {
		case len(ss) == 1 || s.sign == '=':
		case s.sign == '-':
			parts[i] = "<del>" + parts[i] + "</del>"
		default:
			parts[i] = "<ins>" + parts[i] + "</ins>"
		}
	}
	return strings.Join(parts, " ")
}

// code writes s as code; a sign that would end it or a table's cell is replaced.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "'", "|", "¦").Replace(clean(s)) + "`"
}

// escaper keeps a page's text from acting as Markdown, HTML, a mention or a
// reference.
var escaper = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "@", "&#64;", "`", "&#96;",
	"*", "&#42;", "_", "&#95;", "~", "&#126;", "[", "&#91;", "]", "&#93;", "#", "&#35;", "!", "&#33;", "\\", "&#92;", "://", ":&#47;&#47;",
)

func escape(s string) string { return escaper.Replace(clean(s)) }
