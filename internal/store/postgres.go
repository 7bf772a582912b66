package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/cadre-hq/cadre/internal/fault"
)

// postgresEngine is a PostgreSQL server that several nodes may share.
type postgresEngine struct {
	log      *slog.Logger
	conns    *pipelines
	db       *sql.DB
	readOnly bool
}

// openPostgres connects to a server. Several hosts in the address are tried
// until one takes writes, so that a promoted standby is found.
func openPostgres(ctx context.Context, address string, o Options) (*postgresEngine, error) {
	c, err := pgx.ParseConfig(address)
	if err != nil {
		// The error of the library quotes the address without its password.
		return nil, fault.New(fault.Invalid, "the address of the database is wrong: %w", err)
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "cadre"
	}
	if o.ReadOnly {
		c.RuntimeParams["default_transaction_read_only"] = "on"
	}
	e := &postgresEngine{log: o.Log, conns: &pipelines{Connector: stdlib.GetConnector(*c)}, readOnly: o.ReadOnly}
	e.db = sql.OpenDB(e.conns)
	e.db.SetMaxOpenConns(o.Connections)
	e.db.SetMaxIdleConns(o.Connections)
	e.db.SetConnMaxIdleTime(maxIdle)
	if err := e.db.PingContext(ctx); err != nil {
		_ = e.db.Close()
		return nil, sorted(err)
	}
	return e, nil
}

// maxIdle is how long a connection is kept that nobody needs.
const maxIdle = 30 * time.Minute

func (e *postgresEngine) kind() Engine  { return PostgreSQL }
func (e *postgresEngine) pool() *sql.DB { return e.db }
func (e *postgresEngine) close() error  { return e.db.Close() }

func (e *postgresEngine) view(ctx context.Context, f func(Tx) error) error {
	return e.repeat(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, f)
}

func (e *postgresEngine) glance(ctx context.Context, f func(Tx) error) error {
	return e.repeat(ctx, nil, f)
}

// update runs f in a serializable transaction. At READ COMMITTED, 40
// goroutines that compete for 5 seats take 8 of them
// (design/architecture.md §3).
func (e *postgresEngine) update(ctx context.Context, f func(Tx) error) error {
	if e.readOnly {
		return errReadOnly
	}
	return e.repeat(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, f)
}

// Bounds of the repetition: a transaction that met others is tried again after
// a random pause that grows to a quarter of a second, for about ten seconds in
// all; a server that went away, for three, in which a standby takes over.
const (
	maxTries    = 60
	maxPause    = 250 * time.Millisecond
	maxTakeover = 3 * time.Second
)

// repeat runs f in a transaction until it met no other; without options, in
// none.
func (e *postgresEngine) repeat(ctx context.Context, o *sql.TxOptions, f func(Tx) error) error {
	began := time.Now()
	var err error
	for try := range maxTries {
		var committing bool
		committing, err = e.once(ctx, o, f)
		switch {
		case err == nil:
			return nil
		case isRepeatable(err):
		case isGone(err) && !committing && time.Since(began) < maxTakeover:
			e.conns.reset()
		case committing && !isRefused(err):
			return sorted(fmt.Errorf("it is not certain whether the change was saved: %w", err))
		default:
			return sorted(err)
		}
		if pause(ctx, try) != nil {
			return sorted(err)
		}
	}
	e.log.Warn("a transaction met others too often", "tries", maxTries, "error", err)
	return sorted(err)
}

// once runs f in one transaction. It reports whether an error is of the commit.
func (e *postgresEngine) once(ctx context.Context, o *sql.TxOptions, f func(Tx) error) (committing bool, err error) {
	if o == nil {
		var waiting ends
		defer func() { waiting.tell(Undone) }()
		return false, f(Tx{db: e.db, engine: PostgreSQL, ends: &waiting, kept: &kept{}})
	}
	tx, err := e.db.BeginTx(ctx, o)
	if err != nil {
		return false, err
	}
	var waiting ends
	var values kept
	outcome := Undone
	defer func() {
		_ = tx.Rollback()
		endAll(values.own, outcome)
		waiting.tell(outcome)
	}()
	if err := f(Tx{sql: tx, engine: PostgreSQL, ends: &waiting, kept: &values}); err != nil || o.ReadOnly {
		return false, err
	}
	if err := tx.Commit(); err != nil {
		if !isRefused(err) {
			outcome = Uncertain
		}
		return true, err
	}
	outcome = Committed
	return true, nil
}

// isRefused reports whether the server said no to a commit, and so did not
// carry it out.
func isRefused(err error) bool {
	return !isGone(err) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// pause waits before the next try, longer from try to try.
func pause(ctx context.Context, try int) error {
	limit := min(maxPause, time.Millisecond<<min(try, 10))
	t := time.NewTimer(time.Duration(rand.Int64N(int64(limit)) + 1))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
