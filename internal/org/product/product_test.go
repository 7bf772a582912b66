package product_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/org/product/producttest"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

var (
	admin    = producttest.Administrator
	director = producttest.Director
	engineer = producttest.Engineer
	chief    = producttest.Chief
	member   = producttest.Member
)

// told returns what an import changed, in short.
func told(i *product.Import) []string {
	out := []string{}
	for _, c := range i.Changes {
		line := fmt.Sprintf("%s %s", c.Kind, c.Node)
		for _, f := range c.Fields {
			line += fmt.Sprintf(" %s: %q to %q", f.Field, f.Was, f.Now)
		}
		out = append(out, line)
	}
	return out
}

func at(t *testing.T, r *producttest.Room, day calendar.Day) *product.Hierarchy {
	t.Helper()
	h, err := r.Hierarchy(t.Context(), member, day)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func wantsKind(t *testing.T, why string, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("%s: %v, want kind %d", why, err, want)
	}
}

// Files come, come again, change and lose a part; every day keeps what it had.
func TestImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := producttest.Open(t, db)
		files := producttest.Harbour()
		first := r.Import(t, files)
		if first.New != 11 || !first.Applied || first.Same != 0 {
			t.Errorf("the first import: %+v", first)
		}
		r.Days(1)
		if again := r.Import(t, files); again.Applied || again.Same != 11 || len(again.Changes) != 0 {
			t.Errorf("the same again: %+v", again)
		}
		r.Days(9)
		changed := files.Edit(t, hierarchy.StagesFile, "name: Stacks", "name: Stacking Yard").
			Edit(t, hierarchy.StagesFile, "pm: Ben Tide\n", "pm: Ida Wharf\n").
			Edit(t, hierarchy.CategoriesFile, "pilotage: {name: Pilotage, stage: berth, direction: /pilotage}\n", "")
		want := []string{
			`changed group:vessel_calls pm: "Ben Tide" to "Ida Wharf"`,
			`changed group:stacks name: "Stacks" to "Stacking Yard"`,
			`gone category:pilotage`,
		}
		if diff := gocmp.Diff(want, told(r.Import(t, changed))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		before, after := at(t, r, "2026-11-29"), at(t, r, "2026-11-30")
		stacks := producttest.Ref(t, "group:stacks")
		if before.Node(stacks).Name != "Stacks" || after.Node(stacks).Name != "Stacking Yard" {
			t.Errorf("names: %q, %q", before.Node(stacks).Name, after.Node(stacks).Name)
		}
		pilotage := producttest.Ref(t, "category:pilotage")
		if before.Node(pilotage) == nil || after.Node(pilotage) != nil || at(t, r, "2026-11-19").Node(stacks) != nil {
			t.Error("the days are mixed up")
		}
		calls := producttest.Ref(t, "group:vessel_calls")
		for day, name := range map[*product.Hierarchy]string{before: "Ben Tide", after: "Ida Wharf"} {
			if got := day.InFunction(calls, hierarchy.Product); len(got) != 1 || got[0].Called != name || got[0].Person == "" {
				t.Errorf("on %s: %+v", day.Day, got)
			}
		}
		history, err := r.History(t.Context(), member, stacks)
		if err != nil || len(history.Eras) != 2 || history.Eras[0].Changes[0] != (product.FieldChange{Field: "name", Was: "Stacks", Now: "Stacking Yard"}) || history.Eras[1].Until != "2026-11-30" {
			t.Errorf("history: %+v, %v", history, err)
		}
		history, err = r.History(t.Context(), member, calls)
		if err != nil || history.Tenures[0].Called == "" || len(history.Eras) != 1 {
			t.Errorf("history: %+v, %v", history, err)
		}
	})
}

// What is given back as files and imported again is the same, and so is the
// whole of the real hierarchy.
func TestExportAndImportIsTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := producttest.Open(t, db)
		r.Import(t, producttest.Harbour())
		files, err := at(t, r, "").Files()
		if err != nil {
			t.Fatal(err)
		}
		again, err := r.Service.Import(t.Context(), admin, product.Request{Files: files})
		if err != nil || again.Applied {
			t.Errorf("%v, %v", told(again), err)
		}
	})
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := producttest.Open(t, db)
		r.Import(t, producttest.Corpus(t))
		h := at(t, r, "")
		files, err := h.Files()
		if err != nil {
			t.Fatal(err)
		}
		want, err := hierarchy.Parse(producttest.Corpus(t).Bytes())
		if err != nil {
			t.Fatal(err)
		}
		got, err := hierarchy.Parse(files)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(want.Nodes, got.Nodes, cmpopts.IgnoreFields(product.Node{}, "File", "Line", "Lines"), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if diff := gocmp.Diff(hierarchy.Examine(want.Tree, nil, policy.Default()), h.Report()); diff != "" {
			t.Errorf("findings of what is kept (-want +got):\n%s", diff)
		}
	})
}

// Bad lines change nothing and are reported; good ones count. Many removals need
// a yes.
func TestBadLinesAndRemovals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		r.Days(1)
		bad := producttest.Harbour().
			Edit(t, hierarchy.StagesFile, "section: landside", "section: landsite").
			Edit(t, hierarchy.CategoriesFile, "quays: {name: Quays,", "quays: nothing\nanchors: {name: Anchors,")
		out, err := r.Service.Import(ctx, admin, product.Request{Files: bad.Bytes()})
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff([]string{"new category:anchors"}, told(out)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		var rejected []string
		for _, f := range out.Findings {
			if f.Severity == hierarchy.SeverityError {
				rejected = append(rejected, fmt.Sprintf("%s:%d %s", f.File, f.Line, f.Message))
			}
		}
		want := []string{
			`stages.yml:26 stage Yard names the section "landsite", which is not there; did you mean "landside"?`,
			`categories.yml:9 category quays holds no keys with values`,
		}
		if diff := gocmp.Diff(want, rejected); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}

		few := producttest.Files{hierarchy.CategoriesFile: "port_calls: {name: Port Calls, stage: berth}\n"}
		r.Import(t, producttest.Files{hierarchy.CategoriesFile: strings.Repeat("#\n", 3) + "a: {stage: berth}\nb: {stage: berth}\nc: {stage: berth}\nport_calls: {name: Port Calls, stage: berth}\nquays: {stage: berth}\nstacking: {stage: yard}\nanchors: {stage: berth}\n"})
		preview, err := r.Preview(ctx, admin, product.Request{Files: few.Bytes()})
		if err != nil || preview.Gone != 6 || !preview.NeedsYes || preview.Most != 5 {
			t.Errorf("a preview: %+v, %v", preview, err)
		}
		out, err = r.Service.Import(ctx, admin, product.Request{Files: few.Bytes()})
		if err != nil || !out.NeedsYes || out.Applied || len(at(t, r, "").Of(hierarchy.Category)) != 7 {
			t.Errorf("without a yes: %+v, %v", out, err)
		}
		out, err = r.Service.Import(ctx, admin, product.Request{Files: few.Bytes(), Removals: true})
		if err != nil || out.NeedsYes || !out.Applied || len(at(t, r, "").Of(hierarchy.Category)) != 1 || len(at(t, r, "").Of(hierarchy.Group)) != 3 {
			t.Errorf("with a yes: %+v, %v", out, err)
		}
		_, err = r.Service.Import(ctx, admin, product.Request{Files: few.Bytes(), Day: "2026-11-20"})
		wantsKind(t, "a day before the last change", err, fault.Invalid)
		_, err = r.Service.Import(ctx, member, product.Request{Files: few.Bytes()})
		wantsKind(t, "a member imports", err, fault.Forbidden)
	})
}

func text(s string) *string { return &s }

// A node is added, renamed, moved and retired by hand; each is in its history.
func TestEdit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		cranes := producttest.Ref(t, "group:cranes")
		do := func(e product.Edit) int64 {
			t.Helper()
			v, err := r.Change(ctx, admin, e)
			if err != nil {
				t.Fatal(err)
			}
			r.Days(1)
			return v
		}
		do(product.Edit{Node: cranes, Name: text("Cranes"), Parent: text("yard"), Fields: hierarchy.Fields{{Key: "pm", Value: hierarchy.TextOf("Ben Tide")}}})
		v := do(product.Edit{Node: cranes, Version: 1, Name: text("Gantry Cranes")})
		do(product.Edit{Node: cranes, Version: v, Parent: text("berth")})
		do(product.Edit{Node: producttest.Ref(t, "category:spreaders"), Name: text("Spreaders"), Group: text("cranes")})
		if h := at(t, r, ""); len(h.Owners("spreaders")) != 1 || h.Node(producttest.Ref(t, "category:spreaders")).Parent.Key != "berth" || h.Title(h.Node(cranes)) != "Berth:Gantry Cranes" {
			t.Errorf("%+v", h.Node(cranes))
		}
		do(product.Edit{Node: producttest.Ref(t, "category:spreaders"), Version: 1, Retire: true})
		if got := at(t, r, "").Node(cranes).Categories(); len(got) != 0 {
			t.Errorf("the group still builds %v", got)
		}
		v = at(t, r, "").Version(cranes)
		do(product.Edit{Node: cranes, Version: v, Retire: true})
		history, err := r.History(ctx, member, cranes)
		if err != nil {
			t.Fatal(err)
		}
		var eras []string
		for _, e := range history.Eras {
			eras = append(eras, fmt.Sprintf("%s %s in %s", e.Span, e.Name, e.Parent.Key))
		}
		if len(eras) != 5 || !strings.Contains(eras[4], "Cranes in yard") || history.Tenures[0].Called != "Ben Tide" || history.Tenures[0].Until == calendar.Never {
			t.Errorf("%q %+v", eras, history.Tenures)
		}

		for why, c := range map[string]struct {
			e    product.Edit
			kind fault.Kind
		}{
			"a stage with groups":   {product.Edit{Node: producttest.Ref(t, "stage:yard"), Version: 1, Retire: true}, fault.Conflict},
			"a key that is taken":   {product.Edit{Node: producttest.Ref(t, "stage:yard"), Name: text("Yard"), Parent: text("landside")}, fault.Conflict},
			"a parent of nowhere":   {product.Edit{Node: producttest.Ref(t, "stage:gate"), Name: text("Gate"), Parent: text("landsite")}, fault.Invalid},
			"a bad key":             {product.Edit{Node: product.Ref{Kind: "stage", Key: "a b"}, Name: text("Gate"), Parent: text("landside")}, fault.Invalid},
			"no name":               {product.Edit{Node: producttest.Ref(t, "stage:gate"), Name: text(" "), Parent: text("landside")}, fault.Invalid},
			"a node that is not":    {product.Edit{Node: producttest.Ref(t, "stage:gate"), Version: 1, Name: text("Gate")}, fault.NotFound},
			"a day that is to come": {product.Edit{Node: producttest.Ref(t, "stage:gate"), Name: text("Gate"), Parent: text("landside"), Day: "2027-01-01"}, fault.Invalid},
		} {
			_, err := r.Change(ctx, admin, c.e)
			wantsKind(t, why, err, c.kind)
		}
		_, err = r.Change(ctx, member, product.Edit{Node: cranes, Name: text("Cranes"), Parent: text("yard")})
		wantsKind(t, "a member edits", err, fault.Forbidden)
	})
}

// Of two who edit the same node, the second is told what the first did.
func TestTwoEdit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		yard := producttest.Ref(t, "stage:yard")
		seen := map[string]string{"name": "Yard", "section": "landside"}
		if _, err := r.Change(ctx, admin, product.Edit{Node: yard, Version: 1, Seen: seen, Name: text("Depot")}); err != nil {
			t.Fatal(err)
		}
		_, err := r.Change(ctx, admin, product.Edit{Node: yard, Version: 1, Seen: seen, Name: text("Stack"), Parent: text("waterside")})
		stale, ok := errors.AsType[*product.Stale](err)
		if !ok || fault.KindOf(err) != fault.Conflict {
			t.Fatalf("%v", err)
		}
		if diff := gocmp.Diff([]product.FieldChange{{Field: "name", Was: "Yard", Now: "Depot"}}, stale.Changes); diff != "" || stale.Version != 2 {
			t.Errorf("version %d (-want +got):\n%s", stale.Version, diff)
		}
	})
}

// Nodes are found by their names, and not when they are gone.
func TestSearch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		find := func(words string) (out []string) {
			t.Helper()
			err := db.View(ctx, func(tx store.Tx) error {
				found, err := search.Find(ctx, tx, search.Query{Text: words, Audiences: search.AudiencesOf(member), Limit: 5})
				for _, h := range found.Hits {
					out = append(out, h.Address)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if diff := gocmp.Diff([]string{"/hierarchy/category/stacking"}, find("stacking")); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if got := find("Fender"); len(got) != 0 {
			t.Errorf("people are found: %v", got)
		}
		if _, err := r.Change(ctx, admin, product.Edit{Node: producttest.Ref(t, "category:stacking"), Version: 1, Retire: true}); err != nil {
			t.Fatal(err)
		}
		if got := find("stacking"); len(got) != 0 {
			t.Errorf("what is gone is found: %v", got)
		}
	})
}

// The journal has each node that changed, and no word of it.
func TestJournal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		if _, err := r.Change(ctx, admin, product.Edit{Node: producttest.Ref(t, "stage:yard"), Version: 1, Name: text("Depot")}); err != nil {
			t.Fatal(err)
		}
		err := db.View(ctx, func(tx store.Tx) error {
			entries, err := audit.Entries(ctx, tx, audit.Filter{Action: "org.node."})
			if err != nil {
				return err
			}
			if len(entries) != 13 {
				t.Errorf("%d entries", len(entries))
			}
			for _, e := range entries {
				if text := string(e.Facts); strings.Contains(text, "Yard") || strings.Contains(text, "Depot") {
					t.Errorf("says %s", text)
				}
			}
			if e := entries[0]; e.Action != "org.node.change" || e.ID != "stage:yard" || !strings.Contains(string(e.Facts), `"renamed":true`) {
				t.Errorf("%+v", e)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Names mean nodes: with their stage, without, several, by a former name; others
// are refused with what is near.
func TestResolve(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		for name, want := range map[string]string{
			"Berth:Vessel Calls":         "group:vessel_calls",
			"vessel calls":               "group:vessel_calls",
			"Berth":                      "stage:berth",
			"the berth":                  "",
			"Yard stage":                 "stage:yard",
			"Waterside":                  "section:waterside",
			"Port Calls":                 "category:port_calls",
			"Yard; Berth:Berth Planning": "stage:yard group:planning",
			"Yard, Berth and Waterside":  "stage:yard stage:berth section:waterside",
		} {
			var got []string
			err := db.View(ctx, func(tx store.Tx) error {
				nodes, err := r.Service.Resolve(ctx, tx, name, "")
				for _, n := range nodes {
					got = append(got, n.Ref.String())
				}
				return err
			})
			if strings.Join(got, " ") != want || want == "" && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%q is %v, %v; want %s", name, got, err, want)
			}
		}
		h := at(t, r, "")
		_, err := h.Resolve("Berth:Vesel Calls")
		if err == nil || !strings.Contains(err.Error(), `did you mean "Berth:Vessel Calls"?`) {
			t.Errorf("%v", err)
		}
		nodes, err := h.Tree.Resolve("Depot", []policy.Rename{{From: "Depot", To: "Yard"}})
		if err != nil || len(nodes) != 1 || nodes[0].Key != "yard" {
			t.Errorf("a former name: %v, %v", nodes, err)
		}
	})
}

// Everybody who signed in reads, by a token only with its scope; nobody else.
func TestWhoReads(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := producttest.Open(t, db), t.Context()
		r.Import(t, producttest.Harbour())
		token := func(scope string) auth.Actor {
			a := member
			a.Token, a.Scopes = "t", []string{scope}
			return a
		}
		for why, c := range map[string]struct {
			by   auth.Actor
			kind fault.Kind
		}{
			"nobody": {producttest.Nobody, fault.Unauthenticated}, "a token": {token("org:read"), -1}, "another token": {token("hiring:read"), fault.Forbidden},
		} {
			_, err := r.Hierarchy(ctx, c.by, "")
			if _, board := r.Board(ctx, c.by, "group", ""); fault.KindOf(board) != fault.KindOf(err) && err != nil {
				t.Errorf("%s: the board says %v", why, board)
			}
			if c.kind == -1 && err != nil || c.kind != -1 && fault.KindOf(err) != c.kind {
				t.Errorf("%s: %v", why, err)
			}
		}
	})
}
