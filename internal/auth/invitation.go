package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// An Invitation asks somebody to join, with roles that they have from then on.
// It is open until it is accepted or withdrawn; its links run out.
type Invitation struct {
	ID      string
	Email   string
	Name    string // a suggestion; may be ""
	Roles   []Role
	By      PrincipalID
	Inviter string // their name
	Created time.Time
	Expires time.Time
}

// mostInvitations bounds the list, which is not paged: who has more open
// invitations than that withdraws some.
const mostInvitations = 1000

// Invite asks somebody to join; a letter with a link goes to the address. It is
// a Conflict if there is an account with the address, or an open invitation.
func (s *Service) Invite(ctx context.Context, by Actor, email, name string, roles ...Role) (i Invitation, err error) {
	if err := s.Can(by, "auth.directory.invite", Directory); err != nil {
		return i, err
	}
	if email, err = normalEmail(email); err != nil {
		return i, err
	}
	if name != "" {
		if name, err = checkName(name); err != nil {
			return i, err
		}
	}
	now := s.clock()
	i = Invitation{
		ID: newID(), Email: email, Name: name, Roles: roles, By: by.ID, Inviter: by.Name, Created: now, Expires: now.Add(invitationTime),
	}
	return i, s.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		switch _, err := q.PrincipalByEmail(ctx, email); {
		case err == nil:
			return fault.New(fault.Conflict, "there is an account with the address %s", email)
		case !errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("find account: %w", err)
		}
		err := q.AddInvitation(ctx, db.AddInvitationParams{
			ID: i.ID, Email: email, Name: name, Roles: joinRoles(roles), InvitedBy: string(by.ID),
			CreatedAt: store.At(now), ExpiresAt: store.At(i.Expires),
		})
		if store.IsTaken(err) {
			return fault.New(fault.Conflict, "%s is invited already: send that invitation again, or withdraw it", email)
		}
		if err != nil {
			return fmt.Errorf("invite: %w", err)
		}
		if err := s.ask(ctx, tx, InvitationLetter, i.ID, ""); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, "auth.invitation.make", "invitation", i.ID)
	})
}

func joinRoles(roles []Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}

func splitRoles(words string) []Role {
	if words == "" {
		return nil
	}
	roles := make([]Role, 0, 1+strings.Count(words, " "))
	for word := range strings.FieldsSeq(words) {
		roles = append(roles, Role(word))
	}
	return roles
}

// thing returns an invitation as the policies see it.
func invitationThing(id string) Entity { return Entity{Kind: "invitation", ID: id} }

// Invitations returns the open invitations, the latest first.
func (s *Service) Invitations(ctx context.Context, by Actor) (found []Invitation, err error) {
	if err := s.Can(by, "auth.invitation.read", invitationThing("")); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		rows, err := db.New(tx).OpenInvitations(ctx, mostInvitations)
		found = nil
		for _, r := range rows {
			found = append(found, Invitation{
				ID: r.ID, Email: r.Email, Name: r.Name, Roles: splitRoles(r.Roles), By: PrincipalID(r.InvitedBy),
				Inviter: r.Inviter, Created: r.CreatedAt.Time, Expires: r.ExpiresAt.Time,
			})
		}
		return err
	})
	return found, err
}

// ResendInvitation sends the letter again, with a new link and a new time to
// accept it.
func (s *Service) ResendInvitation(ctx context.Context, by Actor, id string) error {
	if err := s.Can(by, "auth.invitation.resend", invitationThing(id)); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		if _, err := openInvitation(ctx, tx, id); err != nil {
			return err
		}
		err := db.New(tx).ProlongInvitation(ctx, db.ProlongInvitationParams{ExpiresAt: store.At(s.clock().Add(invitationTime)), ID: id})
		if err != nil {
			return fmt.Errorf("prolong invitation: %w", err)
		}
		if err := s.ask(ctx, tx, InvitationLetter, id, ""); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, "auth.invitation.resend", "invitation", id)
	})
}

// WithdrawInvitation ends an invitation; its links are void at once.
func (s *Service) WithdrawInvitation(ctx context.Context, by Actor, id string) error {
	if err := s.Can(by, "auth.invitation.withdraw", invitationThing(id)); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		if err := s.endInvitation(ctx, tx, id, ""); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, "auth.invitation.withdraw", "invitation", id)
	})
}

func openInvitation(ctx context.Context, tx store.Tx, id string) (db.AuthInvitation, error) {
	row, err := db.New(tx).Invitation(ctx, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && row.EndedAt.Valid {
		return row, fault.New(fault.NotFound, "there is no such open invitation: it was accepted or withdrawn")
	}
	if err != nil {
		return row, fmt.Errorf("find invitation: %w", err)
	}
	return row, nil
}

// endInvitation ends an open invitation, with all links to it.
func (s *Service) endInvitation(ctx context.Context, tx store.Tx, id string, accepted PrincipalID) error {
	now, q := s.clock(), db.New(tx)
	n, err := q.EndInvitation(ctx, db.EndInvitationParams{EndedAt: store.MaybeAt(&now), Principal: string(accepted), ID: id})
	if err != nil {
		return fmt.Errorf("end invitation: %w", err)
	}
	if n == 0 {
		return fault.New(fault.NotFound, "there is no such open invitation: it was accepted or withdrawn")
	}
	if err := q.ForgetLinksOf(ctx, id); err != nil {
		return fmt.Errorf("forget links: %w", err)
	}
	return nil
}

func (s *Service) writeInvitation(ctx context.Context, tx store.Tx, id string) (Letter, error) {
	row, err := db.New(tx).Invitation(ctx, id)
	if err != nil {
		return Letter{}, fmt.Errorf("find invitation: %w", err)
	}
	if row.EndedAt.Valid || !s.clock().Before(row.ExpiresAt.Time) {
		return Letter{}, ErrNoLetter
	}
	l := Letter{Kind: InvitationLetter, Name: row.Name, Email: row.Email, Expires: row.ExpiresAt.Time}
	if row.InvitedBy != "" {
		if l.From, err = db.New(tx).NameOf(ctx, row.InvitedBy); err != nil {
			return Letter{}, fmt.Errorf("find who invites: %w", err)
		}
	}
	l.Link, err = s.link(ctx, tx, string(InvitationLetter), id, row.Email, l.Expires)
	return l, err
}

// InvitationOf returns what a link invites to, for the page on which it is
// accepted. It is NotFound if the link is not good.
func (s *Service) InvitationOf(ctx context.Context, link Secret) (i Invitation, err error) {
	row, err := s.peek(ctx, link, string(InvitationLetter))
	if err != nil {
		return i, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		r, err := openInvitation(ctx, tx, row.Subject)
		i = Invitation{ID: r.ID, Email: r.Email, Name: r.Name, Roles: splitRoles(r.Roles), Expires: r.ExpiresAt.Time}
		return err
	})
	return i, err
}

// Accept makes an account for whoever has the link of an invitation, and signs
// them in. The address is verified: the link was sent there.
func (s *Service) Accept(ctx context.Context, link Secret, name, password, device string) (Secret, error) {
	row, err := s.peek(ctx, link, string(InvitationLetter))
	if err != nil {
		return "", err
	}
	hash, _, err := s.newPassword(ctx, password, name, row.Email)
	if err != nil {
		return "", err
	}
	var session Secret
	return session, s.db.Update(ctx, func(tx store.Tx) error {
		row, err := s.use(ctx, tx, link, string(InvitationLetter))
		if err != nil {
			return err
		}
		invitation, err := openInvitation(ctx, tx, row.Subject)
		if err != nil {
			return err
		}
		p, err := s.join(ctx, tx, invitation, name)
		if err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, p, hash); err != nil {
			return err
		}
		session, err = s.begin(ctx, tx, p, "link", device)
		return err
	})
}

// join makes the account that an invitation is for. Its roles were given by
// who invited, and an account that was closed gives none any more: whoever had
// got hold of it must not come back as somebody else.
func (s *Service) join(ctx context.Context, tx store.Tx, i db.AuthInvitation, name string) (*Principal, error) {
	inviter := Actor{ID: PrincipalID(i.InvitedBy), Kind: Person, Request: From(ctx).Request}
	if i.InvitedBy == "" {
		inviter = TheProgram(inviter.Request)
	} else if who, err := s.find(ctx, tx, inviter.ID); err != nil {
		return nil, err
	} else if who.Disabled != nil {
		return nil, fault.New(fault.NotFound, "the account of who invited you is closed: ask for a new invitation")
	}
	p, err := s.add(ctx, tx, inviter, Person, name, i.Email, true)
	if err != nil {
		return nil, err
	}
	for _, r := range splitRoles(i.Roles) {
		if err := s.give(ctx, tx, inviter, p, r); err != nil {
			return nil, err
		}
	}
	if err := s.endInvitation(ctx, tx, i.ID, p.ID); err != nil {
		return nil, err
	}
	return p, s.journal.Record(ctx, tx, p.actor(ctx), "auth.invitation.accept", "invitation", i.ID)
}
