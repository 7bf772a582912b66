// Package erasureweb is the administrators' pages of erasure: one on which
// somebody is erased, for good, and the list of who was.
//
// Before anything happens the page says what is removed from where, what stays,
// and what it does not reach. It wants the name or the address of the person
// typed, and somebody who signed in a short while ago. Who may erase whom is
// asked of package auth; what an erasure does is package erasure's.
package erasureweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authweb"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Home is the address of the list of erasures.
const Home = "/settings/erasure"

// accounts is the address of the list of accounts.
const accounts = "/accounts"

// Options are what the pages need.
type Options struct {
	Accounts *auth.Service
	Erasure  *erasure.Service
	// Rooms say in words what a holder has, by erasure.Share.Room.
	Rooms map[string]string
}

// Register adds the pages. The page of an account links to the one that erases.
func Register(site *web.Site, o Options) {
	h := &pages{o}
	site.Get(Home, h.list)
	site.Get(accounts+"/{id}/erase", h.before)
	site.Post(accounts+"/{id}/erase", h.erase, web.MaxTime(10*time.Minute)) // a large database is scrubbed
}

type pages struct{ Options }

// A view is what the page about one person shows.
type view struct {
	*auth.Principal
	Held   []erasure.Share
	Rooms  map[string]string
	Done   *erasure.Erasure // nil if they were not erased
	Eraser string           // who erased them
	Form   *form.Form
}

// path is the address of the person's account.
func (v view) path() string { return accounts + "/" + url.PathEscape(string(v.ID)) }

// rows is how many rows are held of them.
func (v view) rows() (n int64) {
	for _, s := range v.Held {
		n += s.Rows
	}
	return n
}

// room returns what a holder has, in words.
func (v view) room(s erasure.Share) string {
	if words := v.Rooms[s.Room]; words != "" {
		return words
	}
	return s.Room
}

// is reports whether a text names the person.
func (v view) is(typed string) bool {
	typed = strings.Join(strings.Fields(typed), " ")
	return strings.EqualFold(typed, strings.Join(strings.Fields(v.Name), " ")) || v.Email != "" && strings.EqualFold(typed, v.Email)
}

// label asks for what the person is called by.
func (v view) label() string {
	if v.Email == "" {
		return "Type their name to confirm"
	}
	return "Type their name or address to confirm"
}

func (h *pages) view(r *http.Request, f *form.Form) (v view, err error) {
	ctx, by := r.Context(), auth.From(r.Context())
	v = view{Rooms: h.Rooms, Form: f}
	if v.Principal, err = h.Accounts.Erasable(ctx, by, auth.PrincipalID(r.PathValue("id"))); err != nil {
		return v, err
	}
	person := erasure.PersonID(v.ID)
	if v.Held, err = h.Erasure.Held(ctx, by, person); err != nil {
		return v, err
	}
	done, err := h.Erasure.Erasures(ctx, person, erasure.Key{}, 1)
	if err != nil || len(done) == 0 {
		return v, err
	}
	v.Done = &done[0]
	names, err := h.names(ctx, done)
	v.Eraser = names.of(done[0])
	return v, err
}

// before shows what would happen or, afterwards, what did.
func (h *pages) before(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r, nil)
	switch {
	case err != nil:
		return authweb.Stale(w, r, err, r.URL.Path)
	case len(v.Held) == 0:
		return web.Show(w, r, donePage(v))
	}
	return web.Show(w, r, erasePage(v))
}

func (h *pages) erase(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Who string `form:"who,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	v, err := h.view(r, f)
	switch {
	case err != nil:
		return authweb.Stale(w, r, err, r.URL.Path)
	case len(v.Held) == 0:
		return web.Redirect(w, r, r.URL.Path)
	case f.OK() && !v.is(in.Who):
		f.Wrong("who", "This is not the name of the account: type it as it stands above")
	}
	if !f.OK() {
		return web.Again(w, r, erasePage(v))
	}
	report, err := h.Erasure.Erase(r.Context(), auth.From(r.Context()), erasure.PersonID(v.ID))
	if err != nil && report.Rows == 0 {
		return err
	}
	// With an error the rows are gone all the same: the hourly job does the
	// rest, and the log has its reason if it cannot.
	told := counted(report.Rows, "row is erased", "rows are erased") + ", and no byte of them is left in the files"
	if !report.Scrubbed {
		told = counted(report.Rows, "row is erased", "rows are erased") + "; their last bytes go within the hour"
	}
	return web.Done(w, r, r.URL.Path, ui.Toast{Text: told})
}

// counted returns a number with its word.
func counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// pageSize is how many erasures a page of the list has.
const pageSize = 50

// A listing is what the list shows.
type listing struct {
	Erasures []erasure.Erasure
	Names    people
	URL      *url.URL
	Next     string
}

func (h *pages) list(w http.ResponseWriter, r *http.Request) error {
	by := auth.From(r.Context())
	if err := h.Accounts.Can(by, "auth.directory.read_erased", auth.Directory); err != nil {
		return err
	}
	after, _, err := api.ParseCursor[erasure.Key](r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	found, err := h.Erasure.Erasures(r.Context(), "", after, pageSize+1)
	if err != nil {
		return err
	}
	l := listing{Erasures: found, URL: r.URL}
	if len(found) > pageSize {
		l.Erasures, l.Next = found[:pageSize], api.Cursor(found[pageSize-1].Key())
	}
	if l.Names, err = h.names(r.Context(), l.Erasures); err != nil {
		return err
	}
	return web.Show(w, r, listPage(l))
}

// people are the names of who erased somebody.
type people map[auth.PrincipalID]string

func (h *pages) names(ctx context.Context, list []erasure.Erasure) (people, error) {
	ids := make([]auth.PrincipalID, len(list))
	for i, e := range list {
		ids[i] = auth.PrincipalID(e.By)
	}
	return h.Accounts.Names(ctx, ids...)
}

// of returns who did it; the program has no name.
func (p people) of(e erasure.Erasure) string {
	switch name := p[auth.PrincipalID(e.By)]; {
	case name != "":
		return name
	case e.By == "":
		return "Cadre"
	}
	return "somebody whose account is gone"
}
