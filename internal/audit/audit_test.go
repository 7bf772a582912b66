package audit_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// A clerk is an actor for tests.
type clerk struct{ id, request string }

func (c clerk) PrincipalID() string { return c.id }
func (c clerk) RequestID() string   { return c.request }

var ada = clerk{"ada", "r-1"}

// ticking returns a clock that is a second later each time.
func ticking() func() time.Time {
	var mu sync.Mutex
	now := noon
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
}

// An office is a journal over a database.
type office struct {
	*audit.Journal
	db *store.DB
}

func open(db *store.DB) *office { return &office{audit.New(db, ticking()), db} }

// note writes an entry in a transaction of its own.
func (o *office) note(t *testing.T, action string, id any) {
	t.Helper()
	err := o.db.Update(t.Context(), func(tx store.Tx) error {
		return o.Record(t.Context(), tx, ada, action, "family", fmt.Sprint(id))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// entries returns what a filter finds.
func entries(t *testing.T, db *store.DB, f audit.Filter) (found []audit.Entry) {
	t.Helper()
	err := db.View(t.Context(), func(tx store.Tx) (err error) {
		found, err = audit.Entries(t.Context(), tx, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// ids returns the things of entries, in their order.
func ids(found []audit.Entry) string {
	var all []string
	for _, e := range found {
		all = append(all, e.ID)
	}
	return strings.Join(all, " ")
}

// problems returns what is wrong with a journal, one line for each problem.
func problems(t *testing.T, db *store.DB, seals ...audit.Seal) (lines []string) {
	t.Helper()
	err := db.View(t.Context(), func(tx store.Tx) error {
		lines = nil
		_, err := audit.Verify(t.Context(), tx, seals, func(p audit.Problem) { lines = append(lines, p.String()) })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func clean(t *testing.T, db *store.DB, seals ...audit.Seal) {
	t.Helper()
	if lines := problems(t, db, seals...); len(lines) > 0 {
		t.Errorf("a journal that nobody touched: %s", strings.Join(lines, "; "))
	}
}

// An entry tells who did what to which thing, when, and in which request.
func TestRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(db)
		type state string
		err := db.Update(t.Context(), func(tx store.Tx) error {
			return o.Record(t.Context(), tx, ada, "catalog.version.publish", "family", "berth-planning",
				audit.F("version", 3), audit.F("state", state("open")), audit.F("waived", true), audit.F("share", 0.5), audit.F("from", noon))
		})
		if err != nil {
			t.Fatal(err)
		}
		got := entries(t, db, audit.Filter{})
		want := `{"version":3,"state":"open","waived":true,"share":0.5,"from":"2026-11-30T12:00:00Z"}`
		if len(got) != 1 {
			t.Fatalf("%d entries", len(got))
		}
		e := got[0]
		if e.Actor != "ada" || e.Request != "r-1" || e.Action != "catalog.version.publish" || e.Kind != "family" ||
			e.ID != "berth-planning" || e.Facts != want || !e.At.Equal(noon.Add(time.Second)) || e.Seq != 1 {
			t.Errorf("the entry is %+v", e)
		}
		clean(t, db)
	})
}

// What did not take place is not in the journal, and the chain goes on without
// a gap, also when others share the transaction.
func TestUndoneIsNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(db), t.Context()
		changed := errors.New("changed my mind")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				defer func() { _ = recover() }()
				err := db.Update(ctx, func(tx store.Tx) error {
					for range i % 3 {
						if err := o.Record(ctx, tx, ada, "test.thing.note", "thing", fmt.Sprint(i)); err != nil {
							return err
						}
					}
					switch i % 4 {
					case 1:
						return changed
					case 2:
						panic("dropped the pen")
					}
					return o.Record(ctx, tx, nil, "test.thing.done", "thing", fmt.Sprint(i))
				})
				if err != nil && !errors.Is(err, changed) {
					t.Errorf("update %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		clean(t, db)
		found := entries(t, db, audit.Filter{Limit: 1000})
		seen := map[string]int{}
		for _, e := range found {
			seen[e.ID+e.Action]++
		}
		for i := range 200 {
			want, done := i%3, 1
			if i%4 == 1 || i%4 == 2 {
				want, done = 0, 0
			}
			id := fmt.Sprint(i)
			if seen[id+"test.thing.note"] != want || seen[id+"test.thing.done"] != done {
				t.Errorf("update %d has %d and %d entries, want %d and %d", i, seen[id+"test.thing.note"], seen[id+"test.thing.done"], want, done)
			}
		}
	})
}

// Text, addresses and whatever else could be about a person is refused, and
// with it what it was to be the journal of.
func TestTextIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(db), t.Context()
		long := strings.Repeat("x", 101)
		for name, record := range map[string]func(tx store.Tx) error{
			"a sentence as a fact": func(tx store.Tx) error {
				return o.Record(ctx, tx, ada, "a.b.c", "k", "1", audit.F("why", "was late again"))
			},
			"a long fact": func(tx store.Tx) error { return o.Record(ctx, tx, ada, "a.b.c", "k", "1", audit.F("why", long)) },
			"an address as a fact": func(tx store.Tx) error {
				return o.Record(ctx, tx, ada, "a.b.c", "k", "1", audit.F("to", "ada@meridian.example"))
			},
			"a list as a fact": func(tx store.Tx) error {
				return o.Record(ctx, tx, ada, "a.b.c", "k", "1", audit.F("to", []string{"a"}))
			},
			"a fact twice": func(tx store.Tx) error {
				return o.Record(ctx, tx, ada, "a.b.c", "k", "1", audit.F("n", 1), audit.F("n", 2))
			},
			"a sentence as an id":   func(tx store.Tx) error { return o.Record(ctx, tx, ada, "a.b.c", "k", "Ada Quay") },
			"a sentence as request": func(tx store.Tx) error { return o.Record(ctx, tx, clerk{"ada", "r 1"}, "a.b.c", "k", "1") },
			"no action":             func(tx store.Tx) error { return o.Record(ctx, tx, ada, "", "k", "1") },
		} {
			err := db.Update(ctx, record)
			if err == nil {
				t.Errorf("%s is in the journal", name)
			} else if strings.Contains(err.Error(), "late") || strings.Contains(err.Error(), "meridian") || strings.Contains(err.Error(), "Quay") {
				t.Errorf("%s: the error tells it: %v", name, err)
			}
		}
		if found := entries(t, db, audit.Filter{}); len(found) != 0 {
			t.Errorf("%d entries", len(found))
		}
	})
}

// The list is read page by page, by thing, actor, action and time.
func TestEntriesByFilter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(db), t.Context()
		for i := range 7 {
			by := clerk{id: "ada"}
			if i%2 == 1 {
				by.id = ""
			}
			action := []string{"auth.token.make", "auth.tokens.count", "org.person.join"}[i%3]
			err := db.Update(ctx, func(tx store.Tx) error {
				return o.Record(ctx, tx, by, action, fmt.Sprint("kind", i%2), fmt.Sprint(i))
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		program := ""
		for want, f := range map[string]audit.Filter{
			"6 5 4 3 2 1 0": {},
			"5 3 1":         {Actor: &program},
			"6 4 2 0":       {Kind: "kind0"},
			"4":             {Kind: "kind0", ID: "4"},
			"6 3 0":         {Action: "auth.token."},
			"4 1":           {Action: "auth.tokens.count"},
			"3 2":           {From: noon.Add(3 * time.Second), Until: noon.Add(5 * time.Second)},
			"6 5":           {Limit: 2},
		} {
			if got := ids(entries(t, db, f)); got != want {
				t.Errorf("%+v finds %q, want %q", f, got, want)
			}
		}
		var pages []string
		f := audit.Filter{Limit: 3}
		for {
			page := entries(t, db, f)
			if len(page) == 0 {
				break
			}
			pages = append(pages, ids(page))
			k := page[len(page)-1].Key()
			f.After = &k
		}
		if want := []string{"6 5 4", "3 2 1", "0"}; !slices.Equal(pages, want) {
			t.Errorf("pages %q, want %q", pages, want)
		}
	})
}

// Several nodes write at once, each on chains of its own; what one wrote is a
// witness for another that starts later.
func TestNodesWriteTogether(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		ctx := context.Background()
		dbs := []*store.DB{storetest.Open(t, place), storetest.Open(t, place)}
		var wg sync.WaitGroup
		for _, db := range dbs {
			o := open(db)
			for i := range 100 {
				wg.Go(func() {
					err := db.Update(ctx, func(tx store.Tx) error { return o.Record(ctx, tx, ada, "test.thing.note", "thing", fmt.Sprint(i)) })
					if err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		clean(t, dbs[0])
		if n := len(entries(t, dbs[0], audit.Filter{Limit: 1000})); n != 200 {
			t.Errorf("%d entries, want 200", n)
		}
	})
}

// The newest entries are read from the end of an index, however many there are,
// and so are the places at which chains end.
func TestReadingDoesNotSort(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	for name, query := range audit.Queries() {
		err := db.View(t.Context(), func(tx store.Tx) error {
			rows, err := tx.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+regexp.MustCompile(`\$\d+`).ReplaceAllString(query, "1"))
			if err != nil {
				return err
			}
			defer func() { _ = rows.Close() }()
			for rows.Next() {
				var id, parent, unused int
				var step string
				if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
					return err
				}
				if strings.HasPrefix(step, "SCAN audit_entry") || step == "USE TEMP B-TREE FOR ORDER BY" {
					t.Errorf("%s: %s", name, step)
				}
			}
			return rows.Err()
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
