// Package product is the product side of the organisation: sections, stages,
// groups and categories, who stands beside them, who decides, and the use cases
// that they serve together.
//
// The hierarchy comes from the organisation's own files (package hierarchy) or
// is written here, and can be given back as files. A node has a key for ever;
// its name, what it lies in and all its fields are states, each for a span of
// days, so that every question takes a day. The names of people that stand in
// fields are kept apart, as slots: they belong to the people, and go with them.
//
// A change of the structure is asked for by a Change, with approvers that follow
// from the policy pack; whoever administers the server may also do it at once. An
// import is judged like an edit of all nodes, and removes many of them only after
// an explicit yes.
//
// Who is directly responsible (DRI) is in a register of its own, one person at a
// time for a subject and kind. Where the register is silent, whoever the files
// name counts.
//
// People are ids here. What they are called, and who has an account or an
// office, a room above tells: see People. Functions that take a store.Tx are for
// other rooms, within their transaction; they check no permission.
package product

import (
	"context"
	_ "embed"
	"time"

	"github.com/google/uuid"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/store"
)

//go:embed policies.cedar
var policies []byte

// Policies returns who may do what, in Cedar, for the room that this is a part
// of.
func Policies() []byte { return policies }

// Room returns the policies as a room of their own, for tests.
func Room() auth.Room { return auth.Room{Name: "org", Policies: policies} }

// The actions.
const (
	ReadNode      auth.Action = "org.node.read"
	ChangeNode    auth.Action = "org.node.change"
	ImportNodes   auth.Action = "org.node.import"
	ProposeChange auth.Action = "org.node.propose"
	ApproveChange auth.Action = "org.node.approve"
	ApplyChange   auth.Action = "org.node.apply"
	NameApprover  auth.Action = "org.node.name_approver"

	ReadDRI    auth.Action = "org.dri.read"
	AppointDRI auth.Action = "org.dri.appoint"
	HandOver   auth.Action = "org.dri.hand_over"

	ReadCounterpart   auth.Action = "org.counterpart.read"
	ReadNotes         auth.Action = "org.counterpart.read_notes"
	ChangeCounterpart auth.Action = "org.counterpart.change"
	Convene           auth.Action = "org.counterpart.convene"

	ReadUseCase   auth.Action = "org.usecase.read"
	ChangeUseCase auth.Action = "org.usecase.change"
)

// Names that others use for what package hierarchy defines.
type (
	// A Ref names a node of the hierarchy.
	Ref = hierarchy.Ref
	// A Node is a section, stage, group or category.
	Node = hierarchy.Node
	// A PersonID names a person.
	PersonID = chart.PersonID
)

// A Person is what this room asks to know of somebody.
type Person struct {
	Name    string
	Account auth.PrincipalID // "" if they have none
	// Department is where they work; "" if that is not known.
	Department string
}

// People tells who people are. All questions are asked in a transaction.
type People interface {
	// Known returns the people with some ids; who is not known is left out.
	Known(ctx context.Context, tx store.Tx, ids []PersonID) (map[PersonID]Person, error)
	// Named returns who is called by some names on a day; a name that nobody
	// has, or several people, is left out.
	Named(ctx context.Context, tx store.Tx, day calendar.Day, names []string) (map[string]PersonID, error)
	// OfAccount returns the person of an account; "" if it is nobody's.
	OfAccount(ctx context.Context, tx store.Tx, account auth.PrincipalID) (PersonID, error)
	// InRole returns who has a role of the policy pack, such as "vp_product", on
	// a day; "" if nobody, or that is not known.
	InRole(ctx context.Context, tx store.Tx, day calendar.Day, role string) (PersonID, error)
}

// A Service keeps the hierarchy and who answers for it. Its methods take the
// actor and check what that one may do; each is one transaction.
type Service struct {
	db      *store.DB
	auth    *auth.Authority
	journal *audit.Journal
	policy  *chosen.Service
	people  People
	clock   func() time.Time
	zone    *time.Location
	shelf   shelf
}

// New returns the service over a database. People may be nil: then all names are
// only names. The zone is the organisation's, whose days count.
func New(
	db *store.DB, a *auth.Authority, j *audit.Journal, p *chosen.Service, people People, clock func() time.Time, zone *time.Location,
) *Service {
	if people == nil {
		people = nobody{}
	}
	return &Service{db: db, auth: a, journal: j, policy: p, people: people, clock: clock, zone: zone}
}

// Tables lists what the room keeps, for the backup and the documents.
func Tables() []string {
	return []string{
		"org_product_node", "org_product_state", "org_product_slot", "org_product_dri", "org_product_handover", "org_product_handover_step",
		"org_product_convening", "org_product_attendee", "org_product_use_case", "org_product_use_case_state", "org_product_change", "org_product_approval",
		"org_product_revision",
	}
}

// Today returns the day that it is for the organisation.
func (s *Service) Today() calendar.Day { return calendar.Of(s.clock().In(s.zone)) }

// day returns a day that was asked for, or today.
func (s *Service) day(d calendar.Day) calendar.Day {
	if d == "" {
		return s.Today()
	}
	return d
}

// newID returns a new id that sorts by the time of its making.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// whole is the hierarchy as a thing.
var whole = auth.Entity{Kind: "hierarchy", ID: "hierarchy"}

// nobody knows no people.
type nobody struct{}

func (nobody) Known(context.Context, store.Tx, []PersonID) (map[PersonID]Person, error) {
	return nil, nil
}

func (nobody) Named(context.Context, store.Tx, calendar.Day, []string) (map[string]PersonID, error) {
	return nil, nil
}

func (nobody) OfAccount(context.Context, store.Tx, auth.PrincipalID) (PersonID, error) {
	return "", nil
}

func (nobody) InRole(context.Context, store.Tx, calendar.Day, string) (PersonID, error) {
	return "", nil
}
