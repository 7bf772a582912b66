// Package inboxweb holds the pages of the inbox: what needs the reader, in
// groups by how near its date is, and beside it what they wait for others to do.
//
// A todo is done on the page of its room, where its button leads. Here it is put
// off until a day, and taken back. Everything works without scripts: the menu of
// days is a popover, and another day is chosen on a page of its own.
//
// What is late or due today is so in the reader's zone, which a page knows when
// it is shown; a form carries it along.
package inboxweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Home is the address of the inbox.
const Home = "/inbox"

// Register adds the pages, and the first entry of the rail.
func Register(site *web.Site, s *inbox.Service) {
	h := pages{s}
	site.Room(web.Room{Label: "Inbox", Href: Home, Icon: ui.IconInbox, Count: func(ctx context.Context) int {
		return s.Count(ctx, auth.From(ctx))
	}})
	site.Get(Home, h.list)
	site.Get(Home+"/{key}/snooze", h.ask)
	site.Post(Home+"/{key}/snooze", h.snooze)
	site.Post(Home+"/{key}/wake", h.wake)
}

type pages struct{ inbox *inbox.Service }

// pageSize is how many todos a page has.
const pageSize = 100

// A listing is what the inbox shows.
type listing struct {
	*inbox.List

	kind inbox.Kind // "" is any
	all  []inbox.Todo
	page []inbox.Todo
	next string
	url  *url.URL
}

func (h pages) list(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Kind  inbox.Kind `form:"kind"`
		After string     `form:"after"`
	}
	_ = form.Query(r, &in) // they are all texts
	after, isLater, err := api.ParseCursor[inbox.Place](in.After)
	if err != nil {
		return err
	}
	l := &listing{kind: in.Kind, url: r.URL}
	if l.List, err = h.inbox.Read(r.Context(), auth.From(r.Context())); err != nil {
		return err
	}
	l.all = slices.DeleteFunc(slices.Clone(l.Todos), func(t inbox.Todo) bool { return l.kind != "" && t.Kind != l.kind })
	l.page = l.all
	if isLater {
		l.page = inbox.After(l.all, after)
	}
	if len(l.page) > pageSize {
		l.page = l.page[:pageSize]
		l.next = api.Cursor(l.page[pageSize-1].Place())
	}
	return web.Show(w, r, listPage(l))
}

// facets are the filter above the list; none if there is nothing to choose.
func (l *listing) facets() []ui.Facet {
	f := ui.Facet{Label: "Kind", Name: "kind"}
	for _, k := range inbox.Kinds {
		n := 0
		for _, t := range l.Todos {
			if t.Kind == k {
				n++
			}
		}
		if n > 0 || k == l.kind {
			f.Choices = append(f.Choices, ui.Choice{Value: string(k), Label: k.Words(), Count: n})
		}
	}
	if len(f.Choices) == 0 || len(f.Choices) == 1 && l.kind == "" {
		return nil
	}
	return []ui.Facet{f}
}

// A group is the todos of the page whose dates are about as near.
type group struct {
	inbox.Group

	total int // on all pages
	todos []numbered
}

// A numbered todo has the number that its parts are named by in the page.
type numbered struct {
	inbox.Todo

	n int
}

// groups returns the groups at a moment, which is in the zone of the reader.
// Those without a todo on this page are left out.
func (l *listing) groups(now time.Time) (out []group) {
	for _, g := range inbox.Groups {
		one := group{Group: g}
		for i, t := range l.page {
			if t.Due.Group(now) == g {
				one.todos = append(one.todos, numbered{t, i + 1})
			}
		}
		if len(one.todos) > 0 {
			one.total = l.count(g, now)
			out = append(out, one)
		}
	}
	return out
}

// count returns how many todos are in a group, on all pages.
func (l *listing) count(g inbox.Group, now time.Time) (n int) {
	for _, t := range l.all {
		if t.Due.Group(now) == g {
			n++
		}
	}
	return n
}

// here returns the moment of the page in the zone of its reader.
func here(ctx context.Context) time.Time {
	f := ui.From(ctx)
	if f.Zone == nil {
		return f.Now.UTC()
	}
	return f.Now.In(f.Zone)
}

// address returns the address of what is done with a todo.
func address(key inbox.Key, what string) string {
	return Home + "/" + url.PathEscape(string(key)) + "/" + what
}

// icon returns the drawing of a todo: its own, or that of its kind.
func icon(t inbox.Todo) ui.IconName {
	if i := ui.IconName(t.Icon); slices.Contains(ui.Icons, i) {
		return i
	}
	switch t.Kind {
	case inbox.Hiring:
		return ui.IconHiring
	case inbox.Pages:
		return ui.IconFamily
	case inbox.People:
		return ui.IconPerson
	case inbox.Organisation:
		return ui.IconOrg
	case inbox.Direction:
		return ui.IconDirection
	case inbox.Growth:
		return ui.IconGrowth
	case inbox.Indicators:
		return ui.IconIndicators
	case inbox.Server:
		return ui.IconSettings
	}
	return ui.IconInbox
}

// line returns the place of a cause.
func line(c inbox.Cause) ui.Line {
	return ui.Line{File: c.File, N: c.Line, Href: c.Href, Tag: c.Tag}
}
