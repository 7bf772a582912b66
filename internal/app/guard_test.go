package app

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
)

// Nobody holds a connection for ever, by sending or reading slowly.
func TestConnectionsHaveBounds(t *testing.T) {
	h := build(t, "")
	s := h.server(t.Context(), h)
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes > 1<<20 {
		t.Errorf("a connection has no bound: %+v", s)
	}
}

// Whichever command makes the database, others cannot read it.
func TestMigrateKeepsTheDatabaseToItsOwner(t *testing.T) {
	data := t.TempDir()
	if err := os.Chmod(data, 0o755); err != nil { // as the folder of a container mostly is
		t.Fatal(err)
	}
	o, _ := options(t, data, "")
	if _, err := Migrate(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(data, "cadre.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read %s: %v, %v", file, info.Mode(), err)
		}
	}
}

// With HTTPS the session is in a cookie that no neighbour can set, and one of
// the other name is none.
func TestSessionCookieBelongsToTheHost(t *testing.T) {
	h := build(t, "", "CADRE_PUBLIC_URL=https://cadre.meridian.example")
	p, err := h.accounts.AddPerson(t.Context(), auth.TheProgram(""), "Ada", "ada@meridian.example", "")
	if err != nil {
		t.Fatal(err)
	}
	in, err := auth.NewDemo(h.accounts).SignIn(t.Context(), p.ID, auth.SignIn{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"__Host-cadre_session": http.StatusOK, "cadre_session": http.StatusUnauthorized} {
		w := h.ask("GET", "/api/v1/me", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: in.Session.Reveal()}) })
		if w.Code != want {
			t.Errorf("the cookie %s is answered %d, want %d", name, w.Code, want)
		}
	}
}

// The description of the API is counted where it is served, and nothing else
// at its address passes the limit.
func TestNoMethodPassesTheLimit(t *testing.T) {
	h := build(t, "", "CADRE_RATE_LIMIT=1")
	for i, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "BREW"} {
		var last *httptest.ResponseRecorder
		for range 11 {
			last = h.ask(method, descriptionPath, func(r *http.Request) { r.RemoteAddr = "198.51.100." + string(rune('1'+i)) + ":9" })
		}
		if last.Code != http.StatusTooManyRequests {
			t.Errorf("%s is not limited: %d", method, last.Code)
		}
	}
}

// What a program uploads does not stay on the disk when the request is over.
func TestUploadsAreRemoved(t *testing.T) {
	h := build(t, "")
	p, err := h.accounts.AddPerson(t.Context(), auth.TheProgram(""), "Ada", "ada@meridian.example", "", auth.Administrator)
	if err != nil {
		t.Fatal(err)
	}
	in, err := auth.NewDemo(h.accounts).SignIn(t.Context(), p.ID, auth.SignIn{})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("archive", "pages.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(make([]byte, 12<<20)); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	w := h.ask("POST", "/api/v1/releases", func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
		r.Header.Set("Content-Type", m.FormDataContentType())
		r.AddCookie(&http.Cookie{Name: "cadre_session", Value: in.Session.Reveal()})
	})
	if !strings.Contains(w.Body.String(), "archive") && !strings.Contains(w.Body.String(), "tar") {
		t.Errorf("the archive was not looked at: %d %s", w.Code, w.Body)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("%v are left: %v", left, err)
	}
}

// Every answer tells browsers to take it for what it says it is, and to show it
// in no other page: those that no page gives, too.
func TestEveryAnswerIsGuarded(t *testing.T) {
	h := build(t, "", "CADRE_PUBLIC_URL=https://cadre.meridian.example")
	for _, path := range []string{"/healthz", "/readyz", "/sign-in", "/none", "//evil.example/x", "/a/../b", "/openapi.json", "/api/v1/me", "/api/v1//me", "/hooks/git"} {
		header := h.ask("GET", path).Header()
		if header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s is not guarded: %v", path, header)
		}
		if to := header.Get("Location"); strings.HasPrefix(to, "//") {
			t.Errorf("%s leads away to %s", path, to)
		}
		if w := h.ask("TRACE", path); w.Code == http.StatusOK {
			t.Errorf("%s says again what was sent: %s", path, w.Body)
		}
	}
}
