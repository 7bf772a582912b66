package auth

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

const another = "walrus tide lamp otter"

func TestPasswordReset(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		desk := o.first(t)
		for _, email := range []string{"ada@meridian.example", "nobody@meridian.example"} {
			if err := o.AskReset(ctx, email, address(1)); err != nil {
				t.Errorf("the answer for %s is %v", email, err)
			}
		}
		if o.letters() != 2 {
			t.Errorf("%d letters were asked for: an account that does not exist must take as long as one that does", o.letters())
		}
		if _, err := o.Write(ctx, o.inbox.ids[1]); !errors.Is(err, ErrNoLetter) {
			t.Errorf("somebody who has no account gets a letter: %v", err)
		}
		one, err := o.Write(ctx, o.inbox.ids[0])
		if err != nil || one.Email != "ada@meridian.example" || !one.Expires.Equal(o.now.Add(time.Hour)) {
			t.Fatalf("the letter is %+v, %v", one, err)
		}
		two, err := o.Write(ctx, o.inbox.ids[0]) // the job ran again
		if err != nil {
			t.Fatal(err)
		}
		is(t, "a weak password", o.Reset(ctx, one.Link, "ada@meridian"), fault.Invalid)
		is(t, "a link of another kind", o.VerifyAddress(ctx, one.Link), fault.NotFound)
		if err := o.Reset(ctx, one.Link, another); err != nil {
			t.Fatal(err)
		}
		is(t, "the same link again", o.Reset(ctx, one.Link, words4), fault.NotFound)
		is(t, "another link of that time", o.CheckReset(ctx, two.Link), fault.NotFound)
		_, err = o.ByCookie(ctx, desk)
		is(t, "a session of before", err, fault.Unauthenticated)
		if _, err := o.signIn(t, another, 1, ""); err != nil {
			t.Errorf("the new password does not let in: %v", err)
		}
		if l := o.letter(t); l.Kind != NoticePassword || l.Link != "" {
			t.Errorf("ada is not told: %+v", l)
		}

		if err := o.AskReset(ctx, "ada@meridian.example", address(1)); err != nil {
			t.Fatal(err)
		}
		late := o.letter(t)
		o.pass(resetTime)
		is(t, "a link after an hour", o.Reset(ctx, late.Link, words4), fault.NotFound)
		o.pass(letterTime)
		if _, err := o.Write(ctx, o.inbox.ids[len(o.inbox.ids)-1]); !errors.Is(err, ErrNoLetter) {
			t.Errorf("a letter is still sent two days later: %v", err)
		}
	})
}

// Somebody who asks for letters in the name of ada does not keep her from
// having a good one, and does not fill her inbox.
func TestResetLettersAreBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		o.first(t)
		sent := 0
		for n := range 60 { // one a minute, from everywhere
			if err := o.AskReset(ctx, "ada@meridian.example", address(n)); err != nil {
				t.Fatal(err)
			}
			if _, err := o.Write(ctx, o.inbox.ids[n]); err == nil {
				sent++
			}
			o.pass(time.Minute)
		}
		if sent < 3 || sent > lettersAtOnce+3 {
			t.Errorf("ada got %d letters in an hour", sent)
		}
		var busy error
		for range 2 * fromOneAddress {
			if err := o.AskReset(ctx, "ben@meridian.example", address(1)); err != nil {
				busy = err
			}
		}
		is(t, "who asks too often from one address", busy, fault.Busy)
	})
}

func TestChangePassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		desk := o.first(t)
		ada := o.at(t, desk)
		phone, err := o.signIn(t, words4, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		is(t, "a wrong old password", o.ChangePassword(ctx, ada, another, another, address(1)), fault.Invalid)
		is(t, "none", o.ChangePassword(ctx, ada, "", another, address(1)), fault.Invalid)
		is(t, "a weak one", o.ChangePassword(ctx, ada, words4, "password1234", address(1)), fault.Invalid)
		if err := o.ChangePassword(ctx, ada, words4, another, address(1)); err != nil {
			t.Fatal(err)
		}
		if _, err := o.ByCookie(ctx, desk); err != nil {
			t.Errorf("the session in which she did it ended: %v", err)
		}
		_, err = o.ByCookie(ctx, phone.Session)
		is(t, "another session", err, fault.Unauthenticated)
		_, err = o.signIn(t, words4, 1, "")
		is(t, "the old password", err, fault.Unauthenticated)
		if !slices.Contains(o.journalled(t), string(ada.ID)+" auth.password.change "+string(ada.ID)) {
			t.Errorf("the journal has %q", o.journalled(t))
		}
		var busy error
		for range 3 * onOneAccount {
			if err := o.ChangePassword(ctx, ada, "guess guess guess", another, address(1)); fault.KindOf(err) == fault.Busy {
				busy = err
			}
		}
		is(t, "guessing in a browser that was left open", busy, fault.Busy)
		o.pass(time.Minute)
		if _, err := o.signIn(t, another, 2, ""); err != nil {
			t.Errorf("ada is locked out by that: %v", err)
		}
	})
}

// Somebody without a password sets one only right after they signed in.
func TestFirstPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		o.first(t)
		ben := o.guest(t)
		o.pass(freshTime + time.Minute)
		if err := o.ChangePassword(ctx, ben, "", words4, address(1)); !errors.Is(err, ErrStale) {
			t.Errorf("in an old session: %v", err)
		}
		o.pass(-freshTime)
		if err := o.ChangePassword(ctx, ben, "", words4, address(1)); err != nil {
			t.Error(err)
		}
	})
}

func TestAddresses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		o.hire(t, ada, "Ben Sand", "ben@meridian.example")
		if err := o.AskAddress(ctx, ada, "ada@quay.example", address(1)); err != nil {
			t.Fatal(err)
		}
		l := o.letter(t)
		if l.Email != "ada@quay.example" {
			t.Errorf("the letter goes to %s", l.Email)
		}
		if p, _ := o.Person(ctx, ada, ada.ID); p.Email != "ada@meridian.example" {
			t.Errorf("the address changed before it was verified: %s", p.Email)
		}
		if err := o.AskReset(ctx, "ada@meridian.example", address(1)); err != nil {
			t.Fatal(err)
		}
		reset := o.letter(t)
		if err := o.VerifyAddress(ctx, l.Link); err != nil {
			t.Fatal(err)
		}
		if p, _ := o.Person(ctx, ada, ada.ID); p.Email != "ada@quay.example" || !p.Verified {
			t.Errorf("the account is %+v", p)
		}
		is(t, "a link that went to the address before", o.Reset(ctx, reset.Link, another), fault.NotFound)
		if n := o.letter(t); n.Kind != NoticeAddress || n.Email != "ada@meridian.example" {
			t.Errorf("the address before is not told: %+v", n)
		}
		if err := o.AskAddress(ctx, ada, "ben@meridian.example", address(1)); err != nil {
			t.Fatal(err)
		}
		is(t, "an address of another account", o.VerifyAddress(ctx, o.letter(t).Link), fault.Conflict)
		o.pass(freshTime + time.Second)
		if err := o.AskAddress(ctx, ada, "ada@sea.example", address(1)); !errors.Is(err, ErrStale) {
			t.Errorf("in an old session: %v", err)
		}
	})
}

func TestPrune(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		ada := o.ada(t)
		if err := o.AskReset(ctx, "ada@meridian.example", address(1)); err != nil {
			t.Fatal(err)
		}
		o.letter(t)
		if n, err := o.Prune(ctx); n != 0 || err != nil {
			t.Errorf("%d rows were deleted too early, %v", n, err)
		}
		o.pass(31 * 24 * time.Hour)
		// The first link, the session, the letter and its link.
		if n, err := o.Prune(ctx); n != 4 || err != nil {
			t.Errorf("%d rows were deleted, %v", n, err)
		}
		if _, err := o.Person(ctx, ada, ada.ID); err != nil {
			t.Error(err)
		}
	})
}
