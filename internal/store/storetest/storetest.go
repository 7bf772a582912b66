// Package storetest runs a test on both databases, each time with a migrated
// database of its own.
//
// SQLite databases are copies of one migrated file. PostgreSQL databases are
// copies of one migrated template, in the server that CADRE_TEST_POSTGRES
// names by its address; `make test` starts one. Without it the half of the test
// that needs it is skipped, unless CADRE_TEST_POSTGRES is "require", which
// makes that a failure.
package storetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/cadre-hq/cadre/internal/store"
)

// Variable is the environment variable that names the PostgreSQL server.
const Variable = "CADRE_TEST_POSTGRES"

// Each runs a test on SQLite and on PostgreSQL.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, Open(t, SQLite(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Open(t, PostgreSQL(t)))
	})
}

// Places runs a test with the place of a migrated database of each kind, for
// tests that open it themselves, perhaps more than once.
func Places(t *testing.T, test func(t *testing.T, place string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, PostgreSQL(t))
	})
}

// Open opens a database until the test ends.
func Open(t testing.TB, place string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), place, store.Options{Log: Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

// Read returns what a function reads in a view.
func Read[T any](t testing.TB, db *store.DB, read func(context.Context, store.Tx) (T, error)) (found T) {
	t.Helper()
	err := db.View(t.Context(), func(tx store.Tx) (err error) {
		found, err = read(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Log returns a logger that writes to the log of the test.
func Log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(output{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

type output struct{ t testing.TB }

func (o output) Write(p []byte) (int, error) {
	o.t.Log(string(p))
	return len(p), nil
}

// migrated is the content of a SQLite file at the newest version.
var migrated = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "cadre-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// migrate makes a database and closes it, after which SQLite keeps it in one
// file.
func migrate(place string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, place, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = db.Migrate(ctx)
	if e := db.Close(); err == nil {
		err = e
	}
	return err
}

// SQLite returns the path of a migrated file.
func SQLite(t testing.TB) string {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cadre.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
