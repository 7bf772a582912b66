package delta

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// TextOptions steer the format for people.
type TextOptions struct {
	Color bool
	// Quiet leaves out the last line.
	Quiet bool
}

// The colours, as SGR parameters.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	faint  = "2"
	bold   = "1"
)

// signColors colours the sign before a change.
var signColors = map[string]string{"+": green, "-": red, "~": yellow}

// WriteText writes the changes for people: by page and category, each with "+"
// for what came, "-" for what went and "~" for what differs, and a last line
// that sums up.
func WriteText(w io.Writer, pages []PageChange, o TextOptions) error {
	p := &textPrinter{bufio.NewWriter(w), o}
	for i := range pages {
		if i > 0 {
			p.WriteByte('\n')
		}
		p.page(&pages[i])
	}
	if !o.Quiet {
		if len(pages) > 0 {
			p.WriteByte('\n')
		}
		fmt.Fprintln(p, p.paint(bold, Summary(pages)))
	}
	return p.Flush()
}

// Summary says in one line how much changed: "2 pages differ: 1 CONTRACT,
// 3 TEXT".
func Summary(pages []PageChange) string {
	if len(pages) == 0 {
		return "no page differs"
	}
	count := map[Category]int{}
	for i := range pages {
		for _, c := range pages[i].Changes {
			count[c.Category]++
		}
	}
	var parts []string
	for _, c := range Categories {
		if count[c] > 0 {
			parts = append(parts, strconv.Itoa(count[c])+" "+string(c))
		}
	}
	noun := " pages differ: "
	if len(pages) == 1 {
		noun = " page differs: "
	}
	return strconv.Itoa(len(pages)) + noun + strings.Join(parts, ", ")
}

type textPrinter struct {
	*bufio.Writer
	TextOptions
}

func (p *textPrinter) page(c *PageChange) {
	title := p.paint(bold, c.Path)
	switch {
	case c.OldPath != "":
		title += p.paint(faint, " (was "+c.OldPath+")")
	case c.Added:
		title += p.paint(faint, " (a new page)")
	case c.Removed:
		title += p.paint(faint, " (a page that is gone)")
	}
	fmt.Fprintln(p, title)
	last := None
	for _, ch := range c.Changes {
		if ch.Category != last {
			fmt.Fprintf(p, "  %s\n", ch.Category)
			last = ch.Category
		}
		p.change(&ch)
	}
}

// short is up to how many characters two values stand on one line.
const short = 60

func (p *textPrinter) change(c *Change) {
	sign := c.sign()
	head := "  " + p.paint(signColors[sign], sign) + " " + c.Kind.words()
	for _, what := range []string{c.Level, c.About} {
		if what != "" && what != c.Old && what != c.New {
			head += " · " + clean(what)
		}
	}
	old, new := excerpt(c.Old, c.New)
	if old == new {
		old = ""
	}
	switch {
	case c.Kind == PageRenamed:
		fmt.Fprintf(p, "%s from %s\n", head, old)
	case len(old)+len(new) <= short && old != "" && new != "":
		fmt.Fprintf(p, "%s: %s → %s%s\n", head, old, new, p.place(c))
	case len(old)+len(new) <= short:
		fmt.Fprintf(p, "%s: %s%s\n", head, old+new, p.place(c))
	default:
		fmt.Fprintf(p, "%s%s\n", head, p.place(c))
		p.line(red, "-", old)
		p.line(green, "+", new)
	}
}

func (p *textPrinter) line(color, sign, text string) {
	if text != "" {
		fmt.Fprintf(p, "      %s %s\n", p.paint(color, sign), text)
	}
}

// place names the lines: that of the new page, of the old one where it is gone.
func (p *textPrinter) place(c *Change) string {
	switch {
	case c.LineNew > 0:
		return p.paint(faint, "  line "+strconv.Itoa(c.LineNew))
	case c.LineOld > 0:
		return p.paint(faint, "  was line "+strconv.Itoa(c.LineOld))
	}
	return ""
}

func (p *textPrinter) paint(color, s string) string {
	if !p.Color || color == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// sign returns "+" for what came, "-" for what went, "~" for what differs.
func (c *Change) sign() string {
	switch {
	case c.Old == "" && c.New != "":
		return "+"
	case c.New == "" && c.Old != "":
		return "-"
	}
	return "~"
}

// words writes a kind for people: "step added".
func (k Kind) words() string {
	switch k {
	case ReportsTo:
		return "reports to"
	case SpanChanged:
		return "span of control"
	case LadderChanged:
		return "career ladder"
	}
	return strings.ReplaceAll(string(k), "_", " ")
}

// excerptLength is how many characters of a long text are shown.
const excerptLength = 150

// excerpt shortens two texts to where they differ.
func excerpt(old, new string) (string, string) {
	a, b := []rune(clean(old)), []rune(clean(new))
	from := 0
	if len(a) > excerptLength && len(b) > excerptLength {
		for from < len(a) && from < len(b) && a[from] == b[from] {
			from++
		}
		from = max(0, from-30)
		for from > 0 && from < len(a) && a[from-1] != ' ' {
			from--
		}
	}
	return window(a, from), window(b, from)
}

func window(s []rune, from int) string {
	from = min(from, len(s))
	before, after := "", ""
	if from > 0 {
		before = "…"
	}
	s = s[from:]
	if len(s) > excerptLength {
		s, after = s[:excerptLength], "…"
	}
	return before + string(s) + after
}

// clean takes control characters out of a page's text, so that it cannot
// speak to the terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0:
			return -1
		}
		return r
	}, s)
}
