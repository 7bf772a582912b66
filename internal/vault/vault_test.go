package vault_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/vault"
)

func clock() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }

// open opens a vault with the keys that a variable would hold.
func open(t *testing.T, d *store.DB, keys string) (*vault.Vault, error) {
	t.Helper()
	return vault.Open(t.Context(), d, audit.New(d, clock), clock, vault.Options{Environment: keys})
}

func mustOpen(t *testing.T, d *store.DB, keys string) *vault.Vault {
	t.Helper()
	v, err := open(t, d, keys)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func put(t *testing.T, d *store.DB, v *vault.Vault, name string, value vault.Secret) {
	t.Helper()
	if err := d.Update(t.Context(), func(tx store.Tx) error { return v.Put(t.Context(), tx, nil, name, value) }); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, d *store.DB, v *vault.Vault, name string) (value vault.Secret, err error) {
	t.Helper()
	err = d.View(t.Context(), func(tx store.Tx) (err error) {
		value, err = v.Get(t.Context(), tx, name)
		return err
	})
	return value, err
}

func execute(t *testing.T, d *store.DB, statement string, args ...any) {
	t.Helper()
	err := d.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A secret comes back as it was put, can be replaced and deleted, and the
// journal tells that, without the secret.
func TestPutGetDelete(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		v, ctx := mustOpen(t, d, vault.NewKey()), t.Context()
		put(t, d, v, "mail.password", "herring-under-a-fur-coat")
		put(t, d, v, "mail.password", "borscht-with-sour-cream")
		put(t, d, v, "auth.oidc.x", "client")
		if value, err := get(t, d, v, "mail.password"); err != nil || value.Reveal() != "borscht-with-sour-cream" {
			t.Errorf("the secret is %q, %v", value.Reveal(), err)
		}
		var list []vault.Description
		var journal string
		err := d.View(ctx, func(tx store.Tx) (err error) {
			if list, err = v.List(ctx, tx, "mail."); err != nil {
				return err
			}
			entries, err := audit.Entries(ctx, tx, audit.Filter{Kind: "secret"})
			journal = fmt.Sprint(entries)
			return err
		})
		if err != nil || len(list) != 1 || list[0].Version != 2 || !list[0].Changed.Equal(clock()) {
			t.Errorf("listed: %+v, %v", list, err)
		}
		if strings.Count(journal, "vault.secret.put") != 3 || strings.Contains(journal, "herring") {
			t.Errorf("the journal is %s", journal)
		}
		remove := func(tx store.Tx) error { return v.Delete(ctx, tx, nil, "mail.password") }
		if err := d.Update(ctx, remove); err != nil {
			t.Error(err)
		}
		if err := d.Update(ctx, remove); fault.KindOf(err) != fault.NotFound {
			t.Errorf("deleted twice: %v", err)
		}
		if _, err := get(t, d, v, "mail.password"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a secret that was deleted: %v", err)
		}
		for _, wrong := range [][2]string{{"", "x"}, {"a b", "x"}, {"a", ""}, {"a", strings.Repeat("x", 70_000)}} {
			err := d.Update(ctx, func(tx store.Tx) error { return v.Put(ctx, tx, nil, wrong[0], vault.Secret(wrong[1])) })
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("a secret named %q of %d bytes: %v", wrong[0], len(wrong[1]), err)
			}
		}
	})
}

// No row of the vault holds a secret, and no row can stand in for another.
func TestSealsAreBound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		v := mustOpen(t, d, vault.NewKey())
		put(t, d, v, "a", "herring")
		put(t, d, v, "b", "borscht")
		for name, change := range map[string]string{
			"another's value":         "UPDATE vault_secret SET sealed = (SELECT sealed FROM vault_secret WHERE name = 'b') WHERE name = 'a'",
			"another's value and key": "UPDATE vault_secret SET (sealed, data_key) = (SELECT sealed, data_key FROM vault_secret WHERE name = 'b') WHERE name = 'a'",
			"another version":         "UPDATE vault_secret SET version = version + 1 WHERE name = 'a'",
			"no base64":               "UPDATE vault_secret SET sealed = '*' WHERE name = 'a'",
			"a short key":             "UPDATE vault_secret SET data_key = 'AAAA' WHERE name = 'a'",
		} {
			put(t, d, v, "a", "herring")
			execute(t, d, change)
			if value, err := get(t, d, v, "a"); err == nil || value != "" {
				t.Errorf("%s: %q, %v", name, value.Reveal(), err)
			}
		}
		var rows string
		err := d.View(t.Context(), func(tx store.Tx) error {
			return tx.QueryRowContext(t.Context(), "SELECT name || master || data_key || sealed FROM vault_secret WHERE name = 'b'").Scan(&rows)
		})
		if err != nil || strings.Contains(rows, "borscht") {
			t.Errorf("the row is %s, %v", rows, err)
		}
	})
}

// A wrong key is found when the vault is opened, before anything is served.
func TestWrongKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		right, wrong := vault.NewKey(), vault.NewKey()
		put(t, d, mustOpen(t, d, right), "a", "herring")
		for name, keys := range map[string]string{
			"another key": wrong, "another key twice": wrong + " " + wrong, "no key": "", "a short key": "AAAA", "no base64": "*", "a comment": "# none",
		} {
			_, err := open(t, d, keys)
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
			if err != nil && (strings.Contains(err.Error(), right) || strings.Contains(err.Error(), wrong)) {
				t.Errorf("%s: the error tells a key: %v", name, err)
			}
		}
		execute(t, d, "UPDATE vault_key SET probe = $1", "AAAA")
		if _, err := open(t, d, right); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a probe that was tampered with: %v", err)
		}
	})
}

// The master key is changed while servers run: the new one is given before the
// old one, all is sealed anew, and the old one may go.
func TestRotate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		ctx := t.Context()
		first, second := vault.NewKey(), vault.NewKey()
		before := mustOpen(t, d, first)
		for i := range 230 {
			put(t, d, before, fmt.Sprint("secret.", i), vault.Secret(fmt.Sprint("value ", i)))
		}
		during := mustOpen(t, d, second+"\n"+first)
		put(t, d, before, "by.the.old", "x") // a node that was not restarted yet
		put(t, d, during, "by.the.new", "y")
		n, err := during.Rotate(ctx, nil)
		if n != 231 || err != nil {
			t.Errorf("%d were sealed anew, %v", n, err)
		}
		if n, err = during.Rotate(ctx, nil); n != 0 || err != nil {
			t.Errorf("again: %d were sealed anew, %v", n, err)
		}
		after := mustOpen(t, d, second)
		for name, want := range map[string]string{"secret.0": "value 0", "secret.229": "value 229", "by.the.old": "x", "by.the.new": "y"} {
			if value, err := get(t, d, after, name); err != nil || value.Reveal() != want {
				t.Errorf("%s: %q, %v", name, value.Reveal(), err)
			}
		}
		err = d.Update(ctx, func(tx store.Tx) error { return before.Put(ctx, tx, nil, "late", "z") })
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("a node that seals with the old key: %v", err)
		}
		if _, err = get(t, d, before, "secret.0"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a node that has the old key only: %v", err)
		}
		if _, err := open(t, d, first); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the old key alone: %v", err)
		}
	})
}

// On SQLite the first start makes a key, for the server's user alone. A key
// that is lost is not made again.
func TestKeyFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		folder, ctx := t.TempDir(), t.Context()
		o := vault.Options{Folder: folder}
		_, err := vault.Open(ctx, d, audit.New(d, clock), clock, o)
		path := filepath.Join(folder, vault.KeyFile)
		if d.Engine() == store.PostgreSQL {
			if _, none := os.Stat(path); fault.KindOf(err) != fault.Invalid || none == nil {
				t.Errorf("a key was made, though other nodes do not have it: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file is %v, %v", info, err)
		}
		v, err := vault.Open(ctx, d, audit.New(d, clock), clock, o)
		if err != nil {
			t.Fatal(err)
		}
		put(t, d, v, "a", "herring")
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(ctx, d, audit.New(d, clock), clock, o); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("a file that others may read: %v", err)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		_, err = vault.Open(ctx, d, audit.New(d, clock), clock, o)
		if _, none := os.Stat(path); fault.KindOf(err) != fault.Invalid || !errors.Is(none, os.ErrNotExist) {
			t.Errorf("a lost key: %v, %v", err, none)
		}
	})
}

// A secret shows nowhere by accident.
func TestSecretIsHidden(t *testing.T) {
	s := vault.Secret("herring")
	for _, shown := range []string{fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q", s, s, s, s, s), s.LogValue().String()} {
		if strings.Contains(shown, "herring") {
			t.Errorf("it shows in %s", shown)
		}
	}
}
