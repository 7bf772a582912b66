package idempotency

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// Header is the request header that holds the key.
const Header = "Idempotency-Key"

// Replayed is the response header that tells that nothing was done anew.
const Replayed = "Idempotency-Replayed"

// Field is the hidden field of a form that holds the key. A form that uploads
// files carries it in the query of its address instead, so that the upload need
// not be read for it.
const Field = "idempotency_key"

// A Middleware applies the keys of POST requests.
type Middleware struct {
	DB    *store.DB
	Clock func() time.Time
	// Sender names who sends: the principal, or the session of a visitor. ""
	// means nobody that could be recognised; then a key has no effect.
	Sender func(*http.Request) string
	// Fail answers a request with an error.
	Fail func(w http.ResponseWriter, r *http.Request, err error)
	// MaxBody is the largest body in bytes that is read whole to find a key in
	// it, or to tell it from others under the same key. 0 means 1 MiB. A larger
	// form passes without a key; under the header, it is an error. Uploads are
	// not read: of them the address tells.
	MaxBody int64

	running running
}

// running are the requests that this process carries out now. A second one
// under the same key waits for the first, and then gets its answer: the browser
// of who clicked twice shows the second.
type running struct {
	mu   sync.Mutex
	keys map[[2]string]chan struct{}
}

// begin waits until no other request runs under a key, and takes the key.
func (r *running) begin(ctx context.Context, q *Request) (end func(), err error) {
	id := [2]string{q.Sender, q.Key}
	for {
		r.mu.Lock()
		other, taken := r.keys[id]
		if !taken {
			done := make(chan struct{})
			if r.keys == nil {
				r.keys = map[[2]string]chan struct{}{}
			}
			r.keys[id] = done
			r.mu.Unlock()
			return func() {
				r.mu.Lock()
				delete(r.keys, id)
				r.mu.Unlock()
				close(done)
			}, nil
		}
		r.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Wrap returns next with keys applied.
func (m *Middleware) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := m.serve(w, r, next); err != nil {
			m.Fail(w, r, err)
		}
	})
}

func (m *Middleware) serve(w http.ResponseWriter, r *http.Request, next http.Handler) error {
	if r.Method != http.MethodPost {
		next.ServeHTTP(w, r)
		return nil
	}
	sender := m.Sender(r)
	key, body, err := m.read(r)
	switch {
	case err != nil:
		return err
	case key == "" || sender == "":
		next.ServeHTTP(w, r)
		return nil
	}
	if err := Check(key); err != nil {
		return err
	}
	q := &Request{Sender: sender, Key: key, Fingerprint: Fingerprint(r.Method, r.URL.RequestURI(), body), At: m.Clock()}
	end, err := m.running.begin(r.Context(), q)
	if err != nil {
		return err
	}
	defer end()
	if done, err := m.replay(w, r, q, next); done || err != nil {
		return err
	}
	answer := &recorder{ResponseWriter: w}
	next.ServeHTTP(answer, r.WithContext(With(r.Context(), q)))
	if q.saved {
		return m.note(r.Context(), q, answer)
	}
	return nil
}

// read returns the key of a request, and its body, which it leaves to be read
// again.
func (m *Middleware) read(r *http.Request) (key string, body []byte, err error) {
	key = r.Header.Get(Header)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "multipart/form-data":
		return cmp.Or(key, r.URL.Query().Get(Field)), nil, nil
	case key == "" && kind != "application/x-www-form-urlencoded":
		return "", nil, nil
	}
	limit := m.MaxBody
	if limit == 0 {
		limit = 1 << 20
	}
	body, err = io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return "", nil, fault.New(fault.Invalid, "the request ended early: %w", err)
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	if int64(len(body)) > limit {
		if key != "" {
			return "", nil, fault.New(fault.Invalid, "a request under an %s has at most %d bytes", Header, limit)
		}
		return "", nil, nil
	}
	if key == "" {
		form := r.Clone(r.Context())
		form.Body = io.NopCloser(bytes.NewReader(body))
		key = form.PostFormValue(Field)
	}
	return key, body, nil
}

// replay answers a request that was carried out before.
func (m *Middleware) replay(w http.ResponseWriter, r *http.Request, q *Request, next http.Handler) (done bool, err error) {
	var a Answer
	err = m.DB.View(r.Context(), func(tx store.Tx) error {
		a, done, err = Find(r.Context(), tx, q.Sender, q.Key)
		return err
	})
	if err != nil || !done {
		return false, err
	}
	if a.Fingerprint != q.Fingerprint {
		return true, fault.New(fault.Invalid, "the %s %q was used for another request: use a new one for each change", Header, q.Key)
	}
	w.Header().Set(Replayed, "true")
	switch {
	case a.Status == 0:
		return true, fault.New(fault.Conflict, "%w; how it was answered is not known: look at the thing itself", ErrDone)
	case a.Location == "":
		w.WriteHeader(a.Status)
	case a.Status >= 300:
		w.Header().Set("Location", a.Location)
		w.WriteHeader(a.Status)
	default:
		m.again(w, r, a, next)
	}
	return true, nil
}

// again answers with the thing at the location, as it is now, under the status
// of the first answer.
func (m *Middleware) again(w http.ResponseWriter, r *http.Request, a Answer, next http.Handler) {
	get := r.Clone(r.Context())
	get.Method, get.Body, get.ContentLength = http.MethodGet, http.NoBody, 0
	get.Header.Del("Content-Type")
	u, err := r.URL.Parse(a.Location)
	if err != nil || u.Host != r.URL.Host {
		w.Header().Set("Location", a.Location)
		w.WriteHeader(a.Status)
		return
	}
	get.URL, get.RequestURI = u, u.RequestURI()
	w.Header().Set("Location", a.Location)
	next.ServeHTTP(&restated{ResponseWriter: w, status: a.Status}, get)
}

// note saves how a request was answered. The change itself is durable by now,
// so a failure here only costs the answer of a repeated request.
func (m *Middleware) note(ctx context.Context, q *Request, answer *recorder) error {
	ctx = context.WithoutCancel(ctx)
	err := m.DB.Update(ctx, func(tx store.Tx) error {
		return Answered(ctx, tx, q, answer.status, answer.Header().Get("Location"))
	})
	if err != nil && !answer.wrote {
		return errors.Join(errors.New("note the answer "+strconv.Itoa(answer.status)), err)
	}
	return nil
}

// A recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *recorder) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if !w.wrote {
		w.status, w.wrote = http.StatusOK, true
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach what is below.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// restated is a ResponseWriter that turns 200 into another status.
type restated struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (w *restated) WriteHeader(status int) {
	w.wrote = true
	if status == http.StatusOK {
		status = w.status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *restated) Write(p []byte) (int, error) {
	if !w.wrote {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach what is below.
func (w *restated) Unwrap() http.ResponseWriter { return w.ResponseWriter }
