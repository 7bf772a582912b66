package product

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// A writer changes the hierarchy from a day on, within a transaction. History is
// written forwards: nothing changes before what changed last.
type writer struct {
	*Service
	tx  store.Tx
	q   *db.Queries
	by  auth.Actor
	day calendar.Day
	now *Hierarchy // as it is before the change

	known  map[Ref]int64 // positions of all nodes that ever were
	names  map[string]PersonID
	places map[hierarchy.Kind]int64 // the last position of each kind

	touched bool
}

// touch notes that the hierarchy changes, so that nobody goes by what they
// remember. Once is enough for a writer, which looks at nothing that it has
// changed.
func (w *writer) touch(ctx context.Context) error {
	if w.touched {
		return nil
	}
	w.touched = true
	if err := w.q.Touch(ctx, newID()); err != nil {
		return fmt.Errorf("note that the hierarchy changes: %w", err)
	}
	return nil
}

// writer returns a writer from a day on; "" is today.
func (s *Service) writer(ctx context.Context, tx store.Tx, by auth.Actor, day calendar.Day) (*writer, error) {
	w := &writer{Service: s, tx: tx, q: db.New(tx), by: by, day: s.day(day), known: map[Ref]int64{}, names: map[string]PersonID{}, places: map[hierarchy.Kind]int64{}}
	if w.day > s.Today() {
		return nil, fault.New(fault.Invalid, "the hierarchy changes today or on a day before, not on %s; ask for a change that is applied later", w.day)
	}
	for _, last := range []func(context.Context) (string, error){w.q.LastDay, w.q.LastEnd, w.q.LastSlotDay} {
		d, err := last(ctx)
		if err != nil {
			return nil, fmt.Errorf("find the last change of the hierarchy: %w", err)
		}
		if calendar.Day(d) > w.day {
			return nil, fault.New(fault.Invalid, "the hierarchy changed on %s, so nothing can be changed as of %s", d, w.day)
		}
	}
	var err error
	if w.now, err = s.HierarchyAt(ctx, tx, w.day); err != nil {
		return nil, err
	}
	places, err := w.q.Places(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the order of the hierarchy: %w", err)
	}
	for _, p := range places {
		k := hierarchy.Kind(p.Kind)
		w.known[Ref{Kind: k, Key: p.Key}] = p.Position
		w.places[k] = max(w.places[k], p.Position+1)
	}
	return w, nil
}

// lookUp finds out who the people are that nodes name.
func (w *writer) lookUp(ctx context.Context, nodes ...*Node) error {
	wanted := map[string]bool{}
	for _, n := range nodes {
		for _, h := range n.Holders(w.now.Limits.Words()) {
			if h.Name != "" && h.State != hierarchy.ByTeam {
				wanted[h.Name] = true
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	names, err := w.people.Named(ctx, w.tx, w.day, slices.Sorted(maps.Keys(wanted)))
	if err != nil {
		return fmt.Errorf("find out who people are: %w", err)
	}
	maps.Copy(w.names, names)
	return nil
}

// save makes a node what it is to be, and reports whether that is something new.
func (w *writer) save(ctx context.Context, n *Node) (bool, error) {
	old := w.now.rows[n.Ref]
	bare, _ := n.Fields.Strip()
	if old == nil {
		return true, w.add(ctx, n, bare)
	}
	changed := w.now.Node(n.Ref).Name != n.Name || w.now.Node(n.Ref).Parent != n.Parent || !old.bare.Equal(bare)
	kind, key := string(n.Kind), n.Key
	if changed {
		err := w.touch(ctx)
		if err != nil {
			return false, err
		}
		if old.since == w.day {
			err = w.q.SetState(ctx, db.SetStateParams{Name: n.Name, Parent: n.Parent.Key, Fields: bare.JSON(), Kind: kind, Key: key, SinceDay: w.day})
		} else if err = w.q.EndState(ctx, db.EndStateParams{UntilDay: w.day, Kind: kind, Key: key}); err == nil {
			err = w.q.AddState(ctx, db.AddStateParams{Kind: kind, Key: key, SinceDay: w.day, Name: n.Name, Parent: n.Parent.Key, Fields: bare.JSON()})
		}
		if err != nil {
			return false, err
		}
	}
	others, err := w.saveSlots(ctx, n, old.slots)
	if err != nil {
		return false, err
	}
	if changed = changed || others; changed {
		if err := w.q.BumpNode(ctx, db.BumpNodeParams{Kind: kind, Key: key}); err != nil {
			return false, err
		}
	}
	return changed, nil
}

// add begins the life of a node, or another one.
func (w *writer) add(ctx context.Context, n *Node, bare hierarchy.Fields) error {
	kind, key := string(n.Kind), n.Key
	err := w.touch(ctx)
	if err != nil {
		return err
	}
	if _, ok := w.known[n.Ref]; ok {
		err = w.q.BumpNode(ctx, db.BumpNodeParams{Kind: kind, Key: key})
	} else {
		at := w.places[n.Kind]
		w.places[n.Kind]++
		w.known[n.Ref] = at
		err = w.q.AddNode(ctx, db.AddNodeParams{Kind: kind, Key: key, Position: at, Lines: "{}"})
	}
	if err == nil {
		err = w.q.AddState(ctx, db.AddStateParams{Kind: kind, Key: key, SinceDay: w.day, Name: n.Name, Parent: n.Parent.Key, Fields: bare.JSON()})
	}
	if err == nil {
		_, err = w.saveSlots(ctx, n, nil)
	}
	return err
}

// saveSlots makes the names in the fields of a node what they are to be. That a
// name turns out to be somebody's is nothing new.
func (w *writer) saveSlots(ctx context.Context, n *Node, old map[string]slot) (changed bool, err error) {
	kind, key := string(n.Kind), n.Key
	seen := map[string]bool{}
	for _, h := range n.Holders(w.now.Limits.Words()) {
		seen[h.Path] = true
		person := PersonID("")
		if h.Name != "" && h.State != hierarchy.ByTeam {
			person = w.names[h.Name]
		}
		was, had := old[h.Path]
		switch {
		case had && was.words == h.Text:
			if person != "" && person != was.person {
				if err := w.touch(ctx); err != nil {
					return false, err
				}
				err = w.q.SetSlot(ctx, db.SetSlotParams{Words: h.Text, Person: string(person), Kind: kind, Key: key, Path: h.Path, SinceDay: was.since})
			}
		case had && was.words == "" && h.State == hierarchy.Open: // whoever it was is erased
		default:
			changed = true
			if err := w.touch(ctx); err != nil {
				return false, err
			}
			if had {
				err = w.endSlot(ctx, n.Ref, h.Path, was)
			}
			if err == nil {
				err = w.q.AddSlot(ctx, db.AddSlotParams{Kind: kind, Key: key, Path: h.Path, SinceDay: w.day, Words: h.Text, Person: string(person)})
			}
		}
		if err != nil {
			return false, err
		}
	}
	for _, path := range slices.Sorted(maps.Keys(old)) {
		if !seen[path] {
			changed = true
			if err := w.endSlot(ctx, n.Ref, path, old[path]); err != nil {
				return false, err
			}
		}
	}
	return changed, nil
}

// endSlot ends a slot; one that began today never was.
func (w *writer) endSlot(ctx context.Context, r Ref, path string, s slot) error {
	if err := w.touch(ctx); err != nil {
		return err
	}
	if s.since == w.day {
		return w.q.DropSlot(ctx, db.DropSlotParams{Kind: string(r.Kind), Key: r.Key, Path: path, SinceDay: w.day})
	}
	return w.q.EndSlot(ctx, db.EndSlotParams{UntilDay: w.day, Kind: string(r.Kind), Key: r.Key, Path: path})
}

// retire ends a node, who stands in it, and who is responsible for it.
func (w *writer) retire(ctx context.Context, r Ref) error {
	old, kind, key := w.now.rows[r], string(r.Kind), r.Key
	err := w.touch(ctx)
	if err != nil {
		return err
	}
	if old.since == w.day {
		err = w.q.DropState(ctx, db.DropStateParams{Kind: kind, Key: key, SinceDay: w.day})
	} else {
		err = w.q.EndState(ctx, db.EndStateParams{UntilDay: w.day, Kind: kind, Key: key})
	}
	if err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(old.slots)) {
		if err := w.endSlot(ctx, r, path, old.slots[path]); err != nil {
			return err
		}
	}
	if err := w.q.BumpNode(ctx, db.BumpNodeParams{Kind: kind, Key: key}); err != nil {
		return err
	}
	return w.endDRIs(ctx, string(r.Kind), r.Key)
}

// endDRIs ends who is responsible for a subject that is gone.
func (w *writer) endDRIs(ctx context.Context, kind, key string) error {
	list, err := w.q.DRIsOf(ctx, db.DRIsOfParams{SubjectKind: kind, SubjectKey: key})
	if err != nil {
		return err
	}
	for _, d := range list {
		switch {
		case d.UntilDay <= w.day:
		case d.SinceDay >= w.day:
			err = w.q.DropDRI(ctx, d.ID)
		default:
			err = w.q.EndDRI(ctx, db.EndDRIParams{UntilDay: w.day, ID: d.ID})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// place notes where a node stands in the files. That is no change of it.
func (w *writer) place(ctx context.Context, n *Node, position int64) error {
	if old := w.now.Node(n.Ref); old != nil && w.known[n.Ref] == position && old.File == n.File && old.Line == n.Line && maps.Equal(old.Lines, n.Lines) {
		return nil
	}
	lines, err := json.Marshal(n.Lines)
	if err == nil {
		err = w.touch(ctx)
	}
	if err != nil {
		return err
	}
	w.known[n.Ref] = position
	return w.q.PlaceNode(ctx, db.PlaceNodeParams{
		Position: position, File: n.File, Line: int64(n.Line), Lines: string(lines), Kind: string(n.Kind), Key: n.Key,
	})
}

// record writes a change of a node into the journal.
func (w *writer) record(ctx context.Context, verb string, r Ref, facts ...audit.Fact) error {
	return w.journal.Record(ctx, w.tx, w.by, "org.node."+verb, "node", r.String(), append(facts, audit.F("day", string(w.day)))...)
}
