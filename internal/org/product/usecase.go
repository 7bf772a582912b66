package product

import (
	"cmp"
	"context"
	"encoding/json"
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
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
)

// A UseCase is what customers buy the product for: a solution or a capability.
type UseCase struct {
	Key     string
	Version int64
	Since   calendar.Day
	Name    string
	Kind    string // of the policy pack
	UseCaseBody
	// DRIs are who is responsible, by role; a role that nobody has is left out.
	DRIs map[string]DRI
	// Gaps say what a use case should have and does not, in words.
	Gaps []string
}

// UseCaseBody is what is written about a use case.
type UseCaseBody struct {
	Objective string `json:"objective,omitempty"`
	// Analysts is how analysts cover it, and Channel where people talk of it.
	Analysts string   `json:"analysts,omitempty"`
	Channel  string   `json:"channel,omitempty"`
	Drivers  []string `json:"drivers,omitempty"` // value drivers of the policy pack
	// Requirements are what the market asks of it, one line each.
	Requirements []string `json:"requirements,omitempty"`
	Categories   []string `json:"categories,omitempty"` // keys
	Personas     []string `json:"personas,omitempty"`
	Pages        []string `json:"pages,omitempty"` // addresses
}

// IsSolution reports whether it is one of the core solutions.
func (u *UseCase) IsSolution() bool { return u.Kind == "solution" }

// UseCases returns the use cases as of a day, the solutions first.
func (s *Service) UseCases(ctx context.Context, by auth.Actor, day calendar.Day) ([]*UseCase, error) {
	if err := s.auth.Can(by, ReadUseCase, whole); err != nil {
		return nil, err
	}
	var out []*UseCase
	err := s.db.View(ctx, func(tx store.Tx) error {
		h, err := s.HierarchyAt(ctx, tx, day)
		if err == nil {
			out, err = s.useCases(ctx, tx, h)
		}
		return err
	})
	return out, err
}

// UseCase returns a use case as of a day. It fails with NotFound if it was not
// there.
func (s *Service) UseCase(ctx context.Context, by auth.Actor, key string, day calendar.Day) (*UseCase, error) {
	if err := s.auth.Can(by, ReadUseCase, whole); err != nil {
		return nil, err
	}
	var out *UseCase
	err := s.db.View(ctx, func(tx store.Tx) error {
		h, err := s.HierarchyAt(ctx, tx, day)
		if err == nil {
			out, err = s.useCase(ctx, tx, h, key)
		}
		return err
	})
	return out, err
}

func (s *Service) useCase(ctx context.Context, tx store.Tx, h *Hierarchy, key string) (*UseCase, error) {
	all, err := s.useCases(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, u := range all {
		if u.Key == key {
			return u, nil
		}
		keys = append(keys, u.Key)
	}
	return nil, fault.New(fault.NotFound, "there is no use case %q%s", key, nearest.Hint(key, keys))
}

func (s *Service) useCases(ctx context.Context, tx store.Tx, h *Hierarchy) ([]*UseCase, error) {
	rows, err := db.New(tx).UseCases(ctx, h.Day)
	if err != nil {
		return nil, fmt.Errorf("read use cases: %w", err)
	}
	var out []*UseCase
	for _, row := range rows {
		u := &UseCase{Key: row.Key, Version: row.Version, Since: row.SinceDay, Name: row.Name, Kind: row.Kind, DRIs: map[string]DRI{}}
		if err := json.Unmarshal([]byte(row.Body), &u.UseCaseBody); err != nil {
			return nil, fmt.Errorf("read the use case %s: %w", row.Key, err)
		}
		out = append(out, u)
	}
	r, err := s.register(ctx, tx, h, out)
	if err != nil {
		return nil, err
	}
	by := map[string]*UseCase{}
	for _, u := range out {
		by[u.Key] = u
	}
	for _, d := range r.DRIs {
		if u := by[d.Subject.Key]; u != nil && d.Subject.IsUseCase() {
			u.DRIs[d.Kind] = d
		}
	}
	for _, u := range out {
		if err := s.gaps(ctx, tx, h, u); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// gaps finds what a use case lacks.
func (s *Service) gaps(ctx context.Context, tx store.Tx, h *Hierarchy, u *UseCase) error {
	rules := &h.Pack.Rooms().Org.UseCases
	for _, role := range rules.DRIs {
		if _, ok := u.DRIs[role]; !ok {
			u.Gaps = append(u.Gaps, "nobody is responsible as "+strings.ReplaceAll(role, "_", " "))
		}
	}
	if d, ok := u.DRIs["product_manager"]; ok {
		known, err := s.people.Known(ctx, tx, []PersonID{d.Person})
		if err != nil {
			return err
		}
		if p := known[d.Person]; p.Department != "" && !strings.Contains(strings.ToLower(p.Department), "product") {
			u.Gaps = append(u.Gaps, "the product manager works in "+p.Department+", not in product")
		}
	}
	if n := len(u.Requirements); u.IsSolution() && !rules.Requirements.Holds(n) {
		u.Gaps = append(u.Gaps, fmt.Sprintf("%d market requirements, where %d to %d are asked for", n, rules.Requirements.Min, rules.Requirements.Max))
	}
	if u.Objective == "" {
		u.Gaps = append(u.Gaps, "no objective")
	}
	if len(u.Categories) == 0 {
		u.Gaps = append(u.Gaps, "no category serves it")
	}
	for _, key := range u.Categories {
		if h.Node(Ref{Kind: hierarchy.Category, Key: key}) == nil {
			u.Gaps = append(u.Gaps, fmt.Sprintf("the category %q is not in the hierarchy%s", key, nearest.Hint(key, h.keys(hierarchy.Category))))
		}
	}
	return nil
}

// WantedUseCases returns the names of solutions and capabilities of the policy
// pack that nobody has entered.
func (h *Hierarchy) WantedUseCases(all []*UseCase) (solutions, capabilities []string) {
	missing := func(names []string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(n string) bool {
			return slices.ContainsFunc(all, func(u *UseCase) bool { return strings.EqualFold(u.Name, n) })
		})
	}
	rules := &h.Pack.Rooms().Org.UseCases
	return missing(rules.Solutions), missing(rules.Capabilities)
}

// A UseCaseEdit says what a use case is to be.
type UseCaseEdit struct {
	Key     string
	Version int64 // that the editor saw; 0 adds it
	Name    string
	Kind    string
	UseCaseBody
	Retire bool
	Day    calendar.Day // "" is today
}

// SaveUseCase adds, changes or retires a use case. An administrator may call it,
// and those who answer for the use case. It fails with Conflict if somebody else
// changed it since the editor looked.
func (s *Service) SaveUseCase(ctx context.Context, by auth.Actor, e UseCaseEdit) error {
	if err := s.auth.Can(by, ReadUseCase, whole); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		w, err := s.writer(ctx, tx, by, "")
		if err != nil {
			return err
		}
		if e.Day != "" && e.Day > w.day {
			return fault.New(fault.Invalid, "a use case changes today or on a day before")
		}
		return w.saveUseCase(ctx, &e)
	})
}

func (w *writer) saveUseCase(ctx context.Context, e *UseCaseEdit) error {
	if err := w.checkUseCase(e); err != nil {
		return err
	}
	members, err := w.caseMembers(ctx, w.tx, w.day, e.Key)
	if err != nil {
		return err
	}
	if !w.auth.May(w.by, ChangeUseCase, auth.Entity{Kind: useCaseKind, ID: e.Key, Attributes: map[string]any{"members": members}}) {
		return fault.New(fault.Forbidden, "use cases are written by administrators, and by those who answer for them")
	}
	day := cmp.Or(e.Day, w.day)
	states, err := w.q.UseCaseStates(ctx, e.Key)
	if err != nil {
		return err
	}
	version := int64(0)
	if len(states) > 0 {
		if version, err = w.q.UseCaseVersion(ctx, e.Key); err != nil {
			return err
		}
	}
	last := calendar.Day("")
	open := false
	for _, st := range states {
		last = max(last, st.SinceDay)
		if open = st.UntilDay == calendar.Never; !open {
			last = max(last, st.UntilDay)
		}
	}
	switch {
	case e.Version == 0 && open:
		return fault.New(fault.Conflict, "there is a use case %s already: choose another key, or change that one", e.Key)
	case e.Version != 0 && !open:
		return fault.New(fault.NotFound, "there is no use case %q", e.Key)
	case e.Version != 0 && e.Version != version:
		return fault.New(fault.Conflict, "somebody else changed this use case meanwhile: compare it with what you typed, and save again")
	case day < last:
		return fault.New(fault.Invalid, "the use case changed on %s, so nothing can be changed as of %s", last, day)
	}
	body, err := json.Marshal(e.UseCaseBody)
	if err != nil {
		return err
	}
	if version == 0 {
		err = w.q.AddUseCase(ctx, e.Key)
	} else {
		err = w.q.BumpUseCase(ctx, e.Key)
	}
	switch {
	case err != nil:
	case e.Retire && last == day && open:
		err = w.q.DropUseCaseState(ctx, db.DropUseCaseStateParams{Key: e.Key, SinceDay: day})
	case e.Retire:
		err = w.q.EndUseCaseState(ctx, db.EndUseCaseStateParams{UntilDay: day, Key: e.Key})
	case open && last == day:
		err = w.q.SetUseCaseState(ctx, db.SetUseCaseStateParams{Name: e.Name, Kind: e.Kind, Body: string(body), Key: e.Key, SinceDay: day})
	default:
		if open {
			err = w.q.EndUseCaseState(ctx, db.EndUseCaseStateParams{UntilDay: day, Key: e.Key})
		}
		if err == nil {
			err = w.q.AddUseCaseState(ctx, db.AddUseCaseStateParams{Key: e.Key, SinceDay: day, Name: e.Name, Kind: e.Kind, Body: string(body)})
		}
	}
	if err != nil {
		return fmt.Errorf("save the use case %s: %w", e.Key, err)
	}
	return w.toldUseCase(ctx, e, version)
}

// toldUseCase ends what belonged to a use case that is gone, and tells search
// and journal.
func (w *writer) toldUseCase(ctx context.Context, e *UseCaseEdit, version int64) error {
	verb := "change"
	if version == 0 {
		verb = "add"
	}
	if e.Retire {
		verb = "retire"
		if err := w.endDRIs(ctx, useCaseKind, e.Key); err != nil {
			return err
		}
		if err := search.Remove(ctx, w.tx, "org", useCaseKind, e.Key); err != nil {
			return err
		}
	} else {
		err := search.Put(ctx, w.tx, search.Document{
			Room: "org", Kind: useCaseKind, ID: e.Key, Title: e.Name, Names: []string{e.Key}, Address: OfUseCase(e.Key).Address(),
			Text:      strings.Join(append([]string{e.Objective}, e.Requirements...), "\n"),
			Audiences: []string{search.Everyone}, At: w.day.Time(),
		})
		if err != nil {
			return err
		}
	}
	return w.journal.Record(ctx, w.tx, w.by, "org.usecase."+verb, useCaseKind, e.Key, audit.F("requirements", len(e.Requirements)), audit.F("categories", len(e.Categories)))
}

// checkUseCase brings an edit into form and refuses what no use case can be.
func (w *writer) checkUseCase(e *UseCaseEdit) error {
	if !hierarchy.IsKey(e.Key) {
		return fault.New(fault.Invalid, `the key must be of letters, digits, "-", "_" and ".", at most 100 of them`)
	}
	if e.Retire {
		return nil
	}
	rules := &w.now.Pack.Rooms().Org.UseCases
	if e.Name = strings.TrimSpace(e.Name); e.Name == "" || len(e.Name) > 200 || strings.ContainsAny(e.Name, "\r\n") {
		return fault.New(fault.Invalid, "the name must be one line of 1 to 200 bytes")
	}
	if !slices.Contains(rules.Kinds, e.Kind) {
		return fault.New(fault.Invalid, "there is no kind of use case %q: use %s", e.Kind, strings.Join(rules.Kinds, " or "))
	}
	for _, list := range []*[]string{&e.Drivers, &e.Requirements, &e.Categories, &e.Personas, &e.Pages} {
		*list = lines(*list)
		if len(*list) > 200 {
			return fault.New(fault.Invalid, "a list of a use case has at most 200 lines")
		}
	}
	for _, d := range e.Drivers {
		if !slices.Contains(rules.Drivers, d) {
			return fault.New(fault.Invalid, "there is no value driver %q: use %s", d, strings.Join(rules.Drivers, ", "))
		}
	}
	for _, c := range e.Categories {
		if w.now.Node(Ref{Kind: hierarchy.Category, Key: c}) == nil {
			return fault.New(fault.Invalid, "there is no category %q%s", c, nearest.Hint(c, w.now.keys(hierarchy.Category)))
		}
	}
	return checkLinks(e.Pages...)
}

// lines returns texts without blank ones and without repetitions.
func lines(all []string) []string {
	var out []string
	for _, l := range all {
		if l = strings.TrimSpace(l); l != "" && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// caseMembers returns the accounts of those who answer for a use case or stand
// beside it.
func (s *Service) caseMembers(ctx context.Context, tx store.Tx, day calendar.Day, key string) ([]auth.PrincipalID, error) {
	q := db.New(tx)
	rows, err := q.DRIsOf(ctx, db.DRIsOfParams{SubjectKind: useCaseKind, SubjectKey: key})
	if err != nil {
		return nil, err
	}
	slots, err := q.SlotsOf(ctx, db.SlotsOfParams{Kind: useCaseKind, Key: key})
	if err != nil {
		return nil, err
	}
	var ids []PersonID
	for _, r := range rows {
		if (calendar.Span{Since: r.SinceDay, Until: r.UntilDay}).Holds(day) {
			ids = append(ids, PersonID(r.Person))
		}
	}
	for _, r := range slots {
		if r.Person != "" && (calendar.Span{Since: r.SinceDay, Until: r.UntilDay}).Holds(day) {
			ids = append(ids, PersonID(r.Person))
		}
	}
	known, err := s.people.Known(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []auth.PrincipalID
	for _, id := range ids {
		if p := known[id]; p.Account != "" && !slices.Contains(out, p.Account) {
			out = append(out, p.Account)
		}
	}
	return out, nil
}

// MayChangeUseCase reports whether an actor may write a use case; key "" is a
// new one.
func (s *Service) MayChangeUseCase(ctx context.Context, by auth.Actor, key string) (may bool, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		members, err := s.caseMembers(ctx, tx, s.Today(), key)
		may = s.auth.May(by, ChangeUseCase, auth.Entity{Kind: useCaseKind, ID: key, Attributes: map[string]any{"members": members}})
		return err
	})
	return may, err
}
