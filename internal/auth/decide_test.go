package auth

import (
	"testing"

	cedar "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
)

// To ask only the policies that can speak of an action, and in a list only once
// what holds for every thing, decides as to ask all of them does: for every
// action that a policy names, and one that none does.
func TestFewPoliciesDecideAsAllDo(t *testing.T) {
	room := Room{Name: "harbour", Policies: []byte(`
		permit (principal, action in Action::"harbour.berth.read", resource);
		permit (principal, action, resource is berth) when { principal.roles.contains("executive") };
		forbid (principal, action == Action::"harbour.berth.read", resource) when { resource has secret && resource.secret };`)}
	a, err := NewAuthority(room)
	if err != nil {
		t.Fatal(err)
	}
	all, actions := cedar.NewPolicySet(), map[Action]bool{"harbour.berth.sink": true, "harbour.berth.read": true}
	for _, p := range a.policies {
		all.Add(p.id, p.policy)
		switch scope := p.policy.AST().Action.(type) {
		case ast.ScopeTypeEq:
			actions[Action(scope.Entity.ID)] = true
		case ast.ScopeTypeInSet:
			for _, e := range scope.Entities {
				actions[Action(e.ID)] = true
			}
		}
	}
	actors := []Actor{{}, TheProgram("job"), {ID: "ada", Kind: Person}, {ID: "ada", Kind: Person, Token: "t", Scopes: []string{"auth:read", "harbour:write"}}}
	for _, r := range Roles {
		actors = append(actors, Actor{ID: "eve", Kind: Person, Roles: []Role{r}}, Actor{ID: "bot", Kind: ServiceAccount, Roles: []Role{r}})
	}
	things := []Entity{
		Directory, sessionThing("s", "ada"), (&Principal{ID: "ada", Kind: Person}).AuthEntity(), (&Principal{ID: "bot", Kind: ServiceAccount}).AuthEntity(),
		{Kind: "berth", ID: "1", Attributes: map[string]any{"secret": true}},
		{Kind: "berth", ID: "2", Attributes: map[string]any{"secret": false}},
	}
	allowed, denied, settled := 0, 0, 0
	for action := range actions {
		for _, by := range actors {
			for _, e := range things {
				asker, thing := a.asker(by), entityOf(e)
				want, _ := cedar.Authorize(all, &entities{asker.entity, thing}, cedar.Request{
					Principal: asker.entity.UID, Action: cedar.NewEntityUID("Action", cedar.String(action)), Resource: thing.UID,
					Context: cedar.NewRecord(cedar.RecordMap{"scope": cedar.String(action.Scope())}),
				})
				if got := asker.may(action, e); got != (want == cedar.Allow) {
					t.Errorf("%s by %+v to %+v: %t, all policies say %s", action, by, e, got, want)
				}
				asker.settle(action)
				if _, known := asker.settled[action]; known {
					settled++
				}
				if got := asker.may(action, e); got != (want == cedar.Allow) {
					t.Errorf("in a list, %s by %+v to %+v: %t, all policies say %s", action, by, e, got, want)
				}
				if want == cedar.Allow {
					allowed++
				} else {
					denied++
				}
			}
		}
	}
	if allowed < 100 || denied < 100 || settled < 100 || settled == allowed+denied {
		t.Errorf("%d were allowed, %d denied, %d settled: too few to tell", allowed, denied, settled)
	}
}
