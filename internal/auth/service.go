package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Service keeps principals, and what they sign in with. Its methods that take
// an Actor check what that one may do; those that take a secret find out who
// shows it.
type Service struct {
	*Authority

	db       *store.DB
	clock    func() time.Time
	journal  *audit.Journal
	post     Post
	hasher   *hasher
	throttle *Throttle
}

// NewService returns the service over a database. Letters go to the post.
func NewService(d *store.DB, a *Authority, j *audit.Journal, post Post, clock func() time.Time) (*Service, error) {
	h, err := newHasher(max(1, runtime.GOMAXPROCS(0)/2))
	if err != nil {
		return nil, err
	}
	return &Service{Authority: a, db: d, clock: clock, journal: j, post: post, hasher: h, throttle: NewThrottle(clock)}, nil
}

// Time returns the time by the clock of the service.
func (s *Service) Time() time.Time { return s.clock() }

// A Principal is somebody or something that can act.
type Principal struct {
	ID       PrincipalID
	Kind     Kind
	Name     string
	Email    string // "" of a service
	Verified bool   // that the address is theirs
	Roles    []Role
	Created  time.Time
	Disabled *time.Time
}

// AuthEntity implements Thing.
func (p *Principal) AuthEntity() Entity {
	return Entity{Kind: "principal", ID: string(p.ID), Attributes: map[string]any{"self": p.ID, "kind": string(p.Kind)}}
}

// newID returns a new id that sorts by the time of its making.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// normalEmail returns an address in the form in which addresses are compared.
func normalEmail(address string) (string, error) {
	a, err := mail.ParseAddress(strings.TrimSpace(address))
	if err != nil || a.Name != "" || !strings.Contains(a.Address, "@") || len(a.Address) > 254 {
		return "", fault.New(fault.Invalid, "%q is no address: write it like name@example.com", address)
	}
	return strings.ToLower(a.Address), nil
}

// find returns a principal with its roles; NotFound if there is none.
func (s *Service) find(ctx context.Context, tx store.Tx, id PrincipalID) (*Principal, error) {
	row, err := db.New(tx).Principal(ctx, string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "there is no such principal")
	}
	if err != nil {
		return nil, fmt.Errorf("find principal: %w", err)
	}
	return principal(row), nil
}

// byID returns a principal outside of a transaction.
func (s *Service) byID(ctx context.Context, id PrincipalID) (p *Principal, err error) {
	err = s.db.Glance(ctx, func(tx store.Tx) error {
		p, err = s.find(ctx, tx, id)
		return err
	})
	return p, err
}

// principal returns what a row holds.
func principal(row db.PrincipalRow) *Principal {
	p := row.AuthPrincipal
	return &Principal{
		ID: PrincipalID(p.ID), Kind: Kind(p.Kind), Name: p.Name, Email: p.Email, Verified: p.Verified == 1,
		Roles: held(row.Roles), Created: p.CreatedAt.Time, Disabled: p.DisabledAt.Ptr(),
	}
}

// held returns the roles that a column lists, which databases do in any order.
func held(words string) []Role {
	roles := splitRoles(words)
	slices.Sort(roles)
	return roles
}

// actor returns a principal at work, in the request of the context.
func (p *Principal) actor(ctx context.Context) Actor {
	return Actor{ID: p.ID, Kind: p.Kind, Name: p.Name, Roles: p.Roles, Request: From(ctx).Request}
}

// Belonging is what belongs to a principal, as a thing: with it the policies
// tell what an actor may do with the principal, their sessions and tokens.
func (p *Principal) Belonging() Entity {
	e := p.AuthEntity()
	e.Attributes["owner"], e.Attributes["owner_kind"] = p.ID, string(p.Kind)
	return e
}
