// Package orgtest builds organisations for tests: a service over a database,
// with the job families of Meridian published, people who use it, and a clock
// that stands still.
package orgtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/store"
)

// The people of the tests.
var (
	Partner = auth.Actor{ID: "pat", Kind: auth.Person, Name: "Pat Sound", Roles: []auth.Role{auth.PeoplePartner}}
	Member  = catalogtest.Member
	Nobody  = catalogtest.Nobody
)

// Begin is the first day of the organisation that Harbour makes, and Today what
// the clock of a room says.
const (
	Begin calendar.Day = "2026-01-01"
	Today calendar.Day = "2026-11-20"
)

// A Room is an organisation in a test.
type Room struct {
	*org.Service
	Catalog *catalogtest.Room
	Policy  *chosen.Service
	DB      *store.DB
}

// Open returns an organisation without anybody, and without job families. Rooms
// are further ones whose policies count.
func Open(t testing.TB, db *store.DB, rooms ...auth.Room) *Room {
	t.Helper()
	c := catalogtest.Open(t, db, append(rooms, chosen.Room(), org.Room())...)
	clock := func() time.Time { return c.Now }
	p := chosen.New(db, c.Authority, c.Journal, clock)
	return &Room{
		Service: org.New(db, c.Authority, c.Journal, c.Service, p, clock, time.UTC),
		Catalog: c, Policy: p, DB: db,
	}
}

// Publish publishes the job families of Meridian.
func (r *Room) Publish(t testing.TB) {
	t.Helper()
	r.Catalog.Publish(t, catalogtest.Meridian(t))
}

// Level returns the pin of a level in the latest version of a family.
func (r *Room) Level(t testing.TB, family catalog.FamilyID, level catalog.LevelID) catalog.Pin {
	t.Helper()
	e, err := r.Catalog.Edition(t.Context(), catalogtest.Administrator, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := e.Family(family)
	if f == nil || f.Level(level) == nil {
		t.Fatalf("no level %s#%s is published", family, level)
	}
	return catalog.Pin{Family: family, Version: f.Version, Level: level}
}

// Do makes a change by hand, as a people partner.
func (r *Room) Do(t testing.TB, steps ...chart.Step) int64 {
	t.Helper()
	n, err := r.Service.Do(context.Background(), Partner, org.Change{Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Join adds people whose ids are their first names in lower case, from the
// first day on, by their names.
func (r *Room) Join(t testing.TB, names ...string) {
	t.Helper()
	var c org.Change
	for _, name := range names {
		id := ID(name)
		c.People = append(c.People, org.Details{ID: id, Name: name, Email: string(id) + "@meridian.example"})
		c.Steps = append(c.Steps, chart.Step{Kind: chart.Join, Person: id, Day: Begin})
	}
	if _, err := r.Service.Do(t.Context(), Partner, c); err != nil {
		t.Fatal(err)
	}
}

// ID returns the id that Join gives to somebody.
func ID(name string) org.PersonID {
	first, _, _ := strings.Cut(name, " ")
	return org.PersonID(strings.ToLower(first))
}

// Opening returns the step that opens a position on the first day.
func Opening(id org.PositionID, title string, manager org.PositionID, pin catalog.Pin) chart.Step {
	return chart.Step{Kind: chart.Open, Day: Begin, Position: id, Title: &title, Manager: &manager, Pin: &pin}
}

// Filling returns the step that gives a position to somebody on the first day.
func Filling(id org.PositionID, who org.PersonID) chart.Step {
	return chart.Step{Kind: chart.Fill, Day: Begin, Position: id, Person: who}
}

// Harbour makes a small organisation: a chief, two managers and a planner, as
// positions chief, quay, yard and plan. Ada is the chief, Bo has the quay, Dee
// plans below Bo, the yard is vacant and Cy holds nothing.
func (r *Room) Harbour(t testing.TB) {
	t.Helper()
	r.Join(t, "Ada Holm", "Bo Lind", "Cy Roe", "Dee Ware")
	none := catalog.Pin{}
	r.Do(
		t,
		Opening("chief", "Chief", "", none), Opening("quay", "Quay Manager", "chief", none),
		Opening("yard", "Yard Manager", "chief", none), Opening("plan", "Planner", "quay", none),
		Filling("chief", "ada"), Filling("quay", "bo"), Filling("plan", "dee"),
	)
}
