package app

import (
	"net/url"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// demonstration returns a server of the example organisation.
func demonstration(t *testing.T) *App {
	t.Helper()
	o, _ := options(t, t.TempDir(), "", "CADRE_RATE_LIMIT=0")
	o.Demo = true
	a, err := New(t.Context(), o)
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

// enter signs in as somebody whom the demonstration offers.
func enter(t *testing.T, a *App, name string) (*webtest.Browser, *webtest.Page) {
	t.Helper()
	b := webtest.Browse(t, a)
	for _, f := range b.Get("/").WantsStatus(200).Wants("demonstration").Forms() {
		if strings.HasPrefix(f.Text(), name) {
			return b, f.Click(name)
		}
	}
	t.Fatalf("nobody can sign in as %s", name)
	return nil, nil
}

// Whoever comes to a demonstration may be anybody, one for each role, and sees
// the families of the example.
func TestDemonstration(t *testing.T) {
	a := demonstration(t)
	for _, p := range cast {
		_, page := enter(t, a, p.name)
		page.WantsStatus(200).Wants("Job families", "Backend Engineer", p.name)
		if len(p.roles) > 0 {
			page.Wants(p.roles[0].Words())
		}
	}
}

// Every page that links lead to, from the first one on, is whole: it is judged
// as webtest judges pages. The administrator sees all there is.
func TestEveryPage(t *testing.T) {
	a := demonstration(t)
	b, first := enter(t, a, "Ada Okafor")
	seen, waiting := map[string]bool{}, []string{}
	add := func(p *webtest.Page) {
		for _, link := range p.Links() {
			u, err := p.Address.Parse(link)
			if err != nil || u.Host != p.Address.Host {
				continue
			}
			// One address of a kind with parameters is enough.
			key := u.Path
			if !seen[key] && !strings.HasPrefix(key, "/static/") && len(seen) < 400 {
				seen[key] = true
				waiting = append(waiting, (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String())
			}
		}
	}
	add(first)
	for len(waiting) > 0 {
		address := waiting[0]
		waiting = waiting[1:]
		r := b.Send("GET", address, "", nil)
		if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") && r.StatusCode < 300 {
			continue
		}
		if strings.HasPrefix(address, "/design/errors") {
			continue
		}
		if p := b.Get(address); p.Status != 200 {
			t.Errorf("%s is answered %d", address, p.Status)
		} else {
			add(p)
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d pages were found: %v", len(seen), seen)
	}
	t.Logf("%d pages", len(seen))
}
