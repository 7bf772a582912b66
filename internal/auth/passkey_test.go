package auth

import (
	"errors"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/auth/authtest/softkey"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

const origin = "https://cadre.meridian.example"

func openPasskeys(t *testing.T, o *office) *Passkeys {
	t.Helper()
	k, err := NewPasskeys(o.Service, origin+"/people/", "Cadre")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// key adds a passkey to an account.
func key(t *testing.T, k *Passkeys, by Actor, name string) *softkey.Key {
	t.Helper()
	options, err := k.BeginAdd(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	made := softkey.New(t, "cadre.meridian.example", origin)
	if _, err := k.FinishAdd(t.Context(), by, name, made.Create(t, options)); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestPasskeysAreAdded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		k := openPasskeys(t, o)
		ada := o.ada(t)
		ben := o.hire(t, ada, "Ben Sand", "ben@meridian.example")
		begin := func() []byte {
			options, err := k.BeginAdd(ctx, ada)
			if err != nil {
				t.Fatal(err)
			}
			return options
		}
		for why, spoil := range map[string]func(*softkey.Key){
			"a key of another site":                  func(key *softkey.Key) { key.Site = "evil.example" },
			"a page of another origin":               func(key *softkey.Key) { key.Origin = "https://evil.example" },
			"a device that checked nobody":           func(key *softkey.Key) { key.Unlocked = false },
			"a page of the same host without secret": func(key *softkey.Key) { key.Origin = "http://cadre.meridian.example" },
		} {
			made := softkey.New(t, "cadre.meridian.example", origin)
			spoil(made)
			_, err := k.FinishAdd(ctx, ada, "laptop", made.Create(t, begin()))
			is(t, why, err, fault.Invalid)
		}
		made := softkey.New(t, "cadre.meridian.example", origin)
		answer := made.Create(t, begin())
		_, err := k.FinishAdd(ctx, ben, "laptop", answer)
		is(t, "somebody else's challenge", err, fault.Invalid)
		_, err = k.FinishAdd(ctx, ada, "laptop", answer)
		is(t, "which is used up by that", err, fault.Invalid)
		answer = made.Create(t, begin())
		o.pass(challengeTime)
		_, err = k.FinishAdd(ctx, ada, "laptop", answer)
		is(t, "a challenge after five minutes", err, fault.Invalid)
		_, err = k.FinishAdd(ctx, ada, " ", made.Create(t, begin()))
		is(t, "a key without a name", err, fault.Invalid)
		_, err = k.FinishAdd(ctx, ada, "laptop", []byte(`{"id":"x"}`))
		is(t, "an answer that is none", err, fault.Invalid)

		if _, err := k.FinishAdd(ctx, ada, "laptop", made.Create(t, begin())); err != nil {
			t.Fatal(err)
		}
		if l := o.letter(t); l.Kind != NoticePasskey {
			t.Errorf("ada is not told: %+v", l)
		}
		_, err = k.FinishAdd(ctx, ada, "again", made.Create(t, begin()))
		is(t, "the same key twice", err, fault.Conflict)
		m, err := k.Means(ctx, ada)
		if err != nil || len(m.Passkeys) != 1 || m.Passkeys[0].Name != "laptop" {
			t.Fatalf("ada signs in by %+v, %v", m, err)
		}
		if err := k.RenamePasskey(ctx, ada, m.Passkeys[0].ID, "work laptop"); err != nil {
			t.Error(err)
		}
		is(t, "renaming somebody else's", k.RenamePasskey(ctx, ben, m.Passkeys[0].ID, "mine"), fault.NotFound)
		is(t, "removing somebody else's", k.RemovePasskey(ctx, ben, m.Passkeys[0].ID), fault.NotFound)
		o.pass(freshTime)
		if _, err := k.BeginAdd(ctx, ada); !errors.Is(err, ErrStale) {
			t.Errorf("in an old session: %v", err)
		}
	})
}

func TestSignInByPasskey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		k := openPasskeys(t, o)
		ada := o.ada(t)
		laptop := key(t, k, ada, "laptop")
		begin := func() []byte {
			options, err := k.BeginSignIn(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return options
		}
		answer := laptop.Sign(t, begin())
		in, err := k.SignIn(ctx, answer, SignIn{Device: "Firefox"})
		if err != nil {
			t.Fatal(err)
		}
		if by := o.at(t, in.Session); by.ID != ada.ID || in.Known == "" {
			t.Errorf("ada is %+v", by)
		}
		_, err = k.SignIn(ctx, answer, SignIn{})
		is(t, "the same answer again", err, fault.Invalid)
		answer = laptop.Sign(t, begin())
		o.pass(challengeTime)
		_, err = k.SignIn(ctx, answer, SignIn{})
		is(t, "an answer after five minutes", err, fault.Invalid)

		copied := *laptop
		copied.Counter = 0
		_, err = k.SignIn(ctx, copied.Sign(t, begin()), SignIn{})
		is(t, "a counter that went backwards", err, fault.Unauthenticated)
		if _, err = k.SignIn(ctx, laptop.Sign(t, begin()), SignIn{}); err != nil {
			t.Errorf("the key itself does not let in after that: %v", err)
		}
		for why, spoil := range map[string]func(*softkey.Key){
			"a page of another origin":     func(key *softkey.Key) { key.Origin = "https://evil.example" },
			"a device that checked nobody": func(key *softkey.Key) { key.Unlocked = false },
			"another owner":                func(key *softkey.Key) { key.Owner = "ben" },
			"a key that nobody added":      func(key *softkey.Key) { key.ID = []byte("0123456789abcdef") },
			"another key under its id": func(key *softkey.Key) {
				id, owner := key.ID, key.Owner
				*key = *softkey.New(t, "cadre.meridian.example", origin)
				key.ID, key.Owner, key.Counter = id, owner, 99
			},
		} {
			spoilt := *laptop
			spoil(&spoilt)
			_, err = k.SignIn(ctx, spoilt.Sign(t, begin()), SignIn{})
			is(t, why, err, fault.Unauthenticated)
		}
		_, err = k.SignIn(ctx, laptop.Sign(t, mustAdd(t, k, o.at(t, mustIn(t, k, laptop)))), SignIn{})
		is(t, "a challenge to add a key", err, fault.Invalid)
	})
}

func mustIn(t *testing.T, k *Passkeys, key *softkey.Key) Secret {
	t.Helper()
	options, err := k.BeginSignIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in, err := k.SignIn(t.Context(), key.Sign(t, options), SignIn{})
	if err != nil {
		t.Fatal(err)
	}
	return in.Session
}

func mustAdd(t *testing.T, k *Passkeys, by Actor) []byte {
	t.Helper()
	options, err := k.BeginAdd(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return options
}

// A challenge is good for what it was made for.
func TestChallengesHaveAPurpose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		for _, purpose := range []string{toAddPasskey, toSignIn, atProvider} {
			if err := o.challenge(ctx, "word", purpose, "", "browser", time.Minute, 7); err != nil {
				t.Fatal(err)
			}
			var n int
			_, err := o.answered(ctx, "word", "another", "browser", &n)
			is(t, purpose+" answered as another", err, fault.Invalid)
			_, err = o.answered(ctx, "word", purpose, "browser", &n)
			is(t, purpose+" after that", err, fault.Invalid)
		}
	})
}

// A passkey goes, but not the last means of sign-in; and a closed account lets
// nobody in.
func TestPasskeysAreRemoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		k := openPasskeys(t, o)
		ada := o.ada(t)
		ben := o.guest(t)
		phone := key(t, k, ben, "phone")
		m, err := k.Means(ctx, ben)
		if err != nil || m.Password || len(m.Passkeys) != 1 {
			t.Fatalf("ben signs in by %+v, %v", m, err)
		}
		is(t, "the last means of sign-in", k.RemovePasskey(ctx, ben, m.Passkeys[0].ID), fault.Conflict)
		key(t, k, ben, "tablet")
		if err := k.RemovePasskey(ctx, ben, m.Passkeys[0].ID); err != nil {
			t.Fatal(err)
		}
		options, err := k.BeginSignIn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.SignIn(ctx, phone.Sign(t, options), SignIn{})
		is(t, "a key that was removed", err, fault.Unauthenticated)

		o.pass(freshTime + time.Second)
		if m, err = k.Means(ctx, ben); err != nil {
			t.Fatal(err)
		}
		if err := k.RemovePasskey(ctx, ben, m.Passkeys[0].ID); !errors.Is(err, ErrStale) {
			t.Errorf("in an old session: %v", err)
		}
		o.pass(-freshTime)
		tablet := key(t, k, ben, "watch")
		if err := o.Disable(ctx, ada, ben.ID); err != nil {
			t.Fatal(err)
		}
		if options, err = k.BeginSignIn(ctx); err != nil {
			t.Fatal(err)
		}
		_, err = k.SignIn(ctx, tablet.Sign(t, options), SignIn{})
		is(t, "a closed account", err, fault.Unauthenticated)
	})
}

func TestPasskeysNeedASite(t *testing.T) {
	for site, ok := range map[string]bool{
		"https://cadre.example": true, "http://localhost:8080": true, "http://cadre.example": false, "cadre.example": false, "": false,
	} {
		if _, err := NewPasskeys(nil, site, "Cadre"); (err == nil) != ok {
			t.Errorf("%q: %v", site, err)
		}
	}
}
