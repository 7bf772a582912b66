// Package web is the frame of the pages: what happens to every request before
// and after the room that answers it.
//
// A room registers its pages on a Site, as a table that reads like a menu:
//
//	site.Room(web.Room{Label: "Job families", Href: "/families", Icon: ui.IconFamily})
//	site.Get("/families", h.list)
//	site.Get("/families/{id}", h.family)
//	site.Post("/families/{id}/pin", h.pin)
//
// A handler reads, asks the service of its room, and shows a page (Show) or
// sends the reader on (Done). It returns errors with kinds; the site turns each
// into a page with the right status, and shows nobody the text of an error that
// nobody sorted. Every route demands somebody who is signed in, but for those
// that say Open. The frame knows nothing of rooms.
//
// For each request there is: an id; a line in the log without personal data;
// the headers that keep browsers safe; a check that changes come from pages of
// this site; a limit of size and one of time; the idempotency key of its form;
// compression. A panic ends the request and nothing else.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/web/static"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Options are what a site needs from the server.
type Options struct {
	Organisation string // its name
	Clock        func() time.Time
	// Secret signs what browsers carry for the site; at least 32 bytes, the same
	// on every node.
	Secret []byte
	Log    *slog.Logger
	// Gate finds out who makes a request. It returns the request's context with
	// the actor in it (auth.With), or a fault: Unauthenticated if nobody is
	// signed in.
	Gate func(*http.Request) (context.Context, error)
	// Once applies the keys of forms. The site fills in its fields Clock, Sender
	// and Fail where they are empty. Without one a form that is sent twice is
	// carried out twice.
	Once *idempotency.Middleware
	// Limit says how long the sender of a request must wait before the next; 0
	// lets it pass. It may be nil.
	Limit func(*http.Request) time.Duration
	// Frame adds to the frame of a page what the server knows: the account's
	// menu, where the search box leads. It may be nil.
	Frame func(context.Context, *ui.Frame)
	// Found is told of the route of a request before it is answered, so that a
	// trace can be named by it. It may be nil.
	Found func(ctx context.Context, route string)
	// Secure says that browsers reach the site by HTTPS alone.
	Secure bool
	// SignIn is the page that signs people in; "" is /sign-in.
	SignIn string
}

// A Handler answers a request, or returns why it cannot.
type Handler func(w http.ResponseWriter, r *http.Request) error

// A Room is an entry of the rail.
type Room struct {
	Label string
	Href  string
	Icon  ui.IconName
	Below []string // further addresses that belong to it
	// Shown says for whom the entry is there; nil is for everybody.
	Shown func(auth.Actor) bool
	// Count returns how many things in the room need the actor of the context.
	// It must be fast, for every page asks. It may be nil.
	Count func(context.Context) int
}

// A Site serves pages. Rooms are registered before it serves.
type Site struct {
	o      Options
	mux    *http.ServeMux
	routes []Route
	rooms  []Room
	front  http.Handler
	zones  sync.Map // of readers, by name; there are some 600 names
}

// New returns a site without pages. It panics if what it cannot work without is
// missing.
func New(o Options) *Site {
	if o.Clock == nil || o.Log == nil || o.Gate == nil || len(o.Secret) < 32 {
		panic("web: a site needs a clock, a log, a gate, and a secret of 32 bytes")
	}
	if o.SignIn == "" {
		o.SignIn = "/sign-in"
	}
	s := &Site{o: o, mux: http.NewServeMux()}
	if once := o.Once; once != nil {
		if once.Clock == nil {
			once.Clock = o.Clock
		}
		if once.Sender == nil {
			once.Sender = func(r *http.Request) string { return string(auth.From(r.Context()).ID) }
		}
		if once.Fail == nil {
			once.Fail = s.Fail
		}
	}
	s.mux.HandleFunc("/", s.unknown)
	s.mux.HandleFunc("GET "+static.Prefix, static.ServeHTTP)
	s.front = s.observed(s.guarded(compress(s.limited(s.mux))))
	return s
}

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.front.ServeHTTP(w, r) }

// Room adds an entry to the rail, below those that are there.
func (s *Site) Room(r Room) { s.rooms = append(s.rooms, r) }

// limited refuses requests of those who send too many.
func (s *Site) limited(next http.Handler) http.Handler {
	if s.o.Limit == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := s.o.Limit(r); wait > 0 {
			s.slowDown(w, r, wait)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// unknown answers for addresses that no route has.
func (s *Site) unknown(w http.ResponseWriter, r *http.Request) {
	request(r).route = "none"
	if allowed := s.allowed(r); len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.showError(w, s.lookAround(r), http.StatusMethodNotAllowed, problem{
			Title: "This address does not take that", Text: "It can be looked at, or changed in another way. Nothing was changed.",
		})
		return
	}
	s.Fail(w, s.lookAround(r), fault.New(fault.NotFound, "there is no page at this address"))
}

// allowed returns the methods that an address does answer to.
func (s *Site) allowed(r *http.Request) (methods []string) {
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.mux.Handler(other); pattern != "/" && pattern != "" {
			methods = append(methods, m)
		}
	}
	return methods
}

// lookAround finds out who makes a request, for what does not demand it.
func (s *Site) lookAround(r *http.Request) *http.Request {
	if ctx, err := s.o.Gate(r); err == nil {
		return r.WithContext(s.named(ctx))
	}
	return r
}

// named writes the id of the request into its actor, for journal and log.
func (s *Site) named(ctx context.Context) context.Context {
	a := auth.From(ctx)
	a.Request = RequestID(ctx)
	return auth.With(ctx, a)
}
