package org

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/roster"
)

// findManagers finds out to which position each one reports. The rows may stand
// in any order.
func (m *importing) findManagers() {
	if !m.has(roster.Manager) && !m.has(roster.ManagerPosition) {
		for _, s := range m.seats {
			s.manager = m.bySeat[s.place.Manager]
		}
		return
	}
	for _, s := range m.seats {
		if m.isOut(s.main) {
			continue
		}
		s.place.Manager, s.manager = "", nil
		switch r := s.main; {
		case r.Manager != "":
			m.reportTo(s, r.Manager)
		case r.ManagerPosition != "":
			m.reportToSeat(s, r.ManagerPosition)
		}
		if up := m.bySeat[s.place.Manager]; up != nil && !m.isOut(up.main) {
			s.manager = up
		}
	}
}

// reportTo lets a position report to that of a person.
func (m *importing) reportTo(s *seatRows, word string) {
	w := m.called[word]
	if w == nil {
		w = m.called[strings.ToLower(word)]
	}
	if w == nil {
		w = m.byWho[m.person(word)]
	}
	if w != nil {
		for _, r := range w.rows {
			if r.Holding == roster.Regular && r.seat != nil && !m.isOut(r) {
				s.place.Manager = r.seat.id
				return
			}
		}
	}
	id := m.person(word)
	if id == "" && w != nil {
		id = w.id
	}
	if h := heldOn(m.book.Book, id, m.day); h != nil {
		s.place.Manager = h.Position
		return
	}
	switch at := m.rejectedRow(roster.Number, word); {
	case at != nil:
		m.reject(s.main, "it reports to %s, whose row was rejected (%s)", word, at.Place())
	case w != nil || m.people[id] != nil:
		m.reject(s.main, "it reports to %s, who holds no position", word)
	default:
		m.reject(s.main, "it reports to %q, whom neither the file nor Cadre knows", word)
	}
}

// reportToSeat lets a position report to another one.
func (m *importing) reportToSeat(s *seatRows, word string) {
	if up := m.byPlace[word]; up != nil && !m.isOut(up.main) {
		s.place.Manager = up.id
		return
	}
	id := m.position(word)
	if id != "" && seatOn(m.book.Position(id), m.day) != nil {
		s.place.Manager = id
		return
	}
	switch at := m.rejectedRow(roster.Position, word); {
	case at != nil:
		m.reject(s.main, "it reports to the position %s, whose row was rejected (%s)", word, at.Place())
	case id != "":
		m.reject(s.main, "it reports to the position %s, which was closed", word)
	default:
		m.reject(s.main, "it reports to the position %q, which neither the file nor Cadre knows", word)
	}
}

// rejectedRow returns a row that was rejected and is called by a word.
func (m *importing) rejectedRow(f roster.Field, word string) *roster.Row {
	for i := range m.rejected {
		if r := &m.file.Rows[i]; r.Text(f) == word {
			return r
		}
	}
	return nil
}

// above returns to which position one will report.
func (m *importing) above(id PositionID) PositionID {
	if s := m.bySeat[id]; s != nil && !m.isOut(s.main) {
		return s.place.Manager
	}
	if p := m.book.Position(id); p != nil {
		if seat := seatOn(p, m.day); seat != nil {
			return seat.Manager
		}
	}
	return ""
}

// refuseCircles rejects the rows of which everybody would stand above
// themselves.
func (m *importing) refuseCircles() {
	done := map[PositionID]bool{}
	for _, s := range m.seats {
		var way []PositionID
		at := map[PositionID]int{}
		for id := s.id; id != "" && !done[id]; id = m.above(id) {
			if from, ok := at[id]; ok {
				m.refuseCircle(way[from:])
				break
			}
			at[id] = len(way)
			way = append(way, id)
		}
		for _, id := range way {
			done[id] = true
		}
	}
}

func (m *importing) refuseCircle(way []PositionID) {
	names := make([]string, 0, len(way)+1)
	for _, id := range way {
		names = append(names, m.nameOf(id))
	}
	if len(way) == 1 {
		m.reject(m.bySeat[way[0]].main, "%s cannot report to itself", names[0])
		return
	}
	names = append(names, names[0])
	if len(names) > 12 {
		names = append(names[:11:11], "…")
	}
	for _, id := range way {
		if s := m.bySeat[id]; s != nil {
			m.reject(s.main, "that would be a circle: %s", strings.Join(names, " → "))
		}
	}
}

// nameOf names a position and who holds it.
func (m *importing) nameOf(id PositionID) string {
	if s := m.bySeat[id]; s != nil {
		if s.regular != nil {
			return fmt.Sprintf("%s (%s)", m.who(s.regular), firstWord(s.main.Position, s.place.Title))
		}
		return firstWord(s.main.Position, s.place.Title)
	}
	p := m.book.Position(id)
	if h := holderOn(m.book.Book, p, m.day); h != nil {
		return fmt.Sprintf("%s (%s)", m.people[h.Person].Name, firstWord(m.numbers[id], p.Seats[0].Title))
	}
	return firstWord(m.numbers[id], p.Seats[0].Title)
}

// topDown returns the positions of the file, each behind the one that it reports
// to.
func (m *importing) topDown() []*seatRows {
	order := make([]*seatRows, 0, len(m.seats))
	seen := make(map[*seatRows]bool, len(m.seats))
	for _, s := range m.seats {
		var way []*seatRows
		for ; s != nil && !seen[s]; s = s.manager {
			seen[s] = true
			way = append(way, s)
		}
		for i := len(way) - 1; i >= 0; i-- {
			order = append(order, way[i])
		}
	}
	return order
}

// chooseDays says from when on new positions are open: as long as somebody holds
// them or is below them, and no longer than the one above.
func (m *importing) chooseDays(order []*seatRows) {
	for _, s := range order {
		if s.opens = m.day; s.isNew {
			for _, r := range []*importRow{s.regular, s.cover} {
				if r != nil && (r.Holding.Covers() || r.whom.joins != "") {
					s.opens = min(s.opens, m.begins(r))
				}
			}
			if s.regular != nil && s.cover == nil && m.begins(s.regular) > m.day {
				s.opens = m.begins(s.regular)
			}
		} else if p := m.book.Position(s.id); p.On(m.day) == nil {
			s.opens = p.Seats[0].Since
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		if s := order[i]; s.manager != nil && s.manager.isNew {
			s.manager.opens = min(s.manager.opens, s.opens)
		}
	}
	for _, s := range order {
		if !s.isNew {
			continue
		}
		if s.manager != nil && s.manager.isNew {
			s.opens = max(s.opens, s.manager.opens)
		} else if up := m.book.Position(s.place.Manager); up != nil {
			s.opens = max(s.opens, up.Seats[0].Since)
		}
	}
}

// placeSeat makes or changes a position.
func (m *importing) placeSeat(s *seatRows) {
	r := s.main
	step := chart.Step{Kind: chart.Open, Position: s.id, Day: s.opens}
	want := s.place
	if s.isNew {
		r.isNew = true
		step.Title, step.Pin, step.Specialty, step.Department, step.Manager = &want.Title, &want.Pin, &want.Specialty, &want.Department, &want.Manager
		if !m.do(r, step) {
			return
		}
		if r.Position != "" {
			if m.change.Numbers == nil {
				m.change.Numbers = map[PositionID]string{}
			}
			m.change.Numbers[s.id] = r.Position
			if s.frees != "" {
				m.change.Freed = append(m.change.Freed, s.frees)
			}
		}
		return
	}
	step.Kind = chart.Change
	was := s.was.Place
	if was.Title != want.Title {
		step.Title = &want.Title
		r.says("is called %s, was %s", want.Title, was.Title)
	}
	if was.Pin != want.Pin {
		step.Pin = &want.Pin
		r.says("has the level %s, had %s", levelWords(want), levelWords(was))
	}
	if was.Specialty != want.Specialty {
		step.Specialty = &want.Specialty
		r.says("has the specialty %s, had %s", orNone(want.Specialty), orNone(was.Specialty))
	}
	if was.Department != want.Department {
		step.Department = &want.Department
		r.says("is in %s, was in %s", orNone(want.Department), orNone(was.Department))
	}
	if was.Manager != want.Manager {
		step.Manager = &want.Manager
		r.says("reports to %s, did to %s", m.managerWords(want.Manager), m.managerWords(was.Manager))
	}
	if was != want {
		m.do(r, step)
	}
}

func orNone(text string) string { return firstWord(text, "none") }

func levelWords(p chart.Place) string {
	if p.Pin.Level == "" {
		return "none"
	}
	return fmt.Sprintf("%s#%s", p.Pin.Family, p.Pin.Level)
}

func (m *importing) managerWords(id PositionID) string {
	if id == "" {
		return "nobody"
	}
	return m.nameOf(id)
}
