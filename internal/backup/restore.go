package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/holders"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/dump"
)

// A Target is where a copy is put back.
type Target struct {
	Data     string // a folder that does not exist, or is empty
	Database string // an empty one; "" is a SQLite file in the folder
	// Tombstones is the file that lists who was erased (erasure.TombstonesFile),
	// as it is now: whoever was erased after the copy was made is erased anew.
	// "" if there is none.
	Tombstones string
	Clock      func() time.Time // nil means time.Now
	Log        *slog.Logger
}

// Restore puts a copy back, and verifies it before anything is in its place.
// It is a Conflict if there is data where it should go.
func Restore(ctx context.Context, file string, t Target) (m *Manifest, err error) {
	if err := t.isFree(ctx); err != nil {
		return nil, err
	}
	// The copy is unpacked beside its place, so that it is moved there at once.
	parent := filepath.Dir(filepath.Clean(t.Data))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, fault.New(fault.Invalid, "the data folder cannot be made: %w", err)
	}
	work, err := os.MkdirTemp(parent, ".restore-")
	if err != nil {
		return nil, fault.New(fault.Invalid, "the data folder cannot be made: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	m, err = unpack(file, work)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(work, dataFolder)
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	place := t.Database
	if place == "" {
		place = filepath.Join(data, "cadre.db")
	}
	if err := dump.Read(ctx, place, filepath.Join(work, databaseFolder), m.Schema); err != nil {
		return nil, fmt.Errorf("put the database back: %w", err)
	}
	if err := check(ctx, place, data, m, t.Log); err != nil {
		return nil, err
	}
	if err := t.eraseAgain(ctx, place, data); err != nil {
		return nil, err
	}
	return m, move(data, t.Data)
}

// eraseAgain erases whoever was erased since the copy was made.
func (t Target) eraseAgain(ctx context.Context, place, data string) (err error) {
	if t.Tombstones == "" {
		return nil
	}
	text, err := os.ReadFile(t.Tombstones)
	if err != nil {
		return fault.New(fault.Invalid, "the list of erased people cannot be read: %w", err)
	}
	if err := os.WriteFile(filepath.Join(data, erasure.TombstonesFile), text, 0o600); err != nil {
		return err
	}
	db, err := store.Open(ctx, place, store.Options{Log: t.Log, Connections: 2})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.Migrate(ctx); err != nil { // rooms know the tables of today
		return err
	}
	clock := t.Clock
	if clock == nil {
		clock = time.Now
	}
	s := erasure.New(db, audit.New(db, clock), clock, data, holders.All(clock)...)
	people, err := s.Reapply(ctx)
	if err != nil {
		return fmt.Errorf("erase again who was erased since: %w", err)
	}
	t.Log.InfoContext(ctx, "who was erased since the copy was made was erased again", "people", people)
	return s.Finish(ctx)
}

// isFree reports whether there is room for a copy: nothing, or the settings
// and the master key of the server that is to be.
func (t Target) isFree(ctx context.Context) error {
	entries, err := os.ReadDir(t.Data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Invalid, "the data folder cannot be used: %w", err)
	}
	if len(entries) > 0 {
		return fault.New(fault.Conflict, "%s is not empty: a copy is put back where there is nothing", t.Data)
	}
	if t.Database == "" {
		return nil
	}
	empty, err := dump.IsEmpty(ctx, t.Database)
	if err != nil {
		return err
	}
	if !empty {
		return fault.New(fault.Conflict, "the database is not empty: a copy is put back where there is nothing")
	}
	return nil
}

// move puts a folder in its place, where at most an empty one is.
func move(from, to string) error {
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("put the data folder in place: %w", err)
	}
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("put the data folder in place: %w", err)
	}
	return syncFolder(filepath.Dir(filepath.Clean(to)))
}

// verify puts a copy back in a place of its own, checks it, and throws it
// away.
func (s Server) verify(ctx context.Context, file, work string) (err error) {
	t := Target{Data: filepath.Join(work, dataFolder), Log: s.Log}
	if err := os.MkdirAll(work, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if dump.EngineOf(s.Database) == store.PostgreSQL {
		var remove func() error
		t.Database, remove, err = dump.Scratch(ctx, s.Database, "cadre_check_"+strings.ToLower(rand.Text()[:12]))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, remove()) }()
	}
	_, err = Restore(ctx, file, t)
	return err
}

// Check verifies a copy without putting it back: its files, its database and
// its journal. A copy of PostgreSQL needs the place of a server on which the
// account may make a database; without one only the files are compared.
func Check(ctx context.Context, file, server string, log *slog.Logger) (m *Manifest, err error) {
	_, closer, m, err := open(file)
	if err != nil {
		return nil, err
	}
	if err := closer.Close(); err != nil {
		return nil, err
	}
	work, err := os.MkdirTemp("", "cadre-check-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if m.Engine == store.PostgreSQL && server == "" {
		return unpack(file, work)
	}
	return m, Server{Database: server, Log: log}.verify(ctx, file, work)
}

// check looks at a database that was put back: whether it is whole, and its
// journal is the one that was copied.
func check(ctx context.Context, place, data string, m *Manifest, log *slog.Logger) (err error) {
	db, err := store.Open(ctx, place, store.Options{Log: log, Connections: 2})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := dump.Check(ctx, db); err != nil {
		return err
	}
	seals, err := readSeals(filepath.Join(data, audit.SealsFile))
	if err != nil {
		return err
	}
	var problems []audit.Problem
	err = db.View(ctx, func(tx store.Tx) error {
		problems = nil
		_, err := audit.Verify(ctx, tx, append(seals, m.Seal), func(p audit.Problem) { problems = append(problems, p) })
		return err
	})
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return fault.New(fault.Internal, "the journal was tampered with (%d places; first: %s): cadre audit verify tells more", len(problems), problems[0])
	}
	return nil
}

func readSeals(path string) ([]audit.Seal, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return audit.ReadSeals(f)
}
