package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// An Identity is an account at an identity provider by which somebody signs in.
type Identity struct {
	ID      string
	Issuer  string
	Email   string // as the provider verified it when the two were linked
	Created time.Time
	Used    *time.Time
}

// Unlink separates an identity from the actor's account. It is a Conflict if
// they could not sign in any more.
func (s *Service) Unlink(ctx context.Context, by Actor, id string) error {
	return s.remove(ctx, by, "auth.identity.unlink", "identity", id, NoticeIdentity, func(q *db.Queries) (int64, error) {
		return q.RemoveIdentity(ctx, db.RemoveIdentityParams{ID: id, Principal: string(by.ID)})
	})
}

// claims are what a provider says of somebody.
type claims struct {
	issuer, subject string
	email           string // in the form in which addresses are compared; "" if none
	verified        bool   // that the address is theirs
	name            string
}

// known returns the account of an identity that is linked, or nil.
func (s *Service) known(ctx context.Context, tx store.Tx, c claims) (*Principal, error) {
	q := db.New(tx)
	row, err := q.Identity(ctx, db.IdentityParams{Issuer: c.issuer, Subject: c.subject})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find identity: %w", err)
	}
	now := s.clock()
	if err := q.UseIdentity(ctx, db.UseIdentityParams{UsedAt: store.MaybeAt(&now), ID: row.ID}); err != nil {
		return nil, fmt.Errorf("note the use of an identity: %w", err)
	}
	return s.find(ctx, tx, PrincipalID(row.Principal))
}

// byAddress returns the account that an identity belongs to by its address,
// which the provider must have verified, and so must we: whoever wrote somebody
// else's address into an account must not be joined with them. Without an
// account one is made for who is invited, or of whose domain everybody may
// join.
func (s *Service) byAddress(ctx context.Context, tx store.Tx, c claims, domains []string) (*Principal, error) {
	if c.email == "" || !c.verified {
		return nil, fault.New(fault.Forbidden, "the provider does not say that your address is verified: verify it there, or sign in another way")
	}
	q := db.New(tx)
	row, err := q.PrincipalByEmail(ctx, c.email)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		p, err := s.newcomer(ctx, tx, c, domains)
		if err != nil {
			return nil, err
		}
		return p, s.tie(ctx, tx, p, c)
	case err != nil:
		return nil, fmt.Errorf("find account: %w", err)
	}
	p := principal(db.PrincipalRow(row))
	if !p.Verified {
		return nil, fault.New(fault.Forbidden, "the address of your account here is not verified: sign in another way, and verify it")
	}
	if p.Disabled != nil {
		return p, nil // begin refuses
	}
	if err := s.notify(ctx, tx, p, NoticeIdentity); err != nil {
		return nil, err
	}
	return p, s.tie(ctx, tx, p, c)
}

// newcomer makes an account for somebody who may join.
func (s *Service) newcomer(ctx context.Context, tx store.Tx, c claims, domains []string) (*Principal, error) {
	name := c.name
	if _, err := checkName(name); err != nil {
		name, _, _ = strings.Cut(c.email, "@")
	}
	invitation, err := db.New(tx).OpenInvitation(ctx, c.email)
	switch {
	case err == nil && s.clock().Before(invitation.ExpiresAt.Time):
		if invitation.Name != "" {
			name = invitation.Name
		}
		return s.join(ctx, tx, invitation, name)
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("find invitation: %w", err)
	}
	if _, domain, _ := strings.Cut(c.email, "@"); !slices.Contains(domains, domain) {
		return nil, fault.New(fault.Forbidden, "there is no account with your address: ask an administrator for an invitation")
	}
	return s.add(ctx, tx, TheProgram(From(ctx).Request), Person, name, c.email, true)
}

// tie links an identity with an account.
func (s *Service) tie(ctx context.Context, tx store.Tx, p *Principal, c claims) error {
	now, id := s.clock(), newID()
	err := db.New(tx).AddIdentity(ctx, db.AddIdentityParams{
		ID: id, Principal: string(p.ID), Issuer: c.issuer, Subject: c.subject, Email: c.email,
		CreatedAt: store.At(now), UsedAt: store.MaybeAt(&now),
	})
	if err != nil {
		return fmt.Errorf("link identity: %w", err)
	}
	return s.journal.Record(ctx, tx, p.actor(ctx), "auth.identity.link", "identity", id)
}
