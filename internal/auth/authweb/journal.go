package authweb

import (
	"net/http"
	"net/url"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
)

// A diary is a page of the journal.
type diary struct {
	Entries []audit.Entry
	Names   map[auth.PrincipalID]string
	Next    string
	URL     *url.URL
	Form    *form.Form
}

// name returns who did something.
func (d diary) name(e audit.Entry) string {
	if name := d.Names[auth.PrincipalID(e.Actor)]; name != "" {
		return name
	}
	return "Somebody whose account is gone"
}

// actorPath returns the page of who did something; "" for the program.
func actorPath(e audit.Entry) string {
	if e.Actor == "" {
		return ""
	}
	return personPath(auth.PrincipalID(e.Actor))
}

// journalFilter is what a page of the journal is asked for with.
type journalFilter struct {
	Actor  string    `form:"actor"`
	Action string    `form:"action"`
	Kind   string    `form:"kind"`
	ID     string    `form:"id"`
	From   time.Time `form:"from"`
	Until  time.Time `form:"until"` // this day included
}

func (h *pages) journal(w http.ResponseWriter, r *http.Request) error {
	var in journalFilter
	f := form.Query(r, &in)
	filter := audit.Filter{Action: in.Action, Kind: in.Kind, ID: in.ID, From: in.From, Limit: pageSize}
	if in.Actor != "" {
		filter.Actor = &in.Actor
	}
	if !in.Until.IsZero() {
		filter.Until = in.Until.AddDate(0, 0, 1)
	}
	after, found, err := api.ParseCursor[audit.Key](r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	if found {
		filter.After = &after
	}
	entries, err := h.Accounts.Entries(r.Context(), auth.From(r.Context()), filter)
	if err != nil {
		return err
	}
	d := diary{Entries: entries, URL: r.URL, Form: f}
	if len(entries) > pageSize {
		d.Entries, d.Next = entries[:pageSize], api.Cursor(entries[pageSize-1].Key())
	}
	ids := make([]auth.PrincipalID, len(d.Entries))
	for i, e := range d.Entries {
		ids[i] = auth.PrincipalID(e.Actor)
	}
	if d.Names, err = h.Accounts.Names(r.Context(), ids...); err != nil {
		return err
	}
	return web.Show(w, r, journalPage(d))
}
