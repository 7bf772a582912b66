package diag

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/cadre-hq/cadre/internal/source"
)

// TextOptions steer the format for people.
type TextOptions struct {
	// Excerpts shows below each finding the line it speaks of, the hint and
	// the related places. Without it a finding is one line, for tools.
	Excerpts bool
	Color    bool
	// Width is the number of columns of the screen; 0 means 100.
	Width int
	// Quiet leaves out the last line.
	Quiet bool
}

// The colours, as SGR parameters.
const (
	red    = "1;31"
	yellow = "1;33"
	blue   = "1;34"
	green  = "32"
	faint  = "2"
	bold   = "1"
)

// severityColors colours the word of a severity.
var severityColors = map[Severity]string{Error: red, Warning: yellow, Info: blue}

// textPrinter writes the format for people.
type textPrinter struct {
	*bufio.Writer
	TextOptions
	report *Report
}

func (r *Report) text(w *bufio.Writer, o TextOptions) error {
	if o.Width == 0 {
		o.Width = 100
	}
	p := &textPrinter{w, o, r}
	for i := range r.Findings {
		p.finding(&r.Findings[i])
	}
	if !o.Quiet {
		p.summary()
	}
	return nil
}

// finding writes one finding: the line that tools read, then what people want.
func (p *textPrinter) finding(f *Finding) {
	p.begin(bold)
	p.Write(appendPlace(p.AvailableBuffer(), f.Place))
	p.end()
	p.WriteString(": ")
	p.begin(severityColors[f.Severity])
	p.WriteString(f.Severity.String())
	p.end()
	p.begin(faint)
	p.WriteByte('[')
	p.WriteString(string(f.Code))
	p.WriteByte(']')
	p.end()
	p.WriteByte(' ')
	p.WriteString(clean(f.Message))
	p.WriteByte('\n')
	if !p.Excerpts {
		return
	}
	margin := strings.Repeat(" ", len(strconv.Itoa(f.Start.Line)))
	if file := p.report.file(f.Path); file != nil {
		p.excerpt(file, f, margin)
	}
	if f.Hint != "" {
		p.note(margin, "help", f.Hint)
	}
	for _, r := range f.Related {
		p.note(margin, "see", place(r.Place)+" "+r.Message)
	}
	if fix := f.Fixable(); fix != nil {
		p.note(margin, "fix", fix.Title+" (cadre check --fix)")
	}
	p.WriteByte('\n')
}

// note writes an explanation below the excerpt.
func (p *textPrinter) note(margin, word, text string) {
	fmt.Fprintf(p, " %s %s %s %s\n", margin, p.paint(faint, "="), p.paint(bold, word+":"), clean(text))
}

// excerpt writes the line of the finding with carets below the span.
func (p *textPrinter) excerpt(file *source.File, f *Finding, margin string) {
	line := file.LineSpan(f.Start.Line)
	if line.Empty() {
		return
	}
	room := p.Width - len(margin) - 4
	shown, carets := excerpt(string(file.Slice(line)), f.Span.Start-line.Start, f.Span.End-line.Start, room)
	bar := p.paint(faint, "|")
	fmt.Fprintf(p, " %s %s %s\n", p.paint(faint, strconv.Itoa(f.Start.Line)), bar, shown)
	fmt.Fprintf(p, " %s %s %s\n", margin, bar, p.caretLine(f, carets))
}

func (p *textPrinter) caretLine(f *Finding, carets string) string {
	marks := strings.TrimLeft(carets, " ")
	return carets[:len(carets)-len(marks)] + p.paint(severityColors[f.Severity], marks)
}

// summary writes the last line: how many of what, and where to read on.
func (p *textPrinter) summary() {
	r := p.report
	pages := plural(len(r.Pages), "page", "pages")
	if len(r.Findings) == 0 && len(r.Unread) > 0 {
		fmt.Fprintf(p, "No findings in %s; %d could not be read.\n", pages, len(r.Unread))
		return
	}
	if len(r.Findings) == 0 {
		fmt.Fprintf(p, "%s: no findings in %s.\n", p.paint(green, "ok"), pages)
		return
	}
	var counts []string
	for _, s := range []Severity{Error, Warning, Info} {
		if n := r.Count(s); n > 0 {
			counts = append(counts, p.paint(severityColors[s], plural(n, s.String(), words[s])))
		}
	}
	fmt.Fprintf(p, "%s in %d of %s", strings.Join(counts, ", "), r.affected(), pages)
	if n := len(r.Unread); n > 0 {
		fmt.Fprintf(p, "; %d more could not be read", n)
	}
	if n := r.fixable(); n > 0 {
		fmt.Fprintf(p, "; `cadre check --fix` can fix %d", n)
	}
	fmt.Fprintf(p, ". To learn why and what to do: cadre explain %s\n", r.gravest().Code)
}

// words are the severities as plurals.
var words = map[Severity]string{Error: "errors", Warning: "warnings", Info: "infos"}

// affected counts the pages that have a finding.
func (r *Report) affected() int {
	n, last := 0, ""
	for i := range r.Findings {
		if p := r.Findings[i].Path; i == 0 || p != last {
			n, last = n+1, p
		}
	}
	return n
}

// fixable counts the findings with a safe fix.
func (r *Report) fixable() int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Fixable() != nil {
			n++
		}
	}
	return n
}

// gravest returns the first of the most severe findings.
func (r *Report) gravest() *Finding {
	best := &r.Findings[0]
	for i := range r.Findings {
		if r.Findings[i].Severity > best.Severity {
			best = &r.Findings[i]
		}
	}
	return best
}

// place returns "path:line:column".
func place(p Place) string { return string(appendPlace(nil, p)) }

// appendPlace appends a place to a text.
func appendPlace(text []byte, p Place) []byte {
	first, _ := shown(p)
	text = append(append(text, clean(p.Path)...), ':')
	text = append(strconv.AppendInt(text, int64(first.Line), 10), ':')
	return strconv.AppendInt(text, int64(first.Column), 10)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// paint colours text, if colours are on.
func (p *textPrinter) paint(color, text string) string {
	if !p.Color || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// begin turns a colour on and end turns it off, if colours are on.
func (p *textPrinter) begin(color string) {
	if p.Color {
		p.WriteString("\x1b[" + color + "m")
	}
}

func (p *textPrinter) end() {
	if p.Color {
		p.WriteString("\x1b[0m")
	}
}

// clean makes text safe for one line of a terminal: a page must not be able to
// move the cursor or to change colours.
func clean(text string) string {
	if isPlain(text) || !strings.ContainsFunc(text, unsafeRune) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case unsafeRune(r):
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isPlain reports at little cost that text is ASCII that can be shown, as most
// texts are.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return true
}

// unsafeRune reports control characters, separators of lines, and marks that
// turn the direction of writing.
func unsafeRune(r rune) bool {
	switch {
	case r < 0x7f:
		return r < ' '
	case r == 0x61c || r == 0x200e || r == 0x200f:
		return true
	}
	return unicode.IsControl(r) || (r >= 0x2028 && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069)
}
