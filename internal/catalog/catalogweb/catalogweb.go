// Package catalogweb holds the pages of the catalog: job families with their
// levels, duties, hiring, findings and history; ladders and grades over all of
// them; releases, and publishing.
//
// There is one file for each page, with its template beside it. A page asks the
// service and shows what it says; it decides nothing about families. Whatever is
// shown leads back to its line in the page that states it.
package catalogweb

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Options are what the pages need of the server.
type Options struct {
	// Names returns the names of principals, for who published something. It may
	// be nil.
	Names func(ctx context.Context, ids ...auth.PrincipalID) (map[auth.PrincipalID]string, error)
	// Source is where the server itself can publish from; nil if it was told no
	// such place.
	Source *catalog.Source
}

// Register adds the pages.
func Register(site *web.Site, c *catalog.Service, o Options) {
	h := &pages{c, o}
	site.Room(web.Room{
		Label: "Job families", Href: "/families", Icon: ui.IconFamily,
		Below: []string{"/ladders", "/grades", "/findings", "/releases", "/publish"},
	})
	site.Get("/families", h.list)
	site.Get("/families/{id}", h.family)
	site.Get("/families/{id}/{part}", h.part)
	site.Get("/families/{id}/v/{version}", h.family)
	site.Get("/families/{id}/v/{version}/{part}", h.part)
	site.Get("/ladders", h.ladders)
	site.Get("/grades", h.grades)
	site.Get("/findings", h.findings)
	site.Get("/releases", h.releases)
	site.Get("/releases/{number}", h.release)
	site.Get("/publish", h.upload)
	site.Post("/publish", h.keep, web.MaxBody(catalog.MostUpload+1<<20), web.MaxTime(2*time.Minute))
	site.Get("/publish/{upload}", h.preview, web.MaxTime(2*time.Minute))
	site.Post("/publish/{upload}", h.publish, web.MaxTime(2*time.Minute))
	site.Post("/waivers/{waiver}/revoke", h.revoke)
}

type pages struct {
	catalog *catalog.Service
	options Options
}

// names returns how principals are called.
func (h *pages) names(ctx context.Context, ids ...auth.PrincipalID) (people, error) {
	if h.options.Names == nil {
		return nil, nil
	}
	return h.options.Names(ctx, ids...)
}

// people are the names of principals.
type people map[auth.PrincipalID]string

// name returns how somebody is called: by their name or, if that is not known,
// as somebody; the program has no name.
func (p people) name(id auth.PrincipalID) string {
	switch {
	case id == "":
		return "Cadre"
	case p[id] != "":
		return p[id]
	}
	return "a former member"
}

// catalogTabs lead through what there is over all families.
func catalogTabs(on string) []ui.Tab {
	return []ui.Tab{
		{Label: "Families", Href: "/families", On: on == "/families"},
		{Label: "Ladders", Href: "/ladders", On: on == "/ladders"},
		{Label: "Grades", Href: "/grades", On: on == "/grades"},
		{Label: "Findings", Href: "/findings", On: on == "/findings"},
		{Label: "Releases", Href: "/releases", On: on == "/releases"},
	}
}

// mayPublish reports whether the reader may publish.
func (h *pages) mayPublish(r *http.Request) bool {
	return h.catalog.MayPublish(auth.From(r.Context()))
}

// released reads the latest edition; nil before anything was published.
func (h *pages) released(r *http.Request) (*catalog.Edition, error) {
	e, err := h.catalog.Edition(r.Context(), auth.From(r.Context()), 0)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil //nolint:nilnil // the pages show that there is nothing yet
	}
	return e, err
}

// address returns the address of a page of a family.
func address(id catalog.FamilyID, parts ...string) string {
	a := id.Address()
	for _, p := range parts {
		a += "/" + url.PathEscape(p)
	}
	return a
}
