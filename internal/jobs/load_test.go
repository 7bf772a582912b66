package jobs_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// Jobs that change data get on, though requests change data all the time: on
// SQLite both share one connection with the queue itself.
func TestJobsGetOnUnderLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{})
		note := func(ctx context.Context, key string) error {
			return db.Update(ctx, func(tx store.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO idempotency_request (sender, key, fingerprint, at, status, location)
					VALUES ($1, $2, '', 1, 0, '') ON CONFLICT (sender, key) DO NOTHING`, "load", key)
				return err
			})
		}
		jobs.Register(q, jobs.Policy{}, func(ctx context.Context, j jobs.Job[greet]) error { return note(ctx, j.Request()) })
		stop := make(chan bool)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						if err := note(context.Background(), "request"); err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		running(t, q)
		began := time.Now()
		for i := range 50 {
			insert(t, db, q, greet{i})
		}
		eventually(t, "all jobs are done", func() bool { return len(list(t, db, q, jobs.Filter{State: jobs.Completed})) == 50 })
		t.Logf("50 jobs in %s", time.Since(began))
		close(stop)
		wg.Wait()
	})
}
