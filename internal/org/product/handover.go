package product

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// A HandoverID names a handover.
type HandoverID string

// A Handover is a responsibility that passes from one person to another.
type Handover struct {
	ID         HandoverID
	Subject    Subject
	Title      string
	Kind       string
	From, To   PersonID
	FromCalled string
	ToCalled   string
	Day        calendar.Day
	Steps      []HandoverStep
	Left       int // steps that are not done
	// MayTick is set if the actor who reads may tick steps.
	MayTick bool
}

// A HandoverStep is something to do when a responsibility passes.
type HandoverStep struct {
	Position int
	Words    string
	Done     calendar.Day // "" until it is done
	Link     string
}

// HandOver passes a responsibility on: from a day on, somebody else has it, and
// both go through the steps of the policy pack. Whoever may appoint may call it.
func (s *Service) HandOver(ctx context.Context, by auth.Actor, a Appointment) (id HandoverID, err error) {
	err = s.db.Update(ctx, func(tx store.Tx) error {
		h, err := s.forDRI(ctx, tx, by, a.Subject, a.Kind)
		if err != nil {
			return err
		}
		day := s.day(a.Since)
		from, err := s.leave(ctx, tx, h, &a, day)
		if err != nil {
			return err
		}
		if from == a.Person {
			return fault.New(fault.Invalid, "they are responsible already")
		}
		if _, err := s.appoint(ctx, tx, by, h, &a); err != nil {
			return err
		}
		id = HandoverID(newID())
		steps := h.Pack.Rooms().Org.DRIs.Handover
		q := db.New(tx)
		err = q.AddHandover(ctx, db.AddHandoverParams{
			ID: string(id), SubjectKind: a.Subject.Kind, SubjectKey: a.Subject.Key, Kind: a.Kind, FromPerson: string(from), ToPerson: string(a.Person),
			Day: day, MadeBy: string(by.ID), LeftSteps: int64(len(steps)),
		})
		if err != nil {
			return fmt.Errorf("add a handover: %w", err)
		}
		for i, words := range steps {
			if err := q.AddHandoverStep(ctx, db.AddHandoverStepParams{Handover: string(id), Position: int64(i), Words: words}); err != nil {
				return err
			}
		}
		return s.journal.Record(ctx, tx, by, string(HandOver), "handover", string(id),
			audit.F("subject", a.Subject.String()), audit.F("from", string(from)), audit.F("to", string(a.Person)), audit.F("day", string(day)))
	})
	return id, err
}

// leave ends who is responsible on a day, and returns who that is: whom the
// register names, else whom the files do.
func (s *Service) leave(ctx context.Context, tx store.Tx, h *Hierarchy, a *Appointment, day calendar.Day) (PersonID, error) {
	rows, err := db.New(tx).DRIsFor(ctx, db.DRIsForParams{SubjectKind: a.Subject.Kind, SubjectKey: a.Subject.Key, Kind: a.Kind})
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		if (calendar.Span{Since: row.SinceDay, Until: row.UntilDay}).Holds(day) {
			if row.Person == string(a.Person) {
				return a.Person, nil
			}
			return PersonID(row.Person), endDRI(ctx, tx, row, day)
		}
	}
	if a.Subject.IsUseCase() {
		return "", nil
	}
	for _, k := range h.Pack.Rooms().Org.DRIs.Kinds {
		if k.Kind != a.Kind {
			continue
		}
		if named := h.fromFiles(h.Node(a.Subject.Node()), k); len(named) > 0 {
			return named[0].Person, nil
		}
	}
	return "", nil
}

// Handovers returns handovers, the latest first: of a subject, or of all; with
// open set only those with steps that are not done.
func (s *Service) Handovers(ctx context.Context, by auth.Actor, subject Subject, open bool) ([]Handover, error) {
	if err := s.auth.Can(by, ReadDRI, whole); err != nil {
		return nil, err
	}
	var out []Handover
	err := s.db.View(ctx, func(tx store.Tx) error {
		out = nil
		q := db.New(tx)
		var rows []db.OrgProductHandover
		var err error
		switch {
		case subject != (Subject{}):
			rows, err = q.HandoversOf(ctx, db.HandoversOfParams{SubjectKind: subject.Kind, SubjectKey: subject.Key})
		case open:
			rows, err = q.HandoversOpen(ctx)
		default:
			rows, err = q.Handovers(ctx)
		}
		if err != nil {
			return fmt.Errorf("read handovers: %w", err)
		}
		h, err := s.HierarchyAt(ctx, tx, "")
		if err != nil {
			return err
		}
		for _, row := range rows {
			if open && row.LeftSteps == 0 {
				continue
			}
			one, thing, err := s.handover(ctx, tx, h, row)
			if err != nil {
				return err
			}
			one.MayTick = s.auth.May(by, HandOver, thing)
			out = append(out, *one)
		}
		return nil
	})
	return out, err
}

func (s *Service) handover(ctx context.Context, tx store.Tx, h *Hierarchy, row db.OrgProductHandover) (*Handover, auth.Entity, error) {
	one := &Handover{
		ID: HandoverID(row.ID), Subject: Subject{row.SubjectKind, row.SubjectKey}, Kind: row.Kind, Title: row.SubjectKey,
		From: PersonID(row.FromPerson), To: PersonID(row.ToPerson), Day: row.Day, Left: int(row.LeftSteps),
	}
	if n := h.Node(one.Subject.Node()); n != nil {
		one.Title = h.Title(n)
	}
	known, err := s.people.Known(ctx, tx, []PersonID{one.From, one.To})
	if err != nil {
		return nil, auth.Entity{}, err
	}
	one.FromCalled, one.ToCalled = known[one.From].Name, known[one.To].Name
	steps, err := db.New(tx).HandoverSteps(ctx, row.ID)
	if err != nil {
		return nil, auth.Entity{}, err
	}
	for _, st := range steps {
		one.Steps = append(one.Steps, HandoverStep{int(st.Position), st.Words, st.DoneDay, st.Link})
	}
	var parties []auth.PrincipalID
	for _, id := range []PersonID{one.From, one.To} {
		if p := known[id]; p.Account != "" {
			parties = append(parties, p.Account)
		}
	}
	return one, auth.Entity{Kind: "handover", ID: row.ID, Attributes: map[string]any{"parties": parties}}, nil
}

// Tick says that a step of a handover is done, with a link to its result, or
// that it is not. Whoever hands over or takes over may call it.
func (s *Service) Tick(ctx context.Context, by auth.Actor, id HandoverID, position int, done bool, link string) error {
	link = strings.TrimSpace(link)
	if err := checkLinks(link); err != nil {
		return err
	}
	if err := s.auth.Can(by, ReadDRI, whole); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		row, err := q.Handover(ctx, string(id))
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such handover")
		}
		if err != nil {
			return err
		}
		h, err := s.HierarchyAt(ctx, tx, "")
		if err != nil {
			return err
		}
		one, thing, err := s.handover(ctx, tx, h, row)
		if err != nil {
			return err
		}
		if !s.auth.May(by, HandOver, thing) {
			return fault.New(fault.Forbidden, "its steps are for those who hand over and take over")
		}
		left, found := 0, false
		for i := range one.Steps {
			st := &one.Steps[i]
			if st.Position == position {
				found = true
				st.Done = map[bool]calendar.Day{true: s.Today()}[done]
				err = q.SetHandoverStep(ctx, db.SetHandoverStepParams{DoneDay: st.Done, DoneBy: string(by.ID), Link: link, Handover: string(id), Position: int64(position)})
				if err != nil {
					return err
				}
			}
			if st.Done == "" {
				left++
			}
		}
		if !found {
			return fault.New(fault.NotFound, "the handover has no such step")
		}
		if err := q.SetHandover(ctx, db.SetHandoverParams{LeftSteps: int64(left), ID: string(id)}); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, string(HandOver), "handover", string(id), audit.F("step", position), audit.F("done", done))
	})
}
