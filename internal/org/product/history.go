package product

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// An Era is what a node was for a span of days.
type Era struct {
	calendar.Span
	Name   string
	Parent Ref
	// Changes are what became different when it began; none for the first.
	Changes []FieldChange
	// First is set for the first era, and for one before which the node was not
	// there.
	First bool
}

// A Tenure is somebody in a function of a node, for a span of days.
type Tenure struct {
	calendar.Span
	Function hierarchy.Function
	Person   PersonID
	Called   string
	State    hierarchy.HolderState
}

// A History is all that a node was.
type History struct {
	Node    Ref
	Eras    []Era    // the latest first
	Tenures []Tenure // the latest first
}

// History returns what a node was, on all days. It fails with NotFound if there
// never was such a node.
func (s *Service) History(ctx context.Context, by auth.Actor, r Ref) (*History, error) {
	if err := s.auth.Can(by, ReadNode, whole); err != nil {
		return nil, err
	}
	out := &History{Node: r}
	err := s.db.View(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		states, err := q.StatesOf(ctx, db.StatesOfParams{Kind: string(r.Kind), Key: r.Key})
		if err != nil {
			return fmt.Errorf("read the history of %s: %w", r, err)
		}
		if len(states) == 0 {
			return fault.New(fault.NotFound, "there is no %s %s, and never was", r.Kind, r.Key)
		}
		if out.Eras, err = eras(r, states); err != nil {
			return err
		}
		out.Tenures, err = s.tenures(ctx, tx, r)
		return err
	})
	return out, err
}

func eras(r Ref, states []db.OrgProductState) ([]Era, error) {
	var out []Era
	var before *Node
	for _, st := range states {
		fields, err := hierarchy.ParseFields(st.Fields)
		if err != nil {
			return nil, err
		}
		n := &Node{Ref: r, Name: st.Name, Fields: fields}
		if k := r.Kind.Parent(); k != "" {
			n.Parent = Ref{Kind: k, Key: st.Parent}
		}
		e := Era{Span: calendar.Span{Since: st.SinceDay, Until: st.UntilDay}, Name: st.Name, Parent: n.Parent}
		if before == nil || out[len(out)-1].Until < st.SinceDay {
			e.First = true
		} else {
			e.Changes = slices.DeleteFunc(differences(before, n), func(c FieldChange) bool { return hierarchy.IsSlot(c.Field) })
		}
		out, before = append(out, e), n
	}
	slices.Reverse(out)
	return out, nil
}

// tenures brings the slots of a node together: who stays in a function, be it in
// another field, stays.
func (s *Service) tenures(ctx context.Context, tx store.Tx, r Ref) ([]Tenure, error) {
	rows, err := db.New(tx).SlotsOf(ctx, db.SlotsOfParams{Kind: string(r.Kind), Key: r.Key})
	if err != nil {
		return nil, fmt.Errorf("read who stood in %s: %w", r, err)
	}
	pack, err := s.policy.Effective(ctx, tx)
	if err != nil {
		return nil, err
	}
	limits := hierarchy.LimitsOf(pack)
	var ids []PersonID
	for _, row := range rows {
		if row.Person != "" {
			ids = append(ids, PersonID(row.Person))
		}
	}
	known, err := s.people.Known(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []Tenure
	for _, row := range rows {
		h, ok := hierarchy.SlotAt(row.Path, row.Words, limits.Words())
		if !ok || h.State == hierarchy.Open || row.Words == "" {
			continue
		}
		t := Tenure{Span: calendar.Span{Since: row.SinceDay, Until: row.UntilDay}, Function: h.Function, Person: PersonID(row.Person), Called: h.Name, State: h.State}
		if p, ok := known[t.Person]; ok {
			t.Called = p.Name
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b Tenure) int {
		return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.Called, b.Called), cmp.Compare(a.State, b.State), cmp.Compare(a.Since, b.Since))
	})
	var merged []Tenure
	for _, t := range out {
		if n := len(merged); n > 0 {
			last := &merged[n-1]
			if last.Function == t.Function && last.Called == t.Called && last.Person == t.Person && last.State == t.State && t.Since <= last.Until {
				last.Until = max(last.Until, t.Until)
				continue
			}
		}
		merged = append(merged, t)
	}
	slices.SortStableFunc(merged, func(a, b Tenure) int {
		return cmp.Or(-cmp.Compare(a.Until, b.Until), -cmp.Compare(a.Since, b.Since))
	})
	return merged, nil
}
