package app

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/web"
)

// mount connects pages and API to what the platform gives.
func (a *App) mount(ctx context.Context, o Options) error {
	if err := a.openSignIn(); err != nil {
		return err
	}
	limit := newLimiter(a.settings.RateLimit, a.clock)
	site := web.New(web.Options{
		Organisation: a.settings.Organisation, Clock: a.clock, Secret: a.siteSecret, Log: a.log,
		Gate: a.gate, Once: &idempotency.Middleware{DB: a.db}, Limit: forPages(limit),
		Frame: a.frame, Found: found, Secure: a.isSecure(),
	})
	operations := newDoor(a, limit)
	if err := a.mountRooms(ctx, site, operations.api, o.Demo); err != nil {
		return err
	}
	site.Mount(api.Prefix+"/", operations)
	site.Mount("GET "+descriptionPath, operations)

	for _, r := range site.Routes() {
		switch {
		case !r.Mounted:
			a.routes = append(a.routes, Route{Method: r.Method, Pattern: r.Pattern, Public: r.Open})
		case r.Pattern == hookPath:
			a.routes = append(a.routes, Route{Pattern: r.Pattern, Public: true})
		}
	}
	a.routes = append(a.routes, operations.routes()...)

	// What asks whether the server lives comes every second, without a name and
	// from outside of the pages: it is not logged, and nothing stands before it.
	a.routes = append(a.routes, Route{http.MethodGet, "/healthz", true}, Route{http.MethodGet, "/readyz", true})
	pages := a.entered(site)
	a.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/healthz" && isReading(r):
			a.healthz(w, r)
		case r.URL.Path == "/readyz" && isReading(r):
			a.readyz(w, r)
		default:
			pages.ServeHTTP(w, r)
		}
	})
	return nil
}

func isReading(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// isSecure reports whether browsers reach the server by HTTPS alone.
func (a *App) isSecure() bool { return a.settings.URL("").Scheme == "https" }

// forPages returns the limit of what is no operation of the API, which counts
// its requests itself and answers with a problem instead of a page.
func forPages(l *limiter) func(*http.Request) time.Duration {
	return func(r *http.Request) time.Duration {
		if r.URL.Path == descriptionPath && isReading(r) || strings.HasPrefix(r.URL.Path, api.Prefix+"/") {
			return 0
		}
		return l.wait(r)
	}
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

// found notes which route was taken.
func found(ctx context.Context, route string) {
	if h := handOf(ctx); h != nil {
		h.route = route
	}
}
