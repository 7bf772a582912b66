package authtest

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/store"
)

// Open returns a service of accounts over a database, by a clock. Its authority
// knows accounts and the rooms that are given.
func Open(t testing.TB, d *store.DB, post auth.Post, clock func() time.Time, rooms ...auth.Room) *auth.Service {
	t.Helper()
	a, err := auth.NewAuthority(rooms...)
	if err != nil {
		t.Fatal(err)
	}
	s, err := auth.NewService(d, a, audit.New(d, clock), post, clock)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// An Inbox is a post that keeps the ids of letters and sends none.
type Inbox struct {
	mu  sync.Mutex
	ids []string
}

// PostLetter implements auth.Post.
func (i *Inbox) PostLetter(_ context.Context, _ store.Tx, id string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.ids = append(i.ids, id)
	return nil
}

// Last returns the id of the newest letter.
func (i *Inbox) Last(t testing.TB) string {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.ids) == 0 {
		t.Fatal("no letter was posted")
	}
	return i.ids[len(i.ids)-1]
}

// Gate finds out who makes a request by the cookie of a session, as the
// application does; without one it is Unauthenticated. A request that has an
// actor already keeps them.
func Gate(s *auth.Service, cookie string) func(*http.Request) (context.Context, error) {
	return func(r *http.Request) (context.Context, error) {
		if auth.From(r.Context()).IsKnown() {
			return r.Context(), nil
		}
		c, err := r.Cookie(cookie)
		if err != nil {
			c = &http.Cookie{}
		}
		by, err := s.ByCookie(r.Context(), auth.Secret(c.Value))
		return auth.With(r.Context(), by), err
	}
}
