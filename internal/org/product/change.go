package product

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A ChangeID names a change that somebody asked for.
type ChangeID string

// A RequestKind says what a change is about; who has to agree follows from it.
type RequestKind string

// The kinds of change, by what they touch most.
const (
	AddNode       RequestKind = "add"
	RetireNode    RequestKind = "retire"
	RenameNode    RequestKind = "rename"
	MoveNode      RequestKind = "move"
	Downgrade     RequestKind = "downgrade" // of the maturity of a category
	ChangeDetails RequestKind = "details"
)

// IsStructural reports whether a change touches the structure.
func (k RequestKind) IsStructural() bool { return k != Downgrade && k != ChangeDetails }

// A RequestState says how far a change is.
type RequestState string

// The states of a change.
const (
	Review    RequestState = "review"
	Approved  RequestState = "approved"
	Applied   RequestState = "applied"
	Refused   RequestState = "rejected"
	Withdrawn RequestState = "withdrawn"
)

// IsOver reports whether nothing more happens to a change.
func (s RequestState) IsOver() bool { return s == Applied || s == Refused || s == Withdrawn }

// An Approval is the agreement that a role has to give.
type Approval struct {
	Role string // of the policy pack; behind ":" a section other than that of the node
	// Person is who has the role; "" is nobody, until somebody is named.
	Person   PersonID
	Called   string
	Account  auth.PrincipalID // by which it is given; "" if the person has none
	Decision string           // "", "approved" or "rejected"
	By       auth.PrincipalID
	Day      calendar.Day
	Note     string
}

// A ChangeRequest is a change of the hierarchy that somebody asks for.
type ChangeRequest struct {
	ID        ChangeID
	Version   int64
	Kind      RequestKind
	Node      Ref
	Title     string // of the node, as it is now, or as it is to be called
	Before    map[string]string
	Edit      Edit
	Fields    []FieldChange
	Reason    string
	Canvas    string
	Announced []string
	State     RequestState
	By        auth.PrincipalID
	At        time.Time
	End       calendar.Day
	Approvals []Approval
	// Informed are the roles that are told.
	Informed []string
	// Wanting says what still stands against applying it, in words; none if it
	// can be applied.
	Wanting []string
}

// A Proposal asks for a change.
type Proposal struct {
	Edit   Edit
	Reason string
	// Canvas is the address of the reviewed opportunity canvas of a new category.
	Canvas string
	// Announced are the addresses of where a downgrade was announced.
	Announced []string
}

// wireEdit is an edit as it is kept.
type wireEdit struct {
	Name   *string         `json:"name,omitempty"`
	Parent *string         `json:"parent,omitempty"`
	Group  *string         `json:"group,omitempty"`
	Fields json.RawMessage `json:"fields,omitempty"`
	Retire bool            `json:"retire,omitempty"`
}

// Propose asks for a change. Everybody with an account may. The roles that have
// to agree follow from the kind of the change and the policy pack; whoever has a
// role is found in the hierarchy, or by People. It fails with Invalid for a
// change that could not be made, that has no reason, or lacks a canvas.
func (s *Service) Propose(ctx context.Context, by auth.Actor, p Proposal) (id ChangeID, err error) {
	if err := s.auth.Can(by, ProposeChange, whole); err != nil {
		return "", err
	}
	p.Reason, p.Canvas = strings.TrimSpace(p.Reason), strings.TrimSpace(p.Canvas)
	if p.Reason == "" || len(p.Reason) > mostWords {
		return "", fault.New(fault.Invalid, "say why, in at most %d characters: those who decide will read it", mostWords)
	}
	if err := checkLinks(append([]string{p.Canvas}, p.Announced...)...); err != nil {
		return "", err
	}
	err = s.db.Update(ctx, func(tx store.Tx) error {
		w, err := s.writer(ctx, tx, by, "")
		if err != nil {
			return err
		}
		id, err = w.propose(ctx, &p)
		return err
	})
	return id, err
}

// mostWords is the length of a reason or a note in bytes.
const mostWords = 4000

// checkLinks refuses what is no address.
func checkLinks(all ...string) error {
	for _, l := range all {
		if l != "" && (len(l) > 2000 || strings.ContainsAny(l, " \t\r\n") || !strings.HasPrefix(l, "https://") && !strings.HasPrefix(l, "http://") && !strings.HasPrefix(l, "/")) {
			return fault.New(fault.Invalid, "%q is no address: it begins with https:// or /", l)
		}
	}
	return nil
}

func (w *writer) propose(ctx context.Context, p *Proposal) (ChangeID, error) {
	e := &p.Edit
	old := w.now.Node(e.Node)
	if old != nil {
		e.Version = w.now.Version(e.Node)
	} else if e.Version != 0 {
		_, err := w.now.Find(e.Node)
		return "", err
	}
	var after *Node
	var err error
	if e.Retire {
		if old == nil {
			_, err := w.now.Find(e.Node)
			return "", err
		}
	} else if after, err = w.edited(old, e); err != nil {
		return "", err
	}
	for _, f := range e.Fields {
		if hierarchy.IsSlot(f.Key) {
			return "", fault.New(fault.Invalid, "who stands beside a part of the product is decided by whoever leads the section, on the board of counterparts: leave out %s", f.Key)
		}
	}
	kind := w.now.kindOf(old, after, e)
	if kind == "" {
		return "", fault.New(fault.Invalid, "this changes nothing")
	}
	if kind == AddNode && e.Node.Kind == hierarchy.Category && w.now.Pack.Rooms().Org.Changes.NewCategoryCanvas && p.Canvas == "" {
		return "", fault.New(fault.Invalid, "a new category needs an opportunity canvas that was reviewed: say where it is")
	}
	before := map[string]string{}
	for field := range e.touched() {
		if old != nil {
			before[field] = w.now.Shown(old, field)
		}
	}
	id := ChangeID(newID())
	texts, err := jsonTexts(before, toWire(e), p.Announced)
	if err != nil {
		return "", err
	}
	err = w.q.AddChange(ctx, db.AddChangeParams{
		ID: string(id), Kind: string(kind), NodeKind: string(e.Node.Kind), NodeKey: e.Node.Key, Before: texts[0], After: texts[1],
		Reason: p.Reason, Canvas: p.Canvas, Announced: texts[2], State: string(Review), MadeBy: string(w.by.ID), MadeAt: store.At(w.clock()),
	})
	if err != nil {
		return "", fmt.Errorf("add a change: %w", err)
	}
	for _, role := range w.now.approvers(kind, old, after) {
		person, err := w.inRole(ctx, role, old, after)
		if err != nil {
			return "", err
		}
		if err := w.q.AddApproval(ctx, db.AddApprovalParams{Change: string(id), Role: role, Person: string(person)}); err != nil {
			return "", fmt.Errorf("add an approval: %w", err)
		}
	}
	return id, w.journal.Record(ctx, w.tx, w.by, string(ProposeChange), "change", string(id), audit.F("kind", string(kind)), audit.F("node", e.Node.String()))
}

// jsonTexts returns values in JSON.
func jsonTexts(values ...any) ([]string, error) {
	out := make([]string, len(values))
	for i, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		out[i] = string(text)
	}
	return out, nil
}

func toWire(e *Edit) wireEdit {
	w := wireEdit{Name: e.Name, Parent: e.Parent, Group: e.Group, Retire: e.Retire}
	if len(e.Fields) > 0 {
		w.Fields = json.RawMessage(e.Fields.JSON())
	}
	return w
}

// touched returns the fields that an edit is about.
func (e *Edit) touched() map[string]bool {
	out := map[string]bool{}
	if e.Name != nil {
		out["name"] = true
	}
	if e.Parent != nil {
		out[string(e.Node.Kind.Parent())] = true
	}
	if e.Group != nil {
		out["group"] = true
	}
	for _, f := range e.Fields {
		out[f.Key] = true
	}
	return out
}

// kindOf says what a change is about; "" if it is about nothing.
func (h *Hierarchy) kindOf(old, after *Node, e *Edit) RequestKind {
	switch {
	case e.Retire:
		return RetireNode
	case old == nil:
		return AddNode
	case old.Name != after.Name:
		return RenameNode
	case old.Parent != after.Parent || e.Group != nil && h.Shown(old, "group") != *e.Group:
		return MoveNode
	case old.Fields.Equal(after.Fields):
		return ""
	}
	rank := func(n *Node) int {
		return slices.IndexFunc(h.Pack.Rooms().Direction.Maturity.Levels, func(l policy.MaturityLevel) bool { return l.Key == n.Maturity() })
	}
	if was, now := rank(old), rank(after); was >= 0 && now < was {
		return Downgrade
	}
	return ChangeDetails
}

// approvers returns the roles that have to agree.
func (h *Hierarchy) approvers(kind RequestKind, old, after *Node) []string {
	c := &h.Pack.Rooms().Org.Changes
	var out []string
	add := func(roles []string) {
		for _, r := range roles {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	switch {
	case kind.IsStructural():
		add(c.Structure)
	case kind == Downgrade:
		add(c.Details)
		add(c.Downgrade)
	default:
		add(c.Details)
	}
	from, to := h.sectionOf(old), h.sectionOf(after)
	if from != nil && to != nil && from != to { // the section that it comes into agrees, too
		for _, r := range slices.Clone(out) {
			if strings.HasSuffix(r, ofSection) {
				add([]string{r + ":" + to.Key})
			}
		}
	}
	return out
}

const ofSection = "_of_section"

// sectionOf returns the section that a node lies, or is to lie, in.
func (h *Hierarchy) sectionOf(n *Node) *Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == hierarchy.Section:
		return h.Node(n.Ref)
	case n.Kind == hierarchy.Stage:
		return h.Node(n.Parent)
	}
	return h.SectionOf(n.Parent)
}

// inRole finds out who has a role for a node.
func (w *writer) inRole(ctx context.Context, role string, old, after *Node) (PersonID, error) {
	name, section, elsewhere := strings.Cut(role, ":")
	if !strings.HasSuffix(name, ofSection) {
		return w.people.InRole(ctx, w.tx, w.day, role)
	}
	s := w.now.sectionOf(old)
	if s == nil {
		s = w.now.sectionOf(after)
	}
	if elsewhere {
		s = w.now.Node(Ref{Kind: hierarchy.Section, Key: section})
	}
	if s == nil {
		return "", nil
	}
	function := hierarchy.Product
	if strings.HasPrefix(name, "engineering") {
		function = hierarchy.Development
	}
	for _, h := range w.now.InFunction(s.Ref, function) {
		if h.Person != "" {
			return h.Person, nil
		}
	}
	return "", nil
}

// request reads a change, as it stands against the hierarchy of today.
func (s *Service) request(ctx context.Context, tx store.Tx, h *Hierarchy, row *db.OrgProductChange) (*ChangeRequest, error) {
	c := &ChangeRequest{
		ID: ChangeID(row.ID), Version: row.Version, Kind: RequestKind(row.Kind), Node: Ref{Kind: hierarchy.Kind(row.NodeKind), Key: row.NodeKey},
		Reason: row.Reason, Canvas: row.Canvas, State: RequestState(row.State), By: auth.PrincipalID(row.MadeBy), At: row.MadeAt.Time, End: row.EndDay,
	}
	var e wireEdit
	for text, to := range map[string]any{row.Before: &c.Before, row.After: &e, row.Announced: &c.Announced} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			return nil, fmt.Errorf("read the change %s: %w", row.ID, err)
		}
	}
	c.Edit = Edit{Node: c.Node, Seen: c.Before, Name: e.Name, Parent: e.Parent, Group: e.Group, Retire: e.Retire}
	if len(e.Fields) > 0 {
		var err error
		if c.Edit.Fields, err = hierarchy.ParseFields(string(e.Fields)); err != nil {
			return nil, err
		}
	}
	if n := h.Node(c.Node); n != nil {
		c.Title = h.Title(n)
	} else if c.Title = c.Node.Key; e.Name != nil {
		c.Title = *e.Name
	}
	c.Fields = c.fields()
	if err := s.approvals(ctx, tx, h, c); err != nil {
		return nil, err
	}
	rules := &h.Pack.Rooms().Org.Changes
	if c.Kind.IsStructural() {
		c.Informed = rules.StructureInformed
	} else if c.Kind == Downgrade {
		c.Informed = []string{"counterparts_of_group"}
	}
	c.Wanting = c.wanting(rules.DowngradeChannels)
	return c, nil
}

// fields lists what a change makes of what.
func (c *ChangeRequest) fields() []FieldChange {
	var out []FieldChange
	say := func(field string, now *string) {
		if now != nil {
			out = append(out, FieldChange{field, c.Before[field], *now})
		}
	}
	say("name", c.Edit.Name)
	say(string(c.Node.Kind.Parent()), c.Edit.Parent)
	say("group", c.Edit.Group)
	for _, f := range c.Edit.Fields {
		out = append(out, FieldChange{f.Key, c.Before[f.Key], f.Value.Words()})
	}
	return slices.DeleteFunc(out, func(f FieldChange) bool { return f.Was == f.Now })
}

func (s *Service) approvals(ctx context.Context, tx store.Tx, h *Hierarchy, c *ChangeRequest) error {
	rows, err := db.New(tx).Approvals(ctx, string(c.ID))
	if err != nil {
		return fmt.Errorf("read who agreed: %w", err)
	}
	var ids []PersonID
	for _, r := range rows {
		ids = append(ids, PersonID(r.Person))
	}
	known, err := s.people.Known(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		p := known[PersonID(r.Person)]
		c.Approvals = append(c.Approvals, Approval{
			Role: r.Role, Person: PersonID(r.Person), Called: p.Name, Account: p.Account, Decision: r.Decision,
			By: auth.PrincipalID(r.DecidedBy), Day: r.DecidedDay, Note: r.Note,
		})
	}
	order := h.approvers(c.Kind, nil, nil)
	slices.SortStableFunc(c.Approvals, func(a, b Approval) int { return slices.Index(order, a.Role) - slices.Index(order, b.Role) })
	return nil
}

// wanting says what stands against applying a change.
func (c *ChangeRequest) wanting(channels int) []string {
	var out []string
	for _, a := range c.Approvals {
		if a.Decision == "" {
			out = append(out, "approval of the role "+strings.ReplaceAll(a.Role, "_", " "))
		}
	}
	if n := channels - len(c.Announced); c.Kind == Downgrade && n > 0 {
		out = append(out, fmt.Sprintf("announcements in %d more channels", n))
	}
	return out
}

// Request returns a change that somebody asked for. It fails with NotFound if
// there is none with the id.
func (s *Service) Request(ctx context.Context, by auth.Actor, id ChangeID) (*ChangeRequest, error) {
	if err := s.auth.Can(by, ReadNode, whole); err != nil {
		return nil, err
	}
	var c *ChangeRequest
	err := s.db.View(ctx, func(tx store.Tx) (err error) {
		_, c, err = s.load(ctx, tx, id)
		return err
	})
	return c, err
}

func (s *Service) load(ctx context.Context, tx store.Tx, id ChangeID) (*Hierarchy, *ChangeRequest, error) {
	row, err := db.New(tx).Change(ctx, string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, fault.New(fault.NotFound, "there is no such change")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read a change: %w", err)
	}
	h, err := s.HierarchyAt(ctx, tx, "")
	if err != nil {
		return nil, nil, err
	}
	c, err := s.request(ctx, tx, h, &row)
	return h, c, err
}

// Requests returns the latest changes that were asked for; of one node if it is
// named.
func (s *Service) Requests(ctx context.Context, by auth.Actor, of Ref) ([]*ChangeRequest, error) {
	if err := s.auth.Can(by, ReadNode, whole); err != nil {
		return nil, err
	}
	var out []*ChangeRequest
	err := s.db.View(ctx, func(tx store.Tx) error {
		out = nil
		h, err := s.HierarchyAt(ctx, tx, "")
		if err != nil {
			return err
		}
		q := db.New(tx)
		rows, err := q.Changes(ctx)
		if of != (Ref{}) {
			rows, err = q.ChangesOf(ctx, db.ChangesOfParams{NodeKind: string(of.Kind), NodeKey: of.Key})
		}
		if err != nil {
			return fmt.Errorf("read changes: %w", err)
		}
		for i := range rows {
			c, err := s.request(ctx, tx, h, &rows[i])
			if err != nil {
				return err
			}
			out = append(out, c)
		}
		return nil
	})
	return out, err
}
