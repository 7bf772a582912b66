package auth

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/auth/authtest/idp"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

const site = "http://cadre.meridian.example"

// A harbour is an office whose people sign in at a real provider.
type harbour struct {
	*office
	fed *Federation
	idp *idp.Server
}

// openHarbour opens an office with ada, and a provider that knows some people.
func openHarbour(t *testing.T, d *store.DB, people ...idp.Person) (*harbour, Actor) {
	t.Helper()
	o := openOffice(t, d)
	o.now = time.Now() // the provider has a clock of its own
	ada := o.ada(t)
	h := &harbour{office: o, idp: idp.Start(t, []idp.Client{
		{ID: "cadre", Secret: "swordfish", Back: site + "/sign-in/back/quay"},
		{ID: "other", Secret: "herring", Back: site + "/sign-in/back/quay"},
	}, people...)}
	var err error
	h.fed, err = NewFederation(o.Service, site, Provider{
		Name: "quay", Label: "Quay account", Issuer: h.idp.Issuer, Client: "cadre", Domains: []string{"Quay.example"},
		Secret: func(context.Context) (string, error) { return "swordfish", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, ada
}

// come signs somebody in at the provider and comes back.
func (h *harbour) come(t *testing.T, id string) (SignedIn, error) {
	t.Helper()
	address, cookie, err := h.fed.Begin(t.Context(), Actor{}, "quay", "/families")
	if err != nil {
		t.Fatal(err)
	}
	back := h.idp.SignIn(t, address, id)
	in, next, err := h.fed.Back(t.Context(), Actor{}, "quay", back.Query(), cookie, SignIn{Device: "Firefox"})
	if next != "/families" {
		t.Errorf("they wanted to go to /families and come to %q", next)
	}
	return in, err
}

func TestSignInByProvider(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		h, ada := openHarbour(
			t, d, idp.Person{ID: "u1", Name: "Ada Key", Email: "ADA@meridian.example", Verified: false},
			idp.Person{ID: "u2", Name: "Ben Sand", Email: "ben@quay.example", Verified: true},
			idp.Person{ID: "u3", Name: "Cleo Moor", Email: "cleo@quay.example", Verified: false},
			idp.Person{ID: "u4", Name: "Dov Pier", Email: "dov@notquay.example", Verified: true},
		)
		ctx := t.Context()
		_, err := h.come(t, "u1")
		is(t, "an address that is not verified", err, fault.Forbidden)
		h.idp.Verify("u1", "ada@meridian.example", true)
		in, err := h.come(t, "u1")
		if err != nil {
			t.Fatal(err)
		}
		if by := h.at(t, in.Session); by.ID != ada.ID || in.Known == "" {
			t.Errorf("ada is %+v", by)
		}
		if l := h.letter(t); l.Kind != NoticeIdentity || l.Email != "ada@meridian.example" {
			t.Errorf("ada is not told: %+v", l)
		}
		h.idp.Verify("u1", "new@meridian.example", false)
		if in, err = h.come(t, "u1"); err != nil || h.at(t, in.Session).ID != ada.ID {
			t.Errorf("ada, whose address is another there: %v", err)
		}

		if in, err = h.come(t, "u2"); err != nil {
			t.Fatalf("somebody of a domain that may join: %v", err)
		}
		ben := h.at(t, in.Session)
		if ben.Name != "Ben Sand" || len(ben.Roles) != 0 {
			t.Errorf("ben is %+v", ben)
		}
		_, err = h.come(t, "u3")
		is(t, "somebody of that domain whose address is not verified", err, fault.Forbidden)
		_, err = h.come(t, "u4")
		is(t, "somebody of another domain", err, fault.Forbidden)
		if _, err := h.Invite(ctx, ada, "dov@notquay.example", "Dov P.", Recruiter); err != nil {
			t.Fatal(err)
		}
		if in, err = h.come(t, "u4"); err != nil {
			t.Fatalf("the same, invited: %v", err)
		}
		if dov := h.at(t, in.Session); dov.Name != "Dov P." || !dov.Has(Recruiter) {
			t.Errorf("dov is %+v", dov)
		}
		if open, err := h.Invitations(ctx, ada); err != nil || len(open) != 0 {
			t.Errorf("the invitation is still open: %v, %v", open, err)
		}
		if err := h.Disable(ctx, ada, ben.ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.come(t, "u2")
		is(t, "somebody whose account is closed", err, fault.Forbidden)
	})
}

// Whoever writes somebody else's address into an account is not joined with
// them.
func TestUnverifiedAccountsAreNotLinked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		h, _ := openHarbour(t, d, idp.Person{ID: "u2", Name: "Ben Sand", Email: "ben@quay.example", Verified: true})
		err := d.Update(t.Context(), func(tx store.Tx) error {
			_, err := h.add(t.Context(), tx, TheProgram("test"), Person, "Eve", "ben@quay.example", false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.come(t, "u2")
		is(t, "ben, whose address eve holds", err, fault.Forbidden)
	})
}

// What comes back from the provider is good once, for the browser that left,
// for this server, and for this sign-in.
func TestForgedReturns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		h, _ := openHarbour(t, d, idp.Person{ID: "u2", Name: "Ben Sand", Email: "ben@quay.example", Verified: true})
		ctx := t.Context()
		begin := func() (*url.URL, Secret) {
			address, cookie, err := h.fed.Begin(ctx, Actor{}, "quay", "/")
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			return u, cookie
		}
		with := func(u *url.URL, name, value string) string {
			q := u.Query()
			q.Set(name, value)
			return u.Scheme + "://" + u.Host + u.Path + "?" + q.Encode()
		}
		back := func(query url.Values, cookie Secret) error {
			in, _, err := h.fed.Back(ctx, Actor{}, "quay", query, cookie, SignIn{})
			if (in.Session != "") != (err == nil) {
				t.Errorf("a session %q beside %v", in.Session.Reveal(), err)
			}
			return err
		}

		u, cookie := begin()
		good := h.idp.SignIn(t, u.String(), "u2").Query()
		is(t, "in another browser", back(good, newSecret(wayPrefix)), fault.Invalid)
		is(t, "and then in the right one", back(good, cookie), fault.Invalid)

		u, cookie = begin()
		good = h.idp.SignIn(t, u.String(), "u2").Query()
		if err := back(good, cookie); err != nil {
			t.Fatal(err)
		}
		is(t, "the same state again", back(good, cookie), fault.Invalid)

		u, cookie = begin()
		good = h.idp.SignIn(t, with(u, "nonce", "of another sign-in"), "u2").Query()
		is(t, "a token with another nonce", back(good, cookie), fault.Unauthenticated)

		u, cookie = begin()
		foreign := h.idp.SignIn(t, with(u, "client_id", "other"), "u2").Query()
		is(t, "a code that another client got", back(foreign, cookie), fault.Unauthenticated)

		u, _ = begin()
		victim := h.idp.SignIn(t, u.String(), "u2").Query()
		u, cookie = begin()
		mine := url.Values{"code": {victim.Get("code")}, "state": {u.Query().Get("state")}}
		is(t, "a code of another sign-in, whose PKCE verifier is another", back(mine, cookie), fault.Unauthenticated)

		u, cookie = begin()
		is(t, "a refusal", back(url.Values{"error": {"access_denied"}, "state": {u.Query().Get("state")}}, cookie), fault.Unauthenticated)

		u, cookie = begin()
		good = h.idp.SignIn(t, u.String(), "u2").Query()
		good.Set("iss", "https://evil.example")
		is(t, "an answer of another issuer", back(good, cookie), fault.Unauthenticated)

		u, cookie = begin()
		good = h.idp.SignIn(t, u.String(), "u2").Query()
		h.pass(providerTime)
		is(t, "an answer that took too long", back(good, cookie), fault.Invalid)
		is(t, "no state at all", back(url.Values{"code": {"x"}}, cookie), fault.Invalid)
	})
}

func TestLinkAndUnlink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		h, ada := openHarbour(
			t, d, idp.Person{ID: "u1", Name: "Ada Key", Email: "ada@meridian.example", Verified: true},
			idp.Person{ID: "u2", Name: "Ben Sand", Email: "ben@quay.example", Verified: true},
		)
		ctx := t.Context()
		link := func(by, back Actor, id string) error {
			address, cookie, err := h.fed.Begin(ctx, by, "quay", "/account")
			if err != nil {
				return err
			}
			_, _, err = h.fed.Back(ctx, back, "quay", h.idp.SignIn(t, address, id).Query(), cookie, SignIn{})
			return err
		}
		is(t, "an identity with another address", link(ada, ada, "u2"), fault.Conflict)
		is(t, "somebody else who comes back", link(ada, Actor{ID: "ben", Kind: Person}, "u1"), fault.Invalid)
		if err := link(ada, ada, "u1"); err != nil {
			t.Fatal(err)
		}
		if err := link(ada, ada, "u1"); err != nil {
			t.Errorf("linking it twice: %v", err)
		}
		m, err := h.Means(ctx, ada)
		if err != nil || len(m.Identities) != 1 || m.Identities[0].Email != "ada@meridian.example" || !m.Password {
			t.Fatalf("ada signs in by %+v, %v", m, err)
		}
		in, err := h.come(t, "u2") // ben joins, and has nothing else
		if err != nil {
			t.Fatal(err)
		}
		ben := h.at(t, in.Session)
		is(t, "ben's identity, by ada", h.Unlink(ctx, ada, h.identity(t, ben)), fault.NotFound)
		is(t, "the last means of sign-in", h.Unlink(ctx, ben, h.identity(t, ben)), fault.Conflict)
		if err := h.Unlink(ctx, ada, m.Identities[0].ID); err != nil {
			t.Fatal(err)
		}
		if m, err = h.Means(ctx, ada); err != nil || len(m.Identities) != 0 {
			t.Errorf("ada still signs in by %+v, %v", m, err)
		}
		h.pass(freshTime + time.Second)
		if err := link(ada, ada, "u1"); !errors.Is(err, ErrStale) {
			t.Errorf("in an old session: %v", err)
		}
	})
}

func (h *harbour) identity(t *testing.T, by Actor) string {
	t.Helper()
	m, err := h.Means(t.Context(), by)
	if err != nil || len(m.Identities) == 0 {
		t.Fatalf("%s signs in by %+v, %v", by.Name, m, err)
	}
	return m.Identities[0].ID
}

func TestSignOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		h, ada := openHarbour(t, d, idp.Person{ID: "u1", Name: "Ada Key", Email: "ada@meridian.example", Verified: true})
		ctx := t.Context()
		if to, err := h.fed.SignOut(ctx, ada); to != "" || err != nil {
			t.Errorf("who signed in here is sent to %q, %v", to, err)
		}
		in, err := h.come(t, "u1")
		if err != nil {
			t.Fatal(err)
		}
		to, err := h.fed.SignOut(ctx, h.at(t, in.Session))
		if err != nil || !strings.HasPrefix(to, h.idp.Issuer+"/end_session?client_id=cadre&post_logout_redirect_uri=http") {
			t.Errorf("who signed in there is sent to %q, %v", to, err)
		}
		_, err = h.ByCookie(ctx, in.Session)
		is(t, "the session", err, fault.Unauthenticated)
	})
}

func TestProviderSettings(t *testing.T) {
	good := Provider{Name: "quay", Issuer: "https://quay.example", Client: "cadre"}
	for why, change := range map[string]func(*Provider){
		"a name with a blank": func(p *Provider) { p.Name = "my quay" },
		"a name of another":   func(p *Provider) { p.Name = "passkey" },
		"no client":           func(p *Provider) { p.Client = "" },
		"an issuer in clear":  func(p *Provider) { p.Issuer = "http://quay.example" },
	} {
		p := good
		change(&p)
		if _, err := NewFederation(nil, site, p); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, err := NewFederation(nil, site, good, good); fault.KindOf(err) != fault.Invalid {
		t.Errorf("two of one name: %v", err)
	}
	f, err := NewFederation(&Service{}, site, Provider{Name: "quay", Issuer: "http://127.0.0.1:1", Client: "cadre"})
	if err != nil {
		t.Fatalf("a provider that cannot be reached keeps the server from starting: %v", err)
	}
	_, _, err = f.Begin(t.Context(), Actor{}, "quay", "/")
	is(t, "and then is missed when somebody goes there", err, fault.Busy)
	_, _, err = f.Begin(t.Context(), Actor{}, "moon", "/")
	is(t, "one that there is not", err, fault.NotFound)
}
