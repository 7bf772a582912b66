package org

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// An Entry is a step that was done.
type Entry struct {
	chart.Step
	Number int64 // the revision that it made
	Change int64 // with which it was done
	At     time.Time
	By     auth.PrincipalID // "" is the program
	Origin Origin
}

// A HistoryFilter says which steps are wanted. The zero value is all of them,
// the newest first.
type HistoryFilter struct {
	Position PositionID
	Person   PersonID
	From     calendar.Day // only what counts from this day on, or later
	Before   int64        // the number of the last one of the page before; 0 is none
	Limit    int          // 0 means 50
}

// History returns steps that were done, the newest first: one more than the
// limit, if there are more.
func (s *Service) History(ctx context.Context, by auth.Actor, f HistoryFilter) (found []Entry, err error) {
	if err := s.auth.Can(by, ReadHistory, TheChart); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		found, err = s.history(ctx, tx, f)
		return err
	})
	return found, err
}

func (s *Service) history(ctx context.Context, tx store.Tx, f HistoryFilter) ([]Entry, error) {
	if f.Before == 0 {
		f.Before = math.MaxInt64
	}
	if f.Limit == 0 {
		f.Limit = 50
	}
	rows, err := db.New(tx).History(ctx, db.HistoryParams{
		Before: f.Before, Position: string(f.Position), Person: string(f.Person), FromDay: f.From, Most: int32(f.Limit) + 1, //nolint:gosec // a few
	})
	if err != nil {
		return nil, fmt.Errorf("find history: %w", err)
	}
	found := make([]Entry, len(rows))
	for i, r := range rows {
		e := Entry{Number: r.OrgStep.Number, Change: r.OrgStep.Change, At: r.At.Time, By: auth.PrincipalID(r.ByWhom), Origin: Origin(r.Origin)}
		if err := json.Unmarshal([]byte(r.OrgStep.Step), &e.Step); err != nil {
			return nil, fmt.Errorf("read step %d: %w", e.Number, err)
		}
		found[i] = e
	}
	return found, nil
}

// Undo takes a change back, as a change of its own, and returns the number of
// that. It is a Conflict if something came to depend on it. What is kept about
// people without dates stays as it is now.
func (s *Service) Undo(ctx context.Context, by auth.Actor, number int64) (undone int64, err error) {
	if err := s.auth.Can(by, ChangeChart, TheChart); err != nil {
		return 0, err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		rows, err := db.New(tx).StepsOfChange(ctx, number)
		if err != nil {
			return fmt.Errorf("find change %d: %w", number, err)
		}
		if len(rows) == 0 {
			return fault.New(fault.NotFound, "there is no change %d", number)
		}
		var c Change
		for _, r := range slices.Backward(rows) {
			var back []chart.Step
			if err := json.Unmarshal([]byte(r.Was), &back); err != nil {
				return fmt.Errorf("read step %d: %w", r.Number, err)
			}
			c.Steps = append(c.Steps, back...)
		}
		if len(c.Steps) == 0 {
			return fault.New(fault.Conflict, "this change cannot be taken back: change what it says instead")
		}
		undone, err = s.do(ctx, tx, by, &c)
		return err
	})
	return undone, err
}

// Replay returns the book that comes of all steps from the first one on. It is
// what the tables say, and there to be compared with them.
func (s *Service) Replay(ctx context.Context, tx store.Tx) (*chart.Book, error) {
	b := bookAt{Book: &chart.Book{}}
	for {
		before := b.revision
		var err error
		if b, err = s.replay(ctx, db.New(tx), b); err != nil {
			return nil, err
		}
		if b.revision == before {
			return b.Book, nil
		}
	}
}
