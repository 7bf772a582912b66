package product

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/store"
)

// An Edit says what of a node is to be otherwise. What is nil or not named stays.
type Edit struct {
	Node Ref
	// Version is that of the node which the editor saw; 0 adds a node.
	Version int64
	// Seen is what the editor saw of the fields that are edited, "name", the
	// kind of the parent and "group" included. If somebody else changed the node
	// meanwhile, it lets them be told what.
	Seen map[string]string

	Name   *string
	Parent *string // key of the section or stage
	// Group is the group that builds a category; "" is none.
	Group  *string
	Fields hierarchy.Fields // a null takes a field away
	Retire bool
	// Day is since when it holds; "" is today.
	Day calendar.Day
}

// A Stale error says that somebody else changed a node since an editor looked.
// Its kind is Conflict.
type Stale struct {
	Node    Ref
	Version int64 // the one that counts now
	// Changes are the fields of the edit that others changed: what the editor
	// saw, and what it is now.
	Changes []FieldChange
}

// Error implements error.
func (e *Stale) Error() string {
	var b strings.Builder
	b.WriteString("somebody else changed it meanwhile")
	for i, c := range e.Changes {
		b.WriteString(map[bool]string{true: ": ", false: "; "}[i == 0])
		fmt.Fprintf(&b, "%s was %q and is %q now", c.Field, c.Was, c.Now)
	}
	return b.String()
}

// Change makes an edit. It returns the version that the node has then.
//
// An administrator may call it; others ask for a change, see Propose. It fails
// with a Stale conflict if the node is not as the editor saw it, with Conflict
// for a node that others lie in and that is to be retired, and with Invalid for
// what no node can be.
func (s *Service) Change(ctx context.Context, by auth.Actor, e Edit) (version int64, err error) {
	if err := s.auth.Can(by, ReadNode, whole); err != nil {
		return 0, err
	}
	if err := s.auth.Can(by, ChangeNode, whole); err != nil {
		return 0, err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		w, err := s.writer(ctx, tx, by, e.Day)
		if err != nil {
			return err
		}
		version, err = w.edit(ctx, &e)
		return err
	})
	return version, err
}

// edit makes an edit within a transaction.
func (w *writer) edit(ctx context.Context, e *Edit) (int64, error) {
	old := w.now.Node(e.Node)
	switch version := w.now.Version(e.Node); {
	case e.Version == 0 && old != nil:
		return 0, fault.New(fault.Conflict, "there is a %s %s already: choose another key, or change that one", e.Node.Kind, e.Node.Key)
	case e.Version != 0 && old == nil:
		return 0, fault.New(fault.NotFound, "there is no %s %s%s", e.Node.Kind, e.Node.Key, nearest.Hint(e.Node.Key, w.now.keys(e.Node.Kind)))
	case e.Version != version:
		return 0, fault.New(fault.Conflict, "%w", &Stale{e.Node, version, w.now.overtaken(old, e.Seen)})
	}
	if e.Retire {
		return 0, w.retireNode(ctx, e.Node)
	}
	n, err := w.edited(old, e)
	if err != nil {
		return 0, err
	}
	if e.Group != nil {
		if err := w.build(ctx, n, *e.Group); err != nil {
			return 0, err
		}
	}
	return w.keep(ctx, old, n)
}

// keep saves one node, with journal and search.
func (w *writer) keep(ctx context.Context, old, n *Node) (int64, error) {
	if err := w.lookUp(ctx, n); err != nil {
		return 0, err
	}
	changed, err := w.save(ctx, n)
	if err != nil {
		return 0, fmt.Errorf("save %s: %w", n.Ref, err)
	}
	version := w.now.Version(n.Ref)
	if !changed {
		return version, nil
	}
	verb, facts := "add", []audit.Fact{}
	if old != nil {
		verb = "change"
		facts = append(facts, audit.F("fields", len(differences(old, n))), audit.F("moved", old.Parent != n.Parent), audit.F("renamed", old.Name != n.Name))
	}
	if err := w.record(ctx, verb, n.Ref, facts...); err != nil {
		return 0, err
	}
	others := slices.DeleteFunc(slices.Clone(w.now.Nodes), func(o *Node) bool { return o.Ref == n.Ref })
	after := hierarchy.NewTree(append(others, n))
	if err := w.findable(ctx, after, n.Ref); err != nil {
		return 0, err
	}
	if n.Kind == hierarchy.Stage && old != nil && old.Name != n.Name { // its groups are called by it
		for _, g := range after.Below(n.Ref, hierarchy.Group) {
			if err := w.findable(ctx, after, g.Ref); err != nil {
				return 0, err
			}
		}
	}
	return version + 1, nil
}

// edited returns the node that an edit makes.
func (w *writer) edited(old *Node, e *Edit) (*Node, error) {
	n := &Node{Ref: e.Node}
	if old != nil {
		copied := *old
		n = &copied
	} else if !hierarchy.IsKey(e.Node.Key) || !slices.Contains(hierarchy.Kinds, e.Node.Kind) {
		return nil, fault.New(fault.Invalid, `the key must be of letters, digits, "-", "_" and ".", at most 100 of them`)
	}
	if e.Name != nil {
		n.Name = strings.TrimSpace(*e.Name)
	}
	if n.Name == "" || len(n.Name) > 200 || strings.ContainsFunc(n.Name, unicode.IsControl) {
		return nil, fault.New(fault.Invalid, "the name must be one line of 1 to 200 bytes")
	}
	if e.Parent != nil {
		n.Parent = Ref{Kind: n.Kind.Parent(), Key: *e.Parent}
	}
	if e.Group != nil && *e.Group != "" && n.Kind == hierarchy.Category {
		g := w.now.Node(Ref{Kind: hierarchy.Group, Key: *e.Group})
		if g == nil {
			return nil, fault.New(fault.Invalid, "there is no group %q%s", *e.Group, nearest.Hint(*e.Group, w.now.keys(hierarchy.Group)))
		}
		if e.Parent == nil {
			n.Parent = g.Parent
		}
	}
	if k := n.Kind.Parent(); k == "" {
		n.Parent = Ref{}
	} else if w.now.Node(n.Parent) == nil {
		return nil, fault.New(fault.Invalid, "there is no %s %q%s", k, n.Parent.Key, nearest.Hint(n.Parent.Key, w.now.keys(k)))
	}
	for _, f := range e.Fields {
		n.Fields = n.Fields.With(f.Key, f.Value)
	}
	return n, nil
}

// build lets one group build a category, and no other; "" is none.
func (w *writer) build(ctx context.Context, category *Node, group string) error {
	for _, g := range w.now.Of(hierarchy.Group) {
		keys := g.Categories()
		has, wants := slices.Contains(keys, category.Key), g.Key == group
		if has == wants {
			continue
		}
		if wants {
			keys = append(keys, category.Key)
		} else {
			keys = slices.DeleteFunc(keys, func(k string) bool { return k == category.Key })
		}
		changed := *g
		changed.Fields = g.Fields.With("categories", hierarchy.Texts(keys...))
		if _, err := w.keep(ctx, g, &changed); err != nil {
			return err
		}
	}
	return nil
}

// retireNode ends a node that nothing lies in. A category leaves its groups.
func (w *writer) retireNode(ctx context.Context, r Ref) error {
	for _, k := range hierarchy.Kinds {
		if k.Parent() != r.Kind {
			continue
		}
		if below := w.now.Below(r, k); len(below) > 0 {
			return fault.New(fault.Conflict, "%s still lie in it, such as %s: move or retire them first", k.Plural(), below[0].Name)
		}
	}
	if r.Kind == hierarchy.Category {
		if err := w.build(ctx, w.now.Node(r), ""); err != nil {
			return err
		}
	}
	if err := w.retire(ctx, r); err != nil {
		return fmt.Errorf("retire %s: %w", r, err)
	}
	if err := w.record(ctx, "retire", r); err != nil {
		return err
	}
	return w.findable(ctx, hierarchy.NewTree(nil), r)
}

// keys lists the keys of a kind, for those who mistyped one.
func (h *Hierarchy) keys(k hierarchy.Kind) []string {
	var out []string
	for _, n := range h.Of(k) {
		out = append(out, n.Key)
	}
	return out
}

// overtaken compares what an editor saw with what is.
func (h *Hierarchy) overtaken(n *Node, seen map[string]string) []FieldChange {
	var out []FieldChange
	for field, was := range seen {
		if now := h.Shown(n, field); now != was {
			out = append(out, FieldChange{field, was, now})
		}
	}
	slices.SortFunc(out, func(a, b FieldChange) int { return strings.Compare(a.Field, b.Field) })
	return out
}

// Shown returns a field as an editor sees it: "name", the kind of the parent,
// "group" for the group that builds a category, or any other.
func (h *Hierarchy) Shown(n *Node, field string) string {
	switch field {
	case "name":
		return n.Name
	case cmp.Or(string(n.Kind.Parent()), "none"):
		return n.Parent.Key
	case "group":
		if owners := h.Owners(n.Key); n.Kind == hierarchy.Category && len(owners) > 0 {
			return owners[0].Key
		}
		return ""
	}
	return n.Fields.Get(field).Words()
}

// MayChange reports whether an actor may change and import the hierarchy at
// once, for what is shown or left out.
func (s *Service) MayChange(by auth.Actor) bool { return s.auth.May(by, ChangeNode, whole) }

// MayPropose reports whether an actor may ask for changes.
func (s *Service) MayPropose(by auth.Actor) bool { return s.auth.May(by, ProposeChange, whole) }
