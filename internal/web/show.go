package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Show answers with a page. A request of htmx that names a Part of the page as
// its target gets that part alone.
func Show(w http.ResponseWriter, r *http.Request, page templ.Component) error {
	return ShowAs(w, r, http.StatusOK, page)
}

// Again answers with the page of a form that has something wrong in it.
func Again(w http.ResponseWriter, r *http.Request, page templ.Component) error {
	return ShowAs(w, r, http.StatusUnprocessableEntity, page)
}

// ShowAs answers with a page under a status. Nothing is sent before the page is
// whole, so an error still gets a page of its own.
func ShowAs(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	buffer := buffers.Get().(*bytes.Buffer)
	defer func() {
		buffer.Reset()
		buffers.Put(buffer)
	}()
	s := request(r).site
	part := partOf(r)
	frame := s.frame(w, r, part == "")
	ctx := ui.With(r.Context(), frame)
	var err error
	if part != "" {
		err = templ.RenderFragments(ctx, buffer, page, part)
	} else {
		err = page.Render(ctx, buffer)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "HX-Request, HX-Target")
	if part != "" && buffer.Len() == 0 {
		h.Set("HX-Redirect", r.URL.RequestURI()) // the page has no such part: show it whole
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(buffer.Len()))
	w.WriteHeader(status)
	_, _ = buffer.WriteTo(w) // the reader went away
	return nil
}

// partOf returns the id of the part that a request asks for; "" for the page.
func partOf(r *http.Request) string {
	if r.Header.Get("HX-Request") != "true" || r.Header.Get("HX-Boosted") == "true" || r.Header.Get("HX-History-Restore-Request") == "true" {
		return ""
	}
	return r.Header.Get("HX-Target")
}

// Done sends the reader on after a change, to an address of this site, which
// tells what was done. A toast without text tells nothing.
func Done(w http.ResponseWriter, r *http.Request, to string, told ui.Toast) error {
	if told.Text != "" {
		request(r).site.keep(w, told)
	}
	return Redirect(w, r, to)
}

// Redirect sends the reader on to an address of this site.
func Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, Local(to), http.StatusSeeOther)
	return nil
}

// Page makes a handler of a function that returns a page.
func Page(read func(*http.Request) (templ.Component, error)) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, err := read(r)
		if err != nil {
			return err
		}
		return Show(w, r, page)
	}
}

// frame returns what stands around the page of a request. Only a whole page
// uses up the toasts.
func (s *Site) frame(w http.ResponseWriter, r *http.Request, whole bool) *ui.Frame {
	f := &ui.Frame{Organisation: s.o.Organisation, URL: r.URL, Now: s.o.Clock(), Zone: s.zoneOf(r)}
	ctx := r.Context()
	by := auth.From(ctx)
	if whole {
		f.Toasts = s.take(w, r)
		s.furnish(ctx, f, by)
	}
	if s.o.Frame != nil {
		s.o.Frame(ctx, f)
	}
	return f
}

// furnish adds the rail and the account.
func (s *Site) furnish(ctx context.Context, f *ui.Frame, by auth.Actor) {
	if !by.IsKnown() {
		return
	}
	f.Account = ui.Account{Name: by.Name}
	if len(by.Roles) > 0 {
		f.Account.Line = by.Roles[0].Words()
	}
	for _, room := range s.rooms {
		if room.Shown != nil && !room.Shown(by) {
			continue
		}
		shown := ui.Room{Label: room.Label, Href: room.Href, Icon: room.Icon, Below: room.Below}
		if room.Count != nil {
			shown.Count = room.Count(ctx)
		}
		f.Rooms = append(f.Rooms, shown)
	}
}
