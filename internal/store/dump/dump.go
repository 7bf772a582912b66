// Package dump copies a whole database to files and back, as it is at one
// moment, while others write to it.
//
// A copy of SQLite is one file, a database itself. A copy of PostgreSQL is one
// file for each table, in the text format of COPY; the tables are made by the
// migrations when it is put back, in a database that is empty. What a database
// keeps only while it runs (tables that are not logged) is left out.
package dump

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver named "sqlite"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// sqliteFile is the name of the file of a copy of SQLite.
const sqliteFile = "cadre.db"

// EngineOf tells which database a place is.
func EngineOf(place string) store.Engine {
	if scheme, _, isURL := strings.Cut(place, "://"); isURL && scheme != "file" {
		return store.PostgreSQL
	}
	return store.SQLite
}

// Write copies the database at a place into files of a folder, which exists.
func Write(ctx context.Context, place, folder string) error {
	if EngineOf(place) == store.PostgreSQL {
		return writePostgres(ctx, place, folder)
	}
	return writeSQLite(ctx, strings.TrimPrefix(place, "file://"), folder)
}

// Read puts a copy into the database at a place, which is empty, under the
// schema version that it was made at. It is a Conflict if the database is not
// empty, and Invalid if the copy is of another kind of database.
func Read(ctx context.Context, place, folder string, version int64) error {
	if EngineOf(place) == store.PostgreSQL {
		return readPostgres(ctx, place, folder, version)
	}
	return readSQLite(strings.TrimPrefix(place, "file://"), folder)
}

// IsEmpty reports whether there is no database at a place, or one without
// tables.
func IsEmpty(ctx context.Context, place string) (bool, error) {
	if EngineOf(place) == store.PostgreSQL {
		return isEmptyPostgres(ctx, place)
	}
	info, err := os.Stat(strings.TrimPrefix(place, "file://"))
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	return err == nil && info.Size() == 0, err
}

// writeSQLite copies a file. VACUUM INTO reads one state of it, whoever writes
// meanwhile, and leaves behind what was deleted.
func writeSQLite(ctx context.Context, path, folder string) (err error) {
	if _, err := os.Stat(path); err != nil {
		return fault.New(fault.NotFound, "there is no database to copy: %w", err)
	}
	name := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: "mode=ro&_pragma=busy_timeout(10000)"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	to := filepath.Join(folder, sqliteFile)
	if _, err := db.ExecContext(ctx, "VACUUM INTO $1", to); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return os.Chmod(to, 0o600)
}

func readSQLite(path, folder string) error {
	from := filepath.Join(folder, sqliteFile)
	if _, err := os.Stat(from); err != nil {
		return fault.New(fault.Invalid, "the copy is not one of a SQLite database: give the postgres:// address of an empty database")
	}
	if _, err := os.Stat(path); err == nil {
		return fault.New(fault.Conflict, "there is a database at %s already", path)
	}
	if err := os.Rename(from, path); err != nil {
		return fmt.Errorf("put the database in place: %w", err)
	}
	return nil
}

// Check reads a whole database and reports what is broken in it: Internal, with
// what was found.
func Check(ctx context.Context, db *store.DB) error {
	if db.Engine() == store.PostgreSQL {
		return nil // it checked every row and constraint as it was put back
	}
	return db.View(ctx, func(tx store.Tx) (err error) {
		for statement, sound := range map[string]string{"PRAGMA integrity_check(10)": "ok", "PRAGMA foreign_key_check": ""} {
			if err := checkWith(ctx, tx, statement, sound); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkWith runs a check of SQLite, which answers with a row for each flaw, or
// the word for a sound database.
func checkWith(ctx context.Context, tx store.Tx, statement, sound string) (err error) {
	rows, err := tx.QueryContext(ctx, statement)
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			return err
		}
		first := fmt.Sprint(*cells[0].(*any))
		if len(columns) != 1 || first != sound {
			return fault.New(fault.Internal, "the database is broken: %s: %s", statement, first)
		}
	}
	return rows.Err()
}
