package org

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/org/roster"
)

// A vacancy is that somebody does not hold a position any more.
type vacancy struct {
	seat PositionID
	who  PersonID
}

// do takes a step. One that the rules refuse rejects its row.
func (m *importing) do(r *importRow, step chart.Step) bool {
	if err := m.draft.Apply(step); err != nil {
		m.reject(r, "%v", err)
		return false
	}
	m.change.Steps = append(m.change.Steps, step)
	return true
}

// steps says what is to be done: first who is here, then what positions there
// are, from the top down; then who holds them no more, and who does; and last
// what ends. So no step stands in the way of a later one.
func (m *importing) steps() {
	for _, w := range m.whoms {
		m.employ(w)
	}
	order := m.topDown()
	m.chooseDays(order)
	for _, s := range order {
		m.placeSeat(s)
	}
	for _, w := range m.whoms {
		m.end(w)
	}
	absent := m.absent()
	for _, s := range m.seats {
		m.vacateSeat(s)
	}
	for _, s := range m.seats {
		m.fillSeat(s)
	}
	m.closeSeats(absent)
	for v := range m.done {
		if was := m.book.SeatOf(v.who, m.day); was != nil && m.draft.SeatOf(v.who, m.day) == nil {
			m.removed[v.who] = true
		}
	}
}

// span returns somebody's employment on a day, or the next one; nil if they are
// not employed.
func span(p *chart.Person, day calendar.Day) *calendar.Span {
	if p == nil {
		return nil
	}
	for i := range p.Here {
		if p.Here[i].Until > day {
			return &p.Here[i]
		}
	}
	return nil
}

// begins returns the day from which on a row holds, if nothing else stands in
// its way.
func (m *importing) begins(r *importRow) calendar.Day {
	if r.Holding.Covers() {
		return firstDay(r.Start, m.day)
	}
	return firstDay(r.whom.joins, m.day)
}

func firstDay(days ...calendar.Day) calendar.Day {
	for _, d := range days {
		if d != "" {
			return d
		}
	}
	return ""
}

// employ says who somebody is, and that they are here.
func (m *importing) employ(w *whom) {
	r := w.main
	before := m.book.Person(w.id)
	here := span(before, m.day)
	if here == nil && m.isPast(r) && !r.Holding.Covers() {
		if w.isNew {
			m.note(r, "%s left before %s and is not known here, so the line was passed over", r.Name, m.day)
		}
		return
	}
	if !m.detail(w) {
		return
	}
	if here == nil {
		w.joins = firstDay(r.Start, m.day)
		if before != nil && len(before.Here) > 0 {
			if last := before.Here[len(before.Here)-1].Until; w.joins < last {
				w.joins = max(last, m.day)
			}
		}
		if !m.do(r, chart.Step{Kind: chart.Join, Person: w.id, Day: w.joins}) {
			return
		}
		if r.isNew = true; before != nil && len(before.Here) > 0 {
			r.says("comes back on %s", w.joins)
		}
	} else if !r.Holding.Covers() && r.Start != "" && r.Start != here.Since {
		m.note(r, "%s started on %s as far as Cadre knows; an import does not change that", m.who(r), here.Since)
	}
	m.settle(w)
}

// detail adds what is kept of somebody without dates, if it is new.
func (m *importing) detail(w *whom) bool {
	r := w.main
	var was Details
	if known := m.people[w.id]; known != nil {
		was = *known
	}
	now := was
	now.ID = w.id
	if r.Number != "" && was.Number == "" && PersonID(r.Number) != w.id {
		now.Number = r.Number
	}
	if r.Name != "" {
		now.Name = r.Name
	}
	if r.Email != "" {
		now.Email = r.Email
	}
	if m.has(roster.ManagedBefore) {
		now.ManagedBefore = r.ManagedBefore
	}
	if now == was {
		return true
	}
	if err := now.check(); err != nil {
		m.reject(r, "%v", err)
		return false
	}
	if now == was { // but for how it was written
		return true
	}
	if !w.isNew {
		told := false
		for _, c := range []struct{ what, now, was string }{{"the number", now.Number, was.Number}, {"the name", now.Name, was.Name}, {"the address", now.Email, was.Email}} {
			if c.now != c.was {
				told = true
				r.says("has %s %s, had %s", c.what, c.now, orNone(c.was))
			}
		}
		if !told {
			r.says("has managed people before: %s", r.Text(roster.ManagedBefore))
		}
	}
	m.change.People = append(m.change.People, now)
	m.draft.Describe(w.id, now.Name, now.ManagedBefore)
	return true
}

// settle says where somebody lives. An empty cell says nothing.
func (m *importing) settle(w *whom) {
	r := w.main
	if r.Country == "" && r.Locality == "" && r.Zone == "" && r.Factor == "" {
		return
	}
	var was db.OrgStay
	if known := m.stays[w.id]; known != nil {
		was = *known
	}
	now := StayFrom{Person: w.id, Stay: Stay{
		Country: firstWord(r.Country, was.Country), Locality: firstWord(r.Locality, was.Locality),
		Zone: firstWord(r.Zone, was.Zone), Factor: firstWord(r.Factor, was.Factor),
	}}
	now.Since = firstDay(w.joins, m.day)
	if was.SinceDay > now.Since { // known for later alone
		now.Since = was.SinceDay
	}
	if err := now.check(); err != nil {
		m.reject(r, "%v", err)
		return
	}
	if now.Country == was.Country && now.Locality == was.Locality && now.Zone == was.Zone && now.Factor == was.Factor {
		return
	}
	if w.joins == "" {
		switch {
		case now.Country != was.Country || now.Locality != was.Locality:
			r.says("lives in %s, lived in %s", placeWords(now.Locality, now.Country), placeWords(was.Locality, was.Country))
		case now.Zone != was.Zone:
			r.says("is in the time zone %s, was in %s", now.Zone, orNone(was.Zone))
		default:
			r.says("has another location factor")
		}
	}
	m.change.Stays = append(m.change.Stays, now)
}

func placeWords(locality, country string) string {
	return orNone(strings.Trim(locality+", "+country, ", "))
}

// end says when somebody leaves, as far as the file does.
func (m *importing) end(w *whom) {
	r := w.main
	if m.isOut(r) || r.Holding.Covers() || !m.has(roster.End) {
		return
	}
	here := span(m.draft.Person(w.id), m.day)
	if here == nil {
		return
	}
	until, was := calendar.Never, here.Until
	if r.End != "" {
		until = r.End.Add(1)
	}
	if until == was {
		return
	}
	if until > was { // they stay for longer
		if !m.do(r, chart.Step{Kind: chart.Join, Person: w.id, Day: was}) {
			return
		}
	}
	if until != calendar.Never && !m.do(r, chart.Step{Kind: chart.Leave, Person: w.id, Day: until}) {
		return
	}
	switch {
	case w.joins != "":
		return
	case until == calendar.Never:
		r.says("does not leave on %s", was.Add(-1))
	default:
		r.says("leaves after %s", r.End)
	}
	if until <= m.day {
		m.removed[w.id] = true
	}
	if until > was { // and so does what they hold
		if h := heldOn(m.book.Book, w.id, m.day); h != nil && h.Until == was {
			m.do(r, chart.Step{Kind: chart.Fill, Position: h.Position, Person: w.id, Holding: chart.Regular, Day: was})
		}
	}
}

// vacate ends what somebody holds on the day, if they do.
func (m *importing) vacate(r *importRow, id PositionID, who PersonID) {
	p := m.draft.Position(id)
	if p != nil && slices.ContainsFunc(p.Holds, func(h chart.Holding) bool { return h.Person == who && h.Until > m.day }) {
		if m.do(r, chart.Step{Kind: chart.Vacate, Position: id, Person: who, Day: m.day}) {
			m.done[vacancy{id, who}] = true
		}
	}
}

// vacateSeat ends who holds or covers a position, if that is somebody else by
// now, and what its new holder held before.
func (m *importing) vacateSeat(s *seatRows) {
	if r := s.regular; r != nil && !m.isOut(r) {
		if h := heldOn(m.book.Book, r.whom.id, m.day); h != nil && h.Position != s.id {
			m.vacate(r, h.Position, r.whom.id)
		}
	}
	if s.isNew || s.partly || m.isOut(s.main) {
		return
	}
	p := m.book.Position(s.id)
	if h := holderOn(m.book.Book, p, m.day); h != nil && (s.regular == nil || s.regular.whom.id != h.Person) {
		m.vacate(s.main, s.id, h.Person)
		if s.regular == nil {
			s.main.says("is vacant, was held by %s", m.people[h.Person].Name)
		}
	}
	if h := coverOn(p, m.day); h != nil && m.has(roster.HoldingField) {
		if c := s.cover; c == nil || c.whom.id != h.Person || string(c.Holding) != string(h.Kind) {
			m.vacate(s.main, s.id, h.Person)
			s.main.says("is not covered by %s any more", m.people[h.Person].Name)
		}
	}
}

// fillSeat gives a position to who holds and covers it.
func (m *importing) fillSeat(s *seatRows) {
	if m.isOut(s.main) {
		return
	}
	if r := s.regular; r != nil && !m.isOut(r) {
		m.hold(s, r)
	}
	if r := s.cover; r != nil && !m.isOut(r) {
		m.coverSeat(s, r)
	}
}

func (m *importing) hold(s *seatRows, r *importRow) {
	p := m.draft.Position(s.id)
	if p == nil {
		return
	}
	for i := range p.Holds {
		if h := &p.Holds[i]; h.Person == r.whom.id && h.Kind == chart.Regular && h.Until > m.day {
			return
		}
	}
	since := max(m.begins(r), p.Seats[0].Since)
	if here := span(m.draft.Person(r.whom.id), m.day); here != nil {
		since = max(since, here.Since)
	}
	for _, h := range p.Holds { // behind whoever held it before
		if h.Kind == chart.Regular && h.Until > since && h.Since <= max(since, m.day) && h.Until != calendar.Never {
			since = h.Until
		}
	}
	if !m.do(r, chart.Step{Kind: chart.Fill, Position: s.id, Person: r.whom.id, Holding: chart.Regular, Day: since}) {
		return
	}
	if !s.isNew && r.whom.joins == "" {
		r.says("holds %s", firstWord(r.Position, s.place.Title))
	}
}

func (m *importing) coverSeat(s *seatRows, r *importRow) {
	p, kind := m.draft.Position(s.id), chart.HoldingKind(r.Holding)
	here := span(m.draft.Person(r.whom.id), m.day)
	if p == nil || here == nil {
		m.reject(r, "%s does not work here", m.who(r))
		return
	}
	until := calendar.Never
	if r.End != "" {
		until = r.End.Add(1)
	}
	until = min(until, here.Until, p.Seats[len(p.Seats)-1].Until)
	fill := chart.Step{Kind: chart.Fill, Position: s.id, Person: r.whom.id, Holding: kind}
	if until != calendar.Never {
		fill.Until = until
	}
	for i := range p.Holds {
		h := &p.Holds[i]
		if h.Person != r.whom.id || h.Kind != kind || h.Until <= m.day {
			continue
		}
		if was := h.Until; m.has(roster.End) && was != until {
			r.says("covers it until %s", endWords(until))
			if until < was {
				m.do(r, chart.Step{Kind: chart.Vacate, Position: s.id, Person: r.whom.id, Day: until})
			} else {
				fill.Day = was
				m.do(r, fill)
			}
		}
		return
	}
	fill.Day = max(m.begins(r), p.Seats[0].Since, here.Since)
	for _, h := range p.Holds {
		if h.Kind != chart.Regular && h.Until > fill.Day && h.Since <= max(fill.Day, m.day) && h.Until != calendar.Never {
			fill.Day = h.Until
		}
	}
	if m.do(r, fill) && !s.isNew {
		r.says("covers %s", firstWord(r.Position, s.place.Title))
	}
	if s.isNew && s.main == r {
		r.isNew = true
	}
}

func endWords(until calendar.Day) string {
	if until == calendar.Never {
		return "further notice"
	}
	return string(until.Add(-1))
}

// absent lets those leave whom the file does not have, and returns the positions
// that it does not have. While lines are rejected it is not known who is absent.
func (m *importing) absent() (gone []PositionID) {
	if !m.o.All {
		return nil
	}
	if len(m.rejected)+len(m.file.Rejected) > 0 {
		m.notes = append(m.notes, roster.Rejected{Reason: "while lines are rejected nobody is removed: one of them might be whom the file seems to lack"})
		return nil
	}
	var people []PersonID
	for p := range m.book.People() {
		if span(p, m.day) != nil && m.byWho[p.ID] == nil {
			people = append(people, p.ID)
		}
	}
	slices.Sort(people)
	for _, id := range people {
		if m.quietly(chart.Step{Kind: chart.Leave, Person: id, Day: m.day}) == nil {
			m.removed[id] = true
			m.gone = append(m.gone, ImportGone{Person: id, Called: m.people[id].Name})
		}
	}
	if !m.has(roster.Position) {
		return nil
	}
	for p := range m.book.Positions() {
		if seatOn(p, m.day) != nil && m.bySeat[p.ID] == nil {
			gone = append(gone, p.ID)
		}
	}
	slices.Sort(gone)
	return gone
}

// quietly takes a step of which no row speaks.
func (m *importing) quietly(step chart.Step) error {
	err := m.draft.Apply(step)
	if err == nil {
		m.change.Steps = append(m.change.Steps, step)
	}
	return err
}

// closeSeats closes positions from the bottom up. One to which others report
// stays.
func (m *importing) closeSeats(gone []PositionID) {
	if len(gone) == 0 {
		return
	}
	reports := m.reports()
	for before := -1; len(gone) != before; {
		before = len(gone)
		var left []PositionID
		for _, id := range gone {
			up := m.draft.Position(id).Seats[0].Manager
			if seat := seatOn(m.draft.Position(id), m.day); seat != nil {
				up = seat.Manager
			}
			if reports[id] > 0 || m.closeSeat(id) != nil {
				left = append(left, id)
			} else {
				reports[up]--
			}
		}
		gone = left
	}
	for _, id := range gone {
		m.notes = append(m.notes, roster.Rejected{Reason: "the file lacks " + m.nameOf(id) + ", which stays, since others report to it"})
	}
}

// reports counts how many report to each position on the day.
func (m *importing) reports() map[PositionID]int {
	n := map[PositionID]int{}
	note := func(p *chart.Position) {
		if p != nil {
			if seat := seatOn(p, m.day); seat != nil {
				n[seat.Manager]++
			}
		}
	}
	for p := range m.book.Positions() {
		note(m.draft.Position(p.ID))
	}
	for _, s := range m.seats {
		if s.isNew {
			note(m.draft.Position(s.id))
		}
	}
	return n
}

// closeSeat ends a position, with who holds it.
func (m *importing) closeSeat(id PositionID) error {
	p := m.draft.Position(id)
	for _, h := range slices.Clone(p.Holds) {
		if h.Until <= m.day {
			continue
		}
		if err := m.quietly(chart.Step{Kind: chart.Vacate, Position: id, Person: h.Person, Day: m.day}); err != nil {
			return err
		}
		m.done[vacancy{id, h.Person}] = true
	}
	end := chart.Step{Kind: chart.Close, Position: id, Day: m.day}
	if p.Seats[0].Since >= m.day {
		end = chart.Step{Kind: chart.Withdraw, Position: id, Day: p.Seats[0].Since}
	}
	err := m.quietly(end)
	if err == nil {
		called := p.Seats[len(p.Seats)-1].Title
		if number := m.numbers[id]; number != "" {
			called += " (" + number + ")"
		}
		m.gone = append(m.gone, ImportGone{Position: id, Called: called})
	}
	return err
}
