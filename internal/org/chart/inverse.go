package chart

import "github.com/cadre-hq/cadre/internal/calendar"

// Inverse returns the steps that take back a step which the draft has not taken
// yet. They work as long as nothing came to depend on it.
func (d *Draft) Inverse(s Step) []Step {
	p := d.Position(s.Position)
	switch s.Kind {
	case Open:
		return []Step{{Kind: Withdraw, Position: s.Position, Day: s.Day}}
	case Change:
		if p != nil && p.On(s.Day) != nil {
			return []Step{whole(Change, p.ID, s.Day, &p.On(s.Day).Place).asIn(s)}
		}
	case Close:
		if p != nil {
			back := []Step{{Kind: Withdraw, Position: p.ID, Day: s.Day}}
			return append(back, changes(p, s.Day)...)
		}
	case Withdraw:
		if p != nil {
			return d.rewrite(p, s.Day)
		}
	case Fill:
		return []Step{{Kind: Vacate, Position: s.Position, Person: s.Person, Day: s.Day}}
	case Vacate:
		if p != nil {
			return fills(p, s.Person, s.Day)
		}
	case Join:
		return []Step{{Kind: Leave, Person: s.Person, Day: s.Day}}
	case Leave:
		if d.Person(s.Person) != nil {
			return d.comeBack(s)
		}
	}
	return nil
}

// whole returns a step that sets all of a place.
func whole(k Kind, id PositionID, day calendar.Day, p *Place) Step {
	place := *p
	return Step{
		Kind: k, Position: id, Day: day,
		Title: &place.Title, Pin: &place.Pin, Specialty: &place.Specialty, Department: &place.Department, Manager: &place.Manager,
	}
}

// asIn leaves out the fields that another step does not set.
func (s Step) asIn(other Step) Step {
	if other.Title == nil {
		s.Title = nil
	}
	if other.Pin == nil {
		s.Pin = nil
	}
	if other.Specialty == nil {
		s.Specialty = nil
	}
	if other.Department == nil {
		s.Department = nil
	}
	if other.Manager == nil {
		s.Manager = nil
	}
	return s
}

// changes returns the steps that say what a position is from later days on.
func changes(p *Position, from calendar.Day) []Step {
	var steps []Step
	for _, seat := range p.Seats {
		if seat.Since >= from {
			steps = append(steps, whole(Change, p.ID, seat.Since, &seat.Place))
		}
	}
	return steps
}

// rewrite returns the steps that say again what is withdrawn on a day.
func (d *Draft) rewrite(p *Position, day calendar.Day) []Step {
	switch {
	case p.Seats[0].Since == day:
		steps := append([]Step{whole(Open, p.ID, day, &p.Seats[0].Place)}, changes(p, day.Add(1))...)
		if end := p.last().Until; end != calendar.Never {
			steps = append(steps, Step{Kind: Close, Position: p.ID, Day: end})
		}
		return steps
	case p.On(day) == nil:
		return []Step{{Kind: Close, Position: p.ID, Day: day}}
	}
	return []Step{whole(Change, p.ID, day, &p.On(day).Place)}
}

// fills returns the steps that give a position back to who holds it on a day or
// later.
func fills(p *Position, who PersonID, from calendar.Day) []Step {
	for _, h := range p.Holds {
		if h.Person == who && h.Until > from {
			return []Step{fillAgain(h, from)}
		}
	}
	return nil
}

func fillAgain(h Holding, from calendar.Day) Step {
	s := Step{Kind: Fill, Position: h.Position, Person: h.Person, Holding: h.Kind, Day: max(h.Since, from)}
	if h.Until != calendar.Never {
		s.Until = h.Until
	}
	return s
}

// comeBack returns the steps that undo that somebody leaves.
func (d *Draft) comeBack(s Step) []Step {
	steps := []Step{{Kind: Join, Person: s.Person, Day: s.Day}}
	for _, here := range d.Person(s.Person).Here {
		if here.Until > s.Day && here.Until != calendar.Never {
			steps = append(steps, Step{Kind: Leave, Person: s.Person, Day: here.Until})
		}
		if here.Since > s.Day {
			steps[0].Day = here.Since
		}
	}
	for _, id := range d.heldBy(s.Person) {
		p := d.Position(id)
		if p == nil {
			continue
		}
		for _, h := range p.Holds {
			if h.Person == s.Person && h.Until > s.Day {
				steps = append(steps, fillAgain(h, s.Day))
			}
		}
	}
	return steps
}
