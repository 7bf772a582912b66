package erasureweb_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authweb"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/erasure/erasureweb"
	"github.com/cadre-hq/cadre/internal/holders"
	"github.com/cadre-hq/cadre/internal/idempotency"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// An office has accounts and the pages that erase them, and a clock that the
// test moves.
type office struct {
	*testing.T
	site     *webtest.Site
	accounts *auth.Service
	now      time.Time
}

func (o *office) clock() time.Time { return o.now }

// PostLetter implements auth.Post.
func (o *office) PostLetter(context.Context, store.Tx, string) error { return nil }

func open(t *testing.T, db *store.DB) *office {
	t.Helper()
	o := &office{T: t, now: webtest.Noon}
	authority, err := auth.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	journal := audit.New(db, o.clock)
	if o.accounts, err = auth.NewService(db, authority, journal, o, o.clock); err != nil {
		t.Fatal(err)
	}
	o.site = webtest.New(t, func(w *web.Options) {
		w.Clock, w.Once = o.clock, &idempotency.Middleware{DB: db}
		w.Gate = func(r *http.Request) (context.Context, error) {
			by, err := o.accounts.ByCookie(r.Context(), auth.Secret(r.Header.Get("Session")))
			return auth.With(r.Context(), by), err
		}
	})
	authweb.Register(o.site.Site, authweb.Options{Accounts: o.accounts})
	erasureweb.Register(o.site.Site, erasureweb.Options{
		Accounts: o.accounts, Erasure: erasure.New(db, journal, o.clock, t.TempDir(), holders.All(o.clock)...),
		Rooms: map[string]string{"auth": "The account and its sessions"},
	})
	return o
}

// join makes somebody, and a browser in which they just signed in.
func (o *office) join(name string, roles ...auth.Role) (auth.PrincipalID, *webtest.Browser) {
	o.Helper()
	p, err := o.accounts.AddPerson(o.Context(), auth.TheProgram("test"), name, strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@meridian.example", "", roles...)
	if err != nil {
		o.Fatal(err)
	}
	in, err := auth.NewDemo(o.accounts).SignIn(o.Context(), p.ID, auth.SignIn{Device: "Firefox"})
	if err != nil {
		o.Fatal(err)
	}
	b := o.site.Visitor()
	b.Header.Set("Session", in.Session.Reveal())
	return p.ID, b
}

func path(id auth.PrincipalID) string { return "/accounts/" + string(id) + "/erase" }

// An administrator erases somebody, who is then nowhere; the same form sent
// again changes nothing.
func TestErase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		_, ada := o.join("Ada Quay", auth.Administrator)
		ben, his := o.join("Ben Mole", auth.Recruiter)
		page := ada.Get("/accounts/"+string(ben)).Follow("Erase").WantsStatus(200).
			Wants("Erase Ben Mole", "ben.mole@meridian.example", "The account and its sessions", "there is no way back", "Backups")
		sent := page.Form(path(ben)).Fill("who", "Ben Mole")
		form := url.Values{}
		for name, values := range sent.Values {
			form[name] = values
		}
		form.Set("who", "Ben Mole")
		sent.Submit().WantsStatus(200).Wants("Erased", "3 rows are erased", "Gone from the files", "by Ada Quay").Lacks("Ben", "ben.mole")
		if got := his.Get("/account"); got.Address.Path != "/sign-in" {
			t.Errorf("who was erased still reads %s", got.Address)
		}
		ada.Post(path(ben), form).WantsStatus(200).Wants("Nothing is held of this person")
		ada.Get(path(ben)).WantsStatus(200).Wants("Nothing is held of this person", string(ben))
		ada.Get("/settings/erasure").WantsStatus(200).Wants(string(ben), "Ada Quay")
	})
}

// Nothing happens before the name or the address is typed.
func TestEraseWantsTheName(t *testing.T) {
	o := open(t, storetest.Open(t, storetest.SQLite(t)))
	_, ada := o.join("Ada Quay", auth.Administrator)
	ben, his := o.join("Ben Mole")
	for _, typed := range []string{"", " ", "Ben", "yes", "ada.quay@meridian.example", string(ben)} {
		ada.Get(path(ben)).Form(path(ben)).Fill("who", typed).Submit().WantsStatus(422).Wants("Erase Ben Mole", "What is removed")
	}
	his.Get("/account").WantsStatus(200).Wants("Ben Mole")
	ada.Get("/settings/erasure").Wants("Nobody was erased")
	ada.Get(path(ben)).Form(path(ben)).Fill("who", "BEN.mole@meridian.example ").Submit().WantsStatus(200).Wants("Erased")
}

// Who may erase whom, and see who was.
func TestEraseTable(t *testing.T) {
	o := open(t, storetest.Open(t, storetest.SQLite(t)))
	ada, hers := o.join("Ada Quay", auth.Administrator)
	robot, err := o.accounts.AddServiceAccount(t.Context(), auth.TheProgram("test"), "Robot")
	if err != nil {
		t.Fatal(err)
	}
	target, _ := o.join("Tara Target")
	type try struct {
		what, name string
		of         auth.PrincipalID
		want       int
	}
	check := func(who string, b *webtest.Browser, tries ...try) {
		t.Helper()
		for _, c := range tries {
			if got := b.Get(path(c.of)); got.Status != c.want {
				t.Errorf("%s looks at erasing %s: %d, want %d", who, c.what, got.Status, c.want)
			}
			if c.want == 200 {
				continue
			}
			typed := url.Values{"who": {c.name}, "idempotency_key": {strings.ReplaceAll("key-"+who+c.what, " ", "-")}}
			if got := b.Post(path(c.of), typed); got.Status != c.want {
				t.Errorf("%s erases %s: %d, want %d", who, c.what, got.Status, c.want)
			}
		}
	}
	check("an administrator", hers, try{"somebody", "Tara Target", target, 200}, try{"herself", "Ada Quay", ada, 403}, try{"a service", "Robot", robot.ID, 403}, try{"nobody", "Nobody", "none", 404})
	hers.Get("/settings/erasure").WantsStatus(200)
	hers.Get("/accounts/" + string(ada)).Lacks("Erase")
	hers.Get("/accounts/" + string(robot.ID)).Lacks("Erase")
	_, nobody := o.join("Nobody Special")
	check("somebody without a role", nobody, try{"somebody", "Tara Target", target, 404})
	for _, role := range auth.Roles {
		if role == auth.Administrator {
			continue
		}
		id, b := o.join("Somebody "+string(role), role)
		want := 404
		if role == auth.PeoplePartner { // who see accounts, and so know of them
			want = 403
			b.Get("/accounts/" + string(target)).WantsStatus(200).Lacks("Erase")
		}
		check(string(role), b, try{"somebody", "Tara Target", target, want}, try{"themselves", "Somebody " + string(role), id, 403})
		if got := b.Get("/settings/erasure"); got.Status < 400 {
			t.Errorf("%s sees who was erased", role)
		}
	}
	if got := o.site.Visitor().Get(path(target)); got.Address.Path != "/sign-in" {
		t.Errorf("a visitor reaches %s", got.Address)
	}
	if p, err := o.accounts.Person(t.Context(), auth.TheProgram("test"), target); err != nil || p.Name != "Tara Target" {
		t.Errorf("after all that: %+v, %v", p, err)
	}
}

// A browser that was left open is not enough: it leads to signing in again, and
// back.
func TestEraseWantsARecentSignIn(t *testing.T) {
	o := open(t, storetest.Open(t, storetest.SQLite(t)))
	_, ada := o.join("Ada Quay", auth.Administrator)
	ben, his := o.join("Ben Mole")
	form := ada.Get(path(ben)).WantsStatus(200).Form(path(ben)).Fill("who", "Ben Mole")
	o.now = o.now.Add(31 * time.Minute)
	for what, page := range map[string]*webtest.Page{"looking": ada.Get(path(ben)), "sending": form.Submit()} {
		if page.Address.Path != "/sign-in" || page.Address.Query().Get("next") != path(ben) {
			t.Errorf("%s after half an hour leads to %s", what, page.Address)
		}
	}
	his.Get("/account").WantsStatus(200).Wants("Ben Mole")
}

// The list goes on where a page ends.
func TestListIsPaged(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	o := open(t, db)
	_, ada := o.join("Ada Quay", auth.Administrator)
	err := db.Update(t.Context(), func(tx store.Tx) error {
		for n := range 120 {
			at := store.At(o.now.Add(-time.Duration(n/2) * time.Hour)) // two at a time
			if _, err := tx.ExecContext(t.Context(), "INSERT INTO erasure_tombstone (person, at, erased_by) VALUES ($1, $2, '')", "p"+time.Duration(n).String(), at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	page := ada.Get("/settings/erasure").WantsStatus(200).Wants("Gone within the hour", "Cadre")
	for range 3 {
		for part := range strings.SplitSeq(page.HTML, "<code>p") {
			id, _, _ := strings.Cut(part, "<")
			seen[id]++
		}
		if !page.Has("Next") {
			break
		}
		page = page.Follow("Next")
	}
	delete(seen, "")
	n := 0
	for id, times := range seen {
		if strings.HasSuffix(id, "ns") {
			if n++; times != 1 {
				t.Errorf("p%s is listed %d times", id, times)
			}
		}
	}
	if n < 119 { // the one of 0 is written "0s"
		t.Errorf("%d are listed, want 119", n)
	}
}
