package inbox

import (
	"context"
	"fmt"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/inbox/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// longestSnooze is how far ahead somebody can put something off, in days. Who
// wants more does not want to do it.
const longestSnooze = 366

// Snooze puts off a todo of the actor's inbox: it is not shown before a day,
// which begins where they are. It is NotFound if nothing like it waits for them,
// and Invalid for a day that is not after today. Putting it off again moves the
// day.
func (s *Service) Snooze(ctx context.Context, by auth.Actor, key Key, until calendar.Day, zone *time.Location) (Snoozed, error) {
	if err := s.auth.Can(by, SnoozeTodo, box(by)); err != nil {
		return Snoozed{}, err
	}
	found, err := s.find(ctx, by, key)
	if err != nil {
		return Snoozed{}, err
	}
	today := calendar.Of(s.clock().In(zone))
	switch {
	case !until.IsKnown() || until <= today:
		return Snoozed{}, fault.New(fault.Invalid, "choose a day after today")
	case until > today.Add(longestSnooze):
		return Snoozed{}, fault.New(fault.Invalid, "choose a day within a year")
	}
	t := until.Time()
	begins := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	err = s.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		err := q.DropAwake(ctx, db.DropAwakeParams{Principal: string(by.ID), UntilAt: store.At(s.clock())})
		if err != nil {
			return fmt.Errorf("drop what is shown again: %w", err)
		}
		err = q.Snooze(ctx, db.SnoozeParams{Principal: string(by.ID), Key: string(key), UntilDay: until, UntilAt: store.At(begins)})
		if err != nil {
			return fmt.Errorf("put off a todo: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "inbox.todo.snooze", "todo", string(key))
	})
	if err != nil {
		return Snoozed{}, err
	}
	s.Changed(by.ID)
	return Snoozed{found, until}, nil
}

// Wake shows a todo again that the actor put off. It does nothing if it is shown
// already.
func (s *Service) Wake(ctx context.Context, by auth.Actor, key Key) error {
	if err := s.auth.Can(by, SnoozeTodo, box(by)); err != nil {
		return err
	}
	err := s.db.Update(ctx, func(tx store.Tx) error {
		n, err := db.New(tx).Wake(ctx, db.WakeParams{Principal: string(by.ID), Key: string(key)})
		if err != nil {
			return fmt.Errorf("show a todo again: %w", err)
		}
		if n == 0 {
			return nil
		}
		return s.journal.Record(ctx, tx, by, "inbox.todo.wake", "todo", string(key))
	})
	if err != nil {
		return err
	}
	s.Changed(by.ID)
	return nil
}
