package org

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/store"
)

// ImportOptions say how a file is to be taken.
type ImportOptions struct {
	// Day is from when on what the file says holds; "" is today.
	Day calendar.Day
	// All says that the file lists everybody and every position: who and what is
	// absent is gone. While a line is rejected, nothing goes, since it might be the
	// missing one.
	All bool
	// AllowRemovals is the yes to more removals than the policy lets pass.
	AllowRemovals bool
}

// An Import is what taking a file would do. Nothing is done yet.
type Import struct {
	Day    calendar.Day
	Counts ImportCounts
	// Rows are those that are new or changed, in the order of the file.
	Rows     []ImportRow
	Rejected []roster.Rejected // by line
	Notes    []roster.Rejected // what is worth to know of lines that are taken
	Gone     []ImportGone
	// Removed counts the people who would leave, or come to hold nothing; People
	// is how many are here. TooMany says that the policy asks for a yes.
	Removed, People int
	TooMany         bool
	AllowRemovals   bool
	// Seen is the revision that it was made for: if the organisation has changed
	// since, it is not done.
	Seen   int64
	change Change
}

// ImportCounts counts lines, and under Gone people and positions that no line is
// about.
type ImportCounts struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Gone      int `json:"gone"`
	Rejected  int `json:"rejected"`
}

// An ImportRow is a line that is new or changes something.
type ImportRow struct {
	File string   `json:"file,omitempty"`
	Line int      `json:"line"`
	New  bool     `json:"new"`
	Who  string   `json:"who"`
	What []string `json:"what"`
}

// An ImportGone is somebody who leaves, or a position that ends, since the file
// does not have them.
type ImportGone struct {
	Person   PersonID   `json:"person,omitempty"`
	Position PositionID `json:"position,omitempty"`
	Called   string     `json:"called"`
}

// IsEmpty reports whether the import would change nothing.
func (p *Import) IsEmpty() bool {
	return len(p.change.Steps)+len(p.change.People)+len(p.change.Stays) == 0
}

// Steps returns the steps that the import would do.
func (p *Import) Steps() []chart.Step { return p.change.Steps }

// MayImport reports whether an actor may import people.
func (s *Service) MayImport(by auth.Actor) bool { return s.MayChange(by) }

// PlanImport returns what taking a file would do. Who may change the
// organisation may ask.
func (s *Service) PlanImport(ctx context.Context, by auth.Actor, f *roster.File, o ImportOptions) (p *Import, err error) {
	if err := s.auth.Can(by, ChangeChart, TheChart); err != nil {
		return nil, err
	}
	o.Day = s.day(o.Day)
	err = s.view(ctx, func(tx store.Tx, b bookAt) error {
		p, err = s.planImport(ctx, tx, b, f, o)
		return err
	})
	return p, err
}

// ApplyImport does what was planned, as one change, and returns its number; 0 if
// there was nothing to do. It is a Conflict if the organisation has changed since
// the plan was made, or if too many would go without a yes.
func (s *Service) ApplyImport(ctx context.Context, by auth.Actor, p *Import) (number int64, err error) {
	if err := s.auth.Can(by, ChangeChart, TheChart); err != nil {
		return 0, err
	}
	if p.TooMany && !p.AllowRemovals {
		return 0, p.tooMany()
	}
	if p.IsEmpty() {
		return 0, nil
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		b, err := s.book(ctx, tx)
		if err != nil {
			return err
		}
		if b.revision != p.Seen {
			return s.changedSince(ctx, tx, p.Seen)
		}
		c := p.change // which do may bring into its form
		c.Stays = slices.Clone(c.Stays)
		number, err = s.do(ctx, tx, by, &c)
		return err
	})
	return number, err
}

// tooMany says that an import removes more than may go without a yes.
func (p *Import) tooMany() error {
	return fault.New(fault.Conflict,
		"%d of %d people would leave or come to hold no position, which is more than the policy lets an import do: "+
			"is the file whole, and are its columns the right ones? If so, say that it is meant", p.Removed, p.People)
}

// changedSince names what was done since a revision.
func (s *Service) changedSince(ctx context.Context, tx store.Tx, seen int64) error {
	entries, err := s.history(ctx, tx, HistoryFilter{Limit: 20})
	if err != nil {
		return err
	}
	o := &Overtaken{}
	for _, e := range entries {
		if e.Number > seen {
			o.Since = append(o.Since, e)
		}
	}
	return fault.New(fault.Conflict, "%w", o)
}

// planImport plans until no further line is rejected: what depends on one that
// was falls with it.
func (s *Service) planImport(ctx context.Context, tx store.Tx, b bookAt, f *roster.File, o ImportOptions) (*Import, error) {
	known, err := s.readKnown(ctx, tx, b, o.Day)
	if err != nil {
		return nil, err
	}
	pack, err := s.pack(ctx, tx, s.Today())
	if err != nil {
		return nil, err
	}
	reasons := map[int]string{}
	for {
		m := &importing{s: s, ctx: ctx, tx: tx, known: known, file: f, o: o, day: o.Day, rejected: reasons, draft: b.Draft()}
		before := len(reasons)
		if err := m.plan(); err != nil {
			return nil, err
		}
		if len(reasons) > before {
			continue
		}
		p := m.result()
		limits := pack.Rooms().Org.Imports
		p.TooMany = p.Removed > limits.RemovalCount && p.Removed*100 > limits.RemovalPercent*p.People
		p.AllowRemovals, p.Seen = o.AllowRemovals, b.revision
		return p, nil
	}
}

// An importing is a file that is being planned.
type importing struct {
	s    *Service
	ctx  context.Context
	tx   store.Tx
	file *roster.File
	o    ImportOptions
	day  calendar.Day
	*known

	rejected map[int]string // reasons by index of the row
	rows     []*importRow
	// The rows by the words by which the file calls people, by person, and by
	// position.
	called  map[string]*whom
	whoms   []*whom
	byWho   map[PersonID]*whom
	seats   []*seatRows
	bySeat  map[PositionID]*seatRows
	byPlace map[string]*seatRows

	draft   *chart.Draft
	change  Change
	notes   []roster.Rejected
	gone    []ImportGone
	removed map[PersonID]bool
	done    map[vacancy]bool
}

// An importRow is a line of the file with what it means here.
type importRow struct {
	*roster.Row
	index int
	whom  *whom     // nil for a vacant position
	seat  *seatRows // nil for somebody without one
	isNew bool
	what  []string
}

// A whom is a person of the file.
type whom struct {
	id    PersonID
	isNew bool       // unknown so far
	main  *importRow // which says who they are
	rows  []*importRow
	joins calendar.Day // the day on which they join by the import; "" if they are here
}

// A seatRows is a position of the file.
type seatRows struct {
	id      PositionID
	isNew   bool
	was     *chart.Seat // what it is so far; nil if it is new
	frees   PositionID  // a closed one whose number it gets; "" is none
	main    *importRow  // which says what it is
	own     *importRow  // of who holds it, or that nobody does
	regular *importRow  // the same, if somebody does
	cover   *importRow
	// partly says that a row of it was rejected, so that who holds it is not known.
	partly  bool
	place   chart.Place
	manager *seatRows // nil if it is none of the file's
	opens   calendar.Day
}

// plan goes through all stages. If a row is rejected by what the file says, it
// ends there, to begin anew without it.
func (m *importing) plan() error {
	before := len(m.rejected)
	m.called, m.byWho, m.bySeat, m.byPlace = map[string]*whom{}, map[PersonID]*whom{}, map[PositionID]*seatRows{}, map[string]*seatRows{}
	m.removed, m.done = map[PersonID]bool{}, map[vacancy]bool{}
	m.rows = make([]*importRow, 0, len(m.file.Rows))
	for i := range m.file.Rows {
		if m.rejected[i] == "" {
			m.rows = append(m.rows, &importRow{Row: &m.file.Rows[i], index: i})
		}
	}
	m.matchPeople()
	m.matchSeats()
	if err := m.describeSeats(); err != nil {
		return err
	}
	m.findManagers()
	m.refuseCircles()
	if len(m.rejected) == before {
		m.steps()
	}
	return nil
}

// reject says why a row cannot be taken. The first reason counts.
func (m *importing) reject(r *importRow, format string, args ...any) {
	if m.rejected[r.index] == "" {
		m.rejected[r.index] = fmt.Sprintf(format, args...)
	}
}

// isOut reports whether a row was rejected.
func (m *importing) isOut(r *importRow) bool { return m.rejected[r.index] != "" }

// note says something about a row that is taken.
func (m *importing) note(r *importRow, format string, args ...any) {
	m.notes = append(m.notes, roster.Rejected{File: r.File, Line: r.Line, Reason: fmt.Sprintf(format, args...)})
}

// has reports whether the file says something about a field.
func (m *importing) has(f roster.Field) bool { return m.file.Fields[f] }

// says notes what a row changes.
func (r *importRow) says(format string, args ...any) {
	r.what = append(r.what, fmt.Sprintf(format, args...))
}

// who names whom or what a row is about.
func (m *importing) who(r *importRow) string {
	switch {
	case r.Name != "":
		return r.Name
	case r.whom != nil && m.people[r.whom.id] != nil:
		return m.people[r.whom.id].Name
	case r.Number != "":
		return r.Number
	case r.seat != nil && r.seat.place.Title != "":
		return r.seat.place.Title
	}
	return r.Position
}

// result returns the plan.
func (m *importing) result() *Import {
	p := &Import{Day: m.day, Rejected: slices.Clone(m.file.Rejected), Notes: m.notes, Gone: m.gone, Removed: len(m.removed), change: m.change}
	for i, reason := range m.rejected {
		r := &m.file.Rows[i]
		p.Rejected = append(p.Rejected, roster.Rejected{File: r.File, Line: r.Line, Reason: reason})
	}
	byLine := func(x, y roster.Rejected) int {
		if c := strings.Compare(x.File, y.File); c != 0 {
			return c
		}
		return x.Line - y.Line
	}
	slices.SortStableFunc(p.Rejected, byLine)
	slices.SortStableFunc(p.Notes, byLine)
	for _, r := range m.rows {
		switch {
		case r.isNew:
			p.Counts.New++
		case len(r.what) > 0:
			p.Counts.Changed++
		default:
			p.Counts.Unchanged++
			continue
		}
		p.Rows = append(p.Rows, ImportRow{File: r.File, Line: r.Line, New: r.isNew, Who: m.who(r), What: r.what})
	}
	p.Counts.Rejected, p.Counts.Gone = len(p.Rejected), len(p.Gone)
	for person := range m.book.People() {
		if person.IsHere(m.day) {
			p.People++
		}
	}
	p.change.Origin = ByImport
	return p
}
