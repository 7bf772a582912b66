package auth

import (
	"iter"
	"slices"

	cedar "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/eval"
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
	settled   map[Action]bool // what holds for every thing; see settle
}

func (a *Authority) asker(by Actor) asker {
	return asker{authority: a, entity: cedar.Entity{UID: cedar.NewEntityUID("Principal", cedar.String(by.ID)), Attributes: by.record()}}
}

// settle finds out, before a list is gone through, which actions the asker may
// or may not do whatever the thing is, as an administrator may read every
// address. Cedar evaluates the policies as far as it can without the thing. It
// is settled if no condition is left that could forbid, and none that could
// permit more or less.
func (k *asker) settle(actions ...Action) {
	k.settled = map[Action]bool{}
	for _, action := range actions {
		if allowed, settled := k.withoutThing(action); settled {
			k.settled[action] = allowed
		}
	}
}

// withoutThing decides about an action without knowing the thing, if it can.
func (k *asker) withoutThing(action Action) (allowed, settled bool) {
	r := k.authority.ruling(action)
	env := eval.Env{
		Principal: k.entity.UID, Action: r.action, Resource: eval.Variable("resource"), Context: r.context,
		Entities: &entities{k.entity},
	}
	permits := false
	for _, p := range r.policies {
		rest, kept := eval.PartialPolicy(env, (*ast.Policy)(p.policy.AST()))
		if !kept {
			continue
		}
		if rest.Effect == ast.EffectForbid {
			return false, false
		}
		permits = true
		_, everything := rest.Resource.(ast.ScopeTypeAll)
		allowed = allowed || everything && len(rest.Conditions) == 0
	}
	return allowed, allowed || !permits
}

// may reports whether the asker may do something to a thing, which is looked at
// only where it matters.
func (k *asker) may(action Action, t Thing) bool {
	if allowed, settled := k.settled[action]; settled {
		return allowed
	}
	r, thing := k.authority.ruling(action), entityOf(t.AuthEntity())
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
