package console

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
)

// mostFailed is how many failed jobs are looked at; beyond it there are "more".
const mostFailed = 100

// Source returns what the queue adds to inboxes: for administrators, each kind
// of job of which some failed for good. One kind is one todo, however many jobs
// there are, since they mostly fail for one reason.
func (s *Service) Source() inbox.Source {
	return inbox.Source{Room: "jobs", Label: "Jobs", Todos: s.todos}
}

func (s *Service) todos(ctx context.Context, by auth.Actor, _ time.Time) (found []inbox.Todo, err error) {
	if !s.May(by, Read, Queue) {
		return nil, nil
	}
	var failed []jobs.Entry
	more := false
	err = s.db.View(ctx, func(tx store.Tx) error {
		failed, more, err = s.queue.List(ctx, tx, jobs.Filter{State: jobs.Discarded, Limit: mostFailed})
		return err
	})
	if err != nil {
		return nil, err
	}
	var kinds []string // in the order of their newest job
	of := map[string][]jobs.Entry{}
	for _, e := range failed {
		if of[e.Kind] == nil {
			kinds = append(kinds, e.Kind)
		}
		of[e.Kind] = append(of[e.Kind], e)
	}
	for _, kind := range kinds {
		found = append(found, failedTodo(kind, of[kind], more))
	}
	return found, nil
}

// failedTodo returns what is to be done about the failed jobs of a kind, the
// newest of which is the first.
func failedTodo(kind string, failed []jobs.Entry, more bool) inbox.Todo {
	oldest := failed[len(failed)-1]
	t := inbox.Todo{
		// A job that fails later is another reason to look.
		Key: inbox.NewKey("jobs", "failed", fmt.Sprintf("%s.%d", kind, failed[0].ID)), Kind: inbox.Server,
		Say: "Jobs failed: " + kind, Note: fmt.Sprintf("%d jobs", len(failed)), Act: "Look",
		Href:    "/settings/jobs?" + url.Values{"state": {string(jobs.Discarded)}, "kind": {kind}}.Encode(),
		Because: inbox.Cause{Text: "A job that failed as often as it may is not tried again by itself."},
	}
	if len(failed) == 1 {
		t.Say, t.Note = "A job failed: "+kind, fmt.Sprintf("Job %d, tried %d times", oldest.ID, oldest.Attempt)
	}
	if more {
		t.Note += " or more"
	}
	if oldest.Finalized != nil {
		t.Since = *oldest.Finalized
	}
	return t
}
