package auth

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// An office is a service with a clock that the test moves.
type office struct {
	*Service
	*clock
	db    *store.DB
	inbox *inbox
}

const words4 = "crane tide lamp otter"

func openOffice(t testing.TB, d *store.DB) *office {
	t.Helper()
	a, err := NewAuthority(Room{Name: "catalog"})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{clock: newClock(), db: d, inbox: &inbox{}}
	if o.Service, err = NewService(d, a, audit.New(d, o.Now), o.inbox, o.Now); err != nil {
		t.Fatal(err)
	}
	// Hashing that takes no time; TestHashes is about the real one.
	if err := o.hasher.use(&argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}); err != nil {
		t.Fatal(err)
	}
	return o
}

// journalled returns the entries of the journal, the oldest first.
func (o *office) journalled(t *testing.T) (lines []string) {
	t.Helper()
	err := o.db.View(t.Context(), func(tx store.Tx) error {
		entries, err := audit.Entries(t.Context(), tx, audit.Filter{})
		for _, e := range slices.Backward(entries) {
			lines = append(lines, fmt.Sprintf("%s %s %s", e.Actor, e.Action, e.ID))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// first makes ada the first administrator and returns her session.
func (o *office) first(t testing.TB) Secret {
	t.Helper()
	link, err := o.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	session, err := o.BecomeFirst(t.Context(), link, "Ada Quay", " Ada@Meridian.example ", words4, "Firefox on Linux")
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func (o *office) signIn(t *testing.T, password string, from int, known Secret) (SignedIn, error) {
	t.Helper()
	return o.ByPassword(t.Context(), SignIn{
		Email: "ADA@meridian.example", Password: password, From: address(from), Known: known, Device: "Safari on a phone",
	})
}

func is(t *testing.T, why string, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("%s: %v, want %s", why, err, want)
	}
}

func TestFirstAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		if isNew, err := o.IsNew(ctx); !isNew || err != nil {
			t.Fatalf("a new server: %t, %v", isNew, err)
		}
		old, err := o.FirstLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		link, err := o.FirstLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		try := func(l Secret, password string) error {
			_, err := o.BecomeFirst(ctx, l, "Ada Quay", "ada@meridian.example", password, "Firefox")
			return err
		}
		is(t, "a link that was replaced", try(old, words4), fault.NotFound)
		is(t, "a link that somebody made up", try(Secret("cadre_l_"+strings.Repeat("x", 43)), words4), fault.NotFound)
		is(t, "a weak password, which does not use up the link", try(link, "ada@meridian"), fault.Invalid)
		session, err := o.BecomeFirst(ctx, link, "Ada Quay", "ada@meridian.example", words4, "Firefox")
		if err != nil {
			t.Fatal(err)
		}
		by, err := o.ByCookie(ctx, session)
		if err != nil || by.Name != "Ada Quay" || !by.Has(Administrator) || by.Session == "" {
			t.Errorf("the first administrator is %+v, %v", by, err)
		}
		is(t, "the same link again", try(link, words4), fault.NotFound)
		_, err = o.FirstLink(ctx)
		is(t, "another first link", err, fault.Conflict)
		id := string(by.ID)
		want := []string{" auth.principal.add " + id, " auth.role.give_administrator " + id, id + " auth.session.begin " + by.Session}
		if got := o.journalled(t); !slices.Equal(got, want) {
			t.Errorf("journal %q, want %q", got, want)
		}
	})
}

func TestSignInByPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o := openOffice(t, d)
		o.first(t)
		_, err := o.signIn(t, "crane tide lamp tiger", 1, "")
		is(t, "a wrong password", err, fault.Unauthenticated)
		_, other := o.ByPassword(t.Context(), SignIn{Email: "ben@meridian.example", Password: words4, From: address(1)})
		if other == nil || other.Error() != err.Error() {
			t.Errorf("a wrong address is told as %v, a wrong password as %v", other, err)
		}
		in, err := o.signIn(t, words4, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		for n := range 3 * onOneAccount { // somebody guesses, from everywhere
			_, err = o.signIn(t, "crane tide lamp tiger", n, "")
		}
		is(t, "the 30th guess", err, fault.Busy)
		_, err = o.signIn(t, words4, 9, "")
		is(t, "the right password, too, from a browser that nobody knows", err, fault.Busy)
		if _, err = o.signIn(t, words4, 9, in.Known); err != nil {
			t.Errorf("ada is locked out of the browser that she always uses: %v", err)
		}
		_, err = o.signIn(t, words4, 9, Secret("cadre_d_"+strings.Repeat("x", 43)))
		is(t, "a cookie that somebody made up", err, fault.Busy)
	})
}

func TestSessionsEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		desk := o.first(t)
		in, err := o.signIn(t, words4, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		by, err := o.ByCookie(ctx, desk)
		if err != nil {
			t.Fatal(err)
		}
		list, err := o.Sessions(ctx, by, by.ID)
		if err != nil || len(list) != 2 {
			t.Fatalf("sessions %v, %v", list, err)
		}
		phone := list[slices.IndexFunc(list, func(s Session) bool { return s.Means == "password" })]
		if phone.Device != "Safari on a phone" {
			t.Errorf("the phone is %+v", phone)
		}
		is(t, "somebody else's session", o.EndSession(ctx, Actor{ID: "ben", Kind: Person}, phone.ID), fault.NotFound)
		if err := o.EndSession(ctx, by, phone.ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.ByCookie(ctx, in.Session)
		is(t, "a session that was ended, at once", err, fault.Unauthenticated)

		if in, err = o.signIn(t, words4, 1, ""); err != nil {
			t.Fatal(err)
		}
		if n, err := o.EndSessions(ctx, by, by.ID); n != 1 || err != nil {
			t.Errorf("ended %d others, %v", n, err)
		}
		if _, err := o.ByCookie(ctx, desk); err != nil {
			t.Errorf("this session ended, too: %v", err)
		}
		for range 40 { // used every ten hours, it lasts as long as a session may
			o.pass(10 * time.Hour)
			if _, err = o.ByCookie(ctx, desk); err != nil {
				break
			}
		}
		is(t, "after two weeks", err, fault.Unauthenticated)
		if age := o.now.Sub(newClock().now); age <= sessionTime-10*time.Hour || age > sessionTime+10*time.Hour {
			t.Errorf("the session lasted %v, want %v", age, sessionTime)
		}
		if in, err = o.signIn(t, words4, 1, ""); err != nil {
			t.Fatal(err)
		}
		o.pass(idleTime)
		_, err = o.ByCookie(ctx, in.Session)
		is(t, "a session that nobody used for half a day", err, fault.Unauthenticated)
		for _, s := range []Secret{"", "cadre_s_", "cadre_s_short", in.Known} {
			_, err = o.ByCookie(ctx, s)
			is(t, "what is no session", err, fault.Unauthenticated)
		}
	})
}

func TestTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		by, err := o.ByCookie(ctx, o.first(t))
		if err != nil {
			t.Fatal(err)
		}
		known := []string{"catalog:read", "catalog:write"}
		if all := []string{"auth:read", "auth:write", "catalog:read", "catalog:write"}; !slices.Equal(o.Scopes(), all) {
			t.Errorf("scopes %q, want %q", o.Scopes(), all)
		}
		month := o.now.Add(30 * 24 * time.Hour)
		for why, c := range map[string]struct {
			by      Actor
			name    string
			scopes  []string
			expires time.Time
			want    fault.Kind
		}{
			"without a name":        {by, " ", known, month, fault.Invalid},
			"for nothing":           {by, "ci", nil, month, fault.Invalid},
			"for what there is not": {by, "ci", []string{"moon:read"}, month, fault.Invalid},
			"that has expired":      {by, "ci", known, o.now, fault.Invalid},
			"for ever":              {by, "ci", known, o.now.AddDate(2, 0, 0), fault.Invalid},
			"made by a token":       {Actor{ID: by.ID, Kind: Person, Token: "t"}, "ci", known, month, fault.Forbidden},
		} {
			_, _, err := o.NewToken(ctx, c.by, c.by.ID, c.name, c.scopes, c.expires)
			is(t, "a token "+why, err, c.want)
		}
		made, secret, err := o.NewToken(ctx, by, by.ID, "ci", known[:1], month)
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprintf("%v %s %#v", secret, secret, secret); strings.Contains(text, secret.Reveal()) {
			t.Errorf("the secret can be printed: %s", text)
		}
		got, err := o.ByToken(ctx, secret)
		if err != nil || got.ID != by.ID || got.Token != made.ID || !slices.Equal(got.Scopes, known[:1]) {
			t.Errorf("the token acts as %+v, %v", got, err)
		}
		list, err := o.Tokens(ctx, by, by.ID)
		if err != nil || len(list) != 1 || list[0].Used == nil || list[0].Name != "ci" {
			t.Errorf("tokens %+v, %v", list, err)
		}
		is(t, "somebody else's token", o.RevokeToken(ctx, Actor{ID: "ben", Kind: Person}, made.ID), fault.NotFound)
		if err := o.RevokeToken(ctx, by, made.ID); err != nil {
			t.Fatal(err)
		}
		_, err = o.ByToken(ctx, secret)
		is(t, "a revoked token", err, fault.Unauthenticated)
		is(t, "revoking it again", o.RevokeToken(ctx, by, made.ID), fault.Conflict)
		_, secret, err = o.NewToken(ctx, by, by.ID, "ci", known, month)
		if err != nil {
			t.Fatal(err)
		}
		o.pass(30 * 24 * time.Hour)
		_, err = o.ByToken(ctx, secret)
		is(t, "an expired token", err, fault.Unauthenticated)
	})
}

// Two people who have the first link at the same moment do not both become
// administrators.
func TestOneBecomesFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		link, err := o.FirstLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 4)
		for n := range 4 {
			go func() {
				_, err := o.Service.BecomeFirst(ctx, link, "Ada", fmt.Sprintf("ada%d@meridian.example", n), words4, "")
				done <- err
			}()
		}
		won := 0
		for range 4 {
			if err := <-done; err == nil {
				won++
			} else if k := fault.KindOf(err); k != fault.NotFound && k != fault.Conflict {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d became the first administrator", won)
		}
	})
}
