package org

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/store"
)

// Roster returns who is here on a day and where, as rows that can be imported:
// positions in the order of the tree, then people without one. From today on it
// has those as well who are to come. Everybody who
// signed in may read it; location factors are left out for who may not see them,
// and that somebody did is noted in the journal.
func (s *Service) Roster(ctx context.Context, by auth.Actor, day calendar.Day) (rows []roster.Row, err error) {
	if err := s.auth.Can(by, ReadPerson, TheChart); err != nil {
		return nil, err
	}
	if err := s.auth.Can(by, ReadChart, TheChart); err != nil {
		return nil, err
	}
	day = s.day(day)
	factors := 0
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		e := &exporting{s: s, ctx: ctx, tx: tx, day: day, toCome: day >= s.Today(), placed: map[PersonID]bool{}}
		if e.known, err = s.readKnown(ctx, tx, b, day); err != nil {
			return err
		}
		if e.sees, err = s.seesFactors(ctx, tx, by, b); err != nil {
			return err
		}
		if rows, err = e.rows(); err == nil {
			factors = e.factors
		}
		return err
	})
	if err != nil || factors == 0 {
		return rows, err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		return s.journal.Record(ctx, tx, by, string(ReadFactor), TheChart.Kind, TheChart.ID, audit.F("people", factors))
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// seesFactors returns whose location factor somebody may see.
func (s *Service) seesFactors(ctx context.Context, tx store.Tx, by auth.Actor, b bookAt) (func(PersonID) bool, error) {
	if s.auth.May(by, ReadFactor, subject{}.AuthEntity()) {
		return func(PersonID) bool { return true }, nil
	}
	me, err := s.Me(ctx, tx, by)
	if err != nil || me == "" {
		return func(PersonID) bool { return false }, err
	}
	c := b.On(s.Today(), nil, nil)
	return func(id PersonID) bool {
		who := subject{id: id, self: id == me}
		if c.IsAbove(me, id) {
			who.leaders = []auth.PrincipalID{by.ID}
		}
		return s.auth.May(by, ReadFactor, who.AuthEntity())
	}, nil
}

// An exporting is a list that is being made.
type exporting struct {
	s   *Service
	ctx context.Context
	tx  store.Tx
	day calendar.Day
	*known
	toCome  bool // who comes later is there, too
	sees    func(PersonID) bool
	placed  map[PersonID]bool // who has a position among the rows
	factors int
}

func (e *exporting) rows() ([]roster.Row, error) {
	var rows []roster.Row
	for _, p := range e.positions() {
		more, err := e.position(p)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	var others []roster.Row
	for p := range e.book.People() {
		if span(p, e.day) != nil && (e.toCome || p.IsHere(e.day)) && !e.placed[p.ID] && e.people[p.ID] != nil {
			var r roster.Row
			e.person(&r, p.ID)
			others = append(others, r)
		}
	}
	slices.SortFunc(others, func(x, y roster.Row) int {
		return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.Number, y.Number), strings.Compare(x.Email, y.Email))
	})
	return append(rows, others...), nil
}

// positions returns those that are open on the day, in the order of the tree,
// and those that will be, in the order of time.
func (e *exporting) positions() []*chart.Position {
	c := e.book.On(e.day, nil, nil)
	all := make([]*chart.Position, 0, len(c.Nodes))
	for i := range c.Nodes {
		all = append(all, c.Nodes[i].Position)
	}
	if !e.toCome {
		return all
	}
	var later []*chart.Position
	for p := range e.book.Positions() {
		if p.Seats[0].Since > e.day {
			later = append(later, p)
		}
	}
	slices.SortFunc(later, func(x, y *chart.Position) int {
		return cmp.Or(strings.Compare(string(x.Seats[0].Since), string(y.Seats[0].Since)), strings.Compare(string(x.ID), string(y.ID)))
	})
	return append(all, later...)
}

// position returns the rows of a position: of who holds it, and who covers it.
func (e *exporting) position(p *chart.Position) ([]roster.Row, error) {
	seat := seatOn(p, e.day)
	row := roster.Row{
		Position: e.numberOf(p.ID), Title: seat.Title, Specialty: seat.Specialty, Department: seat.Department, Holding: roster.Vacant,
	}
	if seat.Pin != (catalog.Pin{}) {
		row.Level = string(seat.Pin.Family) + "#" + string(seat.Pin.Level)
		role, err := e.s.role(e.ctx, e.tx, seat.Pin)
		if err != nil {
			return nil, fmt.Errorf("find the level %s: %w", seat.Pin, err)
		}
		if role != nil && role.Title == seat.Title {
			row.Title = ""
		}
	}
	e.manager(&row, seat.Manager)
	var rows []roster.Row
	if h := e.holder(p); h != nil {
		own := row
		own.Holding = roster.Regular
		e.person(&own, h.Person)
		e.placed[h.Person] = true
		rows = append(rows, own)
	}
	if h := coverOn(p, e.day); h != nil && (e.toCome || h.Holds(e.day)) {
		cover := row
		cover.Holding = roster.Holding(h.Kind)
		e.person(&cover, h.Person)
		cover.Start, cover.End = h.Since, lastDay(h.Until)
		rows = append(rows, cover)
	}
	if len(rows) == 0 {
		rows = append(rows, row)
	}
	return rows, nil
}

// holder returns who holds a position on the day, or will.
func (e *exporting) holder(p *chart.Position) *chart.Holding {
	if !e.toCome {
		return p.Holder(e.day)
	}
	return holderOn(e.book.Book, p, e.day)
}

// numberOf returns the word by which a list calls a position.
func (e *exporting) numberOf(id PositionID) string { return firstWord(e.numbers[id], string(id)) }

// manager says to whom a position reports: to who holds the one above or, if
// nobody does, to that one.
func (e *exporting) manager(r *roster.Row, up PositionID) {
	if up == "" {
		return
	}
	if h := e.holder(e.book.Position(up)); h != nil {
		if d := e.people[h.Person]; d != nil {
			r.Manager = firstWord(d.Number, d.Email, string(d.ID))
			return
		}
	}
	r.ManagerPosition = e.numberOf(up)
}

func lastDay(until calendar.Day) calendar.Day {
	if until == calendar.Never {
		return ""
	}
	return until.Add(-1)
}

// person says who somebody is, how long they are here, and where they live.
func (e *exporting) person(r *roster.Row, id PersonID) {
	d := e.people[id]
	r.Number, r.Name, r.Email, r.ManagedBefore = d.Number, d.Name, d.Email, d.ManagedBefore
	if d.Number == "" && d.Email == "" {
		r.Number = string(id)
	}
	if here := span(e.book.Person(id), e.day); here != nil {
		r.Start, r.End = here.Since, lastDay(here.Until)
	}
	var stay db.OrgStay
	if known := e.stays[id]; known != nil {
		stay = *known
	}
	r.Country, r.Locality, r.Zone = stay.Country, stay.Locality, stay.Zone
	if stay.Factor != "" && e.sees(id) {
		r.Factor = stay.Factor
		e.factors++
	}
}
