package product

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Request asks for an import.
type Request struct {
	// Files are the texts of sections.yml, stages.yml and categories.yml. What a
	// file that is missing would say stays as it is.
	Files map[string][]byte
	// Day is since when the files hold; "" is today.
	Day calendar.Day
	// Removals is the explicit yes to the removal of so many nodes that an
	// import is refused without it.
	Removals bool
}

// A ChangeKind says what becomes of a node.
type ChangeKind string

// The kinds of change.
const (
	Added   ChangeKind = "new"
	Changed ChangeKind = "changed"
	Gone    ChangeKind = "gone"
)

// A NodeChange is what an import or an edit changes about a node.
type NodeChange struct {
	Kind   ChangeKind    `json:"change"`
	Node   Ref           `json:"node"`
	Name   string        `json:"name"`
	Fields []FieldChange `json:"fields"`
}

// A FieldChange is a field that says something else. The name of a node and what
// it lies in go as fields, too.
type FieldChange struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

// An Import is what an import did, or would do.
type Import struct {
	hierarchy.Report
	Day     calendar.Day `json:"day"`
	New     int          `json:"new"`
	Changed int          `json:"changed"`
	Gone    int          `json:"gone"`
	Same    int          `json:"same"`
	Changes []NodeChange `json:"changes"`
	// NeedsYes is set if so much would go that it is not done without
	// Request.Removals; Most is how much may go.
	NeedsYes bool `json:"needs_yes"`
	Most     int  `json:"most_removals"`
	// Applied is set if something was changed.
	Applied bool `json:"applied"`
}

// Preview says what an import would do, and does nothing. Whoever may import may
// preview.
func (s *Service) Preview(ctx context.Context, by auth.Actor, r Request) (*Import, error) {
	read, err := s.readFiles(by, r)
	if err != nil {
		return nil, err
	}
	var out *Import
	err = s.db.View(ctx, func(tx store.Tx) error {
		w, err := s.writer(ctx, tx, by, r.Day)
		if err == nil {
			out, _ = w.compare(read)
			out.NeedsYes = out.NeedsYes && !r.Removals
		}
		return err
	})
	return out, err
}

// Import brings the hierarchy to what files say. Lines that cannot be used are
// reported, and change nothing; all others count. The same again changes
// nothing. If more nodes would go than the policy pack lets go, nothing is done
// without Request.Removals: that is data, not an error.
//
// An administrator may call it. It fails with Invalid for files that cannot be
// read, and for a day before the last change.
func (s *Service) Import(ctx context.Context, by auth.Actor, r Request) (*Import, error) {
	read, err := s.readFiles(by, r)
	if err != nil {
		return nil, err
	}
	var out *Import
	err = s.db.Update(ctx, func(tx store.Tx) error {
		w, err := s.writer(ctx, tx, by, r.Day)
		if err != nil {
			return err
		}
		var wanted *hierarchy.Tree
		out, wanted = w.compare(read)
		if out.NeedsYes && !r.Removals {
			return nil
		}
		out.NeedsYes = false
		return w.apply(ctx, out, wanted, read)
	})
	return out, err
}

func (s *Service) readFiles(by auth.Actor, r Request) (*hierarchy.Reading, error) {
	if err := s.auth.Can(by, ImportNodes, whole); err != nil {
		return nil, err
	}
	return hierarchy.Parse(r.Files)
}

// compare says what files change, and returns the hierarchy as it is to be.
func (w *writer) compare(read *hierarchy.Reading) (*Import, *hierarchy.Tree) {
	wanted, rejected := w.wanted(read)
	out := &Import{Report: hierarchy.Examine(wanted, rejected, w.now.Pack), Day: w.day}
	for _, n := range wanted.Nodes {
		old := w.now.Node(n.Ref)
		switch {
		case old == nil:
			out.New++
			out.Changes = append(out.Changes, NodeChange{Added, n.Ref, n.Name, nil})
		default:
			fields := differences(old, n)
			if len(fields) == 0 && old.Fields.Equal(n.Fields) {
				out.Same++
				continue
			}
			out.Changed++
			out.Changes = append(out.Changes, NodeChange{Changed, n.Ref, n.Name, fields})
		}
	}
	for _, n := range w.now.Nodes {
		if wanted.Node(n.Ref) == nil {
			out.Gone++
			out.Changes = append(out.Changes, NodeChange{Gone, n.Ref, n.Name, nil})
		}
	}
	limits := w.now.Pack.Rooms().Org.Imports
	out.Most = max(limits.RemovalCount, len(w.now.Nodes)*limits.RemovalPercent/100)
	out.NeedsYes = out.Gone > out.Most
	return out, wanted
}

// wanted returns the hierarchy that files ask for: their nodes, but for those
// whose parent is nowhere, those of kinds whose file is missing, and those that
// a line that cannot be used was about.
func (w *writer) wanted(read *hierarchy.Reading) (*hierarchy.Tree, []hierarchy.Finding) {
	rejected := slices.Clone(read.Rejected)
	kept := map[Ref]bool{}
	for _, f := range rejected {
		kept[f.Ref()] = true
	}
	nodes := map[Ref]*Node{}
	var order []*Node
	put := func(n *Node) {
		if nodes[n.Ref] == nil {
			nodes[n.Ref] = n
			order = append(order, n)
		}
	}
	for _, k := range hierarchy.Kinds {
		for _, n := range read.Of(k) {
			if p := k.Parent(); p != "" && nodes[n.Parent] == nil {
				kept[n.Ref] = true
				rejected = append(rejected, n.Homeless(read.Tree, w.now.Tree))
				continue
			}
			put(n)
		}
		for _, n := range w.now.Of(k) {
			if !read.Has(k) || kept[n.Ref] || w.holdsKept(n, read, kept) {
				put(n)
			}
		}
	}
	return hierarchy.NewTree(order), rejected
}

// holdsKept reports whether something stays that lies in a node.
func (w *writer) holdsKept(n *Node, read *hierarchy.Reading, kept map[Ref]bool) bool {
	for _, k := range hierarchy.Kinds {
		if k.Parent() != n.Kind {
			continue
		}
		for _, below := range w.now.Below(n.Ref, k) {
			if !read.Has(k) || kept[below.Ref] || w.holdsKept(below, read, kept) {
				return true
			}
		}
	}
	return false
}

// differences compares what a node is with what it is to be.
func differences(old, n *Node) []FieldChange {
	var out []FieldChange
	say := func(field, was, now string) {
		if was != now {
			out = append(out, FieldChange{field, was, now})
		}
	}
	say("name", old.Name, n.Name)
	say(cmp.Or(string(n.Kind.Parent()), "parent"), old.Parent.Key, n.Parent.Key)
	for _, f := range old.Fields {
		say(f.Key, f.Value.Words(), n.Fields.Get(f.Key).Words())
	}
	for _, f := range n.Fields {
		if !old.Fields.Has(f.Key) {
			say(f.Key, "", f.Value.Words())
		}
	}
	return out
}

// apply saves what an import changes.
func (w *writer) apply(ctx context.Context, out *Import, wanted *hierarchy.Tree, read *hierarchy.Reading) error {
	if err := w.lookUp(ctx, wanted.Nodes...); err != nil {
		return err
	}
	at := map[hierarchy.Kind]int64{}
	for _, n := range wanted.Nodes {
		if _, err := w.save(ctx, n); err != nil {
			return fmt.Errorf("save %s: %w", n.Ref, err)
		}
		if err := w.place(ctx, n, at[n.Kind]); err != nil {
			return fmt.Errorf("place %s: %w", n.Ref, err)
		}
		at[n.Kind]++
	}
	verbs := map[ChangeKind]string{Added: "add", Changed: "change", Gone: "retire"}
	for _, c := range out.Changes {
		if c.Kind == Gone {
			if err := w.retire(ctx, c.Node); err != nil {
				return fmt.Errorf("retire %s: %w", c.Node, err)
			}
		}
		if err := w.record(ctx, verbs[c.Kind], c.Node); err != nil {
			return err
		}
		if err := w.findable(ctx, wanted, c.Node); err != nil {
			return err
		}
	}
	if len(out.Changes) == 0 {
		return nil
	}
	out.Applied = true
	return w.journal.Record(ctx, w.tx, w.by, string(ImportNodes), "hierarchy", "hierarchy",
		audit.F("new", out.New), audit.F("changed", out.Changed), audit.F("gone", out.Gone), audit.F("rejected", out.Rejected()), audit.F("day", string(w.day)))
}
