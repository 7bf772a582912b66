package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// spans writes the pieces of a line. It is written by hand, for every blank
// counts in it.
func spans(parts []Span) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		b.WriteString("<span>")
		for _, p := range parts {
			tag := map[Sign]string{Added: "ins", Removed: "del", Changed: "mark"}[p.Sign]
			if tag == "" {
				b.WriteString(templ.EscapeString(p.Text))
				continue
			}
			b.WriteString("<" + tag + ">" + templ.EscapeString(p.Text) + "</" + tag + ">")
		}
		b.WriteString("</span>")
		_, err := io.WriteString(w, b.String())
		return err
	})
}
