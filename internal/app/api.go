package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/web"
)

// Bounds of a request to the API, which an operation may extend.
const (
	maxAPIBody = 1 << 20
	apiTime    = 30 * time.Second
)

// bounds are those of one operation.
type bounds struct {
	public bool // that it needs no sign-in
	body   int64
	time   time.Duration
}

// A door is what stands before the operations of the API: who asks, whether
// they ask too often, and whether they asked before under the same key.
type door struct {
	app    *App
	api    *api.API
	mux    *http.ServeMux
	limit  *limiter
	bounds map[string]bounds // of the operations, by pattern
	once   idempotency.Middleware
	inner  http.Handler
}

// newDoor returns the API without operations.
func newDoor(a *App, limit *limiter) *door {
	d := &door{app: a, mux: http.NewServeMux(), limit: limit, bounds: map[string]bounds{}}
	d.api = api.New(d.mux, api.Options{Version: a.version, Log: a.log, Reference: web.RequestID, Secure: a.isSecure()})
	d.once = idempotency.Middleware{
		DB: a.db, Clock: a.clock, Fail: d.api.Fail, MaxBody: maxAPIBody,
		Sender: func(r *http.Request) string { return string(auth.From(r.Context()).ID) },
	}
	d.inner = d.once.Wrap(http.HandlerFunc(d.dispatch))
	return d
}

// routes lists the operations, once all of them are registered, and learns
// which of them are public.
func (d *door) routes() []Route {
	description := Route{Method: http.MethodGet, Pattern: descriptionPath, Public: true}
	d.bounds[description.String()] = bounds{public: true}
	list := []Route{description}
	var tags []string
	for _, o := range api.Operations(d.api.Description()) {
		r := Route{Method: o.Method, Pattern: o.Path, Public: o.Security != nil && len(o.Security) == 0}
		tags = append(tags, o.Tags...)
		d.bounds[r.String()] = bounds{r.Public, o.MaxBodyBytes, max(0, o.BodyReadTimeout)}
		list = append(list, r)
	}
	slices.Sort(tags)
	for _, tag := range slices.Compact(tags) {
		d.api.Description().Tags = append(d.api.Description().Tags, &huma.Tag{Name: tag})
	}
	return list
}

// refuse answers with a problem that no error of the program stands for.
func refuse(w http.ResponseWriter, status int, why string) {
	api.WriteProblem(w, &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: why})
}

// descriptionPath is where the description of the API is. It tells what the
// program can do, and nothing of the organisation.
const descriptionPath = "/openapi.json"

// ServeHTTP answers a request to the API.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if wait := d.limit.wait(r); wait > 0 {
		w.Header().Set("Retry-After", fault.RetryAfter(wait))
		refuse(w, http.StatusTooManyRequests, "you send too many requests: wait as long as Retry-After says")
		return
	}
	_, pattern := d.mux.Handler(r)
	bound := d.bounds[pattern]
	ctx, cancel := context.WithTimeout(r.Context(), apiTime+bound.time)
	defer cancel()
	r = r.WithContext(ctx)
	r.Body = http.MaxBytesReader(w, r.Body, max(maxAPIBody, bound.body))
	by, err := d.app.who(r)
	switch {
	case err == nil:
		by.Request = web.RequestID(ctx)
		r = r.WithContext(auth.With(ctx, by))
	case !bound.public || fault.KindOf(err) != fault.Unauthenticated:
		d.api.Fail(w, r, err)
		return
	}
	d.inner.ServeHTTP(w, r)
}

// dispatch takes the operation of a request, and notes which one it was.
func (d *door) dispatch(w http.ResponseWriter, r *http.Request) {
	_, pattern := d.mux.Handler(r)
	if pattern != "" {
		found(r.Context(), pattern)
	}
	if pattern == "" {
		d.unknown(w, r)
		return
	}
	d.mux.ServeHTTP(w, r)
	if r.MultipartForm != nil { // the server removes the files of its own request, of which this is a copy
		_ = r.MultipartForm.RemoveAll()
	}
}

// unknown answers for what no operation is.
func (d *door) unknown(w http.ResponseWriter, r *http.Request) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := d.mux.Handler(other); pattern != "" {
			w.Header().Add("Allow", method)
		}
	}
	if w.Header().Get("Allow") != "" {
		refuse(w, http.StatusMethodNotAllowed, "this address does not take that method: Allow lists those that it does")
		return
	}
	d.api.Fail(w, r, fault.New(fault.NotFound, "the API has no such address: %s describes all of them", descriptionPath))
}

// who finds out who makes a request: by the token in its header, or else by
// the cookie of a session.
func (a *App) who(r *http.Request) (auth.Actor, error) {
	if kind, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok {
		if !strings.EqualFold(kind, "bearer") {
			return auth.Actor{}, fault.New(fault.Unauthenticated, "send a token as Authorization: Bearer …")
		}
		return a.accounts.ByToken(r.Context(), auth.Secret(strings.TrimSpace(token)))
	}
	return a.whoseSession(r)
}

// whoseSession finds out who makes a request by the cookie of a session.
func (a *App) whoseSession(r *http.Request) (auth.Actor, error) {
	c, err := r.Cookie(api.SessionName(a.isSecure()))
	if err != nil {
		return auth.Actor{}, fault.New(fault.Unauthenticated, "sign in, or send a token")
	}
	return a.accounts.ByCookie(r.Context(), auth.Secret(c.Value))
}
