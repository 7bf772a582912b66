package productweb_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/org/product/producttest"
	"github.com/cadre-hq/cadre/internal/org/productweb"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// A place is a site with the pages of a product hierarchy.
type place struct {
	*producttest.Room
	site *webtest.Site
}

func open(t *testing.T) *place {
	t.Helper()
	p := &place{Room: producttest.Open(t, storetest.Open(t, storetest.SQLite(t))), site: webtest.New(t)}
	productweb.Register(p.site.Site, p.Service, productweb.Options{
		Names: func(_ context.Context, ids ...auth.PrincipalID) (map[auth.PrincipalID]string, error) {
			names := map[auth.PrincipalID]string{}
			for _, a := range []auth.Actor{producttest.Administrator, producttest.Member} {
				names[a.ID] = a.Name
			}
			return names, nil
		},
		Person: func(id product.PersonID) string { return "/people/" + string(id) },
	})
	return p
}

// every are the pages that lead through the hierarchy.
var every = []string{
	"/hierarchy", "/hierarchy/map", "/hierarchy/findings", "/hierarchy/counterparts", "/hierarchy/responsible", "/hierarchy/use-cases", "/hierarchy/changes",
}

// Before anything is imported, pages say so, and to administrators how.
func TestNothingYet(t *testing.T) {
	p := open(t)
	for _, address := range every {
		p.site.As(producttest.Member).Get(address).WantsStatus(200).Lacks("Import files")
	}
	p.site.As(producttest.Administrator).Get("/hierarchy").Wants("There is no product hierarchy yet", "Import files").Follow("Import files").WantsStatus(200)
	p.site.As(producttest.Member).Get("/hierarchy/import").WantsStatus(403)
	if page := p.site.As(producttest.Nobody).Get("/hierarchy"); page.Status == 200 && page.Has("Product hierarchy") {
		t.Error("nobody sees the hierarchy")
	}
}

// Somebody reads the tree, the map, a group, a category, and what they were.
func TestRead(t *testing.T) {
	p := open(t)
	p.Import(t, producttest.Harbour())
	b := p.site.As(producttest.Member)
	for _, address := range every {
		b.Get(address).WantsStatus(200)
	}
	tree := b.Get("/hierarchy").Wants("2 sections", "Waterside", "Vessel Calls", "Stacking", "Ida Wharf").Lacks("Add a part")
	b.Get("/hierarchy?q=berth%3Avessel+calls").Wants("1 part found", "Berth:Vessel Calls")
	b.Get("/hierarchy?q=crane").Wants("Nothing is called so", "has no")
	b.Get("/hierarchy/map").Wants("3 of 7", "Exactly one product manager", "Nobody answers as product manager", "41%", "1 of 2")
	b.Get("/hierarchy/findings?rule=open_holder").Wants("has nobody for quality", "stages L14")

	group := tree.Follow("Vessel Calls").Wants("Berth:Vessel Calls", "primary set 75%", "Mira Fender", "Acting", "Port Calls", "Nobody named").Lacks("Note a meeting x")
	group.Follow("Ask for a change").WantsStatus(200)
	group.Follow("Port Calls").Wants("Built by", "Viable", "Vessel Calls")
	group.Follow("History").Wants("Began as Vessel Calls", "Who stood beside it", "Ben Tide")
	group.Follow("Ben Tide").WantsStatus(404) // the pages of people are another room
	b.Get("/hierarchy/group/vessel_cals").WantsStatus(404)
	b.Get("/hierarchy/crew/vessel_calls").WantsStatus(404)
	b.Get("/hierarchy?day=2020-01-01").Wants("There was no hierarchy on this day")
	b.Get("/hierarchy?day=soon").WantsStatus(422)
	b.Get("/hierarchy/counterparts?kind=section").Wants("Waterside")
	b.Get("/hierarchy/counterparts?kind=group&section=landside").Wants("Yard:Stacks").Lacks("Berth:Vessel Calls")
	b.Get("/hierarchy/counterparts?kind=crew").WantsStatus(422)
	b.Get("/hierarchy/responsible?q=ida").Wants("Ida Wharf")
	if file := b.Get("/hierarchy/files/stages.yml"); !strings.Contains(file.HTML, "display_name: Berth") {
		t.Errorf("%s", file.HTML)
	}
	b.Get("/hierarchy/files/../../x").WantsStatus(404)
}

// An administrator adds, changes and retires a part; of two, the second loses
// nothing.
func TestEdit(t *testing.T) {
	p := open(t)
	p.Import(t, producttest.Harbour())
	b := p.site.As(producttest.Administrator)
	b.Get("/hierarchy").Follow("Add a part").Follow("A group").Form("/hierarchy/new").Fill("key", "cranes").Fill("name", "Cranes").Fill("parent", "yard").Submit().Wants("Cranes is added", "Yard:Cranes")
	b.Get("/hierarchy/new?kind=group").Form("/hierarchy/new").Fill("key", "cranes").Fill("name", "Cranes").Fill("parent", "yard").Submit().Wants("choose another key")
	form := b.Get("/hierarchy/group/cranes").Follow("Change").Form("/hierarchy/group/cranes/edit").Fill("name", "Gantries").Fill("description", "They lift.")
	b.Get("/hierarchy/group/cranes/edit").Form("/hierarchy/group/cranes/edit").Fill("name", "Gantry Cranes").Submit().Wants("is changed")
	again := form.Submit().WantsStatus(422).Wants("Nothing that you typed is lost", `is "Gantry Cranes" now`)
	again.Form("/hierarchy/group/cranes/edit").Submit().Wants("is changed", "Gantries", "They lift.")
	b.Get("/hierarchy/group/cranes/history").Wants("Began as Gantries")
	p.Days(1)
	b.Get("/hierarchy/new?kind=category").Form("/hierarchy/new").Fill("key", "spreaders").Fill("name", "Spreaders").Fill("group", "cranes").Fill("available", "2026-01-01").Submit().Wants("Spreaders is added", "Gantries")
	p.Days(1)
	b.Get("/hierarchy/category/spreaders/edit").Form("/hierarchy/category/spreaders/retire").Submit().Wants("Spreaders is retired")
	b.Get("/hierarchy/category/spreaders").WantsStatus(404)
	b.Get("/hierarchy/category/spreaders/history").WantsStatus(200).Wants("Retired")
	b.Get("/hierarchy/stage/yard/edit").Form("/hierarchy/stage/yard/retire").Submit().WantsStatus(409)
	b.Get("/hierarchy/new").Wants("What is it?")
	p.site.As(producttest.Member).Get("/hierarchy/group/cranes/edit").WantsStatus(403)
}

// Who leads a section says who stands beside its groups; who stands there notes
// meetings.
func TestCounterparts(t *testing.T) {
	p := open(t)
	p.Import(t, producttest.Harbour())
	b := p.site.As(producttest.Director)
	page := b.Get("/hierarchy/group/vessel_calls").Follow("Change quality").Form("/hierarchy/group/vessel_calls/seat/sets").Fill("names", "Ben Tide").Submit()
	page.Wants("Quality is changed", "primary set 100%")
	form := b.Get("/hierarchy/group/vessel_calls/seat/pm").Form("/hierarchy/group/vessel_calls/seat/pm").Fill("names", "Ole Bollard")
	b.Get("/hierarchy/group/vessel_calls/seat/pm").Form("/hierarchy/group/vessel_calls/seat/pm").Fill("names", "Ida Wharf").Submit().Wants("is changed")
	form.Submit().WantsStatus(422).Wants("Somebody else changed this").Form("/hierarchy/group/vessel_calls/seat/pm").Submit().Wants("is changed", "Ole Bollard")
	b.Get("/hierarchy/group/stacks/seat/pm").WantsStatus(403)
	b.Get("/hierarchy/group/vessel_calls/seat/colour").WantsStatus(404)

	met := page.Form("/hierarchy/group/vessel_calls/met")
	met.Submit().WantsStatus(422)
	met.Fill("attendees", "Ida Wharf\nMira Fender").Fill("notes", "We spoke of tides.").Submit().Wants("The meeting is noted", "We spoke of tides.")
	p.site.As(producttest.Chief).Get("/hierarchy/group/vessel_calls").Wants("Notes are for those who were there").Lacks("tides.")
}

// A responsibility is given, refused twice, handed over, and its steps are done.
func TestResponsible(t *testing.T) {
	p := open(t)
	p.Import(t, producttest.Harbour())
	b := p.site.As(producttest.Administrator)
	appoint := func(who, how string) *webtest.Page {
		return b.Get("/hierarchy/responsible").Follow("Make somebody responsible").Form("/hierarchy/responsible/new").Fill("subject", "group:stacks").Fill("kind", "prioritisation").Fill("person", who).Fill("how", how).Submit()
	}
	appoint("Nobody Known", "appoint").WantsStatus(422).Wants("Nobody here is called")
	appoint("Ben Tide", "appoint").Wants("Ben Tide is responsible")
	appoint("Ida Wharf", "appoint").WantsStatus(422).Wants("there is one at a time")
	p.Days(3)
	appoint("Ida Wharf", "hand_over").Wants("Ida Wharf is responsible")
	b.Get("/hierarchy/responsible").Follow("Handovers").Wants("Handover of Yard:Stacks", "3 steps left")
	own := p.site.As(producttest.Director).Get("/hierarchy/responsible?show=handovers")
	for _, f := range own.Forms() {
		if strings.Contains(f.Text(), "Done") {
			f.Fill("link", "https://track.example/1").Submit().Wants("The step is noted")
			p.site.As(producttest.Director).Get("/hierarchy/responsible?show=handovers").Wants("2 steps left", "Result")
			break
		}
	}
	b.Get("/hierarchy/group/stacks/history").Wants("Who was responsible", "Ben Tide", "Ida Wharf")
	p.site.As(producttest.Member).Get("/hierarchy/responsible").Lacks("Make somebody responsible")
}

// A use case is entered, and its gaps close.
func TestUseCases(t *testing.T) {
	p := open(t)
	p.Import(t, producttest.Harbour())
	b := p.site.As(producttest.Administrator)
	list := b.Get("/hierarchy/use-cases").Wants("No use case is entered", "Not entered yet")
	list.Follow("Enter a use case").Form("/hierarchy/use-cases/new").Fill("key", "cold").Fill("name", "Cold chain").Fill("kind", "solution").Fill("categories", "port_call").
		Submit().WantsStatus(422).Wants("did you mean").
		Form("/hierarchy/use-cases/new").Fill("categories", "port_calls").Fill("drivers", "efficiency").Fill("requirements", "One\nTwo").Submit().
		Wants("Cold chain is saved", "Nobody is responsible as product manager", "2 market requirements", "Port Calls")
	b.Get("/hierarchy/use-cases/cold").Form("/hierarchy/use-cases/cold/seat").Fill("function", "legal").Fill("name", "Mira Fender").Submit().Wants("Legal is changed", "Mira Fender")
	b.Get("/hierarchy/use-cases/cold").Follow("Change").Form("/hierarchy/use-cases/cold/edit").Fill("objective", "Keep it cold.").Submit().Wants("Keep it cold.")
	b.Get("/hierarchy/counterparts?kind=use_case").Wants("Cold chain")
	p.site.As(producttest.Member).Get("/hierarchy/use-cases/cold").WantsStatus(200).Lacks(">Change<")
	p.site.As(producttest.Member).Get("/hierarchy/use-cases/cold/edit").WantsStatus(403)
	b.Get("/hierarchy/use-cases/cold/edit").Form("/hierarchy/use-cases/cold/edit").Press("do", "retire").Submit().Wants("The use case is retired")
	b.Get("/hierarchy/use-cases/cold").WantsStatus(404)
}

// A member asks for a new name; five roles agree, and it is made.
func TestChange(t *testing.T) {
	p := open(t)
	p.Import(t, producttest.Harbour())
	member := p.site.As(producttest.Member)
	ask := member.Get("/hierarchy/category/quays").Follow("Ask for a change").Form("/hierarchy/changes/new")
	ask.Submit().WantsStatus(422)
	page := ask.Fill("name", "Quay Walls").Fill("reason", "It says more.").Submit().Wants("The change is asked for", "In review", "0 of 5", "Still wanting", "Waiting")
	address := page.Address.Path
	for _, by := range []auth.Actor{producttest.Chief, producttest.Director, producttest.Engineer} {
		b := p.site.As(by)
		for b.Get(address).Has("You decide as") {
			b.Get(address).Form(address + "/decide").Click("Agree").Wants("Your decision is noted")
		}
	}
	member.Get(address).Wants("Agreed", "5 of 5").Form(address+"/apply").Submit().Wants("The change is made", "Applied")
	member.Get("/hierarchy/category/quays").Wants("Quay Walls")
	member.Get("/hierarchy/changes").Wants("Quay Walls", "5 of 5", "by Ben Tide")

	member.Get("/hierarchy/changes/new").Follow("A category").Form("/hierarchy/changes/new").Fill("key", "tides").Fill("name", "Tides").Fill("group", "planning").Fill("reason", "The sea rises.").
		Submit().WantsStatus(422).Wants("opportunity canvas that was reviewed").
		Form("/hierarchy/changes/new").Fill("canvas", "https://canvas.example/1").Submit().Wants("A new part", "Opportunity canvas")
	gone := member.Get("/hierarchy/changes/new?node=category:quays")
	for _, f := range gone.Forms() {
		if strings.Contains(f.Text(), "Ask to retire") {
			page = f.Fill("why", "Nobody berths there.").Submit().Wants("It is to be retired")
		}
	}
	address = page.Address.Path
	p.site.As(producttest.Administrator).Get(address).Form(address+"/name").Fill("role", "vp_product").Fill("person", "Ida Wharf").Submit().Wants("Ida Wharf decides as VP of product")
	director := p.site.As(producttest.Director)
	director.Get(address).Form(address + "/decide").Click("Refuse").WantsStatus(422).Wants("Say why it is refused")
	director.Get(address).Form(address+"/decide").Fill("note", "Ships berth there.").Click("Refuse").Wants("Refused", "Ships berth there.")
	member.Get("/hierarchy/changes?state=rejected").Wants("Quay Walls")
	member.Get("/hierarchy/changes/none").WantsStatus(404)
}

// Files are looked at before they are imported.
func TestImport(t *testing.T) {
	p := open(t)
	b := p.site.As(producttest.Administrator)
	send := func(do string) string {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		page := b.Get("/hierarchy/import")
		for name, values := range page.Form("/hierarchy/import").Values {
			if len(values) > 0 {
				_ = w.WriteField(name, values[0])
			}
		}
		_ = w.WriteField("do", do)
		if key := keyOf(page.HTML); key != "" {
			_ = w.WriteField("idempotency_key", key)
		}
		for name, text := range producttest.Harbour() {
			f, err := w.CreateFormFile(strings.TrimSuffix(name, ".yml"), name)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(f, text)
		}
		_ = w.Close()
		a := b.Send("POST", "/hierarchy/import", w.FormDataContentType(), &body)
		text, _ := io.ReadAll(a.Body)
		return a.Status + a.Header.Get("Location") + string(text)
	}
	if got := send("look"); !strings.Contains(got, "200") || !strings.Contains(got, "What would change") || !strings.Contains(got, "Port Calls") {
		t.Errorf("looked: %s", got)
	}
	b.Get("/hierarchy").Wants("There is no product hierarchy yet")
	if got := send("import"); !strings.Contains(got, "303") {
		t.Errorf("imported: %s", got)
	}
	b.Get("/hierarchy").Wants("Vessel Calls")
	b.Post("/hierarchy/import", url.Values{"do": {"look"}}).Wants("Choose at least one file")
}

func keyOf(page string) string {
	_, rest, _ := strings.Cut(page, `name="idempotency_key" value="`)
	key, _, _ := strings.Cut(rest, `"`)
	return key
}

// Every part of the real hierarchy has sound pages.
func TestEveryNode(t *testing.T) {
	p := open(t)
	p.Import(t, producttest.Corpus(t))
	b := p.site.As(producttest.Administrator)
	h, err := p.Hierarchy(t.Context(), producttest.Member, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range every {
		b.Get(address).WantsStatus(200)
	}
	b.Get("/hierarchy/counterparts").Wants("58", "53", "Stretched")
	for i, n := range h.Nodes {
		if n.Kind != hierarchy.Category || i%10 == 0 {
			b.Get(product.Address(n.Ref)).WantsStatus(200)
		}
	}
	b.Get("/hierarchy/category/gitaly/history").WantsStatus(200)
	b.Get("/hierarchy/category/gitaly/edit").WantsStatus(200)
}
