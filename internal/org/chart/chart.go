// Package chart is the shape of an organisation over time, without a database:
// positions, who holds them, and who reports to whom.
//
// A Book holds all of it, for all days: each position is a list of seats, one
// after the other, each of which says what the position is for a span of days;
// each person has spans of employment and of holding positions. A Step is the
// only way in which a book changes: Book.Apply takes one, checks the rules and
// returns another book. A change that is planned is a step with a day that has
// not come. What-if, scenarios, imports and the replay of history are lists of
// steps, so that they follow the same rules as what somebody does by hand.
//
// A Chart is what a book says of one day: a tree of positions, with counts. It
// answers spans, layers, groups and reporting lines.
//
// The rules: a position has one manager, and nobody is above themselves, on any
// day; a person has one regular position at a time, and so one manager (there is
// no matrix organisation); a position has one regular holder at a time, and one
// who covers it; a position that others report to, or that somebody holds, is
// not closed.
package chart

import (
	"slices"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
)

// A PersonID names a person, for ever.
type PersonID string

// A PositionID names a position, for ever.
type PositionID string

// A Place is what a position is: the work, and whom it reports to.
type Place struct {
	// Title is what people call the position.
	Title string
	// Pin is the level of a published job family; the zero value is none.
	Pin catalog.Pin
	// Specialty is one of the level's, as its page calls it; "" is none.
	Specialty  string
	Department string
	// Manager is the position that it reports to; "" is the top.
	Manager PositionID
}

// A Seat is what a position is for a span of days.
type Seat struct {
	Place
	calendar.Span
}

// A HoldingKind says how somebody holds a position.
type HoldingKind string

// The kinds of holding. All but the first cover a position that is not theirs.
const (
	Regular HoldingKind = "regular"
	// Interim is a role on trial, through the hiring process.
	Interim HoldingKind = "interim"
	// Acting is a role for some time, without an interview.
	Acting HoldingKind = "acting"
	// LifeSupport is a reduced set of duties, while another one is missing.
	LifeSupport HoldingKind = "life_support"
)

// HoldingKinds lists the kinds of holding.
var HoldingKinds = []HoldingKind{Regular, Interim, Acting, LifeSupport}

// Words returns the kind as people say it.
func (k HoldingKind) Words() string {
	if k == LifeSupport {
		return "life support"
	}
	return string(k)
}

// A Holding is a position in somebody's hands for a span of days.
type Holding struct {
	Position PositionID
	Person   PersonID
	Kind     HoldingKind
	calendar.Span
}

// A Person is somebody who is or was here.
type Person struct {
	ID   PersonID
	Name string
	// ManagedBefore says that they had managed people before they came.
	ManagedBefore bool
	// Here are the spans of their employment, in order.
	Here []calendar.Span
}

// IsHere reports whether somebody is employed on a day.
func (p *Person) IsHere(d calendar.Day) bool {
	return slices.ContainsFunc(p.Here, func(s calendar.Span) bool { return s.Holds(d) })
}

// Started returns the day on which somebody began, the last time.
func (p *Person) Started() calendar.Day {
	if len(p.Here) == 0 {
		return ""
	}
	return p.Here[len(p.Here)-1].Since
}

// A Position is a position in all its time. Nobody may change what its slices
// hold.
type Position struct {
	ID    PositionID
	Seats []Seat // in order, without overlap
	Holds []Holding
}

// On returns what the position is on a day, or nil if it is not open.
func (p *Position) On(d calendar.Day) *Seat {
	for i := range p.Seats {
		if p.Seats[i].Holds(d) {
			return &p.Seats[i]
		}
	}
	return nil
}

// Holder returns who holds the position regularly on a day, or nil.
func (p *Position) Holder(d calendar.Day) *Holding { return p.held(d, true) }

// Cover returns who covers the position on a day, or nil.
func (p *Position) Cover(d calendar.Day) *Holding { return p.held(d, false) }

func (p *Position) held(d calendar.Day, regular bool) *Holding {
	for i := range p.Holds {
		if h := &p.Holds[i]; h.Holds(d) && (h.Kind == Regular) == regular {
			return h
		}
	}
	return nil
}

// last returns the last seat; the position has at least one.
func (p *Position) last() *Seat { return &p.Seats[len(p.Seats)-1] }

// title returns what the position is called on a day, or was called last.
func (p *Position) title(d calendar.Day) string {
	if s := p.On(d); s != nil {
		return s.Title
	}
	return p.last().Title
}
