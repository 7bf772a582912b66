package ui

import (
	"context"
	"strings"
)

func (a Act) class() string {
	c := "btn"
	for _, part := range []struct {
		on   bool
		name string
	}{{a.Kind != "", string(a.Kind)}, {a.Small, "btn--s"}, {a.Alone, "btn--icon"}, {a.Wide, "btn--wide"}} {
		if part.on {
			c += " " + part.name
		}
	}
	return c
}

// href returns where the button leads: for a dialog, to the same page with the
// dialog open, for browsers without scripts.
func (a Act) href(ctx context.Context) string {
	if a.Dialog == "" || a.Href != "" {
		return a.Href
	}
	return Address(From(ctx).URL, "ask", a.Dialog) + "#" + a.Dialog
}

// asked reports whether the address of the page asks for a dialog to be open.
func asked(ctx context.Context, id string) bool {
	u := From(ctx).URL
	return u != nil && strings.Contains(u.RawQuery, "ask=") && u.Query().Get("ask") == id
}
