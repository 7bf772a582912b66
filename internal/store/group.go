package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A group lets updates that wait for the one writer of SQLite share a
// transaction, and so one flush to the disk, which costs more than all their
// statements. While one transaction is flushed, the next members gather.
//
// Members run one after the other, each on its own goroutine and in a
// savepoint of its own: the one whose turn it is hands the transaction on to
// the next, and the last one commits. All wait for that commit, also those that
// failed, since what they saw may have been another's change.
type group struct {
	db         *sql.DB // of one connection
	statements *statements
	log        *slog.Logger

	mu      sync.Mutex
	busy    bool // a member has its turn, or commits
	waiting []*member
}

// A member is one update that takes part.
type member struct {
	// turn receives the transaction to run in; nil means to begin one.
	turn chan *batch
}

// A batch is one shared transaction.
type batch struct {
	conn    *sql.Conn
	tx      *sql.Tx
	own     *statements
	began   time.Time
	members int
	kept    map[any]any
	done    chan struct{} // closed after the commit
	err     error         // of the commit; read it after done
}

// Bounds of a batch. They keep the first member from waiting long for the
// flush; at 1 000 members its cost is far below that of the statements.
const (
	maxMembers = 1000
	maxAge     = 20 * time.Millisecond
)

// errBroken says that the database undid the whole batch because of what one
// member did, such as to fill the disk. Other members may run again.
var errBroken = errors.New("the transaction was undone by another update")

// update runs f as a member of a batch and waits until it is durable.
func (g *group) update(ctx context.Context, f func(Tx) error) error {
	const attempts = 3
	var err error
	for range attempts {
		if err = g.once(ctx, f); !errors.Is(err, errBroken) {
			return err
		}
	}
	return fault.New(fault.Busy, "the database cannot be written now: %w", err)
}

// once takes part in one batch.
func (g *group) once(ctx context.Context, f func(Tx) error) (err error) {
	b, err := g.enter(ctx)
	if err != nil {
		return err
	}
	var waiting ends
	values := kept{shared: &b.kept}
	saved, broken := false, b.mark()
	// Deferred, so that others go on if f panics or ends its goroutine.
	defer func() {
		if broken == nil && !saved {
			broken = b.undo()
		}
		if saved {
			values.share()
		} else {
			values.drop()
		}
		g.leave(b, broken)
		<-b.done
		outcome := Undone
		switch {
		case b.err == nil && saved:
			outcome = Committed
		case b.err != nil && !errors.Is(b.err, errBroken):
			outcome = Uncertain
			err = fmt.Errorf("it is not certain whether the change was saved: %w", b.err)
		case err == nil:
			err = b.err
		}
		waiting.tell(outcome)
	}()
	if broken != nil {
		return broken
	}
	if err := f(Tx{sql: b.tx, statements: b.own, engine: SQLite, whole: true, ends: &waiting, kept: &values}); err != nil {
		return err
	}
	if broken = b.keep(); broken != nil {
		return broken
	}
	saved = true
	return nil
}

// enter waits for a turn and returns the batch to run in.
func (g *group) enter(ctx context.Context) (*batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	g.mu.Lock()
	if !g.busy {
		g.busy = true
		g.mu.Unlock()
		return g.begin(ctx)
	}
	m := &member{turn: make(chan *batch, 1)}
	g.waiting = append(g.waiting, m)
	g.mu.Unlock()
	select {
	case b := <-m.turn:
		if b == nil {
			return g.begin(ctx)
		}
		return b, nil
	case <-ctx.Done():
	}
	if g.withdraw(m) {
		return nil, ctx.Err()
	}
	// The turn came at the same moment; it must be passed on.
	if b := <-m.turn; b != nil {
		g.leave(b, nil)
	} else {
		g.next()
	}
	return nil, ctx.Err()
}

// withdraw takes a member out of the queue, and reports whether it was there.
func (g *group) withdraw(m *member) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, w := range g.waiting {
		if w == m {
			g.waiting = append(g.waiting[:i], g.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// begin starts a batch. Its transaction belongs to no one member, so the
// context of none ends it.
func (g *group) begin(ctx context.Context) (*batch, error) {
	ctx = context.WithoutCancel(ctx)
	g.statements.prepare(ctx)
	conn, err := g.db.Conn(ctx)
	if err != nil {
		g.next()
		return nil, fmt.Errorf("begin to write: %w", err)
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		_ = conn.Close()
		g.next()
		return nil, fmt.Errorf("begin to write: %w", err)
	}
	return &batch{conn: conn, tx: tx, own: g.statements, began: time.Now(), done: make(chan struct{})}, nil
}

// leave hands the batch on, or ends it if it is broken, large or old, or if
// nobody waits.
func (g *group) leave(b *batch, broken error) {
	b.members++
	if broken == nil && b.members < maxMembers && time.Since(b.began) < maxAge {
		g.mu.Lock()
		if len(g.waiting) > 0 {
			m := g.waiting[0]
			g.waiting = g.waiting[1:]
			g.mu.Unlock()
			m.turn <- b
			return
		}
		g.mu.Unlock()
	}
	g.end(b, broken)
	g.next()
}

// end commits a batch, or gives it up. After a failed write a handle tells
// nothing reliable any more, since the same pages may be taken for written: it
// is closed, and the next batch opens the file again.
func (g *group) end(b *batch, broken error) {
	defer close(b.done)
	failed := broken
	if broken != nil {
		_ = b.tx.Rollback()
		b.err = errBroken
		endAll(b.kept, Undone)
	} else if b.err = b.tx.Commit(); b.err != nil {
		failed = b.err
		endAll(b.kept, Uncertain)
	} else {
		endAll(b.kept, Committed)
	}
	if failed != nil {
		g.log.Error("the database could not be written; it is opened again", "error", failed)
		_ = b.conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	_ = b.conn.Close()
}

// next lets the longest waiting member begin a batch.
func (g *group) next() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.busy = false
		return
	}
	m := g.waiting[0]
	g.waiting = g.waiting[1:]
	m.turn <- nil
}

// mark, keep and undo begin, end and take back the part of one member. If one
// of them fails, the database has undone the whole transaction.

func (b *batch) mark() error { return b.run("SAVEPOINT member") }
func (b *batch) keep() error { return b.run("RELEASE member") }

func (b *batch) undo() error {
	if err := b.run("ROLLBACK TO member"); err != nil {
		return err
	}
	return b.run("RELEASE member")
}

func (b *batch) run(statement string) error {
	ctx := context.Background()
	var err error
	if s := b.own.find(statement); s != nil {
		_, err = b.tx.StmtContext(ctx, s).ExecContext(ctx)
	} else {
		_, err = b.tx.ExecContext(ctx, statement)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errBroken, err)
	}
	return nil
}
