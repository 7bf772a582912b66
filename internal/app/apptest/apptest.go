// Package apptest is the whole server in tests: the demonstration with the
// example organisation, somebody signed in to it, and a walk through its pages.
package apptest

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// Demonstration returns the server of the example organisation. It is not run,
// but answers requests.
func Demonstration(t testing.TB) *app.App {
	t.Helper()
	return DemonstrationIn(t, t.TempDir())
}

// DemonstrationIn is Demonstration with its data in a folder.
func DemonstrationIn(t testing.TB, data string) *app.App {
	t.Helper()
	var flags []settings.Flag
	for key, value := range map[string]string{"data": data, "rate_limit": "0"} {
		flags = append(flags, settings.Flag{Name: key, Key: key, Value: value})
	}
	s, err := settings.Load(settings.Options{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Options{
		Settings: s, Version: "test", Log: slog.New(slog.DiscardHandler), Variable: func(string) string { return "" }, Demo: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// SignIn signs somebody in whom the demonstration offers, and returns their
// browser with the page that they come to.
func SignIn(t testing.TB, a http.Handler, name string) (*webtest.Browser, *webtest.Page) {
	t.Helper()
	b := webtest.Browse(t, a)
	page := b.Get("/sign-in")
	for _, f := range page.Forms() {
		if strings.HasPrefix(f.Text(), name) {
			return b, f.Click(name).WantsStatus(http.StatusOK)
		}
	}
	t.Fatalf("the sign-in page offers nobody named %s:\n%s", name, page.Text())
	return nil, nil
}

// Patterns returns the pages of a server as a mux, to find the route of an
// address.
func Patterns(a *app.App) *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range a.Routes() {
		if r.Method == http.MethodGet && !strings.HasPrefix(r.Pattern, "/api/") {
			mux.HandleFunc(r.String(), func(http.ResponseWriter, *http.Request) {})
		}
	}
	return mux
}

// PatternOf returns the route of an address of the server.
func PatternOf(mux *http.ServeMux, path string) string {
	_, pattern := mux.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
	return pattern
}

// Walk reads the pages that links lead to, from the start page on: so many of
// each route, without those that show the design. It returns their addresses in
// order, and the pages by address. A link that leads nowhere fails the test.
func Walk(t testing.TB, a *app.App, reader *webtest.Browser, each int) (addresses []string, pages map[string]string) {
	t.Helper()
	mux, seen := Patterns(a), map[string]int{}
	pages = map[string]string{}
	queue := []string{"/", "/search?q=engineer"} // a form leads to the latter
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		u, err := url.Parse(at)
		if err != nil {
			t.Errorf("a link leads to %q: %v", at, err)
			continue
		}
		pattern := PatternOf(mux, u.Path)
		if seen[pattern] >= each || pages[at] != "" || strings.HasPrefix(pattern, "GET /design") {
			continue
		}
		seen[pattern]++
		page := reader.Get(at)
		if page.Status >= http.StatusBadRequest {
			t.Errorf("a link leads to %s, which answers %d: %s", at, page.Status, page.Text())
		}
		if !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
			continue
		}
		pages[at] = page.HTML
		addresses = append(addresses, at)
		for _, link := range page.Links() {
			to, err := page.Address.Parse(link)
			if err != nil {
				t.Errorf("%s links to %q: %v", at, link, err)
				continue
			}
			if to.Host == page.Address.Host {
				queue = append(queue, to.RequestURI())
			}
		}
	}
	return addresses, pages
}
