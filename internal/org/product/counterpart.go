package product

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Board shows who stands beside nodes or use cases, function by function.
type Board struct {
	Day       calendar.Day
	Functions []BoardFunction
	Rows      []BoardRow
	// Stretched are people who stand beside many nodes.
	Stretched []Stretch
	// From is how many nodes make many.
	From int
}

// A BoardFunction is a column of a board, with how many rows are served in it.
type BoardFunction struct {
	hierarchy.Tally
	Primary bool
}

// A BoardRow is a node or use case with its counterparts.
type BoardRow struct {
	Subject Subject
	Title   string
	Cells   []BoardCell // as the functions of the board
	// Primary and Complete are how complete the sets are, in percent. In the
	// complete one a primary counterpart counts as often as the policy pack says.
	Primary, Complete int
	// Met is when the counterparts met last; "" if that was never noted.
	Met calendar.Day
}

// A BoardCell is a function of a row.
type BoardCell struct {
	Holders []Holder
	// Filled is set if somebody holds it who is not only acting.
	Filled bool
	Acting bool // somebody acts
	Open   bool // it says that it is open
}

// A Stretch is somebody who stands beside many nodes.
type Stretch struct {
	Person PersonID
	Called string
	Nodes  []Subject
	Titles []string
}

// Board returns the counterparts of the nodes of a kind, or of use cases
// ("use_case"), as of a day. Everybody who signed in may read it.
func (s *Service) Board(ctx context.Context, by auth.Actor, kind string, day calendar.Day) (*Board, error) {
	if err := s.auth.Can(by, ReadCounterpart, whole); err != nil {
		return nil, err
	}
	if kind != useCaseKind && !slices.Contains(hierarchy.Kinds, hierarchy.Kind(kind)) {
		return nil, fault.New(fault.Invalid, "there is no board of %q: use section, stage, group, category or use_case", kind)
	}
	var b *Board
	err := s.db.View(ctx, func(tx store.Tx) error {
		h, err := s.HierarchyAt(ctx, tx, day)
		if err != nil {
			return err
		}
		if kind == useCaseKind {
			b, err = s.caseBoard(ctx, tx, h)
		} else {
			b = h.board(hierarchy.Kind(kind))
		}
		if err != nil {
			return err
		}
		return met(ctx, tx, b)
	})
	return b, err
}

// met notes when counterparts met last.
func met(ctx context.Context, tx store.Tx, b *Board) error {
	rows, err := db.New(tx).LastConvenings(ctx, b.Day)
	if err != nil {
		return fmt.Errorf("read when counterparts met: %w", err)
	}
	last := map[Subject]calendar.Day{}
	for _, r := range rows {
		last[Subject{r.SubjectKind, r.SubjectKey}] = calendar.Day(r.Last)
	}
	for i := range b.Rows {
		b.Rows[i].Met = last[b.Rows[i].Subject]
	}
	return nil
}

func (h *Hierarchy) newBoard() *Board {
	rules := &h.Pack.Rooms().Org.Counterparts
	b := &Board{Day: h.Day, From: rules.StretchNodes}
	for i, f := range hierarchy.FunctionsOf(h.Pack) {
		b.Functions = append(b.Functions, BoardFunction{hierarchy.Tally{Function: f}, i < len(rules.Primary)})
	}
	return b
}

func (h *Hierarchy) board(k hierarchy.Kind) *Board {
	b := h.newBoard()
	for _, n := range h.Of(k) {
		h.addRow(b, OfNode(n.Ref), h.Title(n), h.HoldersOf(n.Ref))
	}
	b.stretch()
	return b
}

// Row returns the counterparts of one node.
func (h *Hierarchy) Row(r Ref) (*Board, BoardRow) {
	b := h.newBoard()
	h.addRow(b, OfNode(r), "", h.HoldersOf(r))
	return b, b.Rows[0]
}

// addRow adds a row, and counts it in the columns.
func (h *Hierarchy) addRow(b *Board, s Subject, title string, holders []Holder) {
	rules := &h.Pack.Rooms().Org.Counterparts
	row := BoardRow{Subject: s, Title: title}
	var part, whole, primary, primaries int
	for i := range b.Functions {
		f := &b.Functions[i]
		var c BoardCell
		for _, one := range holders {
			if one.Function != f.Function {
				continue
			}
			c.Holders = append(c.Holders, one)
			switch one.State {
			case hierarchy.Acting:
				c.Acting = true
				c.Filled = c.Filled || !rules.ActingIsGap
			case hierarchy.Open:
				c.Open = true
			default:
				c.Filled = true
			}
		}
		f.count(&c)
		weight := 1
		if f.Primary {
			weight = rules.PrimaryWeight
			primaries++
		}
		whole += weight
		if c.Filled {
			part += weight
			if f.Primary {
				primary++
			}
		}
		row.Cells = append(row.Cells, c)
	}
	row.Primary, row.Complete = percent(primary, primaries), percent(part, whole)
	b.Rows = append(b.Rows, row)
}

// count counts a cell in its column.
func (f *BoardFunction) count(c *BoardCell) {
	f.Nodes++
	switch {
	case c.Filled:
		f.Named++
		f.Filled++
	case c.Acting:
		f.Named++
		f.Acting++
	case c.Open:
		f.Open++
	}
}

func percent(part, whole int) int {
	if whole == 0 {
		return 100
	}
	return part * 100 / whole
}

// stretch finds who stands beside many rows.
func (b *Board) stretch() {
	by := map[string]*Stretch{}
	var order []string
	for _, row := range b.Rows {
		for _, c := range row.Cells {
			for _, h := range c.Holders {
				if h.Name == "" || h.State == hierarchy.ByTeam {
					continue
				}
				s := by[h.Key()]
				if s == nil {
					s = &Stretch{Person: h.Person, Called: h.Called}
					by[h.Key()] = s
					order = append(order, h.Key())
				}
				if !slices.Contains(s.Nodes, row.Subject) {
					s.Nodes, s.Titles = append(s.Nodes, row.Subject), append(s.Titles, row.Title)
				}
			}
		}
	}
	for _, key := range order {
		if s := by[key]; len(s.Nodes) >= b.From {
			b.Stretched = append(b.Stretched, *s)
		}
	}
	slices.SortStableFunc(b.Stretched, func(a, c Stretch) int {
		return cmp.Or(len(c.Nodes)-len(a.Nodes), cmp.Compare(a.Called, c.Called))
	})
}

// caseBoard returns the counterparts of use cases.
func (s *Service) caseBoard(ctx context.Context, tx store.Tx, h *Hierarchy) (*Board, error) {
	cases, err := s.useCases(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	b := h.newBoard()
	for _, u := range cases {
		holders, err := s.caseHolders(ctx, tx, h, u.Key)
		if err != nil {
			return nil, err
		}
		for role, f := range map[string]hierarchy.Function{"product_manager": hierarchy.Product, "product_marketing_manager": hierarchy.ProductMarketing} {
			if d, ok := u.DRIs[role]; ok {
				holders = append(holders, Holder{
					Holder: hierarchy.Holder{Function: f, Name: d.Called, State: hierarchy.Held}, Person: d.Person, Called: d.Called, Since: d.Since,
				})
			}
		}
		h.addRow(b, OfUseCase(u.Key), u.Name, holders)
	}
	b.stretch()
	return b, nil
}

// caseHolders returns who stands beside a use case.
func (s *Service) caseHolders(ctx context.Context, tx store.Tx, h *Hierarchy, key string) ([]Holder, error) {
	rows, err := db.New(tx).SlotsOf(ctx, db.SlotsOfParams{Kind: useCaseKind, Key: key})
	if err != nil {
		return nil, fmt.Errorf("read the counterparts of %s: %w", key, err)
	}
	var out []Holder
	var ids []PersonID
	for _, r := range rows {
		if !(calendar.Span{Since: r.SinceDay, Until: r.UntilDay}).Holds(h.Day) || r.Words == "" {
			continue
		}
		one := Holder{Holder: slotOf(useCaseKind, r.Path, r.Words, h.Limits.Words()), Person: PersonID(r.Person), Since: r.SinceDay}
		one.Called = one.Name
		out = append(out, one)
		ids = append(ids, one.Person)
	}
	known, err := s.people.Known(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if p, ok := known[out[i].Person]; ok {
			out[i].Called = p.Name
		}
	}
	return out, nil
}

// A Seating says who stands beside a subject in a function.
type Seating struct {
	Subject Subject
	// Field is that of the node's file in which they stand; for a use case it is
	// the function.
	Field string
	// Names are theirs, as the files write them: "TBD", "Ida Wharf (Acting)".
	// None takes the field away.
	Names []string
	// Seen is what the editor saw in the field, with commas.
	Seen string
}

// Seat says who stands beside a node or a use case in a function. An
// administrator may call it, and whoever leads the section of the node. It fails
// with Conflict if somebody else changed the field since the editor looked.
func (s *Service) Seat(ctx context.Context, by auth.Actor, a Seating) error {
	if err := s.auth.Can(by, ReadCounterpart, whole); err != nil {
		return err
	}
	a.Names = lines(a.Names)
	if len(a.Names) > 50 || slices.ContainsFunc(a.Names, func(n string) bool { return len(n) > 200 }) {
		return fault.New(fault.Invalid, "at most 50 names of 200 bytes stand in a function")
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		w, err := s.writer(ctx, tx, by, "")
		if err != nil {
			return err
		}
		thing, err := s.subjectThing(ctx, tx, w.now, a.Subject)
		if err != nil {
			return err
		}
		if !s.auth.May(by, ChangeCounterpart, thing) {
			return fault.New(fault.Forbidden, "who stands beside it is decided by administrators, and by whoever leads the section; others ask for a change")
		}
		if a.Subject.IsUseCase() {
			return w.seatCase(ctx, &a)
		}
		return w.seatNode(ctx, &a)
	})
}

func (w *writer) seatNode(ctx context.Context, a *Seating) error {
	if !hierarchy.IsSlot(a.Field) || a.Field == "internal_customers" {
		return fault.New(fault.Invalid, "no counterparts stand in the field %q%s", a.Field, nearest.Hint(a.Field, hierarchy.SlotFields()))
	}
	old := w.now.Node(a.Subject.Node())
	was := old.Fields.Get(a.Field)
	if was.Words() != a.Seen {
		return fault.New(fault.Conflict, "%w", &Stale{old.Ref, w.now.Version(old.Ref), []FieldChange{{a.Field, a.Seen, was.Words()}}})
	}
	n := *old
	value := hierarchy.Texts(a.Names...)
	if len(a.Names) == 1 && was.Kind != hierarchy.List {
		value = hierarchy.TextOf(a.Names[0])
	}
	n.Fields = old.Fields.With(a.Field, value)
	_, err := w.keep(ctx, old, &n)
	return err
}

// seatCase keeps one counterpart of a use case; several stand in one slot.
func (w *writer) seatCase(ctx context.Context, a *Seating) error {
	if !slices.Contains(hierarchy.FunctionsOf(w.now.Pack), hierarchy.Function(a.Field)) {
		return fault.New(fault.Invalid, "there is no function %q", a.Field)
	}
	if len(a.Names) > 1 {
		return fault.New(fault.Invalid, "a use case has one counterpart in each function")
	}
	holders, err := w.caseHolders(ctx, w.tx, w.now, a.Subject.Key)
	if err != nil {
		return err
	}
	words, seen := strings.Join(a.Names, ""), ""
	var old *Holder
	for i := range holders {
		if holders[i].Path == a.Field {
			old = &holders[i]
			seen = old.Text
		}
	}
	if seen != a.Seen {
		return fault.New(fault.Conflict, "%w", &Stale{Changes: []FieldChange{{a.Field, a.Seen, seen}}})
	}
	if words == seen {
		return nil
	}
	ref := Ref{Kind: useCaseKind, Key: a.Subject.Key}
	if old != nil {
		if err := w.endSlot(ctx, ref, a.Field, slot{since: old.Since}); err != nil {
			return err
		}
	}
	if words != "" {
		h := slotOf(useCaseKind, a.Field, words, w.now.Limits.Words())
		person := PersonID("")
		if h.Name != "" {
			names, err := w.people.Named(ctx, w.tx, w.day, []string{h.Name})
			if err != nil {
				return err
			}
			person = names[h.Name]
		}
		err := w.q.AddSlot(ctx, db.AddSlotParams{Kind: useCaseKind, Key: a.Subject.Key, Path: a.Field, SinceDay: w.day, Words: words, Person: string(person)})
		if err != nil {
			return err
		}
	}
	return w.journal.Record(ctx, w.tx, w.by, string(ChangeCounterpart), useCaseKind, a.Subject.Key, audit.F("filled", words != ""))
}

// MaySeat reports whether an actor may say who stands beside a node.
func (s *Service) MaySeat(by auth.Actor, h *Hierarchy, r Ref) bool {
	return s.auth.May(by, ChangeCounterpart, h.thing(r))
}

// MayConvene reports whether an actor may note a meeting of the counterparts of
// a node.
func (s *Service) MayConvene(by auth.Actor, h *Hierarchy, r Ref) bool {
	return s.auth.May(by, Convene, h.thing(r))
}
