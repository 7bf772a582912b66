package authtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authtest"
)

const policies = `permit (principal, action == Action::"harbour.berth.read", resource) when { resource.team.contains(principal) };`

// A recorder is a test that notes what it is told.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, a ...any) {
	r.said = append(r.said, fmt.Sprintf(format, a...))
}

// Agree notices a list that shows too much, too little or something twice, and
// a test in which everything is the same for all.
func TestAgree(t *testing.T) {
	a, err := auth.NewAuthority(auth.Room{Name: "harbour", Policies: []byte(policies)})
	if err != nil {
		t.Fatal(err)
	}
	var berths []auth.Entity
	for n := range 4 {
		berths = append(berths, auth.Entity{Kind: "berth", ID: fmt.Sprint(n), Attributes: map[string]any{
			"team": []auth.PrincipalID{"nobody-special"}[:n%2],
		}})
	}
	for why, c := range map[string]struct {
		list []string // for the one who may read berths 1 and 3
		want string
	}{
		"right":          {[]string{"3", "1"}, ""},
		"too little":     {[]string{"3"}, "may harbour.berth.read the berth 1, which the list lacks"},
		"too much":       {[]string{"1", "2", "3"}, "shows the person nobody-special the berth 2"},
		"twice":          {[]string{"1", "1", "3"}, "twice"},
		"something else": {[]string{"1", "3", "x"}, "none of the things"},
	} {
		r := &recorder{TB: t}
		authtest.Agree(r, a, "harbour.berth.read", authtest.Cast("harbour"), berths, func(by auth.Actor) ([]string, error) {
			switch {
			case by.ID == "nobody-special":
				return c.list, nil
			case by.Kind == auth.Program:
				return []string{"0", "1", "2", "3"}, nil
			}
			return nil, nil
		})
		if said := strings.Join(r.said, "\n"); (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: said %q, want %q", why, said, c.want)
		}
	}
	r := &recorder{TB: t}
	authtest.Agree(r, a, "harbour.berth.read", []auth.Actor{{}}, berths, func(auth.Actor) ([]string, error) { return nil, nil })
	if len(r.said) != 1 || !strings.Contains(r.said[0], "proves nothing") {
		t.Errorf("a test that proves nothing: %q", r.said)
	}
}

func TestOrganise(t *testing.T) {
	one, two := authtest.Organise(50, 7), authtest.Organise(50, 7)
	roles := 0
	for i, p := range one.People {
		if p.ID != two.People[i].ID || one.Manager[p.ID] != two.Manager[p.ID] {
			t.Fatal("one seed gives two organisations")
		}
		if above := one.Above(p.ID); i > 0 && above[len(above)-1] != one.People[0].ID {
			t.Errorf("above %s is %v", p.ID, above)
		}
		roles += len(p.Roles)
	}
	if roles < 10 || roles > 50 {
		t.Errorf("50 people have %d roles", roles)
	}
}
