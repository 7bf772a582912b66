package console_test

import (
	"context"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/jobs/console"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

type sink struct{ N int }

func (sink) Kind() string { return "test.sink_ship" }

// Administrators are told of the jobs that failed for good, by kinds, and nobody
// else is.
func TestFailedJobsAreTodos(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q, err := jobs.New(db, jobs.Options{Log: storetest.Log(t)})
		if err != nil {
			t.Fatal(err)
		}
		jobs.Register(q, jobs.Policy{}, func(context.Context, jobs.Job[count]) error { return nil })
		jobs.Register(q, jobs.Policy{}, func(context.Context, jobs.Job[sink]) error { return nil })
		authority, err := auth.NewAuthority(console.Room())
		if err != nil {
			t.Fatal(err)
		}
		source := console.New(db, q, authority, audit.New(db, time.Now)).Source()
		root := auth.Actor{ID: "root", Kind: auth.Person, Roles: []auth.Role{auth.Administrator}}
		list := func(by auth.Actor) []string {
			t.Helper()
			found, err := source.Todos(t.Context(), by, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, todo := range found {
				said = append(said, todo.Say+": "+todo.Note+" "+todo.Href)
			}
			return said
		}
		err = db.Update(t.Context(), func(tx store.Tx) error {
			for i := range 3 {
				if err := q.Insert(t.Context(), tx, count{i}); err != nil {
					return err
				}
			}
			return q.Insert(t.Context(), tx, sink{1})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := list(root); got != nil {
			t.Errorf("no job failed, but there is %q", got)
		}
		fail(t, db, "kind = 'test.sink_ship'")
		wantSaid(t, list(root), "A job failed: test.sink_ship: Job 4, tried 11 times /settings/jobs?kind=test.sink_ship&state=discarded")
		fail(t, db, "kind = 'test.count_up'")
		wantSaid(t, list(root),
			"A job failed: test.sink_ship: Job 4, tried 11 times /settings/jobs?kind=test.sink_ship&state=discarded",
			"Jobs failed: test.count_up: 3 jobs /settings/jobs?kind=test.count_up&state=discarded")
		for _, by := range authtest.Cast("jobs") {
			mayRead := authority.May(by, console.Read, console.Queue)
			if got := list(by); (len(got) > 0) != mayRead {
				t.Errorf("%s is told of %q", authtest.Describe(by), got)
			}
		}
	})
}

// fail makes jobs fail for good, as if time had passed.
func fail(t *testing.T, db *store.DB, which string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), "UPDATE river_job SET state = 'discarded', attempt = 11, finalized_at = CURRENT_TIMESTAMP WHERE "+which)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func wantSaid(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("there is %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("there is %q, not %q", got[i], want[i])
		}
	}
}
