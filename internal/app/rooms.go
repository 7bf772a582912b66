package app

import (
	"context"
	"net/http"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/api/apiweb"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authapi"
	"github.com/cadre-hq/cadre/internal/auth/authweb"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogapi"
	"github.com/cadre-hq/cadre/internal/catalog/catalogweb"
	"github.com/cadre-hq/cadre/internal/jobs/console"
	"github.com/cadre-hq/cadre/internal/jobs/jobsweb"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/policy/policyapi"
	"github.com/cadre-hq/cadre/internal/policy/policyweb"
	"github.com/cadre-hq/cadre/internal/search/searchweb"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/design"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// roomPolicies are the policies of all rooms.
func roomPolicies() []auth.Room { return []auth.Room{chosen.Room(), console.Room(), catalog.Room()} }

// openRooms makes the services of all rooms, from left to right.
func (a *App) openRooms() {
	authority := a.accounts.Authority
	a.policy = chosen.New(a.db, authority, a.journal, a.clock)
	a.console = console.New(a.db, a.queue, authority, a.journal)
	a.catalog = catalog.New(a.db, authority, a.journal, a.clock)
}

// mountRooms registers the pages and operations of all rooms, in the order of
// the rail.
func (a *App) mountRooms(site *web.Site, operations *api.API, demo bool) {
	site.Get("/{$}", home)
	catalogweb.Register(site, a.catalog, catalogweb.Options{Names: a.accounts.Names, Source: a.handbook(demo)})
	catalogapi.Register(operations, a.catalog)
	authapi.Register(operations, a.accounts)
	policyapi.Register(operations, a.policy)
	searchweb.Register(site, a.db, []searchweb.Kind{{Name: "family", Plural: "Job families", Icon: ui.IconFamily}})
	policyweb.Register(site, a.policy, policyweb.Options{Names: a.accounts.Names})
	o := authweb.Options{Accounts: a.accounts, Passkeys: a.passkeys, Federation: a.federation, Secure: a.isSecure()}
	if demo {
		o.Demo = auth.NewDemo(a.accounts)
	}
	authweb.Register(site, o)
	jobsweb.Register(site, a.console)
	apiweb.Register(site, operations.Description(), descriptionPath)
	design.Register(site)
}

// home sends the reader on to the first room.
func home(w http.ResponseWriter, r *http.Request) error { return web.Redirect(w, r, "/families") }

// frame adds what the server knows to the frame of a page.
func (a *App) frame(ctx context.Context, f *ui.Frame) {
	authweb.Frame(ctx, f)
	if auth.From(ctx).IsKnown() {
		f.Search = searchweb.Home
		f.Foot = []ui.Link{{Label: "Policy", Href: policyweb.Home}, {Label: "API", Href: apiweb.Home}}
	}
}

// handbook returns where the server itself can publish from; nil if it was told
// no such place.
func (a *App) handbook(demo bool) *catalog.Source {
	h := a.settings.Handbook
	switch {
	case demo:
		return a.example()
	case h.Folder != "":
		return &catalog.Source{Folder: h.Folder}
	case h.Repository != "":
		return &catalog.Source{Repository: h.Repository, Path: h.Path, Revision: h.Revision}
	}
	return nil
}
