package app_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/app/apptest"
	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
)

// Who sees which entry of the settings; nil is everybody. What is not there
// cannot be opened either.
func TestSettingsTable(t *testing.T) {
	a := apptest.Demonstration(t)
	admin := []auth.Role{auth.Administrator}
	table := []struct {
		entry, page string
		may         []auth.Role
	}{
		{"Your account", "/account", nil},
		{"Accounts", "/accounts", []auth.Role{auth.Administrator, auth.PeoplePartner}},
		{"Erasures", "/settings/erasure", admin},
		{"Policy", "/policy", nil},
		{"Job-family pages", "/publish", admin},
		{"Journal", "/journal", admin},
		{"Jobs", "/settings/jobs", admin},
		{"Mail", "", admin},
		{"Files", "", admin},
		{"Backups", "", admin},
		{"JSON interface", "/docs/api", nil},
		{"Program", "", nil},
	}
	seen := map[auth.Role]bool{}
	for _, p := range app.Cast {
		b, _ := apptest.SignIn(t, a, p.Name)
		page := b.Get("/settings").WantsStatus(200).Wants("Settings", "Version test")
		for _, role := range p.Roles {
			seen[role] = true
		}
		for _, c := range table {
			may := c.may == nil || slices.ContainsFunc(c.may, func(r auth.Role) bool { return slices.Contains(p.Roles, r) })
			shown := strings.Contains(page.HTML, ">"+c.entry+"<") || strings.Contains(page.HTML, "<th scope=\"row\">"+c.entry+"</th>")
			if shown != may {
				t.Errorf("%s %v sees %s: %t, want %t", p.Name, p.Roles, c.entry, shown, may)
			}
			if c.page == "" {
				continue
			}
			if got := b.Get(c.page); (got.Status < 400) != may {
				t.Errorf("%s %v opens %s: %d, want allowed %t", p.Name, p.Roles, c.page, got.Status, may)
			}
		}
	}
	for _, r := range auth.Roles {
		if !seen[r] {
			t.Errorf("nobody in the demonstration is %s", r)
		}
	}
}

// The pages of entries belong to Settings, in the rail and in the breadcrumbs.
func TestSettingsAreCurrentOnTheirPages(t *testing.T) {
	b, _ := apptest.SignIn(t, apptest.Demonstration(t), "Ada Okafor")
	for path, want := range map[string]string{
		"/settings": "Settings", "/accounts": "Settings", "/accounts/invitations": "Settings", "/journal": "Settings", "/account/tokens": "Settings",
		"/policy": "Settings", "/docs/api": "Settings", "/settings/jobs": "Settings", "/settings/erasure": "Settings",
		"/families": "Job families", "/publish": "Job families",
	} {
		page := b.Get(path).WantsStatus(200)
		_, rail, _ := strings.Cut(page.HTML, "rail__list")
		rail, _, _ = strings.Cut(rail, "</ul>")
		if n := strings.Count(rail, "aria-current"); n != 1 {
			t.Errorf("%s: %d entries of the rail are current", path, n)
		}
		_, current, _ := strings.Cut(rail, `aria-current="page"`)
		if current, _, _ = strings.Cut(current, "</a>"); !strings.Contains(current, want) {
			t.Errorf("%s: the current entry of the rail is %q, want %s", path, current, want)
		}
		if _, crumbs, _ := strings.Cut(page.HTML, "Breadcrumbs"); path != "/families" && !strings.Contains(crumbs[:min(len(crumbs), 400)], want) {
			t.Errorf("%s: the breadcrumbs do not begin at %s", path, want)
		}
		if !strings.Contains(rail, "Settings") || strings.Contains(rail, "Accounts") || strings.Contains(rail, "Journal") {
			t.Errorf("%s: the rail is %s", path, rail)
		}
	}
}

// The page says how things stand, and follows them.
func TestSettingsFollowWhatHappens(t *testing.T) {
	data := t.TempDir()
	a := apptest.DemonstrationIn(t, data)
	b, _ := apptest.SignIn(t, a, "Ada Okafor")
	b.Get("/settings").Wants("8 people", "Nobody was erased", "0 values overridden", "Not sealed yet", "nobody gets them", "No scanner", "Release 1 was published", "No passkey").
		Lacks("invitation open", "failed")
	if _, err := a.Accounts().Invite(t.Context(), auth.TheProgram("test"), "new@meridian.example", ""); err != nil {
		t.Fatal(err)
	}
	if err := audit.New(a.DB(), time.Now).Seal(t.Context(), filepath.Join(data, audit.SealsFile)); err != nil {
		t.Fatal(err)
	}
	b.Get("/settings").Wants("1 invitation open", "Last seal").Lacks("Not sealed yet")
}

// Somebody is erased on the whole server: what the page foretells is what goes,
// and they are nowhere any more.
func TestErasePersonByPage(t *testing.T) {
	a := apptest.Demonstration(t)
	victor, _ := apptest.SignIn(t, a, "Victor Mensah")
	ada, _ := apptest.SignIn(t, a, "Ada Okafor")
	page := ada.Get("/accounts?q=Victor").Follow("Victor Mensah").Follow("Erase").
		WantsStatus(200).Wants("Erase Victor Mensah", "What is removed", "Account: name, address", "What this does not reach")
	action := page.Address.Path
	page.Form(action).Fill("who", "Victor").Submit().WantsStatus(422).Wants("not the name of the account")
	victor.Get("/account").WantsStatus(200).Wants("Victor Mensah")

	ada.Get(action).Form(action).Fill("who", " victor  mensah ").Submit().WantsStatus(200).
		Wants("Erased", "rows are erased, and no byte", "Gone from the files", "Ada Okafor").Lacks("Victor", "victor")
	if got := victor.Get("/account"); got.Address.Path != "/sign-in" {
		t.Errorf("who was erased still reads %s", got.Address)
	}
	ada.Get("/accounts?q=Victor").Wants("Nobody is found")
	ada.Get("/settings/erasure").WantsStatus(200).Wants("Ada Okafor", "Gone").Lacks("Victor")
	ada.Get("/settings").Wants("1 person, the last", "7 people")
	ada.Get("/journal").WantsStatus(200).Wants("erasure.person.erase")
}
