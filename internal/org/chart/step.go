package chart

import (
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
)

// A Kind is a kind of step.
type Kind string

// The kinds of step.
const (
	// Open makes a position, from a day on.
	Open Kind = "open"
	// Change says what of a position is otherwise from a day on: its manager,
	// level, specialty, title or department. Each field stays so until a later
	// step that was planned for it.
	Change Kind = "change"
	// Close ends a position.
	Close Kind = "close"
	// Withdraw takes back what was planned to change about a position on a day.
	Withdraw Kind = "withdraw"
	// Fill gives a position to somebody.
	Fill Kind = "fill"
	// Vacate ends somebody's holding of a position.
	Vacate Kind = "vacate"
	// Join says that somebody is employed, from a day on.
	Join Kind = "join"
	// Leave ends their employment, and with it what they hold.
	Leave Kind = "leave"
	// Note says that what is kept about a person without dates has changed, such
	// as their name. It changes nothing by itself.
	Note Kind = "note"
)

// A Step is one change of a book. It holds ids and no text about people.
type Step struct {
	Kind Kind         `json:"kind"`
	Day  calendar.Day `json:"day,omitempty"`
	// Until is the day on which a holding ends, as it is planned; without one it
	// has no end. For Fill alone.
	Until    calendar.Day `json:"until,omitempty"`
	Position PositionID   `json:"position,omitempty"`
	Person   PersonID     `json:"person,omitempty"`
	Holding  HoldingKind  `json:"holding,omitempty"`
	// What Open and Change set; nil leaves a field as it is.
	Title      *string      `json:"title,omitempty"`
	Pin        *catalog.Pin `json:"pin,omitempty"`
	Specialty  *string      `json:"specialty,omitempty"`
	Department *string      `json:"department,omitempty"`
	Manager    *PositionID  `json:"manager,omitempty"`
}

// set applies the fields of a step to a place.
func (s *Step) set(p *Place) {
	if s.Title != nil {
		p.Title = *s.Title
	}
	if s.Pin != nil {
		p.Pin = *s.Pin
	}
	if s.Specialty != nil {
		p.Specialty = *s.Specialty
	}
	if s.Department != nil {
		p.Department = *s.Department
	}
	if s.Manager != nil {
		p.Manager = *s.Manager
	}
}

// only returns the step with those fields alone in which a place is as was. It
// is how a change goes on into seats that were planned before it, up to the one
// that sets a field itself.
func (s Step) only(place, was *Place) Step {
	if place.Title != was.Title {
		s.Title = nil
	}
	if place.Pin != was.Pin {
		s.Pin = nil
	}
	if place.Specialty != was.Specialty {
		s.Specialty = nil
	}
	if place.Department != was.Department {
		s.Department = nil
	}
	if place.Manager != was.Manager {
		s.Manager = nil
	}
	return s
}

// sets reports whether the step sets any field.
func (s *Step) sets() bool {
	return s.Title != nil || s.Pin != nil || s.Specialty != nil || s.Department != nil || s.Manager != nil
}

// To returns a pointer to a value, for the fields of a step.
func To[T any](value T) *T { return &value }
