package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// Directory is all accounts, as a thing: who may look at it sees everybody.
var Directory = Entity{Kind: "directory", ID: "accounts"}

// A PeopleQuery says which principals are wanted. The zero value is all.
type PeopleQuery struct {
	Search string // part of a name or address
	Kind   Kind   // "" is any
	Role   Role   // who has it now; "" is any
	State  string // "enabled", "disabled"; "" is both
	After  PeopleKey
	Limit  int // 0 means 50
}

// A PeopleKey is a place in the list, which is in the order of names.
type PeopleKey struct {
	Name string      `json:"n"`
	ID   PrincipalID `json:"i"`
}

// Key returns the place of a principal in the list.
func (p *Principal) Key() PeopleKey { return PeopleKey{p.Name, p.ID} }

// People returns principals in the order of names, up to one more than the
// limit: that one tells that there is a next page. Who may not look at the
// directory sees themselves alone. What the actor may not read of somebody is
// empty.
func (s *Service) People(ctx context.Context, by Actor, q PeopleQuery) (found []*Principal, err error) {
	only, asker := PrincipalID(""), s.asker(by)
	if !asker.may("auth.directory.read", Directory) {
		if err := s.Can(by, "auth.principal.read", &Principal{ID: by.ID, Kind: by.Kind}); err != nil {
			return nil, err
		}
		only = by.ID
	}
	if found, err = s.people(ctx, q, only); err != nil {
		return nil, err
	}
	asker.settle("auth.principal.read_email", "auth.principal.read_roles")
	for _, p := range found {
		hide(&asker, p)
	}
	return found, nil
}

func (s *Service) people(ctx context.Context, q PeopleQuery, only PrincipalID) ([]*Principal, error) {
	if q.Limit <= 0 {
		q.Limit = 50
	}
	var rows []db.PeopleRow
	err := s.db.Glance(ctx, func(tx store.Tx) (err error) {
		rows, err = db.New(tx).People(ctx, db.PeopleParams{
			Kind: string(q.Kind), OnlyID: string(only), Words: containing(q.Search), State: q.State, Role: string(q.Role),
			AfterName: q.After.Name, AfterID: string(q.After.ID), Most: int32(min(q.Limit, 500)) + 1,
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list principals: %w", err)
	}
	found := make([]*Principal, len(rows))
	for i, r := range rows {
		found[i] = principal(db.PrincipalRow(r))
	}
	return found, nil
}

// containing returns the pattern of texts that contain a text; "" for all.
func containing(text string) string {
	if text = strings.ToLower(strings.TrimSpace(text)); text == "" {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}

// hide empties what an actor may not read of a principal.
func hide(by *asker, p *Principal) {
	if !by.may("auth.principal.read_email", p) {
		p.Email, p.Verified = "", false
	}
	if !by.may("auth.principal.read_roles", p) {
		p.Roles = nil
	}
}

// Person returns one principal. It is NotFound for one that the actor may not
// read, and what they may not read of it is empty.
func (s *Service) Person(ctx context.Context, by Actor, id PrincipalID) (p *Principal, err error) {
	if p, err = s.byID(ctx, id); err != nil {
		return nil, err
	}
	if err := s.Can(by, "auth.principal.read", p); err != nil {
		return nil, err
	}
	asker := s.asker(by)
	hide(&asker, p)
	return p, nil
}

// Names returns the names of principals, for rooms that show who did
// something to whoever may see that. One that does not exist has none; "" is
// the program.
func (s *Service) Names(ctx context.Context, ids ...PrincipalID) (map[PrincipalID]string, error) {
	var names map[PrincipalID]string
	err := s.db.View(ctx, func(tx store.Tx) error {
		names = map[PrincipalID]string{"": TheProgram("").Name}
		for _, id := range ids {
			if _, known := names[id]; known {
				continue
			}
			switch name, err := db.New(tx).NameOf(ctx, string(id)); {
			case err == nil:
				names[id] = name
			case !errors.Is(err, sql.ErrNoRows):
				return fmt.Errorf("find name: %w", err)
			}
		}
		return nil
	})
	return names, err
}

// Rename gives a principal another name.
func (s *Service) Rename(ctx context.Context, by Actor, id PrincipalID, name string) error {
	name, err := checkName(name)
	if err != nil {
		return err
	}
	return s.change(ctx, by, id, "auth.principal.rename", func(tx store.Tx, p *Principal) error {
		if p.Name == name {
			return nil
		}
		if err := db.New(tx).Rename(ctx, db.RenameParams{Name: name, ID: string(p.ID)}); err != nil {
			return fmt.Errorf("rename: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "auth.principal.rename", "principal", string(p.ID))
	})
}

// change lets an actor do something to a principal, if they may.
func (s *Service) change(ctx context.Context, by Actor, id PrincipalID, action Action, f func(store.Tx, *Principal) error) error {
	return s.db.Update(ctx, func(tx store.Tx) error {
		p, err := s.find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.Can(by, action, p); err != nil {
			return err
		}
		return f(tx, p)
	})
}

// checkName returns a name without blanks around it.
func checkName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len(name) > 200 {
		return "", fault.New(fault.Invalid, "a name has up to 200 characters, and one at least")
	}
	return name, nil
}

// AddServiceAccount makes an account for a program of the organisation, which
// acts by tokens.
func (s *Service) AddServiceAccount(ctx context.Context, by Actor, name string) (p *Principal, err error) {
	if err := s.Can(by, "auth.directory.add_service", Directory); err != nil {
		return nil, err
	}
	return p, s.db.Update(ctx, func(tx store.Tx) error {
		p, err = s.add(ctx, tx, by, ServiceAccount, name, "", false)
		return err
	})
}

// AddPerson makes an account without an invitation, for the command line and
// the example organisation. Only the program may; the address counts as
// verified. Without a password ("") they sign in another way.
func (s *Service) AddPerson(ctx context.Context, by Actor, name, email, password string, roles ...Role) (p *Principal, err error) {
	if by.Kind != Program {
		return nil, fault.New(fault.Forbidden, "invite people: their account is made when they accept")
	}
	hash := ""
	if password == "" {
		email, err = normalEmail(email)
	} else {
		hash, email, err = s.newPassword(ctx, password, name, email)
	}
	if err != nil {
		return nil, err
	}
	return p, s.db.Update(ctx, func(tx store.Tx) error {
		if p, err = s.add(ctx, tx, by, Person, name, email, true); err != nil {
			return err
		}
		for _, r := range roles {
			if err := s.give(ctx, tx, by, p, r); err != nil {
				return err
			}
		}
		if hash == "" {
			return nil
		}
		return s.setPassword(ctx, tx, p, hash)
	})
}
