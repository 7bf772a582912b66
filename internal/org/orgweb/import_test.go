package orgweb_test

import (
	"bytes"
	"io/fs"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/examples"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// send uploads a file of people, and returns the address that it leads to.
func send(t *testing.T, b *webtest.Browser, name, text string, status int) string {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	f, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	a := b.Send(http.MethodPost, "/people/import", w.FormDataContentType(), &body)
	if a.StatusCode != status {
		t.Fatalf("upload: %d, want %d", a.StatusCode, status)
	}
	return a.Header.Get("Location")
}

// A people partner sends a file, says which column is what, looks at what would
// happen, does it, and takes it back.
func TestImportPeople(t *testing.T) {
	p := open(t)
	p.site.As(orgtest.Member).Get("/people/import").WantsStatus(403)
	b := p.site.As(orgtest.Partner)
	b.Get("/org").Follow("Import people").Wants("From a file", "nothing is changed before you have looked at it")
	send(t, b, "people.csv", "Name\n\xff\n", 422)

	at := send(t, b, "people.csv", "Personal no;Full name;Hire date;Job title;Seat;Boss;Town\n"+
		"1;Ada Holm;2024-01-01;Chief;P1;;Oslo\n2;Bo Lind;2023-05-01;Quay Manager;P2;1;Bergen\n3;;2023-05-01;Planner;P3;2;\n", 303)
	columns := b.Get(at).WantsStatus(200).Wants("Which column is what", "people.csv")
	f := columns.Form(at)
	if f.Values.Get("name") != "Full name" || f.Values.Get("employee_id") != "-" {
		t.Errorf("guessed: %v", f.Values)
	}
	f.Submit().WantsStatus(422).Wants("No column tells people or positions apart")
	preview := f.Fill("employee_id", "Personal no").Fill("position_id", "Seat").Fill("manager", "Boss").Fill("locality", "Town").Submit()
	preview.WantsStatus(200).Wants("What would change", "Ada Holm", "does not say how 3 is called", "Import: 2 new, 1 rejected")
	preview.Follow("Other columns").Wants("Which column is what")
	decide := preview.Form(preview.Address.RequestURI())
	done := decide.Submit().WantsStatus(200).Wants("Imported: 2 new, 1 rejected", "Bo Lind", "Ada Holm")
	b.Get(at).WantsStatus(404)
	b.Get("/org").Wants("2 people")

	// The same once more: nothing is to be done.
	again := send(t, b, "people.csv", "employee_id,name,start_date,title,position_id,manager,locality\n"+
		"1,Ada Holm,2024-01-01,Chief,P1,,Oslo\n2,Bo Lind,2023-05-01,Quay Manager,P2,1,Bergen\n", 303)
	b.Get(again).Form(again).Submit().Wants("Nothing would change").Lacks("Do it")

	for _, form := range done.Forms() {
		if strings.Contains(form.Text(), "Undo") {
			form.Submit().Wants("Taken back")
		}
	}
	b.Get("/org").Wants("Nobody is here yet")
}

// Many removals need a yes, and what has changed meanwhile is not overwritten.
func TestImportRemovals(t *testing.T) {
	p := open(t)
	p.Publish(t)
	text, err := fs.ReadFile(examples.Meridian(), "people/people.csv")
	if err != nil {
		t.Fatal(err)
	}
	b := p.site.As(orgtest.Partner)
	at := send(t, b, "people.csv", string(text), 303)
	preview := b.Get(at).Form(at).Submit().Wants("Import: 141 new", "and")
	preview.Form(preview.Address.RequestURI()).Submit().Wants("Imported: 141 new")

	lines := strings.SplitAfter(string(text), "\n")
	at = send(t, b, "people.csv", strings.Join(lines[:100], ""), 303)
	form := b.Get(at).Form(at)
	preview = form.Fill("all", "on").Fill("day", "2026-12-01").Submit()
	decide := preview.Wants("Needs a yes", "1 Dec 2026", "37 of 129 people").Form(preview.Address.RequestURI())
	refused := decide.Submit().WantsStatus(422).Wants("Say that it is meant")
	p.Do(t, orgtest.Opening("extra", "Crane Driver", "", catalog.Pin{}))
	refused.Form(preview.Address.RequestURI()).Fill("allow", "true").Submit().WantsStatus(422).Wants("has changed since you looked").
		Form(preview.Address.RequestURI()).Fill("allow", "true").Submit().WantsStatus(200).Wants("gone")
}

// What is sent by others cannot be looked at.
func TestImportIsOnesOwn(t *testing.T) {
	p := open(t)
	at := send(t, p.site.As(orgtest.Partner), "team.yml", "- {name: Ada Holm, slug: ada, role: Chief, start_date: 2024-01-01}\n", 303)
	other := orgtest.Partner
	other.ID = "other"
	p.site.As(other).Get(at).WantsStatus(404)
	b := p.site.As(orgtest.Partner)
	b.Get(at).Lacks("Columns").Form(at).Submit().Wants("Ada Holm", "Import: 1 new")
}
