// Package app is the server: it builds everything once, mounts the rooms, and
// runs until it is told to stop. It is the only package that knows all rooms.
//
// New opens the data (a folder, and a database in it or elsewhere), brings the
// schema up to date, and connects the parts; Run serves pages, API and metrics
// and does jobs. Run ends when its context does: it takes no more requests,
// lets those in hand and the running jobs end within a limit, and hands the
// other jobs back.
//
// A data folder with a SQLite database belongs to one server at a time.
// Several servers may share one PostgreSQL database; each is told apart by
// nothing, and may be killed at any time.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/files"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/jobs/console"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/vault"
)

// Options are what a server needs from the program.
type Options struct {
	Settings *settings.Settings
	Version  string // of the program
	Log      *slog.Logger
	// Clock tells the time, everywhere. Nil means time.Now.
	Clock func() time.Time
	// Variable returns the value of an environment variable.
	Variable func(string) string
	// Demo runs the example organisation: in an empty folder, or one that a
	// demonstration made.
	Demo bool
}

// An App is a server.
type App struct {
	settings *settings.Settings
	log      *slog.Logger
	clock    func() time.Time
	version  string
	proxies  proxies
	metrics  *measures
	traces   *traces
	stopping atomic.Bool
	health   health
	close    []func() error // what to close, the last first

	db         *store.DB
	journal    *audit.Journal
	vault      *vault.Vault
	queue      *jobs.Queue
	files      *files.Service
	erasure    *erasure.Service
	accounts   *auth.Service
	passkeys   *auth.Passkeys
	federation *auth.Federation
	policy     *chosen.Service
	console    *console.Service
	inbox      *inbox.Service
	catalog    *catalog.Service
	product    *product.Service
	org        *org.Service
	siteSecret []byte // signs what browsers carry

	handler http.Handler
	routes  []Route
}

// New returns a server that is ready to run. Close it.
func New(ctx context.Context, o Options) (a *App, err error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Demo {
		o.Settings = named(*o.Settings)
	}
	a = &App{
		settings: o.Settings, log: o.Log, clock: o.Clock, version: o.Version,
		proxies: newProxies(o.Settings), metrics: newMeasures(o.Version),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if a.traces, err = newTraces(ctx, o.Version, o.Variable); err != nil {
		return a, err
	}
	for _, step := range []func(context.Context, Options) error{a.openData, a.openPlatform, a.mount} {
		if err := step(ctx, o); err != nil {
			return a, err
		}
	}
	if o.Demo {
		return a, a.fillDemo(ctx)
	}
	return a, nil
}

// openData opens the data folder and the database, and brings the latter up to
// date.
func (a *App) openData(ctx context.Context, o Options) error {
	if err := openFolder(o.Settings.Data); err != nil {
		return err
	}
	if o.Demo {
		if err := claimForDemo(o.Settings.Data); err != nil {
			return err
		}
	} else if err := refuseDemo(o.Settings.Data); err != nil {
		return err
	}
	if !o.Settings.IsShared() {
		unlock, err := lock(o.Settings.Data)
		if err != nil {
			return err
		}
		a.closeLater(func() error { unlock(); return nil })
		if err := keepToOwner(o.Settings.DatabasePlace()); err != nil {
			return err
		}
	}
	db, err := store.Open(ctx, o.Settings.DatabasePlace(), store.Options{
		Log: quietly(o.Log), Connections: int(o.Settings.Connections), Guard: idempotency.Guard,
	})
	if err != nil {
		return err
	}
	a.db = db
	a.closeLater(db.Close)
	ran, err := db.Migrate(ctx)
	if err != nil {
		return err
	}
	if ran > 0 {
		a.log.InfoContext(ctx, "the database was brought up to date", "migrations", ran)
	}
	a.metrics.watchDatabase(db)
	return nil
}

func (a *App) closeLater(f func() error) { a.close = append(a.close, f) }

// Close ends what New began.
func (a *App) Close() error {
	var err error
	for i := len(a.close) - 1; i >= 0; i-- {
		err = errors.Join(err, a.close[i]())
	}
	a.close = nil
	return err
}

// DB returns the database, for commands and tests.
func (a *App) DB() *store.DB { return a.db }

// Accounts returns the service that keeps accounts.
func (a *App) Accounts() *auth.Service { return a.accounts }

// Product returns the service that keeps the product hierarchy, for commands.
func (a *App) Product() *product.Service { return a.product }

// ServeHTTP answers a request as the running server does.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// A Route is one address that the server answers at, for tests that walk them.
type Route struct {
	Method  string // "" for all
	Pattern string // as http.ServeMux has it
	// Public says that nobody need be signed in.
	Public bool
}

// String returns the route as a pattern of http.ServeMux.
func (r Route) String() string {
	if r.Method == "" {
		return r.Pattern
	}
	return fmt.Sprintf("%s %s", r.Method, r.Pattern)
}

// Routes lists all addresses of pages and API.
func (a *App) Routes() []Route { return a.routes }
