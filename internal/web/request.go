package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// a requestState is what the site knows of a request while it is answered.
type requestState struct {
	site   *Site
	id     string
	route  string
	answer *answer
}

type requestKey struct{}

// request returns the state of a request. Outside of a site there is none.
func request(r *http.Request) *requestState { return requestOf(r.Context()) }

func requestOf(ctx context.Context) *requestState {
	state, ok := ctx.Value(requestKey{}).(*requestState)
	if !ok {
		panic("web: this is used outside of a request to a site")
	}
	return state
}

// RequestID returns the id of the request in hand; "" outside of one. The reader
// gets it when something fails, and the log has it in every line.
func RequestID(ctx context.Context) string {
	if state, ok := ctx.Value(requestKey{}).(*requestState); ok {
		return state.id
	}
	return ""
}

// An answer remembers what was answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what is below.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// observed names each request, writes a line into the log when it is answered,
// and keeps a panic inside of it. The line holds the route and not the address,
// for addresses may hold what people search for, or secrets.
func (s *Site) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := s.o.Clock()
		state := &requestState{site: s, id: strings.ToLower(rand.Text()[:16]), route: "none", answer: &answer{ResponseWriter: w}}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, state))
		w.Header().Set("X-Request-Id", state.id)
		defer func() {
			broken, begunAnswer := recover(), state.answer.status != 0
			if broken != nil && broken != http.ErrAbortHandler { //nolint:errorlint // it is this very value
				s.o.Log.ErrorContext(r.Context(), "a request panicked",
					"request", state.id, "route", state.route, "panic", fmt.Sprint(broken), "stack", string(debug.Stack()))
				if !begunAnswer {
					s.broken(state.answer, r)
				}
			}
			s.log(r, state, s.o.Clock().Sub(begun))
			if broken != nil && begunAnswer {
				panic(http.ErrAbortHandler) // the reader must not take half a page for a whole one
			}
		}()
		next.ServeHTTP(state.answer, r)
	})
}

func (s *Site) log(r *http.Request, state *requestState, took time.Duration) {
	status := state.answer.status
	if status == 0 {
		status = http.StatusOK
	}
	s.o.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("request", state.id), slog.String("method", r.Method), slog.String("route", state.route),
		slog.Int("status", status), slog.Int64("bytes", state.answer.bytes), slog.Duration("took", took))
}
