package org

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/search"
)

// Address returns where the page of a person is.
func PersonAddress(id PersonID) string { return "/people/" + string(id) }

// PositionAddress returns where the page of a position is.
func PositionAddress(id PositionID) string { return "/positions/" + string(id) }

// find puts those into the search whom a change is about: people by name and
// what they are, and positions that nobody holds.
func (w *writer) find(ctx context.Context) error {
	day := w.s.Today()
	people, positions := w.draft.Changed()
	for _, id := range positions {
		now, was := w.draft.Position(id), w.draft.Base().Position(id)
		for _, p := range []*chart.Position{now, was} {
			if p == nil {
				continue
			}
			for _, h := range p.Holds {
				if h.Until > day {
					people = append(people, h.Person)
				}
			}
		}
		if was == nil && (now == nil || now.Holder(day) != nil) {
			continue // it never was there to be found
		}
		if err := w.findPosition(ctx, id, now, day); err != nil {
			return fmt.Errorf("put a position into the search: %w", err)
		}
	}
	slices.Sort(people)
	people = slices.Compact(people)
	known, err := w.details(ctx, people)
	if err != nil {
		return err
	}
	for _, id := range people {
		if err := w.findPerson(ctx, id, known[id], day); err != nil {
			return fmt.Errorf("put a person into the search: %w", err)
		}
	}
	return nil
}

func (w *writer) findPosition(ctx context.Context, id PositionID, p *chart.Position, day calendar.Day) error {
	if p == nil || p.On(day) == nil || p.Holder(day) != nil {
		return search.Remove(ctx, w.tx, "org", "position", string(id))
	}
	seat := p.On(day)
	return search.Put(ctx, w.tx, search.Document{
		Room: "org", Kind: "position", ID: string(id), Title: seat.Title, Text: "vacant " + seat.Department + " " + seat.Specialty,
		Address: PositionAddress(id), Audiences: []string{search.Everyone}, At: w.now.Time,
	})
}

// mostAlone is how many people are read one by one; for more of them everybody
// is read.
const mostAlone = 200

// details returns what is kept of people.
func (w *writer) details(ctx context.Context, people []PersonID) (map[PersonID]*db.OrgPerson, error) {
	known := make(map[PersonID]*db.OrgPerson, len(people))
	if len(people) > mostAlone {
		rows, err := w.q.People(ctx)
		if err != nil {
			return nil, fmt.Errorf("read people: %w", err)
		}
		for i := range rows {
			known[PersonID(rows[i].ID)] = &rows[i]
		}
		return known, nil
	}
	for _, id := range people {
		row, err := w.q.Person(ctx, string(id))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("read a person: %w", err)
		}
		if err == nil {
			known[id] = &row
		}
	}
	return known, nil
}

func (w *writer) findPerson(ctx context.Context, id PersonID, row *db.OrgPerson, day calendar.Day) error {
	p := w.draft.Person(id)
	if p == nil || p.Name == "" || row == nil {
		return search.Remove(ctx, w.tx, "org", "person", string(id))
	}
	d := search.Document{
		Room: "org", Kind: "person", ID: string(id), Title: p.Name, Address: PersonAddress(id), Audiences: []string{search.Everyone}, At: w.now.Time,
	}
	for _, other := range []string{row.Email, row.Number} {
		if other != "" {
			d.Names = append(d.Names, other)
		}
	}
	if at := w.draft.SeatOf(id, day); at != nil {
		seat := at.On(day)
		d.Text = seat.Title + " " + seat.Department + " " + seat.Specialty
	}
	return search.Put(ctx, w.tx, d)
}
