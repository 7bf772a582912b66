// Package jobsweb is the administrators' pages of the queue of jobs: a list
// with how many there are in each state, and a page for one job, from which it
// can be retried or cancelled.
//
// The list stands still so that it can be read. With ?live=on its part that
// changes loads itself anew every few seconds.
package jobsweb

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/jobs/console"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Home is the address of the list.
const Home = "/settings/jobs"

// Register adds the pages. They are for administrators; a link to Home is shown
// by who has the settings.
func Register(site *web.Site, c *console.Service) {
	h := pages{c}
	site.Get(Home, h.list)
	site.Get(Home+"/{id}", h.job)
	site.Post(Home+"/{id}/retry", h.retry)
	site.Post(Home+"/{id}/cancel", h.cancel)
}

type pages struct{ console *console.Service }

// pageSize is how many jobs a page of the list has.
const pageSize = 50

// A listing is what the list shows.
type listing struct {
	console.Overview
	url  *url.URL
	live bool
	next string // key of the next page
}

func (h pages) list(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		State jobs.State `form:"state"`
		Kind  string     `form:"kind"`
		After int64      `form:"after"`
		Live  string     `form:"live"`
	}
	_ = form.Query(r, &in) // what cannot be read filters nothing
	o, err := h.console.List(r.Context(), auth.From(r.Context()), jobs.Filter{State: in.State, Kind: in.Kind, After: in.After, Limit: pageSize})
	if err != nil {
		return err
	}
	l := listing{Overview: o, url: r.URL, live: in.Live == "on"}
	if o.More {
		l.next = strconv.FormatInt(o.Jobs[len(o.Jobs)-1].ID, 10)
	}
	return web.Show(w, r, listPage(l))
}

// facets returns the filters of the list.
func (l listing) facets() []ui.Facet {
	states := ui.Facet{Label: "State", Name: "state"}
	for _, s := range jobs.States {
		states.Choices = append(states.Choices, ui.Choice{Value: string(s), Label: s.Words(), Count: l.Counts[s]})
	}
	kinds := ui.Facet{Label: "Kind", Name: "kind"}
	for _, k := range l.Kinds {
		kinds.Choices = append(kinds.Choices, ui.Choice{Value: k, Label: k})
	}
	return []ui.Facet{states, kinds}
}

// isFiltered reports whether the list leaves jobs out.
func (l listing) isFiltered() bool {
	q := l.url.Query()
	return q.Get("state")+q.Get("kind")+q.Get("after") != ""
}

func (h pages) job(w http.ResponseWriter, r *http.Request) error {
	e, err := h.find(r)
	if err != nil {
		return err
	}
	by := auth.From(r.Context())
	thing := auth.Entity{Kind: "job", ID: strconv.FormatInt(e.ID, 10)}
	return web.Show(w, r, jobPage(shown{
		Entry:  *e,
		retry:  e.State != jobs.Running && h.console.May(by, console.Retry, thing),
		cancel: !e.State.IsOver() && h.console.May(by, console.Cancel, thing),
		asked:  r.URL.Query().Get("ask") == "cancel",
	}))
}

// A shown job, and what the reader can do with it.
type shown struct {
	jobs.Entry
	retry, cancel, asked bool
}

func (h pages) find(r *http.Request) (*jobs.Entry, error) {
	id, err := jobs.ParseID(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return h.console.Find(r.Context(), auth.From(r.Context()), id)
}

func (h pages) retry(w http.ResponseWriter, r *http.Request) error {
	id, err := jobs.ParseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := h.console.Retry(r.Context(), auth.From(r.Context()), id); err != nil {
		return err
	}
	return web.Done(w, r, address(id), ui.Toast{Text: fmt.Sprintf("Job %d is done again", id)})
}

func (h pages) cancel(w http.ResponseWriter, r *http.Request) error {
	id, err := jobs.ParseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := h.console.Cancel(r.Context(), auth.From(r.Context()), id); err != nil {
		return err
	}
	return web.Done(w, r, address(id), ui.Toast{Text: fmt.Sprintf("Job %d is cancelled", id)})
}

func address(id int64) string { return fmt.Sprintf("%s/%d", Home, id) }

// stateOf returns the colour of a state.
func stateOf(s jobs.State) ui.State {
	switch s {
	case jobs.Running:
		return ui.Current
	case jobs.Completed:
		return ui.OK
	case jobs.Retryable:
		return ui.Warn
	case jobs.Discarded:
		return ui.Bad
	}
	return ui.Plain
}

func attempts(e jobs.Entry) string { return fmt.Sprintf("%d of %d", e.Attempt, e.MaxAttempts) }
