package store_test

import (
	"testing"

	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A glance sees what was committed before it, each time anew, and changes
// nothing.
func TestGlance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		room(t, db, 3)
		ctx := t.Context()
		for want := range 5 { // the statement is prepared from the second on
			var row, rows int
			err := db.Glance(ctx, func(tx store.Tx) error {
				return tx.QueryRowContext(ctx, "SELECT count(*) FROM seat WHERE taken_by <> ''").Scan(&row)
			})
			if err != nil {
				t.Fatal(err)
			}
			err = db.Glance(ctx, func(tx store.Tx) error {
				found, err := tx.QueryContext(ctx, "SELECT id FROM seat WHERE taken_by <> ''")
				if err != nil {
					return err
				}
				defer func() { _ = found.Close() }()
				for rows = 0; found.Next(); rows++ {
				}
				return found.Err()
			})
			if want = min(want, 3); err != nil || row != want || rows != want {
				t.Fatalf("a glance sees %d and %d seats taken (%v), want %d", row, rows, err, want)
			}
			update(t, db, func(tx store.Tx) error {
				_, err := tx.ExecContext(ctx, "UPDATE seat SET taken_by = 'ada' WHERE id = $1", want)
				return err
			})
		}
		err := db.Glance(ctx, func(tx store.Tx) error {
			_, err := tx.ExecContext(ctx, "UPDATE seat SET taken_by = ''")
			return err
		})
		if err == nil {
			t.Error("a glance wrote")
		}
		err = db.Glance(ctx, func(tx store.Tx) error {
			_, err := tx.PrepareContext(ctx, "SELECT id FROM seat")
			return err
		})
		if err == nil {
			t.Error("a glance prepared a statement, which nobody would close")
		}
	})
}
