package auth

import (
	"context"
	"slices"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A PrincipalID names somebody or something that can act.
type PrincipalID string

// A Kind says what a principal is.
type Kind string

// The kinds of principals.
const (
	Person         Kind = "person"  // somebody who signs in
	ServiceAccount Kind = "service" // a program of the organisation, which acts by tokens
	Program        Kind = "program" // Cadre itself: a job, or a command on the machine of the server
)

// A Role is what a principal is for the whole organisation. What somebody is
// for one thing, such as the manager of a person, is an attribute of that
// thing.
type Role string

// The roles (shared specification, domain §65).
const (
	Administrator Role = "administrator"
	PeoplePartner Role = "people_partner"
	TotalRewards  Role = "total_rewards"
	Recruiter     Role = "recruiter"
	Coordinator   Role = "coordinator"
	Finance       Role = "finance_partner"
	Executive     Role = "executive"
)

// Roles lists all roles in the order in which they are shown.
var Roles = []Role{Administrator, PeoplePartner, TotalRewards, Recruiter, Coordinator, Finance, Executive}

// Words returns the role as people write it.
func (r Role) Words() string {
	switch r {
	case Administrator:
		return "Administrator"
	case PeoplePartner:
		return "People partner"
	case TotalRewards:
		return "Total rewards"
	case Recruiter:
		return "Recruiter"
	case Coordinator:
		return "Coordinator"
	case Finance:
		return "Finance partner"
	case Executive:
		return "Executive"
	}
	return string(r)
}

// ParseRole returns the role of a word; Invalid if there is none.
func ParseRole(word string) (Role, error) {
	if r := Role(word); slices.Contains(Roles, r) {
		return r, nil
	}
	return "", fault.New(fault.Invalid, "there is no role %q", word)
}

// An Actor is a principal at work: who does what is done now. It comes from
// the session or the token of a request, never from its body. The zero value
// is somebody who did not sign in.
type Actor struct {
	ID    PrincipalID
	Kind  Kind
	Name  string // to be shown; it is not written to journal or logs
	Roles []Role
	// Session or Token names what the request came with; at most one is set.
	Session string
	Token   string
	// Scopes are what a token may be used for; without a token they do not
	// count.
	Scopes []string
	// Request names the request or job in journal and logs.
	Request string
}

// PrincipalID implements audit.Actor.
func (a Actor) PrincipalID() string { return string(a.ID) }

// RequestID implements audit.Actor.
func (a Actor) RequestID() string { return a.Request }

// IsKnown reports whether the actor signed in, or is a program.
func (a Actor) IsKnown() bool { return a.Kind != "" }

// Has reports whether the actor has a role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// TheProgram is Cadre itself, doing what a job or a command is for.
func TheProgram(request string) Actor {
	return Actor{Kind: Program, Name: "Cadre", Request: request}
}

type actorKey struct{}

// With returns a context of a request that an actor makes.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// From returns the actor of a request. Without one it is somebody who did not
// sign in.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
