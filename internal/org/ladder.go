package org

import (
	"context"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Ladder is where somebody stands, and what is next, by the pages that are in
// force on a day.
type Ladder struct {
	Node *chart.Node
	Here *Rung // nil if the position has no level
	Next []NextRung
	// Graph are the ladders of the family, for the picture; nil without a level.
	Graph *catalog.Graph
}

// A Rung is a level of a published page.
type Rung struct {
	Pin    catalog.Pin
	Family *catalog.Family
	Level  catalog.LevelSummary
	Grades []string
}

// A NextRung is a step that the page names, with what it adds.
type NextRung struct {
	Step catalog.NextStep
	// Rung is nil for a role that no published page describes.
	Rung *Rung
	// Responsibilities and Requirements are those that the next level has and
	// this one has not.
	Responsibilities []catalog.Duty
	Requirements     []catalog.Duty
	// Kept counts those that both have, and Gone are those that end.
	Kept int
	Gone []catalog.Duty
	// Openings are positions of the next level that nobody holds.
	Openings []*chart.Node
}

// Ladder returns where who holds a position stands on a day, and what is next.
// Everybody who signed in may read it.
func (s *Service) Ladder(ctx context.Context, by auth.Actor, id PositionID, day calendar.Day) (l *Ladder, err error) {
	if err := s.auth.Can(by, ReadChart, TheChart); err != nil {
		return nil, err
	}
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		c, err := s.chart(ctx, tx, b, s.day(day))
		if err != nil {
			return err
		}
		n := c.Node(id)
		if n == nil {
			return fault.New(fault.NotFound, "there is no position %q on %s", id, c.Day)
		}
		l, err = s.ladder(ctx, tx, c, n)
		return err
	})
	return l, err
}

func (s *Service) ladder(ctx context.Context, tx store.Tx, c *Chart, n *chart.Node) (*Ladder, error) {
	l := &Ladder{Node: n}
	if n.Role == nil {
		return l, nil
	}
	here, duties, err := s.rung(ctx, tx, c, n.Role.Pin)
	if err != nil {
		return nil, err
	}
	l.Here = here
	if c.Edition != nil {
		l.Graph = c.Edition.Graph(here.Pin.Family)
	}
	for _, step := range here.Family.Ladder {
		if step.From != here.Pin.Level {
			continue
		}
		next, err := s.nextRung(ctx, tx, c, step, duties)
		if err != nil {
			return nil, err
		}
		l.Next = append(l.Next, next)
	}
	return l, nil
}

// rung returns a level with what is asked of it.
func (s *Service) rung(ctx context.Context, tx store.Tx, c *Chart, p catalog.Pin) (*Rung, *catalog.LevelDuties, error) {
	f, err := s.familyOf(ctx, tx, c, p)
	if err != nil {
		return nil, nil, err
	}
	role, err := f.Role(p.Level)
	if err != nil {
		return nil, nil, err
	}
	return &Rung{Pin: p, Family: f, Level: role.Summary, Grades: role.Summary.Grades}, &role.Duties, nil
}

func (s *Service) nextRung(ctx context.Context, tx store.Tx, c *Chart, step catalog.NextStep, have *catalog.LevelDuties) (NextRung, error) {
	next := NextRung{Step: step}
	if step.Family == "" || c.Edition == nil || c.Edition.Family(step.Family) == nil {
		return next, nil
	}
	pin := catalog.Pin{Family: step.Family, Version: c.Edition.Family(step.Family).Version, Level: step.Level}
	rung, asked, err := s.rung(ctx, tx, c, pin)
	if fault.KindOf(err) == fault.NotFound {
		return next, nil
	}
	if err != nil {
		return next, err
	}
	next.Rung = rung
	var kept int
	var gone []catalog.Duty
	next.Responsibilities, kept, gone = added(have.Responsibilities, asked.Responsibilities)
	next.Kept, next.Gone = kept, gone
	next.Requirements, kept, gone = added(have.Requirements, asked.Requirements)
	next.Kept, next.Gone = next.Kept+kept, append(next.Gone, gone...)
	for i := range c.Nodes {
		if n := &c.Nodes[i]; n.Holder == nil && n.Seat.Pin.Family == pin.Family && n.Seat.Pin.Level == pin.Level {
			next.Openings = append(next.Openings, n)
		}
	}
	return next, nil
}

// added compares what two levels ask: what only the second asks, how much both
// do, and what only the first does. A duty is the same if the same line of the
// same page states it.
func added(have, want []catalog.Duty) (more []catalog.Duty, kept int, gone []catalog.Duty) {
	same := func(x, y catalog.Duty) bool { return x.Family == y.Family && x.Level == y.Level && x.ID == y.ID }
	in := func(list []catalog.Duty, d catalog.Duty) bool {
		return slices.ContainsFunc(list, func(x catalog.Duty) bool { return same(x, d) && !x.Withheld })
	}
	for _, d := range want {
		switch {
		case d.Withheld:
		case in(have, d):
			kept++
		default:
			more = append(more, d)
		}
	}
	for _, d := range have {
		if !d.Withheld && !in(want, d) {
			gone = append(gone, d)
		}
	}
	return more, kept, gone
}
