// Package auth knows who acts and decides what they may do.
//
// A principal is a person, a service or the program itself. A person signs in,
// which begins a session; a service shows a token. Either becomes an Actor,
// which goes with the context of the request.
//
// What an actor may do stands in policies in the language Cedar, one file in
// each room, so that it can be read in one place. A policy sees the principal
// (kind, roles), the action, and the thing with the attributes that the room
// gives it, such as who is in its team. The base policies of this package hold
// for all: the program may do everything, and a token nothing beyond its
// scopes. What no policy permits is forbidden.
//
// A thing that an actor may not even read does not exist for them: Can answers
// NotFound, and Forbidden only for a thing that they know. A field that an
// actor may not read is left out, and nothing tells that there is one.
//
// Lists are filtered in SQL by the rooms; each has a test that the filter and
// the policies agree.
package auth

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	cedar "github.com/cedar-policy/cedar-go"

	"github.com/cadre-hq/cadre/internal/fault"
)

// An Action is what is done to a thing, in the form room.noun.verb, for example
// "catalog.family.read" or, for a field of its own, "hiring.offer.read_pay".
// Verbs that begin with "read" only look.
type Action string

// Scope returns the scope that a token needs for the action: that of the room,
// to read or to write.
func (a Action) Scope() string {
	room, rest, _ := strings.Cut(string(a), ".")
	if strings.HasPrefix(rest[strings.LastIndexByte(rest, '.')+1:], "read") {
		return room + ":read"
	}
	return room + ":write"
}

// An Entity is a thing as the policies see it.
type Entity struct {
	Kind string // such as "family"
	ID   string
	// Attributes are strings, booleans, int64s and lists of strings or
	// principals.
	Attributes map[string]any
}

// A Thing is what an action is done to.
type Thing interface{ AuthEntity() Entity }

// AuthEntity lets an Entity stand for itself.
func (e Entity) AuthEntity() Entity { return e }

// A Room gives the policies of one room.
type Room struct {
	Name     string // such as "catalog"
	Policies []byte // in Cedar
}

//go:embed base.cedar
var base []byte

//go:embed policies.cedar
var own []byte

// An Authority decides by the policies of all rooms. It is read-only and may be
// used by many goroutines.
type Authority struct {
	policies []policy
	rulings  sync.Map // *ruling by Action: what decides about it
	scopes   []string
}

// NewAuthority returns the authority over some rooms, and over accounts. An
// error says which room's policies cannot be read.
func NewAuthority(rooms ...Room) (*Authority, error) {
	a := &Authority{}
	for _, r := range append([]Room{{Name: "base", Policies: base}, {Name: "auth", Policies: own}}, rooms...) {
		list, err := cedar.NewPolicyListFromBytes(r.Name+".cedar", r.Policies)
		if err != nil {
			return nil, fmt.Errorf("policies of %s: %w", r.Name, err)
		}
		for i, p := range list {
			a.policies = append(a.policies, policy{cedar.PolicyID(fmt.Sprintf("%s.%d", r.Name, i+1)), p})
		}
		if r.Name != "base" {
			a.scopes = append(a.scopes, r.Name+":read", r.Name+":write")
		}
	}
	return a, nil
}

// Scopes lists what a token can be for: to read and to write, in each room.
func (a *Authority) Scopes() []string { return slices.Clone(a.scopes) }

// Can reports whether an actor may do something: nil, or a fault that can be
// shown to them. It is Unauthenticated for somebody who did not sign in,
// NotFound for a thing that the actor may not read, else Forbidden.
func (a *Authority) Can(by Actor, action Action, thing Thing) error {
	e := thing.AuthEntity()
	if a.may(by, action, e) {
		return nil
	}
	if !by.IsKnown() {
		return fault.New(fault.Unauthenticated, "sign in first")
	}
	if by.Token != "" && a.may(withoutToken(by), action, e) {
		by.Scopes = a.scopes
		if !a.may(by, action, e) {
			return fault.New(fault.Forbidden, "a token cannot do this, whatever its scopes: sign in")
		}
		return fault.New(fault.Forbidden, "the token does not have the scope %s", action.Scope())
	}
	read := readingOf(action)
	if read != action && a.may(by, read, e) {
		return fault.New(fault.Forbidden, "you may look at this %s, but not do this", e.Kind)
	}
	return fault.New(fault.NotFound, "there is no such %s", e.Kind)
}

// May reports whether an actor may do something, for what is shown or left out.
func (a *Authority) May(by Actor, action Action, thing Thing) bool {
	return a.may(by, action, thing.AuthEntity())
}

// readingOf returns the action of looking at the thing that an action is done
// to.
func readingOf(a Action) Action {
	return a[:strings.LastIndexByte(string(a), '.')+1] + "read"
}

func withoutToken(a Actor) Actor {
	a.Token, a.Scopes = "", nil
	return a
}

func (a *Authority) may(by Actor, action Action, e Entity) bool {
	asker := a.asker(by)
	return asker.may(action, e)
}

// record returns an actor's attributes as the policies see them.
func (a Actor) record() cedar.Record {
	roles := make([]cedar.Value, len(a.Roles))
	for i, r := range a.Roles {
		roles[i] = cedar.String(r)
	}
	return cedar.NewRecord(cedar.RecordMap{
		"kind":    cedar.String(a.Kind),
		"roles":   cedar.NewSet(roles...),
		"scoped":  cedar.Boolean(a.Token != ""),
		"scopes":  set(a.Scopes),
		"known":   cedar.Boolean(a.IsKnown()),
		"program": cedar.Boolean(a.Kind == Program),
	})
}

// record turns attributes into Cedar's values.
func record(attributes map[string]any) cedar.Record {
	m := make(cedar.RecordMap, len(attributes))
	for name, v := range attributes {
		m[cedar.String(name)] = value(v)
	}
	return cedar.NewRecord(m)
}

func value(v any) cedar.Value {
	switch v := v.(type) {
	case string:
		return cedar.String(v)
	case bool:
		return cedar.Boolean(v)
	case int64:
		return cedar.Long(v)
	case PrincipalID:
		return cedar.NewEntityUID("Principal", cedar.String(v))
	case []string:
		return set(v)
	case []PrincipalID:
		all := make([]cedar.Value, len(v))
		for i, id := range v {
			all[i] = value(id)
		}
		return cedar.NewSet(all...)
	}
	panic(fmt.Sprintf("an attribute of a thing cannot be a %T", v))
}

func set(words []string) cedar.Set {
	all := make([]cedar.Value, len(words))
	for i, w := range words {
		all[i] = cedar.String(w)
	}
	return cedar.NewSet(all...)
}
