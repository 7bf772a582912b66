package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A SignIn is an attempt to sign in by password.
type SignIn struct {
	Email    string
	Password string
	From     netip.Addr
	// Known is the secret of a cookie that this browser got when somebody
	// signed in before; "" if it has none.
	Known  Secret
	Device string // kind of browser and system, for the list of sessions
}

// SignedIn are the secrets of the two cookies of who signed in.
type SignedIn struct {
	Session Secret
	// Known is for the browser to keep: wrong passwords from elsewhere do not
	// lock out whoever has it.
	Known Secret
}

// errWrong does not tell whether there is such an account.
var errWrong = fault.New(fault.Unauthenticated, "the address or the password is wrong")

// ByPassword signs in. The fault is Unauthenticated for a wrong address or
// password alike, and Busy after too many of them.
func (s *Service) ByPassword(ctx context.Context, in SignIn) (SignedIn, error) {
	email, err := normalEmail(in.Email)
	if err != nil {
		return SignedIn{}, errWrong
	}
	p, hash, known, err := s.account(ctx, email, in.Known)
	if err != nil {
		return SignedIn{}, err
	}
	browser := ""
	if known {
		browser = in.Known.sum()
	}
	if err := s.throttle.Try(email, in.From, browser); err != nil {
		return SignedIn{}, err
	}
	ok, outdated, err := s.hasher.matches(ctx, in.Password, hash, known)
	if err != nil {
		return SignedIn{}, fmt.Errorf("compare password: %w", err)
	}
	if !ok {
		return SignedIn{}, errWrong
	}
	s.throttle.Succeeded(email, browser)
	if outdated {
		if hash, err = s.hasher.hash(ctx, in.Password); err != nil {
			return SignedIn{}, err
		}
	}
	out := SignedIn{Known: in.Known}
	if !known {
		out.Known = newSecret(devicePrefix)
	}
	return out, s.db.Update(ctx, func(tx store.Tx) (err error) {
		if outdated {
			if err := s.setPassword(ctx, tx, p, hash); err != nil {
				return err
			}
		}
		if err := s.know(ctx, tx, p, out.Known); err != nil {
			return err
		}
		out.Session, err = s.begin(ctx, tx, p, "password", in.Device)
		return err
	})
}

// account returns the account of an address with the hash of its password, and
// whether it was signed in to before in this browser. Without an account, or
// for one without a password, the hash is empty.
func (s *Service) account(ctx context.Context, email string, cookie Secret) (p *Principal, hash string, known bool, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		row, err := q.PrincipalByEmail(ctx, email)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		p = principal(db.PrincipalRow(row))
		switch password, err := q.Password(ctx, string(p.ID)); {
		case err == nil:
			hash = password.Hash
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		if !cookie.is(devicePrefix) {
			return nil
		}
		n, err := q.IsDevice(ctx, db.IsDeviceParams{Secret: cookie.sum(), Principal: string(p.ID)})
		known = n > 0
		return err
	})
	if err != nil {
		return nil, "", false, fmt.Errorf("find account: %w", err)
	}
	return p, hash, known, nil
}

// remember notes that somebody signed in to an account in a browser, and
// returns the cookie by which it is known from now on: the one that it has, if
// it is of this account, or else a new one.
func (s *Service) remember(ctx context.Context, tx store.Tx, p *Principal, cookie Secret) (Secret, error) {
	known := int64(0)
	if cookie.is(devicePrefix) {
		var err error
		if known, err = db.New(tx).IsDevice(ctx, db.IsDeviceParams{Secret: cookie.sum(), Principal: string(p.ID)}); err != nil {
			return "", fmt.Errorf("find the browser: %w", err)
		}
	}
	if known == 0 {
		cookie = newSecret(devicePrefix)
	}
	return cookie, s.know(ctx, tx, p, cookie)
}

// know notes that somebody signed in to an account in a browser.
func (s *Service) know(ctx context.Context, tx store.Tx, p *Principal, cookie Secret) error {
	err := db.New(tx).SeeDevice(ctx, db.SeeDeviceParams{Secret: cookie.sum(), Principal: string(p.ID), SeenAt: store.At(s.clock())})
	if err != nil {
		return fmt.Errorf("note the browser: %w", err)
	}
	return nil
}
