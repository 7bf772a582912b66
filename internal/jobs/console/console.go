// Package console is what administrators do with the queue of jobs: they look
// at it, have a job done again, or have one not be done. Each of the latter is
// noted in the journal.
//
// Nobody else learns that a job is there: for them it is NotFound. What a job
// was given and why it failed holds no text that a person wrote (package
// jobs), so that there is nothing more to keep from administrators.
package console

import (
	"context"
	_ "embed"
	"strconv"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
)

//go:embed policies.cedar
var policies []byte

// Room returns the policies of the queue.
func Room() auth.Room { return auth.Room{Name: "jobs", Policies: policies} }

// The actions.
const (
	Read   auth.Action = "jobs.job.read"
	Retry  auth.Action = "jobs.job.retry"
	Cancel auth.Action = "jobs.job.cancel"
)

// A Service lets administrators see to the queue.
type Service struct {
	*auth.Authority

	db      *store.DB
	queue   *jobs.Queue
	journal *audit.Journal
}

// New returns the service over a queue.
func New(d *store.DB, q *jobs.Queue, a *auth.Authority, j *audit.Journal) *Service {
	return &Service{Authority: a, db: d, queue: q, journal: j}
}

// Queue is the queue as a thing that one may look at.
var Queue = auth.Entity{Kind: "job", ID: "all"}

func job(id int64) auth.Entity { return auth.Entity{Kind: "job", ID: strconv.FormatInt(id, 10)} }

// An Overview is a page of the list of jobs.
type Overview struct {
	Counts map[jobs.State]int // over all kinds
	Kinds  []string
	Jobs   []jobs.Entry
	More   bool
}

// List returns jobs that a filter chooses, the newest first.
func (s *Service) List(ctx context.Context, by auth.Actor, f jobs.Filter) (o Overview, err error) {
	if err := s.Can(by, Read, Queue); err != nil {
		return o, err
	}
	o.Kinds = s.queue.Kinds()
	err = s.db.View(ctx, func(tx store.Tx) error {
		if o.Counts, err = s.queue.Counts(ctx, tx); err != nil {
			return err
		}
		o.Jobs, o.More, err = s.queue.List(ctx, tx, f)
		return err
	})
	return o, err
}

// Find returns one job.
func (s *Service) Find(ctx context.Context, by auth.Actor, id int64) (e *jobs.Entry, err error) {
	if err := s.Can(by, Read, job(id)); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		e, err = s.queue.Find(ctx, tx, id)
		return err
	})
	return e, err
}

// Retry has a job done again, now. It is a Conflict for one that runs.
func (s *Service) Retry(ctx context.Context, by auth.Actor, id int64) error {
	return s.change(ctx, by, Retry, id, s.queue.Retry)
}

// Cancel has a job not be done, or told to stop. It is a Conflict for one that
// is over.
func (s *Service) Cancel(ctx context.Context, by auth.Actor, id int64) error {
	return s.change(ctx, by, Cancel, id, s.queue.Cancel)
}

func (s *Service) change(ctx context.Context, by auth.Actor, what auth.Action, id int64,
	do func(context.Context, store.Tx, int64) (*jobs.Entry, error),
) error {
	if err := s.Can(by, what, job(id)); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		e, err := do(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, string(what), "job", strconv.FormatInt(id, 10), audit.F("kind", e.Kind))
	})
}
