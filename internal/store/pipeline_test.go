package store_test

import (
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A road leads to a server, and counts how often somebody on it waited for an
// answer.
type road struct {
	journeys atomic.Int64
	to       string
}

// newRoad returns a road to the server of an address, and the address at its
// other end.
func newRoad(t *testing.T, address string) (*road, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	r := &road{to: u.Host}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.carry(c)
		}
	}()
	u.Host = l.Addr().String()
	return r, u.String()
}

// carry connects a client until one of the two ends it.
func (r *road) carry(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", r.to)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	var waiting atomic.Bool
	go func() {
		defer func() { _ = server.Close() }()
		packet := make([]byte, 64<<10)
		for {
			n, err := client.Read(packet)
			if err != nil {
				return
			}
			if !waiting.Swap(true) {
				r.journeys.Add(1)
			}
			if _, err := server.Write(packet[:n]); err != nil {
				return
			}
		}
	}()
	packet := make([]byte, 64<<10)
	for {
		n, err := server.Read(packet)
		if err != nil {
			return
		}
		waiting.Store(false)
		if _, err := client.Write(packet[:n]); err != nil {
			return
		}
	}
}

// A change and its entry of the journal take two journeys to the server, and an
// update that does nothing takes none.
func TestJourneys(t *testing.T) {
	r, place := newRoad(t, storetest.PostgreSQL(t))
	db, ctx := storetest.Open(t, place), t.Context()
	room(t, db, 100)
	j := audit.New(db, time.Now)
	change := func(tx store.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE seat SET taken_by = $1 WHERE id = $2", "ada", 1); err != nil {
			return err
		}
		return j.Record(ctx, tx, nil, "room.seat.take", "seat", "1")
	}
	for range 4 { // until both statements are prepared
		update(t, db, change)
	}
	for _, want := range []struct {
		what     string
		f        func(store.Tx) error
		journeys int64
	}{
		{"a change with its entry", change, 2},
		{"nothing", func(store.Tx) error { return nil }, 0},
		{"an entry alone", func(tx store.Tx) error { return j.Record(ctx, tx, nil, "room.seat.see", "seat", "1") }, 1},
	} {
		before := r.journeys.Load()
		update(t, db, want.f)
		if n := r.journeys.Load() - before; n != want.journeys {
			t.Errorf("%s takes %d journeys to the server, not %d", want.what, n, want.journeys)
		}
	}
}

// What is put off is there for the next query; if it fails, so does the update,
// as a whole, and the one after it is not troubled.
func TestLater(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		db, err := store.Open(t.Context(), place, store.Options{Log: storetest.Log(t), Connections: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		ctx := t.Context()
		room(t, db, 2)
		take := func(tx store.Tx, id int) error {
			return tx.Later(ctx, "INSERT INTO seat (id, taken_by) VALUES ($1, $2)", id, "ada")
		}
		update(t, db, func(tx store.Tx) error {
			if err := take(tx, 11); err != nil {
				return err
			}
			var who string
			return tx.QueryRowContext(ctx, "SELECT taken_by FROM seat WHERE id = $1", 11).Scan(&who)
		})
		for what, f := range map[string]func(store.Tx) error{
			"it is the last":         func(store.Tx) error { return nil },
			"another is put off too": func(tx store.Tx) error { return take(tx, 13) },
			"a query follows": func(tx store.Tx) error {
				var n int
				return tx.QueryRowContext(ctx, "SELECT count(*) FROM seat").Scan(&n)
			},
			"a change follows": func(tx store.Tx) error {
				_, err := tx.ExecContext(ctx, "UPDATE seat SET taken_by = $1 WHERE id = $2", "ben", 1)
				return err
			},
		} {
			err := db.Update(ctx, func(tx store.Tx) error {
				if err := sit(ctx, tx, "eve"); err != nil {
					return err
				}
				if err := take(tx, 11); err != nil { // is taken
					return err
				}
				return f(tx)
			})
			if !store.IsTaken(err) {
				t.Errorf("%s: the error is %v", what, err)
			}
			if n := count(t, db, "taken_by <> ''"); n != 1 {
				t.Errorf("%s: %d seats are taken, not 1", what, n)
			}
		}
		update(t, db, func(tx store.Tx) error { return take(tx, 12) })
	})
}

// An update that goes on after a failed statement of PostgreSQL is refused.
func TestFailureIsNotOverlooked(t *testing.T) {
	db, ctx := storetest.Open(t, storetest.PostgreSQL(t)), t.Context()
	room(t, db, 2)
	err := db.Update(ctx, func(tx store.Tx) error {
		if err := sit(ctx, tx, "eve"); err != nil {
			return err
		}
		_, _ = tx.ExecContext(ctx, "INSERT INTO seat (id, taken_by) VALUES ($1, $2)", 1, "ben")
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "rollback") {
		t.Errorf("the error is %v", err)
	}
	if n := count(t, db, "taken_by <> ''"); n != 0 {
		t.Errorf("%d seats are taken", n)
	}
}

// A server that ended its connections, or one that became a standby and takes
// no writes any more, is left for a new connection; an update does not notice.
func TestConnectionsAreReplaced(t *testing.T) {
	place := storetest.PostgreSQL(t)
	db, err := store.Open(t.Context(), place, store.Options{Log: storetest.Log(t), Connections: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx := t.Context()
	room(t, db, 5)
	other := storetest.Open(t, place)
	for what, trouble := range map[string]func() error{
		"the connection is ended": func() error {
			_, err := other.Pool().ExecContext(ctx, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid()`)
			return err
		},
		"the server takes no writes": func() error {
			_, err := db.Pool().ExecContext(ctx, "SET default_transaction_read_only = on")
			return err
		},
	} {
		if err := trouble(); err != nil {
			t.Fatal(err)
		}
		if err := db.Update(ctx, func(tx store.Tx) error { return sit(ctx, tx, what) }); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := count(t, db, "taken_by <> ''"); n != 2 {
		t.Errorf("%d seats are taken, not 2", n)
	}
}
