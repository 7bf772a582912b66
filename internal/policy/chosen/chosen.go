// Package chosen keeps which policy pack the organisation uses, and which of
// its values it has decided otherwise: by whom, when and why.
//
// A decision holds from a moment on until it is ended by another one or
// withdrawn. Nothing is deleted, so that the policy of any day can be looked
// up: a page of last year is judged by the decisions of last year.
//
// The effective pack is the chosen one with all overrides in force. Rooms ask
// Effective for it, within their transaction; each node remembers it together
// with the revision that it was made at, and reads that revision in the
// transaction of whoever asks. So every node goes by a decision as soon as it
// is committed, and a transaction sees its own.
//
// Everybody who signed in may look values up and see where they come from.
// Administrators decide, and see who did.
package chosen

import (
	_ "embed"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/store"
)

//go:embed policies.cedar
var policies []byte

// Room returns the policies of the room.
func Room() auth.Room { return auth.Room{Name: "policy", Policies: policies} }

// The actions of the room.
const (
	Read        auth.Action = "policy.pack.read"
	ReadHistory auth.Action = "policy.pack.read_history"
	Choose      auth.Action = "policy.pack.choose"
	Override    auth.Action = "policy.pack.override"
)

// Scopes lists the scopes that a token for the room can have.
func Scopes() []string { return []string{"policy:read", "policy:write"} }

// Tables lists what the room keeps, for the backup and the documents.
func Tables() []string { return []string{"policy_decision", "policy_revision"} }

// thing is the policy of the organisation, of which there is one.
var thing = auth.Entity{Kind: "policy", ID: "organisation"}

// Address returns where the page of a value is, for every screen that goes by
// it.
func Address(path string) string { return "/policy/" + path }

// A Decision chooses a pack or overrides a value of it.
type Decision struct {
	ID     string
	Path   string // of the value; "" chooses the pack
	Value  string // as YAML in one line; of a choice the name of the pack
	Reason string
	Since  time.Time
	By     auth.PrincipalID // "" is the program, or not to be seen
	// Until is nil while the decision holds; EndReason is empty if another one
	// took its place.
	Until     *time.Time
	EndedBy   auth.PrincipalID
	EndReason string
}

// IsChoice reports whether the decision chooses a pack.
func (d Decision) IsChoice() bool { return d.Path == "" }

// A Standing is what has been decided as of now.
type Standing struct {
	Revision  string       // changes with each decision
	Base      *policy.Pack // the chosen pack as it is shipped
	Pack      *policy.Pack // with the overrides
	Choice    *Decision    // nil: nobody chose, so that the default counts
	Overrides []Decision   // those that count, by path
	Lapsed    []Lapsed     // those that do not
}

// A Lapsed decision is one that this version of Cadre cannot follow: a pack
// that is no longer shipped, a value that no longer exists, or one that no
// longer fits.
type Lapsed struct {
	Decision
	Why string
}

// An Origin is where an effective value comes from.
type Origin struct {
	Value    policy.Value // the effective one
	Shipped  policy.Value // that of the chosen pack
	Override *Decision    // nil if the two are the same
}

// A Change is what goes with a decision: why it is taken, and which revision
// its author saw. A revision that is not the newest makes it a Conflict; "" is
// any.
type Change struct {
	Reason   string
	Revision string
}

// A Service keeps the decisions. Its methods that take an actor check what that
// one may do; each is one transaction.
type Service struct {
	db      *store.DB
	auth    *auth.Authority
	journal *audit.Journal
	clock   func() time.Time
	last    memory
}

// New returns the service over a database.
func New(d *store.DB, a *auth.Authority, j *audit.Journal, clock func() time.Time) *Service {
	return &Service{db: d, auth: a, journal: j, clock: clock}
}
