package app

import (
	"context"
	"path/filepath"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
)

// sweep is the job that removes what has run out.
type sweep struct{}

// Kind implements jobs.Args.
func (sweep) Kind() string { return "app.sweep" }

// sweepEvery has it done again and again.
func (a *App) sweepEvery(every time.Duration) {
	jobs.Register(a.queue, jobs.Policy{Unique: true}, func(ctx context.Context, _ jobs.Job[sweep]) error {
		if _, err := a.accounts.Prune(ctx); err != nil {
			return err
		}
		if err := a.erasure.Finish(ctx); err != nil {
			return err
		}
		return a.db.Update(ctx, func(tx store.Tx) error { return idempotency.Forget(ctx, tx, a.clock()) })
	})
	jobs.Periodic(a.queue, "app.sweep", every, sweep{})
}

// sealEvery seals the journal now, and again and again until the context ends.
func (a *App) sealEvery(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		a.seal(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// seal adds a seal of the journal to the file in the data folder.
func (a *App) seal(ctx context.Context) {
	err := a.journal.Seal(context.WithoutCancel(ctx), filepath.Join(a.settings.Data, audit.SealsFile))
	if err != nil {
		a.log.WarnContext(ctx, "the journal was not sealed", "error", err)
	}
}
