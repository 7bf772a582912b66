package dump_test

import (
	"path/filepath"
	"testing"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/dump"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A copy that an older program made is put back by this one: under the tables of
// its time first, and brought on from there.
func TestOlderCopy(t *testing.T) {
	const early = 2 // journal and accounts
	for name, place := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(t.TempDir(), "cadre.db") },
		"postgres": func() string { return storetest.Empty(t, "") },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, old, folder := t.Context(), place(), t.TempDir()
			db := storetest.Open(t, old)
			if err := db.MigrateTo(ctx, early); err != nil {
				t.Fatal(err)
			}
			if v, err := db.SchemaVersion(ctx); err != nil || v != early {
				t.Fatalf("the version is %d: %v", v, err)
			}
			err := db.Update(ctx, func(tx store.Tx) error {
				_, err := tx.ExecContext(ctx, "INSERT INTO auth_principal (id, kind, name, email, verified, created_at) VALUES ('a', 'person', $1, 'a@b', 1, 5)", "Zoë\t\\N\n")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := dump.Write(ctx, old, folder); err != nil {
				t.Fatal(err)
			}
			to := place()
			if empty, err := dump.IsEmpty(ctx, to); err != nil || !empty {
				t.Errorf("an empty place is empty: %t, %v", empty, err)
			}
			if err := dump.Read(ctx, to, folder, early); err != nil {
				t.Fatal(err)
			}
			if empty, err := dump.IsEmpty(ctx, to); err != nil || empty {
				t.Errorf("a full place is empty: %t, %v", empty, err)
			}
			back := storetest.Open(t, to)
			if _, err := back.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			var name string
			err = back.View(ctx, func(tx store.Tx) error {
				return tx.QueryRowContext(ctx, "SELECT name FROM auth_principal WHERE id = 'a'").Scan(&name)
			})
			if err != nil || name != "Zoë\t\\N\n" {
				t.Errorf("the name is %q: %v", name, err)
			}
			if err := dump.Check(ctx, back); err != nil {
				t.Error(err)
			}
			if err := back.MigrateTo(ctx, 9999); fault.KindOf(err) != fault.Conflict {
				t.Errorf("a schema of the future: %v", err)
			}
		})
	}
}

// A copy of one kind of database does not go into the other.
func TestOtherKind(t *testing.T) {
	ctx := t.Context()
	lite, postgres := t.TempDir(), t.TempDir()
	if err := dump.Write(ctx, storetest.SQLite(t), lite); err != nil {
		t.Fatal(err)
	}
	if err := dump.Write(ctx, storetest.PostgreSQL(t), postgres); err != nil {
		t.Fatal(err)
	}
	if err := dump.Read(ctx, filepath.Join(t.TempDir(), "cadre.db"), postgres, 1); fault.KindOf(err) != fault.Invalid {
		t.Errorf("PostgreSQL into SQLite: %v", err)
	}
	if err := dump.Read(ctx, storetest.Empty(t, ""), lite, 1); fault.KindOf(err) != fault.Invalid {
		t.Errorf("SQLite into PostgreSQL: %v", err)
	}
}
