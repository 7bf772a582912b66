// Package webtest reads and uses the pages of a site in tests, as somebody with
// a browser does: it opens addresses, follows links, fills in forms and looks
// at what the page says. It is in process, without scripts and styles.
//
//	site := webtest.New(t)
//	mine.Register(site.Site, …)          // the routes of a room
//	ada := site.As(auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada"})
//	page := ada.Get("/families")
//	page.Follow("Backend Engineering").Wants("4 levels")
//	page.Form("/families/new").Fill("title", "Crane").Submit().Wants("Crane is published")
//
// Every page that is read is judged: it must be well-formed, ids must be there
// once and references lead somewhere, each field needs its label, and nothing
// may stand in it that the content policy forbids (Check).
package webtest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
)

// Noon is the time at which a test site stands: 23 November 2026, 12:00 UTC.
var Noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// actorHeader carries the actor of a test browser.
const actorHeader = "X-Webtest-Actor"

// A Site is a site whose readers are whoever the test says.
type Site struct {
	*web.Site
	// Log is what the site logged.
	Log *Log

	t      testing.TB
	actors sync.Map
}

// New returns a site without pages, at Noon. A change to its options may be
// given.
func New(t testing.TB, changes ...func(*web.Options)) *Site {
	t.Helper()
	s := &Site{t: t, Log: &Log{}}
	o := web.Options{
		Organisation: "Meridian",
		Clock:        func() time.Time { return Noon },
		Secret:       bytes.Repeat([]byte("s"), 32),
		Log:          slog.New(slog.NewTextHandler(s.Log, nil)),
		Gate: func(r *http.Request) (context.Context, error) {
			if a, ok := s.actors.Load(r.Header.Get(actorHeader)); ok {
				return auth.With(r.Context(), a.(auth.Actor)), nil
			}
			return nil, fault.New(fault.Unauthenticated, "sign in first")
		},
	}
	for _, change := range changes {
		change(&o)
	}
	s.Site = web.New(o)
	return s
}

// As returns a browser in which an actor is signed in.
func (s *Site) As(a auth.Actor) *Browser {
	b := Browse(s.t, s.Site)
	s.actors.Store(string(a.ID), a)
	b.Header.Set(actorHeader, string(a.ID))
	return b
}

// Visitor returns a browser in which nobody is signed in.
func (s *Site) Visitor() *Browser { return Browse(s.t, s.Site) }

// Log holds what a site logged.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns all of it.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// A Browser keeps cookies and sends headers.
type Browser struct {
	Header http.Header

	t       testing.TB
	handler http.Handler
	jar     http.CookieJar
}

// Browse returns a browser for any handler that serves pages, such as the whole
// application.
func Browse(t testing.TB, h http.Handler) *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{Header: http.Header{}, t: t, handler: h, jar: jar}
}

// origin is where the pages of a test stand.
const origin = "http://cadre.test"

// Cookies returns the cookies of the browser.
func (b *Browser) Cookies() []*http.Cookie {
	at, err := url.Parse(origin)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.jar.Cookies(at)
}

// Get opens an address of the site, and follows where it leads.
func (b *Browser) Get(address string) *Page {
	b.t.Helper()
	return b.do(http.MethodGet, address, "", nil)
}

// Post sends a form that no page shows, as somebody with bad intent may.
func (b *Browser) Post(address string, values url.Values) *Page {
	b.t.Helper()
	return b.do(http.MethodPost, address, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

// Send sends a request as it is, without following where it leads. The body of
// the answer must not be closed.
func (b *Browser) Send(method, address, kind string, body io.Reader) *http.Response {
	b.t.Helper()
	at, err := url.Parse(origin)
	if err != nil {
		b.t.Fatal(err)
	}
	if at, err = at.Parse(address); err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(b.t.Context(), method, at.String(), body)
	for name, values := range b.Header {
		r.Header[name] = values
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if method == http.MethodPost {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range b.jar.Cookies(at) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	answer := w.Result()
	answer.Request = r
	b.jar.SetCookies(at, answer.Cookies())
	return answer
}

func (b *Browser) do(method, address, kind string, body io.Reader) *Page {
	b.t.Helper()
	for range 10 {
		answer := b.Send(method, address, kind, body)
		to := answer.Header.Get("Location")
		if answer.StatusCode < 300 || answer.StatusCode >= 400 || to == "" {
			return b.page(answer)
		}
		at, err := answer.Request.URL.Parse(to)
		if err != nil {
			b.t.Fatalf("%s leads to %q: %v", address, to, err)
		}
		method, address, kind, body = http.MethodGet, at.String(), "", nil
	}
	b.t.Fatalf("%s leads round in circles", address)
	return nil
}

// page reads an answer, and judges it if it is a page.
func (b *Browser) page(answer *http.Response) *Page {
	b.t.Helper()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := &Page{Status: answer.StatusCode, Address: answer.Request.URL, Header: answer.Header, HTML: string(text), t: b.t, browser: b}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		for _, wrong := range Check(p.HTML) {
			b.t.Errorf("%s: %s", p.Address.Path, wrong)
		}
		if p.root, err = html.Parse(bytes.NewReader(text)); err != nil {
			b.t.Fatal(err)
		}
	}
	return p
}
