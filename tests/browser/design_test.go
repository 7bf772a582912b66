package browser

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/design"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

var ingrid = auth.Actor{ID: "ingrid", Kind: auth.Person, Name: "Ingrid Solheim", Roles: []auth.Role{auth.Executive}}

// styleSite is a site that has the style page alone, and a rail as the whole
// product has.
func styleSite(t *testing.T) http.Handler {
	site := webtest.New(t, func(o *web.Options) {
		o.Gate = func(r *http.Request) (ctx context.Context, err error) { return auth.With(r.Context(), ingrid), nil }
		o.Frame = func(_ context.Context, f *ui.Frame) {
			f.Search, f.Suggest = "/design", "/suggest"
			f.Account.Menu = []ui.Link{{Label: "Sessions and keys", Href: "/design", Icon: ui.IconLock}}
			f.Account.SignOut = "/design/form"
			f.Foot = []ui.Link{{Label: "Policy pack 2026-04", Href: "/design"}}
		}
	})
	for _, r := range []web.Room{
		{Label: "Inbox", Href: "/inbox", Icon: ui.IconInbox, Count: func(context.Context) int { return 9 }},
		{Label: "Job families", Href: "/families", Icon: ui.IconFamily},
		{Label: "Organisation", Href: "/org", Icon: ui.IconOrg},
		{Label: "Hiring", Href: "/hiring", Icon: ui.IconHiring},
		{Label: "Settings", Href: "/settings", Icon: ui.IconSettings, Below: []string{"/design"}},
	} {
		site.Room(r)
	}
	design.Register(site.Site)
	site.Get("/suggest", web.Page(func(r *http.Request) (templ.Component, error) {
		links := templ.Join(ui.To(r.URL.Query().Get("q")+" of the North", "/design#north"), ui.To("Harbour", "/design/errors"))
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return ui.Part("suggestions").Render(templ.WithChildren(ctx, links), w)
		}), nil
	}))
	return site
}

func TestDesign(t *testing.T) {
	site := styleSite(t)
	b := open(t, site)
	for _, path := range []string{"/design", "/design/visitor", "/design/errors"} {
		b.judge(path)
	}
	pages := map[string]string{}
	reader := webtest.Browse(t, site)
	for _, path := range []string{"/design", "/design?ask=example-dialog", "/design/visitor", "/design/errors", "/design/errors/forbidden", "/design/errors/internal"} {
		pages[path] = reader.Get(path).HTML
	}
	pages["refused"] = reader.Get("/design").Form("/design/form").Submit().HTML
	validate(b, pages)
}

// The pages of errors are pages like others. That they came under an error's
// status is what the browser complains about.
func TestErrorPages(t *testing.T) {
	b := open(t, styleSite(t))
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		for _, path := range []string{"/design/errors/forbidden", "/design/errors/internal", "/no/such/page"} {
			b.size(360, 800)
			b.visit(path)
			b.axe(path, "")
			b.overflow(path)
			b.picture(path + "-" + scheme)
		}
	}
	b.deaf()
}

// "/" and Ctrl-K lead to the search box, but not out of a field.
func TestSearchKeys(t *testing.T) {
	b := open(t, styleSite(t))
	b.size(1280, 900)
	b.visit("/design")
	focus := func() string { return evaluate[string](b, `document.activeElement.id`) }
	b.do(chromedp.KeyEvent("/"))
	if focus() != "search" {
		t.Errorf("after / the focus is at %q", focus())
	}
	b.do(chromedp.Focus(chromedp.CSS("#f-example-title")), chromedp.KeyEvent("/"))
	if got := evaluate[string](b, `document.activeElement.value`); focus() != "f-example-title" || got != "/" {
		t.Errorf("in a field, / leads to %q and the field holds %q", focus(), got)
	}
	b.do(chromedp.KeyEvent("k", chromedp.KeyModifiers(2)))
	if focus() != "search" {
		t.Errorf("after Ctrl-K the focus is at %q", focus())
	}
	b.quiet()
}

// The search box suggests while somebody types, and the keyboard reaches what it
// suggests.
func TestSuggestions(t *testing.T) {
	b := open(t, styleSite(t))
	b.size(1280, 900)
	b.visit("/design")
	b.do(chromedp.SendKeys(chromedp.CSS("#search"), "crane"), chromedp.WaitVisible(chromedp.CSS("#suggestions a")))
	b.wants("crane of the North")
	b.axe("the suggestions", "")
	b.window("suggestions")
	b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	if got := evaluate[string](b, `document.activeElement.textContent`); got != "Harbour" {
		t.Errorf("after two arrows the focus is at %q", got)
	}
	b.do(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotVisible(chromedp.CSS("#suggestions")))
	if got := evaluate[string](b, `document.activeElement.id + document.activeElement.value`); got != "searchcrane" {
		t.Errorf("after Escape the focus is at %q", got)
	}
	b.quiet()
}

// A form that is refused puts the focus on what is wrong; one that is taken
// tells so on the next page, once. It works without scripts as well.
func TestForm(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		b := open(t, styleSite(t))
		b.scripts(scripts)
		b.visit("/design")
		b.do(chromedp.SendKeys(chromedp.CSS("#f-example-reason"), "typed"), chromedp.Click(chromedp.CSS(`form[action="/design/form"] .btn--primary`)))
		b.wants("Fill this in.")
		b.deaf() // it complains about the status 422
		if got := evaluate[string](b, `document.querySelector("#f-example-reason").value`); got != "typed" {
			t.Errorf("scripts %t: what was typed has become %q", scripts, got)
		}
		if scripts && !evaluate[bool](b, `document.activeElement.matches("[data-summary]")`) {
			t.Error("the summary does not have the focus")
		}
		b.do(chromedp.SendKeys(chromedp.CSS("#f-example-title"), "It is sent"), chromedp.Click(chromedp.CSS(`form[action="/design/form"] .btn--primary`)))
		b.wants("It is sent")
		b.visit("/design/errors")
		if got := evaluate[int](b, `document.querySelectorAll("#toasts > *").length`); got != 0 {
			t.Errorf("scripts %t: the toast is there again", scripts)
		}
		b.quiet()
	}
}

// A dialog opens above the page, holds the focus and closes; without scripts it
// stands in the page.
func TestDialog(t *testing.T) {
	b := open(t, styleSite(t))
	b.visit("/design")
	b.do(chromedp.Click(chromedp.CSS(`a[data-dialog="example-dialog"]`)), chromedp.WaitVisible(chromedp.CSS("#example-dialog")))
	if !evaluate[bool](b, `document.querySelector("#example-dialog").matches(":modal")`) {
		t.Error("the dialog is not above the page")
	}
	b.axe("the open dialog", "")
	b.window("dialog")
	b.do(chromedp.Click(chromedp.CSS("#example-dialog [data-close]")), chromedp.WaitNotVisible(chromedp.CSS("#example-dialog")))
	b.scripts(false)
	b.do(chromedp.Click(chromedp.CSS(`a[data-dialog="example-dialog"]`)), chromedp.WaitVisible(chromedp.CSS("#example-dialog")))
	b.wants("The answer goes out on your word")
	b.quiet()
}

// On a telephone the rail is a drawer, without scripts too.
func TestRail(t *testing.T) {
	b := open(t, styleSite(t))
	b.size(360, 800)
	b.scripts(false)
	b.visit("/design")
	b.do(chromedp.Click(chromedp.CSS(".topbar__menu")), chromedp.WaitVisible(chromedp.CSS(`#rail a[href="/families"]`)))
	b.window("rail")
	b.do(chromedp.Click(chromedp.CSS(".rail__person")), chromedp.WaitVisible(chromedp.CSS("#account button")))
	b.window("account")
	b.quiet()
}

// A list answers while somebody types, and the address follows.
func TestPartOfPage(t *testing.T) {
	b := open(t, styleSite(t))
	b.visit("/design")
	b.do(chromedp.SendKeys(chromedp.CSS("#search-found"), "crane"))
	b.wants("Nothing is found for “crane”")
	if got := evaluate[string](b, `location.search`); got != "?q=crane" {
		t.Errorf("the address ends in %q", got)
	}
	b.quiet()
}

// The browser tells its zone, and the next page is in it.
func TestZone(t *testing.T) {
	b := open(t, styleSite(t))
	b.visit("/design")
	zone := evaluate[string](b, `Intl.DateTimeFormat().resolvedOptions().timeZone`)
	if got := evaluate[string](b, `document.cookie`); got != "cadre_zone="+zone {
		t.Errorf("the cookie is %q, the zone %q", got, zone)
	}
}
