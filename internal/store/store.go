// Package store keeps the organisation's data in one of two databases, with
// one meaning: SQLite in a file, or PostgreSQL when several nodes serve one
// organisation.
//
// There are two verbs, and a short form of the first (Glance). View lends a function a snapshot to read; Update lends
// it a transaction that takes effect as a whole or not at all, as if updates
// ran one after the other. When Update returns nil, the change is on the disk.
// The function may run more than once, so it changes nothing but the
// transaction, and it does not keep it.
//
// On SQLite one connection writes. Updates that wait for it share a
// transaction and one flush to the disk (see group); each has a savepoint of
// its own, so that one that fails takes nothing with it. On PostgreSQL every
// update is a serializable transaction that is repeated when it met another,
// and makes few journeys to the server (see pipeline).
//
// The SQL is the same for both; what may not be written is in
// docs/decisions/2026-11-25-one-sql-text.md. A room reaches its tables by the
// package that sqlc generates, which takes a Tx.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
)

// An Engine is a kind of database.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgres"
)

// DB is an open database. Its methods may be called by many goroutines.
type DB struct {
	engine engine
	log    *slog.Logger
	guard  func(context.Context, Tx) error
}

// An engine is what the two databases do in their own ways.
type engine interface {
	kind() Engine
	view(ctx context.Context, f func(Tx) error) error
	glance(ctx context.Context, f func(Tx) error) error
	update(ctx context.Context, f func(Tx) error) error
	// pool is the connections that may write, for what begins its own
	// transactions: migrations and the queue of jobs.
	pool() *sql.DB
	close() error
}

// Options steer how a database is opened. The zero value has useful defaults.
type Options struct {
	// Log gets what an operator should know, such as a repeated transaction
	// that did not succeed. Nil means slog.Default.
	Log *slog.Logger
	// Readers is how many views SQLite serves at once. 0 means 8.
	Readers int
	// Connections is the most that one node holds to PostgreSQL. 0 means 16.
	Connections int
	// ReadOnly opens a database that exists already for View alone, also while
	// a server writes to it. Nothing is made or changed, and Update fails.
	ReadOnly bool
	// Guard, if set, runs first in every update, in its transaction; an error
	// of it is the error of the update. It is how a request that is repeated
	// is kept from being applied twice (package idempotency).
	Guard func(ctx context.Context, tx Tx) error
}

// Open opens the database at a place: a postgres:// URL, or the path of a
// SQLite file, which is made if there is none. It does not migrate. The error
// is Invalid if the place cannot be a database, and Busy if it cannot be
// reached.
func Open(ctx context.Context, place string, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Readers == 0 {
		o.Readers = 8
	}
	if o.Connections == 0 {
		o.Connections = 16
	}
	var e engine
	var err error
	switch scheme, _, isURL := strings.Cut(place, "://"); {
	case isURL && (scheme == "postgres" || scheme == "postgresql"):
		e, err = openPostgres(ctx, place, o)
	case isURL && scheme != "file":
		return nil, fault.New(fault.Invalid, "the database cannot be at a %s:// address: give the path of a file, or postgres://…", scheme)
	case place == "":
		return nil, fault.New(fault.Invalid, "the database has no place: give the path of a file, or postgres://…")
	default:
		e, err = openSQLite(ctx, filepath.FromSlash(strings.TrimPrefix(place, "file://")), o)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &DB{engine: e, log: o.Log, guard: o.Guard}, nil
}

// Engine tells which database it is.
func (d *DB) Engine() Engine { return d.engine.kind() }

// Pool returns the connections that may write, for libraries that begin their
// own transactions. Everything else takes View and Update. On SQLite there is
// one connection, which every transaction of the pool holds up. If the database
// was opened to be read only, they only read.
func (d *DB) Pool() *sql.DB { return d.engine.pool() }

// View calls f with a transaction that reads one state of all data. An error
// of f is returned as it is; a database that cannot be reached is Busy.
func (d *DB) View(ctx context.Context, f func(Tx) error) error {
	return d.engine.view(ctx, f)
}

// Glance is View for a function that runs one query: one statement sees one
// state of all data by itself, so nothing is begun and ended around it. That is
// for what every request asks, such as whose session it is. What f reads in a
// second query may be newer, and f cannot write.
func (d *DB) Glance(ctx context.Context, f func(Tx) error) error {
	return d.engine.glance(ctx, f)
}

// errGlance answers what a glance is not for.
var errGlance = errors.New("store: a glance only queries; take View or Update")

// errReadOnly answers an update of a database that was opened to be read.
var errReadOnly = fault.New(fault.Conflict, "the database was opened to be read only")

// Update calls f with a transaction and makes its changes durable. It returns
// the error of f as it is, and then nothing has changed. Otherwise the error
// is Busy, for a database that is overloaded, full or unreachable, or Internal.
// An error that is not f's own leaves open whether the change took place; who
// repeats it does so under a key that tells (package idempotency).
func (d *DB) Update(ctx context.Context, f func(Tx) error) error {
	if d.guard == nil {
		return d.engine.update(ctx, f)
	}
	return d.engine.update(ctx, func(tx Tx) error {
		if err := d.guard(ctx, tx); err != nil {
			return err
		}
		return f(tx)
	})
}

// Close ends all connections. Transactions that run are waited for.
func (d *DB) Close() error { return d.engine.close() }
