// Package searchweb is the page of results behind the box in the top bar, and
// the part of it that lists the first few while somebody types.
//
// Whose results they are comes from the session alone: what an actor is for
// the whole organisation, and what rooms say they are for some things.
package searchweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Home is the address of the page; the top bar's box sends to it (?q=).
const Home = "/search"

// Suggestions is the address of the first few results alone, as a Part with
// the id "suggestions".
const Suggestions = Home + "/suggestions"

// An Asker returns further audiences of an actor, such as "team:<id>" for the
// requisitions that they work on. Rooms give one each.
type Asker func(ctx context.Context, tx store.Tx, by auth.Actor) ([]string, error)

// A Kind is how a kind of things is shown.
type Kind struct {
	Name   string // as in search.Document
	Plural string // "Job families"
	Icon   ui.IconName
}

// Register adds the pages. Kinds are offered as filters in their order.
func Register(site *web.Site, db *store.DB, kinds []Kind, askers ...Asker) {
	h := pages{db, kinds, askers}
	site.Get(Home, h.results)
	site.Get(Suggestions, h.suggestions)
}

type pages struct {
	db     *store.DB
	kinds  []Kind
	askers []Asker
}

// A finding is what a page shows.
type finding struct {
	search.Result
	text  string
	kinds []Kind
	url   *url.URL
}

// How many results there are on a page, and how many suggestions.
const (
	pageSize   = 20
	suggestion = 6
)

func (h pages) results(w http.ResponseWriter, r *http.Request) error {
	f, err := h.find(r, pageSize)
	if err != nil {
		return err
	}
	return web.Show(w, r, resultsPage(f))
}

func (h pages) suggestions(w http.ResponseWriter, r *http.Request) error {
	f, err := h.find(r, suggestion)
	if err != nil {
		return err
	}
	return web.Show(w, r, suggestionsPage(f))
}

func (h pages) find(r *http.Request, limit int) (f finding, err error) {
	var in struct {
		Text  string `form:"q"`
		Kind  string `form:"kind"`
		After string `form:"after"`
	}
	_ = form.Query(r, &in) // all of it is text
	f = finding{text: strings.TrimSpace(in.Text), kinds: h.kinds, url: r.URL}
	q := search.Query{Text: in.Text, Limit: limit, After: in.After}
	if in.Kind != "" {
		q.Kinds = []string{in.Kind}
	}
	by := auth.From(r.Context())
	err = h.db.View(r.Context(), func(tx store.Tx) error {
		q.Audiences = search.AudiencesOf(by)
		for _, ask := range h.askers {
			more, err := ask(r.Context(), tx, by)
			if err != nil {
				return err
			}
			q.Audiences = append(q.Audiences, more...)
		}
		f.Result, err = search.Find(r.Context(), tx, q)
		return err
	})
	return f, err
}

// facet returns the filter by kind, with the kinds that were found.
func (f finding) facet() ui.Facet {
	facet := ui.Facet{Label: "Kind", Name: "kind"}
	for _, k := range f.kinds {
		if n := f.Kinds[k.Name]; n > 0 {
			facet.Choices = append(facet.Choices, ui.Choice{Value: k.Name, Label: k.Plural, Count: n})
		}
	}
	return facet
}

// icon returns the icon of a kind.
func (f finding) icon(kind string) ui.IconName {
	if i := slices.IndexFunc(f.kinds, func(k Kind) bool { return k.Name == kind }); i >= 0 && f.kinds[i].Icon != "" {
		return f.kinds[i].Icon
	}
	return ui.IconSource
}

// count says how much was found.
func (f finding) count() string {
	switch {
	case f.Capped:
		return fmt.Sprintf("more than %d results; another word narrows them", f.Total)
	case f.Total == 1:
		return "1 result"
	}
	return fmt.Sprintf("%d results", f.Total)
}
