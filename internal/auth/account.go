package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// first is the purpose of a link to become the first administrator.
const first = "first"

// firstTime is how long such a link is good.
const firstTime = 24 * time.Hour

// FirstLink returns the secret of a link by which whoever has it becomes the
// first administrator, once. Links that were made before are void. It is a
// Conflict if there are accounts already.
func (s *Service) FirstLink(ctx context.Context) (Secret, error) {
	secret, now := newSecret(linkPrefix), s.clock()
	return secret, s.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		if err := isFirst(ctx, q); err != nil {
			return err
		}
		if err := q.ForgetLinks(ctx, db.ForgetLinksParams{Purpose: first}); err != nil {
			return err
		}
		return q.AddLink(ctx, db.AddLinkParams{
			Secret: secret.sum(), Purpose: first, CreatedAt: store.At(now), ExpiresAt: store.At(now.Add(firstTime)),
		})
	})
}

// IsNew reports whether there is no account yet.
func (s *Service) IsNew(ctx context.Context) (isNew bool, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		n, err := db.New(tx).CountPrincipals(ctx)
		isNew = n == 0
		return err
	})
	return isNew, err
}

func isFirst(ctx context.Context, q *db.Queries) error {
	n, err := q.CountPrincipals(ctx)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, "there is an administrator already: ask them for an invitation")
	}
	return err
}

// CheckFirst reports whether a link of FirstLink is good, for the page that
// asks for name and password.
func (s *Service) CheckFirst(ctx context.Context, link Secret) error {
	_, err := s.peek(ctx, link, first)
	return err
}

// BecomeFirst makes whoever has the link of FirstLink the first administrator,
// and signs them in.
func (s *Service) BecomeFirst(ctx context.Context, link Secret, name, email, password, device string) (Secret, error) {
	if err := s.CheckFirst(ctx, link); err != nil {
		return "", err
	}
	hash, email, err := s.newPassword(ctx, password, name, email)
	if err != nil {
		return "", err
	}
	var session Secret
	return session, s.db.Update(ctx, func(tx store.Tx) error {
		if _, err := s.use(ctx, tx, link, first); err != nil {
			return err
		}
		if err := isFirst(ctx, db.New(tx)); err != nil {
			return err
		}
		p, err := s.add(ctx, tx, TheProgram(From(ctx).Request), Person, name, email, true)
		if err != nil {
			return err
		}
		if err := s.give(ctx, tx, TheProgram(From(ctx).Request), p, Administrator); err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, p, hash); err != nil {
			return err
		}
		session, err = s.begin(ctx, tx, p, "link", device)
		return err
	})
}

// newPassword checks a new password and an address, and hashes the former
// outside of any transaction, for it takes long.
func (s *Service) newPassword(ctx context.Context, password, name, email string) (hash, normal string, err error) {
	if normal, err = normalEmail(email); err != nil {
		return "", "", err
	}
	if err := CheckPassword(password, name, normal); err != nil {
		return "", "", err
	}
	hash, err = s.hasher.hash(ctx, password)
	return hash, normal, err
}

// use takes a link that is good for a purpose, which it is no more then. The
// fault is NotFound, whatever is wrong with the link.
func (s *Service) use(ctx context.Context, tx store.Tx, link Secret, purpose string) (db.AuthLink, error) {
	if !link.is(linkPrefix) {
		return db.AuthLink{}, errVoid
	}
	q, now := db.New(tx), s.clock()
	row, err := q.Link(ctx, link.sum())
	if errors.Is(err, sql.ErrNoRows) || err == nil && row.Purpose != purpose {
		return db.AuthLink{}, errVoid
	}
	if err != nil {
		return db.AuthLink{}, fmt.Errorf("find link: %w", err)
	}
	n, err := q.UseLink(ctx, db.UseLinkParams{UsedAt: store.MaybeAt(&now), Secret: row.Secret})
	if err == nil && n == 0 {
		err = errVoid
	}
	return row, err
}

// add makes a principal.
func (s *Service) add(ctx context.Context, tx store.Tx, by Actor, kind Kind, name, email string, verified bool) (*Principal, error) {
	name, err := checkName(name)
	if err != nil {
		return nil, err
	}
	p := &Principal{ID: PrincipalID(newID()), Kind: kind, Name: name, Email: email, Verified: verified, Created: s.clock()}
	v := int64(0)
	if verified {
		v = 1
	}
	err = db.New(tx).AddPrincipal(ctx, db.AddPrincipalParams{
		ID: string(p.ID), Kind: string(kind), Name: name, Email: email, Verified: v, CreatedAt: store.At(p.Created),
	})
	if store.IsTaken(err) {
		return nil, fault.New(fault.Conflict, "there is an account with the address %s", email)
	}
	if err != nil {
		return nil, fmt.Errorf("add principal: %w", err)
	}
	return p, s.journal.Record(ctx, tx, by, "auth.principal.add", "principal", string(p.ID))
}

// give gives a role to a principal that does not have it.
func (s *Service) give(ctx context.Context, tx store.Tx, by Actor, p *Principal, r Role) error {
	err := db.New(tx).GiveRole(ctx, db.GiveRoleParams{Principal: string(p.ID), Role: string(r), Since: store.At(s.clock()), GivenBy: string(by.ID)})
	if err != nil {
		return fmt.Errorf("give role: %w", err)
	}
	p.Roles = append(p.Roles, r)
	return s.journal.Record(ctx, tx, by, "auth.role.give_"+string(r), "principal", string(p.ID))
}

func (s *Service) setPassword(ctx context.Context, tx store.Tx, p *Principal, hash string) error {
	err := db.New(tx).SetPassword(ctx, db.SetPasswordParams{Principal: string(p.ID), Hash: hash, ChangedAt: store.At(s.clock())})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}
