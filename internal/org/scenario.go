package org

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Scenario is a what-if that somebody kept: steps that are not done. Its
// maker, people partners and administrators see it.
type Scenario struct {
	ID      string
	Name    string
	By      auth.PrincipalID
	Made    time.Time
	Changed time.Time
	// Steps are what would be done; their days count from the first one.
	Steps  []chart.Step
	Change int64 // by which it was applied; 0 is not yet
}

// AuthEntity implements auth.Thing.
func (s *Scenario) AuthEntity() auth.Entity {
	return auth.Entity{Kind: "scenario", ID: s.ID, Attributes: map[string]any{"owner": s.By}}
}

// mostScenarioSteps bounds a scenario, and mostScenarioName its name.
const mostScenarioSteps, mostScenarioName = 500, 120

// SaveScenario keeps a what-if, a new one if the id is "". The steps must be
// possible. One that was applied stays as it is.
func (s *Service) SaveScenario(ctx context.Context, by auth.Actor, id, name string, steps []chart.Step) (saved *Scenario, err error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "" || len(name) > mostScenarioName:
		return nil, flaw("name", "give it a name of at most %d letters", mostScenarioName)
	case len(steps) == 0:
		return nil, flaw("steps", "there is nothing in it yet: add a step")
	case len(steps) > mostScenarioSteps:
		return nil, flaw("steps", "a scenario has at most %d steps", mostScenarioSteps)
	}
	text, err := json.Marshal(steps)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		now := store.At(s.clock())
		saved = &Scenario{ID: id, Name: name, By: by.ID, Made: now.Time, Changed: now.Time, Steps: steps}
		b, err := s.book(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := b.Apply(steps...); err != nil {
			return err
		}
		q := db.New(tx)
		action := "org.scenario.change"
		if id == "" {
			saved.ID, action = newID(), "org.scenario.make"
			if err := s.auth.Can(by, WriteScenario, saved); err != nil {
				return err
			}
			err = q.AddScenario(ctx, db.AddScenarioParams{ID: saved.ID, Name: name, MadeBy: string(by.ID), MadeAt: now, ChangedAt: now, Steps: string(text)})
		} else {
			have, err := s.scenario(ctx, tx, by, WriteScenario, id)
			if err != nil {
				return err
			}
			if have.Change != 0 {
				return fault.New(fault.Conflict, "this scenario was applied: make a new one")
			}
			saved.By, saved.Made = have.By, have.Made
			err = q.SetScenario(ctx, db.SetScenarioParams{Name: name, Steps: string(text), ChangedAt: now, ID: id})
			if err != nil {
				return fmt.Errorf("keep a scenario: %w", err)
			}
		}
		if err != nil {
			return fmt.Errorf("keep a scenario: %w", err)
		}
		return s.journal.Record(ctx, tx, by, action, "scenario", saved.ID, audit.F("steps", len(steps)))
	})
	return saved, err
}

// scenario returns one that the actor may read or write; NotFound otherwise.
func (s *Service) scenario(ctx context.Context, tx store.Tx, by auth.Actor, action auth.Action, id string) (*Scenario, error) {
	row, err := db.New(tx).Scenario(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noScenario(id)
	}
	if err != nil {
		return nil, fmt.Errorf("find a scenario: %w", err)
	}
	sc, err := scenarioOf(row)
	if err != nil {
		return nil, err
	}
	if !s.auth.May(by, ReadScenario, sc) {
		return nil, noScenario(id)
	}
	return sc, s.auth.Can(by, action, sc)
}

func noScenario(id string) error { return fault.New(fault.NotFound, "there is no scenario %q", id) }

func scenarioOf(row db.OrgScenario) (*Scenario, error) {
	sc := &Scenario{
		ID: row.ID, Name: row.Name, By: auth.PrincipalID(row.MadeBy), Made: row.MadeAt.Time, Changed: row.ChangedAt.Time, Change: row.Change,
	}
	if err := json.Unmarshal([]byte(row.Steps), &sc.Steps); err != nil {
		return nil, fmt.Errorf("read scenario %s: %w", row.ID, err)
	}
	return sc, nil
}

// Scenario returns a scenario. It is NotFound for who may not see it.
func (s *Service) Scenario(ctx context.Context, by auth.Actor, id string) (sc *Scenario, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		sc, err = s.scenario(ctx, tx, by, ReadScenario, id)
		return err
	})
	return sc, err
}

// mostScenarios is how many are listed.
const mostScenarios = 200

// Scenarios returns the scenarios that an actor may see, those changed last
// first.
func (s *Service) Scenarios(ctx context.Context, by auth.Actor) (found []*Scenario, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		rows, err := db.New(tx).Scenarios(ctx, mostScenarios)
		if err != nil {
			return fmt.Errorf("find scenarios: %w", err)
		}
		found = nil
		for _, row := range rows {
			sc, err := scenarioOf(row)
			if err != nil {
				return err
			}
			if s.auth.May(by, ReadScenario, sc) {
				found = append(found, sc)
			}
		}
		return nil
	})
	return found, err
}

// RemoveScenario forgets a scenario.
func (s *Service) RemoveScenario(ctx context.Context, by auth.Actor, id string) error {
	return s.db.Update(ctx, func(tx store.Tx) error {
		if _, err := s.scenario(ctx, tx, by, WriteScenario, id); err != nil {
			return err
		}
		if err := db.New(tx).RemoveScenario(ctx, id); err != nil {
			return fmt.Errorf("remove a scenario: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "org.scenario.remove", "scenario", id)
	})
}

// Moved returns steps with other days: the first day among them becomes the
// given one, and the others keep their distance to it.
func Moved(steps []chart.Step, to calendar.Day) []chart.Step {
	first := calendar.Never
	for _, step := range steps {
		if step.Day.IsKnown() {
			first = min(first, step.Day)
		}
	}
	moved := make([]chart.Step, len(steps))
	for i, step := range steps {
		if step.Day.IsKnown() {
			step.Day = to.Add(first.Until(step.Day))
		}
		if step.Until.IsKnown() {
			step.Until = to.Add(first.Until(step.Until))
		}
		moved[i] = step
	}
	return moved
}

// ApplyScenario does the steps of a scenario, beginning on a day, and returns
// the number of the change. Who may change the organisation may.
func (s *Service) ApplyScenario(ctx context.Context, by auth.Actor, id string, on calendar.Day) (number int64, err error) {
	if err := s.auth.Can(by, ChangeChart, TheChart); err != nil {
		return 0, err
	}
	if !on.IsKnown() {
		return 0, flaw("day", "say from which day on")
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		sc, err := s.scenario(ctx, tx, by, ReadScenario, id)
		if err != nil {
			return err
		}
		if sc.Change != 0 {
			return fault.New(fault.Conflict, "this scenario was applied already")
		}
		number, err = s.do(ctx, tx, by, &Change{Origin: ByScenario, Steps: Moved(sc.Steps, on)})
		if err != nil {
			return err
		}
		if err := db.New(tx).EndScenario(ctx, db.EndScenarioParams{Change: number, ChangedAt: store.At(s.clock()), ID: id}); err != nil {
			return fmt.Errorf("note that a scenario was applied: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "org.scenario.apply", "scenario", id, audit.F("change", number))
	})
	return number, err
}
