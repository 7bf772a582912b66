package console_test

import (
	"context"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/jobs/console"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

type count struct{ N int }

func (count) Kind() string { return "test.count_up" }

// Administrators alone see to jobs, and the journal knows what they did.
func TestConsole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q, err := jobs.New(db, jobs.Options{Log: storetest.Log(t)})
		if err != nil {
			t.Fatal(err)
		}
		jobs.Register(q, jobs.Policy{}, func(context.Context, jobs.Job[count]) error { return nil })
		authority, err := auth.NewAuthority(console.Room())
		if err != nil {
			t.Fatal(err)
		}
		s := console.New(db, q, authority, audit.New(db, time.Now))
		if err := db.Update(t.Context(), func(tx store.Tx) error { return q.Insert(t.Context(), tx, count{1}) }); err != nil {
			t.Fatal(err)
		}
		root := auth.Actor{ID: "root", Kind: auth.Person, Roles: []auth.Role{auth.Administrator}, Request: "r1"}
		o, err := s.List(t.Context(), root, jobs.Filter{})
		if err != nil || len(o.Jobs) != 1 || o.Counts[jobs.Available] != 1 || len(o.Kinds) != 1 {
			t.Fatalf("%+v, %v", o, err)
		}
		id := o.Jobs[0].ID
		for _, c := range []struct {
			who  string
			by   auth.Actor
			want fault.Kind
		}{
			{"nobody", auth.Actor{}, fault.Unauthenticated},
			{"a recruiter", auth.Actor{ID: "r", Kind: auth.Person, Roles: []auth.Role{auth.Recruiter}}, fault.NotFound},
			{"a token that may only read", auth.Actor{ID: "root", Kind: auth.Person, Roles: root.Roles, Token: "t", Scopes: []string{"jobs:read"}}, fault.Forbidden},
		} {
			_, listing := s.List(t.Context(), c.by, jobs.Filter{})
			_, finding := s.Find(t.Context(), c.by, id)
			for what, err := range map[string]error{"list": listing, "find": finding, "retry": s.Retry(t.Context(), c.by, id), "cancel": s.Cancel(t.Context(), c.by, id)} {
				if c.by.Token != "" && (what == "list" || what == "find") {
					if err != nil {
						t.Errorf("%s: %s: %v", c.who, what, err)
					}
					continue
				}
				if err == nil || fault.KindOf(err) != c.want {
					t.Errorf("%s: %s: %v", c.who, what, err)
				}
			}
		}
		if err := s.Cancel(t.Context(), root, id); err != nil {
			t.Fatal(err)
		}
		if err := s.Cancel(t.Context(), root, id); fault.KindOf(err) != fault.Conflict {
			t.Errorf("cancelled twice: %v", err)
		}
		if err := s.Retry(t.Context(), root, id); err != nil {
			t.Fatal(err)
		}
		if e, err := s.Find(t.Context(), root, id); err != nil || e.State != jobs.Available {
			t.Errorf("%+v, %v", e, err)
		}
		if _, err := s.Find(t.Context(), root, id+1); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a job that is none: %v", err)
		}
		var noted []string
		err = db.View(t.Context(), func(tx store.Tx) error {
			list, err := audit.Entries(t.Context(), tx, audit.Filter{Kind: "job"})
			for _, e := range list {
				noted = append(noted, e.Action+" "+e.Actor+" "+e.Facts)
			}
			return err
		})
		if err != nil || len(noted) != 2 || noted[1] != `jobs.job.cancel root {"kind":"test.count_up"}` {
			t.Errorf("the journal has %q, %v", noted, err)
		}
	})
}
