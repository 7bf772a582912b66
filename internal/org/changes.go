package org

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// Done is a change that was made, with its first steps.
type Done struct {
	Number int64
	At     time.Time
	By     auth.PrincipalID // "" is the program
	Origin Origin
	Count  int // of its steps
	// Steps are the first of them; what is known of people comes last.
	Steps []Entry
}

// A ChangesFilter says which changes are wanted. The zero value is all of them,
// the newest first.
type ChangesFilter struct {
	Origin Origin
	Day    calendar.Day // on which they were made
	Before int64        // the number of the last one of the page before; 0 is none
	Limit  int          // 0 means 30
	Steps  int          // how many steps of each are returned at most; 0 means 8
}

// Changes returns the changes that were made, the newest first: one more than
// the limit, if there are more. Everybody who signed in may read them.
func (s *Service) Changes(ctx context.Context, by auth.Actor, f ChangesFilter) (found []Done, err error) {
	if err := s.auth.Can(by, ReadHistory, TheChart); err != nil {
		return nil, err
	}
	p := db.ChangesParams{
		Before: f.Before, Origin: string(f.Origin), Since: store.At(time.UnixMicro(0)), Until: store.At(calendar.Never.Time()), Most: int32(orElse(f.Limit, 30)) + 1, //nolint:gosec // a few
	}
	if p.Before == 0 {
		p.Before = math.MaxInt64
	}
	if f.Day.IsKnown() {
		p.Since, p.Until = store.At(s.begin(f.Day)), store.At(s.begin(f.Day.Add(1)))
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		rows, err := q.Changes(ctx, p)
		if err != nil {
			return fmt.Errorf("find changes: %w", err)
		}
		found = make([]Done, len(rows))
		for i, r := range rows {
			if found[i], err = changeOf(ctx, q, &r, orElse(f.Steps, 8)); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// mostSteps is how many steps of one change are shown.
const mostSteps = 500

// Made returns one change with its steps. Everybody who signed in may read it.
func (s *Service) Made(ctx context.Context, by auth.Actor, number int64) (d Done, err error) {
	if err := s.auth.Can(by, ReadHistory, TheChart); err != nil {
		return d, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		row, err := q.Change(ctx, number)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no change %d", number)
		}
		if err != nil {
			return fmt.Errorf("find change %d: %w", number, err)
		}
		d, err = changeOf(ctx, q, &row, mostSteps)
		return err
	})
	return d, err
}

func changeOf(ctx context.Context, q *db.Queries, r *db.OrgChange, most int) (Done, error) {
	d := Done{Number: r.Number, At: r.At.Time, By: auth.PrincipalID(r.ByWhom), Origin: Origin(r.Origin), Count: int(r.Steps)}
	steps, err := q.FirstSteps(ctx, db.FirstStepsParams{Change: r.Number, Limit: int32(most)}) //nolint:gosec // a few
	if err != nil {
		return d, fmt.Errorf("find the steps of change %d: %w", r.Number, err)
	}
	if len(steps) < most && len(steps) < d.Count {
		notes, err := q.FirstNotes(ctx, db.FirstNotesParams{Change: r.Number, Limit: int32(most - len(steps))}) //nolint:gosec // a few
		if err != nil {
			return d, fmt.Errorf("find the steps of change %d: %w", r.Number, err)
		}
		steps = append(steps, notes...)
	}
	for _, step := range steps {
		e := Entry{Number: step.Number, Change: d.Number, At: d.At, By: d.By, Origin: d.Origin}
		if err := json.Unmarshal([]byte(step.Step), &e.Step); err != nil {
			return d, fmt.Errorf("read step %d: %w", step.Number, err)
		}
		d.Steps = append(d.Steps, e)
	}
	return d, nil
}

// begin returns the first moment of a day.
func (s *Service) begin(d calendar.Day) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, s.zone)
}

func orElse(n, usual int) int {
	if n > 0 {
		return n
	}
	return usual
}
