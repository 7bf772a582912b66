package policyweb_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/policy/policyweb"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

const due = "rooms.hiring.scorecards.due_business_days"

var (
	ada = auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada Quay", Roles: []auth.Role{auth.Administrator}}
	ben = auth.Actor{ID: "ben", Kind: auth.Person, Name: "Ben Tide"}
)

// open returns the pages over a database in which nothing was decided.
func open(t *testing.T) (*webtest.Site, *chosen.Service, *store.DB) {
	t.Helper()
	db := storetest.Open(t, storetest.SQLite(t))
	a, err := auth.NewAuthority(chosen.Room())
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return webtest.Noon.Add(-time.Hour) }
	c := chosen.New(db, a, audit.New(db, clock), clock)
	s := webtest.New(t)
	policyweb.Register(s.Site, c, policyweb.Options{
		Names: func(context.Context, ...auth.PrincipalID) (map[auth.PrincipalID]string, error) {
			return map[auth.PrincipalID]string{"ada": "Ada Quay"}, nil
		},
	})
	return s, c, db
}

// The list has every value, is searched by words, and filtered by room and by
// where values come from.
func TestList(t *testing.T) {
	s, _, _ := open(t)
	b := s.As(ben)
	p := b.Get("/policy").WantsStatus(200).Wants("Pack 2022-09", "counts because nobody chose another one", "669 values", "no value is overridden", "Next page")
	for range 11 {
		p = p.Follow("Next page").WantsStatus(200)
	}
	p.Wants("These are the last values.").Lacks("Next page")

	b.Get("/policy?q=scorecard+due").Wants("Business days after the interview until a card is due", due).Lacks("Direct reports")
	b.Get("/policy?q=works+council").Wants("No value fits").Follow("Show all values").Wants("669 values")
	b.Get("/policy?room=schedule").Wants("21 values", "Hours of notice before an interview", "48").Lacks("Direct reports")
	b.Get("/policy?room=schedule&only=weak").Wants("Weak source", "Default of Cadre").Lacks("Hours of notice before an interview")
}

// The page of a value says where it comes from; who may not decide gets no form.
func TestValue(t *testing.T) {
	s, _, _ := open(t)
	p := s.As(ben).Get("/policy/"+due).WantsStatus(200).Wants(
		"Business days after the interview until a card is due", "From pack 2022-09", "Handbook of November 2022",
		"hiring/talent-acquisition-framework/hiring-manager", "Another page says 3", "Number, at least 0",
	).Lacks("Override the value", "What was decided")
	if p.Title() != "Business days after the interview until a card is due" {
		t.Errorf("title %q", p.Title())
	}
	s.As(ben).Get("/policy/rooms.org.layers.groups").WantsStatus(200).Wants("Lowest layer", "S-group", "senior_director")
	s.As(ben).Get("/policy/rooms.direction.acquisitions.approvals").WantsStatus(200).Wants("chief_executive, chief_financial_officer")
	s.As(ben).Get("/policy/rooms.hiring.nothing").WantsStatus(404)
	s.Visitor().Get("/policy/" + due).Lacks("Handbook of November 2022")
}

// A value of each kind has a page, and what its form shows reads back as the
// value.
func TestEveryKindHasAPage(t *testing.T) {
	s, c, _ := open(t)
	b := s.As(ada)
	seen := map[string]bool{}
	for _, v := range policy.Default().Values() {
		kind := v.Kind
		if len(v.Choices) > 0 {
			kind += " of choices"
		}
		if seen[kind] {
			continue
		}
		seen[kind] = true
		at := chosen.Address(v.Path)
		b.Get(at).WantsStatus(200).Form(at).Fill("reason", "as it is").Submit().WantsStatus(422).Wants("This is the value already")
	}
	if len(seen) < 9 {
		t.Errorf("only the kinds %v", seen)
	}
	if st, err := c.Standing(t.Context(), ada); err != nil || len(st.Overrides) > 0 {
		t.Errorf("got %v, %v", st.Overrides, err)
	}
}

// An administrator overrides a value, with a reason, and withdraws it.
func TestOverride(t *testing.T) {
	s, c, _ := open(t)
	b := s.As(ada)
	form := func() *webtest.Form { return b.Get("/policy/" + due).Form("/policy/" + due) }
	form().Fill("value", "2").Fill("reason", "").Submit().WantsStatus(422).Wants("Reason")
	form().Fill("value", "7").Fill("reason", "slow").Submit().WantsStatus(422).Wants("before the card is due at 7").Wants("slow")
	form().Fill("value", "2").Fill("reason", "The works council asked for it").Submit().WantsStatus(200).
		Wants("The value is overridden", "Overridden", "The works council asked for it", "Ada Quay", "The pack says", "What was decided", "Counts now")

	s.As(ben).Get("/policy/"+due).Wants("The works council asked for it", "The pack says").Lacks("Ada Quay", "What was decided")
	s.As(ben).Get("/policy?only=ours").Wants("1 value is overridden", due)

	b.Get("/policy/"+due).Form("/policy/"+due+"/withdraw").Fill("reason", "It did not help").Submit().WantsStatus(200).
		Wants("The override is withdrawn", "From pack 2022-09", "It did not help")
	if st, _ := c.Standing(t.Context(), ada); len(st.Overrides) != 0 {
		t.Errorf("got %v", st.Overrides)
	}
	b.Get("/policy/history").Wants("What was decided", due, "It did not help")
}

// Lists and tables are written line by line.
func TestOverrideLists(t *testing.T) {
	s, c, _ := open(t)
	b := s.As(ada)
	for path, value := range map[string]string{
		"rooms.growth.promotion.effective_months": "3\r\n 9 \r\n\r\n",
		"rooms.hiring.kick_off.topics":            "it's: #1\nyes",
		"rooms.org.hierarchy.renamed":             "- {from: Protect, to: Govern}\n- {from: Old, to: New}",
		"rooms.hiring.scorecards.shadows_vote":    "true",
		"rooms.schedule.not_in_that_clock":        "",
	} {
		at := "/policy/" + path
		b.Get(at).Form(at).Fill("value", value).Fill("reason", "ours").Submit().WantsStatus(200).Wants("The value is overridden")
	}
	st, err := c.Standing(t.Context(), ada)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range st.Overrides {
		got = append(got, d.Value)
	}
	want := `[3, 9] | ["it's: #1", "yes"] | true | [{from: Protect, to: Govern}, {from: Old, to: New}] | []`
	if strings.Join(got, " | ") != want {
		t.Errorf("got %s\nwant %s", strings.Join(got, " | "), want)
	}
}

// Two administrators look at the same value: the second is told that the first
// decided, and loses nothing that was typed.
func TestTwoAtOnce(t *testing.T) {
	s, _, _ := open(t)
	b := s.As(ada)
	first, second := b.Get("/policy/"+due), b.Get("/policy/"+due)
	first.Form("/policy/"+due).Fill("value", "2").Fill("reason", "me first").Submit().WantsStatus(200)
	p := second.Form("/policy/"+due).Fill("value", "3").Fill("reason", "me too").Submit().WantsStatus(422).
		Wants("Somebody else decided something meanwhile", "me too", "me first")
	// Having seen that, they may insist.
	p.Form("/policy/"+due).Submit().WantsStatus(200).Wants("The value is overridden", "me too")
}

// The pack is chosen with a reason.
func TestChoose(t *testing.T) {
	s, _, _ := open(t)
	s.As(ben).Get("/policy/packs").WantsStatus(200).Wants("2024-03", "9 values", "Counts now").Lacks("Use it")
	b := s.As(ada)
	p := b.Get("/policy/packs").WantsStatus(200).Wants("Use the pack 2024-03?")
	p.Follow("9 values").Wants("Months on whose first day promotions take effect", "2, 5, 8, 11", "2, 8")
	p.Form("/policy/packs").Fill("reason", "").Submit().WantsStatus(422)
	p.Form("/policy/packs").Fill("reason", "We are up to date").Submit().WantsStatus(200).
		Wants("The pack 2024-03 counts now", "chosen by Ada Quay", "Use the pack 2022-09?")
	b.Get("/policy/history").Wants("Pack 2024-03", "We are up to date")
	b.Post("/policy/packs", url.Values{"pack": {"1999-01"}, "reason": {"x"}, "idempotency_key": {"k"}}).WantsStatus(404)
}

func TestCompare(t *testing.T) {
	s, c, _ := open(t)
	b := s.As(ben)
	b.Get("/policy/compare").WantsStatus(200).Wants("No value differs")
	if err := c.Override(t.Context(), ada, due, "2", chosen.Change{Reason: "ours"}); err != nil {
		t.Fatal(err)
	}
	b.Get("/policy/compare").Wants("1 value", due, "ours")
	b.Get("/policy/compare?old=2022-09&new=2024-03").Wants("9 values", "Competitive")
	b.Get("/policy/compare?old=nonsense").WantsStatus(404)
}

// Who may not decide is refused, however they ask.
func TestWhoMayDecide(t *testing.T) {
	s, c, _ := open(t)
	for _, address := range []string{"/policy/" + due, "/policy/" + due + "/withdraw", "/policy/packs"} {
		s.As(ben).Post(address, url.Values{"value": {"2"}, "pack": {"2024-03"}, "reason": {"x"}, "idempotency_key": {"k"}}).WantsStatus(403)
	}
	s.As(ben).Get("/policy/history").WantsStatus(403)
	if st, _ := c.Standing(t.Context(), ada); st.Revision != "0" {
		t.Error("something was decided")
	}
}

// A decision that this version cannot follow is shown, and can be withdrawn
// although its value has no page any more.
func TestLapsed(t *testing.T) {
	s, c, db := open(t)
	if err := c.Override(t.Context(), ada, due, "2", chosen.Change{Reason: "ours"}); err != nil {
		t.Fatal(err)
	}
	err := db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), "UPDATE policy_decision SET path = 'rooms.hiring.gone'")
		if err == nil {
			_, err = tx.ExecContext(t.Context(), "UPDATE policy_revision SET revision = 'older'")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.As(ben).Get("/policy").Wants("Decisions that do not count", "rooms.hiring.gone").Lacks("Withdraw it")
	s.As(ada).Get("/policy").Form("/policy/rooms.hiring.gone/withdraw").Fill("reason", "gone").Submit().WantsStatus(200).
		Wants("The override is withdrawn").Lacks("Decisions that do not count")
}
