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

// How long a session lasts: so long without a request, and so long in all
// (OWASP ASVS 5.0 §7.3: both bounds are documented and kept).
const (
	idleTime    = 12 * time.Hour
	sessionTime = 14 * 24 * time.Hour
	// seenEvery is how exact "last seen" is: a write for every request would
	// cost more than it tells.
	seenEvery = 5 * time.Minute
)

// A Session is one browser in which somebody is signed in.
type Session struct {
	ID      string
	Means   string // how they signed in: password, passkey, link, demo, or the name of a provider
	Device  string // kind of browser and system
	Created time.Time
	Seen    time.Time // to about five minutes
	Expires time.Time
}

// begin starts a session of a principal, in the transaction that signs in.
func (s *Service) begin(ctx context.Context, tx store.Tx, p *Principal, means, device string) (Secret, error) {
	if p.Disabled != nil {
		return "", fault.New(fault.Forbidden, "this account is closed: ask an administrator")
	}
	secret, now := newSecret(sessionPrefix), s.clock()
	id := newID()
	err := db.New(tx).AddSession(ctx, db.AddSessionParams{
		ID: id, Secret: secret.sum(), Principal: string(p.ID), Means: means, Device: device,
		CreatedAt: store.At(now), SeenAt: store.At(now), ExpiresAt: store.At(now.Add(idleTime)),
	})
	if err != nil {
		return "", fmt.Errorf("begin session: %w", err)
	}
	by := p.actor(ctx)
	by.Session = id
	return secret, s.journal.Record(ctx, tx, by, "auth.session.begin", "session", id)
}

// ByCookie returns who a session's cookie belongs to. It is Unauthenticated if
// the session has ended, or never was.
func (s *Service) ByCookie(ctx context.Context, secret Secret) (Actor, error) {
	over := fault.New(fault.Unauthenticated, "you are signed out: sign in again")
	if !secret.is(sessionPrefix) {
		return Actor{}, over
	}
	now := s.clock()
	var row db.SessionBySecretRow
	err := s.db.Glance(ctx, func(tx store.Tx) (err error) {
		row, err = db.New(tx).SessionBySecret(ctx, secret.sum())
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Actor{}, over
	}
	if err != nil {
		return Actor{}, fmt.Errorf("find session: %w", err)
	}
	if !now.Before(row.ExpiresAt.Time) || row.DisabledAt.Valid {
		return Actor{}, over
	}
	if now.Sub(row.SeenAt.Time) >= seenEvery {
		if err := s.see(ctx, row.ID, row.CreatedAt.Time, now); err != nil {
			return Actor{}, err
		}
	}
	return Actor{
		ID: PrincipalID(row.Principal), Kind: Kind(row.Kind), Name: row.Name, Roles: held(row.Roles),
		Session: row.ID, Request: From(ctx).Request,
	}, nil
}

// see notes that a session is used, and lets it last.
func (s *Service) see(ctx context.Context, id string, began, now time.Time) error {
	expires := now.Add(idleTime)
	if end := began.Add(sessionTime); end.Before(expires) {
		expires = end
	}
	err := s.db.Update(ctx, func(tx store.Tx) error {
		return db.New(tx).SeeSession(ctx, db.SeeSessionParams{SeenAt: store.At(now), ExpiresAt: store.At(expires), ID: id})
	})
	if err != nil {
		return fmt.Errorf("note the use of a session: %w", err)
	}
	return nil
}

// sessionThing is a session as the policies see it.
func sessionThing(id string, owner PrincipalID) Entity {
	return Entity{Kind: "session", ID: id, Attributes: map[string]any{"owner": owner}}
}

// Sessions returns the sessions of a principal, the latest used first. That an
// administrator looks at somebody else's is noted in the journal.
func (s *Service) Sessions(ctx context.Context, by Actor, of PrincipalID) (found []Session, err error) {
	if err := s.Can(by, "auth.session.read", sessionThing("", of)); err != nil {
		return nil, err
	}
	list := func(tx store.Tx) error {
		found = nil
		rows, err := db.New(tx).SessionsOf(ctx, db.SessionsOfParams{Principal: string(of), ExpiresAt: store.At(s.clock())})
		for _, r := range rows {
			found = append(found, Session{
				ID: r.ID, Means: r.Means, Device: r.Device,
				Created: r.CreatedAt.Time, Seen: r.SeenAt.Time, Expires: r.ExpiresAt.Time,
			})
		}
		return err
	}
	if by.ID == of {
		return found, s.db.View(ctx, list)
	}
	return found, s.db.Update(ctx, func(tx store.Tx) error {
		if err := list(tx); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, "auth.session.read", "principal", string(of))
	})
}

// EndSession ends a session, at once. It is NotFound for one that the actor may
// not see.
func (s *Service) EndSession(ctx context.Context, by Actor, id string) error {
	return s.db.Update(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).Session(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such session")
		}
		if err != nil {
			return fmt.Errorf("find session: %w", err)
		}
		if err := s.Can(by, "auth.session.end", sessionThing(id, PrincipalID(row.Principal))); err != nil {
			return err
		}
		if err := db.New(tx).EndSession(ctx, id); err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "auth.session.end", "session", id)
	})
}

// SignOut ends the session in which the actor works, and returns how it began.
// Whoever has no session is signed out already.
func (s *Service) SignOut(ctx context.Context, by Actor) (means string, err error) {
	if by.Session == "" {
		return "", nil
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).Session(ctx, by.Session)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("find session: %w", err)
		}
		means = row.Means
		if err := db.New(tx).EndSession(ctx, by.Session); err != nil {
			return fmt.Errorf("end session: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "auth.session.end", "session", by.Session)
	})
	return means, err
}

// EndSessions signs a principal out everywhere, but for the session in which
// the actor works, and returns how many sessions that were.
func (s *Service) EndSessions(ctx context.Context, by Actor, of PrincipalID) (ended int, err error) {
	if err := s.Can(by, "auth.session.end", sessionThing("", of)); err != nil {
		return 0, err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		n, err := db.New(tx).EndSessionsOf(ctx, db.EndSessionsOfParams{Principal: string(of), ID: by.Session})
		if err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		ended = int(n)
		return s.journal.Record(ctx, tx, by, "auth.session.end_all", "principal", string(of))
	})
	return ended, err
}

// freshTime is how old a session may be in which one changes what one signs in
// with (OWASP ASVS 5.0 §7.5.1).
const freshTime = 30 * time.Minute

// ErrStale asks to sign in again: a browser that was left open must not become
// somebody else's for ever.
var ErrStale = fault.New(fault.Forbidden, "sign in again to change this: you have been signed in for more than half an hour")

// fresh refuses a session in which the actor signed in long ago.
func (s *Service) fresh(ctx context.Context, tx store.Tx, by Actor) error {
	row, err := db.New(tx).Session(ctx, by.Session)
	if errors.Is(err, sql.ErrNoRows) || err == nil && s.clock().Sub(row.CreatedAt.Time) > freshTime {
		return ErrStale
	}
	if err != nil {
		return fmt.Errorf("find session: %w", err)
	}
	return nil
}
