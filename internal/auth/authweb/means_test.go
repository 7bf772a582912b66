package authweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authtest/idp"
	"github.com/cadre-hq/cadre/internal/auth/authtest/softkey"
	"github.com/cadre-hq/cadre/internal/auth/authweb"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// withPasskeys lets people sign in by passkeys.
func withPasskeys(d *desk, o *authweb.Options) {
	var err error
	if o.Passkeys, err = auth.NewPasskeys(d.service, address, "Cadre"); err != nil {
		d.Fatal(err)
	}
}

// ask sends something as the script for passkeys does.
func ask(t *testing.T, b *webtest.Browser, to string, body []byte) (int, []byte) {
	t.Helper()
	answer := b.Send(http.MethodPost, to, "application/json", bytes.NewReader(body))
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if kind := answer.Header.Get("Content-Type"); kind != "application/json" {
		t.Fatalf("%s answers %s with %s: %s", to, answer.Status, kind, text)
	}
	return answer.StatusCode, text
}

func TestPasskeyPages(t *testing.T) {
	d := open(t, withPasskeys)
	b := d.ada()
	b.Get("/account/sign-in").Wants("You have no passkey")
	_, options := ask(t, b, "/account/passkeys/options", nil)
	key := softkey.New(t, "localhost", address)
	if status, text := ask(t, b, "/account/passkeys?name=laptop", key.Create(t, options)); status != http.StatusOK || !bytes.Contains(text, []byte(`"/account/sign-in"`)) {
		t.Fatalf("adding answers %d %s", status, text)
	}
	b.Get("/account/sign-in").Wants("laptop", "Never")

	her := d.site.Visitor()
	her.Get("/sign-in?next=/account").Wants("Sign in with a passkey")
	_, options = ask(t, her, "/sign-in/passkey/options", nil)
	answer := key.Sign(t, options)
	status, text := ask(t, her, "/sign-in/passkey?next=%2Faccount", answer)
	var said struct{ Next, Message string }
	if err := json.Unmarshal(text, &said); err != nil || status != http.StatusOK || said.Next != "/account" {
		t.Fatalf("signing in answers %d %s", status, text)
	}
	her.Get("/account").Wants("Ada Quay")
	status, text = ask(t, d.site.Visitor(), "/sign-in/passkey", answer)
	if err := json.Unmarshal(text, &said); err != nil || status != http.StatusUnprocessableEntity || !strings.HasPrefix(said.Message, "This took too long") {
		t.Errorf("the same answer again: %d %s", status, text)
	}
	d.pass(time.Hour)
	_, text = ask(t, b, "/account/passkeys/options", nil)
	if err := json.Unmarshal(text, &said); err != nil || !strings.HasPrefix(said.Next, "/sign-in?again=yes") {
		t.Errorf("in an old session: %s", text)
	}
	p := b.Get("/account/sign-in")
	p.Form(forms(p, "/remove")[0]).Submit().Wants("Sign in again").Form("/sign-in").
		Fill("email", "ada@meridian.example").Fill("password", words4).Submit().Wants("laptop")
	p = b.Get("/account/sign-in")
	p.Form(forms(p, "/remove")[0]).Submit().Wants("The passkey is removed", "You have no passkey")
	_, options = ask(t, her, "/sign-in/passkey/options", nil)
	if status, _ := ask(t, her, "/sign-in/passkey", key.Sign(t, options)); status != http.StatusUnauthorized {
		t.Errorf("a passkey that was removed: %d", status)
	}
}

func TestProviderPages(t *testing.T) {
	provider := idp.Start(
		t, []idp.Client{{ID: "cadre", Secret: "swordfish", Back: address + "/sign-in/back/quay"}},
		idp.Person{ID: "u1", Name: "Ada Key", Email: "ada@meridian.example", Verified: true},
		idp.Person{ID: "u2", Name: "Ben Sand", Email: "ben@elsewhere.example", Verified: true},
	)
	d := open(t, func(d *desk, o *authweb.Options) {
		d.now = time.Now() // the provider has a clock of its own
		var err error
		o.Federation, err = auth.NewFederation(d.service, address, auth.Provider{
			Name: "quay", Label: "the Quay account", Issuer: provider.Issuer, Client: "cadre",
			Secret: func(context.Context) (string, error) { return "swordfish", nil },
		})
		if err != nil {
			d.Fatal(err)
		}
	})
	b := d.ada()
	leave := func(b *webtest.Browser, from string, id string) string {
		t.Helper()
		answer := b.Send(http.MethodGet, from, "", nil)
		to := answer.Header.Get("Location")
		if !strings.HasPrefix(to, provider.Issuer) {
			t.Fatalf("%s leads to %q (%s)", from, to, answer.Status)
		}
		back := provider.SignIn(t, to, id)
		return back.Path + "?" + back.RawQuery
	}
	find := func(p *webtest.Page, beginning string) string {
		t.Helper()
		for _, l := range p.Links() {
			if strings.HasPrefix(l, beginning) {
				return l
			}
		}
		t.Fatalf("no link to %s among %q", beginning, p.Links())
		return ""
	}
	her := d.site.Visitor()
	back := leave(her, find(her.Get("/sign-in?next=/account").Wants("Sign in with the Quay account"), "/sign-in/with/quay"), "u1")
	d.site.Visitor().Get(back).WantsStatus(http.StatusUnprocessableEntity).Wants("begin again") // another browser
	back = leave(her, find(her.Get("/sign-in?next=/account"), "/sign-in/with/quay"), "u1")
	her.Get(back).Wants("Your account", "Ada Quay")
	her.Get("/account/sign-in").Wants("the Quay account", "ada@meridian.example")
	her.Get("/account/sessions").Wants("Provider quay")
	her.Get("/account").Form("/sign-out").Submit().Wants("still knows you", "Sign out there, too")
	her.Get("/account").Wants("Sign in")

	his := d.site.Visitor()
	his.Get(leave(his, find(his.Get("/sign-in"), "/sign-in/with/quay"), "u2")).WantsStatus(http.StatusForbidden).
		Wants("There is no account with your address", "Sign in")

	p := b.Get("/account/sign-in")
	p.Form(forms(p, "/remove")[0]).Submit().Wants("separated from your account")
	b.Get(leave(b, find(b.Get("/account/sign-in"), "/sign-in/with/quay?link"), "u1")).Wants("You can sign in that way from now on", "the Quay account")
	d.site.Visitor().Get("/sign-in/with/quay?link=yes").Wants("Sign in")
	lured := d.site.Visitor()
	lured.Header.Set("Sec-Fetch-Site", "cross-site")
	if to := lured.Send(http.MethodGet, "/sign-in/with/quay", "", nil).Header.Get("Location"); to != "/sign-in" {
		t.Errorf("a link of another site signs in: it leads to %s", to)
	}
	d.site.Visitor().Get("/sign-in/with/moon").WantsStatus(http.StatusNotFound)
}

func TestDemonstration(t *testing.T) {
	d := open(t, func(d *desk, o *authweb.Options) { o.Demo = auth.NewDemo(d.service) })
	d.add("Ada Quay", "ada@meridian.example", auth.Administrator)
	b := d.site.Visitor()
	p := b.Get("/sign-in?next=/account").Wants("This is a demonstration", "Ada Quay · Administrator")
	_, rest, _ := strings.Cut(p.HTML, `name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	b.Post("/sign-in/as", url.Values{"id": {id}, "next": {"/account"}}).Wants("Your account", "Ada Quay")

	real := open(t)
	real.add("Ada Quay", "ada@meridian.example", auth.Administrator)
	real.site.Visitor().Get("/sign-in").Lacks("demonstration", "Ada Quay")
	real.site.Visitor().Post("/sign-in/as", url.Values{"id": {id}}).WantsStatus(http.StatusNotFound)
}
