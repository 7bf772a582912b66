package web

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A problem is what a page says of an error.
type problem struct {
	Title string
	Text  string
	Acts  []ui.Act
	// Locked says that the reader may not, rather than that something failed.
	Locked bool
	// Resend is the form that was not taken, with all that was typed, so that
	// it can be sent again; it may be nil.
	Resend *resend
}

// A resend is a form as it was sent.
type resend struct {
	To     string
	Values url.Values
}

// names returns the names of the fields in order.
func (r *resend) names() []string { return slices.Sorted(maps.Keys(r.Values)) }

// Fail answers a request with the page of an error. What the reader cannot do
// anything about is logged, and shown as a reference only.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		w.WriteHeader(499) // the reader went away; the log shows it, as that of other servers does
		return
	case errors.Is(err, context.DeadlineExceeded):
		err = fault.New(fault.Busy, "this took too long: nothing is lost, try again in a moment")
	}
	kind := fault.KindOf(err)
	switch kind {
	case fault.Unauthenticated:
		s.toSignIn(w, r)
		return
	case fault.Internal:
		s.o.Log.ErrorContext(r.Context(), "a request failed", "request", RequestID(r.Context()), "route", request(r).route, "error", err)
		s.broken(w, r)
		return
	case fault.Invalid, fault.NotFound, fault.Conflict, fault.Forbidden, fault.Busy:
	}
	RetryAfter(w, err)
	p := problem{Title: titles[kind], Text: sentence(err.Error()), Locked: kind == fault.Forbidden}
	switch kind {
	case fault.Busy, fault.Conflict:
		p.Acts = again(r)
	case fault.NotFound, fault.Forbidden:
		p.Acts = []ui.Act{{Label: "To the first page", Href: "/"}}
	case fault.Internal, fault.Invalid, fault.Unauthenticated:
	}
	s.showError(w, r, kind.HTTPStatus(), p)
}

// RetryAfter tells browsers how long a Busy fault lasts. A handler that shows
// its form again calls it; Fail does so itself.
func RetryAfter(w http.ResponseWriter, err error) {
	if fault.KindOf(err) == fault.Busy {
		w.Header().Set("Retry-After", fault.RetryAfter(fault.WaitOf(err)))
	}
}

// titles say what a kind of error means for the reader.
var titles = map[fault.Kind]string{
	fault.Invalid:   "This could not be used",
	fault.NotFound:  "There is nothing here",
	fault.Conflict:  "It has changed meanwhile",
	fault.Forbidden: "Not open to you",
	fault.Busy:      "Too much at once",
}

// broken answers for an error that nobody sorted.
func (s *Site) broken(w http.ResponseWriter, r *http.Request) {
	s.showError(w, r, http.StatusInternalServerError, problem{
		Title: "Something went wrong here",
		Text:  "It is not your doing. The administrator finds the cause under the reference " + RequestID(r.Context()) + ".",
		Acts:  again(r),
	})
}

// slowDown answers somebody who sends too many requests.
func (s *Site) slowDown(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	seconds := fault.RetryAfter(wait)
	w.Header().Set("Retry-After", seconds)
	s.showError(w, r, http.StatusTooManyRequests, problem{
		Title: "Too many requests", Text: "Wait " + seconds + " s, then try again.",
	})
}

// toSignIn sends somebody who is not signed in to where they can do so, and
// from there back. Who sent a form gets it back instead, with all that was
// typed: their session ended while they wrote.
func (s *Site) toSignIn(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("HX-Request") == "true" {
		next := "/"
		if u, err := url.Parse(r.Header.Get("HX-Current-URL")); err == nil {
			next = u.RequestURI()
		}
		w.Header().Set("HX-Redirect", s.signIn(next))
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		http.Redirect(w, r, s.signIn(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	p := problem{
		Title: "You are signed out",
		Text:  "Nothing was changed, and nothing is lost. Sign in in another tab; then come back here and send the form again.",
		Acts:  []ui.Act{{Label: "Sign in", Href: s.o.SignIn, More: map[string]any{"target": "_blank", "rel": "noopener"}}},
	}
	if p.Resend = typed(r); p.Resend == nil {
		p.Text = "Nothing was changed. Sign in in another tab; then go back to the form and send it again."
	}
	s.showError(w, r, http.StatusUnauthorized, p)
}

// typed returns the form that a request sent; nil if it sent none, or files.
func typed(r *http.Request) *resend {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" || r.ParseForm() != nil || len(r.PostForm) == 0 {
		return nil
	}
	values := maps.Clone(r.PostForm)
	maps.DeleteFunc(values, func(name string, _ []string) bool {
		return strings.Contains(name, "password") || strings.Contains(name, "secret")
	})
	if values.Get(idempotency.Field) == "" {
		values.Set(idempotency.Field, rand.Text())
	}
	return &resend{To: r.URL.RequestURI(), Values: values}
}

func (s *Site) signIn(next string) string {
	if next = Local(next); next == "/" {
		return s.o.SignIn
	}
	return s.o.SignIn + "?" + url.Values{"next": {next}}.Encode()
}

// again offers to try once more, where that is safe.
func again(r *http.Request) []ui.Act {
	if r.Method != http.MethodGet {
		return nil
	}
	return []ui.Act{{Label: "Try again", Href: r.URL.RequestURI()}}
}

// showError answers with a page about a problem: in the frame for those who are
// signed in. If even that fails, it is plain text.
func (s *Site) showError(w http.ResponseWriter, r *http.Request, status int, p problem) {
	r.Header.Del("HX-Target") // a part cannot show it
	page := visitorProblem(p)
	if auth.From(r.Context()).IsKnown() {
		page = framedProblem(p)
	}
	if err := ShowAs(w, r, status, page); err != nil {
		s.o.Log.ErrorContext(r.Context(), "the page of an error failed", "request", RequestID(r.Context()), "error", err)
		http.Error(w, p.Title+"\n"+p.Text, status)
	}
}

// sentence begins with a capital letter and ends with a stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	if c := s[0]; 'a' <= c && c <= 'z' {
		s = string(c-'a'+'A') + s[1:]
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
