// Package design is the living style page at /design: every component of
// package ui in every state, with invented words. Who builds a page looks here
// first; who adds a component adds its specimen.
package design

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Register adds the style page and the pages of all errors. They hold no data
// and change nothing, so anybody may see them.
func Register(site *web.Site) {
	site.Get("/design", web.Page(show), web.Open)
	site.Post("/design/form", send, web.Open)
	site.Get("/design/form", back, web.Open)
	site.Get("/design/visitor", web.Page(func(*http.Request) (templ.Component, error) { return visitor(), nil }), web.Open)
	site.Get("/design/errors", web.Page(listErrors), web.Open)
	site.Get("/design/errors/{kind}", fail, web.Open)
}

func show(r *http.Request) (templ.Component, error) {
	return page(r.URL, &form.Form{ID: "example"}), nil
}

// back leads from the address of the form to the page that shows it.
func back(w http.ResponseWriter, r *http.Request) error { return web.Redirect(w, r, "/design#forms") }

// send takes the example form, and keeps nothing of it.
func send(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Title string    `form:"title,required"`
		Level int       `form:"level"`
		Start time.Time `form:"start"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	f.ID = "example"
	if !f.OK() {
		return web.Again(w, r, page(&url.URL{Path: "/design"}, f))
	}
	return web.Done(w, r, "/design", ui.Toast{Text: in.Title, Link: &ui.Link{Label: "Look", Href: "/design#floating"}})
}

// kinds are the errors that pages can end in.
var kinds = []fault.Kind{fault.Invalid, fault.NotFound, fault.Conflict, fault.Forbidden, fault.Busy, fault.Internal}

func listErrors(*http.Request) (templ.Component, error) {
	var all []ui.Link
	for _, k := range kinds {
		all = append(all, ui.Link{Label: k.String(), Href: "/design/errors/" + strings.ReplaceAll(k.String(), " ", "-")})
	}
	return errorsPage(all), nil
}

func fail(_ http.ResponseWriter, r *http.Request) error {
	word := strings.ReplaceAll(r.PathValue("kind"), "-", " ")
	i := slices.IndexFunc(kinds, func(k fault.Kind) bool { return k.String() == word })
	if i < 0 {
		return fault.New(fault.NotFound, "there is no kind of error %q", word)
	}
	return fault.New(kinds[i], "this is what the page of an error looks like: it says what to do")
}

// line is a place in an invented file.
func line(n int) ui.Line {
	return ui.Line{File: "product/product-leadership.md", N: n, Href: "#sources"}
}

// soon returns a time so far from now.
func soon(ctx context.Context, d time.Duration) time.Time { return ui.From(ctx).Now.Add(d) }

// found says what the search in the list found.
func found(u *url.URL) string {
	if q := u.Query().Get("q"); q != "" {
		return "Nothing is found for “" + q + "”, for this list is empty."
	}
	return "Type, and the list below answers."
}
