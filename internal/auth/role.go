package auth

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Tenure is a time for which somebody has or had a role.
type Tenure struct {
	Role  Role
	Since time.Time
	Given PrincipalID // who gave it; "" is the program
	Giver string      // their name
	Until *time.Time  // nil while they have it
	Taken PrincipalID
	Taker string
}

// GiveRole gives a principal a role for the whole organisation. It is a
// Conflict if they have it.
func (s *Service) GiveRole(ctx context.Context, by Actor, id PrincipalID, r Role) error {
	return s.change(ctx, by, id, "auth.principal.give_role", func(tx store.Tx, p *Principal) error {
		if slices.Contains(p.Roles, r) {
			return fault.New(fault.Conflict, "they have the role %q already", r.Words())
		}
		if r == Administrator && p.Kind != Person {
			return fault.New(fault.Invalid, "a service cannot be an administrator: give it the roles that it needs")
		}
		return s.give(ctx, tx, by, p, r)
	})
}

// TakeRole ends a role of a principal. It is a Conflict if they do not have it,
// or if nobody would be administrator any more.
func (s *Service) TakeRole(ctx context.Context, by Actor, id PrincipalID, r Role) error {
	return s.change(ctx, by, id, "auth.principal.take_role", func(tx store.Tx, p *Principal) error {
		if !slices.Contains(p.Roles, r) {
			return fault.New(fault.Conflict, "they do not have the role %q", r.Words())
		}
		if r == Administrator {
			if err := s.keepOne(ctx, tx, p); err != nil {
				return err
			}
		}
		return s.take(ctx, tx, by, p, r)
	})
}

// keepOne refuses what would leave the organisation without somebody who can
// administer it.
func (s *Service) keepOne(ctx context.Context, tx store.Tx, p *Principal) error {
	if !slices.Contains(p.Roles, Administrator) || p.Disabled != nil {
		return nil
	}
	n, err := db.New(tx).OtherAdministrators(ctx, string(p.ID))
	if err != nil {
		return fmt.Errorf("count administrators: %w", err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "this is the only administrator: give somebody else the role first")
	}
	return nil
}

func (s *Service) take(ctx context.Context, tx store.Tx, by Actor, p *Principal, r Role) error {
	now := s.clock()
	_, err := db.New(tx).TakeRole(ctx, db.TakeRoleParams{
		Until: store.MaybeAt(&now), TakenBy: sql.NullString{String: string(by.ID), Valid: true}, Principal: string(p.ID), Role: string(r),
	})
	if err != nil {
		return fmt.Errorf("take role: %w", err)
	}
	p.Roles = slices.DeleteFunc(p.Roles, func(had Role) bool { return had == r })
	return s.journal.Record(ctx, tx, by, "auth.role.take_"+string(r), "principal", string(p.ID))
}

// RoleHistory returns the roles that a principal has and had, the latest
// first.
func (s *Service) RoleHistory(ctx context.Context, by Actor, id PrincipalID) (found []Tenure, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		p, err := s.find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.Can(by, "auth.principal.read_roles", p); err != nil {
			return err
		}
		rows, err := db.New(tx).RoleHistory(ctx, string(id))
		if err != nil {
			return fmt.Errorf("list roles: %w", err)
		}
		found = nil
		for _, r := range rows {
			t := Tenure{
				Role: Role(r.Role), Since: r.Since.Time, Given: PrincipalID(r.GivenBy), Giver: r.Giver,
				Until: r.Until.Ptr(), Taken: PrincipalID(r.TakenBy), Taker: r.Taker,
			}
			if r.GivenBy == "" {
				t.Giver = TheProgram("").Name
			}
			if t.Until != nil && r.TakenBy == "" {
				t.Taker = TheProgram("").Name
			}
			found = append(found, t)
		}
		return nil
	})
	return found, err
}

// Disable closes an account: its sessions and tokens end at once, and its
// links are void. What it did stays in the journal. The only administrator
// cannot be disabled, nor can somebody disable themselves.
func (s *Service) Disable(ctx context.Context, by Actor, id PrincipalID) error {
	return s.change(ctx, by, id, "auth.principal.disable", func(tx store.Tx, p *Principal) error {
		if p.Disabled != nil {
			return fault.New(fault.Conflict, "this account is closed already")
		}
		if err := s.keepOne(ctx, tx, p); err != nil {
			return err
		}
		now, q := s.clock(), db.New(tx)
		if err := q.Disable(ctx, db.DisableParams{DisabledAt: store.MaybeAt(&now), ID: string(id)}); err != nil {
			return fmt.Errorf("disable: %w", err)
		}
		if _, err := q.EndSessionsOf(ctx, db.EndSessionsOfParams{Principal: string(id)}); err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		if err := q.RevokeTokensOf(ctx, db.RevokeTokensOfParams{RevokedAt: store.MaybeAt(&now), Principal: string(id)}); err != nil {
			return fmt.Errorf("revoke tokens: %w", err)
		}
		if err := q.ForgetLinksOf(ctx, string(id)); err != nil {
			return fmt.Errorf("forget links: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "auth.principal.disable", "principal", string(id))
	})
}

// Enable opens a closed account again. Tokens stay revoked.
func (s *Service) Enable(ctx context.Context, by Actor, id PrincipalID) error {
	return s.change(ctx, by, id, "auth.principal.enable", func(tx store.Tx, p *Principal) error {
		if p.Disabled == nil {
			return fault.New(fault.Conflict, "this account is not closed")
		}
		if err := db.New(tx).Disable(ctx, db.DisableParams{ID: string(id)}); err != nil {
			return fmt.Errorf("enable: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "auth.principal.enable", "principal", string(id))
	})
}
