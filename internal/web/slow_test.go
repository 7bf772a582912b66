package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// A body that comes slowly is cut off when the server says, which keeps nobody
// waiting for strangers. A route that takes large uploads has longer, for those
// who are signed in.
func TestSlowBodies(t *testing.T) {
	site := webtest.New(t, func(o *web.Options) {
		o.Gate = func(r *http.Request) (context.Context, error) {
			if r.Header.Get("X-Who") == "" {
				return nil, fault.New(fault.Unauthenticated, "sign in first")
			}
			return auth.With(r.Context(), ada), nil
		}
	})
	read := func(w http.ResponseWriter, r *http.Request) error {
		if _, err := io.ReadAll(r.Body); err != nil {
			return fault.New(fault.Invalid, "the body ended early")
		}
		_, err := io.WriteString(w, "whole")
		return err
	}
	site.Post("/note", read)
	site.Post("/upload", read, web.MaxTime(time.Minute), web.Open)
	server := httptest.NewUnstartedServer(site)
	server.Config.ReadTimeout = 300 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	for _, c := range []struct {
		path, who string
		whole     bool
	}{{"/note", "ada", false}, {"/upload", "ada", true}, {"/upload", "", false}} {
		t.Run(c.path+" "+c.who, func(t *testing.T) {
			t.Parallel()
			if answer := slowly(t, server.Listener.Addr(), c.path, c.who); strings.HasSuffix(answer, "whole") != c.whole {
				t.Errorf("a slow body is answered:\n%s", answer)
			}
		})
	}
}

// slowly sends a body in two parts, and returns the answer.
func slowly(t *testing.T, to net.Addr, path, who string) string {
	c, err := (&net.Dialer{}).DialContext(t.Context(), to.Network(), to.String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: cadre.test\r\nX-Who: %s\r\nConnection: close\r\nContent-Length: 8\r\n\r\nhalf", path, who)
	time.Sleep(time.Second)
	_, _ = io.WriteString(c, "half") // it may be too late
	answer, _ := io.ReadAll(c)
	return string(answer)
}

// What somebody uploads does not stay on the disk when the request is over.
func TestUploadsAreRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	held := func() []string {
		files, err := filepath.Glob(filepath.Join(os.TempDir(), "*"))
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	site := webtest.New(t)
	site.Post("/plans", func(w http.ResponseWriter, r *http.Request) error {
		var in struct {
			Plan *multipart.FileHeader `form:"plan,required"`
		}
		f, err := form.Read(r, &in)
		if err != nil || !f.OK() || len(held()) != 1 {
			t.Errorf("a file of %d bytes is at %v: %v", in.Plan.Size, held(), err)
		}
		return web.Redirect(w, r, "/")
	}, web.MaxBody(64<<20))
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("plan", "plan.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(make([]byte, 32<<20)); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	site.As(ada).Send(http.MethodPost, "/plans", m.FormDataContentType(), &body)
	for begun := time.Now(); len(held()) > 0; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 10*time.Second {
			t.Fatalf("%v are left", held())
		}
	}
}
