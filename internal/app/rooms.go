package app

import (
	"context"
	"net/http"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/api/apiweb"
	"github.com/cadre-hq/cadre/internal/app/settingsweb"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authapi"
	"github.com/cadre-hq/cadre/internal/auth/authweb"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogapi"
	"github.com/cadre-hq/cadre/internal/catalog/catalogweb"
	"github.com/cadre-hq/cadre/internal/erasure/erasureweb"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/inbox/inboxapi"
	"github.com/cadre-hq/cadre/internal/inbox/inboxweb"
	"github.com/cadre-hq/cadre/internal/jobs/console"
	"github.com/cadre-hq/cadre/internal/jobs/jobsweb"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/orgapi"
	"github.com/cadre-hq/cadre/internal/org/orgweb"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/org/productapi"
	"github.com/cadre-hq/cadre/internal/org/productweb"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/policy/policyapi"
	"github.com/cadre-hq/cadre/internal/policy/policyweb"
	"github.com/cadre-hq/cadre/internal/search/searchweb"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/design"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// roomPolicies are the policies of all rooms.
func roomPolicies() []auth.Room {
	return []auth.Room{chosen.Room(), console.Room(), catalog.Room(), inbox.Room(), org.Room()}
}

// openRooms makes the services of all rooms, from left to right.
func (a *App) openRooms() {
	authority := a.accounts.Authority
	a.policy = chosen.New(a.db, authority, a.journal, a.clock)
	a.console = console.New(a.db, a.queue, authority, a.journal)
	a.catalog = catalog.New(a.db, authority, a.journal, a.clock)
	a.org = org.New(a.db, authority, a.journal, a.catalog, a.policy, a.clock, a.settings.Location())
	a.product = product.New(a.db, authority, a.journal, a.policy, a.org.Staff(), a.clock, a.settings.Location())
	a.org.Connect(a.product)
	a.inbox = inbox.New(a.db, authority, a.journal, a.clock, a.log,
		a.console.Source(), a.catalog.Source(), a.org.Source(),
		inbox.Source{Room: "org", Label: "Product hierarchy", Todos: a.product.Todos})
}

// mountRooms registers the pages and operations of all rooms, in the order of
// the rail.
func (a *App) mountRooms(ctx context.Context, site *web.Site, operations *api.API, demo bool) error {
	source, err := a.handbook(ctx, demo)
	if err != nil {
		return err
	}
	site.Get("/{$}", home)
	inboxweb.Register(site, a.inbox) // first in the rail
	inboxapi.Register(operations, a.inbox, a.clock)
	site.Mount(hookPath, catalog.NewHook(a.catalog, a.queue, catalog.HookOptions{
		Secret: a.secret("catalog.hook"), Source: a.hookSource, Log: a.log,
	}))
	catalogweb.Register(site, a.catalog, catalogweb.Options{Names: a.accounts.Names, Source: source})
	orgweb.Register(site, a.org, a.catalog, orgweb.Options{Names: a.accounts.Names, Formats: orgweb.RosterFormats(a.org)})
	productweb.Register(site, a.product, productweb.Options{Names: a.accounts.Names, Person: org.PersonAddress})
	catalogapi.Register(operations, a.catalog)
	orgapi.Register(operations, a.org)
	productapi.Register(operations, a.product)
	authapi.Register(operations, a.accounts)
	policyapi.Register(operations, a.policy)
	searchweb.Register(site, a.db, []searchweb.Kind{
		{Name: "person", Plural: "People", Icon: ui.IconPerson},
		{Name: "position", Plural: "Vacant positions", Icon: ui.IconOrg},
		{Name: "family", Plural: "Job families", Icon: ui.IconFamily},
		{Name: "node", Plural: "Product hierarchy", Icon: ui.IconOrg},
		{Name: "use_case", Plural: "Use cases", Icon: ui.IconDirection},
	})
	policyweb.Register(site, a.policy, policyweb.Options{Names: a.accounts.Names})
	o := authweb.Options{Accounts: a.accounts, Passkeys: a.passkeys, Federation: a.federation, Secure: a.isSecure()}
	if demo {
		o.Demo = auth.NewDemo(a.accounts)
		design.Register(site) // for who builds pages; a server for real has no use for it
	}
	authweb.Register(site, o)
	jobsweb.Register(site, a.console)
	apiweb.Register(site, operations.Description(), descriptionPath)
	erasureweb.Register(site, erasureweb.Options{Accounts: a.accounts, Erasure: a.erasure, Rooms: heldWords})
	settingsweb.Register(site, a.settingsGroups(source)...)
	return nil
}

// home sends the reader on to what needs them.
func home(w http.ResponseWriter, r *http.Request) error { return web.Redirect(w, r, inboxweb.Home) }

// frame adds what the server knows to the frame of a page.
func (a *App) frame(ctx context.Context, f *ui.Frame) {
	authweb.Frame(ctx, f)
	if auth.From(ctx).IsKnown() {
		f.Search, f.Suggest = searchweb.Home, searchweb.Suggestions
	}
}

// hookPath is where a code host tells of a push. The hook looks after itself who
// may: it knows the code host by a secret.
const hookPath = "/hooks/git"

// hookSource returns what a push publishes. It is a Conflict if the settings
// name no repository.
func (a *App) hookSource(ctx context.Context) (catalog.Source, error) {
	s, err := a.handbook(ctx, false)
	if err != nil {
		return catalog.Source{}, err
	}
	if s == nil || s.Repository == "" {
		return catalog.Source{}, fault.New(fault.Conflict, "the settings of the server name no repository: set handbook.repository")
	}
	return *s, nil
}

// handbook returns where the server itself can publish from; nil if it was told
// no such place.
func (a *App) handbook(ctx context.Context, demo bool) (*catalog.Source, error) {
	h := a.settings.Handbook
	switch {
	case demo:
		return a.example(), nil
	case h.Folder != "":
		return &catalog.Source{Folder: h.Folder}, nil
	case h.Repository != "":
		token, err := a.secret("catalog.repository")(ctx)
		return &catalog.Source{Repository: h.Repository, Path: h.Path, Revision: h.Revision, Token: token}, err
	}
	return nil, nil //nolint:nilnil // no place is what was told
}
