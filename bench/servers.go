package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/cadre-hq/cadre/bench/load"
)

// postgresVariable names the server of S4, as tests/postgres sets it.
const postgresVariable = "CADRE_TEST_POSTGRES"

// The targets of the server.
const (
	leastOfRaw        = 0.6 // S1 to S4: beside the bare libraries
	leastOfPocketBase = 3.0 // S1
	leastOfEach       = 2.5 // S3: beside a flush for each request
)

// readers is how many clients ask for lists.
const readers = 16

// writers are how many clients write at a time.
var writers = []int{16, 64}

// A stage is where the servers of one database are compared.
type stage struct {
	title    string
	contests []*contest
	missing  string // why there was nothing to measure
}

// A theatre holds what stages need.
type theatre struct {
	folder         string // for everything that is made
	cadre, raw, pb string // programs
	effort         effort
	peers          bool
	running        []*server
}

// servers measures S1 to S4.
func servers(ctx context.Context, r *results) error {
	here, err := filepath.Abs(work)
	if err != nil {
		return err
	}
	t := &theatre{
		folder: filepath.Join(here, "servers"), peers: !r.quick, effort: effort{7, 1500 * time.Millisecond},
		cadre: filepath.Join(here, "bin", "cadre"), raw: filepath.Join(here, "bin", "rawserver"), pb: filepath.Join(here, "bin", "pocketbase"),
	}
	if r.quick {
		t.effort = effort{3, 250 * time.Millisecond}
	}
	r.length = t.effort.length
	if err := t.build(ctx); err != nil {
		return err
	}
	for _, play := range []func(context.Context) (*stage, error){t.onSQLite, t.onPostgres} {
		s, err := play(ctx)
		if err = errors.Join(err, t.clear()); err != nil {
			return err
		}
		r.stages = append(r.stages, s)
	}
	return nil
}

// build builds the programs, and empties the folder.
func (t *theatre) build(ctx context.Context) error {
	for name, source := range map[string]string{t.cadre: "./cmd/cadre", t.raw: "./bench/rawserver"} {
		c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", name, source)
		c.Stderr = os.Stderr
		if err := c.Run(); err != nil {
			return fmt.Errorf("build %s: %w", source, err)
		}
	}
	if err := os.RemoveAll(t.folder); err != nil {
		return err
	}
	return os.MkdirAll(t.folder, 0o755)
}

// clear stops all servers.
func (t *theatre) clear() error {
	var err error
	for _, s := range t.running {
		err = errors.Join(err, s.stop())
	}
	t.running = nil
	return err
}

// onSQLite measures S1 to S3.
func (t *theatre) onSQLite(ctx context.Context) (*stage, error) {
	org, raw, err := t.enter(ctx, "sqlite", "", filepath.Join(t.folder, "raw.db"))
	if err != nil {
		return nil, err
	}
	pb, token, missing := t.pocketbase(ctx, filepath.Join(t.folder, "rows.json"))
	s := &stage{title: "S1 to S3: the server on SQLite"}
	for _, list := range []string{"families", "principals"} {
		c, err := lists(ctx, "S1: a list of 50 "+list+" as JSON", list, org, raw)
		if err != nil {
			return nil, err
		}
		if missing == "" {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+pb.address+"/api/collections/"+list+"/records?perPage=50", nil)
			if err != nil {
				return nil, err
			}
			r.Header.Set("Authorization", token)
			p, err := asked("PocketBase "+pocketBaseVersion, pb, r, http.StatusOK)
			if err != nil {
				return nil, err
			}
			p.least = leastOfPocketBase
			c.others = append(c.others, p)
		} else {
			c.about += " PocketBase is left out: " + missing + "."
		}
		s.contests = append(s.contests, c)
	}
	page, err := pages(ctx, org, raw)
	if err != nil {
		return nil, err
	}
	s.contests = append(s.contests, page)
	for _, clients := range writers {
		c, err := creates(ctx, "S3: a create with its journal entry", "WAL, FULL", clients, org, raw, []yardstick{
			{"raw group commit", "/group", leastOfRaw},
			{"raw group commit, two rows", "/group/entry", leastOfRaw},
			{"raw, one flush for each request", "/each", leastOfEach},
		})
		if err != nil {
			return nil, err
		}
		s.contests = append(s.contests, c)
	}
	return s, t.play(ctx, s)
}

// onPostgres measures S4: list and create.
func (t *theatre) onPostgres(ctx context.Context) (*stage, error) {
	s := &stage{title: "S4: the server on PostgreSQL"}
	place := os.Getenv(postgresVariable)
	if place == "" || place == "require" {
		s.missing = "there was no PostgreSQL server; `make bench` starts one where it is installed"
		return s, nil
	}
	own, durable, err := databases(ctx, place, "bench_cadre", "bench_raw")
	if err != nil {
		return nil, err
	}
	org, raw, err := t.enter(ctx, "postgres", own[0], own[1])
	if err != nil {
		return nil, err
	}
	c, err := lists(ctx, "a list of 50 families as JSON", "families", org, raw)
	if err != nil {
		return nil, err
	}
	s.contests = append(s.contests, c)
	for _, clients := range writers {
		c, err := creates(ctx, "a create with its journal entry", durable, clients, org, raw, []yardstick{
			{"raw pgx", "/each", leastOfRaw}, {"raw pgx, two rows", "/each/entry", leastOfRaw},
		})
		if err != nil {
			return nil, err
		}
		s.contests = append(s.contests, c)
	}
	return s, t.play(ctx, s)
}

// play runs the contests of a stage.
func (t *theatre) play(ctx context.Context, s *stage) error {
	for _, c := range s.contests {
		if err := c.run(ctx, t.effort); err != nil {
			return err
		}
	}
	return nil
}

// enter starts Cadre, and the yardstick with the same rows.
func (t *theatre) enter(ctx context.Context, name, database, place string) (*organisation, *server, error) {
	org, err := found(ctx, t.cadre, t.folder, "cadre-"+name, database)
	if org != nil {
		t.running = append(t.running, org.server)
	}
	if err != nil {
		return nil, nil, err
	}
	rows := filepath.Join(t.folder, "rows.json")
	if err := org.rows(ctx, rows); err != nil {
		return nil, nil, err
	}
	raw, err := start(ctx, "raw-"+name, t.folder, "/healthz", func(address string) *exec.Cmd { return exec.Command(t.raw, place, address, rows) })
	if err != nil {
		return nil, nil, err
	}
	t.running = append(t.running, raw)
	return org, raw, nil
}

// pocketBaseVersion is that in bench/peers/pocketbase/go.mod. Newer ones want a
// newer Go.
const pocketBaseVersion = "0.39.11"

// pocketbase starts the peer, and returns a token of a user of it. It may be
// missing.
func (t *theatre) pocketbase(ctx context.Context, rows string) (s *server, token, missing string) {
	if !t.peers {
		return nil, "", "this was `make bench-quick`"
	}
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", t.pb, ".")
	c.Dir = filepath.Join("bench", "peers", "pocketbase")
	if missing := installed(c); missing != "" {
		return nil, "", "it could not be built: " + missing
	}
	s, err := start(ctx, "pocketbase", t.folder, "/api/health", func(address string) *exec.Cmd {
		return exec.Command(t.pb, filepath.Join(t.folder, "pocketbase"), address, rows)
	})
	if err != nil {
		return nil, "", "it did not start: " + err.Error()
	}
	t.running = append(t.running, s)
	said, err := os.ReadFile(s.log)
	if err != nil {
		return nil, "", err.Error()
	}
	_, said, _ = bytes.Cut(said, []byte("token "))
	said, _, found := bytes.Cut(said, []byte("\n"))
	if !found {
		return nil, "", "it told no token"
	}
	return s, string(said), ""
}

// asked returns a contestant that is asked something.
func asked(name string, on *server, r *http.Request, status int) (*contestant, error) {
	r.Header.Set("User-Agent", "") // none
	if r.Header.Get("Accept-Encoding") == "" {
		r.Header.Set("Accept-Encoding", "identity")
	}
	text, err := load.Wire(r)
	return &contestant{name: name, on: on, target: load.Target{Address: on.address, Request: text, Status: status}}, err
}

// plain asks a yardstick.
func plain(ctx context.Context, name string, on *server, method, path, body string, status int) (*contestant, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+on.address+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	return asked(name, on, r, status)
}

// session asks Cadre in the session of the administrator.
func (o *organisation) session(ctx context.Context, name, method, path, body string, status int) (*contestant, error) {
	r, err := o.request(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	return asked(name, o.server, r, status)
}

// lists is a contest for a list as JSON.
func lists(ctx context.Context, title, list string, org *organisation, raw *server) (c *contest, err error) {
	c = &contest{title: title, about: aboutLists[list], clients: readers}
	if c.cadre, err = org.session(ctx, "Cadre", http.MethodGet, "/api/v1/"+list+"?limit=50", "", http.StatusOK); err != nil {
		return nil, err
	}
	bare, err := plain(ctx, "net/http + database + encoding/json", raw, http.MethodGet, "/"+list, "", http.StatusOK)
	if err != nil {
		return nil, err
	}
	bare.least = leastOfRaw
	c.others = []*contestant{bare}
	return c, nil
}

// aboutLists says what each list costs.
var aboutLists = map[string]string{
	"families":   "In a session, logged, with the counts of all filters. One decision of the policies is for the whole list.",
	"principals": "In a session, logged. The policies decide for each row whether its address and its roles may be read.",
}

// pages is a contest for the list as a page.
func pages(ctx context.Context, org *organisation, raw *server) (c *contest, err error) {
	c = &contest{
		title: "S2: the list of 50 families as a page", clients: readers,
		about: "Cadre's page has the frame, the filters with their counts, and states beside the same rows.",
	}
	if c.cadre, err = org.session(ctx, "Cadre", http.MethodGet, "/families", "", http.StatusOK); err != nil {
		return nil, err
	}
	r, err := org.request(ctx, http.MethodGet, "/families", "")
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	small, err := asked("Cadre, compressed", org.server, r, http.StatusOK)
	if err != nil {
		return nil, err
	}
	bare, err := plain(ctx, "net/http + database + templ", raw, http.MethodGet, "/page", "", http.StatusOK)
	if err != nil {
		return nil, err
	}
	bare.least = leastOfRaw
	c.others = []*contestant{small, bare}
	return c, nil
}

// A yardstick is a way in which the bare server writes.
type yardstick struct {
	name, path string
	least      float64
}

// creates is a contest for a small write. Cadre's is POST /principals, which
// makes the account of a program: one row, and one entry of the journal.
func creates(ctx context.Context, title, durable string, clients int, org *organisation, raw *server, sticks []yardstick) (c *contest, err error) {
	const body = `{"name": "Handbook pipeline"}`
	c = &contest{
		title: title, clients: clients,
		about: "POST /api/v1/principals makes the account of a program: one row, and one entry of the journal. The yardsticks write the row alone, or a row beside it, which is no chain.",
	}
	if c.cadre, err = org.session(ctx, "Cadre", http.MethodPost, "/api/v1/principals", body, http.StatusCreated); err != nil {
		return nil, err
	}
	c.cadre.durable = durable
	for _, y := range sticks {
		p, err := plain(ctx, y.name, raw, http.MethodPost, y.path, body, http.StatusCreated)
		if err != nil {
			return nil, err
		}
		p.least, p.durable = y.least, durable
		c.others = append(c.others, p)
	}
	return c, nil
}

// databases makes databases of a PostgreSQL server anew, and says when a commit
// of it is done.
func databases(ctx context.Context, place string, names ...string) (addresses []string, durable string, err error) {
	conn, err := pgx.Connect(ctx, place)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	var flush, wait string
	if err := conn.QueryRow(ctx, "SELECT current_setting('fsync'), current_setting('synchronous_commit')").Scan(&flush, &wait); err != nil {
		return nil, "", err
	}
	for _, name := range names {
		for _, statement := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return nil, "", err
			}
		}
		u, err := url.Parse(place)
		if err != nil {
			return nil, "", err
		}
		u.Path = "/" + name
		addresses = append(addresses, u.String())
	}
	return addresses, "fsync " + flush + ", synchronous_commit " + wait, nil
}
