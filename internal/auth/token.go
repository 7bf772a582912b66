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

// maxTokenTime is how long a token lasts at most.
const maxTokenTime = 366 * 24 * time.Hour

// A Token lets a program act for its owner, within scopes, until it expires.
type Token struct {
	ID      string
	Name    string // what its owner calls it
	Scopes  []string
	Created time.Time
	Expires time.Time
	Used    *time.Time // to about five minutes
	Revoked *time.Time
}

// tokenThing is a token as the policies see it.
func tokenThing(id string, owner *Principal) Entity {
	return Entity{Kind: "token", ID: id, Attributes: map[string]any{"owner": owner.ID, "owner_kind": string(owner.Kind)}}
}

// owner returns a principal if an actor may do something with their tokens.
// Who may not does not learn whether there is such a principal.
func (s *Service) owner(ctx context.Context, tx store.Tx, by Actor, action Action, id PrincipalID) (*Principal, error) {
	p, missing := s.find(ctx, tx, id)
	if fault.KindOf(missing) == fault.NotFound {
		p = &Principal{ID: id}
	} else if missing != nil {
		return nil, missing
	}
	if err := s.Can(by, action, tokenThing("", p)); err != nil {
		return nil, err
	}
	return p, missing
}

// NewToken makes a token of a principal: one's own, or for an administrator
// that of a service. It returns the secret, which nobody can see again. Scopes
// are some of Authority.Scopes.
func (s *Service) NewToken(ctx context.Context, by Actor, of PrincipalID, name string, scopes []string, expires time.Time) (Token, Secret, error) {
	now := s.clock()
	name = strings.TrimSpace(name)
	switch known := s.Scopes(); {
	case name == "" || len(name) > 100:
		return Token{}, "", fault.New(fault.Invalid, "a token has a name of up to 100 characters, by which you know it again")
	case len(scopes) == 0:
		return Token{}, "", fault.New(fault.Invalid, "choose what the token is for: %s", strings.Join(known, ", "))
	case !now.Before(expires):
		return Token{}, "", fault.New(fault.Invalid, "the token would have expired already")
	case expires.Sub(now) > maxTokenTime:
		return Token{}, "", fault.New(fault.Invalid, "a token lasts a year at most")
	default:
		for _, scope := range scopes {
			if !slices.Contains(known, scope) {
				return Token{}, "", fault.New(fault.Invalid, "there is no scope %q: there are %s", scope, strings.Join(known, ", "))
			}
		}
	}
	t := Token{ID: newID(), Name: name, Scopes: scopes, Created: now, Expires: expires}
	secret := newSecret(tokenPrefix)
	err := s.db.Update(ctx, func(tx store.Tx) error {
		p, err := s.owner(ctx, tx, by, "auth.token.make", of)
		if err != nil {
			return err
		}
		if p.Disabled != nil {
			return fault.New(fault.Conflict, "this account is closed")
		}
		err = db.New(tx).AddToken(ctx, db.AddTokenParams{
			ID: t.ID, Secret: secret.sum(), Principal: string(of), Name: name, Scopes: strings.Join(scopes, " "),
			CreatedAt: store.At(now), ExpiresAt: store.At(expires),
		})
		if err != nil {
			return fmt.Errorf("make token: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "auth.token.make", "token", t.ID)
	})
	if err != nil {
		return Token{}, "", err
	}
	return t, secret, nil
}

// ByToken returns who a token acts for. It is Unauthenticated if the token has
// expired, was revoked, or never was.
func (s *Service) ByToken(ctx context.Context, secret Secret) (Actor, error) {
	invalid := fault.New(fault.Unauthenticated, "this token is not valid: it is unknown, expired or revoked")
	if !secret.is(tokenPrefix) {
		return Actor{}, invalid
	}
	now := s.clock()
	var row db.TokenBySecretRow
	err := s.db.Glance(ctx, func(tx store.Tx) (err error) {
		row, err = db.New(tx).TokenBySecret(ctx, secret.sum())
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, invalid
	}
	if err != nil {
		return Actor{}, fmt.Errorf("find token: %w", err)
	}
	if row.RevokedAt.Valid || !now.Before(row.ExpiresAt.Time) || row.DisabledAt.Valid {
		return Actor{}, invalid
	}
	if used := row.UsedAt.Ptr(); used == nil || now.Sub(*used) >= seenEvery {
		err := s.db.Update(ctx, func(tx store.Tx) error {
			return db.New(tx).UseToken(ctx, db.UseTokenParams{UsedAt: store.MaybeAt(&now), ID: row.ID})
		})
		if err != nil {
			return Actor{}, fmt.Errorf("note the use of a token: %w", err)
		}
	}
	return Actor{
		ID: PrincipalID(row.Principal), Kind: Kind(row.Kind), Name: row.Name, Roles: held(row.Roles),
		Token: row.ID, Scopes: strings.Fields(row.Scopes), Request: From(ctx).Request,
	}, nil
}

// Tokens returns the tokens of a principal, the newest first.
func (s *Service) Tokens(ctx context.Context, by Actor, of PrincipalID) (found []Token, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		if _, err := s.owner(ctx, tx, by, "auth.token.read", of); err != nil {
			return err
		}
		found = nil
		rows, err := db.New(tx).TokensOf(ctx, string(of))
		for _, r := range rows {
			found = append(found, Token{
				ID: r.ID, Name: r.Name, Scopes: strings.Fields(r.Scopes),
				Created: r.CreatedAt.Time, Expires: r.ExpiresAt.Time, Used: r.UsedAt.Ptr(), Revoked: r.RevokedAt.Ptr(),
			})
		}
		return err
	})
	return found, err
}

// RevokeToken makes a token invalid, at once. It is NotFound for one that the
// actor may not see, and a Conflict for one that is revoked.
func (s *Service) RevokeToken(ctx context.Context, by Actor, id string) error {
	now := s.clock()
	return s.db.Update(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).Token(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such token")
		}
		if err != nil {
			return fmt.Errorf("find token: %w", err)
		}
		p, err := s.find(ctx, tx, PrincipalID(row.Principal))
		if err != nil {
			return err
		}
		if err := s.Can(by, "auth.token.revoke", tokenThing(id, p)); err != nil {
			return err
		}
		if row.RevokedAt.Valid {
			return fault.New(fault.Conflict, "this token is revoked already")
		}
		if err := db.New(tx).RevokeToken(ctx, db.RevokeTokenParams{RevokedAt: store.MaybeAt(&now), ID: id}); err != nil {
			return fmt.Errorf("revoke token: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "auth.token.revoke", "token", id)
	})
}
