package policyapi_test

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
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/policy/policyapi"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

const (
	values = "/api/v1/policy/values"
	due    = values + "/rooms.hiring.scorecards.due_business_days"
)

var (
	ada = auth.Actor{ID: "ada", Kind: auth.Person, Roles: []auth.Role{auth.Administrator}}
	ben = auth.Actor{ID: "ben", Kind: auth.Person}
)

// A server is the interface of the policy on a loopback address, used by whoever
// the test says.
type server struct {
	*httptest.Server
	t  *testing.T
	by auth.Actor
}

func serve(t *testing.T, db *store.DB) *server {
	t.Helper()
	a, err := auth.NewAuthority(chosen.Room())
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC) }
	mux := http.NewServeMux()
	frame := api.New(mux, api.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Reference: func(context.Context) string { return "r" }})
	policyapi.Register(frame, chosen.New(db, a, audit.New(db, clock), clock))
	s := &server{t: t, by: ada}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(auth.With(r.Context(), s.by)))
	}))
	t.Cleanup(s.Close)
	return s
}

// do sends a request and returns the answer, whose body is JSON. With a tag it
// says which state it has seen.
func (s *server) do(method, address, tag, body string, status int) (http.Header, map[string]any) {
	s.t.Helper()
	q, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+address, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/json")
	if tag != "" {
		q.Header.Set(map[bool]string{true: "If-None-Match", false: "If-Match"}[method == http.MethodGet], tag)
	}
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if a.StatusCode != status {
		s.t.Fatalf("%s %s: %d, want %d: %s", method, address, a.StatusCode, status, text)
	}
	var out map[string]any
	if len(text) > 0 {
		if err := json.Unmarshal(text, &out); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, address, err, text)
		}
	}
	return a.Header, out
}

func (s *server) get(address string, status int) (http.Header, map[string]any) {
	s.t.Helper()
	return s.do(http.MethodGet, address, "", "", status)
}

// wants checks what stands at a place of an answer, such as "source.pack".
func (s *server) wants(out map[string]any, place, want string) {
	s.t.Helper()
	var at any = out
	for key := range strings.SplitSeq(place, ".") {
		m, _ := at.(map[string]any)
		at = m[key]
	}
	if got := fmt.Sprint(at); got != want {
		s.t.Errorf("%s is %s, want %s", place, got, want)
	}
}

// A value is read, overridden by who has seen it, and withdrawn.
func TestOverride(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serve(t, db)
		head, out := s.get(due, 200)
		s.wants(out, "value", "1")
		s.wants(out, "kind", "number")
		s.wants(out, "source.pack", "2022-09")
		tag := head.Get("ETag")
		s.do(http.MethodGet, due, tag, "", 304)

		change := `{"value": 2, "reason": "The works council asked for it"}`
		s.do(http.MethodPut, due+"/override", "", change, 422) // the tag is missing
		s.do(http.MethodPut, due+"/override", `"other"`, change, 412)
		head, out = s.do(http.MethodPut, due+"/override", tag, change, 200)
		s.wants(out, "value", "2")
		s.wants(out, "shipped.value", "1")
		s.wants(out, "override.decided_by", "ada")
		s.wants(out, "source.text", "The works council asked for it")
		s.wants(out, "source.overridden", "true")
		s.do(http.MethodPut, due+"/override", tag, change, 412)
		s.do(http.MethodPut, due+"/override", "*", change, 409) // it is the value already

		_, out = s.get("/api/v1/policy", 200)
		s.wants(out, "pack", "2022-09")
		if list, _ := out["overrides"].([]any); len(list) != 1 {
			t.Errorf("got %v", out)
		}
		s.do(http.MethodPost, due+"/withdrawal", head.Get("ETag"), `{"reason": "It did not help"}`, 200)
		_, out = s.get(due, 200)
		s.wants(out, "value", "1")
		s.do(http.MethodPost, due+"/withdrawal", "*", `{"reason": "again"}`, 404)

		_, out = s.get("/api/v1/policy/decisions?path=rooms.hiring.scorecards.due_business_days", 200)
		if items, _ := out["items"].([]any); len(items) != 1 || items[0].(map[string]any)["end_reason"] != "It did not help" {
			t.Errorf("got %v", out)
		}
	})
}

// Values of all kinds are sent as JSON.
func TestKinds(t *testing.T) {
	s := serve(t, storetest.Open(t, storetest.SQLite(t)))
	for path, c := range map[string][2]string{
		"rooms.growth.promotion.effective_months":         {`[3, 9]`, `[3 9]`},
		"rooms.hiring.offers.location_factor_alert_above": {`0.85`, `0.85`},
		"rooms.hiring.offers.verbal_before_approval":      {`true`, `true`},
		"rooms.hiring.screening.private":                  {`["pay: <all>", "yes"]`, `[pay: <all> yes]`},
		"rooms.org.hierarchy.renamed":                     {`[{"from": "A", "to": "B"}]`, `[map[from:A to:B]]`},
		"span.max":                                        {`12`, `12`},
		"rooms.org.hierarchy.acting_word":                 {`"(\ud83d\udea2)"`, "(🚢)"},
	} {
		_, out := s.do(http.MethodPut, values+"/"+path+"/override", "*", `{"reason": "ours", "value": `+c[0]+`}`, 200)
		s.wants(out, "value", c[1])
	}
}

// What is refused says which field is wrong.
func TestRefused(t *testing.T) {
	s := serve(t, storetest.Open(t, storetest.SQLite(t)))
	for body, field := range map[string]string{
		`{"reason": "x", "value": "soon"}`: "body.value",
		`{"reason": "x", "value": 9}`:      "body.value",
		`{"reason": " ", "value": 2}`:      "body.reason",
		`{"value": 2}`:                     "body",
	} {
		_, out := s.do(http.MethodPut, due+"/override", "*", body, 422)
		problems, _ := out["errors"].([]any)
		if len(problems) != 1 || !strings.HasPrefix(fmt.Sprint(problems[0].(map[string]any)["location"]), field) {
			t.Errorf("%s: got %v, want an error of %s", body, out, field)
		}
	}
	s.get(values+"/rooms.hiring.nothing", 404)
	s.get("/api/v1/policy/diff?old=2022-09&new=nonsense", 404)
	s.get("/api/v1/policy/decisions?path=x&kind=pack", 422)
	s.get(values+"?after=nonsense", 422)
}

// The pack is chosen; what it brings can be looked up before.
func TestChoose(t *testing.T) {
	s := serve(t, storetest.Open(t, storetest.SQLite(t)))
	_, out := s.get("/api/v1/policy/diff?old=effective&new=2024-03", 200)
	if list, _ := out["differences"].([]any); len(list) != 9 {
		t.Errorf("%d values differ, want 9", len(list))
	}
	_, out = s.do(http.MethodPut, "/api/v1/policy/pack", "*", `{"pack": "2024-03", "reason": "We are up to date"}`, 200)
	s.wants(out, "pack", "2024-03")
	s.wants(out, "choice.reason", "We are up to date")
	_, out = s.get("/api/v1/policy/packs", 200)
	items, _ := out["items"].([]any)
	if len(items) != 2 || items[1].(map[string]any)["chosen"] != true {
		t.Errorf("got %v", out)
	}
	s.do(http.MethodPut, "/api/v1/policy/pack", "*", `{"pack": "1999-01", "reason": "x"}`, 404)
}

// The list is searched, filtered and read page by page.
func TestValues(t *testing.T) {
	s := serve(t, storetest.Open(t, storetest.SQLite(t)))
	count := 0
	for address := values + "?limit=200"; address != ""; {
		head, out := s.get(address, 200)
		items, _ := out["items"].([]any)
		count += len(items)
		address, _, _ = strings.Cut(strings.TrimPrefix(head.Get("Link"), "<"), ">")
	}
	if count != 669 {
		t.Errorf("%d values on all pages, want 669", count)
	}
	for query, want := range map[string]int{"?room=schedule": 21, "?q=scorecard+due+business": 1, "?only=overridden": 0, "?room=schedule&only=weak": 10} {
		_, out := s.get(values+query, 200)
		if items, _ := out["items"].([]any); len(items) != want {
			t.Errorf("%s: %d values, want %d", query, len(items), want)
		}
	}
}

// Everybody who signed in reads; administrators decide and see who did.
func TestWhoMay(t *testing.T) {
	s := serve(t, storetest.Open(t, storetest.SQLite(t)))
	s.do(http.MethodPut, due+"/override", "*", `{"reason": "ours", "value": 2}`, 200)
	s.by = ben
	_, out := s.get(due, 200)
	s.wants(out, "value", "2")
	s.wants(out, "override.decided_by", "<nil>")
	s.get("/api/v1/policy/decisions", 403)
	s.do(http.MethodPut, due+"/override", "*", `{"reason": "mine", "value": 3}`, 403)
	s.do(http.MethodPost, due+"/withdrawal", "*", `{"reason": "mine"}`, 403)
	s.do(http.MethodPut, "/api/v1/policy/pack", "*", `{"reason": "mine", "pack": "2024-03"}`, 403)
	s.by = auth.Actor{}
	s.get(due, 401)
}
