package browser

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// demonstration returns the whole server with the example organisation, not
// run: it answers requests of tests.
func demonstration(t *testing.T) *app.App {
	t.Helper()
	var flags []settings.Flag
	for key, value := range map[string]string{"data": t.TempDir(), "addr": "127.0.0.1:0", "metrics_addr": "127.0.0.1:0", "rate_limit": "0"} {
		flags = append(flags, settings.Flag{Name: key, Key: key, Value: value})
	}
	s, err := settings.Load(settings.Options{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), app.Options{Settings: s, Version: "test", Log: slog.New(slog.DiscardHandler), Variable: func(string) string { return "" }, Demo: true})
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

// signIn signs somebody of the demonstration in, by the button on the sign-in
// page.
func signIn(t *testing.T, a http.Handler, name string) *webtest.Browser {
	t.Helper()
	reader := webtest.Browse(t, a)
	page := reader.Get("/sign-in")
	for _, f := range page.Forms() {
		if strings.Contains(f.Text(), name) {
			f.Click(name).WantsStatus(http.StatusOK)
			return reader
		}
	}
	t.Fatalf("the sign-in page offers nobody named %s:\n%s", name, page.Text())
	return nil
}

// patterns finds the route of an address.
type patterns struct{ mux *http.ServeMux }

func patternsOf(a *app.App) patterns {
	mux := http.NewServeMux()
	for _, r := range a.Routes() {
		if r.Method == http.MethodGet && !strings.HasPrefix(r.Pattern, "/api/") {
			mux.HandleFunc(r.String(), func(http.ResponseWriter, *http.Request) {})
		}
	}
	return patterns{mux}
}

func (p patterns) of(path string) string {
	_, pattern := p.mux.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
	return pattern
}

// crawl reads the pages that links lead to, from the start page on: so many of
// each route. It returns them by address.
func crawl(t *testing.T, a *app.App, reader *webtest.Browser, each int) (addresses []string, pages map[string]string) {
	t.Helper()
	of, seen := patternsOf(a), map[string]int{}
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
		pattern := of.of(u.Path)
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

// Every page that the administrator of the demonstration can reach is judged,
// one for each route, and those that somebody without a role reaches besides.
// The markup of all is.
func TestEveryPage(t *testing.T) {
	a := demonstration(t)
	b := open(t, a)
	visitor := webtest.Browse(t, a)
	pages := map[string]string{}
	for _, path := range []string{"/sign-in", "/forgot"} {
		pages[path] = visitor.Get(path).HTML
		b.judge(path)
	}
	validate(b, pages)
	judged := map[string]bool{}
	of := patternsOf(a)
	for _, who := range []string{"Ada Okafor", "Victor Mensah"} {
		reader := signIn(t, a, who)
		addresses, pages := crawl(t, a, reader, 1)
		t.Logf("%s reaches %d pages: %s", who, len(addresses), strings.Join(addresses, " "))
		b.carry(reader)
		for _, path := range addresses {
			at, _, _ := strings.Cut(path, "?")
			if pattern := of.of(at); !judged[pattern] {
				judged[pattern] = true
				b.judge(path)
			}
		}
		validate(b, pages)
	}
}

// Nobody is erased by a link, so these pages are looked at on their own: before,
// with nothing typed, and afterwards.
func TestErasurePages(t *testing.T) {
	a := demonstration(t)
	b := open(t, a)
	reader := signIn(t, a, "Ada Okafor")
	b.carry(reader)
	page := reader.Get("/accounts?q=Victor").Follow("Victor Mensah").Follow("Erase")
	path, pages := page.Address.Path, map[string]string{"before": page.HTML}
	b.judge(path)
	page = page.Form(path).Fill("who", "Victor").Submit().WantsStatus(http.StatusUnprocessableEntity)
	pages["refused"] = page.HTML
	page = page.Form(path).Fill("who", "Victor Mensah").Submit().WantsStatus(http.StatusOK).Wants("Erased")
	pages["afterwards"] = page.HTML
	b.judge(path)
	b.judge("/settings/erasure")
	validate(b, pages)
}

// carry gives the browser the cookies of a reader in process.
func (b *tab) carry(reader *webtest.Browser) {
	b.Helper()
	for _, c := range reader.Cookies() {
		_, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: b.site})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// The pages that a reader cannot reach by links are few.
func TestCrawlReachesEveryPage(t *testing.T) {
	a := demonstration(t)
	needs(t)
	addresses, _ := crawl(t, a, signIn(t, a, "Ada Okafor"), 1)
	of := patternsOf(a)
	var reached, missed []string
	for _, at := range addresses {
		u, _ := url.Parse(at)
		reached = append(reached, of.of(u.Path))
	}
	for _, r := range a.Routes() {
		if r.Method == http.MethodGet && !r.Public && !strings.HasPrefix(r.Pattern, "/api/") && !slices.Contains(reached, r.String()) {
			missed = append(missed, r.String())
		}
	}
	t.Logf("%d routes are reached, these are not: %s", len(reached), fmt.Sprint(missed))
}
