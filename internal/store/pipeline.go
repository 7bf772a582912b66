package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// standard is the connection that pgx gives to database/sql.
type standard = stdlib.Conn

// A pipeline is a connection to PostgreSQL that saves journeys to the server:
// a statement that nobody waits for goes there with the next one, in one packet.
// That is the BEGIN of a transaction, and what is put off (Tx.Later), which goes
// at the latest with the COMMIT. An update that writes a row and its entry of
// the journal so makes two journeys instead of four
// (docs/decisions/2026-12-01-journeys-to-postgresql.md).
type pipeline struct {
	*standard
	of         *pipelines
	generation int64
	begun      bool       // the server knows of the transaction
	waiting    *pgx.Batch // what goes with the next statement; empty outside of transactions
}

// pipelines makes the connections of a pool.
type pipelines struct {
	driver.Connector
	generation atomic.Int64
}

// Connect implements driver.Connector.
func (p *pipelines) Connect(ctx context.Context) (driver.Conn, error) {
	generation := p.generation.Load()
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &pipeline{standard: c.(*standard), of: p, generation: generation, waiting: &pgx.Batch{}}, nil
}

// reset has every connection of before the call replaced, also one that still
// answers: it may be to a server that takes no writes any more.
func (p *pipelines) reset() { p.generation.Add(1) }

// ResetSession implements driver.SessionResetter.
func (c *pipeline) ResetSession(ctx context.Context) error {
	if c.generation != c.of.generation.Load() {
		return driver.ErrBadConn
	}
	return c.standard.ResetSession(ctx)
}

// isolation is how pgx calls the levels that package store and its libraries
// use.
var isolation = map[sql.IsolationLevel]pgx.TxIsoLevel{
	sql.LevelRepeatableRead: pgx.RepeatableRead,
	sql.LevelSerializable:   pgx.Serializable,
}

// BeginTx implements driver.ConnBeginTx.
func (c *pipeline) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if c.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	begin := pgx.TxOptions{IsoLevel: isolation[sql.IsolationLevel(o.Isolation)]}
	if o.ReadOnly {
		begin.AccessMode = pgx.ReadOnly
	}
	c.begun, c.waiting = false, &pgx.Batch{}
	c.waiting.BeginTx(begin)
	return &transaction{ctx, c}, nil
}

// laterKey marks the context of a statement that is put off.
type laterKey struct{}

// ExecContext implements driver.ExecerContext.
func (c *pipeline) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	later := ctx.Value(laterKey{}) != nil
	if len(args) == 0 { // it may be several, as migrations are, which go alone
		if _, err := c.send(ctx); err != nil {
			return nil, err
		}
	}
	if c.waiting.Len() == 0 && !later {
		return c.standard.ExecContext(ctx, query, args)
	}
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	c.waiting.Queue(query, values...)
	if later {
		return driver.RowsAffected(0), nil
	}
	tag, err := c.send(ctx)
	return driver.RowsAffected(tag.RowsAffected()), err
}

// QueryContext implements driver.QueryerContext. What waits is sent before: the
// library reads rows of a type of its own, which only a query alone has.
func (c *pipeline) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if _, err := c.send(ctx); err != nil {
		return nil, err
	}
	return c.standard.QueryContext(ctx, query, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *pipeline) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if _, err := c.send(ctx); err != nil {
		return nil, err
	}
	s, err := c.standard.PrepareContext(ctx, query)
	return &prepared{s, c, query}, err
}

// send sends what waits, and returns the outcome of its last statement.
func (c *pipeline) send(ctx context.Context) (tag pgconn.CommandTag, err error) {
	b := c.waiting
	if b.Len() == 0 {
		return tag, nil
	}
	c.begun, c.waiting = true, &pgx.Batch{}
	r := c.Conn().SendBatch(ctx, b)
	for i := 0; i < b.Len() && err == nil; i++ {
		tag, err = r.Exec()
	}
	if e := r.Close(); err == nil {
		err = e
	}
	if err != nil && pgconn.SafeToRetry(err) {
		err = driver.ErrBadConn
	}
	return tag, err
}

// A prepared statement runs behind what waits.
type prepared struct {
	driver.Stmt
	on    *pipeline
	query string
}

// ExecContext implements driver.StmtExecContext.
func (s *prepared) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.on.ExecContext(ctx, s.query, args)
}

// QueryContext implements driver.StmtQueryContext.
func (s *prepared) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.on.QueryContext(ctx, s.query, args)
}

// A transaction is that of a pipeline.
type transaction struct {
	ctx context.Context // of BeginTx, as in database/sql
	on  *pipeline
}

// Commit implements driver.Tx. A transaction without a statement is none.
func (t *transaction) Commit() error {
	c := t.on
	if !c.begun && c.waiting.Len() == 1 {
		return t.Rollback()
	}
	c.waiting.Queue("commit")
	tag, err := c.send(t.ctx)
	switch {
	case err != nil:
		// If it was another statement that failed, the COMMIT was not read.
		_ = t.Rollback()
	case tag.String() == "ROLLBACK":
		err = pgx.ErrTxCommitRollback
	}
	return err
}

// Rollback implements driver.Tx.
func (t *transaction) Rollback() error {
	c := t.on
	c.waiting = &pgx.Batch{}
	if !c.begun || c.Conn().PgConn().TxStatus() == 'I' {
		return nil
	}
	// The context may be what ended the transaction.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), 5*time.Second)
	defer cancel()
	_, err := c.Conn().Exec(ctx, "rollback")
	if err != nil {
		_ = c.Conn().Close(ctx)
	}
	return err
}
