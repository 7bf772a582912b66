package chart

import (
	"maps"
	"slices"

	"github.com/cadre-hq/cadre/internal/calendar"
)

// A Book is an organisation in all its time. It does not change and may be read
// by many goroutines. The zero value is an organisation without anybody.
type Book struct {
	people    map[PersonID]*Person
	positions map[PositionID]*Position
	// held are the positions that a person holds or held.
	held map[PersonID][]PositionID
	// under are the positions that report to a position on any day.
	under map[PositionID][]PositionID
}

// NewBook returns a book of what was written elsewhere, which kept to the rules.
// The book takes over what it is given.
func NewBook(people []*Person, positions []*Position) *Book {
	b := &Book{
		people: make(map[PersonID]*Person, len(people)), positions: make(map[PositionID]*Position, len(positions)),
		held: make(map[PersonID][]PositionID, len(people)), under: map[PositionID][]PositionID{},
	}
	for _, p := range people {
		b.people[p.ID] = p
	}
	for _, p := range positions {
		b.positions[p.ID] = p
		b.index(p)
	}
	return b
}

// index notes whose position it is, and below which it stands.
func (b *Book) index(p *Position) {
	for _, h := range p.Holds {
		b.held[h.Person] = with(b.held[h.Person], p.ID)
	}
	for _, s := range p.Seats {
		if s.Manager != "" {
			b.under[s.Manager] = with(b.under[s.Manager], p.ID)
		}
	}
}

// with returns a list that has id, without changing the one that it was.
func with[T comparable](list []T, id T) []T {
	if slices.Contains(list, id) {
		return list
	}
	return append(slices.Clip(list), id)
}

// Person returns somebody who is or was here, or nil.
func (b *Book) Person(id PersonID) *Person { return b.people[id] }

// Position returns a position, or nil.
func (b *Book) Position(id PositionID) *Position { return b.positions[id] }

// People returns everybody, in no order.
func (b *Book) People() func(func(*Person) bool) {
	return func(yield func(*Person) bool) {
		for _, p := range b.people {
			if !yield(p) {
				return
			}
		}
	}
}

// Positions returns all positions, in no order.
func (b *Book) Positions() func(func(*Position) bool) {
	return func(yield func(*Position) bool) {
		for _, p := range b.positions {
			if !yield(p) {
				return
			}
		}
	}
}

// HeldBy returns what somebody holds or held, by day, the regular ones first.
func (b *Book) HeldBy(id PersonID) []Holding {
	var all []Holding
	for _, at := range b.held[id] {
		p := b.positions[at]
		if p == nil { // it was taken back
			continue
		}
		for _, h := range p.Holds {
			if h.Person == id {
				all = append(all, h)
			}
		}
	}
	slices.SortFunc(all, func(x, y Holding) int {
		switch {
		case x.Since != y.Since:
			if x.Since < y.Since {
				return -1
			}
			return 1
		case x.Kind == Regular && y.Kind != Regular:
			return -1
		case y.Kind == Regular && x.Kind != Regular:
			return 1
		}
		return 0
	})
	return all
}

// SeatOf returns the position that somebody holds regularly on a day, or nil.
func (b *Book) SeatOf(id PersonID, d calendar.Day) *Position {
	for _, at := range b.held[id] {
		p := b.positions[at]
		if p == nil { // it was taken back
			continue
		}
		if h := p.Holder(d); h != nil && h.Person == id {
			return p
		}
	}
	return nil
}

// FirstManaged returns the first day on which somebody held a position that
// others reported to; Never if that did not happen. Who covered such a position
// managed, too.
func (b *Book) FirstManaged(id PersonID) calendar.Day {
	first := calendar.Never
	for _, h := range b.HeldBy(id) {
		for _, at := range b.under[h.Position] {
			under := b.positions[at]
			if under == nil { // it was taken back
				continue
			}
			for _, s := range under.Seats {
				if s.Manager == h.Position && s.Meets(h.Span) {
					first = min(first, max(s.Since, h.Since))
				}
			}
		}
	}
	return first
}

// Days returns the days, from one on, on which something changes in the seats
// and holdings, in order.
func (b *Book) Days(from calendar.Day) []calendar.Day {
	set := map[calendar.Day]bool{}
	note := func(s calendar.Span) {
		for _, d := range []calendar.Day{s.Since, s.Until} {
			if d >= from && d != calendar.Never {
				set[d] = true
			}
		}
	}
	for _, p := range b.positions {
		for _, s := range p.Seats {
			note(s.Span)
		}
		for _, h := range p.Holds {
			note(h.Span)
		}
	}
	return slices.Sorted(maps.Keys(set))
}
