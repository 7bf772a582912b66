package catalog_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A repository is a clone in which a test commits, and what it is pushed to: a
// bare repository that a server on a loopback address serves.
type repository struct {
	t       *testing.T
	folder  string
	address string
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	path, err := exec.CommandContext(t.Context(), "git", "--exec-path").Output()
	if err != nil {
		t.Skip("git is not installed")
	}
	top := t.TempDir()
	r := &repository{t: t, folder: filepath.Join(top, "work")}
	if err := os.Mkdir(r.folder, 0o755); err != nil {
		t.Fatal(err)
	}
	r.git("init", "-q", "-b", "main")
	r.git("init", "-q", "--bare", "-b", "main", filepath.Join(top, "handbook.git"))
	r.git("remote", "add", "origin", filepath.Join(top, "handbook.git"))
	s := httptest.NewServer(&cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(path)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + top, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_NOSYSTEM=1", "HOME=" + top},
	})
	t.Cleanup(s.Close)
	r.address = s.URL + "/handbook.git"
	return r
}

func (r *repository) git(args ...string) string {
	r.t.Helper()
	c := exec.CommandContext(r.t.Context(), "git", append([]string{"-C", r.folder, "-c", "user.name=Ada", "-c", "user.email=ada@meridian.example"}, args...)...)
	out, err := c.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// push commits pages and pushes them, and returns the commit.
func (r *repository) push(p catalogtest.Pages, branch string) string {
	r.t.Helper()
	for name, text := range p {
		at := filepath.Join(r.folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			r.t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	r.git("add", ".")
	r.git("commit", "-qm", "Edit the handbook")
	r.git("push", "-q", "origin", "HEAD:"+branch)
	return r.git("rev-parse", "HEAD")
}

const hookSecret = "a secret of two"

// A hookTest is a catalog with a hook and a queue at work.
type hookTest struct {
	*catalogtest.Room
	hook *catalog.Hook
}

func openHook(t *testing.T, d *store.DB, source catalog.Source, secret string) *hookTest {
	t.Helper()
	h := &hookTest{Room: catalogtest.Open(t, d)}
	q, err := jobs.New(d, jobs.Options{Log: storetest.Log(t), Poll: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	h.hook = catalog.NewHook(h.Service, q, catalog.HookOptions{
		Secret: func(context.Context) (string, error) { return secret, nil },
		Source: func(context.Context) (catalog.Source, error) { return source, nil },
		Log:    slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return h
}

// send sends a message, and returns the status of the answer.
func (h *hookTest) send(body string, headers ...string) int {
	r := httptest.NewRequest(http.MethodPost, "/hooks/git", strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.hook.ServeHTTP(w, r)
	return w.Code
}

func signature(body, secret string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

// github sends a push as GitHub does.
func (h *hookTest) github(ref, commit, delivery string) int {
	body := fmt.Sprintf(`{"ref": %q, "after": %q, "repository": {"default_branch": "main"}, "pusher": {"name": "ada"}}`, ref, commit)
	return h.send(body, "X-GitHub-Event", "push", "X-GitHub-Delivery", delivery, "X-Hub-Signature-256", signature(body, hookSecret))
}

// wait waits until the last message was dealt with.
func (h *hookTest) wait(t *testing.T) *catalog.Delivery {
	t.Helper()
	for range 500 {
		d, err := h.LatestDelivery(t.Context(), catalogtest.Member)
		if err != nil {
			t.Fatal(err)
		}
		if d != nil && d.Outcome != "" {
			return d
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the message was not dealt with")
	return nil
}

// A push to the branch is fetched from the server and published. The same
// message again does nothing; pages with an error are refused, and the next
// push puts it right.
func TestPushIsPublished(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		r := newRepository(t)
		h := openHook(t, d, catalog.Source{Repository: r.address, Revision: "main", Name: "handbook, main"}, hookSecret)
		pages := catalogtest.Harbour()
		commit := r.push(pages, "main")
		if got := h.github("refs/heads/main", commit, "d-1"); got != http.StatusAccepted {
			t.Fatalf("a push: %d", got)
		}
		if w := h.wait(t); w.Outcome != "published" || w.Release != 1 || w.Commit != commit {
			t.Errorf("%+v", w)
		}
		e, err := h.Edition(t.Context(), catalogtest.Member, 1)
		if err != nil || e.Release.Commit != commit || e.Release.By != "" || e.Release.Name != "handbook, main" || len(e.Families) != 2 {
			t.Errorf("%+v, %v", e.Release, err)
		}
		if got := h.github("refs/heads/main", commit, "d-1"); got != http.StatusOK {
			t.Errorf("the same message again: %d", got)
		}
		if got := h.github("refs/heads/summer", commit, "d-2"); got != http.StatusOK {
			t.Errorf("another branch: %d", got)
		}
		h.Now = h.Now.Add(time.Minute)
		bad := pages.Edit(t, catalogtest.Pilots, "Write a report", "Write a [report]()")
		h.github("refs/heads/main", r.push(bad, "main"), "d-3")
		if w := h.wait(t); w.Outcome != "refused" || w.Blocking != 1 || w.Release != 0 {
			t.Errorf("a page with an error: %+v", w)
		}
		h.Now = h.Now.Add(time.Minute)
		commit = r.push(pages, "main")
		body := fmt.Sprintf(`{"ref": "refs/heads/main", "after": %q, "project": {"default_branch": "main"}}`, commit)
		if got := h.send(body, "X-Gitlab-Event", "Push Hook", "X-Gitlab-Event-UUID", "u-4", "X-Gitlab-Token", hookSecret); got != http.StatusAccepted {
			t.Errorf("a push on GitLab: %d", got)
		}
		if w := h.wait(t); w.Outcome != "unchanged" || w.Release != 1 {
			t.Errorf("as it was: %+v", w)
		}
	})
}

// Messages that are not believed, or of no interest, have nothing done.
func TestMessagesAreNotBelieved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		h := openHook(t, d, catalog.Source{Repository: t.TempDir(), Revision: "main"}, hookSecret)
		push := `{"ref": "refs/heads/main", "after": "abc"}`
		for why, c := range map[string]struct {
			body    string
			headers []string
			status  int
		}{
			"no signature":          {push, []string{"X-GitHub-Event", "push"}, 401},
			"a wrong signature":     {push, []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", signature(push, "guess")}, 401},
			"of something else":     {push, []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", signature("{}", hookSecret)}, 401},
			"no hexadecimal":        {push, []string{"X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=xyz"}, 401},
			"the old kind":          {push, []string{"X-GitHub-Event", "push", "X-Hub-Signature", "sha1=abc"}, 401},
			"a wrong token":         {push, []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", "guess"}, 401},
			"a greeting":            {"{}", []string{"X-GitHub-Event", "ping", "X-Hub-Signature-256", signature("{}", hookSecret)}, 200},
			"something else":        {"{}", []string{"X-GitHub-Event", "issues", "X-Hub-Signature-256", signature("{}", hookSecret)}, 200},
			"a branch that is gone": {`{"ref": "refs/heads/main", "after": "0000000000000000000000000000000000000000"}`, []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", hookSecret}, 200},
			"no JSON":               {"payload=%7B%7D", []string{"X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", hookSecret}, 200},
		} {
			if got := h.send(c.body, c.headers...); got != c.status {
				t.Errorf("%s: %d, want %d", why, got, c.status)
			}
		}
		if d, err := h.LatestDelivery(t.Context(), catalogtest.Member); d != nil || err != nil {
			t.Errorf("something was noted: %+v, %v", d, err)
		}
		off := openHookOnly(t, d)
		if got := off.send(push, "X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", ""); got != 404 {
			t.Errorf("without a secret: %d", got)
		}
	})
}

// openHookOnly returns a hook that has no secret.
func openHookOnly(t *testing.T, d *store.DB) *hookTest {
	t.Helper()
	return openHook(t, d, catalog.Source{}, "")
}

// A repository that is not there is told once, and not tried again.
func TestPushOfNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		h := openHook(t, d, catalog.Source{Repository: t.TempDir(), Revision: "main"}, hookSecret)
		if got := h.github("refs/heads/main", "abc", strings.Repeat("x y", 90)); got != http.StatusAccepted {
			t.Fatalf("a push: %d", got)
		}
		if w := h.wait(t); w.Outcome != "failed" {
			t.Errorf("%+v", w)
		}
	})
}

// A published source on a server needs no hook: it is read like a folder.
func TestPublishFromAServer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		r := newRepository(t)
		commit := r.push(catalogtest.Harbour(), "main")
		room := catalogtest.Open(t, d)
		p, err := room.Service.Publish(t.Context(), catalogtest.Administrator, catalog.Request{Source: catalog.Source{Repository: r.address}})
		if err != nil || p.Commit != commit || p.Release != 1 {
			t.Errorf("%+v, %v", p, err)
		}
		_, err = room.Service.Publish(t.Context(), catalogtest.Administrator, catalog.Request{Source: catalog.Source{Repository: r.address, Revision: "summer"}})
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("a branch that is not there: %v", err)
		}
	})
}

// unread is a body that nobody may read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body of a message was read")
	return 0, io.EOF
}

// A message that nobody signed, or that is larger than any push, is refused
// before its body is read; one that is larger than it says, before all of it is.
func TestHookReadsNoStrangersMessage(t *testing.T) {
	storetest.Each(t, readsNoStrangersMessage)
}

func readsNoStrangersMessage(t *testing.T, d *store.DB) {
	h := openHook(t, d, catalog.Source{}, hookSecret)
	signed := signature("", hookSecret)
	for _, c := range []struct {
		why, header, value string
		length             int64
		status             int
	}{
		{"no signature", "X-GitHub-Event", "push", 100, http.StatusUnauthorized},
		{"no hash", "X-Hub-Signature-256", "sha256=abc", 100, http.StatusUnauthorized},
		{"an older kind of signature", "X-Hub-Signature", "sha1=abcd", 100, http.StatusUnauthorized},
		{"a wrong token", "X-Gitlab-Token", "guess", 100, http.StatusUnauthorized},
		{"too large", "X-Hub-Signature-256", signed, 4<<20 + 1, http.StatusUnprocessableEntity},
		{"too large, with the right token", "X-Gitlab-Token", hookSecret, 4<<20 + 1, http.StatusUnprocessableEntity},
	} {
		r := httptest.NewRequest(http.MethodPost, "/hooks/git", unread{t})
		r.Header.Set(c.header, c.value)
		r.ContentLength = c.length
		w := httptest.NewRecorder()
		if h.hook.ServeHTTP(w, r); w.Code != c.status {
			t.Errorf("%s: the status is %d, not %d", c.why, w.Code, c.status)
		}
	}

	body := strings.NewReader(strings.Repeat(" ", 5<<20))
	r := httptest.NewRequest(http.MethodPost, "/hooks/git", io.NopCloser(body))
	r.Header.Set("X-Hub-Signature-256", signed)
	r.ContentLength = -1
	w := httptest.NewRecorder()
	if h.hook.ServeHTTP(w, r); w.Code != http.StatusUnprocessableEntity || body.Len() < 1<<20-1 {
		t.Errorf("the status is %d; %d bytes are left unread", w.Code, body.Len())
	}
}
