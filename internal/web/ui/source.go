package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

func remarkIcon(s State) IconName {
	if s == Current {
		return IconNote
	}
	return s.icon()
}

// caret names the colour of the mark below a quoted place.
func (s State) caret() string {
	switch s {
	case Bad, Warn:
		return string(s)
	case Plain, OK, Current, Unknown, Locked:
	}
	return "note"
}

// quoted writes the text of an excerpt and the mark below it. It is written by
// hand, for every blank counts in it.
func quoted(e Excerpt) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		text := `<pre tabindex="0"><code>` + templ.EscapeString(e.Text) + `</code>`
		if e.Width > 0 {
			text += "\n" + `<span class="caret caret--` + e.State.caret() + `" aria-hidden="true">` +
				strings.Repeat(" ", max(0, e.From)) + strings.Repeat("^", e.Width) + `</span>`
		}
		_, err := io.WriteString(w, text+`</pre>`)
		return err
	})
}
