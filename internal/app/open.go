package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authmail"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/vault"
)

// Open opens the data of a server for a command, also while the server runs on
// it. It serves nothing and does no jobs. It is NotFound if there is no data,
// and a Conflict if the database must be migrated first. Close it.
func Open(ctx context.Context, o Options) (a *App, err error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	a = &App{settings: o.Settings, log: o.Log, clock: o.Clock, version: o.Version}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := a.openExisting(ctx); err != nil {
		return a, err
	}
	current, err := a.db.IsCurrent(ctx)
	if err != nil {
		return a, err
	}
	if !current {
		return a, fault.New(fault.Conflict, "the database is not of this version of the program: run `cadre migrate` first, or use the program that the server is")
	}
	return a, a.openPlatform(ctx, o)
}

// openExisting opens a database that is there.
func (a *App) openExisting(ctx context.Context) error {
	place := a.settings.DatabasePlace()
	if !a.settings.IsShared() {
		if _, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.NotFound, "there is no database at %s: start the server once, or name another data folder", place)
		}
	}
	db, err := store.Open(ctx, place, store.Options{Log: quietly(a.log), Connections: 4, Guard: idempotency.Guard})
	if err != nil {
		return err
	}
	a.db = db
	a.closeLater(db.Close)
	return nil
}

// Migrate brings the database of a server up to date, and reports how many
// migrations ran. Several commands and servers may do so at once.
func Migrate(ctx context.Context, o Options) (ran int, err error) {
	if err := openFolder(o.Settings.Data); err != nil {
		return 0, err
	}
	if !o.Settings.IsShared() {
		if err := keepToOwner(o.Settings.DatabasePlace()); err != nil {
			return 0, err
		}
	}
	db, err := store.Open(ctx, o.Settings.DatabasePlace(), store.Options{Log: quietly(o.Log), Connections: 4})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Migrate(ctx)
}

// Link returns the path of a page on which a person chooses a new password, for
// whoever administers the machine. It is good once, for an hour.
func (a *App) Link(ctx context.Context, of auth.PrincipalID) (string, error) {
	var letter catcher
	s, err := auth.NewService(a.db, a.accounts.Authority, a.journal, &letter, a.clock)
	if err != nil {
		return "", err
	}
	if err := s.SendReset(ctx, auth.TheProgram(""), of); err != nil {
		return "", err
	}
	l, err := s.Write(ctx, letter.id)
	if err != nil {
		return "", err
	}
	return a.settings.URL(a.settings.Addr).String() + authmail.ResetPath + l.Link.Reveal(), nil
}

// A catcher keeps the letter that would be sent.
type catcher struct{ id string }

// PostLetter implements auth.Post.
func (c *catcher) PostLetter(_ context.Context, _ store.Tx, id string) error {
	c.id = id
	return nil
}

// Vault returns what keeps secrets, for commands.
func (a *App) Vault() *vault.Vault { return a.vault }

// Erasure returns what erases people.
func (a *App) Erasure() *erasure.Service { return a.erasure }
