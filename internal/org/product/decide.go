package product

import (
	"context"
	"encoding/json"
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

// onChange does something to a change that is not over, within a transaction.
func (s *Service) onChange(ctx context.Context, by auth.Actor, id ChangeID, do func(w *writer, c *ChangeRequest) error) error {
	if err := s.auth.Can(by, ReadNode, whole); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		_, c, err := s.load(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.State.IsOver() {
			return fault.New(fault.Conflict, "this change is over: it was %s on %s", c.State, c.End)
		}
		w, err := s.writer(ctx, tx, by, "")
		if err != nil {
			return err
		}
		return do(w, c)
	})
}

// AuthEntity implements auth.Thing.
func (c *ChangeRequest) AuthEntity() auth.Entity {
	return auth.Entity{Kind: "change", ID: string(c.ID), Attributes: map[string]any{"owner": c.By}}
}

// asThing returns an approval as the policies see it.
func (a *Approval) asThing(id ChangeID) auth.Entity {
	return auth.Entity{Kind: "approval", ID: string(id) + ":" + a.Role, Attributes: map[string]any{"approver": a.Account}}
}

// MayDecide returns the roles for which an actor may decide about a change.
func (s *Service) MayDecide(by auth.Actor, c *ChangeRequest) []string {
	var out []string
	for i := range c.Approvals {
		a := &c.Approvals[i]
		if c.State == Review && a.Decision == "" && a.Account != "" && s.auth.May(by, ApproveChange, a.asThing(c.ID)) {
			out = append(out, a.Role)
		}
	}
	return out
}

// MayApply reports whether an actor may apply or withdraw a change.
func (s *Service) MayApply(by auth.Actor, c *ChangeRequest) bool {
	return s.auth.May(by, ApplyChange, c)
}

// MayName reports whether an actor may name who decides for a role.
func (s *Service) MayName(by auth.Actor) bool { return s.auth.May(by, NameApprover, whole) }

// Decide gives or refuses the agreement of a role. Who has the role may call it,
// signed in. A refusal needs a note, and ends the change. It fails with Conflict
// if that was decided before.
func (s *Service) Decide(ctx context.Context, by auth.Actor, id ChangeID, role string, agree bool, note string) error {
	note = strings.TrimSpace(note)
	if len(note) > mostWords {
		return fault.New(fault.Invalid, "the note is longer than %d characters", mostWords)
	}
	return s.onChange(ctx, by, id, func(w *writer, c *ChangeRequest) error {
		i := slices.IndexFunc(c.Approvals, func(a Approval) bool { return a.Role == role })
		if i < 0 {
			return fault.New(fault.NotFound, "nobody asks the role %q about this change", role)
		}
		a := &c.Approvals[i]
		if a.Account == "" || !s.auth.May(by, ApproveChange, a.asThing(id)) {
			return fault.New(fault.Forbidden, "this is for the %s to decide, signed in", strings.ReplaceAll(role, "_", " "))
		}
		if a.Decision != "" {
			return fault.New(fault.Conflict, "this was decided on %s", a.Day)
		}
		decision, state, end := "approved", Review, calendar.Day("")
		if !agree {
			decision, state, end = "rejected", Refused, w.day
			if note == "" {
				return fault.New(fault.Invalid, "say why it is refused")
			}
		}
		err := w.q.SetApproval(ctx, db.SetApprovalParams{
			Decision: decision, DecidedBy: string(by.ID), DecidedDay: w.day, Note: note, Change: string(id), Role: role,
		})
		if err != nil {
			return fmt.Errorf("keep a decision: %w", err)
		}
		a.Decision = decision
		if agree && !slices.ContainsFunc(c.Approvals, func(a Approval) bool { return a.Decision == "" }) {
			state = Approved
		}
		if err := w.q.SetChange(ctx, db.SetChangeParams{State: string(state), EndDay: end, ID: string(id)}); err != nil {
			return err
		}
		return s.journal.Record(ctx, w.tx, by, string(ApproveChange), "change", string(id), audit.F("role", role), audit.F("decision", decision), audit.F("state", string(state)))
	})
}

// Name says who decides for a role that nobody is known to have, or whose holder
// cannot. An administrator may call it, for a decision that is not taken.
func (s *Service) Name(ctx context.Context, by auth.Actor, id ChangeID, role string, person PersonID) error {
	if err := s.auth.Can(by, NameApprover, whole); err != nil {
		return err
	}
	return s.onChange(ctx, by, id, func(w *writer, c *ChangeRequest) error {
		i := slices.IndexFunc(c.Approvals, func(a Approval) bool { return a.Role == role })
		if i < 0 || c.Approvals[i].Decision != "" {
			return fault.New(fault.Conflict, "the role %q has nothing to decide here any more", role)
		}
		if err := w.exists(ctx, person); err != nil {
			return err
		}
		if err := w.q.SetApprover(ctx, db.SetApproverParams{Person: string(person), Change: string(id), Role: role}); err != nil {
			return err
		}
		return s.journal.Record(ctx, w.tx, by, string(NameApprover), "change", string(id), audit.F("role", role), audit.F("person", string(person)))
	})
}

// exists refuses an id that is nobody's.
func (w *writer) exists(ctx context.Context, person PersonID) error {
	known, err := w.people.Known(ctx, w.tx, []PersonID{person})
	if err != nil {
		return err
	}
	if _, ok := known[person]; !ok || person == "" {
		return fault.New(fault.Invalid, "nobody here has this id: choose a person")
	}
	return nil
}

// Announce notes where a downgrade was announced. Whoever may apply it may call
// it.
func (s *Service) Announce(ctx context.Context, by auth.Actor, id ChangeID, link string) error {
	link = strings.TrimSpace(link)
	if err := checkLinks(link); err != nil || link == "" {
		return fault.New(fault.Invalid, "say where it was announced: an address that begins with https://")
	}
	return s.onChange(ctx, by, id, func(w *writer, c *ChangeRequest) error {
		if err := s.auth.Can(by, ApplyChange, c); err != nil {
			return err
		}
		if slices.Contains(c.Announced, link) {
			return fault.New(fault.Conflict, "that announcement is noted already")
		}
		text, err := json.Marshal(append(c.Announced, link))
		if err != nil {
			return err
		}
		after, err := json.Marshal(toWire(&c.Edit))
		if err != nil {
			return err
		}
		err = w.q.SetChangeText(ctx, db.SetChangeTextParams{After: string(after), Reason: c.Reason, Canvas: c.Canvas, Announced: string(text), ID: string(id)})
		if err != nil {
			return err
		}
		return s.journal.Record(ctx, w.tx, by, "org.node.announce", "change", string(id), audit.F("channels", len(c.Announced)+1))
	})
}

// Withdraw takes a change back. Whoever asked for it may call it, and an
// administrator.
func (s *Service) Withdraw(ctx context.Context, by auth.Actor, id ChangeID) error {
	return s.onChange(ctx, by, id, func(w *writer, c *ChangeRequest) error {
		if err := s.auth.Can(by, ApplyChange, c); err != nil {
			return err
		}
		if err := w.q.SetChange(ctx, db.SetChangeParams{State: string(Withdrawn), EndDay: w.day, ID: string(id)}); err != nil {
			return err
		}
		return s.journal.Record(ctx, w.tx, by, "org.node.withdraw", "change", string(id))
	})
}

// Apply makes a change that all have agreed to, from today on. Whoever asked for
// it may call it, and an administrator. It fails with Conflict while somebody has
// not agreed, and with a Stale one if what is changed has become otherwise since
// it was asked for.
func (s *Service) Apply(ctx context.Context, by auth.Actor, id ChangeID) error {
	return s.onChange(ctx, by, id, func(w *writer, c *ChangeRequest) error {
		if err := s.auth.Can(by, ApplyChange, c); err != nil {
			return err
		}
		if len(c.Wanting) > 0 {
			return fault.New(fault.Conflict, "still wanting: %s", strings.Join(c.Wanting, "; "))
		}
		e := c.Edit
		e.Version = w.now.Version(c.Node)
		if n := w.now.Node(c.Node); n != nil {
			if c.Kind == AddNode {
				e.Version = 0 // somebody else added it: told by edit
			} else if changed := w.now.overtaken(n, c.Before); len(changed) > 0 {
				return fault.New(fault.Conflict, "%w: ask for the change anew", &Stale{c.Node, e.Version, changed})
			}
		} else if c.Kind != AddNode {
			_, err := w.now.Find(c.Node)
			return err
		}
		if _, err := w.edit(ctx, &e); err != nil {
			return err
		}
		if err := w.q.SetChange(ctx, db.SetChangeParams{State: string(Applied), EndDay: w.day, ID: string(id)}); err != nil {
			return err
		}
		return s.journal.Record(ctx, w.tx, by, string(ApplyChange), "change", string(id), audit.F("kind", string(c.Kind)), audit.F("node", c.Node.String()))
	})
}
