package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A State says where a job is on its way.
type State string

// The states, in the order in which they are shown.
const (
	Running   State = "running"
	Available State = "available" // waits for a free worker
	Retryable State = "retryable" // failed, and is tried again later
	Scheduled State = "scheduled" // waits for its time
	Discarded State = "discarded" // failed as often as it may
	Cancelled State = "cancelled" // by an administrator, or by itself
	Completed State = "completed"
)

// States lists all states in the order in which they are shown.
var States = []State{Running, Available, Retryable, Scheduled, Discarded, Cancelled, Completed}

// Words returns the state as people write it.
func (s State) Words() string {
	switch s {
	case Running:
		return "Running"
	case Available:
		return "Waiting"
	case Retryable:
		return "To be retried"
	case Scheduled:
		return "Scheduled"
	case Discarded:
		return "Failed"
	case Cancelled:
		return "Cancelled"
	case Completed:
		return "Done"
	}
	return string(s)
}

// IsOver reports whether nothing happens to the job by itself any more.
func (s State) IsOver() bool { return s == Discarded || s == Cancelled || s == Completed }

// An Entry is a job in the queue as administrators see it.
type Entry struct {
	ID          int64
	Kind        string
	State       State
	Priority    int
	Args        string // JSON
	Attempt     int
	MaxAttempts int
	Created     time.Time
	Scheduled   time.Time // when it is, or was, to be done
	Attempted   *time.Time
	Finalized   *time.Time
	Node        string // which tried it last; may be ""
	Failures    []Failure
}

// Request names the job in the journal.
func (e *Entry) Request() string { return requestOf(e.ID) }

// A Failure is one attempt that failed.
type Failure struct {
	Attempt int
	At      time.Time
	// Text names the kind of fault and the reference of the line in the log
	// that tells more.
	Text string
}

// A Filter chooses jobs. The zero value is all of them.
type Filter struct {
	State State  // "" is any
	Kind  string // "" is any
	After int64  // id of the last job of the page before; 0 is the first page
	Limit int    // 0 means 50
}

// List returns jobs, the newest first, and whether there are more.
func (q *Queue) List(ctx context.Context, tx store.Tx, f Filter) (list []Entry, more bool, err error) {
	if f.State != "" && !slices.Contains(States, f.State) {
		return nil, false, fault.New(fault.Invalid, "there is no state %q of jobs", f.State)
	}
	limit := min(cmp.Or(max(f.Limit, 0), 50), 500)
	p := river.NewJobListParams().OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(limit + 1)
	if f.State != "" {
		p = p.States(rivertype.JobState(f.State))
	}
	if f.Kind != "" {
		p = p.Kinds(f.Kind)
	}
	if f.After != 0 {
		p = p.After(river.JobListCursorFromJob(&rivertype.JobRow{ID: f.After}))
	}
	found, err := q.own.JobListTx(ctx, tx.SQL(), p)
	if err != nil {
		return nil, false, fmt.Errorf("list jobs: %w", err)
	}
	for _, row := range found.Jobs {
		list = append(list, entry(row))
	}
	if len(list) > limit {
		return list[:limit], true, nil
	}
	return list, false, nil
}

// Counts returns how many jobs are in each state.
func (q *Queue) Counts(ctx context.Context, tx store.Tx) (counts map[State]int, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT CAST(state AS TEXT), COUNT(*) FROM river_job GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	counts = map[State]int{}
	for rows.Next() {
		var s State
		var n int
		if err := rows.Scan(&s, &n); err != nil {
			return nil, err
		}
		counts[s] = n
	}
	return counts, rows.Err()
}

// Kinds returns the kinds that are registered, in order.
func (q *Queue) Kinds() []string {
	kinds := make([]string, 0, len(q.policies))
	for k := range q.policies {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Find returns a job; NotFound if there is none.
func (q *Queue) Find(ctx context.Context, tx store.Tx, id int64) (*Entry, error) {
	row, err := q.own.JobGetTx(ctx, tx.SQL(), id)
	return found(row, err, id)
}

// Retry has a job done again, now. It is a Conflict for one that runs, and
// NotFound if there is none. A job that was done is done once more.
func (q *Queue) Retry(ctx context.Context, tx store.Tx, id int64) (*Entry, error) {
	before, err := q.Find(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if before.State == Running {
		return nil, fault.New(fault.Conflict, "job %d runs now: wait for its end", id)
	}
	row, err := q.own.JobRetryTx(ctx, tx.SQL(), id)
	if err == nil {
		q.wakeAfter(tx)
	}
	return found(row, err, id)
}

// Cancel has a job not be done. One that runs is told to stop within seconds,
// and is cancelled unless it ends well before. It is a Conflict for a job that
// is over.
func (q *Queue) Cancel(ctx context.Context, tx store.Tx, id int64) (*Entry, error) {
	before, err := q.Find(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if before.State.IsOver() {
		return nil, fault.New(fault.Conflict, "job %d is over already", id)
	}
	row, err := q.own.JobCancelTx(ctx, tx.SQL(), id)
	return found(row, err, id)
}

func found(row *rivertype.JobRow, err error, id int64) (*Entry, error) {
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil, fault.New(fault.NotFound, "there is no job %d", id)
	}
	if err != nil {
		return nil, fmt.Errorf("job %d: %w", id, err)
	}
	e := entry(row)
	return &e, nil
}

// entry returns a row of the library as ours.
func entry(r *rivertype.JobRow) Entry {
	e := Entry{
		ID: r.ID, Kind: r.Kind, State: State(r.State), Priority: r.Priority, Args: string(r.EncodedArgs),
		Attempt: r.Attempt, MaxAttempts: r.MaxAttempts, Created: r.CreatedAt, Scheduled: r.ScheduledAt,
		Attempted: r.AttemptedAt, Finalized: r.FinalizedAt,
	}
	if r.State == rivertype.JobStatePending {
		e.State = Scheduled
	}
	if n := len(r.AttemptedBy); n > 0 {
		e.Node = r.AttemptedBy[n-1]
	}
	for _, f := range r.Errors {
		e.Failures = append(e.Failures, Failure{Attempt: f.Attempt, At: f.At, Text: f.Error})
	}
	return e
}

// ParseID returns the id that a word names; NotFound if it names none.
func ParseID(word string) (int64, error) {
	id, err := strconv.ParseInt(word, 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.New(fault.NotFound, "there is no such job")
	}
	return id, nil
}
