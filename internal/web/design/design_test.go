package design_test

import (
	"net/http"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web/design"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// Every page is well-formed, for somebody who is signed in and for a visitor;
// webtest judges each page that it reads.
func TestPages(t *testing.T) {
	site := webtest.New(t)
	design.Register(site.Site)
	for _, b := range []*webtest.Browser{site.As(auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada Berg"}), site.Visitor()} {
		page := b.Get("/design").WantsStatus(http.StatusOK).Wants("Three things to correct", "not inherited", "None stated")
		for _, icon := range ui.Icons {
			page.Wants(string(icon))
		}
		b.Get("/design?ask=example-dialog&sort=-people&state=late&q=x&after=y").WantsStatus(http.StatusOK).Wants("Nothing is found for “x”")
		b.Get("/design/visitor").WantsStatus(http.StatusOK)
		b.Get("/design/errors/none").WantsStatus(http.StatusNotFound)
		for _, to := range b.Get("/design/errors").Links() {
			if len(to) > len("/design/errors/") && to[:15] == "/design/errors/" {
				if p := b.Get(to); p.Status < 400 {
					t.Errorf("%s has the status %d", to, p.Status)
				}
			}
		}
	}
}

// The example form keeps what was typed, and says what was done.
func TestForm(t *testing.T) {
	site := webtest.New(t)
	design.Register(site.Site)
	b := site.Visitor()
	again := b.Get("/design").Form("/design/form").Fill("start", "soon").Fill("reason", "none").Submit()
	again.WantsStatus(http.StatusUnprocessableEntity).Wants("Two things to correct", "Fill this in.")
	f := again.Form("/design/form")
	if f.Values.Get("start") != "soon" || f.Values.Get("reason") != "none" {
		t.Error(f.Values)
	}
	f.Fill("title", "It is sent").Fill("start", "3 Nov 2026").Submit().WantsStatus(http.StatusOK).Wants("It is sent Look")
}
