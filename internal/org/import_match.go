package org

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/store"
)

// known is what the organisation knows when a file is looked at.
type known struct {
	book       bookAt
	edition    *catalog.Edition // nil if nothing is published
	levels     []string         // all of them, as a file names them
	people     map[PersonID]*Details
	byNumber   map[string]PersonID
	byEmail    map[string]PersonID
	stays      map[PersonID]*db.OrgStay // where they live on the day, or first after it
	numbers    map[PositionID]string
	byPosition map[string]PositionID
}

func (s *Service) readKnown(ctx context.Context, tx store.Tx, b bookAt, day calendar.Day) (*known, error) {
	k := &known{
		book: b, people: map[PersonID]*Details{}, byNumber: map[string]PersonID{}, byEmail: map[string]PersonID{},
		stays: map[PersonID]*db.OrgStay{}, numbers: map[PositionID]string{}, byPosition: map[string]PositionID{},
	}
	q := db.New(tx)
	people, err := q.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	for _, r := range people {
		d := details(r)
		k.people[d.ID] = &d
		if d.Number != "" {
			k.byNumber[d.Number] = d.ID
		}
		if d.Email != "" {
			k.byEmail[d.Email] = d.ID
		}
	}
	positions, err := q.Positions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	for _, r := range positions {
		if k.numbers[PositionID(r.ID)] = r.Number; r.Number != "" {
			k.byPosition[r.Number] = PositionID(r.ID)
		}
	}
	stays, err := q.StaysFrom(ctx, day)
	if err != nil {
		return nil, fmt.Errorf("read where people live: %w", err)
	}
	for i, r := range stays {
		if k.stays[PersonID(r.Person)] == nil {
			k.stays[PersonID(r.Person)] = &stays[i]
		}
	}
	k.edition, err = s.catalog.InForce(ctx, tx, s.clock())
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	if k.edition != nil {
		for i := range k.edition.Families {
			f := &k.edition.Families[i]
			for _, l := range f.Levels {
				k.levels = append(k.levels, string(f.ID)+"#"+string(l.ID))
			}
		}
	}
	return k, nil
}

// person returns whom a number, an id or an address means; "" is nobody known.
func (k *known) person(word string) PersonID {
	if id := k.byNumber[word]; id != "" {
		return id
	}
	if k.people[PersonID(word)] != nil {
		return PersonID(word)
	}
	return k.byEmail[strings.ToLower(word)]
}

// position returns which position a number or an id means; "" is none.
func (k *known) position(word string) PositionID {
	if id := k.byPosition[word]; id != "" {
		return id
	}
	if k.book.Position(PositionID(word)) != nil {
		return PositionID(word)
	}
	return ""
}

// heldOn returns somebody's regular holding on a day or, if they hold nothing
// then, the first after it; nil is none.
func heldOn(b *chart.Book, id PersonID, day calendar.Day) *chart.Holding {
	for _, h := range b.HeldBy(id) {
		if h.Kind == chart.Regular && h.Until > day {
			return &h
		}
	}
	return nil
}

// holderOn returns who holds a position on a day or, if nobody does, who will and
// holds nothing else until then; nil is nobody.
func holderOn(b *chart.Book, p *chart.Position, day calendar.Day) *chart.Holding {
	if h := p.Holder(day); h != nil {
		return h
	}
	for i := range p.Holds {
		h := &p.Holds[i]
		if h.Kind == chart.Regular && h.Until > day {
			if at := heldOn(b, h.Person, day); at != nil && at.Position == p.ID {
				return h
			}
			return nil
		}
	}
	return nil
}

// coverOn returns who covers a position on a day, or the next who will.
func coverOn(p *chart.Position, day calendar.Day) *chart.Holding {
	for i := range p.Holds {
		if h := &p.Holds[i]; h.Kind != chart.Regular && h.Until > day {
			return h
		}
	}
	return nil
}

// seatOn returns what a position is on a day or, if it opens later, from then on;
// nil if it was closed.
func seatOn(p *chart.Position, day calendar.Day) *chart.Seat {
	if s := p.On(day); s != nil {
		return s
	}
	if p.Seats[0].Since > day {
		return &p.Seats[0]
	}
	return nil
}

// key returns the word by which a row calls its person.
func (r *importRow) key() string {
	if r.Number != "" {
		return r.Number
	}
	return r.Email
}

// matchPeople finds out who the people of the file are.
func (m *importing) matchPeople() {
	emails := map[string]*importRow{}
	for _, r := range m.rows {
		if !r.IsPerson() {
			continue
		}
		if r.key() == "" {
			m.reject(r, "it names %s by nothing but the name: add %s or %s", r.Name, roster.Number, roster.Email)
			continue
		}
		if other := emails[r.Email]; r.Email != "" && other != nil && other.key() != r.key() {
			m.reject(r, "%s has the address %s as well, on %s", m.who(other), r.Email, other.Place())
			continue
		}
		emails[r.Email] = r
		w := m.called[r.key()]
		if w == nil {
			if w = m.match(r); w == nil {
				continue
			}
			m.called[r.key()] = w
			m.whoms = append(m.whoms, w)
			m.byWho[w.id] = w
		}
		m.join(w, r)
	}
	for _, w := range m.whoms {
		if w.isNew && w.main.Name == "" {
			m.reject(w.main, "it does not say how %s is called, who is not known yet", w.main.key())
		}
		if w.main.Email != "" {
			m.called[w.main.Email] = w
		}
	}
}

// match finds the person of a row, or makes one; nil if that cannot be.
func (m *importing) match(r *importRow) *whom {
	w := &whom{main: r}
	if r.Number != "" {
		if w.id = m.byNumber[r.Number]; w.id == "" && m.people[PersonID(r.Number)] != nil {
			w.id = PersonID(r.Number)
		}
	}
	if owner := m.byEmail[r.Email]; r.Email != "" && owner != "" && owner != w.id {
		other := m.people[owner]
		switch {
		case w.id != "":
			m.reject(r, "the address %s is that of %s", r.Email, other.Name)
			return nil
		case r.Number != "" && other.Number != "" && !m.file.Slugs:
			m.reject(r, "%s has the number %s here, and %s in the file", other.Name, other.Number, r.Number)
			return nil
		}
		w.id = owner
	}
	if w.id == "" {
		w.id, w.isNew = NewPersonID(), true
	} else if other := m.byWho[w.id]; other != nil {
		m.reject(r, "it is about the same person as %s", other.main.Place())
		return nil
	}
	return w
}

// join adds a row to those of a person. One of them says who they are: that of
// their own position.
func (m *importing) join(w *whom, r *importRow) {
	own := func(x *importRow) bool { return !x.Holding.Covers() }
	for _, other := range w.rows {
		switch {
		case own(other) && own(r) && other.Holding == roster.Regular && r.Holding == roster.Regular:
			m.reject(r, "%s has a position on %s already, and nobody has two managers: if they cover this one, say so in %s", m.who(other), other.Place(), roster.HoldingField)
			return
		case own(other) && own(r):
			m.reject(r, "%s is on %s already", m.who(other), other.Place())
			return
		}
	}
	r.whom = w
	w.rows = append(w.rows, r)
	if own(r) && !own(w.main) {
		w.main = r
	}
}

// isPast reports whether what a row says ended before the day.
func (m *importing) isPast(r *importRow) bool { return r.End != "" && r.End < m.day }

// matchSeats finds out which positions the rows are about.
func (m *importing) matchSeats() {
	for _, r := range m.rows {
		if m.isOut(r) || r.Holding == roster.None || m.isPast(r) {
			continue
		}
		id, number := PositionID(""), r.Position
		switch {
		case number != "":
			id = m.position(number)
		case r.Holding != roster.Regular:
			m.reject(r, "it does not say which position: add %s", roster.Position)
			continue
		case !r.whom.isNew:
			if h := heldOn(m.book.Book, r.whom.id, m.day); h != nil {
				id = h.Position
			}
		}
		s := m.byPlace[number]
		if number == "" || s == nil {
			s = m.bySeat[id]
		}
		if s == nil {
			s = &seatRows{id: id, main: r}
			if id != "" {
				if s.was = seatOn(m.book.Position(id), m.day); s.was == nil {
					s.frees = id // a closed position stays history: a new one gets its number
				}
			}
			if s.isNew = s.was == nil; s.isNew {
				s.id = NewPositionID()
			}
			m.seats = append(m.seats, s)
			m.bySeat[s.id] = s
		}
		if number != "" {
			m.byPlace[number] = s
		}
		m.sit(s, r)
	}
	m.markPartly()
}

// sit adds a row to those of a position.
func (m *importing) sit(s *seatRows, r *importRow) {
	other := s.own
	if r.Holding.Covers() {
		other = s.cover
	}
	if other != nil {
		m.reject(r, "the position %s is on %s already", firstWord(r.Position, m.who(r)), other.Place())
		return
	}
	if o := s.main; o != r && (o.Manager != r.Manager || o.ManagerPosition != r.ManagerPosition) {
		m.reject(r, "the position %s has another manager on %s, and nobody has two", firstWord(r.Position, m.who(r)), o.Place())
		return
	}
	r.seat = s
	switch {
	case r.Holding.Covers():
		s.cover = r
		return
	case r.Holding == roster.Regular:
		s.regular = r
	}
	s.own, s.main = r, r
}

func firstWord(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// markPartly notes the positions of which a row was rejected.
func (m *importing) markPartly() {
	for i, reason := range m.rejected {
		if reason == "" {
			continue
		}
		r := &m.file.Rows[i]
		if s := m.byPlace[r.Position]; r.Position != "" && s != nil {
			s.partly = true
		}
	}
}

// level returns the pin that a row means, the published title, and whether there
// is such a level.
func (m *importing) level(r *importRow, was catalog.Pin) (pin catalog.Pin, ok bool) {
	family, level, found := strings.Cut(r.Level, "#")
	if found && was.Family == catalog.FamilyID(family) && was.Level == catalog.LevelID(level) {
		return was, true // whatever version it is held to
	}
	if m.edition == nil {
		m.reject(r, "the level %s is not known: no job family is published yet", r.Level)
		return pin, false
	}
	if f := m.edition.Family(catalog.FamilyID(family)); found && f != nil && f.Level(catalog.LevelID(level)) != nil {
		return catalog.Pin{Family: f.ID, Version: f.Version, Level: catalog.LevelID(level)}, true
	}
	if !found {
		if pin, ok = m.titled(r.Level, was); ok {
			return pin, true
		}
	}
	if r.Guessed {
		m.note(r, "no published page has the level %s, so it was left out", r.Level)
		return was, true
	}
	m.reject(r, "no published page has the level %q%s", r.Level, m.near(family, r.Level))
	return pin, false
}

// titled returns the level that alone has a title.
func (m *importing) titled(title string, was catalog.Pin) (pin catalog.Pin, ok bool) {
	for i := range m.edition.Families {
		f := &m.edition.Families[i]
		for _, l := range f.Levels {
			if !strings.EqualFold(l.Title, title) {
				continue
			}
			if ok {
				return catalog.Pin{}, false // two have it
			}
			pin, ok = catalog.Pin{Family: f.ID, Version: f.Version, Level: l.ID}, true
		}
	}
	if ok && was.Family == pin.Family && was.Level == pin.Level {
		return was, true
	}
	return pin, ok
}

// near names levels that are close to what was written, or those of its family.
func (m *importing) near(family, written string) string {
	left := slices.Clone(m.levels)
	var close []string
	for len(close) < 3 {
		word, ok := nearest.Word(written, left)
		if !ok {
			break
		}
		close = append(close, word)
		left = slices.DeleteFunc(left, func(l string) bool { return l == word })
	}
	if len(close) > 0 {
		return "; did you mean " + strings.Join(close, " or ") + "?"
	}
	for _, l := range m.levels {
		if strings.HasPrefix(l, family+"#") {
			close = append(close, strings.TrimPrefix(l, family+"#"))
		}
	}
	if len(close) > 0 {
		return ": it has " + strings.Join(close, ", ")
	}
	return ""
}

// describeSeats finds out what each position is to be, but for its manager.
func (m *importing) describeSeats() error {
	for _, s := range m.seats {
		r := s.main
		var was chart.Place
		if !s.isNew {
			was = s.was.Place
		}
		s.place = was
		ok := true
		switch {
		case r.Level != "":
			s.place.Pin, ok = m.level(r, was.Pin)
		case m.has(roster.Level):
			s.place.Pin = catalog.Pin{}
		}
		if !ok {
			continue
		}
		role, err := m.roleOf(s.place.Pin)
		if err != nil {
			return err
		}
		switch {
		case r.Title != "":
			s.place.Title = r.Title
		case role != nil && (m.has(roster.Title) || s.isNew):
			s.place.Title = role.Title
		}
		if s.place.Title == "" {
			m.reject(r, "it does not say what the position is called: add %s or %s", roster.Title, roster.Level)
			continue
		}
		if m.has(roster.Specialty) {
			s.place.Specialty = r.Specialty
		}
		if m.has(roster.Department) {
			s.place.Department = r.Department
		}
		if sp := s.place.Specialty; sp != "" && role != nil && role.Specialty(sp) == nil && sp != was.Specialty {
			var titles []string
			for _, known := range role.Specialties {
				titles = append(titles, known.Title)
			}
			m.note(r, "%s has no specialty %q%s", role.Title, sp, nearest.Hint(sp, titles))
		}
	}
	return nil
}

func (m *importing) roleOf(pin catalog.Pin) (*chart.Role, error) {
	if pin == (catalog.Pin{}) {
		return nil, nil //nolint:nilnil // no level, no role
	}
	role, err := m.s.role(m.ctx, m.tx, pin)
	if err != nil {
		return nil, fmt.Errorf("find the level %s: %w", pin, err)
	}
	return role, nil
}
