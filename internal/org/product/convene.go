package product

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Meeting is one of the counterparts of a node or a use case.
type Meeting struct {
	ID      string
	Subject Subject
	Day     calendar.Day
	// Attendees are who was there, as they were written.
	Attendees []Attendee
	// Indicator is what the meeting was about: the address of an indicator.
	Indicator string
	// Notes are for those who stand beside the subject and those who were there;
	// for others they are "", and Sealed is set if there are some.
	Notes  string
	Sealed bool
	By     auth.PrincipalID
}

// An Attendee was at a meeting.
type Attendee struct {
	Person PersonID // "" if nobody is known by the name
	Called string
}

// Note notes a meeting. Whoever stands beside the subject may call it, leads the
// section, or is an administrator. It returns the id of the meeting.
func (s *Service) Note(ctx context.Context, by auth.Actor, m Meeting, names []string) (id string, err error) {
	names = lines(names)
	m.Notes, m.Indicator = strings.TrimSpace(m.Notes), strings.TrimSpace(m.Indicator)
	switch {
	case len(names) == 0:
		return "", fault.New(fault.Invalid, "say who was there")
	case len(names) > 100 || slices.ContainsFunc(names, func(n string) bool { return len(n) > 200 }):
		return "", fault.New(fault.Invalid, "at most 100 names of 200 bytes were at a meeting")
	case len(m.Notes) > 20_000:
		return "", fault.New(fault.Invalid, "the notes are longer than 20,000 characters")
	}
	if err := checkLinks(m.Indicator); err != nil {
		return "", err
	}
	if err := s.auth.Can(by, ReadCounterpart, whole); err != nil {
		return "", err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		h, err := s.HierarchyAt(ctx, tx, "")
		if err != nil {
			return err
		}
		day := s.day(m.Day)
		if day > h.Day {
			return fault.New(fault.Invalid, "a meeting is noted when it has taken place")
		}
		thing, err := s.subjectThing(ctx, tx, h, m.Subject)
		if err != nil {
			return err
		}
		if !s.auth.May(by, Convene, thing) {
			return fault.New(fault.Forbidden, "meetings are noted by those who stand beside it")
		}
		known, err := s.people.Named(ctx, tx, day, names)
		if err != nil {
			return err
		}
		id = newID()
		q := db.New(tx)
		err = q.AddConvening(ctx, db.AddConveningParams{
			ID: id, SubjectKind: m.Subject.Kind, SubjectKey: m.Subject.Key, Day: day, Indicator: m.Indicator, Notes: m.Notes, ByWhom: string(by.ID),
		})
		if err != nil {
			return fmt.Errorf("add a meeting: %w", err)
		}
		for i, name := range names {
			if err := q.AddAttendee(ctx, db.AddAttendeeParams{Convening: id, Position: int64(i), Person: string(known[name]), Name: name}); err != nil {
				return fmt.Errorf("add who was there: %w", err)
			}
		}
		return s.journal.Record(ctx, tx, by, string(Convene), "meeting", id, audit.F("subject", m.Subject.String()), audit.F("attendees", len(names)), audit.F("day", string(day)))
	})
	return id, err
}

// Meetings returns the latest meetings about a subject, the last first.
func (s *Service) Meetings(ctx context.Context, by auth.Actor, subject Subject) ([]Meeting, error) {
	if err := s.auth.Can(by, ReadCounterpart, whole); err != nil {
		return nil, err
	}
	var out []Meeting
	err := s.db.View(ctx, func(tx store.Tx) error {
		out = nil
		h, err := s.HierarchyAt(ctx, tx, "")
		if err != nil {
			return err
		}
		thing, err := s.subjectThing(ctx, tx, h, subject)
		if err != nil {
			return err
		}
		q := db.New(tx)
		rows, err := q.ConveningsOf(ctx, db.ConveningsOfParams{SubjectKind: subject.Kind, SubjectKey: subject.Key})
		if err != nil {
			return fmt.Errorf("read meetings: %w", err)
		}
		people, err := q.Attendees(ctx, db.AttendeesParams{SubjectKind: subject.Kind, SubjectKey: subject.Key})
		if err != nil {
			return fmt.Errorf("read who was at meetings: %w", err)
		}
		var ids []PersonID
		for _, p := range people {
			ids = append(ids, PersonID(p.Person))
		}
		known, err := s.people.Known(ctx, tx, ids)
		if err != nil {
			return err
		}
		base, _ := thing.Attributes["members"].([]auth.PrincipalID)
		for _, row := range rows {
			m := Meeting{ID: row.ID, Subject: subject, Day: row.Day, Indicator: row.Indicator, By: auth.PrincipalID(row.ByWhom)}
			members := append(slices.Clone(base), m.By)
			for _, p := range people {
				if p.Convening != row.ID {
					continue
				}
				a := Attendee{PersonID(p.Person), p.Name}
				if k, ok := known[a.Person]; ok {
					a.Called = k.Name
					members = append(members, k.Account)
				}
				if a.Called == "" {
					a.Called = "a former member"
				}
				m.Attendees = append(m.Attendees, a)
			}
			entity := auth.Entity{Kind: "meeting", ID: row.ID, Attributes: map[string]any{"members": members}}
			if m.Sealed = !s.auth.May(by, ReadNotes, entity); !m.Sealed {
				m.Notes = row.Notes
			} else if row.Notes == "" {
				m.Sealed = false
			}
			out = append(out, m)
		}
		return nil
	})
	return out, err
}
