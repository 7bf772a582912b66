package authweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authmail"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
	"github.com/cadre-hq/cadre/internal/auth/authweb"
	"github.com/cadre-hq/cadre/internal/mail"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

const (
	words4  = "crane tide lamp otter"
	another = "walrus tide lamp otter"
	address = "http://localhost:8080"
)

// A desk is a site of the pages alone, over a real service, with a clock that
// the test moves and an inbox.
type desk struct {
	*testing.T
	site    *webtest.Site
	service *auth.Service

	authtest.Inbox
	write mail.Writer

	mu  sync.Mutex
	now time.Time
}

func (d *desk) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(t)
}

// letter returns the path of the link in the newest letter.
func (d *desk) letter() string {
	d.Helper()
	m, err := d.write(d.Context(), d.Last(d))
	if err != nil {
		d.Fatal(err)
	}
	return strings.TrimPrefix(m.Link.URL, address)
}

// open opens a desk. A change to the options of the pages may be given.
func open(t *testing.T, changes ...func(*desk, *authweb.Options)) *desk {
	t.Helper()
	d := &desk{T: t, now: webtest.Noon}
	db := storetest.Open(t, storetest.SQLite(t))
	d.service = authtest.Open(t, db, d, d.Now, auth.Room{Name: "catalog"})
	var err error
	if d.write, err = authmail.Writer(d.service, address, "Cadre"); err != nil {
		t.Fatal(err)
	}
	d.site = webtest.New(t, func(o *web.Options) {
		o.Clock, o.Frame, o.Gate = d.Now, authweb.Frame, authtest.Gate(d.service, api.SessionCookie)
	})
	o := authweb.Options{Accounts: d.service}
	for _, change := range changes {
		change(d, &o)
	}
	authweb.Register(d.site.Site, o)
	d.site.Get("/{$}", web.Page(func(*http.Request) (templ.Component, error) {
		return ui.Page(ui.Sheet{Title: "Home"}), nil
	}))
	return d
}

// ada returns a browser in which the first administrator is signed in.
func (d *desk) ada() *webtest.Browser {
	d.Helper()
	link, err := d.service.FirstLink(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	b := d.site.Visitor()
	path := "/first/" + link.Reveal()
	b.Get(path).Form(path).Fill("name", "Ada Quay").Fill("email", "ada@meridian.example").Fill("password", words4).Submit().
		WantsStatus(http.StatusOK).Wants("Home", "Welcome", "Add a passkey")
	return b
}

// add makes somebody with a password, and returns their id.
func (d *desk) add(name, email string, roles ...auth.Role) auth.PrincipalID {
	d.Helper()
	p, err := d.service.AddPerson(d.Context(), auth.TheProgram("test"), name, email, words4, roles...)
	if err != nil {
		d.Fatal(err)
	}
	return p.ID
}

// signIn signs in with a password.
func signIn(b *webtest.Browser, email, password string) *webtest.Page {
	return b.Get("/sign-in").Form("/sign-in").Fill("email", email).Fill("password", password).Submit()
}

func TestFirstAdministrator(t *testing.T) {
	d := open(t)
	link, err := d.service.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := "/first/" + link.Reveal()
	b := d.site.Visitor()
	b.Get("/first/cadre_l_made-up").WantsStatus(http.StatusNotFound)
	f := b.Get(path).Form(path).Fill("name", "Ada").Fill("email", "ada@meridian.example").Fill("password", "ada@meridian")
	f.Submit().WantsStatus(http.StatusUnprocessableEntity).Wants("easy to guess").Lacks("ada@meridian\"")
	b.Get(path).Form(path).Fill("name", "Ada").Fill("email", "ada").Fill("password", words4).Submit().
		WantsStatus(http.StatusUnprocessableEntity).Wants("is no address")
	d.ada()
	b.Get(path).WantsStatus(http.StatusNotFound)
}

func TestSignIn(t *testing.T) {
	d := open(t)
	d.ada().Get("/sign-in?next=/account").Wants("Your account") // who is signed in goes on
	b := d.site.Visitor()
	p := signIn(b, "ada@meridian.example", "crane tide lamp tiger")
	p.WantsStatus(http.StatusUnauthorized).Wants("The address or the password is wrong").Lacks("tiger")
	if got := p.Form("/sign-in").Values.Get("email"); got != "ada@meridian.example" {
		t.Errorf("the address is lost: %q", got)
	}
	b.Get("/account").WantsStatus(http.StatusOK).Wants("Sign in").
		Form("/sign-in").Fill("email", "ada@meridian.example").Fill("password", words4).Submit().Wants("Your account", "Ada Quay", "Administrator")
	b.Get("/account").Form("/sign-out").Submit().Wants("You are signed out")
	b.Get("/account").Wants("Sign in").Lacks("Ada Quay")

	for _, next := range []string{"https://evil.example/", "//evil.example", "/\\evil.example"} {
		p := b.Get("/sign-in?next=" + url.QueryEscape(next))
		p.Form("/sign-in").Fill("email", "ada@meridian.example").Fill("password", words4).Submit().Wants("Home")
		b.Get("/account").Form("/sign-out").Submit()
	}
	for range 30 {
		p = signIn(b, "ben@meridian.example", "crane tide lamp tiger")
	}
	p.WantsStatus(http.StatusServiceUnavailable).Wants("too many")
	if p.Header.Get("Retry-After") == "" {
		t.Error("nobody says how long to wait")
	}
}

// The cookies cannot be read by scripts, nor sent along by other sites, and go
// nowhere in the clear when the site is secure.
func TestCookies(t *testing.T) {
	d := open(t, func(_ *desk, o *authweb.Options) { o.Secure = true })
	d.add("Ada Quay", "ada@meridian.example")
	answer := d.site.Visitor().Send(http.MethodPost, "/sign-in", "application/x-www-form-urlencoded", strings.NewReader(
		url.Values{"email": {"ada@meridian.example"}, "password": {words4}}.Encode()))
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in answers %s", answer.Status)
	}
	want := map[string]string{"__Host-cadre_session": "/", "__Secure-cadre_known": "/sign-in"} // a neighbour domain cannot set these
	for _, c := range answer.Cookies() {
		if path, known := want[c.Name]; !known || c.Path != path || c.Domain != "" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("the cookie %s is %+v", c.Name, c)
		}
		delete(want, c.Name)
	}
	if len(want) > 0 {
		t.Errorf("there is no cookie %v", want)
	}
}

// Who signs in again has one session afterwards: a cookie that somebody got hold
// of, or planted, is good for nothing any more.
func TestSigningInAgainEndsTheSession(t *testing.T) {
	d := open(t)
	d.add("Ada Quay", "ada@meridian.example")
	b := d.site.Visitor()
	signIn(b, "ada@meridian.example", words4)
	before := b.Cookies()
	b.Get("/sign-in?again=yes").Form("/sign-in").Fill("email", "ada@meridian.example").Fill("password", words4).Submit().Wants("Home")
	old := d.site.Visitor()
	for _, c := range before {
		old.Header.Add("Cookie", c.String())
	}
	old.Get("/account").Wants("Password forgotten?")
	b.Get("/account").Wants("Your account").Lacks("Password forgotten?")
}

func TestInvite(t *testing.T) {
	d := open(t)
	ada := d.ada()
	p := ada.Get("/accounts").Follow("Invite somebody")
	p.Form("/accounts/invite").Fill("email", "nonsense").Submit().WantsStatus(http.StatusUnprocessableEntity).Wants("is no address")
	p.Form("/accounts/invite").Fill("email", "ben@meridian.example").Fill("name", "Ben Sand").Fill("roles", "people_partner").Submit().
		WantsStatus(http.StatusOK).Wants("The invitation is on its way", "ben@meridian.example", "People partner", "Ada Quay")
	p = ada.Get("/accounts/invite").Form("/accounts/invite").Fill("email", "cleo@meridian.example").Submit()
	for _, l := range p.Links() {
		if strings.Contains(l, "/accept/") {
			t.Errorf("the page tells the link %s", l)
		}
	}
	if p := ada.Post("/accounts/invite", url.Values{"email": {"x@meridian.example"}, "roles": {"king"}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a role that there is not: %d", p.Status)
	}

	link := d.letter() // cleo's
	ben := d.site.Visitor()
	accept := ben.Get(link).Wants("cleo@meridian.example")
	if accept.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("the address of the page, which holds a secret, is told to other sites")
	}
	accept.Form(link).Fill("name", "Cleo Moor").Fill("password", "short").Submit().Wants("at least 12 characters")
	accept.Form(link).Fill("name", "Cleo Moor").Fill("password", words4).Submit().Wants("Home", "Cleo Moor")
	d.site.Visitor().Get(link).WantsStatus(http.StatusNotFound)
	ben.Get("/accounts").WantsStatus(http.StatusNotFound)

	list := ada.Get("/accounts/invitations").Wants("ben@meridian.example").Lacks("cleo@")
	for _, action := range []string{"resend", "withdraw"} {
		for _, f := range forms(list, "/"+action) {
			list.Form(f).Submit().WantsStatus(http.StatusOK)
		}
	}
	ada.Get("/accounts/invitations").Wants("No invitation is open")
}

// forms returns where forms of a page go whose address ends in something.
func forms(p *webtest.Page, ending string) []string {
	var found []string
	for _, part := range strings.Split(p.HTML, `action="`)[1:] {
		if to, _, _ := strings.Cut(part, `"`); strings.HasSuffix(to, ending) {
			found = append(found, to)
		}
	}
	return found
}

func TestForgottenPassword(t *testing.T) {
	d := open(t)
	desk := d.ada()
	b := d.site.Visitor()
	for _, email := range []string{"nobody@meridian.example", "ada@meridian.example"} {
		b.Get("/sign-in").Follow("Password forgotten?").Form("/forgot").Fill("email", email).Submit().
			Wants("If there is an account with this address, a letter is on its way")
	}
	link := d.letter()
	b.Get(link).Form(link).Fill("password", "ada quay 2026").Submit().WantsStatus(http.StatusUnprocessableEntity)
	b.Get(link).Form(link).Fill("password", another).Submit().Wants("Your password is changed", "Sign in")
	b.Get(link).WantsStatus(http.StatusNotFound)
	desk.Get("/account").Wants("Sign in").Lacks("Ada Quay")
	signIn(b, "ada@meridian.example", another).Wants("Home")
}

func TestOwnAccount(t *testing.T) {
	d := open(t)
	b := d.ada()
	b.Get("/account").Form("/account/name").Fill("name", "").Submit().WantsStatus(http.StatusUnprocessableEntity)
	b.Get("/account").Form("/account/name").Fill("name", "Ada Key").Submit().Wants("Your name is changed", "Ada Key")
	b.Get("/account").Form("/account/address").Fill("email", "ada@quay.example").Submit().Wants("A letter is on its way")
	link := d.letter()
	d.site.Visitor().Get(link).Form(link).Submit()
	b.Get("/account").Wants("ada@quay.example")

	other := d.site.Visitor()
	signIn(other, "ada@quay.example", words4).Wants("Home")
	p := b.Get("/account/sign-in")
	p.Form("/account/password").Fill("old", another).Fill("new", another).Submit().WantsStatus(http.StatusUnprocessableEntity).
		Wants("The old password is not right").Lacks(another)
	p.Form("/account/password").Fill("old", words4).Fill("new", another).Submit().Wants("your other sessions have ended")
	other.Get("/account").Wants("Sign in")

	signIn(other, "ada@quay.example", another).Wants("Home")
	s := b.Get("/account/sessions").Wants("This one")
	ends := forms(s, "/end")
	if len(ends) != 2 {
		t.Fatalf("sessions can be ended by %q", ends)
	}
	s.Form(ends[0]).Submit().Wants("The session has ended")
	other.Get("/account").Wants("Sign in")
	signIn(other, "ada@quay.example", another)
	b.Get("/account/sessions").Form("/account/sessions/end").Submit().Wants("You are signed out everywhere else")
	other.Get("/account").Wants("Sign in")

	d.pass(31 * time.Minute)
	b.Get("/account").Form("/account/address").Fill("email", "ada@sea.example").Submit().
		Wants("Sign in again").Form("/sign-in").Fill("email", "ada@quay.example").Fill("password", another).Submit().Wants("Your account")
	if n := len(forms(b.Get("/account/sessions"), "/end")); n != 0 {
		t.Errorf("the session before is still there: %d others", n)
	}
}

func TestOwnTokens(t *testing.T) {
	d := open(t)
	b := d.ada()
	p := b.Get("/account/tokens").Wants("There is no token")
	p.Form("/account/tokens").Fill("name", "ci").Fill("days", "30").Submit().WantsStatus(http.StatusUnprocessableEntity).Wants("Choose what the token is for")
	made := b.Get("/account/tokens").Form("/account/tokens").Fill("name", "ci").Fill("scopes", "catalog:read").Fill("days", "30").Submit().
		WantsStatus(http.StatusOK).Wants("Copy it now", "cadre_t_", "catalog:read")
	_, rest, _ := strings.Cut(made.HTML, "<code>")
	secret, _, _ := strings.Cut(rest, "</code>")
	by, err := d.service.ByToken(t.Context(), auth.Secret(secret))
	if err != nil || by.Name != "Ada Quay" {
		t.Errorf("the token on the page acts as %+v, %v", by, err)
	}
	again := b.Get("/account/tokens").Lacks("cadre_t_")
	again.Form(forms(again, "/revoke")[0]).Submit().Wants("The token is revoked", "Revoked")
	if _, err := d.service.ByToken(t.Context(), auth.Secret(secret)); err == nil {
		t.Error("the token is still good")
	}
}

func TestAdministration(t *testing.T) {
	d := open(t)
	b := d.ada()
	ben := d.add("Ben Sand", "ben@meridian.example")
	home := "/accounts/" + string(ben)
	b.Get("/accounts?q=sand").Wants("Ben Sand").Lacks("ada@meridian.example")
	b.Get("/accounts?role=administrator").Wants("Ada Quay").Lacks("Ben Sand</a>")
	b.Get("/accounts?q=nobody").Wants("Nobody is found")
	p := b.Get("/accounts").Follow("Ben Sand").Wants("ben@meridian.example", "Person", "They never had one")
	p.Form(home+"/roles").Fill("role", "recruiter").Submit().Wants("The role is given", "Recruiter", "Ada Quay")
	d.pass(time.Hour)
	b.Get(home).Form(home + "/roles/recruiter/take").Submit().Wants("The role is taken")
	b.Get(home).Form(home+"/name").Fill("name", "Ben Sander").Submit().Wants("The name is changed", "Ben Sander")
	b.Get(home).Form(home+"/name").Fill("name", " ").Submit().WantsStatus(http.StatusUnprocessableEntity)
	b.Get(home).Form(home + "/reset").Submit().Wants("A letter to choose a new password is on its way")
	if link := d.letter(); !strings.HasPrefix(link, authmail.ResetPath) {
		t.Errorf("the letter has the link %s", link)
	}
	his := d.site.Visitor()
	signIn(his, "ben@meridian.example", words4).Wants("Home")
	s := b.Get(home+"/sessions").Wants("browser", "The journal says that you looked")
	s.Form(home + "/sessions/end").Submit().Wants("All sessions have ended")
	his.Get("/account").Wants("Sign in")
	signIn(his, "ben@meridian.example", words4)
	b.Get(home).Form(home+"/disable").Submit().Wants("The account is closed", "Closed")
	his.Get("/account").Wants("Sign in")
	signIn(his, "ben@meridian.example", words4).WantsStatus(http.StatusForbidden).Wants("This account is closed")
	b.Get(home).Form(home + "/enable").Submit().Wants("The account is open again")

	own := b.Get("/accounts").Follow("Ada Quay")
	own.Lacks("Close the account")
	own.Form(own.Address.Path + "/roles/administrator/take").Submit().WantsStatus(http.StatusConflict).Wants("the only administrator")
	b.Get("/accounts/nobody").WantsStatus(http.StatusNotFound)
	d.site.Visitor().Get("/accounts").Wants("Sign in")
}

func TestServices(t *testing.T) {
	d := open(t)
	b := d.ada()
	p := b.Get("/accounts").Follow("Add a service").Form("/accounts/add-service").Fill("name", "Payroll").Submit().
		Wants("make its first token", "Tokens of Payroll")
	to := p.Address.Path
	made := p.Form(to).Fill("name", "nightly").Fill("scopes", "catalog:read").Fill("days", "7").Submit().Wants("Copy it now", "nightly")
	made.Form(forms(made, "/revoke")[0]).Submit().Wants("The token is revoked")
	ben := d.add("Ben Sand", "ben@meridian.example")
	b.Get("/accounts/" + string(ben) + "/tokens").Wants("There is no token").Lacks("A new token") // people make their own
}

func TestJournalPage(t *testing.T) {
	d := open(t)
	b := d.ada()
	for n := range 60 {
		b.Get("/account").Form("/account/name").Fill("name", fmt.Sprint("Ada ", n)).Submit()
	}
	p := b.Get("/journal").Wants("auth.principal.rename", "Ada 59").Lacks("meridian.example")
	p.Follow("Next").Wants("auth.principal.add", "Cadre")
	b.Get("/journal?action=auth.role.").Wants("auth.role.give_administrator").Lacks("auth.principal.rename</code>")
	b.Get("/journal?from=2026-11-24").Wants("Nothing is found")
	b.Get("/journal?until=2026-11-23&action=auth.principal.add").Wants("auth.principal.add")
	b.Get("/journal?until=2026-11-22").Wants("Nothing is found")
	b.Get("/journal?after=x").WantsStatus(http.StatusUnprocessableEntity)
	p.Follow("auth.principal.rename").Lacks("auth.session.begin</code>")
}

// The journal names the request in which somebody signs in, though they were
// nobody when it came.
func TestSigningInNamesItsRequest(t *testing.T) {
	d := open(t)
	d.ada()
	entries, err := d.service.Entries(t.Context(), auth.TheProgram("test"), audit.Filter{Action: "auth.session.begin"})
	if err != nil || len(entries) != 1 || len(entries[0].Request) != 16 {
		t.Errorf("the journal has %+v, %v", entries, err)
	}
}
