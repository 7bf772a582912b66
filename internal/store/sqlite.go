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
	readers, writer *sql.DB
	read            *statements
	group           *group
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

// address returns the name by which the driver opens a file.
func address(path string, settings ...string) string {
	q := url.Values{"_pragma": append(settings, sqliteSettings...)}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(), RawQuery: q.Encode()}).String()
}

func (e *sqliteEngine) kind() Engine { return SQLite }

func (e *sqliteEngine) pool() *sql.DB { return e.writer }

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
	return sorted(f(Tx{sql: tx, statements: e.read, engine: SQLite, ends: &waiting}))
}

func (e *sqliteEngine) update(ctx context.Context, f func(Tx) error) error {
	return sorted(e.group.update(ctx, f))
}

func (e *sqliteEngine) close() error {
	e.read.close()
	e.group.statements.close()
	return errors.Join(e.readers.Close(), e.writer.Close())
}
