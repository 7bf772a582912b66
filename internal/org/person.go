package org

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/govalues/decimal"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Person is somebody who is or was here, as one reads them.
type Person struct {
	Details
	Here  []calendar.Span
	Stays []Stay // in order; their Factor is empty for who may not see it
	// SeesFactor tells whether the reader may see location factors.
	SeesFactor bool
	Holdings   []chart.Holding // by day
	// Revision is the newest change of the room when it was read, to be given
	// back with a change as Change.Seen.
	Revision int64
	// Account is the person's account; "" if they have none.
	Account auth.PrincipalID
}

// On returns where somebody lives on a day, or nil if that is not known.
func (p *Person) On(d calendar.Day) *Stay {
	for i := range p.Stays {
		if p.Stays[i].Holds(d) {
			return &p.Stays[i]
		}
	}
	return nil
}

// Person returns somebody. The location factor is left out for who may not see
// it; that somebody did is noted in the journal.
func (s *Service) Person(ctx context.Context, by auth.Actor, id PersonID) (p *Person, err error) {
	if err := s.auth.Can(by, ReadPerson, TheChart); err != nil {
		return nil, err
	}
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		p, err = s.person(ctx, tx, by, b, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if p.SeesFactor && p.Account != by.ID && hasFactor(p) {
		err = s.db.Update(ctx, func(tx store.Tx) error {
			return s.journal.Record(ctx, tx, by, string(ReadFactor), "person", string(id))
		})
	}
	return p, err
}

func hasFactor(p *Person) bool {
	for _, s := range p.Stays {
		if s.Factor != "" {
			return true
		}
	}
	return false
}

func (s *Service) person(ctx context.Context, tx store.Tx, by auth.Actor, b bookAt, id PersonID) (*Person, error) {
	q := db.New(tx)
	row, err := q.Person(ctx, string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is nobody with the id %q", id)
	}
	if err != nil {
		return nil, fmt.Errorf("find a person: %w", err)
	}
	known := b.Person(id)
	if known == nil {
		return nil, fault.New(fault.NotFound, "there is nobody with the id %q", id)
	}
	p := &Person{Details: details(row), Here: known.Here, Holdings: b.HeldBy(id), Revision: b.revision}
	account, err := q.AccountOf(ctx, row.ID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("find the account of a person: %w", err)
	}
	p.Account = auth.PrincipalID(account)
	leaders, err := s.leaders(ctx, q, b, id)
	if err != nil {
		return nil, err
	}
	p.SeesFactor = s.auth.May(by, ReadFactor, subject{p.ID, p.Account == by.ID && by.ID != "", leaders}.AuthEntity())
	stays, err := q.Stays(ctx, row.ID)
	if err != nil {
		return nil, fmt.Errorf("find where a person lives: %w", err)
	}
	for _, r := range stays {
		st := Stay{Country: r.Country, Locality: r.Locality, Zone: r.Zone, Span: calendar.Span{Since: r.SinceDay, Until: r.UntilDay}}
		if p.SeesFactor {
			st.Factor = r.Factor
		}
		p.Stays = append(p.Stays, st)
	}
	return p, nil
}

// A subject is a person as the policies see them.
type subject struct {
	id      PersonID
	self    bool
	leaders []auth.PrincipalID
}

// AuthEntity implements auth.Thing.
func (s subject) AuthEntity() auth.Entity {
	return auth.Entity{Kind: "person", ID: string(s.id), Attributes: map[string]any{"own": s.self, "leaders": s.leaders}}
}

// leaders returns the accounts of those who stand above somebody today.
func (s *Service) leaders(ctx context.Context, q *db.Queries, b bookAt, id PersonID) ([]auth.PrincipalID, error) {
	day := s.Today()
	at := b.SeatOf(id, day)
	if at == nil {
		return nil, nil
	}
	var accounts []auth.PrincipalID
	for up := at.On(day); up != nil && up.Manager != ""; {
		above := b.Position(up.Manager)
		for _, h := range []*chart.Holding{above.Holder(day), above.Cover(day)} {
			if h == nil || h.Person == id {
				continue
			}
			account, err := q.AccountOf(ctx, string(h.Person))
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("find the account of a leader: %w", err)
			}
			accounts = append(accounts, auth.PrincipalID(account))
		}
		up = above.On(day)
	}
	return accounts, nil
}

func details(r db.OrgPerson) Details {
	return Details{ID: PersonID(r.ID), Number: r.Number, Name: r.Name, Email: r.Email, ManagedBefore: r.ManagedBefore == 1}
}

// Me returns the person whose account an actor uses; "" if there is none. A
// person and an account belong together if both have the same address, and the
// account's is verified, or if somebody said so.
func (s *Service) Me(ctx context.Context, tx store.Tx, by auth.Actor) (PersonID, error) {
	if by.ID == "" {
		return "", nil
	}
	id, err := db.New(tx).PersonOfAccount(ctx, string(by.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find the person of an account: %w", err)
	}
	return PersonID(id), nil
}

// Link says which account a person uses, if it has another address than theirs;
// "" says that it is the one with the same. An administrator or people partner
// may.
func (s *Service) Link(ctx context.Context, by auth.Actor, id PersonID, account auth.PrincipalID) error {
	if err := s.auth.Can(by, ChangePerson, TheChart); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		rows, err := db.New(tx).LinkPerson(ctx, db.LinkPersonParams{Principal: string(account), ID: string(id)})
		if store.IsTaken(err) {
			return fault.New(fault.Conflict, "another person uses this account")
		}
		if err != nil {
			return fmt.Errorf("link an account: %w", err)
		}
		if rows == 0 {
			return fault.New(fault.NotFound, "there is nobody with the id %q", id)
		}
		return s.journal.Record(ctx, tx, by, "org.person.link", "person", string(id), audit.F("account", string(account)))
	})
}

// NewPersonID returns an id for somebody who comes.
func NewPersonID() PersonID { return PersonID(newID()) }

// NewPositionID returns an id for a position that is opened.
func NewPositionID() PositionID { return PositionID(newID()) }

// parseFactor returns a location factor in the form in which it is kept: a
// decimal of more than 0 and at most 2, or nothing.
func parseFactor(text string) (string, error) {
	if text = strings.TrimSpace(text); text == "" {
		return "", nil
	}
	f, err := decimal.Parse(text)
	if err != nil || !f.IsPos() || f.Cmp(decimal.MustParse("2")) > 0 {
		return "", fmt.Errorf("%q is no location factor: it is a number like 0.85, of at most 2", text)
	}
	return f.Trim(0).String(), nil
}
