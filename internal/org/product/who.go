package product

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/inbox"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/store"
)

// WhoIs returns the person whom somebody means by a name, or by an id. It fails
// with Invalid if nobody is called so, or several are.
func (s *Service) WhoIs(ctx context.Context, by auth.Actor, name string) (id PersonID, err error) {
	name = strings.TrimSpace(name)
	if err := s.auth.Can(by, ReadDRI, whole); err != nil {
		return "", err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		known, err := s.people.Known(ctx, tx, []PersonID{PersonID(name)})
		if err != nil {
			return err
		}
		if _, ok := known[PersonID(name)]; ok {
			id = PersonID(name)
			return nil
		}
		names, err := s.people.Named(ctx, tx, s.Today(), []string{name})
		if err != nil {
			return err
		}
		if id = names[name]; id == "" {
			return fault.New(fault.Invalid, "nobody here is called %q, or more than one person is: write the whole name", name)
		}
		return nil
	})
	return id, err
}

// Todos returns what waits for an actor: changes about which they decide, those
// of theirs that can be applied, and handovers with steps that are not done. It
// is a source of the inbox.
func (s *Service) Todos(ctx context.Context, by auth.Actor, _ time.Time) ([]inbox.Todo, error) {
	if !s.auth.May(by, ReadNode, whole) {
		return nil, nil
	}
	var out []inbox.Todo
	err := s.db.View(ctx, func(tx store.Tx) error {
		out = nil
		me, err := s.people.OfAccount(ctx, tx, by.ID)
		if err != nil {
			return err
		}
		q := db.New(tx)
		if me != "" {
			waiting, err := q.ApprovalsWaiting(ctx, string(me))
			if err != nil {
				return fmt.Errorf("read what waits for somebody: %w", err)
			}
			for _, a := range waiting {
				c, err := q.Change(ctx, a.Change)
				if err != nil {
					return err
				}
				out = append(out, inbox.Todo{
					Key: inbox.NewKey("org", "change", a.Change+":"+a.Role), Kind: inbox.Organisation, Href: "/hierarchy/changes/" + a.Change, Act: "Decide",
					Say: "Change of the product hierarchy: " + c.NodeKey, Note: "as " + strings.ReplaceAll(a.Role, "_", " "), Since: c.MadeAt.Time,
					Because: because("rooms.org.hierarchy_changes.structure_approvers", "Who agrees to a change of the hierarchy"),
				})
			}
		}
		ready, err := q.ChangesIn(ctx, string(Approved))
		if err != nil {
			return err
		}
		for _, c := range ready {
			if c.MadeBy == string(by.ID) {
				out = append(out, inbox.Todo{
					Key: inbox.NewKey("org", "approved", c.ID), Kind: inbox.Organisation, Href: "/hierarchy/changes/" + c.ID, Act: "Apply",
					Say: "Your change of " + c.NodeKey + " is agreed to", Since: c.MadeAt.Time,
					Because: because("rooms.org.hierarchy_changes.structure_approvers", "Who agrees to a change of the hierarchy"),
				})
			}
		}
		open, err := q.HandoversOpen(ctx)
		if err != nil {
			return err
		}
		for _, h := range open {
			if me == "" || h.FromPerson != string(me) && h.ToPerson != string(me) {
				continue
			}
			out = append(out, inbox.Todo{
				Key: inbox.NewKey("org", "handover", h.ID), Kind: inbox.Organisation, Href: "/hierarchy/responsible?show=handovers", Act: "Go through it",
				Say: "Handover of " + h.SubjectKey + ": " + h.Kind, Note: fmt.Sprintf("%d steps left", h.LeftSteps), Since: calendar.Day(h.Day).Time(),
				Because: because("rooms.org.dris.handover", "Steps of a handover"),
			})
		}
		return nil
	})
	return out, err
}

// because names the value of the policy pack that causes something.
func because(path, text string) inbox.Cause {
	return inbox.Cause{Tag: "policy", File: path, Href: chosen.Address(path), Text: text}
}
