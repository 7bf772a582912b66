package store

import (
	"context"
	"database/sql"
	"slices"
)

// A Tx is a transaction that View or Update lends. It satisfies the interface
// that the generated packages of queries take.
type Tx struct {
	sql        *sql.Tx // nil of a glance
	db         *sql.DB // of a glance
	statements *statements
	engine     Engine
	// whole is set where an interrupted statement would undo more than its own
	// transaction. Then a context is looked at before a statement, and does
	// not end one that runs.
	whole bool
	ends  *ends
	kept  *kept
}

// An Outcome says how a transaction ended.
type Outcome int

// The outcomes.
const (
	Undone    Outcome = iota // nothing of it took place
	Committed                // all of it did, and is durable
	Uncertain                // one of the two: the database did not answer
)

// ends are what waits for the end of a transaction.
type ends struct{ waiting []func(Outcome) }

// OnEnd has f called once the transaction has ended. A function that runs
// again runs in a new transaction, so f is called once for each.
func (t Tx) OnEnd(f func(Outcome)) { t.ends.waiting = append(t.ends.waiting, f) }

// tell calls what waits, the last first.
func (e *ends) tell(o Outcome) {
	for _, f := range slices.Backward(e.waiting) {
		f(o)
	}
}

// Engine tells which database the transaction is of. Only search and the queue
// of jobs have reason to ask.
func (t Tx) Engine() Engine { return t.engine }

// SQL returns the transaction as database/sql knows it, for libraries that
// write with it. They neither commit it nor roll it back. A glance has none.
func (t Tx) SQL() *sql.Tx { return t.sql }

// begin returns the context for a statement, or why none may run.
func (t Tx) begin(ctx context.Context) (context.Context, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if t.whole {
		ctx = context.WithoutCancel(ctx)
	}
	return ctx, nil
}

// ExecContext runs a statement that returns no rows.
func (t Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx, err := t.begin(ctx)
	if err != nil {
		return nil, err
	}
	if t.sql == nil {
		return nil, errGlance
	}
	var r sql.Result
	if s := t.statements.find(query); s != nil {
		r, err = t.sql.StmtContext(ctx, s).ExecContext(ctx, args...)
	} else {
		r, err = t.sql.ExecContext(ctx, query, args...)
	}
	return r, err
}

// Later runs a statement that nobody needs the outcome of before the end, such
// as an entry of the journal. To PostgreSQL it goes with the next statement, or
// with the commit, which saves the time of a journey to the server; its error
// is then that of what it goes with.
func (t Tx) Later(ctx context.Context, query string, args ...any) error {
	_, err := t.ExecContext(context.WithValue(ctx, laterKey{}, true), query, args...)
	return err
}

// QueryContext runs a statement that returns rows.
func (t Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx, err := t.begin(ctx)
	if err != nil {
		return nil, err
	}
	var rows *sql.Rows
	switch s := t.statements.find(query); {
	case t.sql == nil && s != nil:
		rows, err = s.QueryContext(ctx, args...)
	case t.sql == nil:
		rows, err = t.db.QueryContext(ctx, query, args...)
	case s != nil:
		rows, err = t.sql.StmtContext(ctx, s).QueryContext(ctx, args...)
	default:
		rows, err = t.sql.QueryContext(ctx, query, args...)
	}
	return rows, err
}

// QueryRowContext runs a statement that returns at most one row. Its error comes
// with Scan; no row is sql.ErrNoRows.
func (t Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if t.whole && ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	switch s := t.statements.find(query); {
	case t.sql == nil && s != nil:
		return s.QueryRowContext(ctx, args...)
	case t.sql == nil:
		return t.db.QueryRowContext(ctx, query, args...)
	case s != nil:
		return t.sql.StmtContext(ctx, s).QueryRowContext(ctx, args...)
	}
	return t.sql.QueryRowContext(ctx, query, args...)
}

// PrepareContext prepares a statement for the rest of the transaction.
func (t Tx) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	ctx, err := t.begin(ctx)
	if err != nil {
		return nil, err
	}
	if t.sql == nil {
		return nil, errGlance
	}
	s, err := t.sql.PrepareContext(ctx, query)
	return s, err
}
