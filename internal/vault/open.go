package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// Options say where the master key is.
type Options struct {
	// Environment is the value of Variable. If it is not empty, it counts.
	Environment string
	// Folder is the data folder, where KeyFile counts otherwise. "" is none.
	Folder string
}

// Open returns the vault of a database whose schema is current, once the master
// key was found and proved to be the right one. Where no key was given, a new
// one is put into the data folder, if the database is a SQLite file whose vault
// was never opened. On PostgreSQL the operator gives the key, since several
// nodes need the same. The error is Invalid, with what to do.
func Open(ctx context.Context, d *store.DB, j *audit.Journal, clock func() time.Time, o Options) (*Vault, error) {
	v := &Vault{db: d, journal: j, clock: clock}
	known, err := v.known(ctx)
	if err != nil {
		return nil, err
	}
	if v.keys, err = o.load(d.Engine() == store.SQLite && len(known) == 0); err != nil {
		return nil, err
	}
	return v, v.Check(ctx)
}

// load returns the keys; isNew allows to make one.
func (o Options) load(isNew bool) (Keys, error) {
	if o.Environment != "" {
		k, err := ParseKeys(o.Environment)
		if err != nil {
			err = fmt.Errorf("%s: %w", Variable, err)
		}
		return k, err
	}
	if o.Folder != "" {
		if k, found, err := readKeyFile(o.Folder); found || err != nil {
			return k, err
		}
	}
	if !isNew || o.Folder == "" {
		return Keys{}, fault.New(fault.Invalid, "there is no master key: set %s, or put the key into the file %s of the data folder", Variable, KeyFile)
	}
	return makeKeyFile(o.Folder)
}

// A keyRow is a master key that the database knows of.
type keyRow struct{ id, probe string }

// known returns the master keys that the database knows of.
func (v *Vault) known(ctx context.Context) (known []keyRow, err error) {
	err = v.db.View(ctx, func(tx store.Tx) error {
		known = nil
		rows, err := tx.QueryContext(ctx, "SELECT id, probe FROM vault_key ORDER BY id")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var k keyRow
			if err := rows.Scan(&k.id, &k.probe); err != nil {
				return err
			}
			known = append(known, k)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("look for the master keys: %w", err)
	}
	return known, nil
}

// Check reports whether the master keys are the right ones: each that the
// database knows of was given, and opens what it sealed. A current key that the
// database does not know is entered, if it is the first or an older one was
// right.
func (v *Vault) Check(ctx context.Context) error {
	known, err := v.known(ctx)
	if err != nil {
		return err
	}
	for _, row := range known {
		key := v.keys.find(row.id)
		if key == nil {
			return fault.New(fault.Invalid, "the master key is not the one that sealed the secrets of this database, which is %s and not %s: "+
				"give the right one; to change it, give the new key first and the old one behind it", row.id, v.keys.current.id)
		}
		if _, err := open(key.key, row.probe, bound("probe", row.id, 0)); err != nil {
			return fault.New(fault.Invalid, "the master key %s does not open its probe: %w", row.id, err)
		}
	}
	if slices.ContainsFunc(known, func(k keyRow) bool { return k.id == v.keys.current.id }) {
		return nil
	}
	return v.db.Update(ctx, func(tx store.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO vault_key (id, probe, at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
			v.keys.current.id, probe(v.keys.current), store.At(v.clock()))
		if err != nil {
			return fmt.Errorf("enter the master key: %w", err)
		}
		return v.journal.Record(ctx, tx, nil, "vault.key.enter", "key", v.keys.current.id)
	})
}

// isMaster reports whether the current key may seal: a Conflict if it was
// replaced.
func (v *Vault) isMaster(ctx context.Context, tx store.Tx) error {
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM vault_key WHERE id = $1", v.keys.current.id).Scan(&n); err != nil {
		return fmt.Errorf("look for the master key: %w", err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "the master key was changed: restart this server with the new one")
	}
	return nil
}

// atOnce is how many data keys one transaction of Rotate seals anew.
const atOnce = 100

// Rotate seals all data keys by the current master key, and forgets those that
// sealed nothing more. It returns how many data keys that were; with one master
// key it does nothing. It may be interrupted and repeated.
func (v *Vault) Rotate(ctx context.Context, by audit.Actor) (sealed int, err error) {
	for {
		n := 0
		err := v.db.Update(ctx, func(tx store.Tx) (err error) {
			n, err = v.rotate(ctx, tx)
			return err
		})
		if err != nil {
			return sealed, err
		}
		sealed += n
		if n < atOnce {
			break
		}
	}
	return sealed, v.db.Update(ctx, func(tx store.Tx) error {
		r, err := tx.ExecContext(ctx, "DELETE FROM vault_key WHERE id <> $1 AND NOT EXISTS (SELECT 1 FROM vault_secret s WHERE s.master = vault_key.id)", v.keys.current.id)
		if err != nil {
			return fmt.Errorf("forget old master keys: %w", err)
		}
		gone, err := r.RowsAffected()
		if err != nil || gone == 0 {
			return err
		}
		return v.journal.Record(ctx, tx, by, "vault.key.rotate", "key", v.keys.current.id, audit.F("sealed", sealed))
	})
}

// rotate seals some data keys anew.
func (v *Vault) rotate(ctx context.Context, tx store.Tx) (int, error) {
	type secret struct {
		name, master, dataKey string
		version               int64
	}
	rows, err := tx.QueryContext(ctx, "SELECT name, version, master, data_key FROM vault_secret WHERE master <> $1 ORDER BY name LIMIT $2", v.keys.current.id, atOnce)
	if err != nil {
		return 0, fmt.Errorf("find secrets: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var found []secret
	for rows.Next() {
		var s secret
		if err := rows.Scan(&s.name, &s.version, &s.master, &s.dataKey); err != nil {
			return 0, fmt.Errorf("find secrets: %w", err)
		}
		found = append(found, s)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, fmt.Errorf("find secrets: %w", err)
	}
	for _, s := range found {
		old := v.keys.find(s.master)
		if old == nil {
			return 0, fault.New(fault.Conflict, "the secret %s is sealed by the master key %s: give that key behind the new one until all is sealed anew", s.name, s.master)
		}
		key, err := unwrap(old, s.name, s.version, s.dataKey)
		if err != nil {
			return 0, fmt.Errorf("open the secret %s: %w", s.name, err)
		}
		_, err = tx.ExecContext(ctx, "UPDATE vault_secret SET master = $1, data_key = $2 WHERE name = $3",
			v.keys.current.id, wrap(v.keys.current, s.name, s.version, key), s.name)
		if err != nil {
			return 0, fmt.Errorf("seal the secret %s anew: %w", s.name, err)
		}
	}
	return len(found), nil
}
