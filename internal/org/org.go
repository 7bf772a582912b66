// Package org is the room of the organisation: who is here, which positions
// there are, who holds them and who reports to whom, on any day.
//
// The shape of it, and its rules, are in package chart. This package keeps it:
// a Change is a list of steps that are done together, by hand, by an import, a
// scenario or a provider of accounts. Each step is kept as well, so that history
// can be asked, replayed, and taken back; steps hold ids and no text about
// people. What pages and policy demand is compared with what is here: spans,
// reporting lines, layers, and each statement of a published page that can be
// checked.
//
// A node keeps the whole book in memory, with the revision that it is of, and
// reads that revision in the transaction of whoever asks: what another node has
// changed is replayed. Nothing is answered from a book that is out of date.
//
// Who is where is open to everybody who signed in; where somebody lives to the
// degree that their pay depends on it (the location factor) is not. Functions
// that take a store.Tx are for other rooms, within their transaction; they check
// no permission.
package org

import (
	_ "embed"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/store"
)

//go:embed policies.cedar
var policies []byte

// Room returns the policies of the room, with those of the product hierarchy.
func Room() auth.Room {
	return auth.Room{Name: "org", Policies: slices.Concat(policies, product.Policies())}
}

// The actions of the room.
const (
	ReadChart     auth.Action = "org.chart.read"
	ReadPerson    auth.Action = "org.person.read"
	ReadFactor    auth.Action = "org.person.read_factor"
	ChangePerson  auth.Action = "org.person.change"
	ChangeChart   auth.Action = "org.chart.change"
	ReadHistory   auth.Action = "org.history.read"
	ReadScenario  auth.Action = "org.scenario.read"
	WriteScenario auth.Action = "org.scenario.write"
	// Provision is what a provider of accounts does, by SCIM.
	Provision auth.Action = "scim.directory.provision"
)

// Scopes lists the scopes that a token for the room can have.
func Scopes() []string { return []string{"org:read", "org:write", "scim:write"} }

// TheChart is the organisation as a thing that somebody reads or changes.
var TheChart = auth.Entity{Kind: "chart", ID: "chart"}

// A Service keeps the organisation. Its methods take the actor and check what
// that one may do; each is one transaction.
type Service struct {
	db      *store.DB
	auth    *auth.Authority
	journal *audit.Journal
	catalog *catalog.Service
	policy  *chosen.Service
	product *product.Service // nil until Connect
	clock   func() time.Time
	zone    *time.Location
	books   *books
	charts  *charts
	roles   *roles
}

// New returns the service over a database. The zone is the organisation's, whose
// days count.
func New(
	db *store.DB, a *auth.Authority, j *audit.Journal, c *catalog.Service, p *chosen.Service, clock func() time.Time, zone *time.Location,
) *Service {
	return &Service{
		db: db, auth: a, journal: j, catalog: c, policy: p, clock: clock, zone: zone,
		books: &books{}, charts: &charts{}, roles: newRoles(),
	}
}

// Tables lists what the room keeps, for the backup and the documents.
func Tables() []string {
	return []string{
		"org_person", "org_employment", "org_stay", "org_position", "org_seat", "org_holding", "org_change", "org_step", "org_scenario", "org_upload",
	}
}

// Today returns the day that it is for the organisation.
func (s *Service) Today() calendar.Day { return calendar.Of(s.clock().In(s.zone)) }

// day returns a day that was asked for, or today.
func (s *Service) day(d calendar.Day) calendar.Day {
	if d == "" {
		return s.Today()
	}
	return d
}

// moment returns the last moment of a day, for what is kept by moments. For
// today it is now.
func (s *Service) moment(d calendar.Day) time.Time {
	if d == s.Today() {
		return s.clock()
	}
	t := d.Add(1).Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, s.zone).Add(-time.Microsecond)
}

// newID returns a new id that sorts by the time of its making.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// MayChange reports whether an actor may change the organisation, for what is
// shown or left out.
func (s *Service) MayChange(by auth.Actor) bool { return s.auth.May(by, ChangeChart, TheChart) }

// ids
type (
	// A PersonID names a person.
	PersonID = chart.PersonID
	// A PositionID names a position.
	PositionID = chart.PositionID
)
