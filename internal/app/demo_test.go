package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/app/apptest"
)

// Whoever comes to a demonstration may be anybody, one for each role, and sees
// what needs them.
func TestDemonstration(t *testing.T) {
	a := apptest.Demonstration(t)
	for _, p := range app.Cast {
		_, page := apptest.SignIn(t, a, p.Name)
		page.Wants("Meridian", "What needs me", "Job families", p.Name)
		if len(p.Roles) > 0 {
			page.Wants(p.Roles[0].Words())
		}
	}
}

// Every page that links lead to, from the first one on, is whole: it is judged
// as webtest judges pages. The administrator reaches all there are.
func TestEveryPage(t *testing.T) {
	a := apptest.Demonstration(t)
	b, _ := apptest.SignIn(t, a, "Ada Okafor")
	addresses, _ := apptest.Walk(t, a, b, 20)
	if len(addresses) < 100 {
		t.Errorf("only %d pages were found: %v", len(addresses), addresses)
	}
	b.Get("/design").WantsStatus(200)

	mux, reached := apptest.Patterns(a), map[string]bool{}
	for _, at := range addresses {
		path, _, _ := strings.Cut(at, "?")
		reached[apptest.PatternOf(mux, path)] = true
	}
	for _, pattern := range []string{
		"/search/suggestions",                                               // the search box asks for them
		"/settings/jobs/{id}",                                               // no job failed
		"/inbox/{key}/snooze",                                               // nothing waits for the administrator
		"/org/spans.csv", "/org/export/{format}", "/hierarchy/files/{name}", // no pages
		"/org/coverage/bonus",                                                                                    // a form leads to it
		"/scenarios/new", "/scenarios/{scenario}", "/scenarios/{scenario}/apply", "/scenarios/{scenario}/delete", // nobody kept one
		"/hierarchy/changes/{id}",                                // nobody asked for one
		"/org/imports/{upload}", "/org/imports/{upload}/preview", // nothing was uploaded
	} {
		reached["GET "+pattern] = true
	}
	for _, r := range a.Routes() {
		if r.Method == http.MethodGet && !r.Public && !strings.HasPrefix(r.Pattern, "/api/") && !strings.HasPrefix(r.Pattern, "/design") && !reached[r.String()] {
			t.Errorf("no link leads to %s", r)
		}
	}
}
