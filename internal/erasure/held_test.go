package erasure_test

import (
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// What is foretold is what goes, and foretelling takes nothing away.
func TestHeldIsWhatEraseRemoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		h := open(t, db, t.TempDir())
		h.execute(t, diaryTable)
		h.join(t, "Ada", auth.Administrator)
		ben := h.join(t, "Ben")
		by := auth.TheProgram("test")
		entries := h.count(t, "SELECT count(*) FROM audit_entry")
		var foretold int64
		for range 2 {
			foretold = 0
			shares, err := h.Held(ctx, by, ben)
			if err != nil {
				t.Fatal(err)
			}
			rooms := map[string]int64{}
			for _, s := range shares {
				rooms[s.Room] += s.Rows
				foretold += s.Rows
			}
			if len(shares) != 2 || rooms["diary"] != 40 || rooms["auth"] == 0 {
				t.Errorf("held is %v", shares)
			}
		}
		if n := h.count(t, "SELECT count(*) FROM diary_letter WHERE writer = $1", string(ben)); n != 40 {
			t.Errorf("foretelling left %d letters", n)
		}
		if n := h.count(t, "SELECT count(*) FROM audit_entry"); n != entries {
			t.Errorf("foretelling wrote %d entries to the journal", n-entries)
		}
		if people, _, err := h.Count(ctx); err != nil || people != 0 {
			t.Errorf("foretelling left %d tombstones, %v", people, err)
		}
		r, err := h.Erase(ctx, by, ben)
		if err != nil || r.Rows != foretold {
			t.Errorf("%d rows were erased, %d foretold; %v", r.Rows, foretold, err)
		}
		if shares, err := h.Held(ctx, by, ben); err != nil || len(shares) != 0 {
			t.Errorf("afterwards %v is held, %v", shares, err)
		}
		found, err := h.Erasures(ctx, ben, erasure.Key{}, 1)
		if err != nil || len(found) != 1 || found[0].Gone == nil || !found[0].At.Equal(clock()) {
			t.Errorf("the list has %+v, %v", found, err)
		}
		if people, waiting, err := h.Count(ctx); err != nil || people != 1 || waiting != 0 {
			t.Errorf("counted are %d, %d, %v", people, waiting, err)
		}
	})
}

// It refuses what Erase refuses.
func TestHeldRefusesTheLastAdministrator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db, t.TempDir())
		h.execute(t, diaryTable)
		ada := h.join(t, "Ada", auth.Administrator)
		if _, err := h.Held(t.Context(), auth.TheProgram("test"), ada); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the last administrator: %v", err)
		}
	})
}
