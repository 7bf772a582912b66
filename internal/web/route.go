package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
)

// The limits of a route that does not say otherwise.
const (
	usualBody = 1 << 20
	usualTime = 30 * time.Second
)

// A Route is one line of the table of pages.
type Route struct {
	Method  string // "" for a handler that takes all
	Pattern string
	// Open says that nobody need be signed in. Tests hold the list of these
	// against a short one.
	Open bool
	// Mounted says that the handler is no page and looks after itself who may
	// use it, as the JSON interface does.
	Mounted bool

	body int64
	time time.Duration
}

// An Option says in what a route differs from the usual.
type Option func(*Route)

// Open lets anybody use a route. The actor may still be known.
func Open(r *Route) { r.Open = true }

// MaxBody lets a request to the route have so many bytes; the usual is 1 MiB.
func MaxBody(bytes int64) Option { return func(r *Route) { r.body = bytes } }

// MaxTime gives the route so long to answer; the usual is 30 seconds.
func MaxTime(d time.Duration) Option { return func(r *Route) { r.time = d } }

// Get adds a page. The pattern is one of http.ServeMux without the method.
func (s *Site) Get(pattern string, h Handler, options ...Option) {
	s.add(http.MethodGet, pattern, h, options)
}

// Post adds an action. Its handler ends in Done, or shows the form again.
func (s *Site) Post(pattern string, h Handler, options ...Option) {
	s.add(http.MethodPost, pattern, h, options)
}

// Mount adds a handler that is no page, such as the JSON interface below a
// prefix. It gets ids, log, safe headers and the check of origin, and looks
// after itself who may use it.
func (s *Site) Mount(pattern string, h http.Handler) {
	s.routes = append(s.routes, Route{Pattern: pattern, Mounted: true})
	s.mux.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.found(r, pattern)
		h.ServeHTTP(w, r)
	}))
}

// Routes returns the table of pages, for tests that walk it.
func (s *Site) Routes() []Route { return slices.Clone(s.routes) }

func (s *Site) add(method, pattern string, h Handler, options []Option) {
	rt := Route{Method: method, Pattern: pattern, body: usualBody, time: usualTime}
	for _, o := range options {
		o(&rt)
	}
	s.routes = append(s.routes, rt)
	s.mux.Handle(method+" "+pattern, s.handler(rt, h))
}

// handler returns what a route does with a request.
func (s *Site) handler(rt Route, h Handler) http.Handler {
	var inner http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.Fail(w, r, err)
		}
	})
	if s.o.Once != nil && rt.Method == http.MethodPost {
		inner = s.o.Once.Wrap(inner)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.found(r, rt.Method+" "+rt.Pattern)
		ctx, cancel := context.WithTimeout(r.Context(), rt.time)
		defer cancel()
		r = r.WithContext(ctx)
		r.Body = http.MaxBytesReader(w, r.Body, rt.body)
		ctx, err := s.o.Gate(r)
		switch {
		case err == nil:
			r = r.WithContext(s.named(ctx))
			if rt.time > usualTime {
				defer patiently(r.Context(), w)()
			}
		case !rt.Open || fault.KindOf(err) != fault.Unauthenticated:
			s.Fail(w, r, err)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// patiently lets the body of a request come for as long as its context lasts,
// where that is longer than the server gives to everybody.
func patiently(ctx context.Context, w http.ResponseWriter) (stop func() bool) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Time{}) // what has no connection has no bound either
	return context.AfterFunc(ctx, func() { _ = c.SetReadDeadline(time.Unix(1, 0)) })
}

// found notes which route a request has.
func (s *Site) found(r *http.Request, route string) {
	request(r).route = route
	if s.o.Found != nil {
		s.o.Found(r.Context(), route)
	}
}
