package auth_test

import (
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
)

// A harbour, with policies as a room would have them.
const harbour = `
permit (principal, action == Action::"harbour.berth.read", resource)
unless { resource.secret };

permit (principal, action in [Action::"harbour.berth.read", Action::"harbour.berth.rename"], resource)
when { resource.team.contains(principal) };

permit (principal, action == Action::"harbour.berth.close", resource)
when { principal.roles.contains("administrator") };
`

// berth returns a berth that ada's team looks after.
func berth(secret bool) auth.Entity {
	return auth.Entity{Kind: "berth", ID: "7", Attributes: map[string]any{
		"secret": secret, "team": []auth.PrincipalID{"ada"}, "depth": int64(12), "quay": "north",
	}}
}

func TestWhoMay(t *testing.T) {
	a, err := auth.NewAuthority(auth.Room{Name: "harbour", Policies: []byte(harbour)})
	if err != nil {
		t.Fatal(err)
	}
	ada := auth.Actor{ID: "ada", Kind: auth.Person}
	ben := auth.Actor{ID: "ben", Kind: auth.Person}
	admin := auth.Actor{ID: "eve", Kind: auth.Person, Roles: []auth.Role{auth.Administrator}}
	reading := auth.Actor{ID: "ada", Kind: auth.Person, Token: "t", Scopes: []string{"harbour:read"}}
	writing := auth.Actor{ID: "ada", Kind: auth.Person, Token: "t", Scopes: []string{"harbour:write", "harbour:read"}}
	foreign := auth.Actor{ID: "ada", Kind: auth.Person, Token: "t", Scopes: []string{"hiring:read"}}
	nobody := auth.Actor{}
	const none = fault.Kind(-1)
	for _, c := range []struct {
		why    string
		by     auth.Actor
		action auth.Action
		secret bool
		want   fault.Kind
	}{
		{"everybody reads", ben, "harbour.berth.read", false, none},
		{"but must say who they are", nobody, "harbour.berth.read", false, fault.Unauthenticated},
		{"the team renames", ada, "harbour.berth.rename", false, none},
		{"others may not, and see that", ben, "harbour.berth.rename", false, fault.Forbidden},
		{"what is secret is there for the team", ada, "harbour.berth.read", true, none},
		{"and not for others", ben, "harbour.berth.read", true, fault.NotFound},
		{"who try in vain, too", ben, "harbour.berth.rename", true, fault.NotFound},
		{"a role may", admin, "harbour.berth.close", false, none},
		{"a team has no role", ada, "harbour.berth.close", false, fault.Forbidden},
		{"what no policy knows, nobody may", admin, "harbour.berth.sink", false, fault.Forbidden},
		{"a token reads", reading, "harbour.berth.read", false, none},
		{"and no more than that", reading, "harbour.berth.rename", false, fault.Forbidden},
		{"unless it may write", writing, "harbour.berth.rename", false, none},
		{"a token of another room is told so", foreign, "harbour.berth.read", false, fault.Forbidden},
		{"the program does its work", auth.TheProgram("job 1"), "harbour.berth.close", true, none},
	} {
		err := a.Can(c.by, c.action, berth(c.secret))
		if got := fault.KindOf(err); (err == nil) != (c.want == none) || err != nil && got != c.want {
			t.Errorf("%s: %v (%s), want %v", c.why, err, got, c.want)
		}
		if a.May(c.by, c.action, berth(c.secret)) != (err == nil) {
			t.Errorf("%s: May and Can disagree", c.why)
		}
	}
}

func TestWrongPoliciesAreNamed(t *testing.T) {
	if _, err := auth.NewAuthority(auth.Room{Name: "harbour", Policies: []byte("permit everybody;")}); err == nil {
		t.Error("policies that are no Cedar were taken")
	}
}

func TestScopes(t *testing.T) {
	for action, want := range map[auth.Action]string{
		"catalog.family.read": "catalog:read", "catalog.family.publish": "catalog:write", "hiring.offer.read_pay": "hiring:read",
	} {
		if got := action.Scope(); got != want {
			t.Errorf("%s needs %s, want %s", action, got, want)
		}
	}
}
