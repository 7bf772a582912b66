package org_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// tree draws a chart in words.
func tree(c *org.Chart) string {
	var b strings.Builder
	for i := range c.Nodes {
		n := &c.Nodes[i]
		fmt.Fprintf(&b, "%s%s, %s\n", strings.Repeat("  ", n.Depth-1), n.Called(), n.Seat.Title)
	}
	return b.String()
}

func chartOn(t *testing.T, r *orgtest.Room, day calendar.Day) *org.Chart {
	t.Helper()
	c, err := r.Chart(t.Context(), orgtest.Member, day)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A move that is planned shows on its day and not before; taking it back leaves
// no trace in what is, and two in what was done.
func TestPlannedMove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Harbour(t)
		before := tree(chartOn(t, r, ""))
		if want := "Ada Holm, Chief\n  Bo Lind, Quay Manager\n    Dee Ware, Planner\n  Yard Manager, Yard Manager\n"; before != want {
			t.Fatalf("got\n%s\nwant\n%s", before, want)
		}
		n := r.Do(t, chart.Step{Kind: chart.Change, Position: "plan", Day: "2026-12-01", Manager: chart.To[org.PositionID]("yard")})
		if got := tree(chartOn(t, r, "2026-11-30")); got != before {
			t.Errorf("the day before:\n%s", got)
		}
		want := "Ada Holm, Chief\n  Yard Manager, Yard Manager\n    Dee Ware, Planner\n  Bo Lind, Quay Manager\n"
		if got := tree(chartOn(t, r, "2026-12-01")); got != want {
			t.Errorf("on the day:\n%s", got)
		}
		if _, err := r.Undo(t.Context(), orgtest.Partner, n); err != nil {
			t.Fatal(err)
		}
		if got := tree(chartOn(t, r, "2026-12-01")); got != before {
			t.Errorf("after it was taken back:\n%s", got)
		}
		entries, err := r.History(t.Context(), orgtest.Member, org.HistoryFilter{Position: "plan", Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, e := range entries[:2] {
			said = append(said, fmt.Sprintf("%s %s to %s by %s", e.Kind, e.Day, *e.Manager, e.By))
		}
		if diff := cmp.Diff([]string{"change 2026-12-01 to quay by pat", "change 2026-12-01 to yard by pat"}, said); diff != "" {
			t.Error(diff)
		}
	})
}

// A change that is refused leaves nothing behind.
func TestRefusedChangeIsNotDone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Harbour(t)
		before := chartOn(t, r, "")
		_, err := r.Service.Do(t.Context(), orgtest.Partner, org.Change{
			People: []org.Details{{ID: "eve", Name: "Eve Strand"}},
			Steps: []chart.Step{
				{Kind: chart.Join, Person: "eve", Day: orgtest.Today},
				{Kind: chart.Change, Position: "chief", Day: orgtest.Today, Manager: chart.To[org.PositionID]("plan")},
			},
		})
		if want := "that would be a circle: Ada Holm (Chief) → Dee Ware (Planner) → Bo Lind (Quay Manager) → Ada Holm (Chief)"; err == nil || err.Error() != want {
			t.Fatalf("got %v", err)
		}
		if after := chartOn(t, r, ""); after.Revision != before.Revision || tree(after) != tree(before) {
			t.Errorf("something changed:\n%s", tree(after))
		}
		if _, err := r.Person(t.Context(), orgtest.Partner, "eve"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("Eve: %v", err)
		}
	})
}

// Two people change the same position: the second is told what the first did.
func TestTwoChangeTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Harbour(t)
		seen := chartOn(t, r, "").Revision
		change := func(position org.PositionID, title string) error {
			_, err := r.Service.Do(t.Context(), orgtest.Partner, org.Change{Seen: seen, Steps: []chart.Step{
				{Kind: chart.Change, Position: position, Day: orgtest.Today, Title: &title},
			}})
			return err
		}
		if err := change("yard", "Head of the Yard"); err != nil {
			t.Fatal(err)
		}
		if err := change("plan", "Senior Planner"); err != nil {
			t.Errorf("another position: %v", err)
		}
		err := change("yard", "Yard Director")
		o, ok := errors.AsType[*org.Overtaken](err)
		if fault.KindOf(err) != fault.Conflict || !ok {
			t.Fatalf("got %v", err)
		}
		if len(o.Since) != 1 || *o.Since[0].Title != "Head of the Yard" || o.Since[0].By != "pat" {
			t.Errorf("told of %+v", o.Since)
		}
	})
}

// The tables say what all steps from the first one on say, and so does what a
// node keeps in memory; another node that starts later reads the same.
func TestHistoryReplays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		checks := 0
		rapid.Check(t, func(rt *rapid.T) {
			if checks++; checks > 12 { // each with a database of its own would take long; they share one
				return
			}
			r := orgtest.Open(t, db)
			prefix := fmt.Sprintf("%d-", checks)
			var c org.Change
			for n := range 3 {
				id := org.PersonID(fmt.Sprint(prefix, "who", n))
				c.People = append(c.People, org.Details{ID: id, Name: "Person " + string(id), ManagedBefore: n == 1})
			}
			if _, err := r.Service.Do(t.Context(), orgtest.Partner, c); err != nil {
				rt.Fatal(err)
			}
			other := orgtest.Open(t, db) // a second node
			for _, s := range rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chart.Step { return anyStep(t, prefix) }), 1, 25).Draw(rt, "steps") {
				node := rapid.SampledFrom([]*orgtest.Room{r, other}).Draw(rt, "node")
				_, err := node.Service.Do(t.Context(), orgtest.Partner, org.Change{Steps: []chart.Step{s}})
				if k := fault.KindOf(err); err != nil && k != fault.Conflict && k != fault.Invalid && k != fault.NotFound {
					rt.Fatalf("%+v: %v", s, err)
				}
			}
			third := orgtest.Open(t, db)
			err := db.View(t.Context(), func(tx store.Tx) error {
				want, err := r.Replay(t.Context(), tx)
				if err != nil {
					return err
				}
				for name, node := range map[string]*orgtest.Room{"the first node": r, "the second": other, "one that starts": third} {
					got, err := node.Book(t.Context(), tx)
					if err != nil {
						return err
					}
					if diff := cmp.Diff(bookOf(want), bookOf(got), cmpopts.EquateEmpty()); diff != "" {
						rt.Fatalf("%s differs from the replay:\n%s", name, diff)
					}
				}
				return nil
			})
			if err != nil {
				rt.Fatal(err)
			}
		})
	})
}

// bookOf is what a book says of all days.
func bookOf(b *chart.Book) map[string]any {
	m := map[string]any{}
	for p := range b.People() {
		m["person "+string(p.ID)] = *p
	}
	for p := range b.Positions() {
		m["position "+string(p.ID)] = *p
	}
	return m
}

func anyStep(t *rapid.T, prefix string) chart.Step {
	position := func(label string) org.PositionID {
		return org.PositionID(prefix + rapid.SampledFrom([]string{"p0", "p1", "p2", "p3"}).Draw(t, label))
	}
	s := chart.Step{
		Kind: rapid.SampledFrom([]chart.Kind{
			chart.Open, chart.Open, chart.Change, chart.Change, chart.Close, chart.Withdraw, chart.Fill, chart.Fill, chart.Vacate, chart.Join, chart.Leave,
		}).Draw(t, "kind"),
		Day:      calendar.On(2026, 1, 1).Add(rapid.IntRange(0, 5).Draw(t, "day")),
		Position: position("position"),
		Person:   org.PersonID(fmt.Sprint(prefix, "who", rapid.IntRange(0, 2).Draw(t, "person"))),
		Holding:  rapid.SampledFrom(chart.HoldingKinds).Draw(t, "holding"),
		Title:    chart.To("A seat"),
	}
	if rapid.Bool().Draw(t, "below") {
		s.Manager = chart.To(position("manager"))
	}
	return s
}

// Who may do what, and what of a person they see.
func TestWhoMay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Harbour(t)
		_, err := r.Service.Do(t.Context(), orgtest.Partner, org.Change{Stays: []org.StayFrom{{
			Person: "dee", Stay: org.Stay{Country: "Portugal", Locality: "Sines", Zone: "Europe/Lisbon", Factor: "0.60", Span: calendar.Span{Since: orgtest.Begin}},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		account := func(id org.PersonID) auth.Actor {
			a := auth.Actor{ID: auth.PrincipalID("account-" + string(id)), Kind: auth.Person, Name: string(id)}
			if _, err := db.Pool().ExecContext(t.Context(), `INSERT INTO auth_principal (id, kind, name, email, verified, created_at) VALUES ($1, 'person', $2, $3, 1, 0)`,
				string(a.ID), string(id), string(id)+"@meridian.example"); err != nil {
				t.Fatal(err)
			}
			return a
		}
		role := func(r auth.Role) auth.Actor {
			return auth.Actor{ID: auth.PrincipalID(r), Kind: auth.Person, Roles: []auth.Role{r}}
		}
		token := orgtest.Partner
		token.Token, token.Scopes = "t", []string{"catalog:read"}
		for _, c := range []struct {
			name                   string
			by                     auth.Actor
			reads, factor, changes bool
		}{
			{"people partner", orgtest.Partner, true, true, true},
			{"administrator", role(auth.Administrator), true, false, true},
			{"total rewards", role("total_rewards"), true, true, false},
			{"recruiter", role(auth.Recruiter), true, false, false},
			{"Dee herself", account("dee"), true, true, false},
			{"her manager", account("bo"), true, true, false},
			{"his manager", account("ada"), true, true, false},
			{"a colleague", account("cy"), true, false, false},
			{"a member without a person", orgtest.Member, true, false, false},
			{"nobody", orgtest.Nobody, false, false, false},
			{"a token for something else", token, false, false, false},
		} {
			p, err := r.Person(t.Context(), c.by, "dee")
			if (err == nil) != c.reads {
				t.Errorf("%s reads Dee: %v", c.name, err)
			}
			if err == nil {
				stay := p.On(orgtest.Today)
				if stay == nil || stay.Locality != "Sines" || (stay.Factor == "0.6") != c.factor || (stay.Factor == "") == c.factor {
					t.Errorf("%s sees of where Dee lives: %+v", c.name, stay)
				}
			}
			if _, err := r.Chart(t.Context(), c.by, ""); (err == nil) != c.reads {
				t.Errorf("%s reads the chart: %v", c.name, err)
			}
			_, err = r.Service.Do(t.Context(), c.by, org.Change{Steps: []chart.Step{
				{Kind: chart.Change, Position: "yard", Day: orgtest.Today, Department: &c.name},
			}})
			if (err == nil) != c.changes {
				t.Errorf("%s changes a position: %v", c.name, err)
			}
		}
		reads := 0
		err = db.View(t.Context(), func(tx store.Tx) error {
			entries, err := audit.Entries(t.Context(), tx, audit.Filter{Limit: 200})
			for _, e := range entries {
				if e.Action == string(org.ReadFactor) {
					reads++
				}
			}
			return err
		})
		if err != nil || reads != 4 {
			t.Errorf("%d readings of a location factor are in the journal, %v; Dee's own is not counted", reads, err)
		}
	})
}

// Where somebody lives counts from a day on, up to the next day that says
// otherwise.
func TestStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Harbour(t)
		at := func(day calendar.Day, locality string) {
			_, err := r.Service.Do(t.Context(), orgtest.Partner, org.Change{Stays: []org.StayFrom{{Person: "dee", Stay: org.Stay{Locality: locality, Span: calendar.Span{Since: day}}}}})
			if err != nil {
				t.Fatal(err)
			}
		}
		at("2026-01-01", "Sines")
		at("2026-09-01", "Porto")
		at("2026-05-01", "Faro")
		at("2026-09-01", "Braga")
		p, err := r.Person(t.Context(), orgtest.Member, "dee")
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, s := range p.Stays {
			said = append(said, s.Locality+" "+s.Span.String())
		}
		if diff := cmp.Diff([]string{"Sines 2026-01-01 to 2026-04-30", "Faro 2026-05-01 to 2026-08-31", "Braga since 2026-09-01"}, said); diff != "" {
			t.Error(diff)
		}
	})
}

// A scenario does what its steps do, later and on other days.
func TestScenario(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Harbour(t)
		steps := []chart.Step{
			{Kind: chart.Open, Position: "gate", Day: orgtest.Today, Title: chart.To("Gate Manager"), Manager: chart.To[org.PositionID]("chief")},
			{Kind: chart.Fill, Position: "gate", Person: "cy", Day: orgtest.Today.Add(10)},
			{Kind: chart.Change, Position: "plan", Day: orgtest.Today.Add(10), Manager: chart.To[org.PositionID]("gate")},
		}
		_, after, err := r.WhatIf(t.Context(), orgtest.Member, orgtest.Today.Add(10), steps)
		if err != nil {
			t.Fatal(err)
		}
		if got := chartOn(t, r, orgtest.Today.Add(10)); got.Node("gate") != nil {
			t.Error("a what-if was done")
		}
		sc, err := r.SaveScenario(t.Context(), orgtest.Member, "", "A gate of its own", steps)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Scenario(t.Context(), auth.Actor{ID: "eve", Kind: auth.Person}, sc.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else sees it: %v", err)
		}
		if _, err := r.ApplyScenario(t.Context(), orgtest.Member, sc.ID, "2027-01-01"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a member applies it: %v", err)
		}
		if _, err := r.ApplyScenario(t.Context(), orgtest.Partner, sc.ID, "2027-01-01"); err != nil {
			t.Fatal(err)
		}
		if got, want := tree(chartOn(t, r, "2027-01-11")), tree(after); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if _, err := r.ApplyScenario(t.Context(), orgtest.Partner, sc.ID, "2027-02-01"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("applied twice: %v", err)
		}
	})
}
