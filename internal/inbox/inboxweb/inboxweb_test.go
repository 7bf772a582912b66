package inboxweb_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/inbox/inboxweb"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

var ada = auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada Quay"}

// A desk is the pages over one room, which says what the test puts there.
type desk struct {
	*webtest.Site

	now   time.Time
	todos []inbox.Todo // that wait for Ada
	err   error
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{now: webtest.Noon}
	clock := func() time.Time { return d.now }
	d.Site = webtest.New(t, func(o *web.Options) { o.Clock = clock })
	a, err := auth.NewAuthority(inbox.Room())
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t, storetest.SQLite(t))
	inboxweb.Register(d.Site.Site, inbox.New(db, a, audit.New(db, clock), clock, slog.New(slog.DiscardHandler),
		inbox.Source{Room: "quay", Label: "Quays", Todos: func(_ context.Context, by auth.Actor, _ time.Time) ([]inbox.Todo, error) {
			if by.ID != ada.ID {
				return nil, nil
			}
			return d.todos, d.err
		}},
		inbox.Source{Room: "calm", Label: "Calm", Todos: func(context.Context, auth.Actor, time.Time) ([]inbox.Todo, error) { return nil, nil }},
	))
	d.Site.Get("/berths/{id}", func(w http.ResponseWriter, r *http.Request) error {
		return web.Show(w, r, ui.Page(ui.Sheet{Title: "Berth " + r.PathValue("id")}))
	})
	return d
}

// todo returns a todo about a berth.
func todo(id string, kind inbox.Kind, due inbox.Due) inbox.Todo {
	return inbox.Todo{
		Key: inbox.NewKey("quay", "berth", id), Kind: kind, Say: "Berth " + id, Note: "Note " + id, Href: "/berths/" + id, Act: "Inspect", Due: due,
		Because: inbox.Cause{Tag: "policy", File: "policy/2022-09/org.yaml", Line: 64, Href: "/policy/org.berths", Text: "A berth is inspected each week."},
	}
}

// A day has todos of every group, and some that others must do.
func day() []inbox.Todo {
	at := func(d time.Duration) inbox.Due { return inbox.Due{At: webtest.Noon.Add(d)} }
	other := func(id, who string, due inbox.Due) inbox.Todo {
		t := todo(id, inbox.People, due)
		t.Who = who
		return t
	}
	asked := todo("3", inbox.Hiring, at(5*time.Hour+40*time.Minute))
	asked.Since = time.Date(2026, 11, 20, 17, 40, 0, 0, time.UTC)
	custom := todo("2", inbox.Growth, inbox.Due{Day: "2026-11-17", Late: "4 business days", Note: "98 days, limit 92"})
	none := todo("9", inbox.Server, inbox.Due{})
	none.Because = inbox.Cause{Text: "Nobody else looks."}
	none.Since = time.Date(2025, 12, 24, 8, 0, 0, 0, time.UTC)
	return []inbox.Todo{
		todo("1", inbox.Hiring, at(-5*24*time.Hour)), custom, asked, todo("4", inbox.Pages, inbox.Due{Day: "2026-11-23"}),
		todo("5", inbox.People, inbox.Due{Day: "2026-11-25"}), todo("6", inbox.Pages, inbox.Due{Day: "2027-01-04"}),
		todo("7", inbox.Hiring, at(-90*time.Minute)), none,
		other("20", "Rafael Quay", inbox.Due{Day: "2026-11-24"}), other("21", "a candidate", at(-52*time.Hour)),
	}
}

// section returns what a section of a page says.
func section(t *testing.T, p *webtest.Page, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(p.Text(), from)
	part, _, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Errorf("there is no part from %q to %q in:\n%s", from, to, p.Text())
	}
	return part
}

func TestGroupsAreThoseOfTheReader(t *testing.T) {
	d := open(t)
	d.todos = day()
	page := d.As(ada).Get("/inbox").WantsStatus(http.StatusOK)
	page.Wants("What needs me", "Monday, 23 Nov 2026", "8 things, 3 of them late", "Times in UTC")
	for _, c := range []struct {
		from, to string
		wants    []string
	}{
		{"Late 3", "Today 2", []string{
			"Berth 1 Note 1", "policy L64 A berth is inspected each week.", "5 days since Wed 18 Nov", "Berth 7", "1 hour since Mon 23 Nov",
			"4 business days 98 days, limit 92",
		}},
		{"Today 2", "This week 1", []string{"Berth 3", "by 17:40 since Fri 20 Nov", "Berth 4", "today"}},
		{"This week 1", "Later 1", []string{"Berth 5", "by Wed 25 Nov"}},
		{"Later 1", "Without a date 1", []string{"Berth 6", "by Mon 4 Jan 2027"}},
		{"Without a date 1", "Waiting for others", []string{"Berth 9", "Nobody else looks.", "since Wed 24 Dec 2025"}},
	} {
		got := section(t, page, c.from, c.to)
		for _, w := range c.wants {
			if !strings.Contains(got, w) {
				t.Errorf("%s lacks %q: %s", c.from, w, got)
			}
		}
	}
	_, beside, _ := strings.Cut(page.Text(), "Waiting for others")
	for _, w := range []string{"2", "Berth 20 Rafael Quay due tomorrow", "Berth 21 a candidate 2 days late"} {
		if !strings.Contains(beside, w) {
			t.Errorf("beside lacks %q: %s", w, beside)
		}
	}
	page.Follow("Inspect: Berth 1").Wants("Berth 1")

	// It is the 24th in Auckland: what is due on the 23rd is late.
	b := d.As(ada)
	b.Header.Set("Cookie", "cadre_zone=Pacific/Auckland")
	far := b.Get("/inbox").Wants("Tuesday, 24 Nov 2026", "4 of them late", "Times in Pacific/Auckland (NZDT)", "by 06:40")
	if got := section(t, far, "Late 4", "Today 1"); !strings.Contains(got, "Berth 4") || !strings.Contains(got, "1 day since Mon 23 Nov") {
		t.Errorf("late in Auckland: %s", got)
	}
	far.Wants("due today") // what Rafael does
}

func TestFilter(t *testing.T) {
	d := open(t)
	d.todos = day()
	b := d.As(ada)
	all := b.Get("/inbox").Wants("Hiring 3", "Pages 2", "People 1", "Growth 1", "Server 1").Lacks("Indicators")
	pages := all.Follow("Pages").Wants("Berth 4", "Berth 6", "2 things", "Waiting for others").Lacks("Berth 1 ", "Berth 3", "of them late")
	pages.Follow("Pages").Wants("Berth 1") // taken away
	b.Get("/inbox?kind=indicators").WantsStatus(http.StatusOK).Wants("Nothing of this kind needs you").Follow("Show everything").Wants("8 things")
	d.todos = day()[:1]
	b.Get("/inbox").Wants("1 thing, which is late").Lacks("?kind=") // nothing to choose
}

// The rail says how much waits, on every page.
func TestCountInTheRail(t *testing.T) {
	d := open(t)
	d.todos = day()
	d.As(ada).Get("/berths/1").Wants("Inbox 8 need you")
	d.As(auth.Actor{ID: "ben", Kind: auth.Person, Name: "Ben Tide"}).Get("/berths/1").Wants("Inbox").Lacks("need you")
}

func TestNothing(t *testing.T) {
	d := open(t)
	b := d.As(ada)
	b.Get("/inbox").WantsStatus(http.StatusOK).Wants("Nothing needs you", "nothing to do").Lacks("Waiting for others")
	d.todos = day()[8:]
	b.Get("/inbox").Wants("Nothing needs you", "Waiting for others", "Rafael Quay")
	d.todos = day()[:1]
	b.Get("/inbox").Wants("You wait for nobody.")
	if got := d.Visitor().Get("/inbox").Address.Path; got != "/sign-in" {
		t.Errorf("a visitor is led to %s", got)
	}
}

func TestRoomThatFails(t *testing.T) {
	d := open(t)
	d.err = errors.New("the quay is flooded")
	d.As(ada).Get("/inbox").WantsStatus(http.StatusOK).
		Wants("missing here from Quays, which could not be read", "Nothing else needs you").Lacks("flooded")
}

// What is put off leaves the list with a way back, in the toast and below the
// list, without a script.
func TestSnooze(t *testing.T) {
	d := open(t)
	d.todos = day()
	b := d.As(ada)
	page := b.Get("/inbox").Wants("Until tomorrow", "For a week")
	gone := page.Form("/inbox/quay:berth:4/snooze").Submit().WantsStatus(http.StatusOK)
	gone.Wants("7 things", "Put off until 24 Nov 2026", "Undo", "Put off: 1 thing", "until Tue 24 Nov", "Inbox 7 need you")
	if strings.Contains(section(t, gone, "Today", "This week"), "Berth 4") {
		t.Error("what was put off is still there")
	}
	back := gone.Form("/inbox/quay:berth:4/wake").Submit().Wants("8 things", "It is shown again").Lacks("Put off: 1")
	back.Form("/inbox/quay:berth:4/snooze").Fill("until", "2026-11-30").Submit().Wants("until Mon 30 Nov")
	d.now = time.Date(2026, 11, 29, 23, 59, 0, 0, time.UTC)
	b.Get("/inbox").Wants("7 things")
	d.now = d.now.Add(time.Minute)
	b.Get("/inbox").Wants("8 things").Lacks("Put off: 1")
}

// The menu offers days of the reader's calendar, each once.
func TestDaysOfTheMenu(t *testing.T) {
	d := open(t)
	d.todos = day()[3:4]
	for now, want := range map[string]string{
		"2026-11-25": "Until tomorrow 2026-11-26, Until Monday 2026-11-30, For a week 2026-12-02",
		"2026-11-23": "Until tomorrow 2026-11-24, For a week 2026-11-30", // a Monday
		"2026-11-29": "Until tomorrow 2026-11-30, For a week 2026-12-06", // a Sunday
	} {
		noon, err := time.Parse(time.DateOnly, now)
		if err != nil {
			t.Fatal(err)
		}
		d.now = noon.Add(12 * time.Hour)
		var offered []string
		for _, f := range d.As(ada).Get("/inbox").Forms() {
			if until := f.Values.Get("until"); until != "" {
				offered = append(offered, f.Text()+" "+until)
			}
		}
		if got := strings.Join(offered, ", "); got != want {
			t.Errorf("on %s: %s", now, got)
		}
	}
}

// Another day is chosen on a page of its own, which keeps what was typed.
func TestSnoozeUntilAnotherDay(t *testing.T) {
	d := open(t)
	d.todos = day()
	b := d.As(ada)
	page := b.Get("/inbox?kind=pages").Follow("Until another day").Wants("Berth 4", "Show it again on", "A berth is inspected each week.")
	const form = "/inbox/quay:berth:4/snooze"
	page.Form(form).Submit().WantsStatus(http.StatusUnprocessableEntity)
	page.Form(form).Fill("until", "soon").Submit().WantsStatus(http.StatusUnprocessableEntity).Wants(`"soon" is no day`)
	again := page.Form(form).Fill("until", "2026-11-23").Submit().WantsStatus(http.StatusUnprocessableEntity).Wants("Choose a day after today.")
	if got := again.Form(form).Values.Get("until"); got != "2026-11-23" {
		t.Errorf("what was typed is %q", got)
	}
	done := again.Form(form).Fill("until", "2026-12-11").Submit().WantsStatus(http.StatusOK).Wants("Put off until 11 Dec 2026", "Berth 6", "Hiring 3")
	if got := done.Address.RequestURI(); got != "/inbox?kind=pages" {
		t.Errorf("it leads back to %s", got)
	}
	b.Get(form).Wants("put off until Fri 11 Dec")
	b.Get("/inbox/quay:berth:77/snooze").WantsStatus(http.StatusNotFound).Wants("does not wait for you any more")
	b.Post("/inbox/quay:berth:77/snooze", url.Values{"until": {"2026-12-11"}}).WantsStatus(http.StatusNotFound)
	d.As(auth.Actor{ID: "ben", Kind: auth.Person, Name: "Ben Tide"}).Get(form).WantsStatus(http.StatusNotFound)
}

// A form carries the zone of its reader: late in the evening in Los Angeles,
// tomorrow is what is today in UTC.
func TestDaysAreThoseOfTheReader(t *testing.T) {
	d := open(t)
	d.todos = day()
	d.now = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)
	b := d.As(ada)
	b.Header.Set("Cookie", "cadre_zone=America/Los_Angeles")
	gone := b.Get("/inbox").Form("/inbox/quay:berth:9/snooze").Submit().WantsStatus(http.StatusOK)
	gone.Wants("until Tue 24 Nov")
	d.now = time.Date(2026, 11, 24, 7, 59, 0, 0, time.UTC)
	b.Get("/inbox").Wants("Put off: 1 thing")
	d.now = d.now.Add(time.Minute)
	b.Get("/inbox").Lacks("Put off: 1 thing")
}

// A long inbox is read page by page; the groups say how much there is in all.
func TestPages(t *testing.T) {
	d := open(t)
	for i := range 230 {
		d.todos = append(d.todos, todo(fmt.Sprintf("%03d", i), inbox.Hiring, inbox.Due{Day: "2026-11-23"}))
	}
	d.As(ada).Get("/inbox").Wants("Today 230", "230 things", "Berth 099").Lacks("Berth 100").
		Follow("Next page").Wants("Today 230", "Berth 100", "Berth 199").Lacks("Berth 200").
		Follow("Next page").Wants("Berth 229", "These are the last things.")
}

// What a room says is text, whatever it looks like.
func TestEscaping(t *testing.T) {
	d := open(t)
	bad := todo("1", inbox.Hiring, inbox.Due{})
	bad.Say, bad.Note, bad.Icon = `<b>"Berth"</b>`, "<script>alert(1)</script>", "../x"
	d.todos = []inbox.Todo{bad}
	page := d.As(ada).Get("/inbox").Wants(`<b>"Berth"</b>`)
	for _, is := range []string{"<b>", "<script>alert"} {
		if strings.Contains(page.HTML, is) {
			t.Errorf("the page holds %s", is)
		}
	}
}
