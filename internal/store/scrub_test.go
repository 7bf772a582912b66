package store_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// traces tells which of some people are named in the files of a database.
func traces(t *testing.T, path string, people []string) (found []string) {
	t.Helper()
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		content, err := os.ReadFile(path + suffix)
		if err != nil {
			continue
		}
		named := map[string]int{}
		for _, who := range regexp.MustCompile(`person-\d{4}`).FindAll(content, -1) {
			named[string(who)]++
		}
		for _, who := range people {
			if n := named[who]; n > 0 {
				found = append(found, fmt.Sprintf("%s %d times in the file%s", who, n, suffix))
			}
		}
	}
	return found
}

// Rows move from page to page as a table grows and shrinks. Once they are
// removed and the file was scrubbed, no byte of them is left, and the rows of
// others are whole.
func TestScrubLeavesNoTrace(t *testing.T) {
	place := storetest.SQLite(t)
	db := storetest.Open(t, place)
	ctx := t.Context()
	update(t, db, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, "CREATE TABLE letter (id TEXT PRIMARY KEY, who TEXT NOT NULL, text TEXT NOT NULL)")
		if err == nil {
			_, err = tx.ExecContext(ctx, "CREATE INDEX letter_who ON letter (who, text)")
		}
		return err
	})
	for start := range 30 {
		update(t, db, func(tx store.Tx) error {
			for i := start * 50; i < start*50+50; i++ {
				who := fmt.Sprintf("person-%04d", i*7919%1500)
				text := strings.Repeat(who+" writes; ", 1+i%13)
				if i%50 == 0 {
					text = strings.Repeat(text, 100) // does not fit one page
				}
				if _, err := tx.ExecContext(ctx, "INSERT INTO letter (id, who, text) VALUES ($1, $2, $3)", who, who, text); err != nil {
					return err
				}
			}
			return nil
		})
	}
	var gone []string
	update(t, db, func(tx store.Tx) error {
		gone = nil
		for i := range 1500 {
			if i%3 == 0 {
				continue
			}
			who := fmt.Sprintf("person-%04d", i)
			gone = append(gone, who)
			statement := "DELETE FROM letter WHERE who = $1"
			if i%3 == 1 {
				statement = "UPDATE letter SET who = '', text = '', id = 'erased ' || substr(id, 9) WHERE who = $1"
			}
			if _, err := tx.ExecContext(ctx, statement, who); err != nil {
				return err
			}
		}
		return nil
	})
	if len(traces(t, place, gone)) == 0 {
		t.Error("nothing was left before the scrub, so this test shows nothing")
	}
	if err := db.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	if found := traces(t, place, gone); len(found) > 0 {
		t.Errorf("%d traces are left, the first is %s", len(found), found[0])
	}
	var kept int
	var sound string
	err := db.View(ctx, func(tx store.Tx) error {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM letter WHERE text LIKE who || ' writes; %'").Scan(&kept); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&sound)
	})
	if err != nil || kept != 500 || sound != "ok" {
		t.Errorf("%d letters of others are there, want 500; the file is %s; %v", kept, sound, err)
	}
	update(t, db, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO letter (id, who, text) SELECT 'more ' || id, who, text FROM letter")
		return err
	})
	if err := db.Scrub(ctx); err != nil {
		t.Error(err)
	}
}

// PostgreSQL keeps what an older state shows, even in a table that it writes
// anew. So Scrub waits for whoever reads one, though they hold no lock on it.
func TestScrubWaitsForReaders(t *testing.T) {
	db := storetest.Open(t, storetest.PostgreSQL(t))
	reading, released := make(chan struct{}), make(chan struct{})
	var left atomic.Bool
	go func() {
		<-reading
		time.Sleep(50 * time.Millisecond)
		left.Store(true)
		close(released)
	}()
	ended := make(chan error, 1)
	go func() {
		ended <- db.View(t.Context(), func(tx store.Tx) error {
			var n int
			if err := tx.QueryRowContext(t.Context(), "SELECT 1").Scan(&n); err != nil {
				return err
			}
			close(reading)
			<-released
			return nil
		})
	}()
	<-reading
	if err := db.Scrub(t.Context(), "auth_principal"); err != nil {
		t.Fatal(err)
	}
	if !left.Load() {
		t.Error("Scrub did not wait")
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}
