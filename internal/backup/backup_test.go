package backup_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/backup"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/holders"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/dump"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A harbour is a server at work: four people write all the time, and what they
// were told is saved is counted.
type harbour struct {
	db       *store.DB
	place    string
	data     string
	saved    atomic.Int64 // ships of which the writers know that they are saved
	stop     context.CancelFunc
	finished sync.WaitGroup
}

// work begins to write. Each ship is two rows, in two tables, of one
// transaction, with an entry in the journal: a copy that holds one without the
// others is of no moment that ever was.
func work(t *testing.T, place string) *harbour {
	t.Helper()
	h := &harbour{place: place, data: t.TempDir(), db: storetest.Open(t, place)}
	if err := os.MkdirAll(filepath.Join(h.data, "files", "ab"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"files/ab/chart": "depths", "cadre-server.yaml": "rate_limit: 7\n", "master.key": "secret", "lock": "1"} {
		if err := os.WriteFile(filepath.Join(h.data, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	journal := audit.New(h.db, time.Now)
	if err := journal.Seal(ctx, filepath.Join(h.data, audit.SealsFile)); err != nil {
		t.Fatal(err)
	}
	for pier := range 4 {
		h.finished.Add(1)
		go func() {
			defer h.finished.Done()
			for n := 0; ctx.Err() == nil; n++ {
				id := fmt.Sprintf("ship-%d-%d", pier, n)
				if err := h.db.Update(context.Background(), func(tx store.Tx) error { return moor(tx, journal, id) }); err != nil {
					t.Error(err)
					return
				}
				h.saved.Add(1)
				time.Sleep(20 * time.Millisecond) // so that a hundred copies do not grow without end
			}
		}()
	}
	t.Cleanup(h.rest)
	return h
}

func moor(tx store.Tx, journal *audit.Journal, id string) error {
	ctx := context.Background()
	for _, statement := range []string{
		"INSERT INTO auth_principal (id, kind, name, email, verified, created_at) VALUES ($1, 'service', $1, '', 0, 1)",
		"INSERT INTO auth_role (principal, role, since, given_by) VALUES ($1, 'recruiter', 1, '')",
	} {
		if _, err := tx.ExecContext(ctx, statement, id); err != nil {
			return err
		}
	}
	return journal.Record(ctx, tx, nil, "auth.principal.add", "principal", id)
}

// rest has the writers end, once there is something to copy.
func (h *harbour) rest() {
	for begun := time.Now(); h.saved.Load() < 10 && time.Since(begun) < 10*time.Second; {
		time.Sleep(time.Millisecond)
	}
	h.stop()
	h.finished.Wait()
}

func (h *harbour) server(t *testing.T) backup.Server {
	return backup.Server{Data: h.data, Database: h.place, Program: "test", Clock: time.Now, Log: storetest.Log(t)}
}

// target returns an empty place for a copy of the same kind of database.
func target(t *testing.T, like string) backup.Target {
	to := backup.Target{Data: filepath.Join(t.TempDir(), "data"), Log: storetest.Log(t)}
	if dump.EngineOf(like) == store.PostgreSQL {
		to.Database = storetest.Empty(t, "")
	}
	return to
}

// counts returns how many rows there are of each kind that belongs to a ship.
func counts(t *testing.T, to backup.Target) (rows [3]int64) {
	t.Helper()
	place := to.Database
	if place == "" {
		place = filepath.Join(to.Data, "cadre.db")
	}
	db := storetest.Open(t, place)
	err := db.View(context.Background(), func(tx store.Tx) error {
		return tx.QueryRowContext(context.Background(), `SELECT (SELECT count(*) FROM auth_principal), (SELECT count(*) FROM auth_role),
			(SELECT count(*) FROM audit_entry)`).Scan(&rows[0], &rows[1], &rows[2])
	})
	if err != nil {
		t.Fatal(err)
	}
	if current, err := db.IsCurrent(context.Background()); err != nil || !current {
		t.Errorf("the database that was put back is not current: %v", err)
	}
	return rows
}

// A copy made while others write is of one moment: it holds all that was saved
// before it began, and of each ship all or nothing.
func TestCopiesUnderLoad(t *testing.T) {
	rounds := 5
	if text := os.Getenv("CADRE_TEST_BACKUPS"); text != "" {
		if _, err := fmt.Sscan(text, &rounds); err != nil {
			t.Fatal(err)
		}
	}
	storetest.Places(t, func(t *testing.T, place string) {
		h := work(t, place)
		for round := range rounds {
			file := filepath.Join(t.TempDir(), "copy")
			before := h.saved.Load()
			m, err := backup.Write(t.Context(), h.server(t), file)
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			after := h.saved.Load()
			to := target(t, place)
			if _, err := backup.Restore(t.Context(), file, to); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			rows := counts(t, to)
			if rows[0] < before || rows[0] > after+4 || rows[0] != rows[1] || rows[0] != rows[2] {
				t.Errorf("round %d: between %d and %d ships were saved, and the copy has %v", round, before, after, rows)
			}
			if len(m.Files) < 4 || m.Engine != h.db.Engine() {
				t.Errorf("round %d: the copy holds %+v", round, m)
			}
		}
		if h.rest(); h.saved.Load() < 10 {
			t.Errorf("only %d ships were saved: that is no load", h.saved.Load())
		}
	})
}

// Files and settings come back as they were; what belongs to a running server,
// and the master key, are not in a copy.
func TestFilesComeBack(t *testing.T) {
	h := work(t, storetest.SQLite(t))
	h.rest()
	file := filepath.Join(t.TempDir(), "copy")
	if _, err := backup.Write(t.Context(), h.server(t), file); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the copy: %v, %v", info.Mode(), err)
	}
	to := target(t, h.place)
	if _, err := backup.Restore(t.Context(), file, to); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"files/ab/chart": "depths", "cadre-server.yaml": "rate_limit: 7\n", "master.key": "", "lock": ""} {
		text, err := os.ReadFile(filepath.Join(to.Data, name))
		if string(text) != want || (err == nil) != (want != "") {
			t.Errorf("%s is %q, %v", name, text, err)
		}
	}
	for _, folder := range []string{filepath.Dir(file), filepath.Dir(to.Data)} {
		if entries, _ := os.ReadDir(folder); len(entries) != 1 {
			t.Errorf("%v are left in %s", entries, folder)
		}
	}
}

// A copy goes where there is nothing, and nowhere else.
func TestRestoreRefuses(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		h := work(t, place)
		h.rest()
		file := filepath.Join(t.TempDir(), "copy")
		if _, err := backup.Write(t.Context(), h.server(t), file); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Write(t.Context(), h.server(t), file); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a copy replaces another: %v", err)
		}
		full := target(t, place)
		if err := os.MkdirAll(full.Data, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(full.Data, "cadre.db"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Restore(t.Context(), file, full)
		if fault.KindOf(err) != fault.Conflict || err == nil || !strings.Contains(err.Error(), "not empty") {
			t.Errorf("a folder that is not empty: %v", err)
		}
		if h.db.Engine() == store.PostgreSQL {
			used := target(t, place)
			used.Database = place
			if _, err := backup.Restore(t.Context(), file, used); fault.KindOf(err) != fault.Conflict {
				t.Errorf("a database that is not empty: %v", err)
			}
		}
	})
}

// Whatever happens to a copy is noticed: nothing comes back from a damaged one.
func TestDamageIsNoticed(t *testing.T) {
	h := work(t, storetest.SQLite(t))
	h.rest()
	file := filepath.Join(t.TempDir(), "copy")
	if _, err := backup.Write(t.Context(), h.server(t), file); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Check(t.Context(), file, "", storetest.Log(t)); err != nil {
		t.Errorf("a sound copy: %v", err)
	}
	damaged := map[string][]byte{"nothing": {}, "other text": []byte("depths")}
	for part := 1; part < 20; part++ {
		at := len(whole) * part / 20
		damaged[fmt.Sprintf("cut at %d", at)] = whole[:at]
		other := bytes.Clone(whole)
		other[at] ^= 0x40
		if bytes.Equal(content(other), content(whole)) {
			continue // a bit that fills up a byte, which nobody reads
		}
		damaged[fmt.Sprintf("a bit at %d", at)] = other
	}
	damaged["without its end"] = whole[:len(whole)-1]
	for what, text := range damaged {
		path := filepath.Join(t.TempDir(), "damaged")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		to := target(t, h.place)
		if _, err := backup.Restore(t.Context(), path, to); err == nil {
			t.Errorf("%s: it is put back", what)
		}
		if _, err := os.Stat(to.Data); err == nil {
			t.Errorf("%s: something of it is put back", what)
		}
	}
}

// content returns what a compressed file holds; nil if it is damaged.
func content(file []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil
	}
	return text
}

// Who was erased after a copy was made does not come back with it.
func TestErasedStayErased(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		h := work(t, place)
		h.rest()
		ctx, journal := t.Context(), audit.New(h.db, time.Now)
		authority, err := auth.NewAuthority()
		if err != nil {
			t.Fatal(err)
		}
		accounts, err := auth.NewService(h.db, authority, journal, nil, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		p, err := accounts.AddPerson(ctx, auth.TheProgram(""), "Ada Okafor", "ada.okafor@meridian.example", "")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "copy")
		if _, err := backup.Write(ctx, h.server(t), file); err != nil {
			t.Fatal(err)
		}
		if _, err := erasure.New(h.db, journal, time.Now, h.data, holders.All(time.Now)...).Erase(ctx, auth.TheProgram(""), erasure.PersonID(p.ID)); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			list string
			want int
		}{{"", 1}, {filepath.Join(h.data, erasure.TombstonesFile), 0}} {
			to := target(t, place)
			to.Tombstones = c.list
			if _, err := backup.Restore(ctx, file, to); err != nil {
				t.Fatal(err)
			}
			if n := named(t, to, "Ada Okafor"); n != c.want {
				t.Errorf("with the list %q she is there %d times", c.list, n)
			}
			if c.list != "" && to.Database == "" {
				if text, err := os.ReadFile(filepath.Join(to.Data, "cadre.db")); err != nil || bytes.Contains(text, []byte("Okafor")) {
					t.Errorf("bytes of her are left: %v", err)
				}
			}
		}
	})
}

// named counts the accounts of a name.
func named(t *testing.T, to backup.Target, name string) (n int) {
	t.Helper()
	place := to.Database
	if place == "" {
		place = filepath.Join(to.Data, "cadre.db")
	}
	err := storetest.Open(t, place).View(context.Background(), func(tx store.Tx) error {
		return tx.QueryRowContext(context.Background(), "SELECT count(*) FROM auth_principal WHERE name = $1", name).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A copy of a journal that somebody tampered with does not count.
func TestJournalIsVerified(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		h := work(t, place)
		h.rest()
		err := h.db.Update(t.Context(), func(tx store.Tx) error {
			_, err := tx.ExecContext(t.Context(), "UPDATE audit_entry SET thing_id = 'other' WHERE seq = 1")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "copy")
		_, err = backup.Write(t.Context(), h.server(t), file)
		if err == nil || !strings.Contains(err.Error(), "journal was tampered with") {
			t.Errorf("the copy is made: %v", err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Error("the copy counts")
		}
	})
}
