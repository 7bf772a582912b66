package catalogweb_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/catalog/catalogweb"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// A place is a site with the pages of a catalog.
type place struct {
	*catalogtest.Room
	site *webtest.Site
}

func open(t *testing.T, db *store.DB, source *catalog.Source) *place {
	t.Helper()
	p := &place{Room: catalogtest.Open(t, db), site: webtest.New(t)}
	catalogweb.Register(p.site.Site, p.Service, catalogweb.Options{
		Source: source,
		Names: func(_ context.Context, ids ...auth.PrincipalID) (map[auth.PrincipalID]string, error) {
			names := map[auth.PrincipalID]string{}
			for _, id := range ids {
				if id == catalogtest.Administrator.ID {
					names[id] = catalogtest.Administrator.Name
				}
			}
			return names, nil
		},
	})
	return p
}

// sqlite runs a test on a catalog in SQLite: that both databases say the same,
// the tests of the service show.
func sqlite(t *testing.T) *store.DB {
	t.Helper()
	return storetest.Open(t, storetest.SQLite(t))
}

const leadership = "handbook/job-families/product/product-management-leadership.md"

// Somebody looks for a family, reads what it asks for, and follows a duty to
// its line.
func TestReadAFamily(t *testing.T) {
	p := open(t, sqlite(t), nil)
	p.Publish(t, catalogtest.Meridian(t))
	b := p.site.As(catalogtest.Member)

	list := b.Get("/families").WantsStatus(200).Wants("Release 1", "18 families", "Backend Engineer", "Product Management Leadership", "Engineering").Lacks("Publish pages")
	list.Follow("Executive").Wants("1 family found", "Chief Executive Officer").Lacks(">Backend Engineer<")
	b.Get("/families?q=yard+crane+ballet").Wants("No family fits").Follow("Show all families").Wants("18 families")
	b.Get("/families?grade=9.5").Wants("Product Management Leadership")

	page := list.Follow("Product Management Leadership").WantsStatus(200)
	page.Wants("Version 1", "by Ada Quay", "Levels side by side", "9.5", "2 to 4 Product Managers", "Interviews", "What a Group Manager, Product does", "Every level", "How a Group Manager, Product is hired")
	director := page.Follow("Director of Product").Wants("What a Director of Product does", "From Group Manager, Product", "individual contributor: not inherited")
	if director.Address.Query().Get("level") != "director-of-product" {
		t.Errorf("a level is chosen at %s", director.Address)
	}
	for _, part := range []string{"Specialties", "Ladder", "Indicators", "Findings", "Source", "History"} {
		director.Follow(part).WantsStatus(200).Wants("Product Management Leadership")
	}
	b.Get("/families/product-management-leadership/indicators").Wants("1 each quarter")
	b.Get("/families/product-management-leadership/findings").Wants("CAD309", "Waived", "In cadre.yaml")
	source := b.Get("/families/product-management-leadership/v/1/source").Wants("Between a [Product Manager]")
	if !strings.Contains(source.HTML, `id="L26"`) {
		t.Error("the lines of the source have no ids")
	}
	lines := 0
	for _, link := range page.Links() {
		if at, line, ok := strings.Cut(link, "/source#"); ok && at == "/families/product-management-leadership/v/1" {
			lines++
			if !strings.Contains(source.HTML, `id="`+line+`"`) {
				t.Errorf("%s leads nowhere", link)
			}
		}
	}
	if lines < 20 {
		t.Errorf("%d links lead to lines of the page", lines)
	}
	b.Get("/families/captain").WantsStatus(404)
	b.Get("/families/product-management-leadership/v/2").WantsStatus(404)
	b.Get("/families/product-management-leadership/v/x").WantsStatus(404)
	b.Get("/families/product-management-leadership/salaries").WantsStatus(404)
}

// Every page of every family of the example is sound.
func TestEveryFamily(t *testing.T) {
	p := open(t, sqlite(t), nil)
	p.Publish(t, catalogtest.Meridian(t))
	b := p.site.As(catalogtest.Member)
	l, err := p.Families(t.Context(), catalogtest.Member, catalog.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.Families {
		for _, level := range f.Levels {
			b.Get(f.ID.Address() + "?level=" + string(level.ID)).WantsStatus(200).Wants(level.Title + " does")
		}
		for _, part := range []string{"specialties", "ladder", "indicators", "findings", "source", "history"} {
			b.Get(f.ID.Address() + "/" + part).WantsStatus(200)
		}
	}
}

// Ladders and grades over all families, and what the rules say of them.
func TestAcrossFamilies(t *testing.T) {
	p := open(t, sqlite(t), nil)
	b := p.site.As(catalogtest.Member)
	for _, address := range []string{"/families", "/ladders", "/grades", "/findings", "/releases"} {
		b.Get(address).WantsStatus(200).Wants("Nothing has been published yet")
	}
	pages := catalogtest.Meridian(t)
	p.Publish(t, pages)
	b.Get("/ladders").WantsStatus(200).Wants("From role to role", "Staff Backend Engineer")
	b.Get("/grades").WantsStatus(200).Wants("Grades today", "Group Manager, Product", "Management")
	b.Get("/grades?on=2026-11-20").WantsStatus(200).Wants("Grades on 20 Nov 2026", "Group Manager, Product")
	b.Get("/grades?on=2026-11-19").WantsStatus(200).Wants("Nothing was in force on 19 Nov 2026")
	b.Get("/grades?on=someday").WantsStatus(200).Wants("Grades today")
	b.Get("/findings").WantsStatus(200).Wants("CAD309", "Product Management Leadership")

	p.Publish(t, pages.Without("handbook/job-families/engineering/engineering-management.md"))
	b.Get("/ladders").Wants("Steps that lead nowhere", "Engineering Manager")
	b.Get("/families/backend-engineer/ladder").Wants("No page describes this role")
	b.Get("/families").Wants("17 families").Follow("1 retired").Wants("Retired families", "Engineering Management").Follow("Engineering Management").Wants("This family is retired", "release 2")
	b.Get("/releases").WantsStatus(200).Wants("Release 2", "1 retired", "Release 1", "18 new", "Ada Quay").Follow("Release 2").Wants("Engineering Management", "Retired", "pages.tar")
	b.Get("/releases/3").WantsStatus(404)
	b.Get("/releases/x").WantsStatus(404)
}

// The history says what changed in meaning between any two versions.
func TestHistory(t *testing.T) {
	p := open(t, sqlite(t), nil)
	pages := catalogtest.Meridian(t)
	p.Publish(t, pages)
	pages = pages.Edit(t, leadership, "typically leads 2-4", "typically leads 3-5")
	p.Publish(t, pages)
	p.Publish(t, pages.Edit(t, leadership, "Meet each Product Manager weekly", "Meet each Product Manager daily"))
	b := p.site.As(catalogtest.Member)
	b.Get("/families/product-management-leadership/v/1").Wants("This is an old version", "2 to 4 Product Managers").Follow("Show version 3").Wants("3 to 5 Product Managers")
	latest := b.Get("/families/product-management-leadership").Follow("Compare with 2")
	latest.Wants("Version 3, compared with 2", "Expectation", "Duty", "weekly", "daily").Lacks("Span of control")
	history := b.Get("/families/product-management-leadership/history?from=1&to=3")
	history.Wants("Version 3, compared with 1", "Span of control", "Contract", "Duty", "what differs, with two lines around it")
	if !strings.Contains(history.HTML, "/families/product-management-leadership/v/3/source#L") {
		t.Error("a change does not lead to its line")
	}
	b.Get("/families/product-management-leadership/history?from=1&to=9").WantsStatus(404)
	b.Get("/families/backend-engineer/history").Wants("Version 1").Lacks("compared with")
}

// upload sends an archive, and returns the address that it leads to.
func upload(t *testing.T, b *webtest.Browser, archive []byte, status int, fields ...string) string {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	f, err := w.CreateFormFile("archive", "handbook.tar")
	if err == nil {
		_, err = f.Write(archive)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	a := b.Send(http.MethodPost, "/publish", w.FormDataContentType(), &body)
	if a.StatusCode != status {
		text, _ := io.ReadAll(a.Body)
		t.Fatalf("upload: %d, want %d: %s", a.StatusCode, status, text)
	}
	return a.Header.Get("Location")
}

// An administrator publishes an archive: they see what stands against it, give
// a reason, and publish.
func TestPublish(t *testing.T) {
	p := open(t, sqlite(t), nil)
	pages := catalogtest.Harbour().Edit(t, catalogtest.Pilots, "Write a report of each passage", "Write a [report]() of each passage")
	b := p.site.As(catalogtest.Administrator)
	b.Get("/families").Wants("Nothing has been published yet").Follow("Publish pages").Wants("From an archive").Lacks("the server's own source")

	at := upload(t, b, pages.Archive().Archive, 303)
	preview := b.Get(at).WantsStatus(200).Wants("What would change", "from handbook.tar", "What stands against it", "CAD204", "Pilots", "Harbour Master", "New, version 1")
	refused := preview.Form(at).Submit().WantsStatus(422).Wants("Say why this error is accepted")
	if _, err := p.Edition(t.Context(), catalogtest.Member, 0); err == nil {
		t.Fatal("it was published without a reason")
	}
	form := refused.Form(at)
	fields := strings.Split(refused.HTML, `name="reason-`)
	if len(fields) != 2 {
		t.Fatalf("%d fields for reasons", len(fields)-1)
	}
	fingerprint, _, _ := strings.Cut(fields[1], `"`)
	form.Fill("reason-"+fingerprint, "The report moves next week.")
	form.Fill("until", "2026-12-31").Submit().WantsStatus(200).Wants("Release 1 is published", "handbook.tar", "Pilots")
	b.Get(at).WantsStatus(404)
	b.Get("/families/pilot/findings").Wants("Waived", "The report moves next week", "Ada Quay", "Until 31 Dec 2026")

	at = upload(t, b, pages.Archive().Archive, 303)
	b.Get(at).Wants("Nothing has changed")
	at = upload(t, b, catalogtest.Harbour().Archive().Archive, 303, "name", "main")
	b.Get(at).Wants("from main", "Publish 1 change", "Changed, version 2").Form(at).Submit().Wants("Release 2 is published")

	waivers := b.Get("/findings").Wants("Waivers", "The report moves next week.")
	var action string
	for _, part := range strings.Split(waivers.HTML, `action="`) {
		if a, _, _ := strings.Cut(part, `"`); strings.HasPrefix(a, "/waivers/") {
			action, _, _ = strings.Cut(a, "?")
		}
	}
	waivers.Form(action).Submit().Wants("The waiver is revoked").Lacks("The report moves next week.")
	at = upload(t, b, pages.Archive().Archive, 303)
	b.Get(at).Wants("What stands against it")
}

// What cannot be published is said, and nothing is lost by it.
func TestPublishWhatIsNoHandbook(t *testing.T) {
	p := open(t, sqlite(t), nil)
	b := p.site.As(catalogtest.Administrator)
	at := upload(t, b, []byte("Dear Cadre"), 303)
	b.Get(at).WantsStatus(200).Wants("These pages cannot be published", ".tar.gz, .tar or .zip").Follow("Send others").Wants("From an archive")
	upload(t, b, nil, 422)
	b.Get("/publish/nothing").WantsStatus(404)
	b.Get("/publish/source").WantsStatus(404)
}

// A server that knows where its pages are publishes them from there.
func TestPublishTheServersOwnSource(t *testing.T) {
	source := catalogtest.Harbour().Archive()
	source.Name = "the handbook"
	p := open(t, sqlite(t), &source)
	b := p.site.As(catalogtest.Administrator)
	b.Get("/publish").Wants("the server's own source", "the handbook").Follow("Look at what would change").Wants("Publish 2 changes").
		Form("/publish/source").Submit().Wants("Release 1 is published")
}

// Whoever may not publish is told so, and whoever did not sign in sees nothing.
func TestWhoMayPublish(t *testing.T) {
	p := open(t, sqlite(t), nil)
	p.Publish(t, catalogtest.Harbour())
	other := catalogtest.Administrator
	other.ID = "eve"
	at := upload(t, p.site.As(catalogtest.Administrator), catalogtest.Harbour().Archive().Archive, 303)
	p.site.As(other).Get(at).WantsStatus(404)
	member := p.site.As(catalogtest.Member)
	member.Get("/families").Lacks("/publish")
	for _, address := range []string{"/publish", at, "/publish/source"} {
		member.Get(address).WantsStatus(403)
	}
	upload(t, member, catalogtest.Harbour().Archive().Archive, 403)
	visitor := p.site.Visitor()
	for _, r := range p.site.Routes() {
		if r.Method != http.MethodGet || strings.HasPrefix(r.Pattern, "/static") {
			continue
		}
		address := strings.NewReplacer("{id}", "pilot", "{part}", "source", "{version}", "1", "{number}", "1", "{upload}", "source").Replace(r.Pattern)
		if got := visitor.Send(http.MethodGet, address, "", nil).StatusCode; !r.Open && got != 303 && got != 401 {
			t.Errorf("%s without a session: %d", address, got)
		}
	}
}
