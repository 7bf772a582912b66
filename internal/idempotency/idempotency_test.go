package idempotency_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// A shop sells berths: POST /berths makes one, GET /berths/N shows it.
type shop struct {
	*httptest.Server
	db *store.DB
}

// open opens a shop on a database that keeps keys.
func open(t *testing.T, place string) *shop {
	t.Helper()
	db, err := store.Open(t.Context(), place, store.Options{Guard: idempotency.Guard, Log: storetest.Log(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := &shop{db: db}
	err = db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), "CREATE TABLE IF NOT EXISTS berth (name TEXT NOT NULL)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m := &idempotency.Middleware{
		DB: db, Clock: func() time.Time { return noon },
		Sender: func(r *http.Request) string { return r.Header.Get("Sender") },
		Fail: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), fault.KindOf(err).HTTPStatus())
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /berths", func(w http.ResponseWriter, r *http.Request) {
		err := s.sell(r.Context(), r.PostFormValue("name"))
		if err != nil {
			http.Error(w, err.Error(), fault.KindOf(err).HTTPStatus())
			return
		}
		w.Header().Set("Location", "/berths/"+r.PostFormValue("name"))
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "sold")
	})
	mux.HandleFunc("GET /berths/{name}", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "berth "+r.PathValue("name"))
	})
	s.Server = httptest.NewServer(m.Wrap(mux))
	t.Cleanup(s.Close)
	return s
}

func (s *shop) sell(ctx context.Context, name string) error {
	if name == "" {
		return fault.New(fault.Invalid, "a berth has a name")
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO berth (name) VALUES ($1)", name)
		return err
	})
}

func (s *shop) sold(t *testing.T) (n int) {
	t.Helper()
	err := s.db.View(t.Context(), func(tx store.Tx) error {
		return tx.QueryRowContext(t.Context(), "SELECT count(*) FROM berth").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// post sends a form and returns the answer as "STATUS body [replayed]".
func (s *shop) post(t *testing.T, sender, header, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/berths", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sender", sender)
	if header != "" {
		r.Header.Set(idempotency.Header, header)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	out := fmt.Sprint(a.StatusCode, " ", strings.TrimSpace(string(text)))
	if a.Header.Get(idempotency.Replayed) != "" {
		out += " [replayed]"
	}
	return out
}

func form(name, key string) string {
	return url.Values{"name": {name}, idempotency.Field: {key}}.Encode()
}

func TestOnceUnderAKey(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		s := open(t, place)
		for _, c := range []struct{ why, sender, header, body, want string }{
			{"the first request sells", "ada", "k1", form("north", ""), "201 sold"},
			{"the second is answered with the thing that was made", "ada", "k1", form("north", ""), "201 berth north [replayed]"},
			{"another request under the same key is a mistake", "ada", "k1", form("south", ""), "422"},
			{"the key of another sender is another key", "ben", "k1", form("south", ""), "201 sold"},
			{"a form carries its key in a field", "ada", "", form("east", "k2"), "201 sold"},
			{"also when it is sent twice", "ada", "", form("east", "k2"), "201 berth east [replayed]"},
			{"without a key everything is new", "ada", "", form("west", ""), "201 sold"},
			{"and again", "ada", "", form("west", ""), "201 sold"},
			{"a visitor who is nobody has no keys", "", "k1", form("pier", ""), "201 sold"},
			{"what failed may be tried again under its key", "ada", "k3", form("", ""), "422 a berth has a name"},
			{"since nothing was done", "ada", "k3", form("", ""), "422 a berth has a name"},
			{"a key is a word", "ada", "two words", form("quay", ""), "422 an Idempotency-Key has 1 to 200"},
		} {
			if got := s.post(t, c.sender, c.header, c.body); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s: %q, want %q", c.why, got, c.want)
			}
		}
		if n := s.sold(t); n != 6 {
			t.Errorf("%d berths were sold, want 6", n)
		}
	})
}

// Ten clicks at once sell one berth, and every click is answered as if it were
// the one that did.
func TestNervousHand(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		s := open(t, place)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if got := s.post(t, "ada", "", form("north", "click")); !strings.HasPrefix(got, "201 ") {
					t.Errorf("answer %q", got)
				}
			})
		}
		wg.Wait()
		if n := s.sold(t); n != 1 {
			t.Errorf("%d berths were sold, want 1", n)
		}
	})
}

// A form that uploads a file carries its key in its address.
func TestUpload(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		s := open(t, place)
		for range 2 {
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			if err := errors.Join(form.WriteField("name", "north"), form.Close()); err != nil {
				t.Fatal(err)
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/berths?"+idempotency.Field+"=file", &body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", form.FormDataContentType())
			r.Header.Set("Sender", "ada")
			a, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = a.Body.Close()
			if a.StatusCode != http.StatusCreated {
				t.Errorf("status %d", a.StatusCode)
			}
		}
		if n := s.sold(t); n != 1 {
			t.Errorf("%d berths were sold, want 1", n)
		}
	})
}

// Two nodes that get the same request at the same time sell one berth.
func TestTwoNodes(t *testing.T) {
	place := storetest.PostgreSQL(t)
	a := open(t, place)
	b := open(t, place)
	var wg sync.WaitGroup
	for _, s := range []*shop{a, b} {
		wg.Go(func() { _ = s.post(t, "ada", "same", form("north", "")) })
	}
	wg.Wait()
	if n := a.sold(t); n != 1 {
		t.Errorf("%d berths were sold, want 1", n)
	}
}

func TestForget(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		s := open(t, place)
		s.post(t, "ada", "k", form("north", ""))
		for _, later := range []time.Duration{23 * time.Hour, 25 * time.Hour} {
			err := s.db.Update(t.Context(), func(tx store.Tx) error {
				return idempotency.Forget(t.Context(), tx, noon.Add(later))
			})
			if err != nil {
				t.Fatal(err)
			}
			got := s.post(t, "ada", "k", form("north", ""))
			if replayed := strings.Contains(got, "replayed"); replayed != (later < idempotency.Lifetime) {
				t.Errorf("after %v: %q", later, got)
			}
		}
	})
}
