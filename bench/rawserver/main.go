// Command rawserver is the yardstick of the benchmarks of the server: what
// net/http, a database and encoding/json take for the same rows, with nobody
// signed in, nothing authorised and nothing logged.
//
//	rawserver PLACE ADDRESS ROWS.json
//
// PLACE is the path of a SQLite file or a postgres:// address. GET /families
// and GET /principals answer a page of 50 rows as JSON, GET /page the first as
// bare templ. The others add a row of an account and answer 201 when it is on
// the disk: POST /each in a transaction of its own, POST /group together with
// the requests that came meanwhile (SQLite), each with /entry behind it for a
// second row, as a journal would need.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: rawserver PLACE ADDRESS ROWS.json")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "rawserver:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, place, address, rows string) error {
	text, err := os.ReadFile(rows)
	if err != nil {
		return err
	}
	var c content
	if err := json.Unmarshal(text, &c); err != nil {
		return err
	}
	var d database
	if strings.HasPrefix(place, "postgres") {
		d, err = openPostgres(ctx, place)
	} else {
		d, err = openSQLite(ctx, place)
	}
	if err != nil {
		return err
	}
	if err := d.fill(ctx, c); err != nil {
		return err
	}
	return http.ListenAndServe(address, routes(d))
}

// A database keeps the rows.
type database interface {
	fill(context.Context, content) error
	families(context.Context) ([]family, error)
	principals(context.Context) ([]principal, error)
	// add adds an account in a transaction of its own, with a second row if
	// entry is set; join does so in one that requests share.
	add(ctx context.Context, p principal, entry bool) error
	join(ctx context.Context, p principal, entry bool) error
}

// content are the rows that the server has.
type content struct {
	Families   []family    `json:"families"`
	Principals []principal `json:"principals"`
}

// A family is a row of the first list. Its levels are one column of JSON, which
// is faster than a table of their own.
type family struct {
	ID          string          `json:"id"`
	Version     int             `json:"version"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Department  string          `json:"department"`
	Path        string          `json:"path"`
	Levels      json.RawMessage `json:"levels"`
	Counts      json.RawMessage `json:"finding_counts"`
	Retired     bool            `json:"retired"`
}

// A principal is a row of the second list.
type principal struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	Name     string    `json:"name"`
	Email    string    `json:"email,omitempty"`
	Verified bool      `json:"email_verified,omitempty"`
	Roles    []string  `json:"roles,omitempty"`
	Created  time.Time `json:"created_at"`
}

// pageSize is how many rows a list has.
const pageSize = 50

func routes(d database) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /families", list(d.families))
	mux.HandleFunc("GET /principals", list(d.principals))
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, r *http.Request) {
		rows, err := d.families(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = page(rows).Render(r.Context(), w) // the reader went away
	})
	mux.HandleFunc("POST /each", create(d.add, false))
	mux.HandleFunc("POST /each/entry", create(d.add, true))
	mux.HandleFunc("POST /group", create(d.join, false))
	mux.HandleFunc("POST /group/entry", create(d.join, true))
	return mux
}

// list answers with rows as JSON.
func list[T any](read func(context.Context) ([]T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := read(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusOK, map[string]any{"items": rows})
	}
}

// create adds an account by its name.
func create(add func(context.Context, principal, bool) error, entry bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := principal{ID: rand.Text(), Kind: "service", Created: time.Now().UTC()}
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := add(r.Context(), p, entry); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusCreated, p)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the reader went away
}
