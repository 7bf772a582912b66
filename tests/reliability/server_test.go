// Package reliability ends servers in the ways in which servers end, and looks
// at what is left: the program as a process of its own, killed at any moment,
// on SQLite and on PostgreSQL, alone and beside others.
//
// CADRE_TEST_KILLS says how often; the usual ten show what is badly broken, and
// `make reliability` does two hundred.
package reliability

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/cli"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/dump"
	"github.com/cadre-hq/cadre/internal/vault"
)

// asProgram makes the test binary be the program itself.
const asProgram = "CADRE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main())
	}
	os.Exit(m.Run())
}

// An estate is the data of a server: a folder, and a database in it or
// elsewhere.
type estate struct {
	data, database string
	key            string
}

func newEstate(t *testing.T, database string) *estate {
	return &estate{data: filepath.Join(t.TempDir(), "data"), database: database, key: vault.NewKey()}
}

// program returns the program with arguments, on the estate.
func (e *estate) program(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), asProgram+"=1", "CADRE_DATA="+e.data, "CADRE_DATABASE="+e.database,
		"CADRE_MASTER_KEY="+e.key, "CADRE_LOG_LEVEL=warn", "CADRE_RATE_LIMIT=0")
	return c
}

// run runs a command and returns what it prints.
func (e *estate) run(t *testing.T, input string, args ...string) string {
	t.Helper()
	c := e.program(args...)
	c.Stdin = strings.NewReader(input)
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	if err := c.Run(); err != nil {
		t.Fatalf("cadre %s: %v\n%s", strings.Join(args, " "), err, &complaints)
	}
	return strings.TrimSpace(out.String())
}

// A server is the program at work.
type server struct {
	*exec.Cmd
	base string // http://HOST:PORT
	log  *lines
}

// lines is what a server said, for when something is wrong.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.WriteString(line + "\n")
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start starts a server at a free port, and returns once it is ready.
func (e *estate) start(t *testing.T) *server {
	t.Helper()
	s := &server{Cmd: e.program("serve", "--addr", "127.0.0.1:0", "--metrics-addr", ""), log: &lines{}}
	errs, err := s.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	ready := make(chan string, 1)
	go func() {
		defer close(ready)
		at := regexp.MustCompile(`Cadre is at http://localhost:(\d+)`)
		for sc := bufio.NewScanner(errs); sc.Scan(); {
			s.log.add(sc.Text())
			if m := at.FindStringSubmatch(sc.Text()); m != nil {
				ready <- "http://127.0.0.1:" + m[1]
			}
		}
	}()
	select {
	case base, ok := <-ready:
		if !ok {
			t.Fatalf("the server ended before it was ready:\n%s", s.log)
		}
		s.base = base
	case <-time.After(30 * time.Second):
		t.Fatalf("the server is not ready:\n%s", s.log)
	}
	return s
}

// kill ends the server as a power failure of the process would.
func (s *server) kill() {
	if s.ProcessState == nil {
		_ = s.Process.Kill()
		_ = s.Wait()
	}
}

// stop asks the server to stop, and returns how it ended.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("the server ends with %v:\n%s", err, s.log)
	}
}

// publisher makes an administrator and returns a token to publish with.
func (e *estate) publisher(t *testing.T) string {
	t.Helper()
	e.run(t, "correct horse battery staple\n", "user", "add", "ada@meridian.example", "--name", "Ada Okafor", "--role", "administrator", "--password-stdin")
	return e.run(t, "", "token", "create", "ada@meridian.example", "--name", "test", "--scope", "catalog:write,catalog:read")
}

// errNoAnswer says that a request was not answered: nobody knows what became of
// it.
var errNoAnswer = errors.New("there was no answer")

// publish publishes a page that says something new, under a key, and returns
// the number of the release.
func publish(base, token, name string) (release int64, err error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("name", name); err != nil {
		return 0, err
	}
	part, err := form.CreateFormFile("archive", "pages.tar")
	if err != nil {
		return 0, err
	}
	if err := archive(part, name); err != nil {
		return 0, err
	}
	if err := form.Close(); err != nil {
		return 0, err
	}
	r, err := http.NewRequest(http.MethodPost, base+"/api/v1/releases", &body)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", name)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, errNoAnswer
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, errNoAnswer
	}
	switch answer.StatusCode {
	case http.StatusCreated:
	case http.StatusServiceUnavailable, http.StatusConflict:
		// Busy, or carried out before with an answer that nobody knows.
		return 0, errNoAnswer
	default:
		return 0, fmt.Errorf("publishing is answered %d: %s", answer.StatusCode, text)
	}
	if at := answer.Header.Get("Location"); at != "" {
		_, err = fmt.Sscanf(at, "/api/v1/releases/%d", &release)
		return release, err
	}
	var told struct{ Release *int64 }
	if err := json.Unmarshal(text, &told); err != nil || told.Release == nil {
		return 0, fmt.Errorf("publishing is answered %s", text)
	}
	return *told.Release, nil
}

// archive writes a page that nobody has written before, with a configuration
// that asks little of it.
func archive(to io.Writer, name string) error {
	w := tar.NewWriter(to)
	for path, text := range map[string]string{
		"cadre.yaml": "use: [empty-link]\n",
		"job-families/berth-planning.md": "---\ntitle: Berth Planning\n---\n\n## Levels\n\n### Berth Planner\n\n" +
			"#### Berth Planner Responsibilities\n\n* Plan the berth of the ship " + name + "\n",
	} {
		if err := w.WriteHeader(&tar.Header{Name: path, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			return err
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return w.Close()
}

// isSound opens the data that a server left and looks at all of it: the
// database is whole, and its journal is as it was written. It returns the
// releases that there are, by name.
func (e *estate) isSound(t *testing.T) map[string][]int64 {
	t.Helper()
	place := e.database
	if place == "" {
		place = filepath.Join(e.data, "cadre.db")
	}
	ctx := context.Background()
	db, err := store.Open(ctx, place, store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := dump.Check(ctx, db); err != nil {
		t.Fatal(err)
	}
	found := map[string][]int64{}
	err = db.View(ctx, func(tx store.Tx) error {
		if _, err := audit.Verify(ctx, tx, nil, func(p audit.Problem) { t.Errorf("the journal: %s", p) }); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT number, place FROM catalog_release ORDER BY number")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var number int64
			var name string
			if err := rows.Scan(&number, &name); err != nil {
				return err
			}
			found[name] = append(found[name], number)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
