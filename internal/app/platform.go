package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/mail"
	"path/filepath"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authmail"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/files"
	"github.com/cadre-hq/cadre/internal/holders"
	"github.com/cadre-hq/cadre/internal/jobs"
	post "github.com/cadre-hq/cadre/internal/mail"
	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/vault"
)

// openPlatform makes what all rooms use.
func (a *App) openPlatform(ctx context.Context, o Options) (err error) {
	a.journal = audit.New(a.db, a.clock)
	a.vault, err = vault.Open(ctx, a.db, a.journal, a.clock, vault.Options{
		Environment: o.Variable(vault.Variable), Folder: a.settings.Data,
	})
	if err != nil {
		return err
	}
	if a.siteSecret, err = a.ownSecret(ctx, "web.signing"); err != nil {
		return err
	}
	if err := a.openQueue(); err != nil {
		return err
	}
	if err := a.openFiles(ctx); err != nil {
		return err
	}
	if err := a.openAccounts(); err != nil {
		return err
	}
	return a.eraseAgain(ctx)
}

// eraseAgain erases anew whoever came back with an older copy of the database,
// before anybody can see them.
func (a *App) eraseAgain(ctx context.Context) error {
	a.erasure = erasure.New(a.db, a.journal, a.clock, a.settings.Data, holders.All(a.clock)...)
	people, err := a.erasure.Reapply(ctx)
	if err != nil {
		return err
	}
	if people > 0 {
		a.log.WarnContext(ctx, "people who had been erased came back with an older copy of the data, and were erased again", "people", people)
	}
	return nil
}

func (a *App) openQueue() (err error) {
	a.queue, err = jobs.New(a.db, jobs.Options{Log: a.log, Grace: time.Duration(a.settings.StopWithin)})
	if err != nil {
		return err
	}
	a.sweepEvery(time.Hour)
	return nil
}

// ownSecret returns a secret that the program keeps for itself, which is made
// when it is first asked for. All nodes have the same.
func (a *App) ownSecret(ctx context.Context, name string) ([]byte, error) {
	var kept vault.Secret
	err := a.db.Update(ctx, func(tx store.Tx) (err error) {
		kept, err = a.vault.Get(ctx, tx, name)
		if err == nil || fault.KindOf(err) != fault.NotFound {
			return err
		}
		random := make([]byte, 32)
		_, _ = rand.Read(random) // never fails
		kept = vault.Secret(base64.StdEncoding.EncodeToString(random))
		return a.vault.Put(ctx, tx, auth.TheProgram("start"), name, kept)
	})
	if err != nil {
		return nil, err
	}
	return []byte(kept.Reveal()), nil
}

// openFiles makes what keeps uploads.
func (a *App) openFiles(ctx context.Context) error {
	blobs, err := a.openBlobs(ctx)
	if err != nil {
		return err
	}
	o := files.Options{Clock: a.clock, Log: a.log}
	if a.settings.Files.Scanner != "" {
		if o.Scanner, err = files.NewClamd(a.settings.Files.Scanner); err != nil {
			return err
		}
	}
	a.files = files.New(a.db, blobs, a.queue, a.journal, o)
	return nil
}

// openBlobs opens the place of the contents of files.
func (a *App) openBlobs(ctx context.Context) (files.Blobs, error) {
	if place := a.settings.Files.Place; place != "" {
		bucket, closeIt, err := openBucket(ctx, place)
		if err != nil {
			return nil, err
		}
		a.closeLater(closeIt)
		return bucket, nil
	}
	folder, err := files.OpenFolder(filepath.Join(a.settings.Data, "files"))
	if err != nil {
		return nil, err
	}
	a.closeLater(folder.Close)
	return folder, nil
}

// openAccounts makes what knows people, and writes to them.
func (a *App) openAccounts() error {
	authority, err := auth.NewAuthority(roomPolicies()...)
	if err != nil {
		return err
	}
	carrier, err := a.carrier()
	if err != nil {
		return err
	}
	postman := post.NewPostman(a.queue, carrier, a.log)
	a.accounts, err = auth.NewService(a.db, authority, a.journal, postman.Desk(authmail.Room), a.clock)
	if err != nil {
		return err
	}
	site := a.settings.URL(a.settings.Addr).String()
	writer, err := authmail.Writer(a.accounts, site, a.organisation())
	if err != nil {
		return err
	}
	postman.Write(authmail.Room, writer)
	a.openRooms()
	return nil
}

// openSignIn makes the ways to sign in, beside passwords.
func (a *App) openSignIn() (err error) {
	site := a.settings.URL(a.settings.Addr).String()
	if a.passkeys, err = auth.NewPasskeys(a.accounts, site, a.organisation()); err != nil {
		a.log.Warn("nobody can sign in by passkey", "why", err)
	}
	if len(a.settings.Providers) == 0 {
		return nil
	}
	a.federation, err = auth.NewFederation(a.accounts, site, a.providers()...)
	return err
}

// organisation returns what letters and browsers call the installation.
func (a *App) organisation() string {
	if a.settings.Organisation == "" {
		return "Cadre"
	}
	return a.settings.Organisation
}

// carrier returns what takes letters to their readers.
func (a *App) carrier() (post.Carrier, error) {
	m := a.settings.Mail
	from := post.Sender{Site: a.organisation()}
	if address, err := mail.ParseAddress(m.From); err == nil {
		from.Address = post.Address{Name: address.Name, Email: address.Address}
	} else {
		from.Address.Email = "cadre@localhost"
	}
	if from.Address.Name == "" {
		from.Address.Name = a.organisation()
	}
	if m.Host == "" {
		return post.NewFolder(filepath.Join(a.settings.Data, "mail"), from, a.log, a.clock), nil
	}
	return post.NewServer(post.SMTP{
		Host: m.Host, Port: int(m.Port), Security: post.Security(m.Security), Username: m.Username,
		Password: a.secret(settings.MailPassword), From: from,
	}, a.clock)
}

// providers returns the identity providers.
func (a *App) providers() []auth.Provider {
	list := make([]auth.Provider, len(a.settings.Providers))
	for i, p := range a.settings.Providers {
		list[i] = auth.Provider{
			Name: p.Name, Label: p.Label, Issuer: p.Issuer, Client: p.Client, Domains: p.Domains,
			Secret: a.secret(settings.ProviderSecret(p.Name)),
		}
		if list[i].Label == "" {
			list[i].Label = p.Name
		}
	}
	return list
}

// secret returns what reads a secret of the vault when it is needed, so that a
// new value counts at once. There may be none: not everybody asks for one.
func (a *App) secret(name string) func(context.Context) (string, error) {
	return func(ctx context.Context) (value string, err error) {
		err = a.db.View(ctx, func(tx store.Tx) error {
			s, err := a.vault.Get(ctx, tx, name)
			if fault.KindOf(err) == fault.NotFound && err != nil {
				return nil
			}
			value = s.Reveal()
			return err
		})
		return value, err
	}
}
