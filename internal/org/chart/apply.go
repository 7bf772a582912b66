package chart

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
)

// take takes a step, or leaves the draft half changed with an error.
func (d *Draft) take(s Step) error {
	if s.Kind == Note {
		return nil
	}
	if !s.Day.IsKnown() {
		return fault.New(fault.Invalid, "say from which day on")
	}
	switch s.Kind {
	case Open:
		return d.open(s)
	case Change:
		return d.change(s)
	case Close:
		return d.close(s)
	case Withdraw:
		return d.withdraw(s)
	case Fill:
		return d.fill(s)
	case Vacate:
		return d.vacate(s)
	case Join:
		return d.join(s)
	case Leave:
		return d.leave(s)
	}
	return fault.New(fault.Invalid, "%q is no step", s.Kind)
}

func (d *Draft) open(s Step) error {
	if s.Position == "" {
		return fault.New(fault.Invalid, "a position needs an id")
	}
	if d.Position(s.Position) != nil {
		return fault.New(fault.Conflict, "there is a position %s already", s.Position)
	}
	seat := Seat{Span: calendar.Span{Since: s.Day, Until: calendar.Never}}
	s.set(&seat.Place)
	if strings.TrimSpace(seat.Title) == "" {
		return fault.New(fault.Invalid, "a position needs a title")
	}
	p := d.edit(s.Position)
	p.Seats = []Seat{seat}
	return d.checkManagers(p)
}

// there returns a position that exists.
func (d *Draft) there(id PositionID) (*Position, error) {
	p := d.Position(id)
	if p == nil {
		return nil, fault.New(fault.NotFound, "there is no position %q", id)
	}
	return p, nil
}

func (d *Draft) change(s Step) error {
	was, err := d.there(s.Position)
	if err != nil {
		return err
	}
	if !s.sets() {
		return fault.New(fault.Invalid, "say what is to change")
	}
	if s.Title != nil && strings.TrimSpace(*s.Title) == "" {
		return fault.New(fault.Invalid, "a position needs a title")
	}
	if was.On(s.Day) == nil {
		return notOpen(was, s.Day)
	}
	p := d.edit(s.Position)
	var seats []Seat
	for i, seat := range p.Seats {
		switch {
		case seat.Until <= s.Day:
			seats = append(seats, seat)
		case seat.Holds(s.Day):
			if seat.Since < s.Day {
				seats = append(seats, Seat{seat.Place, calendar.Span{Since: seat.Since, Until: s.Day}})
			}
			now := Seat{seat.Place, calendar.Span{Since: s.Day, Until: seat.Until}}
			s.set(&now.Place)
			seats = append(seats, now)
		default: // planned for later: what no later step sets goes on
			s = s.only(&seat.Place, &was.Seats[i-1].Place)
			s.set(&seat.Place)
			seats = append(seats, seat)
		}
	}
	p.Seats = joined(seats)
	return d.checkManagers(p)
}

// joined brings neighbours together that say the same.
func joined(seats []Seat) []Seat {
	out := seats[:1]
	for _, s := range seats[1:] {
		if last := &out[len(out)-1]; last.Place == s.Place {
			last.Until = s.Until
		} else {
			out = append(out, s)
		}
	}
	return out
}

func notOpen(p *Position, d calendar.Day) error {
	if first := p.Seats[0].Since; d < first {
		return fault.New(fault.Conflict, "%s is not open before %s", p.Seats[0].Title, first)
	}
	return fault.New(fault.Conflict, "%s was closed on %s", p.last().Title, p.last().Until)
}

// checkManagers demands that whoever a position reports to is there for as long,
// and that nobody comes to stand above themselves.
func (d *Draft) checkManagers(p *Position) error {
	for _, s := range p.Seats {
		if s.Manager == "" {
			continue
		}
		m, err := d.there(s.Manager)
		if err != nil {
			return err
		}
		if first := m.Seats[0].Since; s.Since < first {
			return fault.New(fault.Conflict, "%s opens on %s: nobody can report to it before", m.Seats[0].Title, first)
		}
		if end := m.last().Until; s.Until > end {
			return fault.New(fault.Conflict, "%s closes on %s: nobody can report to it after that", m.last().Title, end)
		}
		if loop := d.loop(p.ID, s.Manager, s.Span, nil); loop != nil {
			return d.refuse(p, loop, s.Since)
		}
	}
	return nil
}

// loop returns the positions on the way from one up to itself, as it would be on
// some day of a span; nil if there is none. The way begins with at.
func (d *Draft) loop(id, at PositionID, span calendar.Span, way []PositionID) []PositionID {
	way = append(way, at)
	if at == id {
		return way
	}
	p := d.Position(at)
	if p == nil {
		return nil
	}
	for _, s := range p.Seats {
		if s.Manager == "" || !s.Meets(span) {
			continue
		}
		both := calendar.Span{Since: max(s.Since, span.Since), Until: min(s.Until, span.Until)}
		if loop := d.loop(id, s.Manager, both, way[:len(way):len(way)]); loop != nil {
			return loop
		}
	}
	return nil
}

// refuse names a loop.
func (d *Draft) refuse(p *Position, loop []PositionID, day calendar.Day) error {
	if len(loop) == 1 {
		return fault.New(fault.Conflict, "%s cannot report to itself", d.say(p, day))
	}
	names := []string{d.say(p, day)}
	for _, id := range loop {
		names = append(names, d.say(d.Position(id), day))
	}
	return fault.New(fault.Conflict, "that would be a circle: %s", strings.Join(names, " → "))
}

// say names a position and who holds it.
func (d *Draft) say(p *Position, day calendar.Day) string {
	title := p.title(day)
	if h := p.Holder(day); h != nil {
		if who := d.Person(h.Person); who != nil && who.Name != "" {
			return fmt.Sprintf("%s (%s)", who.Name, title)
		}
	}
	return title
}

func (d *Draft) close(s Step) error {
	was, err := d.there(s.Position)
	if err != nil {
		return err
	}
	if was.On(s.Day) == nil || was.Seats[0].Since == s.Day {
		return notOpen(was, s.Day)
	}
	for _, id := range d.reporting(s.Position) {
		under := d.Position(id)
		if under == nil {
			continue
		}
		for _, seat := range under.Seats {
			if seat.Manager == s.Position && seat.Until > s.Day {
				return fault.New(fault.Conflict, "%s reports to it: let that report to somebody else first", d.say(under, max(s.Day, seat.Since)))
			}
		}
	}
	for _, h := range was.Holds {
		if h.Until > s.Day {
			return fault.New(fault.Conflict, "%s holds it: vacate it first", d.name(h.Person))
		}
	}
	p := d.edit(s.Position)
	p.Seats = slices.DeleteFunc(p.Seats, func(seat Seat) bool { return seat.Since >= s.Day })
	p.last().Until = s.Day
	return nil
}

// name returns how somebody is called.
func (d *Draft) name(id PersonID) string {
	if p := d.Person(id); p != nil && p.Name != "" {
		return p.Name
	}
	return "somebody"
}

func (d *Draft) withdraw(s Step) error {
	was, err := d.there(s.Position)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(was.Seats, func(seat Seat) bool { return seat.Since == s.Day })
	switch {
	case i == 0:
		return d.unopen(was)
	case i > 0:
		p := d.edit(s.Position)
		p.Seats[i-1].Until = p.Seats[i].Until
		p.Seats = joined(slices.Delete(p.Seats, i, i+1))
		return d.checkManagers(p)
	case was.last().Until == s.Day:
		p := d.edit(s.Position)
		p.last().Until = calendar.Never
		return d.checkManagers(p)
	}
	return fault.New(fault.Conflict, "nothing about %s changes on %s", was.last().Title, s.Day)
}

// unopen takes a position back that nobody had anything to do with.
func (d *Draft) unopen(p *Position) error {
	for _, id := range d.reporting(p.ID) {
		if under := d.Position(id); under != nil && slices.ContainsFunc(under.Seats, func(s Seat) bool { return s.Manager == p.ID }) {
			return fault.New(fault.Conflict, "%s reports to it: let that report to somebody else first", under.last().Title)
		}
	}
	if len(p.Holds) > 0 {
		return fault.New(fault.Conflict, "%s holds it: close it instead", d.name(p.Holds[0].Person))
	}
	d.edit(p.ID)
	d.positions[p.ID] = nil
	return nil
}

func (d *Draft) fill(s Step) error {
	was, err := d.there(s.Position)
	if err != nil {
		return err
	}
	who := d.Person(s.Person)
	if who == nil {
		return fault.New(fault.NotFound, "there is nobody with the id %q", s.Person)
	}
	if s.Holding == "" {
		s.Holding = Regular
	}
	if !slices.Contains(HoldingKinds, s.Holding) {
		return fault.New(fault.Invalid, "%q is no way to hold a position", s.Holding)
	}
	span := calendar.Span{Since: s.Day, Until: s.Until}
	if s.Until == "" {
		span.Until = calendar.Never
	}
	if span.Until <= span.Since {
		return fault.New(fault.Invalid, "it would end on %s, before it begins", s.Until)
	}
	if was.On(s.Day) == nil {
		return notOpen(was, s.Day)
	}
	span.Until = min(span.Until, was.last().Until)
	i := slices.IndexFunc(who.Here, func(here calendar.Span) bool { return here.Holds(s.Day) })
	if i < 0 {
		return fault.New(fault.Conflict, "%s is not employed on %s", d.name(who.ID), s.Day)
	}
	span.Until = min(span.Until, who.Here[i].Until)
	h := Holding{Position: s.Position, Person: s.Person, Kind: s.Holding, Span: span}
	if err := d.checkHolding(was, h); err != nil {
		return err
	}
	p := d.edit(s.Position)
	if i := slices.IndexFunc(p.Holds, func(o Holding) bool { return o.Person == h.Person && o.Kind == h.Kind && o.Until == h.Since }); i >= 0 {
		p.Holds[i].Until = h.Until // as if it had not ended
		return nil
	}
	p.Holds = append(p.Holds, h)
	slices.SortStableFunc(p.Holds, func(x, y Holding) int { return strings.Compare(string(x.Since), string(y.Since)) })
	return nil
}

// checkHolding demands that a position and a person are free for a holding.
func (d *Draft) checkHolding(p *Position, h Holding) error {
	for _, other := range p.Holds {
		if !other.Meets(h.Span) {
			continue
		}
		switch {
		case other.Person == h.Person:
			return fault.New(fault.Conflict, "%s holds %s already", d.name(h.Person), p.title(h.Since))
		case (other.Kind == Regular) != (h.Kind == Regular):
		case h.Kind == Regular:
			return fault.New(fault.Conflict, "%s holds %s: vacate it first", d.name(other.Person), p.title(h.Since))
		default:
			return fault.New(fault.Conflict, "%s covers %s: end that first", d.name(other.Person), p.title(h.Since))
		}
	}
	if h.Kind != Regular {
		return nil
	}
	for _, id := range d.heldBy(h.Person) {
		elsewhere := d.Position(id)
		if elsewhere == nil {
			continue
		}
		for _, other := range elsewhere.Holds {
			if other.Person == h.Person && other.Kind == Regular && other.Meets(h.Span) {
				return fault.New(fault.Conflict, "%s holds %s, and nobody has two managers: vacate that first, or let them cover this one",
					d.name(h.Person), elsewhere.title(max(h.Since, other.Since)))
			}
		}
	}
	return nil
}

func (d *Draft) vacate(s Step) error {
	was, err := d.there(s.Position)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(was.Holds, func(h Holding) bool { return h.Person == s.Person && h.Until > s.Day })
	if i < 0 {
		return fault.New(fault.Conflict, "%s does not hold %s on %s or later", d.name(s.Person), was.title(s.Day), s.Day)
	}
	d.endHold(s.Position, i, s.Day)
	return nil
}

// endHold ends a holding, or takes it back if it had not begun.
func (d *Draft) endHold(id PositionID, i int, day calendar.Day) {
	p := d.edit(id)
	if p.Holds[i].Since >= day {
		p.Holds = slices.Delete(p.Holds, i, i+1)
	} else {
		p.Holds[i].Until = day
	}
}

func (d *Draft) join(s Step) error {
	if s.Person == "" {
		return fault.New(fault.Invalid, "a person needs an id")
	}
	if was := d.Person(s.Person); was != nil && len(was.Here) > 0 {
		if last := was.Here[len(was.Here)-1]; last.Until > s.Day {
			return fault.New(fault.Conflict, "%s is employed %s", d.name(was.ID), last)
		}
	}
	p := d.editPerson(s.Person)
	if n := len(p.Here); n > 0 && p.Here[n-1].Until == s.Day {
		p.Here[n-1].Until = calendar.Never // as if they had not left
		return nil
	}
	p.Here = append(p.Here, calendar.Span{Since: s.Day, Until: calendar.Never})
	return nil
}

func (d *Draft) leave(s Step) error {
	was := d.Person(s.Person)
	if was == nil {
		return fault.New(fault.NotFound, "there is nobody with the id %q", s.Person)
	}
	i := slices.IndexFunc(was.Here, func(here calendar.Span) bool { return here.Until > s.Day })
	if i < 0 {
		return fault.New(fault.Conflict, "%s is not employed on %s or later", d.name(was.ID), s.Day)
	}
	p := d.editPerson(s.Person)
	if p.Here[i].Since >= s.Day {
		p.Here = p.Here[:i]
	} else {
		p.Here = p.Here[:i+1]
		p.Here[i].Until = s.Day
	}
	for _, id := range d.heldBy(s.Person) {
		for {
			at := d.Position(id)
			if at == nil {
				break
			}
			n := slices.IndexFunc(at.Holds, func(h Holding) bool { return h.Person == s.Person && h.Until > s.Day })
			if n < 0 {
				break
			}
			d.endHold(id, n, s.Day)
		}
	}
	return nil
}
