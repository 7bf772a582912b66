// Package producttest builds product hierarchies for tests: a service over a
// database, people who are known by their names, a clock that stands still, and
// the files of a small harbour.
package producttest

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/store"
)

// The people of the tests.
var (
	Administrator = auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada Quay", Roles: []auth.Role{auth.Administrator}}
	// Director leads the section Waterside, and Engineer its engineering.
	Director = auth.Actor{ID: "ida", Kind: auth.Person, Name: "Ida Wharf"}
	Engineer = auth.Actor{ID: "ole", Kind: auth.Person, Name: "Ole Bollard"}
	// Chief is the chief product officer, and has all roles of the pack that are
	// of no section.
	Chief  = auth.Actor{ID: "cai", Kind: auth.Person, Name: "Cai Lighter"}
	Member = auth.Actor{ID: "ben", Kind: auth.Person, Name: "Ben Tide"}
	Nobody = auth.Actor{}
)

// Today is what the clock of a room says at first.
const Today calendar.Day = "2026-11-20"

// A Room is a product hierarchy in a test.
type Room struct {
	*product.Service
	DB        *store.DB
	Authority *auth.Authority
	Journal   *audit.Journal
	Now       time.Time // what its clock says; a test moves it
	People    *People
}

// Open returns an empty hierarchy over a migrated database. Rooms are further
// ones whose policies count.
func Open(t testing.TB, db *store.DB, rooms ...auth.Room) *Room {
	t.Helper()
	a, err := auth.NewAuthority(append(rooms, product.Room(), chosen.Room())...)
	if err != nil {
		t.Fatal(err)
	}
	r := &Room{DB: db, Authority: a, Now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), People: Known()}
	clock := func() time.Time { return r.Now }
	r.Journal = audit.New(db, clock)
	r.Service = product.New(db, a, r.Journal, chosen.New(db, a, r.Journal, clock), r.People, clock, time.UTC)
	return r
}

// Import imports files as the administrator, and fails the test if anything is
// refused.
func (r *Room) Import(t testing.TB, files Files) *product.Import {
	t.Helper()
	out, err := r.Service.Import(t.Context(), Administrator, product.Request{Files: files.Bytes()})
	if err != nil {
		t.Fatal(err)
	}
	if out.NeedsYes || out.Rejected() > 0 {
		t.Fatalf("refused: %+v", out)
	}
	return out
}

// Days lets some days pass.
func (r *Room) Days(n int) { r.Now = r.Now.AddDate(0, 0, n) }

// People are those who are known in a test.
type People struct {
	ByID  map[product.PersonID]product.Person
	Roles map[string]product.PersonID
}

// Known returns the people of the tests; the id of each is that of their
// account, with "p-" before it.
func Known() *People {
	p := &People{ByID: map[product.PersonID]product.Person{}, Roles: map[string]product.PersonID{}}
	for _, a := range []auth.Actor{Director, Engineer, Chief, Member} {
		p.ByID[ID(a)] = product.Person{Name: a.Name, Account: a.ID, Department: "Product"}
	}
	for _, role := range []string{"chief_product_officer", "vp_product", "director_of_product_design"} {
		p.Roles[role] = ID(Chief)
	}
	return p
}

// ID returns the id of somebody as a person.
func ID(a auth.Actor) product.PersonID { return product.PersonID("p-" + string(a.ID)) }

// Known implements product.People.
func (p *People) Known(_ context.Context, _ store.Tx, ids []product.PersonID) (map[product.PersonID]product.Person, error) {
	out := map[product.PersonID]product.Person{}
	for _, id := range ids {
		if one, ok := p.ByID[id]; ok {
			out[id] = one
		}
	}
	return out, nil
}

// Named implements product.People.
func (p *People) Named(_ context.Context, _ store.Tx, _ calendar.Day, names []string) (map[string]product.PersonID, error) {
	out := map[string]product.PersonID{}
	for _, id := range slices.Sorted(maps.Keys(p.ByID)) {
		if slices.Contains(names, p.ByID[id].Name) {
			out[p.ByID[id].Name] = id
		}
	}
	return out, nil
}

// OfAccount implements product.People.
func (p *People) OfAccount(_ context.Context, _ store.Tx, account auth.PrincipalID) (product.PersonID, error) {
	for id, one := range p.ByID {
		if one.Account == account {
			return id, nil
		}
	}
	return "", nil
}

// InRole implements product.People.
func (p *People) InRole(_ context.Context, _ store.Tx, _ calendar.Day, role string) (product.PersonID, error) {
	return p.Roles[role], nil
}

// Files are texts by the names of the files.
type Files map[string]string

// Bytes returns the files as they are imported.
func (f Files) Bytes() map[string][]byte {
	out := map[string][]byte{}
	for name, text := range f {
		out[name] = []byte(text)
	}
	return out
}

// Edit returns the files with old, which stands once in one, replaced by new.
func (f Files) Edit(t testing.TB, name, old, new string) Files {
	t.Helper()
	if strings.Count(f[name], old) != 1 {
		t.Fatalf("%s has %q %d times, not once", name, old, strings.Count(f[name], old))
	}
	g := maps.Clone(f)
	g[name] = strings.Replace(f[name], old, new, 1)
	return g
}

// Harbour returns a small hierarchy: two sections, two stages, three groups,
// four categories.
func Harbour() Files {
	return Files{hierarchy.SectionsFile: sections, hierarchy.StagesFile: stages, hierarchy.CategoriesFile: categories}
}

const sections = `waterside:
  name: Waterside
  pm: Ida Wharf
  em: [Ole Bollard]
  direction: /waterside
landside:
  name: Landside
  pm: TBD
  direction: /landside
`

const stages = `stages:
  berth:
    display_name: Berth
    section: waterside
    description: Brings ships alongside.
    marketing: true
    pm: Ida Wharf
    groups:
      vessel_calls:
        name: Vessel Calls
        pm: Ben Tide
        backend_engineering_manager: Ole Bollard
        pdm: [Mira Fender]
        sets: [TBD]
        pmm: Mira Fender (Acting)
        tech_writer: Mira Fender
        categories: [port_calls, pilotage]
      planning:
        name: Berth Planning
        pm: [Ben Tide, Mira Fender]
        internal_customers:
        - {department: Support, dri: Mira Fender}
        categories: quays
  yard:
    display_name: Yard
    section: landside
    groups:
      stacks:
        name: Stacks
        categories: [stacking]
`

const categories = `port_calls:
  name: Port Calls
  stage: berth
  direction: /port-calls
  available: 2020-01-01
  viable: 2021-01-01
  maturity: viable
pilotage: {name: Pilotage, stage: berth, direction: /pilotage}
quays: {name: Quays, stage: berth, direction: /quays, colour: {ral: 5010}}
stacking: {name: Stacking, stage: yard, direction: /stacking}
`

// Corpus returns the real files; without them the test is skipped.
func Corpus(t testing.TB) Files {
	t.Helper()
	folder := os.Getenv("CADRE_CORPUS")
	if folder == "" {
		folder = "../../../../shared/corpus"
	}
	out := Files{}
	for _, name := range []string{hierarchy.SectionsFile, hierarchy.StagesFile, hierarchy.CategoriesFile} {
		text, err := os.ReadFile(filepath.Join(folder, "data", name))
		if err != nil {
			t.Skipf("no corpus: %v", err)
		}
		out[name] = string(text)
	}
	return out
}

// Ref returns a reference from its text, such as "group:stacks".
func Ref(t testing.TB, text string) product.Ref {
	t.Helper()
	r, ok := hierarchy.ParseRef(text)
	if !ok {
		t.Fatalf("%q is no node", text)
	}
	return r
}
