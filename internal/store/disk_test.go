//go:build linux

package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A ledger notes what a writer was told of each of its changes.
type ledger struct {
	sync.Mutex
	saved, refused, unsure map[string]bool
	errors                 []error
}

// write makes changes until one is refused, or all are saved. Each is two rows
// and an entry of the journal.
func (l *ledger) write(ctx context.Context, db *store.DB, j *audit.Journal, who string, changes int) {
	for i := range changes {
		id := fmt.Sprintf("%s-%d", who, i)
		err := db.Update(ctx, func(tx store.Tx) error {
			for _, side := range []string{"debit", "credit"} {
				if _, err := tx.ExecContext(ctx, "INSERT INTO posting (id, side, note) VALUES ($1, $2, $3)", id, side, strings.Repeat(id+" ", 40)); err != nil {
					return err
				}
			}
			return j.Record(ctx, tx, nil, "test.posting.make", "posting", id)
		})
		l.Lock()
		switch {
		case err == nil:
			l.saved[id] = true
		case strings.Contains(err.Error(), "not certain"):
			l.unsure[id] = true
		default:
			l.refused[id] = true
		}
		l.errors = append(l.errors, err)
		l.Unlock()
		if err != nil {
			return
		}
	}
}

func newLedger() *ledger {
	return &ledger{saved: map[string]bool{}, refused: map[string]bool{}, unsure: map[string]bool{}}
}

// writeAll has several writers write at once.
func (l *ledger) writeAll(ctx context.Context, db *store.DB, j *audit.Journal, round string, writers, changes int) {
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() { l.write(ctx, db, j, fmt.Sprintf("%s-%d", round, w), changes) })
	}
	wg.Wait()
}

// check compares what the writers were told with what is there, and returns
// what is wrong.
func (l *ledger) check(ctx context.Context, db *store.DB) (wrong []string) {
	there := map[string]int{}
	err := db.View(ctx, func(tx store.Tx) error {
		var sound string
		if err := tx.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
			wrong = append(wrong, fmt.Sprintf("the file is %s, %v", sound, err))
		}
		rows, err := tx.QueryContext(ctx, "SELECT p.id, count(*), (SELECT count(*) FROM audit_entry e WHERE e.thing_id = p.id) FROM posting p GROUP BY p.id")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var id string
			var sides, entries int
			if err := rows.Scan(&id, &sides, &entries); err != nil {
				return err
			}
			if there[id] = sides; sides != 2 || entries != 1 {
				wrong = append(wrong, fmt.Sprintf("%s is half written: %d rows, %d entries", id, sides, entries))
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		_, err = audit.Verify(ctx, tx, nil, func(p audit.Problem) { wrong = append(wrong, p.String()) })
		return err
	})
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	for id := range l.saved {
		if there[id] == 0 {
			wrong = append(wrong, id+" was saved and is gone")
		}
	}
	for id := range l.refused {
		if there[id] != 0 {
			wrong = append(wrong, id+" was refused and is there")
		}
	}
	return wrong
}

const makePosting = "CREATE TABLE posting (id TEXT NOT NULL, side TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (id, side))"

// limited is the environment variable that makes TestWritesFail the process
// whose writes fail.
const limited = "CADRE_TEST_LIMITED"

// A write to the disk may fail at every byte. Whatever was acknowledged is
// there, whatever was refused is not, nothing is half there, the journal is
// whole, and the next change is saved without a restart.
//
// Writes fail behind a limit of the operating system for the size of files,
// which counts for a whole process; so this runs in one of its own.
func TestWritesFail(t *testing.T) {
	if place := os.Getenv(limited); place != "" {
		writesFail(t, place)
		return
	}
	t.Parallel()
	place := storetest.SQLite(t)
	db := storetest.Open(t, place)
	update(t, db, func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), makePosting)
		return err
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0], "-test.run=^TestWritesFail$", "-test.v")
	c.Env = append(os.Environ(), limited+"="+place)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
}

func writesFail(t *testing.T, original string) {
	signal.Ignore(syscall.SIGXFSZ)
	content, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	failed := 0
	// The log has a head of 32 bytes, and pages of 4096 with a head of 24.
	for round, size := range limits() {
		path := filepath.Join(folder, fmt.Sprintf("%d.db", round))
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if failsOnce(t, path, size) {
			failed++
		}
	}
	if failed < 40 {
		t.Errorf("writes failed in %d rounds only, so this test shows little", failed)
	}
}

// limits are sizes at which a write to the log is refused: within its head,
// within the head of a page, within a page, between two.
func limits() (all []uint64) {
	for pages := uint64(0); pages < 16; pages++ {
		for _, within := range []uint64{0, 13, 24, 2000} {
			all = append(all, 32+pages*4120+within)
		}
	}
	return append(all, 0, 7, 31)
}

// failsOnce writes until the limit is met, lifts it, and goes on writing. It
// reports whether a write failed.
func failsOnce(t *testing.T, path string, size uint64) bool {
	ctx := t.Context()
	db, err := store.Open(ctx, path, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("limit %d: %v", size, err)
	}
	j, l := audit.New(db, time.Now), newLedger()
	limit(t, size)
	l.writeAll(ctx, db, j, "limited", 4, 10)
	limit(t, ^uint64(0))
	failed := len(l.refused) + len(l.unsure)
	l.writeAll(ctx, db, j, "lifted", 2, 3)
	for _, err := range l.errors[len(l.errors)-6:] {
		if err != nil {
			t.Errorf("limit %d: a change is not saved though the limit was lifted: %v", size, err)
			break
		}
	}
	if err := db.Close(); err != nil {
		t.Errorf("limit %d: close: %v", size, err)
	}
	again, err := store.Open(ctx, path, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("limit %d: %v", size, err)
	}
	defer func() { _ = again.Close() }()
	for _, wrong := range l.check(ctx, again) {
		t.Errorf("limit %d: %s", size, wrong)
	}
	return failed > 0
}

// limit lets files of this process grow to a size and no further.
func limit(t *testing.T, size uint64) {
	t.Helper()
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &now); err != nil {
		t.Fatal(err)
	}
	now.Cur = min(size, now.Max)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &now); err != nil {
		t.Fatal(err)
	}
}

// On a full disk changes are refused as Busy, and what was saved is there. Once
// there is room again, they are saved.
func TestDiskIsFull(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=2m"); err != nil {
		if os.Getenv("CADRE_TEST_DISK") == "require" {
			t.Fatalf("a small disk cannot be made here: %v", err)
		}
		t.Skipf("only root can make a small disk (%v); CADRE_TEST_DISK=require makes this an error", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	content, err := os.ReadFile(storetest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	path, ballast := filepath.Join(folder, "cadre.db"), filepath.Join(folder, "ballast")
	write(t, path, string(content))
	write(t, ballast, strings.Repeat("x", 500<<10))
	db, ctx := storetest.Open(t, path), t.Context()
	update(t, db, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, makePosting)
		return err
	})
	j, l := audit.New(db, time.Now), newLedger()
	l.writeAll(ctx, db, j, "full", 4, 2000)
	if len(l.refused)+len(l.unsure) != 4 {
		t.Errorf("%d writers were refused, want 4", len(l.refused)+len(l.unsure))
	}
	for _, err := range l.errors {
		if err != nil && fault.KindOf(err) != fault.Busy {
			t.Errorf("a full disk is told as %s: %v", fault.KindOf(err), err)
		}
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	l.writeAll(ctx, db, j, "roomy", 2, 3)
	for _, err := range l.errors[len(l.errors)-6:] {
		if err != nil {
			t.Errorf("there is room again: %v", err)
		}
	}
	for _, wrong := range l.check(ctx, db) {
		t.Error(wrong)
	}
}
