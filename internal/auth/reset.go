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

// AskReset has a letter sent by which the owner of an account chooses a new
// password. The answer is the same, and takes as long, whether there is such
// an account or not. Busy says that too many were asked for from an address.
func (s *Service) AskReset(ctx context.Context, email string, from netip.Addr) error {
	email, err := normalEmail(email)
	if err != nil {
		return err
	}
	send, err := s.throttle.TryLetter(email, from)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).PrincipalByEmail(ctx, email)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("find account: %w", err)
		}
		subject := row.AuthPrincipal.ID
		if !send || row.AuthPrincipal.DisabledAt.Valid {
			subject = "" // a row that no letter comes of
		}
		return s.ask(ctx, tx, ResetLetter, subject, "")
	})
}

// SendReset has such a letter sent to somebody, for an administrator whom they
// asked for help.
func (s *Service) SendReset(ctx context.Context, by Actor, id PrincipalID) error {
	return s.change(ctx, by, id, "auth.principal.reset", func(tx store.Tx, p *Principal) error {
		if p.Kind != Person || p.Disabled != nil {
			return fault.New(fault.Conflict, "only somebody with an open account can choose a new password")
		}
		if err := s.ask(ctx, tx, ResetLetter, string(id), ""); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, "auth.principal.reset", "principal", string(id))
	})
}

// CheckReset reports whether a link to choose a new password is good, for the
// page that asks for one.
func (s *Service) CheckReset(ctx context.Context, link Secret) error {
	_, err := s.peek(ctx, link, string(ResetLetter))
	return err
}

// Reset sets a new password for whoever has the link of a letter. All sessions
// of the account end, and all links to set a password are void. It does not
// sign in.
func (s *Service) Reset(ctx context.Context, link Secret, password string) error {
	row, err := s.peek(ctx, link, string(ResetLetter))
	if err != nil {
		return err
	}
	p, err := s.byID(ctx, PrincipalID(row.Subject))
	if err != nil {
		return err
	}
	hash, _, err := s.newPassword(ctx, password, p.Name, p.Email)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		row, err := s.use(ctx, tx, link, string(ResetLetter))
		if err != nil {
			return err
		}
		if p, err = s.find(ctx, tx, PrincipalID(row.Subject)); err != nil {
			return err
		}
		if p.Disabled != nil || p.Email != row.Email { // moved to another address since
			return errVoid
		}
		return s.replacePassword(ctx, tx, p.actor(ctx), p, hash, "auth.password.reset")
	})
}

// replacePassword sets a password, ends all sessions but the actor's, makes
// other links void, and tells the owner.
func (s *Service) replacePassword(ctx context.Context, tx store.Tx, by Actor, p *Principal, hash, action string) error {
	if err := s.setPassword(ctx, tx, p, hash); err != nil {
		return err
	}
	q := db.New(tx)
	if _, err := q.EndSessionsOf(ctx, db.EndSessionsOfParams{Principal: string(p.ID), ID: by.Session}); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	if err := q.ForgetLinks(ctx, db.ForgetLinksParams{Purpose: string(ResetLetter), Subject: string(p.ID)}); err != nil {
		return fmt.Errorf("forget links: %w", err)
	}
	if err := s.notify(ctx, tx, p, NoticePassword); err != nil {
		return err
	}
	return s.journal.Record(ctx, tx, by, action, "principal", string(p.ID))
}

// ErrOldPassword says that somebody who changes their password did not know it.
var ErrOldPassword = fault.New(fault.Invalid, "the old password is not right")

// ChangePassword gives the actor another password, and ends their other
// sessions. The old one is asked for again, so that a browser that was left
// open is not enough; who has none yet, because they sign in another way,
// leaves it empty. Tries count like those of signing in.
func (s *Service) ChangePassword(ctx context.Context, by Actor, old, password string, from netip.Addr) error {
	if err := s.Can(by, "auth.password.change", ownThing("password", by)); err != nil {
		return err
	}
	p, err := s.byID(ctx, by.ID)
	if err != nil {
		return err
	}
	_, now, _, err := s.account(ctx, p.Email, "")
	if err != nil {
		return err
	}
	if now != "" {
		if err := s.throttle.Try(p.Email, from, "session "+by.Session); err != nil {
			return err
		}
		ok, _, err := s.hasher.matches(ctx, old, now, true)
		if err != nil {
			return fmt.Errorf("compare password: %w", err)
		}
		if !ok {
			return ErrOldPassword
		}
		s.throttle.Succeeded(p.Email, "session "+by.Session)
	}
	hash, _, err := s.newPassword(ctx, password, p.Name, p.Email)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		if now == "" {
			if err := s.fresh(ctx, tx, by); err != nil {
				return err
			}
		}
		return s.replacePassword(ctx, tx, by, p, hash, "auth.password.change")
	})
}

// ownThing is something that belongs to the actor, as the policies see it.
func ownThing(kind string, by Actor) Entity {
	return Entity{Kind: kind, ID: string(by.ID), Attributes: map[string]any{"owner": by.ID, "owner_kind": string(by.Kind)}}
}

// AskAddress has a letter sent to an address that the actor says is theirs. It
// becomes the address of the account when the link is used, and not before.
// For the address of the account itself that proves that it is theirs.
func (s *Service) AskAddress(ctx context.Context, by Actor, email string, from netip.Addr) error {
	if err := s.Can(by, "auth.address.change", ownThing("address", by)); err != nil {
		return err
	}
	email, err := normalEmail(email)
	if err != nil {
		return err
	}
	send, err := s.throttle.TryLetter("address of "+string(by.ID), from)
	if err != nil {
		return err
	}
	if !send {
		return fault.New(fault.Busy, "there were many letters already: look for one, or wait half an hour")
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		if err := s.fresh(ctx, tx, by); err != nil {
			return err
		}
		if err := s.ask(ctx, tx, AddressLetter, string(by.ID), email); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, "auth.address.ask", "principal", string(by.ID))
	})
}

// VerifyAddress makes the address to which a link was sent the verified
// address of the account that asked for it. It is a Conflict if another
// account has the address.
func (s *Service) VerifyAddress(ctx context.Context, link Secret) error {
	return s.db.Update(ctx, func(tx store.Tx) error {
		row, err := s.use(ctx, tx, link, string(AddressLetter))
		if err != nil {
			return err
		}
		p, err := s.find(ctx, tx, PrincipalID(row.Subject))
		if err != nil {
			return err
		}
		if p.Disabled != nil {
			return errVoid
		}
		err = db.New(tx).SetEmail(ctx, db.SetEmailParams{Email: row.Email, ID: row.Subject})
		if store.IsTaken(err) {
			return fault.New(fault.Conflict, "another account has this address: ask an administrator")
		}
		if err != nil {
			return fmt.Errorf("set address: %w", err)
		}
		if err := db.New(tx).ForgetLinks(ctx, db.ForgetLinksParams{Purpose: string(ResetLetter), Subject: row.Subject}); err != nil {
			return fmt.Errorf("forget links: %w", err)
		}
		if p.Email != row.Email {
			if err := s.notify(ctx, tx, p, NoticeAddress); err != nil { // to the address before
				return err
			}
		}
		return s.journal.Record(ctx, tx, p.actor(ctx), "auth.address.verify", "principal", row.Subject)
	})
}
