package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivershared/baseservice"
	"github.com/riverqueue/river/rivershared/riverpilot"
	"github.com/riverqueue/river/rivertype"

	"github.com/cadre-hq/cadre/internal/store"
)

// ownClient returns what reads and writes the queue in our transactions.
func ownClient(db *store.DB, log *slog.Logger) (*river.Client[*sql.Tx], error) {
	c := &river.Config{Logger: quiet(log), FetchCooldown: time.Millisecond}
	if db.Engine() == store.PostgreSQL {
		return river.NewClient(riverdatabasesql.New(nil), c)
	}
	return river.NewClient(newLocal(db.Pool()), c)
}

// connections is how many connections to PostgreSQL a node keeps for its jobs:
// one listens, the others fetch jobs and note what became of them. Jobs
// themselves use those of package store.
const connections = 5

// runPostgres does jobs that all nodes share.
func (q *Queue) runPostgres(ctx context.Context, began func()) error {
	pool, err := ownPool(ctx, q.db.Pool())
	if err != nil {
		return fmt.Errorf("connect to do jobs: %w", err)
	}
	defer pool.Close()
	c, err := river.NewClient(riverpgxv5.New(pool), q.config())
	if err != nil {
		return fmt.Errorf("do jobs: %w", err)
	}
	return run(ctx, q, c, nil, began)
}

// ownPool returns connections to the server that a pool is connected to. They
// are apart from it, so that requests and jobs do not wait for each other.
func ownPool(ctx context.Context, of *sql.DB) (*pgxpool.Pool, error) {
	conn, err := of.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	var address string
	err = conn.Raw(func(c any) error {
		address = c.(interface{ Conn() *pgx.Conn }).Conn().Config().ConnString()
		return nil
	})
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "cadre jobs"
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// runSQLite does the jobs of a file, which one node has for itself.
func (q *Queue) runSQLite(ctx context.Context, began func()) error {
	if err := q.handBack(ctx); err != nil {
		return err
	}
	driver := newLocal(q.db.Pool())
	c, err := river.NewClient(driver, q.config())
	if err != nil {
		return fmt.Errorf("do jobs: %w", err)
	}
	return run(ctx, q, c, driver.pilot.announce, began)
}

// handBack makes jobs available again whose program ended without handing them
// back. One that was tried as often as it may, and perhaps is what ends the
// program, is given up.
func (q *Queue) handBack(ctx context.Context) error {
	err := q.db.Update(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE river_job SET
			state = CASE WHEN attempt >= max_attempts THEN 'discarded' ELSE 'available' END,
			finalized_at = CASE WHEN attempt >= max_attempts THEN datetime('now', 'subsec') END
			WHERE state = 'running'`)
		return err
	})
	if err != nil {
		return fmt.Errorf("take up jobs that were not ended: %w", err)
	}
	return nil
}

// local is the library's driver for SQLite without the table over which it
// tells other processes of new jobs, and which it reads twenty times a second:
// the jobs are this process's, so it is told directly (announce).
type local struct {
	*riversqlite.Driver
	pilot *pilot
}

func newLocal(pool *sql.DB) *local { return &local{riversqlite.New(pool), &pilot{}} }

// SupportsListener implements riverdriver.Driver.
func (*local) SupportsListener() bool { return false }

// SupportsListenNotify implements riverdriver.Driver.
func (*local) SupportsListenNotify() bool { return false }

// PluginInit is part of what the library asks a driver for that brings a pilot.
func (*local) PluginInit(*baseservice.Archetype) {}

// PluginPilot returns what gets to know how to wake the library.
func (d *local) PluginPilot() riverpilot.Pilot { return d.pilot }

// announce tells the library that the queue has new jobs. It is nil where the
// database tells it.
type announce func()

// A pilot is the library's own with an ear for how to wake it.
type pilot struct {
	riverpilot.StandardPilot
	notify func(context.Context, []*rivertype.JobInsertResult)
}

// PilotInit implements riverpilot.Pilot.
func (p *pilot) PilotInit(a *baseservice.Archetype, params *riverpilot.PilotInitParams) {
	p.StandardPilot.PilotInit(a, params)
	p.notify = params.NotifyNonTxJobInsert
}

func (p *pilot) announce() {
	p.notify(context.Background(), []*rivertype.JobInsertResult{{Job: &rivertype.JobRow{Queue: river.QueueDefault}}})
}

// quiet returns a logger for the library, which tells at level Info of what is
// its own affair.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

// Enabled implements slog.Handler.
func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// WithAttrs implements slog.Handler.
func (w warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{w.Handler.WithAttrs(a)} }

// WithGroup implements slog.Handler.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
