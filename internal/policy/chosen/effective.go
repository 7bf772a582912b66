package chosen

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/policy/chosen/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// A memory is the standing that was made last. Revisions are never used twice,
// also not by a transaction that was rolled back, so a standing is right
// wherever its revision is read.
type memory struct {
	sync.Mutex
	standing *Standing
}

// Effective returns the pack that counts in a transaction. It is shared: nobody
// changes it. It checks no permission, for rooms go by it whoever acts.
func (s *Service) Effective(ctx context.Context, tx store.Tx) (*policy.Pack, error) {
	st, err := s.standing(ctx, tx)
	if err != nil {
		return nil, err
	}
	return st.Pack, nil
}

// EffectiveAt returns the pack that counted at a moment.
func (s *Service) EffectiveAt(ctx context.Context, tx store.Tx, at time.Time) (*policy.Pack, error) {
	rows, err := db.New(tx).HeldAt(ctx, store.At(at))
	if err != nil {
		return nil, fmt.Errorf("find decisions on policy: %w", err)
	}
	st, err := stand(undecided, rows)
	if err != nil {
		return nil, err
	}
	return st.Pack, nil
}

// undecided is the revision before the first decision.
const undecided = "0"

func (s *Service) standing(ctx context.Context, tx store.Tx) (*Standing, error) {
	revision, err := db.New(tx).Revision(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("find the revision of the policy: %w", err)
	}
	if revision == "" {
		revision = undecided
	}
	s.last.Lock()
	st := s.last.standing
	s.last.Unlock()
	if st != nil && st.Revision == revision {
		return st, nil
	}
	rows, err := db.New(tx).Current(ctx)
	if err != nil {
		return nil, fmt.Errorf("find decisions on policy: %w", err)
	}
	if st, err = stand(revision, rows); err != nil {
		return nil, err
	}
	s.last.Lock()
	s.last.standing = st
	s.last.Unlock()
	return st, nil
}

// stand returns what some decisions make together. One that cannot be followed
// lapses, and the others count.
func stand(revision string, rows []db.PolicyDecision) (*Standing, error) {
	st := &Standing{Revision: revision}
	name := policy.DefaultName
	var overrides []Decision
	for _, row := range rows {
		d := decision(row)
		if !d.IsChoice() {
			overrides = append(overrides, d)
			continue
		}
		if slices.Contains(policy.Names(), d.Value) {
			name, st.Choice = d.Value, &d
		} else {
			st.Lapsed = append(st.Lapsed, Lapsed{d, fmt.Sprintf("the pack %s is no longer shipped", d.Value)})
		}
	}
	base, err := policy.Named(name)
	if err != nil {
		return nil, fmt.Errorf("read the chosen pack: %w", err)
	}
	st.Base, st.Pack = base, base
	st.follow(overrides)
	slices.SortFunc(st.Overrides, func(a, b Decision) int { return cmp.Compare(a.Path, b.Path) })
	return st, nil
}

// follow lays overrides over the pack: all at once, since they need only fit
// together; if they do not, one by one.
func (st *Standing) follow(overrides []Decision) {
	if len(overrides) == 0 {
		return
	}
	all := make([]policy.Override, len(overrides))
	for i, d := range overrides {
		all[i] = d.override()
	}
	if pack, err := st.Base.With(all...); err == nil {
		st.Pack, st.Overrides = pack, overrides
		return
	}
	for _, d := range overrides {
		pack, err := st.Pack.With(d.override())
		if err != nil {
			st.Lapsed = append(st.Lapsed, Lapsed{d, err.Error()})
			continue
		}
		st.Pack, st.Overrides = pack, append(st.Overrides, d)
	}
}

func (d Decision) override() policy.Override {
	return policy.Override{Path: d.Path, Value: d.Value, Source: d.Reason}
}

func decision(row db.PolicyDecision) Decision {
	return Decision{
		ID: row.ID, Path: row.Path, Value: row.Value, Reason: row.Reason,
		Since: row.Since.Time, By: auth.PrincipalID(row.DecidedBy),
		Until: row.Until.Ptr(), EndedBy: auth.PrincipalID(row.EndedBy), EndReason: row.EndReason,
	}
}

// Standing returns what has been decided as of now. Who decided is left out for
// those who may not see it.
func (s *Service) Standing(ctx context.Context, by auth.Actor) (*Standing, error) {
	if err := s.auth.Can(by, Read, thing); err != nil {
		return nil, err
	}
	var st *Standing
	err := s.db.View(ctx, func(tx store.Tx) (err error) {
		st, err = s.standing(ctx, tx)
		return err
	})
	if err != nil || s.auth.May(by, ReadHistory, thing) {
		return st, err
	}
	return st.anonymous(), nil
}

// anonymous returns the standing without who decided.
func (st *Standing) anonymous() *Standing {
	c := *st
	c.Overrides, c.Lapsed = slices.Clone(st.Overrides), slices.Clone(st.Lapsed)
	for i := range c.Overrides {
		c.Overrides[i].By = ""
	}
	for i := range c.Lapsed {
		c.Lapsed[i].By = ""
	}
	if st.Choice != nil {
		choice := *st.Choice
		choice.By = ""
		c.Choice = &choice
	}
	return &c
}

// Origin returns where the effective value at a path comes from. It is NotFound
// for a path that is none.
func (s *Service) Origin(ctx context.Context, by auth.Actor, path string) (*Origin, error) {
	st, err := s.Standing(ctx, by)
	if err != nil {
		return nil, err
	}
	return st.Origin(path)
}

// Origin returns where the value at a path comes from.
func (st *Standing) Origin(path string) (*Origin, error) {
	value, err := st.Pack.Value(path)
	if err != nil {
		return nil, err
	}
	shipped, err := st.Base.Value(path)
	if err != nil {
		return nil, err
	}
	o := &Origin{Value: value, Shipped: shipped}
	if i := slices.IndexFunc(st.Overrides, func(d Decision) bool { return d.Path == path }); i >= 0 {
		o.Override = &st.Overrides[i]
	}
	return o, nil
}

// MayDecide reports whether an actor may choose the pack and override values,
// for what is shown or left out.
func (s *Service) MayDecide(by auth.Actor) bool { return s.auth.May(by, Override, thing) }

// CanDecide returns nil if an actor may decide, or a fault that can be shown to
// them.
func (s *Service) CanDecide(by auth.Actor) error { return s.auth.Can(by, Override, thing) }

// MaySeeHistory reports whether an actor may see who decided what.
func (s *Service) MaySeeHistory(by auth.Actor) bool { return s.auth.May(by, ReadHistory, thing) }
