package org

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/store"
)

// Staff returns who people are, for the product side of the organisation.
func (s *Service) Staff() product.People { return staff{s} }

type staff struct{ *Service }

// Known implements product.People.
func (s staff) Known(ctx context.Context, tx store.Tx, ids []PersonID) (map[PersonID]product.Person, error) {
	b, err := s.book(ctx, tx)
	if err != nil {
		return nil, err
	}
	day, q := s.Today(), db.New(tx)
	found := make(map[PersonID]product.Person, len(ids))
	for _, id := range ids {
		p := b.Person(id)
		if p == nil {
			continue
		}
		who := product.Person{Name: p.Name}
		if at := b.SeatOf(id, day); at != nil {
			who.Department = at.On(day).Department
		}
		account, err := q.AccountOf(ctx, string(id))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("find the account of a person: %w", err)
		}
		who.Account = auth.PrincipalID(account)
		found[id] = who
	}
	return found, nil
}

// Named implements product.People.
func (s staff) Named(ctx context.Context, tx store.Tx, day calendar.Day, names []string) (map[string]PersonID, error) {
	b, err := s.book(ctx, tx)
	if err != nil {
		return nil, err
	}
	asked := make(map[string][]string, len(names)) // as folded, as written
	for _, name := range names {
		asked[folded(name)] = append(asked[folded(name)], name)
	}
	found := map[string][]PersonID{}
	for p := range b.People() {
		if key := folded(p.Name); len(asked[key]) > 0 && p.IsHere(day) {
			found[key] = append(found[key], p.ID)
		}
	}
	out := map[string]PersonID{}
	for key, ids := range found {
		if len(ids) == 1 {
			for _, name := range asked[key] {
				out[name] = ids[0]
			}
		}
	}
	return out, nil
}

// folded brings a name into the form in which two ways to write it are the same.
func folded(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// OfAccount implements product.People.
func (s staff) OfAccount(ctx context.Context, tx store.Tx, account auth.PrincipalID) (PersonID, error) {
	return s.Me(ctx, tx, auth.Actor{ID: account})
}

// InRole implements product.People: who holds the one position that is called
// like the role, or has a level that is.
func (s staff) InRole(ctx context.Context, tx store.Tx, day calendar.Day, role string) (PersonID, error) {
	b, err := s.book(ctx, tx)
	if err != nil {
		return "", err
	}
	c, err := s.chart(ctx, tx, b, day)
	if err != nil {
		return "", err
	}
	return c.inRole(strings.ReplaceAll(role, "_", " ")), nil
}

// inRole returns who does the work of the only position of a role; "" if there
// is none, or several.
func (c *Chart) inRole(title string) PersonID {
	var found *chart.Node
	for i := range c.Nodes {
		n := &c.Nodes[i]
		if n.Who() == nil || !resolve.SameRole(n.Seat.Title, title) && (n.Role == nil || !resolve.SameRole(n.Role.Title, title)) {
			continue
		}
		if found != nil {
			return ""
		}
		found = n
	}
	if found == nil {
		return ""
	}
	return found.Who().ID
}
