package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// room makes a table of seats; a room would have it in the migrations.
func room(t *testing.T, db *store.DB, seats int) {
	t.Helper()
	update(t, db, func(tx store.Tx) error {
		if _, err := tx.ExecContext(t.Context(), "CREATE TABLE seat (id BIGINT PRIMARY KEY, taken_by TEXT NOT NULL)"); err != nil {
			return err
		}
		for i := range seats {
			if _, err := tx.ExecContext(t.Context(), "INSERT INTO seat (id, taken_by) VALUES ($1, '')", i); err != nil {
				return err
			}
		}
		return nil
	})
}

func update(t *testing.T, db *store.DB, f func(store.Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// count returns how many seats fulfil a condition.
func count(t *testing.T, db *store.DB, condition string) (n int) {
	t.Helper()
	err := db.View(t.Context(), func(tx store.Tx) error {
		return tx.QueryRowContext(t.Context(), "SELECT count(*) FROM seat WHERE "+condition).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sit takes the first free seat: it reads, thinks and writes.
func sit(ctx context.Context, tx store.Tx, who string) error {
	var id int
	err := tx.QueryRowContext(ctx, "SELECT id FROM seat WHERE taken_by = '' ORDER BY id LIMIT 1").Scan(&id)
	if err != nil {
		return err
	}
	var taken int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM seat WHERE taken_by <> ''").Scan(&taken); err != nil {
		return err
	}
	if taken >= 5 {
		return fault.New(fault.Conflict, "all seats are taken")
	}
	_, err = tx.ExecContext(ctx, "UPDATE seat SET taken_by = $1 WHERE id = $2", who, id)
	return err
}

// Of 40 that compete for 5 seats, 5 sit down and 35 are told that there is
// none left; nobody is told that the database is locked.
func TestFortyForFiveSeats(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		room(t, db, 9)
		var sat, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range 40 {
			wg.Go(func() {
				err := db.Update(t.Context(), func(tx store.Tx) error { return sit(t.Context(), tx, fmt.Sprint("guest ", i)) })
				switch {
				case err == nil:
					sat.Add(1)
				case fault.KindOf(err) == fault.Conflict:
					refused.Add(1)
				default:
					t.Errorf("guest %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if sat.Load() != 5 || refused.Load() != 35 {
			t.Errorf("%d sat and %d were refused, want 5 and 35", sat.Load(), refused.Load())
		}
		if n := count(t, db, "taken_by <> ''"); n != 5 {
			t.Errorf("%d seats are taken, want 5", n)
		}
	})
}

// A member of a group that fails takes nothing with it, however it fails.
func TestFailureIsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		room(t, db, 100)
		gone := errors.New("changed my mind")
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				defer func() { _ = recover() }()
				ctx := t.Context()
				var cancel context.CancelFunc = func() {}
				if i%5 == 3 {
					ctx, cancel = context.WithCancel(ctx)
				}
				defer cancel()
				err := db.Update(ctx, func(tx store.Tx) error {
					if _, err := tx.ExecContext(ctx, "UPDATE seat SET taken_by = 'somebody' WHERE id = $1", i); err != nil {
						return err
					}
					switch i % 5 {
					case 1:
						return gone
					case 2:
						panic("dropped the pen")
					case 3:
						cancel()
						_, err := tx.ExecContext(ctx, "UPDATE seat SET taken_by = 'nobody' WHERE id = $1", i)
						return err
					case 4:
						_, err := tx.ExecContext(ctx, "INSERT INTO seat (id, taken_by) VALUES ($1, 'twice')", i)
						return err
					}
					return nil
				})
				want := map[int]bool{0: err == nil, 1: errors.Is(err, gone), 2: false, 3: errors.Is(err, context.Canceled), 4: store.IsTaken(err) && fault.KindOf(err) == fault.Conflict}
				if !want[i%5] {
					t.Errorf("update %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, db, "taken_by = 'somebody' AND id % 5 = 0"); n != 20 {
			t.Errorf("%d of 20 good updates are there", n)
		}
		if n := count(t, db, "taken_by <> '' AND id % 5 <> 0"); n != 0 {
			t.Errorf("%d failed updates left something", n)
		}
	})
}

// A view reads one state, whatever is written meanwhile.
func TestViewIsOneState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		room(t, db, 5)
		ctx := t.Context()
		err := db.View(ctx, func(tx store.Tx) error {
			var before, after int
			q := "SELECT count(*) FROM seat WHERE taken_by = ''"
			if err := tx.QueryRowContext(ctx, q).Scan(&before); err != nil {
				return err
			}
			update(t, db, func(tx store.Tx) error { return sit(ctx, tx, "late guest") })
			if err := tx.QueryRowContext(ctx, q).Scan(&after); err != nil {
				return err
			}
			if before != 5 || after != 5 {
				t.Errorf("free seats: %d, then %d, want 5 both times", before, after)
			}
			if _, err := tx.ExecContext(ctx, "UPDATE seat SET taken_by = 'reader'"); err == nil {
				t.Error("a view could write")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestOnEndTellsHowItEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		room(t, db, 1)
		var got []store.Outcome
		note := func(o store.Outcome) { got = append(got, o) }
		update(t, db, func(tx store.Tx) error { tx.OnEnd(note); return nil })
		err := db.Update(t.Context(), func(tx store.Tx) error { tx.OnEnd(note); return errors.New("no") })
		if err == nil || len(got) != 2 || got[0] != store.Committed || got[1] != store.Undone {
			t.Errorf("outcomes %v, error %v", got, err)
		}
	})
}

// Who waits no longer leaves the queue, and the others go on.
func TestImpatience(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		room(t, db, 50)
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				ctx, cancel := t.Context(), context.CancelFunc(func() {})
				if i%2 == 1 {
					ctx, cancel = context.WithTimeout(ctx, time.Duration(i)*20*time.Microsecond)
				}
				defer cancel()
				err := db.Update(ctx, func(tx store.Tx) error {
					_, err := tx.ExecContext(ctx, "UPDATE seat SET taken_by = 'x' WHERE id = $1", i)
					return err
				})
				// Who dials sees the deadline pass a moment before the context does.
				end, _ := ctx.Deadline()
				if err != nil && (i%2 == 0 || time.Now().Before(end)) {
					t.Errorf("update %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, db, "taken_by = 'x' AND id % 2 = 0"); n != 25 {
			t.Errorf("%d of 25 patient updates are there", n)
		}
	})
}

func TestTimesComeBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		zone := time.FixedZone("Singapore", 8*3600)
		when := time.Date(2022, 9, 2, 8, 30, 0, 123456789, zone)
		update(t, db, func(tx store.Tx) error {
			if _, err := tx.ExecContext(ctx, "CREATE TABLE moment (a BIGINT NOT NULL, b BIGINT, c BIGINT)"); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, "INSERT INTO moment (a, b, c) VALUES ($1, $2, $3)", store.At(when), store.MaybeAt(&when), store.MaybeAt(nil))
			return err
		})
		var a store.Time
		var b, c store.NullTime
		err := db.View(ctx, func(tx store.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT a, b, c FROM moment").Scan(&a, &b, &c)
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := "2022-09-02T00:30:00.123456Z"; a.Format(time.RFC3339Nano) != want || b.Ptr().Format(time.RFC3339Nano) != want || c.Ptr() != nil {
			t.Errorf("times %v, %v, %v, want %s twice and none", a, b.Ptr(), c.Ptr(), want)
		}
	})
}

func TestMigrateTwice(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		db := storetest.Open(t, place)
		if n, err := db.Migrate(t.Context()); n != 0 || err != nil {
			t.Errorf("a migrated database: %d migrations, %v", n, err)
		}
		if ok, err := db.IsCurrent(t.Context()); !ok || err != nil {
			t.Errorf("current: %t, %v", ok, err)
		}
	})
}

// Several nodes that start at once migrate once.
func TestNodesMigrateTogether(t *testing.T) {
	place := storetest.Empty(t, "")
	var wg sync.WaitGroup
	var total atomic.Int64
	for range 4 {
		db := storetest.Open(t, place)
		wg.Go(func() {
			n, err := db.Migrate(t.Context())
			if err != nil {
				t.Error(err)
			}
			total.Add(int64(n))
		})
	}
	wg.Wait()
	once := storetest.Open(t, filepath.Join(t.TempDir(), "once.db"))
	n, err := once.Migrate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if int(total.Load()) < strings.Count(store.Schema(), "+goose Up") || n == 0 {
		t.Errorf("%d migrations ran on four nodes, %d alone", total.Load(), n)
	}
}

func TestPlacesThatAreNone(t *testing.T) {
	notADatabase := filepath.Join(t.TempDir(), "notes.txt")
	write(t, notADatabase, strings.Repeat("These are notes, and no database. ", 200))
	for place, want := range map[string]string{
		"":                                      "has no place",
		"mysql://localhost/cadre":               "cannot be at a mysql:// address",
		filepath.Join(t.TempDir(), "a", "b.db"): "there is no folder",
		notADatabase:                            "cannot be used as a database",
		"postgres://u:secret@127.0.0.1:port/x":  "address of the database is wrong",
	} {
		db, err := store.Open(t.Context(), place, store.Options{Log: storetest.Log(t)})
		if err == nil {
			_ = db.Close()
			t.Errorf("%q could be opened", place)
			continue
		}
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s error %q, want %q", place, fault.KindOf(err), err, want)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error tells the password: %v", place, err)
		}
	}
	if _, err := store.Open(t.Context(), "postgres://127.0.0.1:1/x?connect_timeout=1", store.Options{}); fault.KindOf(err) != fault.Busy {
		t.Errorf("an unreachable server: %v", err)
	}
}

// A database that is opened to be read is read while another writes, and when
// nobody does; nothing is left beside it.
func TestReadOnly(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		ctx := t.Context()
		writer, err := store.Open(ctx, place, store.Options{Log: storetest.Log(t)})
		if err != nil {
			t.Fatal(err)
		}
		room(t, writer, 3)
		look := func(when string) {
			t.Helper()
			reader, err := store.Open(ctx, place, store.Options{Log: storetest.Log(t), ReadOnly: true})
			if err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			if n := count(t, reader, "1 = 1"); n != 3 {
				t.Errorf("%s: %d seats", when, n)
			}
			if ok, err := reader.IsCurrent(ctx); !ok || err != nil {
				t.Errorf("%s: current: %t, %v", when, ok, err)
			}
			if err := reader.Update(ctx, func(store.Tx) error { return nil }); fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: an update: %v", when, err)
			}
			if _, err := reader.Pool().ExecContext(ctx, "DELETE FROM seat"); err == nil {
				t.Errorf("%s: the pool could write", when)
			}
			if err := reader.Close(); err != nil {
				t.Error(err)
			}
		}
		look("while another writes")
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		look("when nobody writes")
		if beside, _ := filepath.Glob(place + "-*"); len(beside) > 0 {
			t.Errorf("there are %q", beside)
		}
	})
	_, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "none.db"), store.Options{ReadOnly: true})
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("a database that is not there: %v", err)
	}
}

// Who does not get a lock in time is asked to come back.
func TestLockedIsBusy(t *testing.T) {
	db := storetest.Open(t, storetest.PostgreSQL(t))
	room(t, db, 1)
	update(t, db, func(tx store.Tx) error {
		if _, err := tx.ExecContext(t.Context(), "LOCK TABLE seat"); err != nil {
			return err
		}
		err := db.Update(t.Context(), func(tx store.Tx) error {
			_, err := tx.ExecContext(t.Context(), "LOCK TABLE seat NOWAIT")
			return err
		})
		if fault.KindOf(err) != fault.Busy {
			t.Errorf("a table that is locked: %v", err)
		}
		return nil
	})
}
