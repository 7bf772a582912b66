package files

import (
	"context"
	"fmt"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/files/internal/db"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
)

// abandoned is after how long a content that was not attached is removed.
const abandoned = 24 * time.Hour

// The jobs.
type (
	scanJob   struct{ File ID }
	removeJob struct{ File ID }
	sweepJob  struct{}
)

// Kind implements jobs.Args.
func (scanJob) Kind() string { return "files.scan_file" }

// Kind implements jobs.Args.
func (removeJob) Kind() string { return "files.remove_content" }

// Kind implements jobs.Args.
func (sweepJob) Kind() string { return "files.sweep_contents" }

func (s *Service) registerJobs() {
	jobs.Register(s.queue, jobs.Policy{Timeout: 10 * time.Minute, Unique: true, Retries: 20}, func(ctx context.Context, j jobs.Job[scanJob]) error {
		return s.scan(ctx, theProgram(j.Request()), j.Args.File)
	})
	jobs.Register(s.queue, jobs.Policy{Retries: 20}, func(ctx context.Context, j jobs.Job[removeJob]) error {
		return s.blobs.Remove(ctx, string(j.Args.File))
	})
	jobs.Register(s.queue, jobs.Policy{Timeout: 30 * time.Minute, Unique: true, Priority: 4}, func(ctx context.Context, _ jobs.Job[sweepJob]) error {
		return s.Sweep(ctx)
	})
	jobs.Periodic(s.queue, "files.sweep", time.Hour, sweepJob{})
}

// theProgram is Cadre itself in a job, as the journal knows it.
type theProgram string

// PrincipalID implements audit.Actor.
func (theProgram) PrincipalID() string { return "" }

// RequestID implements audit.Actor.
func (p theProgram) RequestID() string { return string(p) }

// scan has the scanner look at a file, and notes what it found.
func (s *Service) scan(ctx context.Context, by audit.Actor, id ID) error {
	var f File
	err := s.db.View(ctx, func(tx store.Tx) (err error) {
		f, err = s.Find(ctx, tx, id)
		return err
	})
	if fault.KindOf(err) == fault.NotFound || err == nil && f.State != Uploaded {
		return nil // removed, or scanned before
	}
	if err != nil || s.options.Scanner == nil {
		return err
	}
	c, err := s.blobs.Open(ctx, string(id))
	if err != nil {
		return fmt.Errorf("open the file to be scanned: %w", err)
	}
	defer func() { _ = c.Close() }()
	found, err := s.options.Scanner.Scan(ctx, c)
	if err != nil {
		return err
	}
	state := Scanned
	if found != "" {
		state = Refused
		s.options.Log.WarnContext(ctx, "the virus scanner refused a file", "file", id, "found", found)
	}
	return s.db.Update(ctx, func(tx store.Tx) error { return s.judge(ctx, tx, by, id, state) })
}

func (s *Service) judge(ctx context.Context, tx store.Tx, by audit.Actor, id ID, state State) error {
	n, err := db.New(tx).Judge(ctx, db.JudgeParams{State: string(state), ID: string(id)})
	if err != nil || n == 0 {
		return err
	}
	if state == Refused {
		if err := s.queue.Insert(ctx, tx, removeJob{id}); err != nil {
			return err
		}
	}
	return s.journal.Record(ctx, tx, by, "files.file.scan", "file", string(id), audit.F("state", string(state)))
}

// Sweep removes contents that no file has, and has files scanned for which the
// scanner came later than they. A job does it every hour.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.options.Clock()
	err := s.blobs.Each(ctx, func(key string, at time.Time) error {
		if now.Sub(at) < abandoned {
			return nil
		}
		err := s.db.View(ctx, func(tx store.Tx) error {
			f, err := s.Find(ctx, tx, ID(key))
			if err == nil && f.State == Refused {
				return fault.New(fault.NotFound, "its content is not kept")
			}
			return err
		})
		if fault.KindOf(err) != fault.NotFound || err == nil {
			return err
		}
		return s.blobs.Remove(ctx, key)
	})
	if err != nil {
		return fmt.Errorf("sweep up contents of files: %w", err)
	}
	if s.options.Scanner == nil {
		return nil
	}
	return s.scanWaiting(ctx)
}

// scanWaiting has all files scanned that wait for it.
func (s *Service) scanWaiting(ctx context.Context) error {
	const page = 200
	for after, more := "", true; more; {
		err := s.db.Update(ctx, func(tx store.Tx) error {
			from := after
			list, err := db.New(tx).WaitingFiles(ctx, db.WaitingFilesParams{ID: from, Limit: page})
			for _, id := range list {
				if err := s.queue.Insert(ctx, tx, scanJob{ID(id)}); err != nil {
					return err
				}
				from = id
			}
			if more = len(list) == page; err == nil {
				after = from
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("have files scanned: %w", err)
		}
	}
	return nil
}
