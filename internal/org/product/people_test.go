package product_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/org/product/producttest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A category is renamed: five roles have to agree, each in person, and only then
// it is done.
func TestRenameNeedsFiveApprovals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		quays := producttest.Ref(t, "category:quays")
		id, err := r.Propose(ctx, member, product.Proposal{Edit: product.Edit{Node: quays, Name: text("Quay Walls")}, Reason: "Quays are streets, too."})
		if err != nil {
			t.Fatal(err)
		}
		load := func() *product.ChangeRequest {
			t.Helper()
			c, err := r.Request(ctx, member, id)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		c := load()
		var roles []string
		for _, a := range c.Approvals {
			roles = append(roles, a.Role+" "+a.Called)
		}
		want := []string{
			"chief_product_officer Cai Lighter", "vp_product Cai Lighter", "product_director_of_section Ida Wharf",
			"engineering_director_of_section Ole Bollard", "director_of_product_design Cai Lighter",
		}
		if diff := gocmp.Diff(want, roles); diff != "" || c.Kind != product.RenameNode || len(c.Informed) != 6 || len(c.Wanting) != 5 {
			t.Errorf("%+v (-want +got):\n%s", c, diff)
		}
		wantsKind(t, "too early", r.Apply(ctx, member, id), fault.Conflict)
		wantsKind(t, "another's approval", r.Decide(ctx, admin, id, "vp_product", true, ""), fault.Forbidden)
		by := chief
		by.Token, by.Scopes = "t", []string{"org:write", "org:read"}
		wantsKind(t, "by a token", r.Decide(ctx, by, id, "vp_product", true, ""), fault.Forbidden)
		for _, a := range c.Approvals {
			who := map[product.PersonID]auth.Actor{producttest.ID(chief): chief, producttest.ID(director): director, producttest.ID(engineer): engineer}[a.Person]
			if got := r.MayDecide(who, load()); !slices.Contains(got, a.Role) {
				t.Errorf("%s may decide for %v", who.ID, got)
			}
			if err := r.Decide(ctx, who, id, a.Role, true, ""); err != nil {
				t.Fatal(err)
			}
		}
		wantsKind(t, "twice", r.Decide(ctx, chief, id, "vp_product", true, ""), fault.Conflict)
		if c = load(); c.State != product.Approved || at(t, r, "").Node(quays).Name != "Quays" {
			t.Errorf("%s, and %s", c.State, at(t, r, "").Node(quays).Name)
		}
		wantsKind(t, "somebody else applies", r.Apply(ctx, director, id), fault.Forbidden)
		if err := r.Apply(ctx, member, id); err != nil {
			t.Fatal(err)
		}
		if at(t, r, "").Node(quays).Name != "Quay Walls" || load().State != product.Applied {
			t.Errorf("%+v", load())
		}
		wantsKind(t, "applied twice", r.Apply(ctx, member, id), fault.Conflict)
	})
}

// Who decides follows from what is changed; what was overtaken is not applied; a
// refusal needs a note.
func TestKindsOfChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		calls := producttest.Ref(t, "category:port_calls")
		ask := func(e product.Edit, canvas string) (*product.ChangeRequest, error) {
			id, err := r.Propose(ctx, member, product.Proposal{Edit: e, Reason: "It is time.", Canvas: canvas})
			if err != nil {
				return nil, err
			}
			return r.Request(ctx, member, id)
		}
		field := func(name, value string) hierarchy.Fields {
			return hierarchy.Fields{{Key: name, Value: hierarchy.TextOf(value)}}
		}
		new := product.Ref{Kind: hierarchy.Category, Key: "tides"}
		for why, want := range map[string]struct {
			e      product.Edit
			canvas string
			kind   product.RequestKind
			roles  int
		}{
			"a date":        {product.Edit{Node: calls, Fields: field("complete", "2027-01-01")}, "", product.ChangeDetails, 1},
			"a downgrade":   {product.Edit{Node: calls, Fields: field("maturity", "minimal")}, "", product.Downgrade, 2},
			"an upgrade":    {product.Edit{Node: calls, Fields: field("maturity", "complete")}, "", product.ChangeDetails, 1},
			"a move":        {product.Edit{Node: calls, Group: text("planning")}, "", product.MoveNode, 5},
			"to a section":  {product.Edit{Node: producttest.Ref(t, "stage:yard"), Parent: text("waterside")}, "", product.MoveNode, 7},
			"a retirement":  {product.Edit{Node: calls, Retire: true}, "", product.RetireNode, 5},
			"a new one":     {product.Edit{Node: new, Name: text("Tides"), Group: text("planning")}, "https://canvas.example/tides", product.AddNode, 5},
			"a new section": {product.Edit{Node: product.Ref{Kind: hierarchy.Section, Key: "sea"}, Name: text("Sea")}, "", product.AddNode, 5},
		} {
			c, err := ask(want.e, want.canvas)
			if err != nil || c.Kind != want.kind || len(c.Approvals) != want.roles {
				t.Errorf("%s: %+v, %v", why, c, err)
			}
		}
		for why, e := range map[string]product.Edit{
			"a category without a canvas": {Node: new, Name: text("Tides"), Group: text("planning")},
			"nothing":                     {Node: calls, Name: text("Port Calls")},
			"people":                      {Node: producttest.Ref(t, "group:stacks"), Fields: field("pm", "Ben Tide")},
			"a parent of nowhere":         {Node: calls, Parent: text("nowhere")},
		} {
			_, err := ask(e, "")
			wantsKind(t, why, err, fault.Invalid)
		}
		_, err := r.Propose(ctx, member, product.Proposal{Edit: product.Edit{Node: calls, Retire: true}})
		wantsKind(t, "no reason", err, fault.Invalid)
		_, err = r.Propose(ctx, producttest.Nobody, product.Proposal{Edit: product.Edit{Node: calls, Retire: true}, Reason: "x"})
		wantsKind(t, "nobody asks", err, fault.Unauthenticated)

		down, err := ask(product.Edit{Node: calls, Fields: field("maturity", "planned")}, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{
			r.Decide(ctx, director, down.ID, "product_director_of_section", true, ""), r.Decide(ctx, chief, down.ID, "vp_product", true, "I have read it."),
			r.Announce(ctx, member, down.ID, "https://chat.example/1"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Apply(ctx, member, down.ID); err == nil || !strings.Contains(err.Error(), "1 more channels") {
			t.Errorf("one announcement: %v", err)
		}
		if err := r.Announce(ctx, member, down.ID, "https://chat.example/2"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Change(ctx, admin, product.Edit{Node: calls, Version: 1, Fields: field("maturity", "minimal")}); err != nil {
			t.Fatal(err)
		}
		if err := r.Apply(ctx, member, down.ID); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), `maturity was "viable" and is "minimal" now`) {
			t.Errorf("overtaken: %v", err)
		}

		sea, err := ask(product.Edit{Node: product.Ref{Kind: hierarchy.Section, Key: "lake"}, Name: text("Lake")}, "")
		if err != nil {
			t.Fatal(err)
		}
		wantsKind(t, "nobody has the role", r.Decide(ctx, director, sea.ID, "product_director_of_section", true, ""), fault.Forbidden)
		wantsKind(t, "named by a member", r.Name(ctx, member, sea.ID, "product_director_of_section", producttest.ID(director)), fault.Forbidden)
		if err := r.Name(ctx, admin, sea.ID, "product_director_of_section", producttest.ID(director)); err != nil {
			t.Fatal(err)
		}
		wantsKind(t, "refused without a note", r.Decide(ctx, director, sea.ID, "product_director_of_section", false, " "), fault.Invalid)
		if err := r.Decide(ctx, director, sea.ID, "product_director_of_section", false, "We have no lake."); err != nil {
			t.Fatal(err)
		}
		if c, err := r.Request(ctx, member, sea.ID); err != nil || c.State != product.Refused || c.End != producttest.Today {
			t.Errorf("%+v, %v", c, err)
		}
		if err := r.Withdraw(ctx, member, down.ID); err != nil {
			t.Error(err)
		}
	})
}

// The board says how complete the counterparts are; TBD and acting ones are gaps.
func TestBoard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		b, err := r.Board(ctx, member, "group", "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, row := range b.Rows {
			got = append(got, fmt.Sprintf("%s %d%% %d%%", row.Title, row.Primary, row.Complete))
		}
		// The primary set is product, development, product design and quality, each
		// counted twice; nine others are further.
		want := []string{"Berth:Vessel Calls 75% 41%", "Berth:Berth Planning 25% 11%", "Yard:Stacks 0% 0%"}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if f := b.Functions[0]; f.Function != hierarchy.Product || f.Nodes != 3 || f.Named != 2 || !f.Primary || len(b.Stretched) != 0 {
			t.Errorf("%+v", b)
		}
		planning := product.OfNode(producttest.Ref(t, "group:stacks"))
		wantsKind(t, "a member seats", r.Seat(ctx, member, product.Seating{Subject: planning, Field: "pm", Names: []string{"Ben Tide"}}), fault.Forbidden)
		wantsKind(t, "a director of another section", r.Seat(ctx, director, product.Seating{Subject: planning, Field: "pm", Names: []string{"Ben Tide"}}), fault.Forbidden)
		calls := product.OfNode(producttest.Ref(t, "group:vessel_calls"))
		seat := product.Seating{Subject: calls, Field: "sets", Names: []string{"Mira Fender", "Ben Tide"}, Seen: "TBD"}
		if err := r.Seat(ctx, director, seat); err != nil {
			t.Fatal(err)
		}
		wantsKind(t, "the second editor", r.Seat(ctx, director, seat), fault.Conflict)
		b, err = r.Board(ctx, member, "group", "")
		if err != nil || b.Rows[0].Primary != 100 {
			t.Errorf("%+v, %v", b.Rows[0], err)
		}
	})
}

// The board of the real files: 58 of 60 groups with a product manager, 53 with
// product marketing, and some people who are stretched.
func TestRealBoard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := producttest.Open(t, db)
		r.Import(t, producttest.Corpus(t))
		b, err := r.Board(t.Context(), member, "group", "")
		if err != nil {
			t.Fatal(err)
		}
		named := map[hierarchy.Function]int{}
		for _, f := range b.Functions {
			named[f.Function] = f.Named
		}
		if named[hierarchy.Product] != 58 || named[hierarchy.ProductMarketing] != 53 || len(b.Rows) != 60 || len(b.Stretched) == 0 {
			t.Errorf("%v, %d rows, %d stretched", named, len(b.Rows), len(b.Stretched))
		}
	})
}

// One person at a time is responsible; a responsibility is handed over with a
// checklist; gaps and doubles are told.
func TestDRIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		stacks, calls := product.OfNode(producttest.Ref(t, "group:stacks")), product.OfNode(producttest.Ref(t, "group:vessel_calls"))
		read := func() *product.Register {
			t.Helper()
			reg, err := r.Responsible(ctx, member, "")
			if err != nil {
				t.Fatal(err)
			}
			return reg
		}
		has := func(list []product.Gap, s product.Subject, kind string) bool {
			return slices.ContainsFunc(list, func(g product.Gap) bool { return g.Subject == s && g.Kind == kind })
		}
		who := func(s product.Subject, kind string) string {
			for _, d := range read().DRIs {
				if d.Subject == s && d.Kind == kind {
					return d.Called
				}
			}
			return ""
		}
		reg := read()
		if !has(reg.Gaps, stacks, "prioritisation") || !has(reg.Twice, product.OfNode(producttest.Ref(t, "group:planning")), "prioritisation") || who(calls, "prioritisation") != "Ben Tide" {
			t.Errorf("%+v", reg)
		}
		a := product.Appointment{Subject: stacks, Kind: "prioritisation", Person: producttest.ID(member)}
		_, err := r.Appoint(ctx, director, a)
		wantsKind(t, "a director of another section", err, fault.Forbidden)
		if _, err := r.Appoint(ctx, admin, a); err != nil {
			t.Fatal(err)
		}
		a.Person = producttest.ID(director)
		_, err = r.Appoint(ctx, admin, a)
		if fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "Ben Tide is responsible") {
			t.Errorf("an overlap: %v", err)
		}
		for why, bad := range map[string]product.Appointment{
			"no such person": {Subject: stacks, Kind: "delivery", Person: "p-none"},
			"no such kind":   {Subject: stacks, Kind: "weather", Person: producttest.ID(member)},
			"no days":        {Subject: stacks, Kind: "delivery", Person: producttest.ID(member), Since: "2027-01-01", Until: "2027-01-01"},
		} {
			_, err := r.Appoint(ctx, admin, bad)
			wantsKind(t, why, err, fault.Invalid)
		}
		r.Days(10)
		id, err := r.Service.HandOver(ctx, admin, a)
		if err != nil {
			t.Fatal(err)
		}
		if who(stacks, "prioritisation") != "Ida Wharf" {
			t.Errorf("it is with %s", who(stacks, "prioritisation"))
		}
		list, err := r.Handovers(ctx, director, stacks, false)
		if err != nil || len(list) != 1 || list[0].FromCalled != "Ben Tide" || len(list[0].Steps) != 3 || !list[0].MayTick {
			t.Fatalf("%+v, %v", list, err)
		}
		wantsKind(t, "somebody else ticks", r.Tick(ctx, engineer, id, 0, true, ""), fault.Forbidden)
		for i := range 3 {
			if err := r.Tick(ctx, member, id, i, true, "https://track.example/1"); err != nil {
				t.Fatal(err)
			}
		}
		if list, err = r.Handovers(ctx, director, product.Subject{}, true); err != nil || len(list) != 0 {
			t.Errorf("still open: %+v, %v", list, err)
		}
		// Of a responsibility that only the files know, whoever they name hands over.
		if _, err := r.Service.HandOver(ctx, director, product.Appointment{Subject: calls, Kind: "prioritisation", Person: producttest.ID(engineer)}); err != nil {
			t.Fatal(err)
		}
		if list, err = r.Handovers(ctx, director, calls, false); err != nil || list[0].FromCalled != "Ben Tide" || who(calls, "prioritisation") != "Ole Bollard" {
			t.Errorf("%+v, %v", list, err)
		}
		var parts []string
		err = db.View(ctx, func(tx store.Tx) error {
			got, err := r.PartsOf(ctx, tx, producttest.ID(engineer), "")
			for _, p := range got {
				parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %s%s", p.Subject, p.DRI, p.Function)))
			}
			return err
		})
		want := []string{"group:vessel_calls prioritisation", "group:vessel_calls development", "section:waterside development"}
		if diff := gocmp.Diff(want, parts); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		c, err := r.Coverage(ctx, member, "")
		if err != nil || len(c.Rows) != 7 || len(c.None) != 2 || len(c.Many) != 1 || c.Right != 4 {
			t.Errorf("%+v, %v", c, err)
		}
		entries, err := r.Service.DRIsOf(ctx, member, stacks)
		if err != nil || len(entries) != 2 {
			t.Fatalf("%+v, %v", entries, err)
		}
		r.Days(1)
		if err := r.EndDRI(ctx, admin, entries[0].ID, ""); err != nil || who(stacks, "prioritisation") != "" {
			t.Errorf("%v", err)
		}
	})
}

// A use case has three who are responsible, and eight to twelve requirements;
// what it lacks is told.
func TestUseCases(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		e := product.UseCaseEdit{Key: "turnaround", Name: "Fast turnaround", Kind: "solution"}
		wantsKind(t, "a member writes", r.SaveUseCase(ctx, member, e), fault.Forbidden)
		if err := r.SaveUseCase(ctx, admin, e); err != nil {
			t.Fatal(err)
		}
		read := func() *product.UseCase {
			t.Helper()
			u, err := r.UseCase(ctx, member, "turnaround", "")
			if err != nil {
				t.Fatal(err)
			}
			return u
		}
		if u := read(); len(u.Gaps) != 6 {
			t.Errorf("gaps: %q", u.Gaps)
		}
		for _, role := range []string{"product_manager", "product_marketing_manager", "technical_marketing_manager"} {
			if _, err := r.Appoint(ctx, admin, product.Appointment{Subject: product.OfUseCase("turnaround"), Kind: role, Person: producttest.ID(member)}); err != nil {
				t.Fatal(err)
			}
		}
		e.Version, e.Objective, e.Categories, e.Drivers = 1, "Ships leave sooner.", []string{"port_calls"}, []string{"efficiency"}
		for i := range 8 {
			e.Requirements = append(e.Requirements, fmt.Sprintf("Requirement %d", i))
		}
		if err := r.SaveUseCase(ctx, member, e); err != nil { // who answers for it
			t.Fatal(err)
		}
		if u := read(); len(u.Gaps) != 0 || u.Version != 2 || u.DRIs["product_manager"].Called != "Ben Tide" {
			t.Errorf("%+v", u)
		}
		wantsKind(t, "the second editor", r.SaveUseCase(ctx, admin, e), fault.Conflict)
		for why, bad := range map[string]func(*product.UseCaseEdit){
			"a driver":   func(e *product.UseCaseEdit) { e.Drivers = []string{"luck"} },
			"a kind":     func(e *product.UseCaseEdit) { e.Kind = "wish" },
			"a category": func(e *product.UseCaseEdit) { e.Categories = []string{"port_call"} },
			"a page":     func(e *product.UseCaseEdit) { e.Pages = []string{"javascript:alert(1)"} },
		} {
			x := e
			x.Version = 2
			bad(&x)
			wantsKind(t, why, r.SaveUseCase(ctx, admin, x), fault.Invalid)
		}
		subject := product.OfUseCase("turnaround")
		if err := r.Seat(ctx, admin, product.Seating{Subject: subject, Field: "legal", Names: []string{"Mira Fender"}}); err != nil {
			t.Fatal(err)
		}
		b, err := r.Board(ctx, member, "use_case", "")
		if err != nil || len(b.Rows) != 1 || b.Rows[0].Primary != 25 || b.Rows[0].Complete != 100*4/17 {
			t.Errorf("%+v, %v", b, err)
		}
		r.Days(1)
		if err := r.SaveUseCase(ctx, admin, product.UseCaseEdit{Key: "turnaround", Version: 2, Retire: true}); err != nil {
			t.Fatal(err)
		}
		if all, err := r.UseCases(ctx, member, ""); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
		if all, err := r.UseCases(ctx, member, producttest.Today); err != nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
	})
}

// Those who stand beside a node note their meetings; the notes are theirs.
func TestMeetings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		calls := product.OfNode(producttest.Ref(t, "group:vessel_calls"))
		m := product.Meeting{Subject: calls, Notes: "Mira is tired of it.", Indicator: "/indicators/calls"}
		_, err := r.Note(ctx, chief, m, []string{"Cai Lighter"})
		wantsKind(t, "somebody else notes", err, fault.Forbidden)
		if _, err := r.Note(ctx, member, m, []string{"Ben Tide", "Mira Fender"}); err != nil {
			t.Fatal(err)
		}
		for by, want := range map[auth.PrincipalID]string{"ben": m.Notes, "ole": m.Notes, "ida": m.Notes, "cai": "", "ada": ""} {
			actor := auth.Actor{ID: by, Kind: auth.Person}
			if by == "ada" {
				actor = admin
			}
			list, err := r.Meetings(ctx, actor, calls)
			if err != nil || len(list) != 1 || list[0].Notes != want || list[0].Sealed != (want == "") || len(list[0].Attendees) != 2 {
				t.Errorf("%s reads %+v, %v", by, list, err)
			}
		}
		b, err := r.Board(ctx, member, "group", "")
		if err != nil || b.Rows[0].Met != producttest.Today {
			t.Errorf("%+v, %v", b.Rows[0], err)
		}
		_, err = r.Note(ctx, member, product.Meeting{Subject: calls, Day: "2027-01-01"}, []string{"Ben Tide"})
		wantsKind(t, "a meeting to come", err, fault.Invalid)
	})
}

// Somebody who is erased stands nowhere any more, be it by id or by name; the
// slot is open, and files that are given back say so.
func TestErase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		if _, err := r.Note(ctx, member, product.Meeting{Subject: product.OfNode(producttest.Ref(t, "group:vessel_calls"))}, []string{"Ben Tide", "Mira Fender"}); err != nil {
			t.Fatal(err)
		}
		err := db.Update(ctx, func(tx store.Tx) error {
			if _, err := product.Personal.Erase(ctx, tx, nil, erasure.PersonID(producttest.ID(member))); err != nil {
				return err
			}
			rows, err := product.Forget(ctx, tx, "Mira Fender")
			if rows != 6 {
				t.Errorf("%d rows with a name", rows)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		delete(r.People.ByID, producttest.ID(member))
		files, err := at(t, r, "").Files()
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range files {
			if strings.Contains(string(text), "Ben Tide") || strings.Contains(string(text), "Mira") {
				t.Errorf("%s still has the name:\n%s", name, text)
			}
		}
		if !strings.Contains(string(files[hierarchy.StagesFile]), "pm: TBD") {
			t.Errorf("%s", files[hierarchy.StagesFile])
		}
		again, err := r.Service.Import(ctx, admin, product.Request{Files: files})
		if err != nil || again.Applied {
			t.Errorf("%v, %v", told(again), err)
		}
	})
}

// Names that nobody was known by are linked when somebody comes who is called
// so.
func TestLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		link := func(want int) {
			t.Helper()
			err := db.Update(ctx, func(tx store.Tx) error {
				n, err := r.Link(ctx, tx)
				if n != want {
					t.Errorf("%d linked, want %d", n, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		link(0)
		r.People.ByID["p-mira"] = product.Person{Name: "Mira Fender", Account: "mira"}
		link(5)
		link(0)
		parts, err := r.Parts(ctx, member, "p-mira", "")
		if err != nil || len(parts) != 5 || parts[0].Title == "" {
			t.Fatalf("%+v, %v", parts, err)
		}
		var titles []string
		for _, p := range parts {
			titles = append(titles, p.Title+" "+string(p.Function))
		}
		if !slices.Contains(titles, "Berth:Vessel Calls product marketing") {
			t.Errorf("%q", titles)
		}
		if again := r.Import(t, producttest.Harbour()); again.Applied {
			t.Errorf("the import changes %v", told(again))
		}
	})
}
