// Package authtest helps tests that have to do with permissions and sign-in.
//
// Agree compares a room's list, which is filtered in SQL, with what the
// policies permit: each room has one such test over a generated organisation.
// Cast returns an actor for each role, and the odd ones out: nobody, tokens, a
// service. Open, Inbox and Gate are accounts for a site of tests. Packages softkey and idp are a passkey and an identity provider.
package authtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
)

// Agree fails the test unless, for each actor, a list holds exactly the things
// to which the policies permit the action. Things are all that there are; list
// returns the ids of those that the room lists for an actor. So that agreement
// means something, at least one actor must be permitted something, and at least
// one must be refused something.
func Agree[T auth.Thing](t testing.TB, a *auth.Authority, action auth.Action, actors []auth.Actor, things []T, list func(auth.Actor) ([]string, error)) {
	t.Helper()
	permitted, refused := 0, 0
	for _, by := range actors {
		got, err := list(by)
		if err != nil {
			t.Errorf("the list for %s: %v", Describe(by), err)
			continue
		}
		slices.Sort(got)
		if twice := len(got) - len(slices.Compact(slices.Clone(got))); twice > 0 {
			t.Errorf("the list for %s has %d things twice", Describe(by), twice)
		}
		for _, thing := range things {
			e := thing.AuthEntity()
			may := a.May(by, action, thing)
			_, listed := slices.BinarySearch(got, e.ID)
			switch {
			case may:
				permitted++
			default:
				refused++
			}
			if may && !listed {
				t.Errorf("%s may %s the %s %s, which the list lacks", Describe(by), action, e.Kind, e.ID)
			}
			if !may && listed {
				t.Errorf("the list shows %s the %s %s, which they may not %s", Describe(by), e.Kind, e.ID, action)
			}
		}
		for _, id := range got {
			if !slices.ContainsFunc(things, func(x T) bool { return x.AuthEntity().ID == id }) {
				t.Errorf("the list for %s has %s, which is none of the things", Describe(by), id)
			}
		}
	}
	if permitted == 0 || refused == 0 {
		t.Errorf("%s is permitted %d times and refused %d times: such a test proves nothing", action, permitted, refused)
	}
}

// Describe returns an actor in words, for messages of tests.
func Describe(by auth.Actor) string {
	var words []string
	if by.Kind == "" {
		words = append(words, "a visitor")
	} else {
		words = append(words, fmt.Sprintf("the %s %s", by.Kind, by.ID))
	}
	for _, r := range by.Roles {
		words = append(words, string(r))
	}
	if by.Token != "" {
		words = append(words, "with a token for "+strings.Join(by.Scopes, ", "))
	}
	return strings.Join(words, " ")
}

// Cast returns an actor for each role, named after it; one without a role
// ("nobody-special"); one with all roles; a visitor; a service with each role;
// administrators with a token that may read a room, write it, and do neither;
// and the program.
func Cast(room string) []auth.Actor {
	var cast []auth.Actor
	for _, r := range auth.Roles {
		cast = append(
			cast,
			auth.Actor{ID: auth.PrincipalID(r), Kind: auth.Person, Name: r.Words(), Roles: []auth.Role{r}},
			auth.Actor{ID: auth.PrincipalID("robot-" + r), Kind: auth.ServiceAccount, Roles: []auth.Role{r}, Token: "t", Scopes: []string{room + ":read", room + ":write"}},
		)
	}
	token := func(scopes ...string) auth.Actor {
		return auth.Actor{ID: auth.PrincipalID(auth.Administrator), Kind: auth.Person, Roles: []auth.Role{auth.Administrator}, Token: "t", Scopes: scopes}
	}
	return append(
		cast,
		auth.Actor{ID: "nobody-special", Kind: auth.Person, Name: "Nobody Special"},
		auth.Actor{ID: "everything", Kind: auth.Person, Name: "Every Thing", Roles: auth.Roles},
		auth.Actor{},
		token(room+":read"), token(room+":read", room+":write"), token("another:read", "another:write"),
		auth.TheProgram("test"),
	)
}

// An Organisation is some people with managers and roles, from a seed: the same
// seed gives the same people. Rooms put them where they keep relations.
type Organisation struct {
	People  []auth.Actor
	Manager map[auth.PrincipalID]auth.PrincipalID // nobody above the first
}

// Organise returns an organisation of n people. About a third have a role.
func Organise(n int, seed uint64) Organisation {
	r := rand.New(rand.NewPCG(seed, 2026)) //nolint:gosec // nobody's secret
	o := Organisation{Manager: map[auth.PrincipalID]auth.PrincipalID{}}
	for i := range n {
		p := auth.Actor{ID: auth.PrincipalID(fmt.Sprintf("person-%03d", i)), Kind: auth.Person, Name: fmt.Sprintf("Person %03d", i)}
		for r.IntN(3) == 0 {
			if role := auth.Roles[r.IntN(len(auth.Roles))]; !p.Has(role) {
				p.Roles = append(p.Roles, role)
			}
		}
		if i > 0 {
			o.Manager[p.ID] = o.People[r.IntN(i)].ID
		}
		o.People = append(o.People, p)
	}
	return o
}

// Above returns who is above somebody, the nearest first.
func (o Organisation) Above(id auth.PrincipalID) []auth.PrincipalID {
	var chain []auth.PrincipalID
	for {
		manager, ok := o.Manager[id]
		if !ok {
			return chain
		}
		chain, id = append(chain, manager), manager
	}
}
