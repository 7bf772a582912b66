package app

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogapi"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/web"
)

// mount connects pages and API to what the platform gives.
func (a *App) mount(_ context.Context, _ Options) error {
	limit := newLimiter(a.settings.RateLimit, a.clock)
	site := web.New(web.Options{
		Organisation: a.settings.Organisation, Clock: a.clock, Secret: a.siteSecret, Log: a.log,
		Gate: a.gate, Once: &idempotency.Middleware{DB: a.db}, Limit: forPages(limit),
		Observe: a.observe, Secure: a.settings.URL("").Scheme == "https",
	})
	operations := newDoor(a, limit)
	if err := a.openSignIn(); err != nil {
		return err
	}
	a.catalog = catalog.New(a.db, a.accounts.Authority, a.journal, a.clock)
	a.policy = chosen.New(a.db, a.accounts.Authority, a.journal, a.clock)
	a.mountRooms(site, operations.api)
	site.Mount(api.Prefix+"/", operations)
	site.Mount("GET "+descriptionPath, operations)

	for _, r := range site.Routes() {
		if !r.Mounted {
			a.routes = append(a.routes, Route{Method: r.Method, Pattern: r.Pattern, Public: r.Open})
		}
	}
	a.routes = append(a.routes, operations.routes()...)

	// What asks whether the server lives comes every second, without a name and
	// from outside of the pages: it is not logged, and nothing stands before it.
	outer := http.NewServeMux()
	outer.HandleFunc("GET /healthz", a.healthz)
	outer.HandleFunc("GET /readyz", a.readyz)
	outer.Handle("/", a.entered(site))
	a.routes = append(a.routes, Route{http.MethodGet, "/healthz", true}, Route{http.MethodGet, "/readyz", true})
	a.handler = outer
	return nil
}

// forPages returns the limit of what is no operation of the API, which counts
// its requests itself and answers with a problem instead of a page.
func forPages(l *limiter) func(*http.Request) time.Duration {
	return func(r *http.Request) time.Duration {
		if r.URL.Path == descriptionPath || strings.HasPrefix(r.URL.Path, api.Prefix+"/") {
			return 0
		}
		return l.wait(r)
	}
}

// mountRooms registers the pages and operations of all rooms.
func (a *App) mountRooms(_ *web.Site, operations *api.API) {
	catalogapi.Register(operations, a.catalog)
}

// gate finds out whose session a page is asked for in. A token opens no pages:
// it belongs to a program, which has the API.
func (a *App) gate(r *http.Request) (context.Context, error) {
	by, err := a.whoseSession(r)
	if err != nil {
		if kind := fault.KindOf(err); kind != fault.Unauthenticated {
			return r.Context(), fmt.Errorf("find the session of a request: %w", err)
		}
		return r.Context(), err
	}
	return auth.With(r.Context(), by), nil
}

// observe counts a request that was answered. Those to the API are counted by
// their operation instead.
func (a *App) observe(route string, status int, took time.Duration) {
	if route != api.Prefix+"/" {
		a.metrics.answered(route, status, took)
	}
}
