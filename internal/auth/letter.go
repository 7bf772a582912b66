package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Post sends letters. What it is given goes to a job, so it is an id: what
// the letter says and where it goes is read when it is sent, with
// Service.Write.
type Post interface {
	// PostLetter has a letter sent once the transaction is done.
	PostLetter(ctx context.Context, tx store.Tx, id string) error
}

// A LetterKind says what a letter is about.
type LetterKind string

// The kinds of letters. Those that begin with "notice" tell the owner of an
// account what was changed, and carry no link (OWASP ASVS 5.0 §6.3.7).
const (
	InvitationLetter LetterKind = "invitation" // come and join
	ResetLetter      LetterKind = "reset"      // choose a new password
	AddressLetter    LetterKind = "address"    // prove that the address is yours
	NoticePassword   LetterKind = "notice_password"
	NoticePasskey    LetterKind = "notice_passkey"
	NoticeIdentity   LetterKind = "notice_identity"
	NoticeAddress    LetterKind = "notice_address" // to the address that was before
)

// How long links are good.
const (
	invitationTime = 7 * 24 * time.Hour
	resetTime      = time.Hour
	addressTime    = 24 * time.Hour
	// letterTime is how long after it was asked for a letter is still sent.
	letterTime = 24 * time.Hour
)

// A Letter is what is written to somebody about their account.
type Letter struct {
	Kind    LetterKind
	Name    string // whom it greets; may be ""
	Email   string
	Link    Secret // "" of a notice
	Expires time.Time
	// From is the name of who invites.
	From string
}

// ErrNoLetter says that a letter has no reason any more: the invitation was
// withdrawn, say, or there is no such account. Nothing is sent then.
var ErrNoLetter = errors.New("the letter has no reason any more")

// ask has a letter written later.
func (s *Service) ask(ctx context.Context, tx store.Tx, kind LetterKind, subject, email string) error {
	id := newID()
	err := db.New(tx).AddLetter(ctx, db.AddLetterParams{
		ID: id, Kind: string(kind), Subject: subject, Email: email, AskedAt: store.At(s.clock()),
	})
	if err != nil {
		return fmt.Errorf("ask for a letter: %w", err)
	}
	return s.post.PostLetter(ctx, tx, id)
}

// notify tells the owner of an account that it was changed.
func (s *Service) notify(ctx context.Context, tx store.Tx, p *Principal, kind LetterKind) error {
	if p.Email == "" {
		return nil
	}
	return s.ask(ctx, tx, kind, string(p.ID), p.Email)
}

// Write returns a letter that was asked for. A link in it is made now and told
// here alone; links of earlier letters stay good until one of them is used.
// The error is ErrNoLetter if nothing is to be sent.
func (s *Service) Write(ctx context.Context, id string) (letter Letter, err error) {
	err = s.db.Update(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).Letter(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoLetter
		}
		if err != nil {
			return fmt.Errorf("find letter: %w", err)
		}
		if row.Subject == "" || s.clock().Sub(row.AskedAt.Time) > letterTime {
			return ErrNoLetter
		}
		if LetterKind(row.Kind) == InvitationLetter {
			letter, err = s.writeInvitation(ctx, tx, row.Subject)
			return err
		}
		letter, err = s.writeTo(ctx, tx, row)
		return err
	})
	return letter, err
}

// writeTo writes a letter to the owner of an account.
func (s *Service) writeTo(ctx context.Context, tx store.Tx, row db.AuthLetter) (Letter, error) {
	p, err := s.find(ctx, tx, PrincipalID(row.Subject))
	if err != nil {
		return Letter{}, err
	}
	if p.Disabled != nil {
		return Letter{}, ErrNoLetter
	}
	l := Letter{Kind: LetterKind(row.Kind), Name: p.Name, Email: p.Email}
	switch l.Kind {
	case ResetLetter:
		l.Expires = s.clock().Add(resetTime)
	case AddressLetter:
		l.Email, l.Expires = row.Email, s.clock().Add(addressTime)
	default:
		l.Email = row.Email
		return l, nil
	}
	l.Link, err = s.link(ctx, tx, string(l.Kind), row.Subject, l.Email, l.Expires)
	return l, err
}

// link makes a link that is good for one use.
func (s *Service) link(ctx context.Context, tx store.Tx, purpose, subject, email string, expires time.Time) (Secret, error) {
	secret := newSecret(linkPrefix)
	err := db.New(tx).AddLink(ctx, db.AddLinkParams{
		Secret: secret.sum(), Purpose: purpose, Subject: subject, Email: email,
		CreatedAt: store.At(s.clock()), ExpiresAt: store.At(expires),
	})
	if err != nil {
		return "", fmt.Errorf("make link: %w", err)
	}
	return secret, nil
}

// Prune deletes what has run out: links, challenges, sessions, letters, browsers
// that nobody used for a year, invitations that ended long ago. It returns how
// many rows that were. A job calls it once a day.
func (s *Service) Prune(ctx context.Context) (deleted int, err error) {
	now := s.clock()
	old, year := now.Add(-30*24*time.Hour), now.AddDate(-1, 0, 0)
	err = s.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		deleted = 0
		for _, step := range []func() (int64, error){
			func() (int64, error) { return q.PruneLinks(ctx, store.At(now)) },
			func() (int64, error) { return q.PruneChallenges(ctx, store.At(now)) },
			func() (int64, error) { return q.PruneSessions(ctx, store.At(now)) },
			func() (int64, error) { return q.PruneLetters(ctx, store.At(old)) },
			func() (int64, error) { return q.PruneInvitations(ctx, store.MaybeAt(&year)) },
			func() (int64, error) { return q.PruneDevices(ctx, store.At(year)) },
		} {
			n, err := step()
			if err != nil {
				return fmt.Errorf("prune accounts: %w", err)
			}
			deleted += int(n)
		}
		return nil
	})
	return deleted, err
}

// peek reports whether a link is good, without using it, so that no password
// is hashed for one that is not.
func (s *Service) peek(ctx context.Context, link Secret, purposes ...string) (row db.AuthLink, err error) {
	if !link.is(linkPrefix) {
		return row, errVoid
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		row, err = db.New(tx).Link(ctx, link.sum())
		return err
	})
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return row, errVoid
	case err != nil:
		return row, fmt.Errorf("find link: %w", err)
	case !slices.Contains(purposes, row.Purpose) || row.UsedAt.Valid || !s.clock().Before(row.ExpiresAt.Time):
		return row, errVoid
	}
	return row, nil
}

// errVoid is the fault of a link, whatever is wrong with it.
var errVoid = fault.New(fault.NotFound, "this link is not valid any more: it is good for one use, and for a limited time")
