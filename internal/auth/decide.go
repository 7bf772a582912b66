package auth

import (
	"iter"
	"slices"

	cedar "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
)

// A policy is one statement of a room.
type policy struct {
	id     cedar.PolicyID
	policy *cedar.Policy
}

// A ruling is what decides about one action: the policies that can speak of
// it, which are few of all, and what of a question is the same each time.
type ruling struct {
	policies []policy
	action   cedar.EntityUID
	context  cedar.Record
}

// All implements cedar.PolicyIterator.
func (r *ruling) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, p := range r.policies {
			if !yield(p.id, p.policy) {
				return
			}
		}
	}
}

// ruling returns what decides about an action. Actions are names in the
// program, so there are not many.
func (a *Authority) ruling(action Action) *ruling {
	if known, ok := a.rulings.Load(action); ok {
		return known.(*ruling)
	}
	r := &ruling{
		action:  cedar.NewEntityUID("Action", cedar.String(action)),
		context: cedar.NewRecord(cedar.RecordMap{"scope": cedar.String(action.Scope())}),
	}
	for _, p := range a.policies {
		if speaksOf(p.policy, r.action) {
			r.policies = append(r.policies, policy{p.id, ofAnyAction(p.policy)})
		}
	}
	known, _ := a.rulings.LoadOrStore(action, r)
	return known.(*ruling)
}

// speaksOf reports whether a policy can match an action. No action is in a
// group here, so to be in something is to be it.
func speaksOf(p *cedar.Policy, action cedar.EntityUID) bool {
	switch scope := p.AST().Action.(type) {
	case ast.ScopeTypeEq:
		return scope.Entity == action
	case ast.ScopeTypeIn:
		return scope.Entity == action
	case ast.ScopeTypeInSet:
		return slices.Contains(scope.Entities, action)
	}
	return true
}

// ofAnyAction returns a policy without the question whether it speaks of the
// action, which is answered. Cedar makes a set of all actions that the policy
// names for each answer, which costs more than the rest.
func ofAnyAction(p *cedar.Policy) *cedar.Policy {
	any := *p.AST()
	any.Action = ast.ScopeTypeAll{}
	return cedar.NewPolicyFromAST(&any)
}

// An asker is an actor about whom many decisions are taken.
type asker struct {
	authority *Authority
	entity    cedar.Entity
}

func (a *Authority) asker(by Actor) asker {
	return asker{a, cedar.Entity{UID: cedar.NewEntityUID("Principal", cedar.String(by.ID)), Attributes: by.record()}}
}

// may reports whether the asker may do something to a thing.
func (k *asker) may(action Action, thing cedar.Entity) bool {
	r := k.authority.ruling(action)
	decision, _ := cedar.Authorize(r, &entities{k.entity, thing}, cedar.Request{
		Principal: k.entity.UID, Action: r.action, Resource: thing.UID, Context: r.context,
	})
	return decision == cedar.Allow
}

// entityOf returns a thing as the policies see it.
func entityOf(e Entity) cedar.Entity {
	return cedar.Entity{UID: cedar.NewEntityUID(cedar.EntityType(e.Kind), cedar.String(e.ID)), Attributes: record(e.Attributes)}
}

// entities are the two that a decision is about.
type entities [2]cedar.Entity

// Get implements cedar.EntityGetter.
func (e *entities) Get(uid cedar.EntityUID) (cedar.Entity, bool) {
	for i := range e {
		if e[i].UID == uid {
			return e[i], true
		}
	}
	return cedar.Entity{}, false
}
