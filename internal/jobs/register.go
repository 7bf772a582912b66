package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Args are the arguments of a job: a struct of ids, states and numbers, which
// is kept as JSON. Kind names the kind of job for ever, as room.verb_noun; it
// does not look at the fields.
type Args interface{ Kind() string }

// A Job is one job at work.
type Job[T Args] struct {
	ID      int64
	Args    T
	Attempt int  // from 1
	Last    bool // nobody will try again if this attempt fails
}

// Request names the job where a request would be named: in the journal, as the
// request of auth.TheProgram.
func (j Job[T]) Request() string { return requestOf(j.ID) }

func requestOf(id int64) string { return fmt.Sprintf("job-%d", id) }

// A Policy says how jobs of a kind are done. The zero value is right for most.
type Policy struct {
	// Retries is how often a failed job is tried again: after a second, 16
	// seconds, 81 seconds and so on. 0 means DefaultRetries, less means never.
	Retries int
	// Timeout is how long one attempt may take; then its context ends. 0 means
	// DefaultTimeout.
	Timeout time.Duration
	// Unique leaves a job out when one with the same arguments waits or runs.
	// Since that one may have read its data already, it does not fit where the
	// last change must be seen.
	Unique bool
	// Priority is the turn among waiting jobs, from 1, the first, to 4. 0
	// means 2.
	Priority int
}

// Register adds a kind of job and the function that does it. Call it before
// Run; it panics if the kind is registered already, which is a defect of the
// program. An error of the function has the job tried again, unless it is
// wrapped by GiveUp.
func Register[T Args](q *Queue, p Policy, do func(context.Context, Job[T]) error) {
	var example T
	river.AddWorkerArgs(q.workers, example, &worker[T]{log: q.options.Log, policy: p, do: do})
	q.policies[example.Kind()] = p
}

// Periodic has a job done again and again, by one node at a time. After a start
// it is done at once if it was not in the present period, which are those that
// begin at whole multiples of every since the year 1. Its kind must be
// registered.
func Periodic(q *Queue, name string, every time.Duration, args Args) {
	q.periodic = append(q.periodic, river.NewPeriodicJob(river.PeriodicInterval(every), func() (river.JobArgs, *river.InsertOpts) {
		o := q.insertOptions(args.Kind())
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByPeriod: every}
		return args, o
	}, &river.PeriodicJobOpts{ID: name, RunOnStart: true}))
}

// GiveUp wraps an error that will not go away: the job is not tried again.
func GiveUp(err error) error { return &givenUp{err} }

type givenUp struct{ error }

// Unwrap returns the error itself.
func (g *givenUp) Unwrap() error { return g.error }

// Later has a job that is not ready run again after a while, which does not
// count as an attempt. Return it as the error of the function.
func Later(wait time.Duration) error { return river.JobSnooze(wait) }

// worker does jobs of one kind.
type worker[T Args] struct {
	river.WorkerDefaults[T]
	log    *slog.Logger
	policy Policy
	do     func(context.Context, Job[T]) error
}

// Timeout implements river.Worker.
func (w *worker[T]) Timeout(*river.Job[T]) time.Duration { return w.policy.Timeout }

// Work implements river.Worker.
func (w *worker[T]) Work(ctx context.Context, j *river.Job[T]) error {
	err := w.attempt(ctx, Job[T]{ID: j.ID, Args: j.Args, Attempt: j.Attempt, Last: j.Attempt >= j.MaxAttempts})
	if err == nil {
		return nil
	}
	if snooze, ok := errors.AsType[*river.JobSnoozeError](err); ok {
		return snooze
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return context.Canceled // the node stops, or the job was cancelled
	}
	f := failure{fault.KindOf(err), strings.ToLower(rand.Text()[:12])}
	w.log.ErrorContext(ctx, "a job failed", "job", j.ID, "kind", j.Kind, "attempt", j.Attempt,
		"last", j.Attempt >= j.MaxAttempts, "reference", f.reference, "error", err)
	if _, ok := errors.AsType[*givenUp](err); ok {
		return river.JobCancel(f)
	}
	return f
}

// attempt runs the function and turns a panic into an error.
func (w *worker[T]) attempt(ctx context.Context, j Job[T]) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return w.do(ctx, j)
}

// A failure is what the queue keeps of an error.
type failure struct {
	kind      fault.Kind
	reference string // of the line in the log
}

// Error returns the text that administrators see.
func (f failure) Error() string { return f.kind.String() + ", reference " + f.reference }
