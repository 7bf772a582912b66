package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// Means are what somebody can sign in with.
type Means struct {
	Password   bool
	Passkeys   []Passkey
	Identities []Identity
}

// count returns how many means there are.
func (m Means) count() int {
	n := len(m.Passkeys) + len(m.Identities)
	if m.Password {
		n++
	}
	return n
}

// Means returns what the actor can sign in with.
func (s *Service) Means(ctx context.Context, by Actor) (m Means, err error) {
	if err := s.Can(by, "auth.passkey.read", ownThing("passkey", by)); err != nil {
		return m, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		m, err = s.means(ctx, tx, by.ID)
		return err
	})
	return m, err
}

func (s *Service) means(ctx context.Context, tx store.Tx, of PrincipalID) (m Means, err error) {
	q := db.New(tx)
	switch _, err := q.Password(ctx, string(of)); {
	case err == nil:
		m.Password = true
	case !errors.Is(err, sql.ErrNoRows):
		return m, fmt.Errorf("find password: %w", err)
	}
	keys, err := q.PasskeysOf(ctx, string(of))
	if err != nil {
		return m, fmt.Errorf("list passkeys: %w", err)
	}
	for _, k := range keys {
		m.Passkeys = append(m.Passkeys, Passkey{ID: k.ID, Name: k.Name, Created: k.CreatedAt.Time, Used: k.UsedAt.Ptr()})
	}
	identities, err := q.IdentitiesOf(ctx, string(of))
	if err != nil {
		return m, fmt.Errorf("list identities: %w", err)
	}
	for _, i := range identities {
		m.Identities = append(m.Identities, Identity{
			ID: i.ID, Issuer: i.Issuer, Email: i.Email, Created: i.CreatedAt.Time, Used: i.UsedAt.Ptr(),
		})
	}
	return m, nil
}

// remove takes one means of sign-in away from the actor, but not the last.
func (s *Service) remove(ctx context.Context, by Actor, action Action, kind, id string, letter LetterKind, f func(*db.Queries) (int64, error)) error {
	if err := s.Can(by, action, ownThing(kind, by)); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		if err := s.fresh(ctx, tx, by); err != nil {
			return err
		}
		n, err := f(db.New(tx))
		if err != nil {
			return fmt.Errorf("remove %s: %w", kind, err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "you have no such %s; it may be removed already", kind)
		}
		m, err := s.means(ctx, tx, by.ID)
		if err != nil {
			return err
		}
		if m.count() == 0 {
			return fault.New(fault.Conflict, "you could not sign in any more: add a passkey or a password first")
		}
		p, err := s.find(ctx, tx, by.ID)
		if err != nil {
			return err
		}
		if err := s.notify(ctx, tx, p, letter); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, string(action), kind, id)
	})
}
