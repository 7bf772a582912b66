package jobsweb_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/jobs/console"
	"github.com/cadre-hq/cadre/internal/jobs/jobsweb"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

type send struct{ Letter int }

func (send) Kind() string { return "test.send_letter" }

var root = auth.Actor{ID: "root", Kind: auth.Person, Name: "Root", Roles: []auth.Role{auth.Administrator}}

// site returns the pages over a queue with n jobs.
func site(t *testing.T, n int) (*webtest.Site, *jobs.Queue, *store.DB) {
	t.Helper()
	db := storetest.Open(t, storetest.SQLite(t))
	q, err := jobs.New(db, jobs.Options{Log: storetest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	jobs.Register(q, jobs.Policy{}, func(context.Context, jobs.Job[send]) error { return nil })
	err = db.Update(t.Context(), func(tx store.Tx) error {
		for i := range n {
			if err := q.Insert(t.Context(), tx, send{i}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	authority, err := auth.NewAuthority(console.Room())
	if err != nil {
		t.Fatal(err)
	}
	s := webtest.New(t)
	jobsweb.Register(s.Site, console.New(db, q, authority, audit.New(db, time.Now)))
	return s, q, db
}

func TestPagesAreForAdministrators(t *testing.T) {
	s, _, _ := site(t, 1)
	recruiter := s.As(auth.Actor{ID: "r", Kind: auth.Person, Name: "R", Roles: []auth.Role{auth.Recruiter}})
	for _, address := range []string{jobsweb.Home, jobsweb.Home + "/1"} {
		recruiter.Get(address).WantsStatus(http.StatusNotFound)
	}
	recruiter.Post(jobsweb.Home+"/1/retry", nil).WantsStatus(http.StatusNotFound)
	recruiter.Post(jobsweb.Home+"/1/cancel", nil).WantsStatus(http.StatusNotFound)
}

func TestList(t *testing.T) {
	s, _, _ := site(t, 120)
	b := s.As(root)
	b.Get(jobsweb.Home).WantsStatus(http.StatusOK).Wants("Waiting", "120", "test.send_letter", "0 of 11", "Next page").
		Follow("Next page").Follow("Next page").Wants("These are the last jobs.")
	b.Get(jobsweb.Home + "?state=discarded").Wants("No job is like this").Follow("Show all jobs").Wants("120")
	b.Get(jobsweb.Home + "?state=lost").WantsStatus(http.StatusUnprocessableEntity)
	live := b.Get(jobsweb.Home+"?kind=test.send_letter&live=on").Wants("Stand still", "119")
	if !strings.Contains(live.HTML, `hx-trigger="every 5s"`) || strings.Contains(b.Get(jobsweb.Home).HTML, "every 5s") {
		t.Error("the list refreshes although nobody asked, or does not although somebody did")
	}
	empty, _, _ := site(t, 0)
	empty.As(root).Get(jobsweb.Home).Wants("There are no jobs")
}

func TestJob(t *testing.T) {
	s, q, db := site(t, 1)
	b := s.As(root)
	address := fmt.Sprintf("%s/%d", jobsweb.Home, 1)
	page := b.Get(address).WantsStatus(http.StatusOK).Wants("Job 1", "Waiting", `{"Letter":0}`, "Do it now", "Cancel…")
	page.Form(address+"/cancel").Submit().WantsStatus(http.StatusOK).Wants("Job 1 is cancelled", "Cancelled", "Do it again").Lacks("Cancel…").
		Form(address+"/retry").Submit().Wants("Job 1 is done again", "Waiting")
	b.Get(jobsweb.Home + "/2").WantsStatus(http.StatusNotFound)
	b.Get(jobsweb.Home + "/x").WantsStatus(http.StatusNotFound)
	b.Get(address + "?ask=cancel").Wants("Cancel job 1?")

	err := db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE river_job SET state = 'retryable', attempt = 1, attempted_by = '["node-7"]',
			errors = '[{"at":"2026-11-23T11:00:00Z","attempt":1,"error":"busy, reference abc123","trace":""}]'`)
		if err == nil {
			_, err = q.Find(t.Context(), tx, 1)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.Get(address).Wants("To be retried", "Attempts that failed", "busy, reference abc123", "node-7", "1 of 11")
}
