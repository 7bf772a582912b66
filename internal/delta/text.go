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

type textPrinter struct {
	*bufio.Writer
	TextOptions
}

func (p *textPrinter) page(c *PageChange) {
	title := p.paint(bold, clean(c.Path))
	if note := c.note(); note != "" {
		title += p.paint(faint, " ("+clean(note)+")")
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
	ss := shorten(stretches(clean(c.Old), clean(c.New)))
	was, is := sides(ss)
	old, new := plainly(was), plainly(is)
	if old == new {
		old = ""
	}
	switch {
	case c.Kind == PageRenamed:
		fmt.Fprintf(p, "%s from %s\n", head, clean(c.Old))
	case len(old)+len(new) <= short && old != "" && new != "":
		fmt.Fprintf(p, "%s: %s → %s%s\n", head, old, new, p.place(c))
	case len(old)+len(new) <= short:
		fmt.Fprintf(p, "%s: %s%s\n", head, old+new, p.place(c))
	default:
		fmt.Fprintf(p, "%s%s\n", head, p.place(c))
		p.line(red, "-", was, old == "")
		p.line(green, "+", is, new == "")
	}
}

// line writes one state of a text; what only that state has stands out.
func (p *textPrinter) line(color, sign string, ss []stretch, empty bool) {
	if empty {
		return
	}
	parts := make([]string, len(ss))
	for i, s := range ss {
		parts[i] = strings.Join(s.words, " ")
		if s.sign != '=' && len(ss) > 1 {
			parts[i] = p.paint(bold+";"+color, parts[i])
		}
	}
	fmt.Fprintf(p, "      %s %s\n", p.paint(color, sign), strings.Join(parts, " "))
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
