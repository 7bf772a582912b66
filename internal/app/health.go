package app

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/store"
)

// patience is how long the database may take to answer before the server says
// that it is not ready.
const patience = 2 * time.Second

// fresh is how long an answer of the database holds: anybody may ask whether
// the server is ready, as often as they like.
const fresh = time.Second

// health is what the database answered last.
type health struct {
	mu      sync.Mutex
	at      time.Time
	problem string
}

// problem says why requests should go to another node; "" if they need not.
func (a *App) problem(ctx context.Context) string {
	if a.stopping.Load() {
		return "the server is stopping"
	}
	a.health.mu.Lock()
	defer a.health.mu.Unlock()
	if now := a.clock(); now.Sub(a.health.at) >= fresh {
		a.health.at, a.health.problem = now, a.askDatabase(ctx)
	}
	return a.health.problem
}

// askDatabase says whether the database answers: "" if it does.
func (a *App) askDatabase(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience) // others get the answer too
	defer cancel()
	err := a.db.View(ctx, func(tx store.Tx) error {
		var one int
		return tx.QueryRowContext(ctx, "SELECT 1").Scan(&one)
	})
	if err != nil {
		a.log.WarnContext(ctx, "the database does not answer", "error", err)
		return "the database does not answer"
	}
	return ""
}

// healthz tells that the process lives: whoever gets no answer restarts it.
func (a *App) healthz(w http.ResponseWriter, _ *http.Request) { status(w, http.StatusOK, "alive", "") }

// readyz tells whether requests may come. Migrations ran before the server
// began to listen, so they are no question; a newer node may have run more,
// and this one goes on until it is replaced.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	if why := a.problem(r.Context()); why != "" {
		w.Header().Set("Retry-After", "2")
		status(w, http.StatusServiceUnavailable, "not ready", why)
		return
	}
	status(w, http.StatusOK, "ready", "")
}

func status(w http.ResponseWriter, code int, word, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(struct { // the client went away
		Status string `json:"status"`
		Why    string `json:"why,omitempty"`
	}{word, why})
}
