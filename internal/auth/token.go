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

// NewToken makes a token of the actor. It returns the secret, which nobody can
// see again. Scopes are those of actions, such as "catalog:read"; known lists
// those that there are. A token cannot make tokens.
func (s *Service) NewToken(ctx context.Context, by Actor, name string, scopes, known []string, expires time.Time) (Token, Secret, error) {
	now := s.clock()
	name = strings.TrimSpace(name)
	switch {
	case by.Token != "":
		return Token{}, "", fault.New(fault.Forbidden, "a token cannot make tokens: sign in")
	case name == "" || len(name) > 100:
		return Token{}, "", fault.New(fault.Invalid, "a token has a name of up to 100 characters, by which you know it again")
	case len(scopes) == 0:
		return Token{}, "", fault.New(fault.Invalid, "choose what the token is for: %s", strings.Join(known, ", "))
	case !now.Before(expires):
		return Token{}, "", fault.New(fault.Invalid, "the token would have expired already")
	case expires.Sub(now) > maxTokenTime:
		return Token{}, "", fault.New(fault.Invalid, "a token lasts a year at most")
	}
	for _, scope := range scopes {
		if !slices.Contains(known, scope) {
			return Token{}, "", fault.New(fault.Invalid, "there is no scope %q: there are %s", scope, strings.Join(known, ", "))
		}
	}
	t := Token{ID: newID(), Name: name, Scopes: scopes, Created: now, Expires: expires}
	secret := newSecret(tokenPrefix)
	err := s.db.Update(ctx, func(tx store.Tx) error {
		err := db.New(tx).AddToken(ctx, db.AddTokenParams{
			ID: t.ID, Secret: secret.sum(), Principal: string(by.ID), Name: name, Scopes: strings.Join(scopes, " "),
			CreatedAt: store.At(now), ExpiresAt: store.At(expires),
		})
		if err != nil {
			return fmt.Errorf("make token: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "auth.token.make", "token", t.ID)
	})
	return t, secret, err
}

// ByToken returns who a token acts for. It is Unauthenticated if the token has
// expired, was revoked, or never was.
func (s *Service) ByToken(ctx context.Context, secret Secret) (Actor, error) {
	invalid := fault.New(fault.Unauthenticated, "this token is not valid: it is unknown, expired or revoked")
	if !secret.is(tokenPrefix) {
		return Actor{}, invalid
	}
	now := s.clock()
	var row db.AuthToken
	var p *Principal
	err := s.db.View(ctx, func(tx store.Tx) (err error) {
		if row, err = db.New(tx).TokenBySecret(ctx, secret.sum()); err != nil {
			return err
		}
		p, err = s.find(ctx, tx, PrincipalID(row.Principal))
		return err
	})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Actor{}, invalid
	case err != nil:
		return Actor{}, fmt.Errorf("find token: %w", err)
	case row.RevokedAt.Valid, !now.Before(row.ExpiresAt.Time), p.Disabled != nil:
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
	by := p.actor()
	by.Token, by.Scopes = row.ID, strings.Fields(row.Scopes)
	return by, nil
}

// Tokens returns the tokens of the actor, the newest first.
func (s *Service) Tokens(ctx context.Context, by Actor) (found []Token, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		found = nil
		rows, err := db.New(tx).TokensOf(ctx, string(by.ID))
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

// RevokeToken makes a token of the actor invalid, at once. It is NotFound for a
// token that is not theirs, or is revoked.
func (s *Service) RevokeToken(ctx context.Context, by Actor, id string) error {
	now := s.clock()
	return s.db.Update(ctx, func(tx store.Tx) error {
		n, err := db.New(tx).RevokeToken(ctx, db.RevokeTokenParams{RevokedAt: store.MaybeAt(&now), ID: id, Principal: string(by.ID)})
		if err != nil {
			return fmt.Errorf("revoke token: %w", err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "you have no such token, or it is revoked already")
		}
		return s.journal.Record(ctx, tx, by, "auth.token.revoke", "token", id)
	})
}
