package chart

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/policy"
)

var (
	leadership = policy.OrgLeadership{
		ReportsOf: []string{"chief_product_officer", "vp_product"}, FromGrade: "10", LeadersFromLayer: "manager", HostMonths: 1, PairingQuarters: 1,
	}
	layers = []policy.Layer{
		{Rank: 1, Key: "executive", From: "14"},
		{Rank: 2, Key: "director", From: "10"},
		{Rank: 3, Key: "manager", From: "8"},
		{Rank: 4, Key: "individual", From: "4"},
	}
)

// The team is who reports to the heads of product, and everybody in product from
// the grade on, whoever they report to.
func TestProductLeaders(t *testing.T) {
	pin := func(level catalog.LevelID) *catalog.Pin {
		return &catalog.Pin{Family: "product", Version: 1, Level: level}
	}
	manager := func(level, title, grade string) (catalog.Pin, *Role) {
		p := *pin(catalog.LevelID(level))
		return p, &Role{Pin: p, Title: title, Grade: grade, Track: "manager", Direct: Limit{Min: 2, Max: 4}}
	}
	roles := map[catalog.Pin]*Role{}
	for _, r := range [][3]string{{"cpo", "Chief Product Officer", "14"}, {"vp", "VP of Product", "12"}, {"director", "Director of Product", "10"}, {"group", "Group Manager, Product", "9.5"}} {
		p, role := manager(r[0], r[1], r[2])
		roles[p] = role
	}
	open := func(id, title, level, manager, department, specialty string) Step {
		s := Step{Kind: Open, Day: day1, Position: PositionID(id), Title: &title, Department: &department, Specialty: &specialty, Manager: To(PositionID(manager))}
		if level != "" {
			s.Pin = pin(catalog.LevelID(level))
		}
		return s
	}
	b, err := (&Book{}).Apply(
		open("cpo", "Chief Product Officer", "cpo", "", "Product", ""),
		open("writer", "Writer", "", "cpo", "Product", ""),
		open("vp", "VP of Product", "vp", "cpo", "Product", ""),
		open("ux", "Researcher", "", "vp", "Product", "Research"),
		open("yard", "Director of Product, Yard", "director", "vp", "Product", "Yard"),
		open("stack", "Group Manager, Stacks", "group", "yard", "Product", "Stacks"),
		open("crane", "Director, Cranes", "director", "stack", "product", "Cranes"),
		open("other", "Director, Quay", "director", "yard", "Engineering", "Quay"),
	)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range b.On(day1, roles, layers).ProductLeaders(&leadership, layers) {
		got = append(got, fmt.Sprintf("%s %q %v %s", l.ID, l.Section, l.IsLeader, l.Why))
	}
	want := []string{
		`cpo "" true grade 14`, `vp "" true grade 12`, `yard "Yard" true grade 10`, `crane "Yard" true grade 10`, `ux "Research" false reports to VP of Product`,
		`writer "" false reports to Chief Product Officer`,
	}
	if !equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

// teamOf returns leaders of the given sections, with people p0, p1, …
func teamOf(sections []string) []Leader {
	team := make([]Leader, len(sections))
	for i, s := range sections {
		team[i] = Leader{Node: &Node{Holder: &Person{ID: PersonID(fmt.Sprintf("p%02d", i))}}, Section: s, IsLeader: true}
	}
	return team
}

// Whatever the team and the day: everybody hosts once before anybody hosts
// again, turns follow each other, and the day lies in the first one.
func TestHosts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "people")
		months := rapid.IntRange(1, 6).Draw(t, "months")
		day := calendar.Day("2020-01-01").Add(rapid.IntRange(0, 6000).Draw(t, "day"))
		turns := Hosts(teamOf(make([]string, n)), months, day, 3*n)
		if !turns[0].Holds(day) {
			t.Fatalf("%s does not lie in %s", day, turns[0].Span)
		}
		count := map[PersonID]int{}
		for i, turn := range turns {
			count[turn.Leader.Who().ID]++
			if i > 0 && turns[i-1].Until != turn.Since {
				t.Fatalf("%s follows %s", turn.Span, turns[i-1].Span)
			}
			if i >= n && turn.Leader.Who().ID != turns[i-n].Leader.Who().ID {
				t.Fatalf("the order changes after %d turns", i)
			}
		}
		for who, times := range count {
			if times != 3 {
				t.Fatalf("%s hosts %d times of 3", who, times)
			}
		}
		// Asked a turn later, it goes on as was said.
		if later := Hosts(teamOf(make([]string, n)), months, turns[0].Until, 1); n*3 > 1 && later[0].Leader.Who().ID != turns[1].Leader.Who().ID {
			t.Fatal("the next turn is somebody else's when it comes")
		}
	})
	if Hosts(nil, 1, day1, 4) != nil {
		t.Error("somebody hosts though nobody is there")
	}
}

// Whatever the team: nobody studies their own section, everybody studies all
// others before one again, and sections are studied evenly.
func TestPairings(t *testing.T) {
	names := []string{"Berth", "Gate", "Rail", "Yard", "Voyage"}
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.IntRange(1, len(names)).Draw(t, "sections")
		each := rapid.IntRange(1, 4).Draw(t, "leaders of each")
		first := rapid.IntRange(0, 9000).Draw(t, "quarter")
		var sections []string
		for range each {
			sections = append(sections, names[:kinds]...)
		}
		team := teamOf(sections)
		if kinds == 1 {
			if got := Pairings(team, first, false); got != nil {
				t.Fatalf("paired with their own: %v", got)
			}
			return
		}
		met := map[PersonID]map[string]int{}
		for quarter := range kinds - 1 {
			studied := map[string]int{}
			pairings := Pairings(team, first+quarter, false)
			if len(pairings) != len(team) {
				t.Fatalf("%d of %d are paired", len(pairings), len(team))
			}
			for _, p := range pairings {
				if p.Section == p.Leader.Section {
					t.Fatalf("%s studies their own section", p.Leader.Who().ID)
				}
				studied[p.Section]++
				if met[p.Leader.Who().ID] == nil {
					met[p.Leader.Who().ID] = map[string]int{}
				}
				met[p.Leader.Who().ID][p.Section]++
			}
			for _, s := range names[:kinds] {
				if studied[s] != each {
					t.Fatalf("%s is studied by %d of %d", s, studied[s], each)
				}
			}
		}
		for who, seen := range met {
			if len(seen) != kinds-1 {
				t.Fatalf("%s came through %d sections of %d", who, len(seen), kinds-1)
			}
		}
	})
}

// Sections of any number of leaders, some without: still nobody studies their
// own.
func TestPairingsUneven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sections := rapid.SliceOfN(rapid.SampledFrom([]string{"", "Berth", "Gate", "Rail"}), 0, 12).Draw(t, "sections")
		n := rapid.IntRange(0, 100).Draw(t, "quarter")
		for _, p := range Pairings(teamOf(sections), n, false) {
			if p.Section == p.Leader.Section || p.Section == "" {
				t.Fatalf("%q studies %q", p.Leader.Section, p.Section)
			}
		}
	})
}

func TestQuarters(t *testing.T) {
	n, span := Quarters("2026-11-20", 1)
	if span.Since != "2026-10-01" || span.Until != "2027-01-01" {
		t.Error(span)
	}
	if later, next := Quarters(span.Until, 1); later != n+1 || next.Since != span.Until {
		t.Error(later, next)
	}
}
