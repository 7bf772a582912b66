// Package vault keeps secrets that the program shows to others: the secret of
// an identity provider, of a webhook, the password of a mail server. What
// somebody shows to Cadre, such as a password or a token, is not here: of that
// a hash is enough (package auth).
//
// A value is sealed with AES-256-GCM under a data key of its own, and the data
// key under a master key, which the operator keeps outside of the database
// (Open tells where). Both seals are bound to the name and the version of the
// secret, so that no row can stand in for another. Who has the database or a
// backup of it, and not the master key, has no secret.
//
// The master key is changed by giving a new one before the old one: the old one
// is still read, and Rotate seals all data keys anew. Once that is done the old
// one may go.
package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Secret is a value of the vault. It does not show in logs and messages.
type Secret string

// String hides the secret.
func (s Secret) String() string { return "(secret)" }

// GoString hides it, too.
func (s Secret) GoString() string { return "(secret)" }

// LogValue hides it from package slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue("(secret)") }

// MarshalText hides it from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// A Vault reads and writes secrets. It may be used by many goroutines.
type Vault struct {
	db      *store.DB
	journal *audit.Journal
	clock   func() time.Time
	keys    Keys
}

// A Description tells of a secret what may be shown.
type Description struct {
	Name    string
	Version int64
	Changed time.Time
}

// Bounds of a secret, in bytes.
const (
	maxName  = 200
	maxValue = 64 << 10
)

// Put keeps a value under a name, in place of the one that was there. A name is
// made of words with dots between them, such as "auth.oidc.7f3c". It is
// Conflict if the master key was changed since this program started.
func (v *Vault) Put(ctx context.Context, tx store.Tx, by audit.Actor, name string, value Secret) error {
	switch {
	case name == "" || len(name) > maxName || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }):
		return fault.New(fault.Invalid, "a secret needs a name of 1 to %d printable ASCII characters", maxName)
	case value == "" || len(value) > maxValue:
		return fault.New(fault.Invalid, "a secret has 1 to %d bytes", maxValue)
	}
	var version int64
	err := tx.QueryRowContext(ctx, "SELECT version FROM vault_secret WHERE name = $1", name).Scan(&version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("find the secret %s: %w", name, err)
	}
	if err := v.isMaster(ctx, tx); err != nil {
		return err
	}
	version++
	dataKey, sealed := seal(v.keys.current, name, version, value)
	_, err = tx.ExecContext(ctx, `INSERT INTO vault_secret (name, version, master, data_key, sealed, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (name) DO UPDATE SET version = excluded.version, master = excluded.master, data_key = excluded.data_key,
			sealed = excluded.sealed, changed_at = excluded.changed_at`,
		name, version, v.keys.current.id, dataKey, sealed, store.At(v.clock()))
	if err != nil {
		return fmt.Errorf("keep the secret %s: %w", name, err)
	}
	return v.journal.Record(ctx, tx, by, "vault.secret.put", "secret", name, audit.F("version", version))
}

// Get returns the value under a name; NotFound if there is none. A row that was
// tampered with is an error.
func (v *Vault) Get(ctx context.Context, tx store.Tx, name string) (Secret, error) {
	var version int64
	var master, dataKey, sealed string
	err := tx.QueryRowContext(ctx, "SELECT version, master, data_key, sealed FROM vault_secret WHERE name = $1", name).
		Scan(&version, &master, &dataKey, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.New(fault.NotFound, "there is no secret %s: enter it again", name)
	}
	if err != nil {
		return "", fmt.Errorf("find the secret %s: %w", name, err)
	}
	key := v.keys.find(master)
	if key == nil {
		return "", fault.New(fault.Conflict, "the secret %s is sealed by the master key %s, which this program was not given", name, master)
	}
	value, err := unseal(key, name, version, dataKey, sealed)
	if err != nil {
		return "", fmt.Errorf("open the secret %s: %w", name, err)
	}
	return value, nil
}

// Delete removes a secret; NotFound if there is none.
func (v *Vault) Delete(ctx context.Context, tx store.Tx, by audit.Actor, name string) error {
	r, err := tx.ExecContext(ctx, "DELETE FROM vault_secret WHERE name = $1", name)
	if err != nil {
		return fmt.Errorf("delete the secret %s: %w", name, err)
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(fault.New(fault.NotFound, "there is no secret %s", name), err)
	}
	return v.journal.Record(ctx, tx, by, "vault.secret.delete", "secret", name)
}

// List describes the secrets whose names begin with a prefix, by name.
func (v *Vault) List(ctx context.Context, tx store.Tx, prefix string) (found []Description, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT name, version, changed_at FROM vault_secret WHERE substr(name, 1, $1) = $2 ORDER BY name", len(prefix), prefix)
	if err != nil {
		return nil, fmt.Errorf("list secrets: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var d Description
		var at store.Time
		if err := rows.Scan(&d.Name, &d.Version, &at); err != nil {
			return nil, fmt.Errorf("list secrets: %w", err)
		}
		d.Changed = at.Time
		found = append(found, d)
	}
	return found, rows.Err()
}
