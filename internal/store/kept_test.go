package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A counter counts within a transaction: each value is one more than the one
// that was kept before it. It is told what became of it.
type counter struct {
	n    int
	told func(n int, o store.Outcome)
}

func (c counter) Ended(o store.Outcome) { c.told(c.n, o) }

// What an update keeps is there for those that share its transaction, but for
// what a failed one kept; and the last value is told how it ended.
func TestKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var mu sync.Mutex
		committed, told := 0, 0
		note := func(n int, o store.Outcome) {
			mu.Lock()
			defer mu.Unlock()
			told++
			if o == store.Committed {
				committed += n
			}
		}
		key, changed := new(int), errors.New("changed my mind")
		var wg sync.WaitGroup
		for i := range 90 {
			wg.Go(func() {
				defer func() { _ = recover() }()
				err := db.Update(t.Context(), func(tx store.Tx) error {
					before, _ := tx.Kept(key).(counter)
					tx.Keep(key, counter{before.n + 100, note})
					tx.Keep(key, counter{before.n + 1, note})
					if now, _ := tx.Kept(key).(counter); now.n != before.n+1 {
						t.Errorf("kept %d, found %d", before.n+1, now.n)
					}
					switch i % 3 {
					case 1:
						return changed
					case 2:
						panic("dropped the pen")
					}
					return nil
				})
				if err != nil && !errors.Is(err, changed) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if committed != 30 || told == 0 {
			t.Errorf("%d updates are counted, want 30; %d values were told", committed, told)
		}
	})
}

// A view may keep values, too; they are its own.
func TestKeptOfView(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for range 2 {
			err := db.View(t.Context(), func(tx store.Tx) error {
				if v := tx.Kept("k"); v != nil {
					return fmt.Errorf("%v was kept before", v)
				}
				tx.Keep("k", 1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}
