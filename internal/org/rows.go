package org

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/store"
)

// tables are the rows that a change adds, gathered so that a change of ten
// thousand people takes few statements.
type tables struct {
	person, employment, stay, position, seat, holding, step *batch

	newest string // who was added last
}

func newTables() tables {
	return tables{
		person:     batchOf("org_person", "id", "number", "name", "email", "principal", "managed_before"),
		employment: batchOf("org_employment", "person", "since_day", "until_day"),
		stay:       batchOf("org_stay", "person", "since_day", "until_day", "country", "locality", "zone", "factor"),
		position:   batchOf("org_position", "id", "number"),
		seat:       batchOf("org_seat", "position", "since_day", "until_day", "title", "family", "version", "level", "specialty", "department", "manager"),
		holding:    batchOf("org_holding", "position", "person", "since_day", "until_day", "kind"),
		step:       batchOf("org_step", "number", "change", "kind", "day", "position", "person", "step", "was"),
	}
}

// taken says that somebody else is known by a number or an address.
func taken(name string) error {
	return fault.New(fault.Conflict, "somebody else has the number or the address of %s", name)
}

// addPeople writes the people who came so far.
func (w *writer) addPeople(ctx context.Context) error {
	n := len(w.tables.person.args) / w.tables.person.width
	err := w.tables.person.write(ctx, w.tx)
	switch {
	case store.IsTaken(err) && n == 1:
		return taken(w.tables.newest)
	case store.IsTaken(err):
		return taken("one of them")
	case err != nil:
		return fmt.Errorf("write people: %w", err)
	}
	return nil
}

// rows writes anew what the steps changed.
func (w *writer) rows(ctx context.Context, numbers map[PositionID]string) error {
	if err := w.addPeople(ctx); err != nil {
		return err
	}
	people, positions := w.draft.Changed()
	if err := w.writePeople(ctx, people); err != nil {
		return fmt.Errorf("write the employment of people: %w", err)
	}
	if err := w.writeStays(ctx); err != nil {
		return fmt.Errorf("write where people live: %w", err)
	}
	return w.writePositions(ctx, positions, numbers)
}

func (w *writer) writePeople(ctx context.Context, people []PersonID) error {
	var known []string
	for _, id := range people {
		if w.draft.Base().Person(id) != nil {
			known = append(known, string(id))
		}
		if p := w.draft.Person(id); p != nil {
			for _, here := range p.Here {
				w.tables.employment.add(string(id), here.Since, here.Until)
			}
		}
	}
	if err := remove(ctx, w.tx, "org_employment", "person", known); err != nil {
		return err
	}
	return w.tables.employment.write(ctx, w.tx)
}

func (w *writer) writeStays(ctx context.Context) error {
	var known []string
	for _, id := range slices.Sorted(maps.Keys(w.stays)) {
		if w.draft.Base().Person(id) != nil {
			known = append(known, string(id))
		}
		for _, s := range w.stays[id] {
			w.tables.stay.add(s.Person, s.SinceDay, s.UntilDay, s.Country, s.Locality, s.Zone, s.Factor)
		}
	}
	if err := remove(ctx, w.tx, "org_stay", "person", known); err != nil {
		return err
	}
	return w.tables.stay.write(ctx, w.tx)
}

func (w *writer) writePositions(ctx context.Context, positions []PositionID, numbers map[PositionID]string) error {
	var known, gone []string
	for _, id := range positions {
		isKnown := w.draft.Base().Position(id) != nil
		if isKnown {
			known = append(known, string(id))
		}
		switch p := w.draft.Position(id); {
		case p != nil:
			w.position(p, isKnown, numbers[id])
		case isKnown:
			gone = append(gone, string(id))
		}
	}
	for _, table := range []string{"org_holding", "org_seat"} {
		if err := remove(ctx, w.tx, table, "position", known); err != nil {
			return fmt.Errorf("write positions: %w", err)
		}
	}
	if err := remove(ctx, w.tx, "org_position", "id", gone); err != nil {
		return fmt.Errorf("write positions: %w", err)
	}
	if err := w.tables.position.write(ctx, w.tx); store.IsTaken(err) {
		return fault.New(fault.Conflict, "another position has the number%s", numberOf(numbers))
	} else if err != nil {
		return fmt.Errorf("write positions: %w", err)
	}
	for _, b := range []*batch{w.tables.seat, w.tables.holding} {
		if err := b.write(ctx, w.tx); err != nil {
			return fmt.Errorf("write positions: %w", err)
		}
	}
	return nil
}

// numberOf returns the number of a change that has but one.
func numberOf(numbers map[PositionID]string) string {
	if len(numbers) != 1 {
		return " of one of these"
	}
	for _, n := range numbers {
		return fmt.Sprintf(" %q", n)
	}
	return ""
}

// position gathers the rows of a position.
func (w *writer) position(p *chart.Position, isKnown bool, number string) {
	id := string(p.ID)
	if !isKnown {
		w.tables.position.add(id, number)
	}
	for _, s := range p.Seats {
		w.tables.seat.add(id, s.Since, s.Until, s.Title, string(s.Pin.Family), int64(s.Pin.Version), string(s.Pin.Level), s.Specialty, s.Department, string(s.Manager))
	}
	for _, h := range p.Holds {
		w.tables.holding.add(id, string(h.Person), h.Since, h.Until, string(h.Kind))
	}
}

// addSteps writes the steps of the change.
func (w *writer) addSteps(ctx context.Context) error {
	for _, s := range w.steps {
		w.tables.step.add(s.Number, s.Change, s.Kind, s.Day, s.Position, s.Person, s.Step, s.Was)
	}
	return w.tables.step.write(ctx, w.tx)
}
