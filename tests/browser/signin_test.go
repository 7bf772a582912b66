package browser

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authmail"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
	"github.com/cadre-hq/cadre/internal/auth/authtest/idp"
	"github.com/cadre-hq/cadre/internal/auth/authweb"
	"github.com/cadre-hq/cadre/internal/mail"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

const (
	adasPassword = "crane tide lamp otter"
	adasAddress  = "ada@meridian.example"
)

// An entrance is a site where people sign in, on localhost, with a provider
// beside it.
type entrance struct {
	address string
	site    *webtest.Site
	service *auth.Service
	ada     auth.PrincipalID

	authtest.Inbox
	write mail.Writer
}

// letter returns the path of the link in the newest letter.
func (e *entrance) letter(t *testing.T) string {
	t.Helper()
	m, err := e.write(t.Context(), e.Last(t))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(m.Link.URL, e.address)
}

// openEntrance starts a site with ada, an administrator, and ben.
func openEntrance(t *testing.T) *entrance {
	t.Helper()
	needs(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := &entrance{address: fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)}
	db := storetest.Open(t, storetest.SQLite(t))
	e.service = authtest.Open(t, db, e, time.Now, auth.Room{Name: "catalog"})
	if e.write, err = authmail.Writer(e.service, e.address, "Cadre"); err != nil {
		t.Fatal(err)
	}
	ada, err := e.service.AddPerson(t.Context(), auth.TheProgram("test"), "Ada Quay", adasAddress, adasPassword, auth.Administrator)
	if err != nil {
		t.Fatal(err)
	}
	e.ada = ada.ID
	if _, err = e.service.AddPerson(t.Context(), auth.TheProgram("test"), "Ben Sand", "ben@meridian.example", "", auth.Recruiter); err != nil {
		t.Fatal(err)
	}
	provider := idp.Start(t, []idp.Client{{ID: "cadre", Secret: "swordfish", Back: e.address + auth.BackPath + "quay"}},
		idp.Person{ID: "u1", Name: "Ada Key", Email: adasAddress, Verified: true})
	o := authweb.Options{Accounts: e.service, Demo: auth.NewDemo(e.service)}
	if o.Passkeys, err = auth.NewPasskeys(e.service, e.address, "Cadre"); err != nil {
		t.Fatal(err)
	}
	o.Federation, err = auth.NewFederation(e.service, e.address, auth.Provider{
		Name: "quay", Label: "the Quay account", Issuer: provider.Issuer, Client: "cadre",
		Secret: func(context.Context) (string, error) { return "swordfish", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	e.site = webtest.New(t, func(w *web.Options) {
		w.Clock, w.Frame, w.Gate = time.Now, authweb.Frame, authtest.Gate(e.service, api.SessionCookie)
	})
	authweb.Register(e.site.Site, o)
	e.site.Get("/{$}", web.Page(func(r *http.Request) (templ.Component, error) {
		return ui.Page(ui.Sheet{Title: "Home of " + auth.From(r.Context()).Name}), nil
	}))
	server := httptest.NewUnstartedServer(e.site)
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	return e
}

// fill types into a field of the form that goes somewhere.
func (b *tab) fill(form, name, text string) {
	b.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(fmt.Sprintf(`form[action^=%q] [name=%q]`, form, name)), text))
}

// press presses the button of the form that goes somewhere.
func (b *tab) press(form string) {
	b.Helper()
	b.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`form[action^=%q] button`, form))))
}

// byPassword signs ada in.
func (b *tab) byPassword() {
	b.Helper()
	b.visit("/sign-in")
	b.fill("/sign-in", "email", adasAddress)
	b.fill("/sign-in", "password", adasPassword)
	b.do(chromedp.Click(chromedp.CSS(`form[action="/sign-in"] .btn--primary`)))
	b.wants("Home of Ada Quay")
}

// signOut signs out in the menu of the account.
func (b *tab) signOut() {
	b.Helper()
	b.do(chromedp.Click(chromedp.CSS(".rail__person")), chromedp.WaitVisible(chromedp.CSS("#account form button")),
		chromedp.Click(chromedp.CSS("#account form button")))
}

func TestSignInByPassword(t *testing.T) {
	e := openEntrance(t)
	b := look(t, e.address)
	b.visit("/account") // leads to the page that signs in, and back
	b.wants("Sign in")
	b.fill("/sign-in", "email", adasAddress)
	b.fill("/sign-in", "password", "something else entirely")
	b.do(chromedp.Click(chromedp.CSS(`form[action="/sign-in"] .btn--primary`)))
	b.wants("The address or the password is wrong")
	b.deaf() // an answer of 401
	if focus := evaluate[bool](b, `document.activeElement.matches("[data-summary]")`); !focus {
		t.Error("what is wrong does not have the focus")
	}
	b.fill("/sign-in", "password", adasPassword)
	b.do(chromedp.Click(chromedp.CSS(`form[action="/sign-in"] .btn--primary`)))
	b.wants("Your account")

	// A session that is ended elsewhere has ended here, at once.
	by := auth.Actor{ID: e.ada, Kind: auth.Person, Roles: []auth.Role{auth.Administrator}}
	if n, err := e.service.EndSessions(t.Context(), by, e.ada); n != 1 || err != nil {
		t.Fatalf("ended %d sessions, %v", n, err)
	}
	b.visit("/account")
	b.wants("Password forgotten?")
	b.quiet()

	b.scripts(false) // and without any script
	b.byPassword()
	b.scripts(true)
	b.signOut()
	b.wants("You are signed out")
	b.quiet()
}

// A passkey of a virtual authenticator: added, used, refused when the device
// does not check who holds it, and removed.
func TestPasskeyInABrowser(t *testing.T) {
	e := openEntrance(t)
	b := look(t, e.address)
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	device, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.byPassword()
	b.visit("/account/sign-in")
	b.fill("/account/passkeys", "name", "virtual key")
	b.press("/account/passkeys")
	b.wants("virtual key")
	b.wants("Never")
	b.signOut()
	b.wants("You are signed out")
	b.quiet()

	b.visit("/sign-in?next=/account/sessions")
	b.press("/sign-in/passkey")
	b.wants("Passkey")
	b.wants("This one")
	b.quiet()
	b.signOut()
	b.wants("You are signed out")

	verify := func(is bool) {
		t.Helper()
		_, err := chromedp.Call(b.ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: device.AuthenticatorID, IsUserVerified: is})
		if err != nil {
			t.Fatal(err)
		}
	}
	verify(false)
	b.visit("/sign-in")
	b.press("/sign-in/passkey")
	b.wants("No passkey was used")
	verify(true)
	b.press("/sign-in/passkey")
	b.wants("Home of Ada Quay")

	b.visit("/account/sign-in")
	b.do(chromedp.Click(chromedp.CSS(`form[action$="/remove"] button`)))
	b.wants("You have no passkey")
	b.signOut()
	b.wants("You are signed out")
	b.quiet()
	b.visit("/sign-in")
	b.press("/sign-in/passkey")
	b.wants("This passkey does not let in")
	b.deaf()
}

func TestSignInByProvider(t *testing.T) {
	e := openEntrance(t)
	b := look(t, e.address)
	b.visit("/sign-in?next=/account/sign-in")
	b.do(chromedp.Click(chromedp.CSS(`a[href^="/sign-in/with/quay"]`)), chromedp.WaitVisible(chromedp.CSS(`[name="username"]`)),
		chromedp.SendKeys(chromedp.CSS(`[name="username"]`), "u1"), chromedp.SendKeys(chromedp.CSS(`[name="password"]`), idp.Password))
	b.deaf() // the provider's page has no icon
	b.do(chromedp.Click(chromedp.CSS("button")))
	b.wants("Signing in")
	b.wants(adasAddress)
	b.signOut()
	b.wants("Sign out there, too")
	b.quiet()
}

// The pages of accounts are pages like others: accessible, and no wider than a
// telephone.
func TestAccountPages(t *testing.T) {
	e := openEntrance(t)
	b := look(t, e.address)
	scripted := func(paths ...string) { // what needs scripts says other words without
		t.Helper()
		for _, path := range paths {
			for _, scheme := range []string{"light", "dark"} {
				b.scheme(scheme)
				for _, width := range []int64{1280, 360} {
					b.size(width, 900)
					b.visit(path)
					what := fmt.Sprintf("%s, %s, %d px", path, scheme, width)
					b.axe(what, "")
					b.overflow(what)
					b.picture(fmt.Sprintf("%s-%s-%d", path, scheme, width))
				}
			}
			b.quiet()
		}
	}
	scripted("/sign-in")
	b.judge("/forgot")
	b.judge("/forgot?sent=yes")
	ada := auth.Actor{ID: e.ada, Kind: auth.Person, Name: "Ada Quay", Roles: []auth.Role{auth.Administrator}}
	if _, err := e.service.Invite(t.Context(), ada, "cleo@meridian.example", "Cleo Moor", auth.Recruiter, auth.Coordinator); err != nil {
		t.Fatal(err)
	}
	b.judge(e.letter(t))
	if err := e.service.SendReset(t.Context(), ada, e.ada); err != nil {
		t.Fatal(err)
	}
	b.judge(e.letter(t))

	b.byPassword()
	robot, err := e.service.AddServiceAccount(t.Context(), ada, "Payroll")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.service.NewToken(t.Context(), ada, robot.ID, "nightly run of the payroll", e.service.Scopes(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	person := "/accounts/" + string(e.ada)
	scripted("/account/sign-in")
	pages := []string{
		"/account", "/account/sessions", "/account/tokens", "/accounts", "/accounts?q=nobody", "/accounts/invite", "/accounts/invitations",
		"/accounts/add-service", person, person + "/sessions", "/accounts/" + string(robot.ID) + "/tokens", "/journal", "/journal?action=auth.role.",
	}
	for _, path := range pages {
		b.judge(path)
	}
	reader := e.site.Visitor()
	texts := map[string]string{"/sign-in": reader.Get("/sign-in").HTML, "/forgot": reader.Get("/forgot").HTML}
	reader.Post("/sign-in", url.Values{"email": {adasAddress}, "password": {adasPassword}})
	for _, path := range append(pages, "/account/sign-in") {
		texts[path] = reader.Get(path).HTML
	}
	texts["refused"] = reader.Post("/account/password", url.Values{"old": {"x"}, "new": {"y"}}).HTML
	validate(b, texts)
}
