package product

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Hierarchy is the product hierarchy as of a day, with who stands in it. It is
// not changed after it was read.
type Hierarchy struct {
	*picture
	known map[PersonID]Person
}

// A picture is what a hierarchy is apart from how people are called, which may
// change without it. It is shared.
type picture struct {
	*hierarchy.Tree
	Day    calendar.Day
	Pack   *policy.Pack
	Limits hierarchy.Limits

	rows    map[Ref]*row
	holder  map[Ref][]Holder
	persons []PersonID                         // who stand in it
	found   func() map[Ref][]hierarchy.Finding // judged when it is asked for first
}

// A row is a node as it is kept.
type row struct {
	version int64
	since   calendar.Day
	bare    hierarchy.Fields // without names
	slots   map[string]slot  // by path
}

// A slot is a name in a field, as it is kept.
type slot struct {
	words  string
	person PersonID
	since  calendar.Day
}

// A Holder is somebody, or nobody, who stands in a field of a node.
type Holder struct {
	hierarchy.Holder
	// Person is who that is; "" if nobody is known by the name.
	Person PersonID
	// Called is how they are called now; it is the name in the field where nobody
	// is known by it.
	Called string
	Since  calendar.Day
	Line   int
}

// Key names whoever holds it, also where only a name is known: two holders with
// the same key are the same person.
func (h *Holder) Key() string {
	if h.Person != "" {
		return "person:" + string(h.Person)
	}
	return "name:" + h.Name
}

// Hierarchy returns the hierarchy as of a day; "" is today. Everybody who signed
// in may read it.
func (s *Service) Hierarchy(ctx context.Context, by auth.Actor, day calendar.Day) (*Hierarchy, error) {
	if err := s.auth.Can(by, ReadNode, whole); err != nil {
		return nil, err
	}
	var h *Hierarchy
	err := s.db.View(ctx, func(tx store.Tx) (err error) {
		h, err = s.HierarchyAt(ctx, tx, day)
		return err
	})
	return h, err
}

// HierarchyAt returns the hierarchy as of a day, for other rooms.
func (s *Service) HierarchyAt(ctx context.Context, tx store.Tx, day calendar.Day) (*Hierarchy, error) {
	p, err := s.picture(ctx, tx, s.day(day))
	if err != nil {
		return nil, err
	}
	known, err := s.people.Known(ctx, tx, p.persons)
	if err != nil {
		return nil, fmt.Errorf("find out how people are called: %w", err)
	}
	return &Hierarchy{p, known}, nil
}

// draw makes the picture of a day.
func draw(ctx context.Context, q *db.Queries, day calendar.Day, pack *policy.Pack) (*picture, error) {
	nodes, err := q.Nodes(ctx, day)
	if err != nil {
		return nil, fmt.Errorf("read the hierarchy: %w", err)
	}
	slots, err := q.Slots(ctx, day)
	if err != nil {
		return nil, fmt.Errorf("read who stands in the hierarchy: %w", err)
	}
	h := &picture{Day: day, Pack: pack, Limits: hierarchy.LimitsOf(pack), rows: map[Ref]*row{}, holder: map[Ref][]Holder{}}
	by := map[Ref]map[string]slot{}
	ids := map[PersonID]bool{}
	for _, one := range slots {
		ref := Ref{Kind: hierarchy.Kind(one.Kind), Key: one.Key}
		if by[ref] == nil {
			by[ref] = map[string]slot{}
		}
		by[ref][one.Path] = slot{one.Words, PersonID(one.Person), one.SinceDay}
		if one.Person != "" {
			ids[PersonID(one.Person)] = true
		}
	}
	list := make([]*Node, 0, len(nodes))
	for _, n := range nodes {
		node, r, err := h.node(n, by)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", n.Kind, n.Key, err)
		}
		list = append(list, node)
		h.rows[node.Ref] = r
	}
	h.Tree, h.persons = hierarchy.NewTree(list), slices.Sorted(maps.Keys(ids))
	for _, n := range h.Nodes {
		h.holder[n.Ref] = h.holders(n)
	}
	h.found = sync.OnceValue(h.judge)
	return h, nil
}

// node makes a node of what is kept.
func (h *picture) node(n db.NodesRow, slots map[Ref]map[string]slot) (*Node, *row, error) {
	bare, err := hierarchy.ParseFields(n.Fields)
	if err != nil {
		return nil, nil, err
	}
	ref := Ref{Kind: hierarchy.Kind(n.Kind), Key: n.Key}
	r := &row{version: n.Version, since: n.SinceDay, bare: bare, slots: slots[ref]}
	node := &Node{Ref: ref, Name: n.Name, File: n.File, Line: int(n.Line)}
	if k := ref.Kind.Parent(); k != "" {
		node.Parent = Ref{Kind: k, Key: n.Parent}
	}
	if n.Lines != "" {
		if err := json.Unmarshal([]byte(n.Lines), &node.Lines); err != nil {
			return nil, nil, err
		}
	}
	words := map[string]string{}
	for path, s := range r.slots {
		words[path] = s.words
	}
	node.Fields = bare.Fill(words, h.openWord())
	return node, r, nil
}

// openWord is what is written where nobody holds a slot.
func (h *picture) openWord() string {
	if words := h.Limits.OpenHolders; len(words) > 0 {
		return words[0]
	}
	return "TBD"
}

func (h *picture) holders(n *Node) []Holder {
	var out []Holder
	for _, one := range n.Holders(h.Limits.Words()) {
		x := Holder{Holder: one, Called: one.Name, Line: n.LineOf(one.Path)}
		if s, ok := h.rows[n.Ref].slots[one.Path]; ok {
			x.Since = s.since
			if x.State != hierarchy.Open && x.State != hierarchy.ByTeam {
				x.Person = s.person
			}
		}
		out = append(out, x)
	}
	return out
}

// HoldersOf returns who stands in the fields of a node.
func (h *Hierarchy) HoldersOf(r Ref) []Holder {
	out := slices.Clone(h.holder[r])
	for i := range out {
		if p, ok := h.known[out[i].Person]; ok {
			out[i].Called = p.Name
		}
	}
	return out
}

// InFunction returns who of a function stands beside a node, the open slots
// included.
func (h *Hierarchy) InFunction(r Ref, f hierarchy.Function) []Holder {
	var out []Holder
	for _, one := range h.HoldersOf(r) {
		if one.Function == f {
			out = append(out, one)
		}
	}
	return out
}

// Version returns how often a node was changed, for edits; 0 if it is not there.
func (h *Hierarchy) Version(r Ref) int64 {
	if row := h.rows[r]; row != nil {
		return row.version
	}
	return 0
}

// Since returns since when a node has been as it is.
func (h *Hierarchy) Since(r Ref) calendar.Day {
	if row := h.rows[r]; row != nil {
		return row.since
	}
	return ""
}

// Called returns how somebody is called; "" if that is not known.
func (h *Hierarchy) Called(id PersonID) string { return h.known[id].Name }

// Report judges the hierarchy by the policy pack.
func (h *Hierarchy) Report() hierarchy.Report { return hierarchy.Examine(h.Tree, nil, h.Pack) }

// Findings returns what is wrong with a node.
func (h *Hierarchy) Findings(r Ref) []hierarchy.Finding { return h.found()[r] }

// judge judges the hierarchy, and returns what is wrong by nodes.
func (h *picture) judge() map[Ref][]hierarchy.Finding {
	out := map[Ref][]hierarchy.Finding{}
	for _, f := range hierarchy.Check(h.Tree, h.Limits) {
		out[f.Ref()] = append(out[f.Ref()], f)
	}
	return out
}

// Files returns the hierarchy as the organisation's files, by their names.
// Importing them changes nothing.
func (h *Hierarchy) Files() (map[string][]byte, error) { return hierarchy.Write(h.Tree) }

// directors returns the accounts of those who lead the section of a node.
func (h *Hierarchy) directors(r Ref) []auth.PrincipalID {
	section := h.SectionOf(r)
	if section == nil {
		return nil
	}
	var out []auth.PrincipalID
	for _, one := range h.InFunction(section.Ref, hierarchy.Product) {
		if p := h.known[one.Person]; p.Account != "" {
			out = append(out, p.Account)
		}
	}
	return out
}

// members returns the accounts of all who stand beside a node or lead its
// section.
func (h *Hierarchy) members(r Ref) []auth.PrincipalID {
	out := h.directors(r)
	for _, one := range h.holder[r] {
		if p := h.known[one.Person]; p.Account != "" && !slices.Contains(out, p.Account) {
			out = append(out, p.Account)
		}
	}
	return out
}

// thing returns a node as the policies see it.
func (h *Hierarchy) thing(r Ref) auth.Entity {
	return auth.Entity{Kind: "node", ID: r.String(), Attributes: map[string]any{"directors": h.directors(r), "members": h.members(r)}}
}
