package tests

import (
	"encoding/csv"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/examples"
	"github.com/cadre-hq/cadre/internal/compile/resolve"
)

// This file holds the people of examples/meridian to what its README promises,
// by nothing but the files: what the organisation's pages show of them must be
// there to be shown.

// A seat is a row of people.csv: a position and who holds it.
type seat struct {
	line   int
	fields map[string]string
	above  *seat
	below  []*seat
	role   *role
}

// A role is what a page says of a level, or of a specialty of one.
type role struct {
	title       string
	reportsTo   []string
	min, max    int
	specialties map[string][]string // whom they report to
	keepsBelow  int
}

func (s *seat) get(column string) string { return s.fields[column] }

// who returns the name of the holder, or which position it is.
func (s *seat) who() string {
	if s.get("holding") == "regular" {
		return s.get("name")
	}
	return s.get("position_id")
}

// people reads the file and joins its rows to a tree.
func people(t *testing.T) (seats []*seat, regular map[string]*seat) {
	t.Helper()
	file, err := examples.Meridian().Open("people/people.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	regular, positions := map[string]*seat{}, map[string]*seat{}
	for i, row := range rows[1:] {
		s := &seat{line: i + 2, fields: map[string]string{}}
		for j, column := range rows[0] {
			s.fields[column] = row[j]
		}
		if positions[s.get("position_id")] != nil {
			t.Errorf("line %d: position %s comes twice", s.line, s.get("position_id"))
		}
		positions[s.get("position_id")] = s
		if s.get("holding") == "regular" {
			if regular[s.get("employee_id")] != nil {
				t.Errorf("line %d: %s has two regular positions", s.line, s.get("employee_id"))
			}
			regular[s.get("employee_id")] = s
		}
		seats = append(seats, s)
	}
	roles := published(t)
	for _, s := range seats {
		if s.role = roles[s.get("level")]; s.role == nil {
			t.Fatalf("line %d: no page has the level %q", s.line, s.get("level"))
		}
		person, position := s.get("manager"), s.get("manager_position")
		switch {
		case person != "" && position != "":
			t.Errorf("line %d: two managers", s.line)
		case person != "":
			s.above = regular[person]
		case position != "":
			s.above = positions[position]
		default:
			continue
		}
		if s.above == nil {
			t.Fatalf("line %d: there is no manager %s%s", s.line, person, position)
		}
		s.above.below = append(s.above.below, s)
	}
	return seats, regular
}

// published returns the roles of the handbook by the ids that the catalog makes.
func published(t *testing.T) map[string]*role {
	t.Helper()
	roles := map[string]*role{}
	for _, p := range exported(t, handbook) {
		family := strings.TrimSuffix(path.Base(strings.TrimSuffix(p.Path, "/index.md")), ".md")
		for _, l := range p.Levels {
			r := &role{title: l.Title, reportsTo: l.ReportsTo, specialties: map[string][]string{}}
			if l.Span != nil && l.Span.Min != nil && l.Span.Max != nil {
				r.min, r.max = *l.Span.Min, *l.Span.Max
			}
			for _, c := range l.Details.Conditions {
				r.keepsBelow = c.FewerThan
			}
			for _, s := range p.Specialties {
				if s.Level != nil && *s.Level != l.Title {
					continue
				}
				r.specialties[s.Title] = nil
				for _, to := range s.ReportsTo {
					r.specialties[s.Title] = append(r.specialties[s.Title], to.Title)
				}
			}
			words := strings.FieldsFunc(strings.ToLower(l.Title), func(c rune) bool { return strings.ContainsRune(" ,()", c) })
			roles[family+"#"+strings.Join(words, "-")] = r
		}
	}
	return roles
}

// leads reports whether a position has reports, or a role that has.
func (s *seat) leads() bool { return len(s.below) > 0 || s.role.max > 0 }

// is reports whether a page that speaks of a role means the position: by its
// level or by what it is called.
func (s *seat) is(title string) bool {
	return resolve.SameRole(s.role.title, title) || resolve.SameRole(s.get("title"), title)
}

func TestExamplePeopleAreWhole(t *testing.T) {
	seats, regular := people(t)
	holdings, zones, forward, tops := map[string]int{}, map[string]bool{}, false, 0
	emails := map[string]string{}
	for _, s := range seats {
		holdings[s.get("holding")]++
		id, email := s.get("employee_id"), s.get("email")
		if s.above == nil {
			tops++
		} else if s.above.line > s.line {
			forward = true
		}
		if s.get("holding") == "vacant" {
			if id != "" || s.get("name") != "" || email != "" {
				t.Errorf("line %d: somebody holds a vacant position", s.line)
			}
			continue
		}
		zones[s.get("time_zone")] = true
		own := regular[id]
		if own == nil || own.get("name") != s.get("name") || own.get("email") != email || !strings.HasSuffix(email, "@meridian.example") {
			t.Errorf("line %d: %s %s <%s> is nobody's row", s.line, id, s.get("name"), email)
		}
		if other := emails[email]; other != "" && other != id {
			t.Errorf("line %d: %s has the e-mail of %s", s.line, id, other)
		}
		emails[email] = id
		if _, err := time.LoadLocation(s.get("time_zone")); err != nil {
			t.Errorf("line %d: %v", s.line, err)
		}
		if _, err := time.Parse(time.DateOnly, s.get("start_date")); err != nil {
			t.Errorf("line %d: %v", s.line, err)
		}
		if s.get("location_factor") == "" || s.get("country") == "" || s.get("locality") == "" || s.get("managed_before") == "" {
			t.Errorf("line %d: something is empty", s.line)
		}
		if special := s.get("specialty"); special != "" {
			if _, ok := s.role.specialties[special]; !ok {
				t.Errorf("line %d: %s has no specialty %q", s.line, s.role.title, special)
			}
		}
	}
	want := map[string]int{"regular": 129, "vacant": 8, "acting": 2, "interim": 1, "life_support": 1}
	if d := cmp.Diff(want, holdings); d != "" {
		t.Error(d)
	}
	if tops != 1 || !forward || len(zones) < 5 {
		t.Errorf("%d people without a manager, a manager further below: %t, %d time zones", tops, forward, len(zones))
	}
	deepest := 0
	for _, s := range seats {
		depth := 1
		for up := s.above; up != nil && depth <= len(seats); up = up.above {
			depth++
		}
		if depth > len(seats) {
			t.Fatalf("line %d: a circle", s.line)
		}
		deepest = max(deepest, depth)
	}
	if deepest > 8 {
		t.Errorf("%d layers, and there may be 8", deepest)
	}
}

func TestExampleSpans(t *testing.T) {
	seats, _ := people(t)
	company, roles := map[string]int{}, map[string]int{}
	for _, s := range seats {
		if !s.leads() {
			continue
		}
		direct := len(s.below)
		if direct < 4 || direct > 10 {
			company[s.who()] = direct
		} else if s.role.max > 0 && (direct < s.role.min || direct > s.role.max) {
			roles[s.who()] = direct
		}
		// The band is kept without those who are to come, too.
		filled := 0
		for _, b := range s.below {
			if b.get("holding") == "regular" {
				filled++
			}
		}
		if filled < 4 && direct >= 4 {
			t.Errorf("%s has %d reports, %d of them present", s.who(), direct, filled)
		}
	}
	if d := cmp.Diff(map[string]int{"Karin Lofstrander": 11, "Ioana Brandeshal": 3}, company); d != "" {
		t.Errorf("outside the band of the company: %s", d)
	}
	if d := cmp.Diff(map[string]int{"Rurik Santavoll": 5, "Bashir Ettenhove": 4, "Frieda Kellersholm": 4, "ENG-45": 4}, roles); d != "" {
		t.Errorf("outside the band of the role alone: %s", d)
	}
	for _, s := range seats {
		if s.who() == "Ioana Brandeshal" && s.role.keepsBelow != 4 {
			t.Error("no page says that she keeps duties")
		}
	}
}

func TestExampleReportingLines(t *testing.T) {
	seats, _ := people(t)
	var broken, own, first []string
	for _, s := range seats {
		if len(s.below) > 0 && s.get("managed_before") == "no" {
			first = append(first, s.who())
		}
		if s.above == nil {
			continue
		}
		to := s.role.reportsTo
		if other := s.role.specialties[s.get("specialty")]; len(other) > 0 {
			if s.get("specialty") == "Growth" && slices.ContainsFunc(to, s.above.is) {
				t.Error("the reporting line of Growth overrides nothing")
			}
			to = other
		}
		if !slices.ContainsFunc(to, s.above.is) {
			broken = append(broken, s.who())
		}
		if s.leads() && s.get("level") == s.above.get("level") {
			own = append(own, s.who())
		}
	}
	if d := cmp.Diff([][]string{{"Liv Sommerfjord"}, {"Frieda Kellersholm"}, {"Leilani Makanoe"}}, [][]string{broken, own, first}); d != "" {
		t.Errorf("not as the page says, to the own layer, first-time managers: %s", d)
	}
}

// People who may sign in to the demonstration are people of the organisation.
func TestExampleHasTheCast(t *testing.T) {
	source, err := os.ReadFile("../internal/app/demo_data.go")
	if err != nil {
		t.Fatal(err)
	}
	_, regular := people(t)
	known := map[string]bool{}
	for _, s := range regular {
		known[s.get("name")+" "+s.get("email")] = true
	}
	cast := 0
	for line := range strings.Lines(string(source)) {
		if parts := strings.Split(line, `"`); len(parts) >= 5 && strings.HasSuffix(parts[3], "@meridian.example") {
			cast++
			if !known[parts[1]+" "+parts[3]] {
				t.Errorf("%s <%s> is nobody there", parts[1], parts[3])
			}
		}
	}
	if cast < 8 {
		t.Errorf("%d people may sign in: the test says nothing", cast)
	}
}

// Those whom the hierarchy and the use cases name are there.
func TestExampleHolders(t *testing.T) {
	_, regular := people(t)
	names := map[string]bool{"TBD": true}
	for _, s := range regular {
		names[s.get("name")] = true
	}
	open := map[string]int{}
	fields := []string{"pm", "pmm", "tmm", "em", "pdm", "qm", "rem", "backend_engineering_manager", "sets", "ux", "uxr", "tech_writer", "appsec_engineer", "dri"}
	var walk func(file, field string, n *yaml.Node)
	walk = func(file, field string, n *yaml.Node) {
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i < len(n.Content); i += 2 {
				walk(file, n.Content[i].Value, n.Content[i+1])
			}
		case yaml.ScalarNode:
			if !slices.Contains(fields, field) {
				return
			}
			name, acting := strings.CutSuffix(n.Value, " (Acting)")
			if !names[name] {
				t.Errorf("%s:%d: %s is %q, who is not there", file, n.Line, field, n.Value)
			}
			if acting {
				open["(Acting)"]++
			} else if name == "TBD" && field != "dri" {
				open[field]++
			}
		default:
			for _, c := range n.Content {
				walk(file, field, c)
			}
		}
	}
	for _, file := range []string{"sections.yml", "stages.yml", "categories.yml", "use_cases.yml"} {
		var doc yaml.Node
		read(t, file, &doc)
		walk(file, "", &doc)
	}
	if open["(Acting)"] == 0 || open["pm"] == 0 || open["tmm"] != 1 {
		t.Errorf("there is no gap to show: %v", open)
	}
	var stages struct {
		Stages map[string]struct {
			Groups map[string]struct{ PM any }
		}
	}
	read(t, "stages.yml", &stages)
	var gaps []string
	for key, stage := range stages.Stages {
		for group, g := range stage.Groups {
			if g.PM == nil || g.PM == "TBD" {
				gaps = append(gaps, key+":"+group)
			}
		}
	}
	if d := cmp.Diff([]string{"rail:wagon_tracking"}, gaps); d != "" {
		t.Errorf("groups without a product manager: %s", d)
	}
}

func TestExampleUseCases(t *testing.T) {
	categories := map[string]any{}
	read(t, "categories.yml", &categories)
	cases := map[string]struct {
		Name, Kind, Objective string
		Drivers               []string `yaml:"value_drivers"`
		DRI                   map[string]string
		Requirements          []string `yaml:"market_requirements"`
		Categories            []string
	}{}
	read(t, "use_cases.yml", &cases)
	if len(cases) < 4 || len(cases) > 6 {
		t.Errorf("%d use cases", len(cases))
	}
	for key, c := range cases {
		if c.Name == "" || c.Objective == "" || c.Kind != "solution" && c.Kind != "capability" || len(c.Drivers) == 0 || len(c.Categories) == 0 {
			t.Errorf("%s: %+v", key, c)
		}
		if n := len(c.Requirements); n < 8 || n > 12 {
			t.Errorf("%s has %d market requirements", key, n)
		}
		if d := cmp.Diff([]string{"pm", "pmm", "tmm"}, slices.Sorted(maps.Keys(c.DRI))); d != "" {
			t.Errorf("%s: %s", key, d)
		}
		for _, category := range c.Categories {
			if categories[category] == nil {
				t.Errorf("%s: there is no category %s", key, category)
			}
		}
	}
}

// read reads a file of the hierarchy.
func read(t *testing.T, file string, into any) {
	t.Helper()
	text, err := fs.ReadFile(examples.Meridian(), "data/"+file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
