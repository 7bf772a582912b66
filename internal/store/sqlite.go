package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver named "sqlite"

	"github.com/cadre-hq/cadre/internal/fault"
)

// sqliteEngine is a SQLite file: many connections that read, one that writes.
type sqliteEngine struct {
	readers *sql.DB
	writer  *sql.DB // nil if the file is only read
	read    *statements
	group   *group // nil likewise
}

// The settings of every connection. secure_delete overwrites what is deleted
// with zeros, which erasing a person relies on. A reader waits for the moment
// in which a checkpoint or another program holds the file.
var sqliteSettings = []string{
	"busy_timeout(5000)", "foreign_keys(ON)", "secure_delete(ON)", "journal_mode(WAL)", "temp_store(MEMORY)",
}

func openSQLite(ctx context.Context, path string, o Options) (*sqliteEngine, error) {
	folder := filepath.Dir(path)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fault.New(fault.Invalid, "there is no folder %s for the database", folder)
	}
	if o.ReadOnly {
		return readSQLite(ctx, path, o)
	}
	// FULL makes a commit wait for the disk: what was acknowledged survives a
	// power failure.
	writer, err := sql.Open("sqlite", address(path, "synchronous(FULL)")+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	writer.SetMaxIdleConns(1)
	if err := writer.PingContext(ctx); err != nil {
		_ = writer.Close()
		return nil, fault.New(fault.Invalid, "%s cannot be used as a database: %w", path, err)
	}
	readers, err := sql.Open("sqlite", address(path, "query_only(ON)"))
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	readers.SetMaxOpenConns(o.Readers)
	readers.SetMaxIdleConns(o.Readers)
	return &sqliteEngine{
		readers: readers, writer: writer, read: newStatements(readers),
		group: &group{db: writer, statements: newStatements(writer), log: o.Log},
	}, nil
}

// readSQLite opens a file to be read only. Where nobody writes, which is where
// there is no write-ahead log, it is read as it lies, since SQLite would leave
// files beside it that perhaps belong to another user than the server's.
func readSQLite(ctx context.Context, path string, o Options) (*sqliteEngine, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, fault.New(fault.NotFound, "there is no database %s", path)
	}
	q := url.Values{"_pragma": {"busy_timeout(5000)", "query_only(ON)", "temp_store(MEMORY)"}, "mode": {"ro"}}
	if _, err := os.Stat(path + "-wal"); err != nil {
		q.Set("immutable", "1")
	}
	readers, err := sql.Open("sqlite", name(path, q))
	if err != nil {
		return nil, err
	}
	readers.SetMaxOpenConns(o.Readers)
	readers.SetMaxIdleConns(o.Readers)
	var tables int
	if err := readers.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		_ = readers.Close()
		return nil, fault.New(fault.Invalid, "%s cannot be read as a database: %w", path, err)
	}
	return &sqliteEngine{readers: readers, read: newStatements(readers)}, nil
}

// address returns the name by which the driver opens a file.
func address(path string, settings ...string) string {
	return name(path, url.Values{"_pragma": append(settings, sqliteSettings...)})
}

func name(path string, q url.Values) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}).String()
}

func (e *sqliteEngine) kind() Engine { return SQLite }

func (e *sqliteEngine) pool() *sql.DB {
	if e.writer == nil {
		return e.readers
	}
	return e.writer
}

func (e *sqliteEngine) view(ctx context.Context, f func(Tx) error) error {
	e.read.prepare(ctx)
	tx, err := e.readers.BeginTx(ctx, nil)
	if err != nil {
		return sorted(fmt.Errorf("begin to read: %w", err))
	}
	var waiting ends
	defer func() {
		_ = tx.Rollback()
		waiting.tell(Undone)
	}()
	return sorted(f(Tx{sql: tx, statements: e.read, engine: SQLite, ends: &waiting, kept: &kept{}}))
}

func (e *sqliteEngine) glance(ctx context.Context, f func(Tx) error) error {
	e.read.prepare(ctx)
	var waiting ends
	defer func() { waiting.tell(Undone) }()
	// To wait for the end of the context takes two goroutines for each query,
	// which is longer than a glance lasts.
	return sorted(f(Tx{db: e.readers, statements: e.read, engine: SQLite, whole: true, ends: &waiting, kept: &kept{}}))
}

func (e *sqliteEngine) update(ctx context.Context, f func(Tx) error) error {
	if e.group == nil {
		return errReadOnly
	}
	return sorted(e.group.update(ctx, f))
}

func (e *sqliteEngine) close() error {
	e.read.close()
	if e.group == nil {
		return e.readers.Close()
	}
	e.group.statements.close()
	return errors.Join(e.readers.Close(), e.writer.Close())
}
