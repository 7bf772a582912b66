package org

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// An Origin says where a change comes from.
type Origin string

// The origins of changes.
const (
	ByHand     Origin = "hand"
	ByImport   Origin = "import"
	ByScenario Origin = "scenario"
	BySCIM     Origin = "scim"
)

// A Change is what is done together: all of it or nothing.
type Change struct {
	Origin Origin // "" is by hand
	// People are new, or what is kept of them without dates is changed. A new
	// one needs a step Join as well.
	People []Details
	// Stays say where people live and work, from a day on.
	Stays []StayFrom
	Steps []chart.Step
	// Numbers are those by which other systems know positions that are opened.
	Numbers map[PositionID]string
	// Freed are positions whose numbers are free for others, since they are closed.
	Freed []PositionID
	// Seen is the revision that the author of the change looked at. If one of
	// the things that it is about changed since, it is not done, and the error is
	// an *Overtaken. 0 is any.
	Seen int64
}

// Details are what is kept of a person without dates.
type Details struct {
	ID            PersonID
	Number        string // by which other systems know them
	Name          string
	Email         string
	ManagedBefore bool // had managed people before they came
}

// A Stay is where somebody lives and works, for a span of days.
type Stay struct {
	Country  string
	Locality string
	Zone     string // of the tz database
	Factor   string // location factor, a decimal; "" is not known, or not to be seen
	calendar.Span
}

// A StayFrom says where somebody lives and works from a day on.
type StayFrom struct {
	Person PersonID
	Stay   // its Until does not count
	// KeepFactor leaves the location factor as it is on that day, for an author
	// who may not see it.
	KeepFactor bool
}

// Overtaken says that what a change is about was changed by somebody else since
// its author looked.
type Overtaken struct {
	// Since are the steps that were done meanwhile, the newest first.
	Since []Entry
}

// Error implements error.
func (o *Overtaken) Error() string {
	return "somebody else has changed it meanwhile: look at what they did, and decide again"
}

// Do makes a change, and returns its number. People partners and administrators
// may. It fails with Invalid for what cannot be, NotFound for what is not there,
// and Conflict for what the rules do not allow or somebody else has changed.
func (s *Service) Do(ctx context.Context, by auth.Actor, c Change) (number int64, err error) {
	if err := s.mayDo(by, &c); err != nil {
		return 0, err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		number, err = s.do(ctx, tx, by, &c)
		return err
	})
	return number, err
}

func (s *Service) mayDo(by auth.Actor, c *Change) error {
	action := ChangeChart
	if c.Origin == BySCIM {
		action = Provision
	}
	return s.auth.Can(by, action, TheChart)
}

// DoIn makes a change in the transaction of another room, which has seen to who
// may.
func (s *Service) DoIn(ctx context.Context, tx store.Tx, by auth.Actor, c Change) (number int64, err error) {
	return s.do(ctx, tx, by, &c)
}

func (s *Service) do(ctx context.Context, tx store.Tx, by auth.Actor, c *Change) (int64, error) {
	if len(c.Steps)+len(c.People)+len(c.Stays) == 0 {
		return 0, fault.New(fault.Invalid, "there is nothing to change")
	}
	b, err := s.book(ctx, tx)
	if err != nil {
		return 0, err
	}
	if err := s.overtaken(ctx, tx, c, b.revision); err != nil {
		return 0, err
	}
	w := &writer{s: s, q: db.New(tx), tx: tx, by: by, now: store.At(s.clock()), draft: b.Draft(), revision: b.revision, tables: newTables()}
	if err := w.write(ctx, c); err != nil {
		return 0, err
	}
	if s.product != nil && len(c.People) > 0 {
		if _, err := s.product.Link(ctx, tx); err != nil {
			return 0, err
		}
	}
	return w.change, nil
}

// overtaken fails if one of the things of a change is newer than its author saw.
func (s *Service) overtaken(ctx context.Context, tx store.Tx, c *Change, revision int64) error {
	if c.Seen == 0 || c.Seen >= revision {
		return nil
	}
	o := &Overtaken{}
	seen := map[string]bool{}
	look := func(f HistoryFilter) error {
		key := string(f.Position) + "/" + string(f.Person)
		if key == "/" || seen[key] {
			return nil
		}
		seen[key] = true
		f.Limit = 20
		entries, err := s.history(ctx, tx, f)
		for _, e := range entries {
			if e.Number > c.Seen {
				o.Since = append(o.Since, e)
			}
		}
		return err
	}
	for _, step := range c.Steps {
		f := HistoryFilter{Position: step.Position}
		if step.Position == "" {
			f.Person = step.Person
		}
		if err := look(f); err != nil {
			return err
		}
	}
	for _, p := range c.People {
		if err := look(HistoryFilter{Person: p.ID}); err != nil {
			return err
		}
	}
	for _, p := range c.Stays {
		if err := look(HistoryFilter{Person: p.Person}); err != nil {
			return err
		}
	}
	if len(o.Since) > 0 {
		return fault.New(fault.Conflict, "%w", o)
	}
	return nil
}

// A writer writes a change.
type writer struct {
	s        *Service
	q        *db.Queries
	tx       store.Tx
	by       auth.Actor
	now      store.Time
	draft    *chart.Draft
	revision int64
	change   int64
	steps    []db.AddStepParams
	origin   Origin
	tables   tables
	stays    map[PersonID][]db.OrgStay // of those whose stays change
}

func (w *writer) write(ctx context.Context, c *Change) error {
	w.origin = c.Origin
	if w.origin == "" {
		w.origin = ByHand
	}
	last, err := w.q.LastChange(ctx)
	if err != nil {
		return fmt.Errorf("find the last change: %w", err)
	}
	w.change = last + 1
	for i := range c.People {
		if err := w.person(ctx, &c.People[i]); err != nil {
			return err
		}
	}
	for i := range c.Steps {
		if err := w.step(&c.Steps[i]); err != nil {
			return err
		}
	}
	for i := range c.Stays {
		if err := w.stay(ctx, &c.Stays[i]); err != nil {
			return err
		}
	}
	for _, id := range c.Freed {
		if err := w.q.FreeNumber(ctx, string(id)); err != nil {
			return fmt.Errorf("free the number of a position: %w", err)
		}
	}
	if err := w.rows(ctx, c.Numbers); err != nil {
		return err
	}
	if err := w.journal(ctx); err != nil {
		return err
	}
	return w.find(ctx)
}

// step takes a step, and notes it.
func (w *writer) step(s *chart.Step) error {
	was := w.draft.Inverse(*s)
	if err := w.draft.Apply(*s); err != nil {
		return err
	}
	return w.note(s, was)
}

// note writes a step down.
func (w *writer) note(s *chart.Step, was []chart.Step) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	back, err := json.Marshal(was)
	if err != nil {
		return err
	}
	w.revision++
	w.steps = append(w.steps, db.AddStepParams{
		Number: w.revision, Change: w.change, Kind: string(s.Kind), Day: s.Day,
		Position: string(s.Position), Person: string(s.Person), Step: string(text), Was: string(back),
	})
	return nil
}

// person adds somebody, or changes what is kept of them.
func (w *writer) person(ctx context.Context, p *Details) error {
	d := *p
	if err := d.check(); err != nil {
		return err
	}
	managed := int64(0)
	if d.ManagedBefore {
		managed = 1
	}
	if w.draft.Person(d.ID) == nil {
		w.tables.person.add(string(d.ID), d.Number, d.Name, d.Email, "", managed)
		w.tables.newest = d.Name
	} else {
		if err := w.addPeople(ctx); err != nil { // it may be one of them
			return err
		}
		err := w.q.SetPerson(ctx, db.SetPersonParams{Number: d.Number, Name: d.Name, Email: d.Email, ManagedBefore: managed, ID: string(d.ID)})
		if store.IsTaken(err) {
			return taken(d.Name)
		}
		if err != nil {
			return fmt.Errorf("write a person: %w", err)
		}
	}
	w.draft.Describe(d.ID, d.Name, d.ManagedBefore)
	return w.note(&chart.Step{Kind: chart.Note, Person: d.ID}, nil)
}

// The longest texts that are kept of a person.
const mostName, mostEmail, mostNumber = 200, 254, 100

// A Flaw says which field of a change cannot be as it is.
type Flaw struct {
	Field string
	Err   error
}

// Error implements error.
func (f *Flaw) Error() string { return f.Err.Error() }

func flaw(field, format string, args ...any) error {
	return fault.New(fault.Invalid, "%w", &Flaw{field, fmt.Errorf(format, args...)})
}

// check brings details into the form in which they are kept.
func (d *Details) check() error {
	d.Name, d.Number = strings.TrimSpace(d.Name), strings.TrimSpace(d.Number)
	d.Email = strings.ToLower(strings.TrimSpace(d.Email))
	switch {
	case d.ID == "":
		return fault.New(fault.Invalid, "a person needs an id")
	case d.Name == "":
		return flaw("name", "say how they are called")
	case len(d.Name) > mostName:
		return flaw("name", "a name has at most %d letters", mostName)
	case len(d.Email) > mostEmail || d.Email != "" && !strings.Contains(d.Email, "@"):
		return flaw("email", "%q is no address", d.Email)
	case len(d.Number) > mostNumber:
		return flaw("number", "a number has at most %d signs", mostNumber)
	}
	return nil
}

// stay says where somebody lives from a day on.
func (w *writer) stay(ctx context.Context, s *StayFrom) error {
	if err := s.check(); err != nil {
		return err
	}
	if w.draft.Person(s.Person) == nil {
		return fault.New(fault.NotFound, "there is nobody with the id %q", s.Person)
	}
	rows, loaded := w.stays[s.Person]
	if !loaded && w.draft.Base().Person(s.Person) != nil {
		var err error
		if rows, err = w.q.Stays(ctx, string(s.Person)); err != nil {
			return fmt.Errorf("find where a person lived: %w", err)
		}
	}
	until := calendar.Never
	var kept []db.OrgStay
	for _, r := range rows {
		if s.KeepFactor && r.SinceDay <= s.Since && s.Since < r.UntilDay {
			s.Factor = r.Factor
		}
		switch {
		case r.SinceDay == s.Since:
			until = r.UntilDay
			continue
		case r.SinceDay > s.Since:
			until = min(until, r.SinceDay)
		case r.UntilDay > s.Since:
			until = r.UntilDay
			r.UntilDay = s.Since
		}
		kept = append(kept, r)
	}
	kept = append(kept, db.OrgStay{
		Person: string(s.Person), SinceDay: s.Since, UntilDay: until, Country: s.Country, Locality: s.Locality, Zone: s.Zone, Factor: s.Factor,
	})
	if w.stays == nil {
		w.stays = map[PersonID][]db.OrgStay{}
	}
	w.stays[s.Person] = kept
	return w.note(&chart.Step{Kind: chart.Note, Person: s.Person, Day: s.Since}, nil)
}

func (s *StayFrom) check() error {
	s.Country, s.Locality, s.Zone = strings.TrimSpace(s.Country), strings.TrimSpace(s.Locality), strings.TrimSpace(s.Zone)
	if !s.Since.IsKnown() {
		return flaw("since", "say from which day on")
	}
	if s.Zone != "" {
		if _, err := time.LoadLocation(s.Zone); err != nil {
			return flaw("zone", "%q is no time zone: it is written like Europe/Rotterdam", s.Zone)
		}
	}
	factor, err := parseFactor(s.Factor)
	if err != nil {
		return flaw("factor", "%w", err)
	}
	s.Factor = factor
	return nil
}

// mostJournalled is how many steps have an entry each in the journal of the
// server; of an import with more there is one for all of it. All steps are in
// the history of the room.
const mostJournalled = 50

// journal writes the steps down, here and in the journal of the server.
func (w *writer) journal(ctx context.Context) error {
	err := w.q.AddChange(ctx, db.AddChangeParams{
		Number: w.change, At: w.now, ByWhom: string(w.by.ID), Origin: string(w.origin), Steps: int64(len(w.steps)),
	})
	if err != nil {
		return fmt.Errorf("add change %d: %w", w.change, err)
	}
	if err := w.addSteps(ctx); err != nil {
		return fmt.Errorf("add the steps of change %d: %w", w.change, err)
	}
	if len(w.steps) > mostJournalled {
		return w.s.journal.Record(ctx, w.tx, w.by, string(ChangeChart), "change", fmt.Sprint(w.change),
			audit.F("origin", string(w.origin)), audit.F("steps", len(w.steps)))
	}
	for _, s := range w.steps {
		thing, id := "position", s.Position
		if s.Position == "" {
			thing, id = "person", s.Person
		}
		facts := []audit.Fact{audit.F("change", w.change), audit.F("step", s.Number), audit.F("day", string(s.Day))}
		if s.Position != "" && s.Person != "" {
			facts = append(facts, audit.F("person", s.Person))
		}
		if err := w.s.journal.Record(ctx, w.tx, w.by, "org."+thing+"."+s.Kind, thing, id, facts...); err != nil {
			return err
		}
	}
	return nil
}
