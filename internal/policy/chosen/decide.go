package chosen

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/policy/chosen/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// The longest texts that are taken.
const (
	mostReason = 2_000
	mostValue  = 20_000
)

// Choose makes the organisation use another shipped pack. Its overrides stay,
// and must fit to it. It is a Conflict if that pack is used already.
func (s *Service) Choose(ctx context.Context, by auth.Actor, pack string, c Change) error {
	if err := s.may(by, Choose, &c); err != nil {
		return err
	}
	if _, err := policy.Named(pack); err != nil {
		return err
	}
	return s.decide(ctx, c, func(tx store.Tx, st *Standing) error {
		was := st.Base.Version
		if was == pack && st.Choice != nil {
			return fault.New(fault.Conflict, "the pack %s is used already", pack)
		}
		before := lapsedOf(st)
		if err := s.replace(ctx, tx, by, "", pack, c.Reason); err != nil {
			return err
		}
		now, err := s.standing(ctx, tx)
		if err != nil {
			return err
		}
		for _, l := range now.Lapsed {
			if !slices.Contains(before, l.ID) {
				return fault.New(fault.Invalid, "an override does not fit to %s; change or withdraw it first: %s", pack, l.Why)
			}
		}
		return s.journal.Record(ctx, tx, by, string(Choose), "policy_pack", pack, audit.F("was", was))
	})
}

// lapsedOf returns the ids of the overrides that lapsed.
func lapsedOf(st *Standing) []string {
	ids := make([]string, len(st.Lapsed))
	for i, l := range st.Lapsed {
		ids[i] = l.ID
	}
	return ids
}

// Override makes a value of the pack another one, which is given as YAML. It
// takes the place of an override of the same value. It is Invalid for a value
// that is not of its kind, is out of range or does not fit to the rest; NotFound
// for a path that is none; a Conflict if that is the value already.
func (s *Service) Override(ctx context.Context, by auth.Actor, path, value string, c Change) error {
	if err := s.may(by, Override, &c); err != nil {
		return err
	}
	if len(value) > mostValue {
		return fault.New(fault.Invalid, "the value is longer than %d characters", mostValue)
	}
	return s.decide(ctx, c, func(tx store.Tx, st *Standing) error {
		pack, err := st.Pack.With(policy.Override{Path: path, Value: value, Source: c.Reason})
		if err != nil {
			return err
		}
		was, err := st.Pack.Value(path)
		if err != nil {
			return err
		}
		is, err := pack.Value(path)
		if err != nil {
			return err
		}
		if was.Text == is.Text {
			return fault.New(fault.Conflict, "this is the value already")
		}
		if err := s.replace(ctx, tx, by, path, is.Text, c.Reason); err != nil {
			return err
		}
		return s.journal.Record(ctx, tx, by, string(Override), "policy_value", path, audit.F("set", true))
	})
}

// Withdraw ends the override of a value, so that the pack's own counts. It is
// NotFound if there is none, and Invalid if the pack's own value does not fit to
// the other overrides.
func (s *Service) Withdraw(ctx context.Context, by auth.Actor, path string, c Change) error {
	if err := s.may(by, Override, &c); err != nil {
		return err
	}
	return s.decide(ctx, c, func(tx store.Tx, st *Standing) error {
		row, err := db.New(tx).CurrentOf(ctx, path)
		if path == "" || errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no override of %q", path)
		}
		if err != nil {
			return fmt.Errorf("find the override: %w", err)
		}
		if err := s.end(ctx, tx, by, row, s.moment(row), c.Reason); err != nil {
			return err
		}
		now, err := s.standing(ctx, tx)
		if err != nil {
			return err
		}
		if before := lapsedOf(st); len(now.Lapsed) > 0 {
			for _, l := range now.Lapsed {
				if !slices.Contains(before, l.ID) {
					return fault.New(fault.Invalid, "the value of the pack does not fit to another override; change that first: %s", l.Why)
				}
			}
		}
		return s.journal.Record(ctx, tx, by, string(Override), "policy_value", path, audit.F("set", false))
	})
}

// may checks the permission and what goes with a decision.
func (s *Service) may(by auth.Actor, action auth.Action, c *Change) error {
	if err := s.auth.Can(by, action, thing); err != nil {
		return err
	}
	c.Reason = strings.TrimSpace(c.Reason)
	switch {
	case c.Reason == "":
		return fault.New(fault.Invalid, "say why: a decision has a reason")
	case len(c.Reason) > mostReason:
		return fault.New(fault.Invalid, "the reason is longer than %d characters", mostReason)
	case !utf8.ValidString(c.Reason) || strings.ContainsRune(c.Reason, 0):
		return fault.New(fault.Invalid, "the reason holds characters that are no text")
	}
	return nil
}

// decide calls f with what has been decided, in a transaction.
func (s *Service) decide(ctx context.Context, c Change, f func(store.Tx, *Standing) error) error {
	return s.db.Update(ctx, func(tx store.Tx) error {
		st, err := s.standing(ctx, tx)
		if err != nil {
			return err
		}
		if c.Revision != "" && c.Revision != st.Revision {
			return fault.New(fault.Conflict, "somebody else decided something meanwhile; look at it and decide again")
		}
		return f(tx, st)
	})
}

// replace adds a decision, and ends the one whose place it takes.
func (s *Service) replace(ctx context.Context, tx store.Tx, by auth.Actor, path, value, reason string) error {
	q := db.New(tx)
	since := store.At(s.clock())
	row, err := q.CurrentOf(ctx, path)
	switch {
	case err == nil:
		since = s.moment(row)
		if err := s.end(ctx, tx, by, row, since, ""); err != nil {
			return err
		}
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("find the decision: %w", err)
	}
	err = q.Add(ctx, db.AddParams{ID: newID(), Path: path, Value: value, Reason: reason, Since: since, DecidedBy: by.PrincipalID()})
	if store.IsTaken(err) {
		return fault.New(fault.Conflict, "somebody else decided the same meanwhile; look at it and decide again")
	}
	if err != nil {
		return fmt.Errorf("add the decision: %w", err)
	}
	return s.renew(ctx, tx)
}

// moment returns now, but never a moment before a decision began, should the
// clock of another node have been ahead.
func (s *Service) moment(row db.PolicyDecision) store.Time {
	now := s.clock()
	if now.Before(row.Since.Time) {
		return row.Since
	}
	return store.At(now)
}

func (s *Service) end(ctx context.Context, tx store.Tx, by auth.Actor, row db.PolicyDecision, at store.Time, reason string) error {
	n, err := db.New(tx).End(ctx, db.EndParams{
		ID: row.ID, Until: store.MaybeAt(new(at.Time)), EndedBy: by.PrincipalID(), EndReason: reason,
	})
	if err != nil || n != 1 {
		return fmt.Errorf("end the decision (%d rows): %w", n, err)
	}
	return s.renew(ctx, tx)
}

// renew gives the policy a revision that it never had.
func (s *Service) renew(ctx context.Context, tx store.Tx) error {
	if err := db.New(tx).SetRevision(ctx, newID()); err != nil {
		return fmt.Errorf("renew the revision of the policy: %w", err)
	}
	return nil
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// A Key is where a decision is in the history.
type Key struct {
	Since time.Time
	ID    string
}

// Key returns where a decision is in the history.
func (d Decision) Key() Key { return Key{d.Since, d.ID} }

// A Filter says which decisions are wanted.
type Filter struct {
	Path  *string // of one value; "" for the choices of packs; nil for all
	After *Key    // the last decision of the page before
	Limit int     // 0 means 50
}

// History returns decisions, the newest first. To know whether there are more,
// ask for one more than is shown.
func (s *Service) History(ctx context.Context, by auth.Actor, f Filter) ([]Decision, error) {
	if err := s.auth.Can(by, ReadHistory, thing); err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	var list []Decision
	err := s.db.View(ctx, func(tx store.Tx) error {
		rows, err := history(ctx, db.New(tx), f)
		if err != nil {
			return fmt.Errorf("find decisions on policy: %w", err)
		}
		list = make([]Decision, len(rows))
		for i, row := range rows {
			list[i] = decision(row)
		}
		return nil
	})
	return list, err
}

func history(ctx context.Context, q *db.Queries, f Filter) ([]db.PolicyDecision, error) {
	most := int32(f.Limit)
	switch {
	case f.Path == nil && f.After == nil:
		return q.Latest(ctx, most)
	case f.Path == nil:
		return q.LatestBefore(ctx, db.LatestBeforeParams{Since: store.At(f.After.Since), ID: f.After.ID, Most: most})
	case f.After == nil:
		return q.LatestOf(ctx, db.LatestOfParams{Path: *f.Path, Limit: most})
	}
	return q.LatestOfBefore(ctx, db.LatestOfBeforeParams{Path: *f.Path, Since: store.At(f.After.Since), ID: f.After.ID, Most: most})
}
