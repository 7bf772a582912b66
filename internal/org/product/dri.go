package product

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A DRIID names an entry of the register.
type DRIID string

// A DRI is who is directly responsible for a kind of decision about a subject.
type DRI struct {
	// ID is that of the entry in the register; "" for one that follows from the
	// files because the register is silent.
	ID      DRIID
	Subject Subject
	Title   string // of the subject
	Kind    string // of the policy pack; a role for use cases
	Person  PersonID
	Called  string
	Acting  bool
	calendar.Span
	File string // where the files name them; "" for an entry of the register
	Line int
}

// A Gap is a subject without exactly one DRI of a kind.
type Gap struct {
	Subject Subject
	Title   string
	Kind    string
	// Found are those who would be, if they are several; acting ones, if nobody
	// else is.
	Found []DRI
}

// A Register is who is responsible for what on a day.
type Register struct {
	Day   calendar.Day
	DRIs  []DRI // by subject in the order of the hierarchy, then use cases
	Gaps  []Gap // nobody
	Twice []Gap // several
}

// DRIKinds returns the kinds of decision that somebody answers for in a node of
// a kind: all of them in a group, the first one in a stage and section.
func (h *Hierarchy) DRIKinds(k hierarchy.Kind) []policy.DRIKind {
	kinds := h.Pack.Rooms().Org.DRIs.Kinds
	switch {
	case k == hierarchy.Category || len(kinds) == 0:
		return nil
	case k != hierarchy.Group:
		return kinds[:1]
	}
	return kinds
}

// functionOf returns the function of a role of the policy pack.
func functionOf(role string) hierarchy.Function {
	switch role {
	case "product_manager":
		return hierarchy.Product
	case "engineering_manager":
		return hierarchy.Development
	case "product_designer":
		return hierarchy.ProductDesign
	case "software_engineer_in_test":
		return hierarchy.Quality
	}
	return hierarchy.Function(role)
}

// Responsible returns the register as of a day; "" is today.
func (s *Service) Responsible(ctx context.Context, by auth.Actor, day calendar.Day) (*Register, error) {
	if err := s.auth.Can(by, ReadDRI, whole); err != nil {
		return nil, err
	}
	var r *Register
	err := s.db.View(ctx, func(tx store.Tx) error {
		h, err := s.HierarchyAt(ctx, tx, day)
		if err != nil {
			return err
		}
		cases, err := s.useCases(ctx, tx, h)
		if err != nil {
			return err
		}
		r, err = s.register(ctx, tx, h, cases)
		return err
	})
	return r, err
}

// register brings the entries together with what the files say.
func (s *Service) register(ctx context.Context, tx store.Tx, h *Hierarchy, cases []*UseCase) (*Register, error) {
	rows, err := db.New(tx).DRIs(ctx, h.Day)
	if err != nil {
		return nil, fmt.Errorf("read who is responsible: %w", err)
	}
	ids := make([]PersonID, len(rows))
	for i, row := range rows {
		ids[i] = PersonID(row.Person)
	}
	known, err := s.people.Known(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	entries := map[Subject]map[string]DRI{}
	for _, row := range rows {
		d := DRI{
			ID: DRIID(row.ID), Subject: Subject{row.SubjectKind, row.SubjectKey}, Kind: row.Kind, Person: PersonID(row.Person),
			Called: cmp.Or(known[PersonID(row.Person)].Name, "a former member"), Span: calendar.Span{Since: row.SinceDay, Until: row.UntilDay},
		}
		if entries[d.Subject] == nil {
			entries[d.Subject] = map[string]DRI{}
		}
		entries[d.Subject][d.Kind] = d
	}
	r := &Register{Day: h.Day}
	for _, n := range h.Nodes {
		kinds := h.DRIKinds(n.Kind)
		for _, k := range kinds {
			r.add(OfNode(n.Ref), h.Title(n), k.Kind, entries, h.fromFiles(n, k))
		}
		others := entries[OfNode(n.Ref)]
		for _, kind := range slices.Sorted(maps.Keys(others)) { // of kinds that nobody asks for here
			if d := others[kind]; !slices.ContainsFunc(kinds, func(k policy.DRIKind) bool { return k.Kind == kind }) {
				d.Title = h.Title(n)
				r.DRIs = append(r.DRIs, d)
			}
		}
	}
	for _, u := range cases {
		for _, role := range h.Pack.Rooms().Org.UseCases.DRIs {
			r.add(OfUseCase(u.Key), u.Name, role, entries, nil)
		}
	}
	return r, nil
}

// add adds who is responsible for one thing: whom the register names, else whom
// the files do.
func (r *Register) add(s Subject, title, kind string, entries map[Subject]map[string]DRI, named []DRI) {
	if d, ok := entries[s][kind]; ok {
		d.Title = title
		r.DRIs = append(r.DRIs, d)
		return
	}
	firm := slices.DeleteFunc(slices.Clone(named), func(d DRI) bool { return d.Acting })
	switch {
	case len(firm) == 1:
		r.DRIs = append(r.DRIs, firm[0])
	case len(firm) == 0:
		r.Gaps = append(r.Gaps, Gap{s, title, kind, named})
	default:
		r.Twice = append(r.Twice, Gap{s, title, kind, firm})
	}
}

// fromFiles returns whom the files name for a kind of decision, each once.
func (h *Hierarchy) fromFiles(n *Node, k policy.DRIKind) []DRI {
	var out []DRI
	seen := map[string]bool{}
	for _, one := range h.InFunction(n.Ref, functionOf(k.Role)) {
		if one.State != hierarchy.Held && one.State != hierarchy.Acting || one.Name == "" || seen[one.Key()] {
			continue
		}
		seen[one.Key()] = true
		out = append(out, DRI{
			Subject: OfNode(n.Ref), Title: h.Title(n), Kind: k.Kind, Person: one.Person, Called: one.Called,
			Acting: one.State == hierarchy.Acting && h.Pack.Rooms().Org.Counterparts.ActingIsGap,
			Span:   calendar.Span{Since: one.Since, Until: calendar.Never}, File: n.File, Line: one.Line,
		})
	}
	return out
}

// An Appointment makes somebody responsible.
type Appointment struct {
	Subject Subject
	Kind    string
	Person  PersonID
	Since   calendar.Day // "" is today; it may be planned
	Until   calendar.Day // "" is for good
}

// Appoint makes somebody directly responsible. An administrator may call it, and
// whoever leads the section of a node. It fails with Conflict if somebody else
// is responsible for the same on one of the days: there is one at a time.
func (s *Service) Appoint(ctx context.Context, by auth.Actor, a Appointment) (id DRIID, err error) {
	err = s.db.Update(ctx, func(tx store.Tx) error {
		h, err := s.forDRI(ctx, tx, by, a.Subject, a.Kind)
		if err != nil {
			return err
		}
		id, err = s.appoint(ctx, tx, by, h, &a)
		return err
	})
	return id, err
}

// forDRI reads the hierarchy and sees to it that an actor may decide who is
// responsible for a subject, and that there is such a thing.
func (s *Service) forDRI(ctx context.Context, tx store.Tx, by auth.Actor, subject Subject, kind string) (*Hierarchy, error) {
	if err := s.auth.Can(by, ReadDRI, whole); err != nil {
		return nil, err
	}
	h, err := s.HierarchyAt(ctx, tx, "")
	if err != nil {
		return nil, err
	}
	thing, err := s.subjectThing(ctx, tx, h, subject)
	if err != nil {
		return nil, err
	}
	if !s.auth.May(by, AppointDRI, thing) {
		return nil, fault.New(fault.Forbidden, "who is responsible is decided by administrators, and by whoever leads the section")
	}
	known := h.Pack.Rooms().Org.UseCases.DRIs
	if !subject.IsUseCase() {
		known = nil
		for _, k := range h.Pack.Rooms().Org.DRIs.Kinds {
			known = append(known, k.Kind)
		}
	}
	if !slices.Contains(known, kind) {
		return nil, fault.New(fault.Invalid, "the policy pack knows no responsibility %q here", kind)
	}
	return h, nil
}

// subjectThing returns a subject as the policies see it. It fails with NotFound
// for one that is not there.
func (s *Service) subjectThing(ctx context.Context, tx store.Tx, h *Hierarchy, subject Subject) (auth.Entity, error) {
	if subject.IsUseCase() {
		u, err := s.useCase(ctx, tx, h, subject.Key)
		if err != nil {
			return auth.Entity{}, err
		}
		members, err := s.caseMembers(ctx, tx, h.Day, u.Key)
		return auth.Entity{Kind: useCaseKind, ID: u.Key, Attributes: map[string]any{"members": members}}, err
	}
	if _, err := h.Find(subject.Node()); err != nil {
		return auth.Entity{}, err
	}
	return h.thing(subject.Node()), nil
}

func (s *Service) appoint(ctx context.Context, tx store.Tx, by auth.Actor, h *Hierarchy, a *Appointment) (DRIID, error) {
	q := db.New(tx)
	span := calendar.Span{Since: s.day(a.Since), Until: cmp.Or(a.Until, calendar.Never)}
	if span.Until <= span.Since {
		return "", fault.New(fault.Invalid, "the last day must come after the first")
	}
	w := &writer{Service: s, tx: tx, q: q}
	if err := w.exists(ctx, a.Person); err != nil {
		return "", err
	}
	rows, err := q.DRIsFor(ctx, db.DRIsForParams{SubjectKind: a.Subject.Kind, SubjectKey: a.Subject.Key, Kind: a.Kind})
	if err != nil {
		return "", fmt.Errorf("read who is responsible: %w", err)
	}
	for _, row := range rows {
		if other := (calendar.Span{Since: row.SinceDay, Until: row.UntilDay}); other.Meets(span) {
			who, err := s.people.Known(ctx, tx, []PersonID{PersonID(row.Person)})
			if err != nil {
				return "", err
			}
			return "", fault.New(fault.Conflict, "%s is responsible for %s here %s, and there is one at a time: hand it over, or end that first",
				cmp.Or(who[PersonID(row.Person)].Name, "somebody"), a.Kind, other)
		}
	}
	id := DRIID(newID())
	err = q.AddDRI(ctx, db.AddDRIParams{
		ID: string(id), SubjectKind: a.Subject.Kind, SubjectKey: a.Subject.Key, Kind: a.Kind, Person: string(a.Person), SinceDay: span.Since, UntilDay: span.Until,
	})
	if err != nil {
		return "", fmt.Errorf("add who is responsible: %w", err)
	}
	return id, s.journal.Record(ctx, tx, by, string(AppointDRI), "dri", string(id),
		audit.F("subject", a.Subject.String()), audit.F("person", string(a.Person)), audit.F("since", string(span.Since)), audit.F("until", string(span.Until)))
}

// EndDRI ends an entry of the register: from a day on, nobody is responsible by
// it. Whoever may appoint may call it.
func (s *Service) EndDRI(ctx context.Context, by auth.Actor, id DRIID, day calendar.Day) error {
	return s.db.Update(ctx, func(tx store.Tx) error {
		d, err := dri(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := s.forDRI(ctx, tx, by, Subject{d.SubjectKind, d.SubjectKey}, d.Kind); err != nil {
			return err
		}
		day := s.day(day)
		if d.UntilDay <= day {
			return fault.New(fault.Conflict, "this ended on %s already", d.UntilDay)
		}
		if err := endDRI(ctx, tx, d, day); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, "org.dri.end", "dri", string(id), audit.F("day", string(day)))
	})
}

// endDRI ends an entry; one that would begin later never was.
func endDRI(ctx context.Context, tx store.Tx, d db.OrgProductDri, day calendar.Day) error {
	if d.SinceDay >= day {
		return db.New(tx).DropDRI(ctx, d.ID)
	}
	return db.New(tx).EndDRI(ctx, db.EndDRIParams{UntilDay: day, ID: d.ID})
}

func dri(ctx context.Context, tx store.Tx, id DRIID) (db.OrgProductDri, error) {
	d, err := db.New(tx).DRI(ctx, string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return d, fault.New(fault.NotFound, "the register has no such entry")
	}
	return d, err
}

// DRIsOf returns who was, is and will be responsible for a subject by the
// register, the latest first.
func (s *Service) DRIsOf(ctx context.Context, by auth.Actor, subject Subject) ([]DRI, error) {
	if err := s.auth.Can(by, ReadDRI, whole); err != nil {
		return nil, err
	}
	var out []DRI
	err := s.db.View(ctx, func(tx store.Tx) error {
		out = nil
		rows, err := db.New(tx).DRIsOf(ctx, db.DRIsOfParams{SubjectKind: subject.Kind, SubjectKey: subject.Key})
		if err != nil {
			return err
		}
		var ids []PersonID
		for _, row := range rows {
			ids = append(ids, PersonID(row.Person))
		}
		known, err := s.people.Known(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, row := range rows {
			out = append(out, DRI{
				ID: DRIID(row.ID), Subject: subject, Kind: row.Kind, Person: PersonID(row.Person),
				Called: cmp.Or(known[PersonID(row.Person)].Name, "a former member"), Span: calendar.Span{Since: row.SinceDay, Until: row.UntilDay},
			})
		}
		slices.SortStableFunc(out, func(a, b DRI) int { return -cmp.Compare(a.Since, b.Since) })
		return nil
	})
	return out, err
}

// MayAppoint reports whether an actor may say who is responsible for a node.
func (s *Service) MayAppoint(by auth.Actor, h *Hierarchy, r Ref) bool {
	return s.auth.May(by, AppointDRI, h.thing(r))
}
