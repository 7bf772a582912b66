package browser

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/cadre-hq/cadre/internal/app/apptest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// Every page that the administrator of the demonstration can reach is judged,
// one for each route, and those that somebody without a role reaches besides.
// The markup of all is.
func TestEveryPage(t *testing.T) {
	a := apptest.Demonstration(t)
	b := open(t, a)
	visitor := webtest.Browse(t, a)
	pages := map[string]string{}
	for _, path := range []string{"/sign-in", "/forgot"} {
		pages[path] = visitor.Get(path).HTML
		b.judge(path)
	}
	validate(b, pages)
	judged := map[string]bool{}
	mux := apptest.Patterns(a)
	for _, who := range []string{"Ada Okafor", "Victor Mensah"} {
		reader, _ := apptest.SignIn(t, a, who)
		addresses, pages := apptest.Walk(t, a, reader, 1)
		t.Logf("%s reaches %d pages: %s", who, len(addresses), strings.Join(addresses, " "))
		b.carry(reader)
		for _, path := range addresses {
			at, _, _ := strings.Cut(path, "?")
			if pattern := apptest.PatternOf(mux, at); !judged[pattern] {
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
	a := apptest.Demonstration(t)
	b := open(t, a)
	reader, _ := apptest.SignIn(t, a, "Ada Okafor")
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
