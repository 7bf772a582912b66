package inboxweb

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A putting is what the form says by which a todo is put off.
type putting struct {
	Until string     `form:"until,required"`
	Zone  string     `form:"zone"`
	Kind  inbox.Kind `form:"kind"` // of the list to which the reader goes back
}

// back returns the address of the list from which the reader came.
func (p putting) back() string {
	if p.Kind == "" {
		return Home
	}
	return Home + "?" + url.Values{"kind": {string(p.Kind)}}.Encode()
}

// ask shows the form for a day that the menu does not offer.
func (h pages) ask(w http.ResponseWriter, r *http.Request) error {
	in := putting{}
	_ = form.Query(r, &in) // they are all texts
	found, err := h.inbox.Find(r.Context(), auth.From(r.Context()), key(r))
	if err != nil {
		return err
	}
	return web.Show(w, r, snoozePage(found, in, form.New(in)))
}

// snooze puts a todo off.
func (h pages) snooze(w http.ResponseWriter, r *http.Request) error {
	in := putting{}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	by := auth.From(r.Context())
	until, err := calendar.ParseDay(in.Until)
	if f.OK() {
		if err == nil {
			_, err = h.inbox.Snooze(r.Context(), by, key(r), until, zone(in.Zone))
		}
		if err == nil {
			return web.Done(w, r, in.back(), ui.Toast{
				Text: fmt.Sprintf("Put off until %s", ui.Day(until.Time())), Undo: address(key(r), "wake"),
			})
		}
		if !f.Refuse(err, "until") {
			return err
		}
	}
	found, err := h.inbox.Find(r.Context(), by, key(r))
	if err != nil {
		return err
	}
	return web.Again(w, r, snoozePage(found, in, f))
}

// wake takes it back that a todo was put off.
func (h pages) wake(w http.ResponseWriter, r *http.Request) error {
	if err := h.inbox.Wake(r.Context(), auth.From(r.Context()), key(r)); err != nil {
		return err
	}
	return web.Done(w, r, Home, ui.Toast{Text: "It is shown again"})
}

func key(r *http.Request) inbox.Key { return inbox.Key(r.PathValue("key")) }

// zone returns the zone of the reader, as the form carries it; UTC if it is
// none.
func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil || name == "Local" || len(name) > 64 {
		return time.UTC
	}
	return z
}
