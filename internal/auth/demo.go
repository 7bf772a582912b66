package auth

import (
	"context"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Demo lets anybody sign in as anybody, in a demonstration. There is one only
// where `cadre serve --demo` made the data.
type Demo struct{ *Service }

// NewDemo returns the demonstration of a service.
func NewDemo(s *Service) *Demo { return &Demo{s} }

// mostDemo bounds the list of people to sign in as.
const mostDemo = 50

// Cast returns the people to sign in as, in the order of names.
func (d *Demo) Cast(ctx context.Context) (found []*Principal, err error) {
	found, err = d.people(ctx, PeopleQuery{Kind: Person, State: "enabled", Limit: mostDemo}, "")
	return found[:min(len(found), mostDemo)], err
}

// SignIn signs in as one of them.
func (d *Demo) SignIn(ctx context.Context, id PrincipalID, in SignIn) (out SignedIn, err error) {
	return out, d.db.Update(ctx, func(tx store.Tx) error {
		p, err := d.find(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.Kind != Person {
			return fault.New(fault.NotFound, "there is nobody like that to sign in as")
		}
		if out.Known, err = d.remember(ctx, tx, p, in.Known); err != nil {
			return err
		}
		out.Session, err = d.begin(ctx, tx, p, "demo", in.Device)
		return err
	})
}
