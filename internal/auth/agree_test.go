package auth_test

import (
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// The list of people shows exactly those whom the policies let one see, with
// exactly the fields that they let one read.
func TestPeopleAndPoliciesAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		now := func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }
		s, ctx := authtest.Open(t, d, &authtest.Inbox{}, now), t.Context()
		var everybody []*auth.Principal
		var actors []auth.Actor
		for _, p := range authtest.Organise(40, 11).People {
			made, err := s.AddPerson(ctx, auth.TheProgram("test"), p.Name, string(p.ID)+"@meridian.example", "", p.Roles...)
			if err != nil {
				t.Fatal(err)
			}
			everybody = append(everybody, made)
			by := auth.Actor{ID: made.ID, Kind: made.Kind, Name: made.Name, Roles: made.Roles}
			actors = append(actors, by)
			by.Token, by.Scopes = "t", []string{"auth:read"}
			actors = append(actors, by)
			by.Scopes = []string{"catalog:read"}
			actors = append(actors, by)
		}
		robot, err := s.AddServiceAccount(ctx, auth.TheProgram("test"), "Payroll")
		if err != nil {
			t.Fatal(err)
		}
		everybody = append(everybody, robot)
		actors = append(actors, auth.Actor{ID: robot.ID, Kind: robot.Kind, Token: "t", Scopes: []string{"auth:read"}})
		actors = append(actors, authtest.Cast("auth")...)
		authtest.Agree(t, s.Authority, "auth.principal.read", actors, everybody, func(by auth.Actor) ([]string, error) {
			list, err := s.People(ctx, by, auth.PeopleQuery{Limit: 100})
			if k := fault.KindOf(err); err != nil && (k == fault.Unauthenticated || k == fault.Forbidden || k == fault.NotFound) {
				return nil, nil
			}
			var ids []string
			for _, p := range list {
				ids = append(ids, string(p.ID))
				may := s.May(by, "auth.principal.read_email", p)
				if p.Kind == auth.Person && (p.Email != "") != may {
					t.Errorf("%s sees the address of %s: %t, may read it: %t", authtest.Describe(by), p.ID, p.Email != "", may)
				}
				one, err := s.Person(ctx, by, p.ID)
				if err != nil || one.Email != p.Email || len(one.Roles) != len(p.Roles) {
					t.Errorf("%s sees %s in the list and %v, %v by itself", authtest.Describe(by), p.ID, one, err)
				}
			}
			return ids, err
		})
	})
}
