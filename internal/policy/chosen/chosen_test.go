package chosen_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

const (
	due      = "rooms.hiring.scorecards.due_business_days"
	escalate = "rooms.hiring.scorecards.escalate_business_days"
	months   = "rooms.growth.promotion.effective_months"
)

var (
	ada = auth.Actor{ID: "ada", Kind: auth.Person, Roles: []auth.Role{auth.Administrator}, Request: "r1"}
	ben = auth.Actor{ID: "ben", Kind: auth.Person}
)

// A node is a service of one of several servers on a database.
type node struct {
	*chosen.Service
	t   *testing.T
	db  *store.DB
	now time.Time
}

func open(t *testing.T, db *store.DB) *node {
	t.Helper()
	a, err := auth.NewAuthority(chosen.Room())
	if err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, db: db, now: time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return n.now }
	n.Service = chosen.New(db, a, audit.New(db, clock), clock)
	return n
}

// pack returns what counts for a room.
func (n *node) pack() *policy.Pack {
	n.t.Helper()
	var p *policy.Pack
	err := n.db.View(n.t.Context(), func(tx store.Tx) (err error) {
		p, err = n.Effective(n.t.Context(), tx)
		return err
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return p
}

func (n *node) due() int { return n.pack().Rooms().Hiring.Scorecards.DueDays }

func (n *node) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

func why(reason string) chosen.Change { return chosen.Change{Reason: reason} }

// wants checks the kind and the words of an error.
func wants(t *testing.T, err error, kind fault.Kind, words string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || !strings.Contains(err.Error(), words) {
		t.Errorf("got %v, want a %v that says %q", err, kind, words)
	}
}

// Where nobody decided anything, the default counts.
func TestNothingDecided(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		if n.pack().Version != policy.DefaultName || n.due() != 1 {
			t.Errorf("got %s, due %d", n.pack().Version, n.due())
		}
		st, err := n.Standing(t.Context(), ben)
		n.must(err)
		if st.Choice != nil || len(st.Overrides) > 0 || st.Revision != "0" {
			t.Errorf("got %+v", st)
		}
	})
}

// An override counts at once, also on the other node, and says why it is so;
// another one takes its place; withdrawn, the pack's own value counts again.
func TestTheLifeOfAnOverride(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n, other := open(t, db), open(t, db)
		if other.due() != 1 {
			t.Fatal("the other node begins with another value")
		}
		n.must(n.Override(t.Context(), ada, due, " 2 ", why("the works council asked for it")))
		if n.due() != 2 || other.due() != 2 {
			t.Errorf("after the override the nodes have %d and %d", n.due(), other.due())
		}
		o, err := other.Origin(t.Context(), ada, due)
		n.must(err)
		if o.Value.Text != "2" || o.Shipped.Text != "1" || !o.Value.Source.Overridden || o.Value.Source.Text != "the works council asked for it" ||
			o.Override == nil || o.Override.By != "ada" || !o.Override.Since.Equal(n.now) {
			t.Errorf("got %+v", o)
		}
		n.now = n.now.Add(time.Hour)
		n.must(other.Override(t.Context(), ada, due, "3", why("two were not enough")))
		if n.due() != 3 {
			t.Errorf("due %d, want 3", n.due())
		}
		n.now = n.now.Add(time.Hour)
		n.must(n.Withdraw(t.Context(), ada, due, why("it did not help")))
		if n.due() != 1 || other.due() != 1 {
			t.Errorf("after it was withdrawn the nodes have %d and %d", n.due(), other.due())
		}
		wants(t, n.Withdraw(t.Context(), ada, due, why("again")), fault.NotFound, "there is no override of")

		list, err := n.History(t.Context(), ada, chosen.Filter{})
		n.must(err)
		if len(list) != 2 || list[0].Value != "3" || list[0].EndReason != "it did not help" || list[0].EndedBy != "ada" ||
			list[1].Value != "2" || list[1].Until == nil || list[1].EndReason != "" {
			t.Errorf("got %+v", list)
		}
	})
}

// What counted on a day can be looked up later.
func TestEffectiveAt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		start := n.now
		n.must(n.Override(t.Context(), ada, due, "2", why("a")))
		n.now = start.Add(24 * time.Hour)
		n.must(n.Choose(t.Context(), ada, "2024-03", why("b")))
		n.now = start.Add(48 * time.Hour)
		n.must(n.Withdraw(t.Context(), ada, due, why("c")))
		for after, want := range map[time.Duration]string{
			-time.Hour: "2022-09 1", 0: "2022-09 2", 23 * time.Hour: "2022-09 2", 24 * time.Hour: "2024-03 2",
			47 * time.Hour: "2024-03 2", 48 * time.Hour: "2024-03 1", 1000 * time.Hour: "2024-03 1",
		} {
			n.must(db.View(t.Context(), func(tx store.Tx) error {
				p, err := n.EffectiveAt(t.Context(), tx, start.Add(after))
				if err != nil {
					return err
				}
				v, err := p.Value(due)
				if got := p.Version + " " + v.Text; got != want {
					t.Errorf("%s later: got %s, want %s", after, got, want)
				}
				return err
			}))
		}
	})
}

// Another pack brings its values; overrides stay, and are refused if they do
// not fit.
func TestChoose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.must(n.Override(t.Context(), ada, due, "2", why("ours")))
		n.must(n.Choose(t.Context(), ada, "2024-03", why("we are up to date")))
		p := n.pack()
		if p.Version != "2024-03" || !slices.Equal(p.Rooms().Growth.Promotion.Months, []int{2, 8}) || n.due() != 2 {
			t.Errorf("got %s, months %v, due %d", p.Version, p.Rooms().Growth.Promotion.Months, n.due())
		}
		wants(t, n.Choose(t.Context(), ada, "2024-03", why("again")), fault.Conflict, "used already")
		wants(t, n.Choose(t.Context(), ada, "2024-3", why("x")), fault.NotFound, `did you mean "2024-03"`)

		n.must(n.Choose(t.Context(), ada, "2022-09", why("back")))
		topics := "rooms.growth.framework.group_manager_topics"
		n.must(n.Override(t.Context(), ada, topics, `[{group: Business, topics: [coaching]}]`, why("less")))
		wants(t, n.Choose(t.Context(), ada, "2024-03", why("forward")), fault.Invalid, "does not fit to 2024-03; change or withdraw it first")
		if n.pack().Version != "2022-09" {
			t.Error("a choice that was refused counts")
		}
	})
}

// A value that does not fit is refused, and nothing changes.
func TestOverrideRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		for _, c := range []struct {
			path, value, reason string
			kind                fault.Kind
			words               string
		}{
			{due, "4", "x", fault.Invalid, "before the card is due"},
			{due, "soon", "x", fault.Invalid, "must be a whole number"},
			{due, "2", " \n", fault.Invalid, "say why"},
			{due, "2", strings.Repeat("x", 2001), fault.Invalid, "longer than 2000"},
			{due, "2", "a\x00b", fault.Invalid, "no text"},
			{due, strings.Repeat(" ", 20_001), "x", fault.Invalid, "longer than 20000"},
			{due, "1", "x", fault.Conflict, "the value already"},
			{due + "s", "2", "x", fault.NotFound, "did you mean"},
			{"", "2024-03", "x", fault.NotFound, "there is no value"},
		} {
			wants(t, n.Override(t.Context(), ada, c.path, c.value, why(c.reason)), c.kind, c.words)
		}
		if st, _ := n.Standing(t.Context(), ada); len(st.Overrides) > 0 || st.Revision != "0" {
			t.Errorf("something changed: %+v", st)
		}
		// Values that hold each other must go one after the other, both ways.
		n.must(n.Override(t.Context(), ada, escalate, "5", why("later")))
		n.must(n.Override(t.Context(), ada, due, "4", why("later")))
		wants(t, n.Withdraw(t.Context(), ada, escalate, why("x")), fault.Invalid, "does not fit to another override")
		if n.due() != 4 || n.pack().Rooms().Hiring.Scorecards.EscalateDays != 5 {
			t.Error("a withdrawal that was refused counts")
		}
	})
}

// What is decided upon an old view of things is refused.
func TestRevision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.must(n.Override(t.Context(), ada, due, "2", why("a")))
		seen, err := n.Standing(t.Context(), ada)
		n.must(err)
		n.must(n.Override(t.Context(), ada, months, "[3, 9]", chosen.Change{Reason: "b", Revision: seen.Revision}))
		err = n.Override(t.Context(), ada, due, "3", chosen.Change{Reason: "c", Revision: seen.Revision})
		wants(t, err, fault.Conflict, "somebody else decided something meanwhile")
	})
}

// A decision that is rolled back is forgotten, also by the transaction's own
// node, which has seen it.
func TestRolledBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.must(n.Override(t.Context(), ada, due, "2", why("a")))
		never := errors.New("never mind")
		err := db.Update(t.Context(), func(tx store.Tx) error {
			if _, err := tx.ExecContext(t.Context(), "UPDATE policy_revision SET revision = 'in between' WHERE one = 1"); err != nil {
				return err
			}
			if _, err := tx.ExecContext(t.Context(), "UPDATE policy_decision SET value = '3' WHERE until IS NULL"); err != nil {
				return err
			}
			p, err := n.Effective(t.Context(), tx)
			if err != nil {
				return err
			}
			if got := p.Rooms().Hiring.Scorecards.DueDays; got != 3 {
				t.Errorf("the transaction sees %d, not its own 3", got)
			}
			return never
		})
		if !errors.Is(err, never) || n.due() != 2 {
			t.Errorf("got %v, due %d; want 2", err, n.due())
		}
	})
}

// A decision of an older version that can no longer be followed lapses: all
// else counts, and the page can say so. It can be withdrawn.
func TestLapsed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.must(n.Choose(t.Context(), ada, "2024-03", why("a")))
		n.must(n.Override(t.Context(), ada, due, "2", why("b")))
		n.must(n.Override(t.Context(), ada, months, "[3, 9]", why("c")))
		n.must(db.Update(t.Context(), func(tx store.Tx) error {
			for _, change := range []string{
				"UPDATE policy_decision SET value = '1999-01' WHERE path = ''",
				"UPDATE policy_decision SET path = 'rooms.hiring.gone' WHERE path = '" + months + "'",
				"UPDATE policy_revision SET revision = 'older'",
			} {
				if _, err := tx.ExecContext(t.Context(), change); err != nil {
					return err
				}
			}
			return nil
		}))
		st, err := n.Standing(t.Context(), ada)
		n.must(err)
		if st.Base.Version != policy.DefaultName || len(st.Overrides) != 1 || n.due() != 2 || len(st.Lapsed) != 2 {
			t.Fatalf("got %+v", st)
		}
		n.must(n.Withdraw(t.Context(), ada, "rooms.hiring.gone", why("it is gone")))
		n.must(n.Choose(t.Context(), ada, "2022-09", why("that is what there is")))
		if st, _ = n.Standing(t.Context(), ada); len(st.Lapsed) != 0 {
			t.Errorf("got %+v", st.Lapsed)
		}
	})
}

// Two administrators, on two nodes, override the same value at once: one after
// the other, and exactly one override stands.
func TestAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		nodes := []*node{open(t, db), open(t, db)}
		var wait sync.WaitGroup
		for i := range 10 {
			wait.Go(func() {
				err := nodes[i%2].Override(t.Context(), ada, due, []string{"2", "3"}[i%2], why("me"))
				if err != nil && fault.KindOf(err) != fault.Conflict {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		st, err := nodes[0].Standing(t.Context(), ada)
		nodes[0].must(err)
		if len(st.Overrides) != 1 || nodes[0].due() != nodes[1].due() {
			t.Errorf("%d overrides; nodes have %d and %d", len(st.Overrides), nodes[0].due(), nodes[1].due())
		}
	})
}

// Everybody who signed in may look; administrators decide and see who did.
func TestWhoMayDecide(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.must(n.Override(t.Context(), ada, due, "2", why("a")))
		for _, by := range authtest.Cast("policy") {
			who := authtest.Describe(by)
			st, err := n.Standing(t.Context(), by)
			reads := by.IsKnown() && (by.Token == "" || slices.Contains(by.Scopes, "policy:read"))
			if (err == nil) != reads {
				t.Errorf("%s reads the policy: %v", who, err)
			}
			_, history := n.History(t.Context(), by, chosen.Filter{})
			sees := reads && (by.Has(auth.Administrator) || by.Kind == auth.Program)
			if (history == nil) != sees {
				t.Errorf("%s reads its history: %v", who, history)
			}
			if err == nil && (st.Overrides[0].By != "") != sees {
				t.Errorf("%s sees that %q decided", who, st.Overrides[0].By)
			}
			decides := by.Kind == auth.Program || by.Has(auth.Administrator) && (by.Token == "" || slices.Contains(by.Scopes, "policy:write"))
			for what, try := range map[string]func() error{
				"chooses":   func() error { return n.Choose(t.Context(), by, "nonsense", why("x")) },
				"overrides": func() error { return n.Override(t.Context(), by, due, "2", why("x")) },
				"withdraws": func() error { return n.Withdraw(t.Context(), by, months, why("x")) },
			} {
				// What is tried cannot succeed; only why not tells.
				err := try()
				refused := fault.KindOf(err) == fault.Unauthenticated || fault.KindOf(err) == fault.Forbidden || strings.Contains(err.Error(), "no such policy")
				if refused == decides {
					t.Errorf("%s %s: %v", who, what, err)
				}
			}
		}
	})
}

// The journal tells who decided what, and nothing that somebody wrote.
func TestJournal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		n.must(n.Choose(t.Context(), ada, "2024-03", why("secret words")))
		n.must(n.Override(t.Context(), ada, "rooms.hiring.screening.private", "[secret words]", why("secret words")))
		n.must(n.Withdraw(t.Context(), ada, "rooms.hiring.screening.private", why("secret words")))
		_ = n.Override(t.Context(), ben, due, "2", why("not mine"))
		var got []string
		n.must(db.View(t.Context(), func(tx store.Tx) error {
			entries, err := audit.Entries(t.Context(), tx, audit.Filter{Action: "policy."})
			got = nil
			for _, e := range slices.Backward(entries) {
				got = append(got, strings.Join([]string{e.Actor, e.Action, e.Kind, e.ID, e.Request, e.Facts}, " "))
			}
			return err
		}))
		want := []string{
			`ada policy.pack.choose policy_pack 2024-03 r1 {"was":"2022-09"}`,
			`ada policy.pack.override policy_value rooms.hiring.screening.private r1 {"set":true}`,
			`ada policy.pack.override policy_value rooms.hiring.screening.private r1 {"set":false}`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// The history comes in pages, of all values or of one.
func TestHistoryPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		for i := range 6 {
			n.now = n.now.Add(time.Minute)
			n.must(n.Override(t.Context(), ada, []string{due, escalate}[i%2], []string{"2", "4", "3", "5", "1", "6"}[i], why("x")))
		}
		for name, c := range map[string]struct {
			path *string
			want string
		}{"all": {nil, "6 1 5 3 4 2"}, "one": {new(due), "1 3 2"}, "choices": {new(""), ""}} {
			var got []string
			for f := (chosen.Filter{Path: c.path, Limit: 2}); ; {
				list, err := n.History(context.Background(), ada, f)
				n.must(err)
				if len(list) == 0 {
					break
				}
				for _, d := range list {
					got = append(got, d.Value)
				}
				f.After = new(list[len(list)-1].Key())
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s: got %v, want %s", name, got, c.want)
			}
		}
	})
}
