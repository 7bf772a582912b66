package inboxapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/inbox/inboxapi"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// A server is the interface of an inbox on a loopback address, used by whoever
// the test says.
type server struct {
	*httptest.Server
	by auth.Actor
}

// serve returns the interface over a room that has todos for everybody.
func serve(t *testing.T, db *store.DB, todos ...inbox.Todo) *server {
	t.Helper()
	a, err := auth.NewAuthority(inbox.Room())
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return noon }
	service := inbox.New(db, a, audit.New(db, clock), clock, slog.New(slog.DiscardHandler),
		inbox.Source{Room: "quay", Label: "Quays", Todos: func(context.Context, auth.Actor, time.Time) ([]inbox.Todo, error) { return todos, nil }},
		inbox.Source{Room: "flood", Label: "Floods", Todos: func(context.Context, auth.Actor, time.Time) ([]inbox.Todo, error) {
			return nil, fmt.Errorf("under water")
		}})
	s := &server{by: auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada Quay"}}
	mux := http.NewServeMux()
	inboxapi.Register(api.New(mux, api.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Reference: func(context.Context) string { return "r" }}), service, clock)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), s.by)))
	}))
	t.Cleanup(s.Close)
	return s
}

// do sends a request and decodes what comes into to, unless that is nil.
func (s *server) do(t *testing.T, method, address, body string, status int, to any) http.Header {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, s.URL+address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		q.Header.Set("Content-Type", "application/json")
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %s", method, address, a.StatusCode, status, text)
	}
	if to != nil {
		if err := json.Unmarshal(text, to); err != nil {
			t.Fatalf("%s: %v in %s", address, err, text)
		}
	}
	return a.Header
}

// A page is a page of the list as a client reads it.
type page struct {
	Items   []map[string]any
	Next    string
	Total   int
	Missing []string
}

func (p page) titles() string {
	var all []string
	for _, item := range p.Items {
		all = append(all, fmt.Sprint(item["title"]))
	}
	return strings.Join(all, ", ")
}

func todo(id string, kind inbox.Kind, due inbox.Due) inbox.Todo {
	return inbox.Todo{
		Key: inbox.NewKey("quay", "berth", id), Kind: kind, Say: "Berth " + id, Href: "/berths/" + id, Act: "Inspect", Due: due,
		Because: inbox.Cause{Tag: "policy", File: "org.yaml", Line: 64, Href: "/policy/org.berths", Text: "A berth is inspected each week."},
	}
}

func some() []inbox.Todo {
	other := todo("4", inbox.People, inbox.Due{})
	other.Who = "Ben Tide"
	return []inbox.Todo{
		todo("1", inbox.Hiring, inbox.Due{Day: "2026-11-23"}), todo("2", inbox.Pages, inbox.Due{}),
		todo("3", inbox.Hiring, inbox.Due{At: noon.Add(-time.Hour)}), other,
	}
}

// The list is read page by page, and by kind and state; groups are those of the
// time zone that was asked for.
func TestList(t *testing.T) {
	s := serve(t, storetest.Open(t, storetest.SQLite(t)), some()...)
	var p page
	s.do(t, "GET", "/api/v1/inbox", "", http.StatusOK, &p)
	if p.titles() != "Berth 3, Berth 1, Berth 2" || p.Total != 3 || p.Next != "" || len(p.Missing) != 1 || p.Missing[0] != "Floods" {
		t.Errorf("the list: %+v", p)
	}
	first, _ := json.Marshal(p.Items[0])
	want := `{"action":"Inspect","because":{"file":"org.yaml","line":64,"text":"A berth is inspected each week.","url":"/policy/org.berths"},` +
		`"due_at":"2026-11-23T11:00:00Z","group":"late","key":"quay:berth:3","kind":"hiring","title":"Berth 3","url":"/berths/3"}`
	if string(first) != want {
		t.Errorf("an item is %s\nnot %s", first, want)
	}
	if p.Items[1]["due_day"] != "2026-11-23" || p.Items[1]["group"] != "today" || p.Items[2]["group"] != "no_date" {
		t.Errorf("items: %v", p.Items)
	}
	s.do(t, "GET", "/api/v1/inbox?time_zone=Pacific/Auckland", "", http.StatusOK, &p)
	if p.Items[1]["group"] != "late" {
		t.Errorf("in Auckland: %v", p.Items[1])
	}
	p = page{}
	head := s.do(t, "GET", "/api/v1/inbox?kind=hiring&limit=1", "", http.StatusOK, &p)
	if p.titles() != "Berth 3" || p.Total != 2 || !strings.Contains(head.Get("Link"), "kind=hiring") {
		t.Errorf("the first page: %+v, %s", p, head.Get("Link"))
	}
	next := strings.TrimSuffix(strings.TrimPrefix(head.Get("Link"), "<"), `>; rel="next"`)
	p = page{}
	s.do(t, "GET", next, "", http.StatusOK, &p)
	if p.titles() != "Berth 1" || p.Next != "" {
		t.Errorf("the second page: %+v", p)
	}
	p = page{}
	s.do(t, "GET", "/api/v1/inbox?state=waiting", "", http.StatusOK, &p)
	if p.titles() != "Berth 4" || p.Items[0]["waits_for"] != "Ben Tide" {
		t.Errorf("others: %+v", p)
	}
	for _, wrong := range []string{"?time_zone=Moon/Base", "?time_zone=Local", "?kind=x", "?state=x", "?after=%21"} {
		s.do(t, "GET", "/api/v1/inbox"+wrong, "", http.StatusUnprocessableEntity, nil)
	}
}

// A todo is put off and taken back.
func TestSnooze(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db, some()...)
		const address = "/api/v1/inbox/quay:berth:1/snooze"
		var item map[string]any
		s.do(t, "POST", address, `{"until_day":"2026-11-30","time_zone":"Europe/Oslo"}`, http.StatusOK, &item)
		if item["snoozed_until"] != "2026-11-30" || item["title"] != "Berth 1" {
			t.Errorf("put off: %v", item)
		}
		var p page
		s.do(t, "GET", "/api/v1/inbox?state=snoozed", "", http.StatusOK, &p)
		if p.titles() != "Berth 1" || p.Items[0]["snoozed_until"] != "2026-11-30" {
			t.Errorf("what was put off: %+v", p)
		}
		s.do(t, "GET", "/api/v1/inbox", "", http.StatusOK, &p)
		if p.titles() != "Berth 3, Berth 2" {
			t.Errorf("the rest: %+v", p)
		}
		for range 2 {
			s.do(t, "DELETE", address, "", http.StatusNoContent, nil)
		}
		s.do(t, "GET", "/api/v1/inbox", "", http.StatusOK, &p)
		if p.Total != 3 {
			t.Errorf("taken back: %+v", p)
		}
		for body, status := range map[string]int{
			`{"until_day":"2026-11-23"}`: http.StatusUnprocessableEntity, `{"until_day":"soon"}`: http.StatusUnprocessableEntity,
			`{"until_day":"2026-11-30","time_zone":"Moon/Base"}`: http.StatusUnprocessableEntity, `{}`: http.StatusUnprocessableEntity,
		} {
			s.do(t, "POST", address, body, status, nil)
		}
		s.do(t, "POST", "/api/v1/inbox/quay:berth:77/snooze", `{"until_day":"2026-11-30"}`, http.StatusNotFound, nil)
	})
}

// A token reads with inbox:read and puts off with inbox:write.
func TestScopes(t *testing.T) {
	s := serve(t, storetest.Open(t, storetest.SQLite(t)), some()...)
	const address = "/api/v1/inbox/quay:berth:1/snooze"
	for _, c := range []struct {
		scopes      []string
		read, write int
	}{
		{[]string{"inbox:read"}, http.StatusOK, http.StatusForbidden},
		{[]string{"inbox:write"}, http.StatusForbidden, http.StatusOK},
		{[]string{"jobs:read"}, http.StatusForbidden, http.StatusForbidden},
	} {
		s.by.Token, s.by.Scopes = "t", c.scopes
		s.do(t, "GET", "/api/v1/inbox", "", c.read, nil)
		s.do(t, "POST", address, `{"until_day":"2026-11-30"}`, c.write, nil)
	}
	s.by = auth.Actor{}
	s.do(t, "GET", "/api/v1/inbox", "", http.StatusUnauthorized, nil)
	s.do(t, "POST", address, `{"until_day":"2026-11-30"}`, http.StatusUnauthorized, nil)
	s.do(t, "DELETE", address, "", http.StatusUnauthorized, nil)
}
