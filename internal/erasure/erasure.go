// Package erasure removes what is known of a person, for good.
//
// Text about people, or by people about people, is in columns of the rooms'
// own tables and in files, and nowhere else: the journal, jobs and logs hold
// ids. A room says which columns these are, and how the rows of a person are
// found (Holder). What it says is held against the schema by a test, so that no
// room forgets a column.
//
// Erase removes the rows and leaves a tombstone: the id, which leads nowhere
// any more, and the time. The chains of the journal stay whole. Then the files
// of the database are scrubbed, so that no byte is left in them (store.Scrub).
// If that has to wait for somebody, Finish does it later.
//
// A backup from before an erasure still has the person. So tombstones are also
// kept in a file that is no part of backups, and Reapply erases anew whoever
// came back with one.
package erasure

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A PersonID names a person by an id of a room: the account, the candidate. Who
// is both is erased by both ids.
type PersonID string

// A Holder is a room that holds text about people.
type Holder interface {
	// Holds describes all tables of the room.
	Holds() []Table
	// Erase removes what the room holds of a person, files and documents of the
	// search included, and returns how many rows that were. It may find none,
	// and may be called again.
	Erase(ctx context.Context, tx store.Tx, by audit.Actor, person PersonID) (rows int64, err error)
}

// A Service erases people. It may be used by many goroutines.
type Service struct {
	db      *store.DB
	journal *audit.Journal
	clock   func() time.Time
	file    string
	holders []Holder

	writing sync.Mutex // of the file
}

// New returns the service over all holders, in the order in which they erase.
// The folder is the data folder, where the file of tombstones is.
func New(d *store.DB, j *audit.Journal, clock func() time.Time, folder string, holders ...Holder) *Service {
	return &Service{db: d, journal: j, clock: clock, file: filepath.Join(folder, TombstonesFile), holders: holders}
}

// A Report says what an erasure did.
type Report struct {
	Rows int64
	// Scrubbed tells that the bytes are gone from the files, too. If not,
	// somebody reads an older state, and Finish does it later.
	Scrubbed bool
}

// Erase erases a person by all their ids. Who may do that is the caller's to
// know. It is NotFound if nothing is known of them. If another error comes
// after the rows were removed, they are, and Finish does the rest.
func (s *Service) Erase(ctx context.Context, by audit.Actor, ids ...PersonID) (Report, error) {
	var r Report
	err := s.db.Update(ctx, func(tx store.Tx) error {
		r.Rows = 0
		for _, id := range ids {
			rows, err := s.erase(ctx, tx, by, tombstone{id, s.clock()})
			if err != nil {
				return err
			}
			r.Rows += rows
		}
		if r.Rows == 0 {
			return fault.New(fault.NotFound, "nothing is known of this person, or they were erased before")
		}
		return nil
	})
	if err != nil {
		return Report{}, err
	}
	switch err = s.Finish(ctx); {
	case err == nil:
		r.Scrubbed = true
	case fault.KindOf(err) == fault.Busy:
		err = nil
	}
	return r, err
}

// erase removes the rows of a person and leaves a tombstone.
func (s *Service) erase(ctx context.Context, tx store.Tx, by audit.Actor, t tombstone) (rows int64, err error) {
	for _, h := range s.holders {
		n, err := h.Erase(ctx, tx, by, t.Person)
		if err != nil {
			return 0, fmt.Errorf("erase a person: %w", err)
		}
		rows += n
	}
	eraser := ""
	if by != nil {
		eraser = by.PrincipalID()
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO erasure_tombstone (person, at, erased_by, scrubbed_at) VALUES ($1, $2, $3, NULL)
		ON CONFLICT (person) DO UPDATE SET scrubbed_at = NULL`, string(t.Person), store.At(t.At), eraser)
	if err != nil {
		return 0, fmt.Errorf("leave a tombstone: %w", err)
	}
	return rows, s.journal.Record(ctx, tx, by, "erasure.person.erase", "person", string(t.Person), audit.F("rows", rows))
}

// Finish does what is left to do of erasures: it writes tombstones to the file
// and scrubs the database. It costs one query if there is nothing. Call it when
// the server starts, and every hour. Busy means that it has to be tried again.
func (s *Service) Finish(ctx context.Context) error {
	if err := s.save(ctx); err != nil {
		return err
	}
	open, err := s.tombstones(ctx, "WHERE scrubbed_at IS NULL")
	if err != nil || len(open) == 0 {
		return err
	}
	if err := s.db.Scrub(ctx, s.tables()...); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		for _, t := range open {
			_, err := tx.ExecContext(ctx, "UPDATE erasure_tombstone SET scrubbed_at = $1 WHERE person = $2", store.At(s.clock()), string(t.Person))
			if err != nil {
				return fmt.Errorf("note the scrub: %w", err)
			}
		}
		return nil
	})
}

// tables returns the names of the tables that hold text about people.
func (s *Service) tables() (names []string) {
	for _, h := range s.holders {
		for _, t := range h.Holds() {
			if len(t.Personal) > 0 {
				names = append(names, t.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Reapply erases anew whoever is in the file of tombstones and not in the table,
// because an older copy of the database was put back. It returns how many
// people those were. Call it before anything is served.
func (s *Service) Reapply(ctx context.Context) (people int, err error) {
	filed, err := read(s.file)
	if err != nil {
		return 0, err
	}
	known, err := s.tombstones(ctx, "")
	if err != nil {
		return 0, err
	}
	done := map[PersonID]bool{}
	for _, t := range known {
		done[t.Person] = true
	}
	for _, t := range filed.all() {
		if done[t.Person] {
			continue
		}
		done[t.Person] = true
		err := s.db.Update(ctx, func(tx store.Tx) error {
			_, err := s.erase(ctx, tx, nil, t)
			return err
		})
		if err != nil {
			return people, err
		}
		people++
	}
	if people == 0 {
		return 0, nil
	}
	return people, s.Finish(ctx)
}
