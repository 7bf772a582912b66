// Package jobs does later what need not, or must not, be done in the
// transaction of a request: to send mail, to scan a file, to bring a figure up
// to date. The queue is a table of the library River in the same database, so
// that a job is there exactly if the change is that wants it.
//
// A kind of job is registered once, with the function that does it and a
// Policy. Insert puts a job into the caller's transaction; after the commit a
// node that is in Run takes it, within milliseconds. A job that fails is tried
// again, later each time; one whose node stops is handed back, and one whose
// node dies is taken by another after Options.Rescue. So a job runs at least
// once: it looks at the present state, and does nothing if it is done already.
//
// Arguments are ids, states and numbers; never text that a person wrote, since
// rows of the queue outlive an erasure. For the same reason a failed attempt
// keeps no text of the error: the row names the kind of fault and a reference,
// under which the log has the rest.
//
// Administrators look at the queue through package console.
package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// Options steer a queue. The zero value has useful defaults.
type Options struct {
	// Log gets what failed jobs said. Nil means slog.Default.
	Log *slog.Logger
	// Workers is how many jobs this node does at once. 0 means 4.
	Workers int
	// Poll is how often a node looks for jobs that nobody announced, such as
	// those that a command inserted on the same machine. 0 means a second.
	Poll time.Duration
	// Grace is how long jobs that run may go on when Run is to end. After it
	// their context is cancelled. 0 means 10 seconds.
	Grace time.Duration
	// Rescue is after how long a running job is taken for lost with its node.
	// A kind with a longer timeout is left alone for that. 0 means 2 minutes.
	Rescue time.Duration
}

// The defaults of a kind of job.
const (
	DefaultTimeout = time.Minute
	DefaultRetries = 10 // over about seven hours
)

// A Queue holds the kinds of jobs, inserts jobs and does them. Register
// everything before Run; after that its methods may be called by many
// goroutines.
type Queue struct {
	db       *store.DB
	options  Options
	workers  *river.Workers
	policies map[string]Policy
	periodic []*river.PeriodicJob
	follower bool // for tests: is not elected

	// own reads and writes the queue in transactions of package store.
	own *river.Client[*sql.Tx]

	mu       sync.RWMutex
	running  bool
	announce announce
}

// New returns a queue in a database that package store has migrated.
func New(db *store.DB, o Options) (*Queue, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Workers = cmp.Or(o.Workers, 4)
	o.Poll = cmp.Or(o.Poll, time.Second)
	o.Grace = cmp.Or(o.Grace, 10*time.Second)
	o.Rescue = cmp.Or(o.Rescue, 2*time.Minute)
	q := &Queue{db: db, options: o, workers: river.NewWorkers(), policies: map[string]Policy{}}
	var err error
	if q.own, err = ownClient(db, o.Log); err != nil {
		return nil, fmt.Errorf("open the queue of jobs: %w", err)
	}
	return q, nil
}

// Run does jobs until the context ends, and then hands back those that do not
// end within Options.Grace. Several nodes may run on one PostgreSQL; one of
// them, which they elect, sees to periodic jobs and to lost ones.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.begin(); err != nil {
		return err
	}
	defer q.end()
	start := q.runSQLite
	if q.db.Engine() == store.PostgreSQL {
		start = q.runPostgres
	}
	began := false
	err := start(ctx, func() { began = true })
	if !began && ctx.Err() != nil {
		return nil // it was to end before it began
	}
	return err
}

// begin notes that the queue runs, which it does once at a time.
func (q *Queue) begin() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.running {
		return fault.New(fault.Conflict, "the queue of jobs runs already")
	}
	q.running = true
	return nil
}

func (q *Queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running, q.announce = false, nil
}

// Timeouts of the machinery.
const (
	// A node looks for new jobs this often at most.
	cooldown = 20 * time.Millisecond
	// Jobs that ignore that their context ended are not waited for any longer.
	lastWait = 5 * time.Second
)

// config returns what the library needs to do jobs.
func (q *Queue) config() *river.Config {
	o := q.options
	return &river.Config{
		FetchCooldown:               min(cooldown, o.Poll),
		FetchPollInterval:           o.Poll,
		LeaderElectionDisabled:      q.follower,
		JobTimeout:                  min(DefaultTimeout, o.Rescue),
		Logger:                      quiet(o.Log),
		PeriodicJobs:                q.periodic,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Workers}},
		RescueStuckJobsAfter:        o.Rescue,
		SoftStopTimeout:             o.Grace,
		Workers:                     q.workers,
		CompletedJobRetentionPeriod: 24 * time.Hour,
		CancelledJobRetentionPeriod: 7 * 24 * time.Hour,
		DiscardedJobRetentionPeriod: 30 * 24 * time.Hour,
	}
}

// run does jobs with a client of either driver.
func run[T any](ctx context.Context, q *Queue, c *river.Client[T], a announce, began func()) error {
	if len(q.policies) == 0 {
		<-ctx.Done() // the library will not start without a kind of job
		return nil
	}
	if err := c.Start(ctx); err != nil {
		return fmt.Errorf("do jobs: %w", err)
	}
	began()
	q.mu.Lock()
	q.announce = a
	q.mu.Unlock()
	<-ctx.Done()
	q.mu.Lock()
	q.announce = nil
	q.mu.Unlock()
	limit := time.NewTimer(q.options.Grace + lastWait)
	defer limit.Stop()
	select {
	case <-c.Stopped():
		return nil
	case <-limit.C:
		return errors.New("some jobs did not end when they were told to; another node, or the next start, does them again")
	}
}
