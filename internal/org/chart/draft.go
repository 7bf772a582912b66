package chart

import (
	"maps"
	"slices"

	"github.com/cadre-hq/cadre/internal/calendar"
)

// A Draft is a book with steps on top, for as long as steps are taken. It belongs
// to one goroutine; the book below it stays as it is.
type Draft struct {
	base      *Book
	people    map[PersonID]*Person
	positions map[PositionID]*Position // a nil one was taken away
	held      map[PersonID][]PositionID
	under     map[PositionID][]PositionID
	before    step // what the step that is being taken has changed
}

// A step remembers what was, to put it back if the step is refused.
type step struct {
	people    map[PersonID]*Person
	positions map[PositionID]*Position
}

// Draft returns a draft on top of the book.
func (b *Book) Draft() *Draft {
	return &Draft{
		base: b, people: map[PersonID]*Person{}, positions: map[PositionID]*Position{},
		held: map[PersonID][]PositionID{}, under: map[PositionID][]PositionID{},
	}
}

// Base returns the book below the draft.
func (d *Draft) Base() *Book { return d.base }

// Person returns somebody as the draft has them, or nil.
func (d *Draft) Person(id PersonID) *Person {
	if p, ok := d.people[id]; ok {
		return p
	}
	return d.base.people[id]
}

// Position returns a position as the draft has it, or nil.
func (d *Draft) Position(id PositionID) *Position {
	if p, ok := d.positions[id]; ok {
		return p
	}
	return d.base.positions[id]
}

// heldBy returns the positions that somebody holds or held.
func (d *Draft) heldBy(id PersonID) []PositionID {
	if list, ok := d.held[id]; ok {
		return list
	}
	return d.base.held[id]
}

// reporting returns the positions that report to one on any day.
func (d *Draft) reporting(to PositionID) []PositionID {
	if list, ok := d.under[to]; ok {
		return list
	}
	return d.base.under[to]
}

// editPerson returns somebody to be changed by the step; they are made if they
// are not there.
func (d *Draft) editPerson(id PersonID) *Person {
	if _, ok := d.before.people[id]; ok {
		return d.people[id]
	}
	was := d.Person(id)
	d.before.people[id] = was
	p := &Person{ID: id}
	if was != nil {
		*p = *was
		p.Here = slices.Clone(was.Here)
	}
	d.people[id] = p
	return p
}

// edit returns a position to be changed by the step; it is made if it is not
// there.
func (d *Draft) edit(id PositionID) *Position {
	if _, ok := d.before.positions[id]; ok {
		return d.positions[id]
	}
	was := d.Position(id)
	d.before.positions[id] = was
	p := &Position{ID: id}
	if was != nil {
		p.Seats, p.Holds = slices.Clone(was.Seats), slices.Clone(was.Holds)
	}
	d.positions[id] = p
	return p
}

// Describe sets what is kept about somebody without dates.
func (d *Draft) Describe(id PersonID, name string, managedBefore bool) {
	d.before = newStep()
	p := d.editPerson(id)
	p.Name, p.ManagedBefore = name, managedBefore
}

func newStep() step {
	return step{map[PersonID]*Person{}, map[PositionID]*Position{}}
}

// Apply takes a step. The error is Invalid for a step that says nothing that can
// be done, NotFound for what is not there, and Conflict for what the rules do not
// allow; the draft is then as it was.
func (d *Draft) Apply(s Step) error {
	d.before = newStep()
	if err := d.take(s); err != nil {
		for id, was := range d.before.people {
			d.people[id] = was
		}
		for id, was := range d.before.positions {
			d.positions[id] = was
		}
		return err
	}
	for id := range d.before.positions {
		if p := d.positions[id]; p != nil {
			d.index(p)
		}
	}
	return nil
}

// index notes whose position it is, and below which it stands.
func (d *Draft) index(p *Position) {
	for _, h := range p.Holds {
		d.held[h.Person] = with(d.heldBy(h.Person), p.ID)
	}
	for _, s := range p.Seats {
		if s.Manager != "" {
			d.under[s.Manager] = with(d.reporting(s.Manager), p.ID)
		}
	}
}

// Changed returns whose records, and which positions, differ from those of the
// book below, in order.
func (d *Draft) Changed() (people []PersonID, positions []PositionID) {
	return slices.Sorted(maps.Keys(d.people)), slices.Sorted(maps.Keys(d.positions))
}

// Book returns a book of what the draft has.
func (d *Draft) Book() *Book {
	b := &Book{
		people: mapOf(d.base.people), positions: mapOf(d.base.positions), held: mapOf(d.base.held), under: mapOf(d.base.under),
	}
	lay(b.people, d.people)
	lay(b.positions, d.positions)
	maps.Copy(b.held, d.held)
	maps.Copy(b.under, d.under)
	return b
}

func mapOf[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

// lay puts what is there over what was, and removes what is not any more.
func lay[K comparable, V any](over map[K]*V, top map[K]*V) {
	for k, v := range top {
		if v == nil {
			delete(over, k)
		} else {
			over[k] = v
		}
	}
}

// Apply returns the book after some steps, or the error of the first that is
// refused.
func (b *Book) Apply(steps ...Step) (*Book, error) {
	d := b.Draft()
	for _, s := range steps {
		if err := d.Apply(s); err != nil {
			return nil, err
		}
	}
	return d.Book(), nil
}

// SeatOf returns the position that somebody holds regularly on a day, or nil.
func (d *Draft) SeatOf(id PersonID, day calendar.Day) *Position {
	for _, at := range d.heldBy(id) {
		if p := d.Position(at); p != nil {
			if h := p.Holder(day); h != nil && h.Person == id {
				return p
			}
		}
	}
	return nil
}
