package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

var (
	ada = auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada Quay", Request: "r1"}
	ben = auth.Actor{ID: "ben", Kind: auth.Person, Name: "Ben Tide", Request: "r2"}
)

// An office is an inbox over rooms that say what the test tells them.
type office struct {
	*inbox.Service

	db    *store.DB
	now   time.Time
	log   strings.Builder
	asked int // how often the first room was
}

// open returns an inbox over rooms: "quay" and, behind it, some others.
func open(t *testing.T, db *store.DB, quay func(auth.Actor) ([]inbox.Todo, error), others ...inbox.Source) *office {
	t.Helper()
	a, err := auth.NewAuthority(inbox.Room())
	if err != nil {
		t.Fatal(err)
	}
	o := &office{db: db, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return o.now }
	first := inbox.Source{Room: "quay", Label: "Quay", Todos: func(_ context.Context, by auth.Actor, _ time.Time) ([]inbox.Todo, error) {
		o.asked++
		return quay(by)
	}}
	o.Service = inbox.New(db, a, audit.New(db, clock), clock, slog.New(slog.NewTextHandler(&o.log, nil)), append([]inbox.Source{first}, others...)...)
	return o
}

func todo(room, thing string, due inbox.Due) inbox.Todo {
	return inbox.Todo{Key: inbox.NewKey(room, "berth", thing), Kind: inbox.Organisation, Say: "Berth " + thing, Href: "/berths/" + thing, Act: "Look", Due: due}
}

// berths says that three berths wait for Ada, and one for somebody else on her
// behalf.
func berths(by auth.Actor) ([]inbox.Todo, error) {
	if by.ID != ada.ID {
		return nil, nil
	}
	other := todo("quay", "4", inbox.Due{})
	other.Who = "Ben Tide"
	return []inbox.Todo{
		todo("quay", "1", inbox.Due{}), todo("quay", "2", inbox.Due{Day: "2026-11-25"}), other,
		todo("quay", "3", inbox.Due{At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}),
	}, nil
}

// said returns what the todos say, in order.
func said(todos []inbox.Todo) string {
	var all []string
	for _, t := range todos {
		all = append(all, t.Say)
	}
	return strings.Join(all, ", ")
}

func read(t *testing.T, o *office, by auth.Actor) *inbox.List {
	t.Helper()
	l, err := o.Read(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What is most urgent comes first, whichever room says it; what waits for
// others stands apart.
func TestListIsInTheOrderOfDates(t *testing.T) {
	o := open(t, storetest.Open(t, storetest.SQLite(t)), berths, inbox.Source{Room: "crane", Label: "Cranes", Todos: func(context.Context, auth.Actor, time.Time) ([]inbox.Todo, error) {
		return []inbox.Todo{todo("crane", "9", inbox.Due{Day: "2026-11-24"})}, nil
	}})
	l := read(t, o, ada)
	if got := said(l.Todos); got != "Berth 3, Berth 9, Berth 2, Berth 1" {
		t.Errorf("the list is %s", got)
	}
	if got := said(l.Others); got != "Berth 4" || len(l.Missing) > 0 {
		t.Errorf("others: %s; missing: %v", got, l.Missing)
	}
	if got := said(inbox.After(l.Todos, l.Todos[1].Place())); got != "Berth 2, Berth 1" {
		t.Errorf("after the second: %s", got)
	}
	gone := todo("crane", "8", inbox.Due{Day: "2026-11-24"}).Place()
	if got := said(inbox.After(l.Todos, gone)); got != "Berth 9, Berth 2, Berth 1" {
		t.Errorf("after one that is gone: %s", got)
	}
}

// A room that fails, panics, is too slow or says nonsense does not hide the
// others, and what it said stands in the log alone.
func TestBrokenSourceHidesNobody(t *testing.T) {
	broken := func(room string, todos func(ctx context.Context) ([]inbox.Todo, error)) inbox.Source {
		return inbox.Source{Room: room, Label: strings.ToUpper(room), Todos: func(ctx context.Context, _ auth.Actor, _ time.Time) ([]inbox.Todo, error) {
			return todos(ctx)
		}}
	}
	o := open(t, storetest.Open(t, storetest.SQLite(t)), berths,
		broken("a", func(context.Context) ([]inbox.Todo, error) { return nil, errors.New("the crane fell") }),
		broken("b", func(context.Context) ([]inbox.Todo, error) { panic("the hold is empty") }),
		broken("c", func(context.Context) ([]inbox.Todo, error) { return []inbox.Todo{todo("quay", "5", inbox.Due{})}, nil }),
		broken("e", func(context.Context) ([]inbox.Todo, error) {
			away := todo("e", "7", inbox.Due{})
			away.Href = "https://elsewhere.example/"
			return []inbox.Todo{away}, nil
		}),
		broken("d", func(context.Context) ([]inbox.Todo, error) { return []inbox.Todo{todo("d", "5 6", inbox.Due{})}, nil }),
	)
	l := read(t, o, ada)
	if got := said(l.Todos); got != "Berth 3, Berth 2, Berth 1" {
		t.Errorf("the list is %s", got)
	}
	if !slices.Equal(l.Missing, []string{"A", "B", "C", "E", "D"}) {
		t.Errorf("missing: %v", l.Missing)
	}
	for _, words := range []string{"the crane fell", "the hold is empty", "request=r1"} {
		if !strings.Contains(o.log.String(), words) {
			t.Errorf("the log lacks %q: %s", words, o.log.String())
		}
	}
	if _, err := o.Snooze(t.Context(), ada, inbox.NewKey("a", "berth", "1"), "2026-11-30", time.UTC); fault.KindOf(err) != fault.Busy {
		t.Errorf("put off what a broken room has: %v", err)
	}
}

// The number in the rail waits for no slow room.
func TestCountDoesNotWait(t *testing.T) {
	o := open(t, storetest.Open(t, storetest.SQLite(t)), berths, inbox.Source{Room: "slow", Label: "Slow", Todos: func(ctx context.Context, _ auth.Actor, _ time.Time) ([]inbox.Todo, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	if n := o.Count(t.Context(), ada); n != 3 {
		t.Errorf("%d wait, not 3", n)
	}
}

// The number is remembered for some seconds, and right at once after the reader
// did something.
func TestCountIsRemembered(t *testing.T) {
	o := open(t, storetest.Open(t, storetest.SQLite(t)), berths)
	for range 5 {
		if n := o.Count(t.Context(), ada); n != 3 {
			t.Errorf("%d wait, not 3", n)
		}
	}
	if n := o.Count(t.Context(), ben); n != 0 {
		t.Errorf("%d wait for somebody else", n)
	}
	if o.asked != 2 {
		t.Errorf("the room was asked %d times, not once for each", o.asked)
	}
	if _, err := o.Snooze(t.Context(), ada, inbox.NewKey("quay", "berth", "1"), "2026-11-30", time.UTC); err != nil {
		t.Fatal(err)
	}
	if n := o.Count(t.Context(), ada); n != 2 {
		t.Errorf("%d wait after one was put off, not 2", n)
	}
	asked := o.asked
	o.now = o.now.Add(6 * time.Second)
	o.Count(t.Context(), ada)
	if o.asked != asked+1 {
		t.Error("the number is remembered for ever")
	}
	if n := o.Count(t.Context(), auth.Actor{}); n != 0 {
		t.Errorf("%d wait for nobody", n)
	}
}

// What is put off comes back at midnight where its reader is, or when they say
// so. Others do not notice.
func TestSnooze(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db, func(by auth.Actor) ([]inbox.Todo, error) {
			found, err := berths(ada) // waits for everybody
			return found, err
		})
		auckland, err := time.LoadLocation("Pacific/Auckland")
		if err != nil {
			t.Fatal(err)
		}
		first := inbox.NewKey("quay", "berth", "1")
		// It is the 24th there already.
		for until, want := range map[calendar.Day]fault.Kind{"2026-11-24": fault.Invalid, "2026-11-01": fault.Invalid, "": fault.Invalid, "2027-12-24": fault.Invalid} {
			if _, err := o.Snooze(t.Context(), ada, first, until, auckland); fault.KindOf(err) != want {
				t.Errorf("until %q: %v", until, err)
			}
		}
		if _, err := o.Snooze(t.Context(), ada, first, "2026-11-26", auckland); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Snooze(t.Context(), ada, first, "2026-11-25", auckland); err != nil { // sooner, after all
			t.Fatal(err)
		}
		l := read(t, o, ada)
		if said(l.Todos) != "Berth 3, Berth 2" || len(l.Snoozed) != 1 || l.Snoozed[0].Until != "2026-11-25" {
			t.Errorf("put off: %s; %+v", said(l.Todos), l.Snoozed)
		}
		if found, err := o.Find(t.Context(), ada, first); err != nil || found.Until != "2026-11-25" || found.Say != "Berth 1" {
			t.Errorf("found %+v, %v", found, err)
		}
		if l := read(t, o, ben); len(l.Todos) != 3 || len(l.Snoozed) != 0 {
			t.Errorf("somebody else's: %s; %+v", said(l.Todos), l.Snoozed)
		}
		o.now = time.Date(2026, 11, 24, 10, 59, 59, 0, time.UTC) // 23:59:59 on the 24th in Auckland
		if l := read(t, o, ada); len(l.Snoozed) != 1 {
			t.Error("it is back before midnight")
		}
		o.now = o.now.Add(time.Second)
		if l := read(t, o, ada); len(l.Snoozed) != 0 || len(l.Todos) != 3 {
			t.Error("it is not back at midnight")
		}
		// Two are put off; the row of what came back goes, and one is taken back.
		for _, key := range []inbox.Key{"quay:berth:2", "quay:berth:3"} {
			if _, err := o.Snooze(t.Context(), ada, key, "2026-12-01", time.UTC); err != nil {
				t.Fatal(err)
			}
		}
		if n := rows(t, db); n != 2 {
			t.Errorf("%d rows are kept, not 2", n)
		}
		for range 2 { // the second does nothing
			if err := o.Wake(t.Context(), ada, "quay:berth:3"); err != nil {
				t.Fatal(err)
			}
		}
		if l := read(t, o, ada); said(l.Todos) != "Berth 3, Berth 1" {
			t.Errorf("one was taken back: %s", said(l.Todos))
		}
		wantJournal(t, db, "inbox.todo.snooze quay:berth:1", "inbox.todo.snooze quay:berth:1", "inbox.todo.snooze quay:berth:2", "inbox.todo.snooze quay:berth:3", "inbox.todo.wake quay:berth:3")
	})
}

func rows(t *testing.T, db *store.DB) (n int) {
	t.Helper()
	err := db.View(t.Context(), func(tx store.Tx) error {
		return tx.QueryRowContext(t.Context(), "SELECT count(*) FROM inbox_snooze").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// wantJournal fails the test unless the journal has some entries of todos.
func wantJournal(t *testing.T, db *store.DB, want ...string) {
	t.Helper()
	var noted []string
	err := db.View(t.Context(), func(tx store.Tx) error {
		list, err := audit.Entries(t.Context(), tx, audit.Filter{Kind: "todo"})
		noted = nil
		for _, e := range list {
			noted = append(noted, e.Action+" "+e.ID)
		}
		slices.Sort(noted)
		return err
	})
	if err != nil || !slices.Equal(noted, want) {
		t.Errorf("the journal has %q, %v", noted, err)
	}
}

// Nobody puts off what does not wait for them: what is not there, what waits
// for another, what no room has.
func TestOnlyOwnTodosArePutOff(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	o := open(t, db, berths)
	for _, c := range []struct {
		by  auth.Actor
		key inbox.Key
	}{{ada, "quay:berth:77"}, {ada, "quay:berth:4"}, {ben, "quay:berth:1"}, {ada, "moon:berth:1"}, {ada, ""}} {
		if _, err := o.Snooze(t.Context(), c.by, c.key, "2026-11-30", time.UTC); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s puts off %q: %v", c.by.ID, c.key, err)
		}
	}
	if n := rows(t, db); n != 0 {
		t.Errorf("%d rows are kept", n)
	}
}

// Everybody has an inbox, whatever they are, and no one else's. A token needs
// the scope of the inbox, and none of the rooms: they do not see it.
func TestPermissions(t *testing.T) {
	a, err := auth.NewAuthority(inbox.Room())
	if err != nil {
		t.Fatal(err)
	}
	own := func(id auth.PrincipalID) auth.Entity {
		return auth.Entity{Kind: "inbox", ID: string(id), Attributes: map[string]any{"owner": id}}
	}
	for _, by := range authtest.Cast("inbox") {
		mayRead := by.IsKnown() && (by.Token == "" || slices.Contains(by.Scopes, "inbox:read"))
		mayWrite := by.IsKnown() && (by.Token == "" || slices.Contains(by.Scopes, "inbox:write"))
		if got := a.May(by, inbox.ReadTodo, own(by.ID)); got != mayRead {
			t.Errorf("%s reads their own: %t", authtest.Describe(by), got)
		}
		if got := a.May(by, inbox.SnoozeTodo, own(by.ID)); got != mayWrite {
			t.Errorf("%s puts off their own: %t", authtest.Describe(by), got)
		}
		for _, action := range []auth.Action{inbox.ReadTodo, inbox.SnoozeTodo} {
			if a.May(by, action, own("zoe")) && by.Kind != auth.Program {
				t.Errorf("%s may %s in the inbox of another", authtest.Describe(by), action)
			}
		}
	}
	var seen auth.Actor
	o := open(t, storetest.Open(t, storetest.SQLite(t)), func(by auth.Actor) ([]inbox.Todo, error) {
		seen = by
		return berths(by)
	})
	token := func(scopes ...string) auth.Actor {
		by := ada
		by.Token, by.Scopes = "t", scopes
		return by
	}
	for _, c := range []struct {
		by          auth.Actor
		read, write fault.Kind
	}{
		{auth.Actor{}, fault.Unauthenticated, fault.Unauthenticated},
		{token("inbox:read"), fine, fault.Forbidden},
		{token("inbox:read", "inbox:write"), fine, fine},
		{token("catalog:read"), fault.Forbidden, fault.Forbidden},
	} {
		_, err := o.Read(t.Context(), c.by)
		wantKind(t, authtest.Describe(c.by)+" reads", err, c.read)
		_, err = o.Find(t.Context(), c.by, "quay:berth:1")
		wantKind(t, authtest.Describe(c.by)+" finds", err, c.read)
		_, err = o.Snooze(t.Context(), c.by, "quay:berth:1", "2026-11-30", time.UTC)
		wantKind(t, authtest.Describe(c.by)+" puts off", err, c.write)
		wantKind(t, authtest.Describe(c.by)+" takes back", o.Wake(t.Context(), c.by, "quay:berth:1"), c.write)
	}
	if seen.Token != "" || seen.ID != ada.ID {
		t.Errorf("a room was asked by %s", authtest.Describe(seen))
	}
}

// fine stands for no fault.
const fine fault.Kind = -1

// wantKind fails the test unless an error is of a kind.
func wantKind(t *testing.T, what string, err error, want fault.Kind) {
	t.Helper()
	if want == fine && err != nil || want != fine && (err == nil || fault.KindOf(err) != want) {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
}

// What somebody put off goes with them, and nobody else's.
func TestErase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db, func(auth.Actor) ([]inbox.Todo, error) { return berths(ada) })
		for _, by := range []auth.Actor{ada, ben} {
			if _, err := o.Snooze(t.Context(), by, "quay:berth:1", "2026-11-30", time.UTC); err != nil {
				t.Fatal(err)
			}
		}
		err := db.Update(t.Context(), func(tx store.Tx) error {
			n, err := inbox.Personal.Erase(t.Context(), tx, nil, erasure.PersonID(ada.ID))
			if n != 1 {
				return fmt.Errorf("%d rows were erased, %w", n, err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(read(t, o, ada).Snoozed) != 0 || len(read(t, o, ben).Snoozed) != 1 {
			t.Error("the wrong rows were erased")
		}
	})
}
