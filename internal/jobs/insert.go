package jobs

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/cadre-hq/cadre/internal/store"
)

// Insert puts a job into a transaction: it is done after the commit, and never
// if there is none.
func (q *Queue) Insert(ctx context.Context, tx store.Tx, args Args) error {
	return q.InsertAt(ctx, tx, args, time.Time{})
}

// InsertAt is like Insert, but the job is done at a time or soon after. The
// zero time is now.
func (q *Queue) InsertAt(ctx context.Context, tx store.Tx, args Args, at time.Time) error {
	if _, ok := q.policies[args.Kind()]; !ok {
		return fmt.Errorf("insert a job: the kind %q is not registered", args.Kind())
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if tx.Engine() == store.SQLite {
		// An interruption would undo other updates with this one.
		ctx = context.WithoutCancel(ctx)
	}
	o := q.insertOptions(args.Kind())
	o.ScheduledAt = at
	if _, err := q.own.InsertTx(ctx, tx.SQL(), args, o); err != nil {
		return fmt.Errorf("insert a job %s: %w", args.Kind(), err)
	}
	q.wakeAfter(tx)
	return nil
}

// wakeAfter has this node look for jobs when a transaction is committed.
func (q *Queue) wakeAfter(tx store.Tx) {
	tx.OnEnd(func(o store.Outcome) {
		if o == store.Undone {
			return
		}
		q.mu.RLock()
		defer q.mu.RUnlock()
		if q.announce != nil {
			q.announce()
		}
	})
}

// insertOptions returns how a job of a kind is inserted.
func (q *Queue) insertOptions(kind string) *river.InsertOpts {
	p := q.policies[kind]
	o := &river.InsertOpts{MaxAttempts: max(1, cmp.Or(p.Retries, DefaultRetries)+1), Priority: cmp.Or(p.Priority, 2)}
	if p.Unique {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		}}
	}
	return o
}
