package product

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// What other rooms ask, within their transaction.

// Resolve returns the nodes that a specialty or a scope names on a day; see
// hierarchy.Tree.Resolve. It fails with NotFound for a name that means nothing,
// and says what is near.
func (h *Hierarchy) Resolve(text string) ([]*Node, error) {
	return h.Tree.Resolve(text, h.Limits.Renamed)
}

// Resolve returns the nodes that a text names on a day; "" is today.
func (s *Service) Resolve(ctx context.Context, tx store.Tx, text string, day calendar.Day) ([]*Node, error) {
	h, err := s.HierarchyAt(ctx, tx, day)
	if err != nil {
		return nil, err
	}
	return h.Resolve(text)
}

// Node returns a node as of a day. It fails with NotFound if it was not there.
func (s *Service) Node(ctx context.Context, tx store.Tx, r Ref, day calendar.Day) (*Node, error) {
	h, err := s.HierarchyAt(ctx, tx, day)
	if err != nil {
		return nil, err
	}
	return h.Find(r)
}

// Find returns a node. It fails with NotFound if it was not there on the day.
func (h *Hierarchy) Find(r Ref) (*Node, error) {
	if n := h.Node(r); n != nil {
		return n, nil
	}
	return nil, fault.New(fault.NotFound, "there is no %s %s on %s%s", r.Kind, r.Key, h.Day, nearest.Hint(r.Key, h.keys(r.Kind)))
}

// A Part is what somebody does for a subject: as its DRI, or as a counterpart.
type Part struct {
	Subject Subject
	// Title is that of the subject; PartsOf leaves it out.
	Title string
	// DRI is the kind of decision that they are responsible for; "" for a
	// counterpart.
	DRI string
	// Function is that of a counterpart.
	Function hierarchy.Function
	Acting   bool
	Since    calendar.Day
}

// PartsOf returns what somebody does in the hierarchy and for use cases on a
// day: as DRI first.
func (s *Service) PartsOf(ctx context.Context, tx store.Tx, person PersonID, day calendar.Day) ([]Part, error) {
	day = s.day(day)
	q := db.New(tx)
	var out []Part
	dris, err := q.DRIsOfPerson(ctx, db.DRIsOfPersonParams{Person: string(person), UntilDay: day})
	if err != nil {
		return nil, fmt.Errorf("read what somebody is responsible for: %w", err)
	}
	for _, d := range dris {
		out = append(out, Part{Subject: Subject{d.SubjectKind, d.SubjectKey}, DRI: d.Kind, Since: d.SinceDay})
	}
	slots, err := q.SlotsOfPerson(ctx, db.SlotsOfPersonParams{Person: string(person), UntilDay: day})
	if err != nil {
		return nil, fmt.Errorf("read where somebody is a counterpart: %w", err)
	}
	pack, err := s.policy.Effective(ctx, tx)
	if err != nil {
		return nil, err
	}
	limits := hierarchy.LimitsOf(pack)
	for _, row := range slots {
		h := slotOf(row.Kind, row.Path, row.Words, limits.Words())
		if h.State == hierarchy.Open {
			continue
		}
		out = append(out, Part{Subject: Subject{row.Kind, row.Key}, Function: h.Function, Acting: h.State == hierarchy.Acting, Since: row.SinceDay})
	}
	return out, nil
}

// Parts returns what somebody does in the hierarchy and for use cases on a day,
// with titles, for their page. Everybody who signed in may read it.
func (s *Service) Parts(ctx context.Context, by auth.Actor, person PersonID, day calendar.Day) ([]Part, error) {
	if err := s.auth.Can(by, ReadDRI, whole); err != nil {
		return nil, err
	}
	var out []Part
	err := s.db.View(ctx, func(tx store.Tx) (err error) {
		if out, err = s.PartsOf(ctx, tx, person, day); err != nil || len(out) == 0 {
			return err
		}
		h, err := s.HierarchyAt(ctx, tx, day)
		if err != nil {
			return err
		}
		cases, err := db.New(tx).UseCases(ctx, h.Day)
		if err != nil {
			return fmt.Errorf("read use cases: %w", err)
		}
		for i := range out {
			p := &out[i]
			p.Title = p.Subject.Key
			if n := h.Node(p.Subject.Node()); n != nil {
				p.Title = h.Title(n)
			}
			for _, u := range cases {
				if p.Subject == OfUseCase(u.Key) {
					p.Title = u.Name
				}
			}
		}
		return nil
	})
	return out, err
}

// Link finds out whose the names are that nobody was known by, and returns how
// many that were. A room that adds people, or changes their names, calls it in
// the same transaction. Names of the past count as well, if they are somebody's
// today.
func (s *Service) Link(ctx context.Context, tx store.Tx) (int, error) {
	q := db.New(tx)
	slots, err := q.SlotsByNobody(ctx)
	if err != nil {
		return 0, fmt.Errorf("find names that are nobody's: %w", err)
	}
	pack, err := s.policy.Effective(ctx, tx)
	if err != nil {
		return 0, err
	}
	limits := hierarchy.LimitsOf(pack)
	wanted := map[string]bool{}
	nameOf := func(row db.OrgProductSlot) string {
		if h := slotOf(row.Kind, row.Path, row.Words, limits.Words()); h.State != hierarchy.ByTeam {
			return h.Name
		}
		return ""
	}
	for _, row := range slots {
		if name := nameOf(row); name != "" {
			wanted[name] = true
		}
	}
	if len(wanted) == 0 {
		return 0, nil
	}
	names, err := s.people.Named(ctx, tx, s.Today(), slices.Sorted(maps.Keys(wanted)))
	if err != nil {
		return 0, fmt.Errorf("find out who people are: %w", err)
	}
	if len(names) == 0 {
		return 0, nil
	}
	if err := q.Touch(ctx, newID()); err != nil {
		return 0, err
	}
	linked := 0
	for _, row := range slots {
		person := names[nameOf(row)]
		if person == "" {
			continue
		}
		linked++
		err := q.SetSlot(ctx, db.SetSlotParams{Words: row.Words, Person: string(person), Kind: row.Kind, Key: row.Key, Path: row.Path, SinceDay: row.SinceDay})
		if err != nil {
			return linked, err
		}
	}
	return linked, nil
}

// slotOf returns who stands in a slot of a node or beside a use case, whose
// paths are functions.
func slotOf(kind, path, words string, w hierarchy.Words) hierarchy.Holder {
	if kind == useCaseKind {
		h, _ := hierarchy.SlotAt("pm", words, w)
		h.Path, h.Field, h.Function = path, path, hierarchy.Function(path)
		return h
	}
	h, _ := hierarchy.SlotAt(path, words, w)
	return h
}
