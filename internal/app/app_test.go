package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/vault"
)

// masterKey is the one of the tests; on PostgreSQL the operator gives it.
var masterKey = sync.OnceValue(vault.NewKey)

// A house is a server of a test.
type house struct {
	*App
	log *lines
}

// lines is a log that tests read.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// options returns those of a server at a free port, with further settings as
// the environment has them.
func options(t *testing.T, data, database string, environ ...string) (Options, *lines) {
	t.Helper()
	var flags []settings.Flag // of one key, the last counts
	for _, entry := range append([]string{
		"CADRE_DATA=" + data, "CADRE_DATABASE=" + database, "CADRE_ADDR=127.0.0.1:0", "CADRE_METRICS_ADDR=127.0.0.1:0",
		"CADRE_STOP_WITHIN=5s", "CADRE_LOG.LEVEL=debug", "CADRE_LOG.FORMAT=json",
	}, environ...) {
		name, value, _ := strings.Cut(entry, "=")
		if key, ok := strings.CutPrefix(name, "CADRE_"); ok {
			flags = append(flags, settings.Flag{Name: name, Key: strings.ToLower(key), Value: value})
		}
	}
	s, err := settings.Load(settings.Options{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	log := &lines{}
	variable := func(name string) string {
		for _, entry := range environ {
			if key, value, _ := strings.Cut(entry, "="); key == name {
				return value
			}
		}
		if name == vault.Variable {
			return masterKey()
		}
		return ""
	}
	return Options{Settings: s, Version: "test", Log: NewLog(log, s.Log), Variable: variable}, log
}

// build returns a server that is not run.
func build(t *testing.T, database string, environ ...string) *house {
	t.Helper()
	o, log := options(t, t.TempDir(), database, environ...)
	a, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return &house{a, log}
}

// each runs a test on a server with each database.
func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(t, build(t, "")) })
	t.Run("postgres", func(t *testing.T) { test(t, build(t, storetest.PostgreSQL(t))) })
}

// ask sends a request past the network.
func (h *house) ask(method, path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHealth(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, path := range []string{"/healthz", "/readyz"} {
			if w := h.ask("GET", path); w.Code != 200 || !strings.Contains(w.Body.String(), `"status":"`) {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
		if strings.Contains(h.log.String(), "healthz") {
			t.Error("who asks for health fills the log")
		}
		h.stopping.Store(true)
		if w := h.ask("GET", "/readyz"); w.Code != 503 || !strings.Contains(w.Body.String(), "stopping") {
			t.Errorf("while it stops: %d %s", w.Code, w.Body)
		}
		h.stopping.Store(false)
		now := h.clock()
		h.clock = func() time.Time { return now }
		h.ask("GET", "/readyz")
		if err := h.db.Close(); err != nil {
			t.Fatal(err)
		}
		if w := h.ask("GET", "/readyz"); w.Code != 200 {
			t.Errorf("whoever asks twice in a second reaches the database twice: %d %s", w.Code, w.Body)
		}
		now = now.Add(fresh)
		if w := h.ask("GET", "/readyz"); w.Code != 503 || !strings.Contains(w.Body.String(), "database") {
			t.Errorf("without a database: %d %s", w.Code, w.Body)
		}
		if w := h.ask("GET", "/healthz"); w.Code != 200 {
			t.Errorf("without a database it does not live: %d", w.Code)
		}
		h.close = h.close[:1] // the database is closed
	})
}

// A second server does not come near a data folder that is in use.
func TestDataFolderIsLocked(t *testing.T) {
	data := t.TempDir()
	o, _ := options(t, data, "")
	first, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	_, err = New(t.Context(), o)
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "another server") {
		t.Errorf("a second server: %v", err)
	}
	// Commands work beside it.
	tool, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tool.Accounts().AddPerson(t.Context(), auth.TheProgram(""), "Ada", "ada@meridian.example", ""); err != nil {
		t.Error(err)
	}
	if err := tool.Close(); err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := New(t.Context(), o)
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	if isNew, err := again.Accounts().IsNew(t.Context()); err != nil || isNew {
		t.Errorf("what the command did is lost: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(filepath.Join(data, "cadre.db"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the database: %v, %v", info.Mode(), err)
	}
}

// Real data and a demonstration are kept apart.
func TestDemonstrationsAreMarked(t *testing.T) {
	demo, _ := options(t, t.TempDir(), "")
	demo.Demo = true
	a, e := New(t.Context(), demo)
	if e != nil {
		t.Fatal(e)
	}
	if e := a.Close(); e != nil {
		t.Error(e)
	}
	real := demo
	real.Demo = false
	if _, err := New(t.Context(), real); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "demonstration") {
		t.Errorf("a demonstration is served as real: %v", err)
	}
	if a, err := New(t.Context(), demo); err != nil {
		t.Errorf("a demonstration cannot go on: %v", err)
	} else if err := a.Close(); err != nil {
		t.Error(err)
	}
	used, _ := options(t, t.TempDir(), "")
	if a, err := New(t.Context(), used); err != nil {
		t.Fatal(err)
	} else if err := a.Close(); err != nil {
		t.Error(err)
	}
	used.Demo = true
	if _, err := New(t.Context(), used); fault.KindOf(err) != fault.Conflict {
		t.Errorf("real data becomes a demonstration: %v", err)
	}
}

// running starts a server and returns its address, and what ends it.
func running(t *testing.T, a *App) (base string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	at, ended := make(chan net.Addr, 1), make(chan error, 1)
	go func() { ended <- a.Run(ctx, func(addr net.Addr) { at <- addr }) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { _ = stop() })
	select {
	case addr := <-at:
		return "http://" + addr.String(), stop
	case err := <-ended:
		t.Fatalf("the server does not run: %v", err)
	case <-time.After(10 * time.Second):
		t.Fatal("the server is not ready")
	}
	return "", nil
}

// A server that is told to stop lets a request in hand end, takes no other, and
// leaves nothing behind that runs.
func TestStopIsGraceful(t *testing.T) {
	ignored := goleak.IgnoreCurrent()
	each(t, func(t *testing.T, h *house) {
		entered, leave := make(chan bool), make(chan bool)
		inner := h.handler
		h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/slow" {
				entered <- true
				<-leave
				if r.Context().Err() != nil {
					t.Error("the request in hand is cancelled")
				}
				_, _ = io.WriteString(w, "done")
				return
			}
			inner.ServeHTTP(w, r)
		})
		base, stop := running(t, h.App)
		answer := make(chan string, 1)
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		go func() {
			r, err := client.Get(base + "/slow")
			if err != nil {
				answer <- err.Error()
				return
			}
			defer r.Body.Close()
			text, _ := io.ReadAll(r.Body)
			answer <- string(text)
		}()
		<-entered
		ended := make(chan error, 1)
		go func() { ended <- stop() }()
		for {
			r, err := client.Get(base + "/readyz")
			if err != nil {
				break // nobody listens any more
			}
			r.Body.Close()
			time.Sleep(5 * time.Millisecond)
		}
		select {
		case err := <-ended:
			t.Fatalf("it did not wait: %v", err)
		default:
		}
		leave <- true
		if text := <-answer; text != "done" {
			t.Errorf("the request in hand got %q", text)
		}
		if err := <-ended; err != nil {
			t.Errorf("it ends with %v", err)
		}
	})
	if !t.Skipped() {
		goleak.VerifyNone(t, ignored)
	}
}

// A request that never ends does not keep a server from stopping.
func TestStopHasALimit(t *testing.T) {
	h := build(t, "", "CADRE_STOP_WITHIN=300ms")
	entered, leave := make(chan bool), make(chan bool)
	h.handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(entered); <-leave })
	base, stop := running(t, h.App)
	go func() {
		if r, err := http.Get(base); err == nil {
			r.Body.Close()
		}
	}()
	<-entered
	began := time.Now()
	if err := stop(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	close(leave)
}

// An address that somebody chose and is taken is an error; the usual one of
// the metrics is only missed.
func TestAddressIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, name := range []string{"CADRE_ADDR", "CADRE_METRICS_ADDR"} {
		h := build(t, "", name+"="+taken.Addr().String())
		if err := h.Run(t.Context(), nil); fault.KindOf(err) != fault.Invalid || err == nil {
			t.Errorf("%s is taken: %v", name, err)
		}
	}
}

// The server seals its journal when it starts and when it stops.
func TestJournalIsSealed(t *testing.T) {
	h := build(t, "")
	_, stop := running(t, h.App)
	seals := func() int {
		text, _ := os.ReadFile(filepath.Join(h.settings.Data, "journal.seals"))
		return bytes.Count(text, []byte("\n"))
	}
	for began := time.Now(); seals() == 0 && time.Since(began) < 10*time.Second; {
		time.Sleep(time.Millisecond)
	}
	if _, err := h.accounts.AddPerson(t.Context(), auth.TheProgram(""), "Ada", "ada@meridian.example", ""); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n := seals(); n != 2 {
		t.Errorf("there are %d seals", n)
	}
}

// Nodes of one database share what signs cookies.
func TestNodesShareTheirSecret(t *testing.T) {
	place := storetest.PostgreSQL(t)
	a, b := build(t, place), build(t, place)
	if len(a.siteSecret) < 32 || !bytes.Equal(a.siteSecret, b.siteSecret) {
		t.Error("two nodes sign differently")
	}
}

// What the log says of a request tells neither who sends it nor what they
// look for.
func TestLogTellsOfNobody(t *testing.T) {
	h := build(t, "", "CADRE_TRUSTED_PROXIES=192.0.2.0/24")
	h.ask("GET", "/families/ada-okafor?q=ada%40meridian.example", func(r *http.Request) {
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		r.Header.Set("User-Agent", "Ada's browser")
		r.AddCookie(&http.Cookie{Name: "cadre_session", Value: "cadre_s_secret"})
	})
	h.ask("GET", "/api/v1/families/ada-okafor", func(r *http.Request) { r.Header.Set("Authorization", "Bearer cadre_t_secret") })
	log := h.log.String()
	for _, word := range []string{"ada", "198.51", "192.0.2", "browser", "secret"} {
		if strings.Contains(strings.ToLower(log), word) {
			t.Errorf("the log tells of %q:\n%s", word, log)
		}
	}
	var line struct{ Msg, Request, Route string }
	for text := range strings.Lines(log) {
		if json.Unmarshal([]byte(text), &line) == nil && line.Msg == "request" && (line.Request == "" || line.Route == "") {
			t.Errorf("a request without name or route: %s", text)
		}
	}
	if line.Msg == "" {
		t.Errorf("the log is no JSON:\n%s", log)
	}
}

// Lines that belong to a request name it, once.
func TestLogNamesTheRequest(t *testing.T) {
	var log lines
	l := NewLog(&log, settings.Log{Level: "info", Format: "text"})
	l.InfoContext(t.Context(), "outside")
	l.With("part", "x").InfoContext(t.Context(), "with", "request", "abc")
	if text := log.String(); strings.Count(text, "request=") != 1 || !strings.Contains(text, "request=abc") {
		t.Errorf("the log is:\n%s", text)
	}
	if quietly(l).Enabled(t.Context(), slog.LevelInfo) || !quietly(l).Enabled(t.Context(), slog.LevelWarn) {
		t.Error("libraries are not quiet, or silent")
	}
}
