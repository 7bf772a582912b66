package org_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/examples"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// meridian returns the people of the example.
func meridian(t testing.TB) string {
	t.Helper()
	text, err := fs.ReadFile(examples.Meridian(), "people/people.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// planned returns what a CSV file would do.
func planned(t testing.TB, r *orgtest.Room, text string, o org.ImportOptions) *org.Import {
	t.Helper()
	f, err := roster.ReadCSV([]byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.PlanImport(t.Context(), orgtest.Partner, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// imported takes a CSV file, and returns what it did with the number of the
// change.
func imported(t testing.TB, r *orgtest.Room, text string, o org.ImportOptions) (*org.Import, int64) {
	t.Helper()
	p := planned(t, r, text, o)
	n, err := r.ApplyImport(t.Context(), orgtest.Partner, p)
	if err != nil {
		t.Fatalf("%v; rejected: %+v", err, p.Rejected)
	}
	return p, n
}

// said returns what a plan says of lines, as "line: reason".
func said(all []roster.Rejected) []string {
	out := []string{}
	for _, r := range all {
		out = append(out, fmt.Sprintf("%d: %s", r.Line, r.Reason))
	}
	return out
}

func wants[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: %s", what, d)
	}
}

// shape returns the chart of a day as lines: a position, who has it, and its
// manager.
func shape(t *testing.T, r *orgtest.Room, day calendar.Day) map[string]string {
	t.Helper()
	c := chartOn(t, r, day)
	out := map[string]string{}
	for i := range c.Nodes {
		n := &c.Nodes[i]
		line := string(n.Seat.Title)
		if n.Holder != nil {
			line += ", " + n.Holder.Name
		}
		if n.Cover != nil {
			line += fmt.Sprintf(", %s by %s", n.Covers, n.Cover.Name)
		}
		up := ""
		if above := c.Above(n); above != nil {
			up = " < " + above.Called()
		}
		out[line+up] = n.Seat.Specialty
	}
	return out
}

// The example is taken whole, and a second time changes nothing.
func TestImportMeridian(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Publish(t)
		p, n := imported(t, r, meridian(t), org.ImportOptions{})
		wants(t, "counts", org.ImportCounts{New: 141}, p.Counts)
		wants(t, "notes", []string{}, said(p.Notes))

		c := chartOn(t, r, "")
		wants(t, "people", chart.Count{Filled: 129, Vacant: 12}, c.People())
		if c.Depth() > 8 || c.Nodes[0].Depth != 1 || len(c.Nodes) != 141 {
			t.Errorf("%d positions on %d layers", len(c.Nodes), c.Depth())
		}
		pins := 0
		for i := range c.Nodes {
			if c.Nodes[i].Role != nil {
				pins++
			}
		}
		if pins != 141 {
			t.Errorf("%d positions have a level", pins)
		}
		wants(t, "an interim manager", "Manager, Sales, interim by Ulrik Thorsholm", strings.Split(find(shape(t, r, ""), "interim by"), " <")[0])
		if later := find(shape(t, r, "2027-02-01"), "interim by Ulrik Thorsholm"); later != "" {
			t.Errorf("the interim time goes on: %s", later)
		}

		for _, o := range []org.ImportOptions{{}, {All: true}} {
			again := planned(t, r, meridian(t), o)
			wants(t, "counts of the second time", org.ImportCounts{Unchanged: 141}, again.Counts)
			if !again.IsEmpty() {
				t.Errorf("a second import would do %+v", again.Steps())
			}
			if n, err := r.ApplyImport(t.Context(), orgtest.Partner, again); n != 0 || err != nil {
				t.Errorf("a second import is change %d, %v", n, err)
			}
		}

		// It is one change, which can be taken back and done again.
		if _, err := r.Undo(t.Context(), orgtest.Partner, n); err != nil {
			t.Fatal(err)
		}
		if c := chartOn(t, r, ""); len(c.Nodes) != 0 {
			t.Errorf("%d positions are left", len(c.Nodes))
		}
		p, _ = imported(t, r, meridian(t), org.ImportOptions{})
		wants(t, "counts after it was taken back", org.ImportCounts{New: 141}, p.Counts)
		replayed(t, r)
	})
}

// find returns the line that holds a text.
func find(lines map[string]string, text string) string {
	for line := range lines {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

// replayed fails unless the tables say what comes of all steps.
func replayed(t *testing.T, r *orgtest.Room) {
	t.Helper()
	err := r.DB.View(t.Context(), func(tx store.Tx) error {
		if _, err := r.Replay(t.Context(), tx); err != nil {
			return fmt.Errorf("replay: %w", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

const head = "employee_id,name,email,start_date,end_date,country,locality,time_zone,location_factor,managed_before,position_id,title,level,specialty,department,holding,manager,manager_position\n"

// line returns a row by column and value.
func line(pairs ...string) string {
	cells := make([]string, len(roster.All))
	for i := 0; i < len(pairs); i += 2 {
		for j, f := range roster.All {
			if string(f) == pairs[i] {
				cells[j] = pairs[i+1]
			}
		}
	}
	return strings.Join(cells, ",") + "\n"
}

// harbour is a small organisation as a file: a chief, two managers and two
// planners, one of them to come.
func harbour(more ...string) string {
	return head +
		line("employee_id", "4", "name", "Dee Ware", "start_date", "2021-05-01", "position_id", "P4", "title", "Planner", "holding", "regular", "manager", "2") +
		line("position_id", "P5", "title", "Planner", "holding", "vacant", "manager", "2") +
		line("employee_id", "2", "name", "Bo Lind", "email", "bo@meridian.example", "start_date", "2023-01-01", "country", "Norway", "location_factor", "0.80",
			"position_id", "P2", "title", "Quay Manager", "holding", "regular", "manager", "1") +
		line("position_id", "P3", "title", "Yard Manager", "holding", "vacant", "manager", "1") +
		line("employee_id", "1", "name", "Ada Holm", "email", "ada@meridian.example", "start_date", "2024-01-01", "position_id", "P1", "title", "Chief", "holding", "regular") +
		strings.Join(more, "")
}

// Managers who came later than their people, and vacant positions, are open for
// as long as it takes.
func TestImportOpensPositionsInTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		p, _ := imported(t, r, harbour(), org.ImportOptions{})
		wants(t, "counts", org.ImportCounts{New: 5}, p.Counts)
		none := ""
		wants(t, "in 2022", map[string]string{"Chief": none, "Quay Manager < Chief": none, "Planner, Dee Ware < Quay Manager": none}, shape(t, r, "2022-01-01"))
		wants(t, "today", map[string]string{
			"Chief, Ada Holm": none, "Quay Manager, Bo Lind < Ada Holm": none, "Yard Manager < Ada Holm": none,
			"Planner, Dee Ware < Bo Lind": none, "Planner < Bo Lind": none,
		}, shape(t, r, ""))
	})
}

// A later file tells what has changed: who moves, who comes, what is new about
// somebody, and who covers what.
func TestImportChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		imported(t, r, harbour(), org.ImportOptions{Day: "2026-01-01"})
		next := head +
			line("employee_id", "4", "name", "Dee Ware-Roe", "start_date", "2021-05-01", "position_id", "P3", "title", "Yard Manager", "holding", "regular", "manager", "1") +
			line("employee_id", "5", "name", "Eve Ek", "start_date", "2026-12-01", "position_id", "P4", "title", "Planner", "holding", "regular", "manager", "4") +
			line("employee_id", "6", "name", "Flo By", "start_date", "2026-02-01", "position_id", "P6", "title", "Senior Planner", "holding", "regular", "manager", "2") +
			line("employee_id", "2", "name", "Bo Lind", "start_date", "2023-01-01", "end_date", "2026-12-31", "country", "Sweden", "position_id", "P2", "title", "Quay Manager", "department", "Quays", "holding", "regular", "manager", "1") +
			line("employee_id", "2", "name", "Bo Lind", "start_date", "2026-11-01", "end_date", "2026-11-30", "position_id", "P5", "title", "Planner", "holding", "acting", "manager", "2") +
			line("employee_id", "1", "name", "Ada Holm", "start_date", "2020-01-01", "position_id", "P1", "title", "Chief", "holding", "regular")
		p, _ := imported(t, r, next, org.ImportOptions{})
		wants(t, "counts", org.ImportCounts{New: 2, Changed: 3, Unchanged: 1}, p.Counts)
		var what []string
		for _, row := range p.Rows {
			what = append(what, fmt.Sprintf("%d %s: %s", row.Line, row.Who, strings.Join(row.What, "; ")))
		}
		wants(t, "what changes", []string{
			"2 Dee Ware-Roe: has the name Dee Ware-Roe, had Dee Ware; holds P3",
			"3 Eve Ek: reports to Dee Ware-Roe (P3), did to Bo Lind (P2)",
			"4 Flo By: ",
			"5 Bo Lind: lives in Sweden, lived in Norway; is in Quays, was in none; leaves after 2026-12-31",
			"6 Bo Lind: covers P5",
		}, what)
		wants(t, "notes", []string{"7: Ada Holm started on 2024-01-01 as far as Cadre knows; an import does not change that"}, said(p.Notes))
		none := ""
		wants(t, "today", map[string]string{
			"Chief, Ada Holm": none, "Quay Manager, Bo Lind < Ada Holm": none, "Yard Manager, Dee Ware-Roe < Ada Holm": none,
			"Planner < Dee Ware-Roe": none, "Planner, acting by Bo Lind < Bo Lind": none, "Senior Planner, Flo By < Bo Lind": none,
		}, shape(t, r, ""))
		wants(t, "the day before", map[string]string{
			"Chief, Ada Holm": none, "Quay Manager, Bo Lind < Ada Holm": none, "Yard Manager < Ada Holm": none,
			"Planner, Dee Ware < Bo Lind": none, "Planner < Bo Lind": none,
		}, renamed(shape(t, r, "2026-01-31"), "Dee Ware-Roe", "Dee Ware"))
		wants(t, "in January", map[string]string{
			"Chief, Ada Holm": none, "Quay Manager < Ada Holm": none, "Yard Manager, Dee Ware-Roe < Ada Holm": none,
			"Planner, Eve Ek < Dee Ware-Roe": none, "Planner < Quay Manager": none, "Senior Planner, Flo By < Quay Manager": none,
		}, shape(t, r, "2027-01-01"))
		if again := planned(t, r, next, org.ImportOptions{}); !again.IsEmpty() {
			t.Errorf("a second import would change %+v: %+v", again.Rows, again.Steps())
		}

		// Bo stays after all; the cover is longer, and then ends.
		longer := strings.NewReplacer("2026-12-31", "", "2026-11-30", "2026-12-15").Replace(next)
		p, _ = imported(t, r, longer, org.ImportOptions{})
		wants(t, "counts", org.ImportCounts{Changed: 2, Unchanged: 4}, p.Counts)
		if find(shape(t, r, "2027-01-01"), "Quay Manager, Bo Lind") == "" || find(shape(t, r, "2026-12-15"), "acting by Bo Lind") == "" {
			t.Errorf("in January: %v", shape(t, r, "2027-01-01"))
		}
		vacant := strings.Replace(longer, line("employee_id", "2", "name", "Bo Lind", "start_date", "2026-11-01", "end_date", "2026-12-15", "position_id", "P5", "title", "Planner", "holding", "acting", "manager", "2"),
			line("position_id", "P5", "title", "Planner", "holding", "vacant", "manager", "2"), 1)
		p, _ = imported(t, r, vacant, org.ImportOptions{})
		wants(t, "counts", org.ImportCounts{Changed: 1, Unchanged: 5}, p.Counts)
		if line := find(shape(t, r, ""), "acting"); line != "" {
			t.Errorf("a cover goes on: %s", line)
		}
		replayed(t, r)
	})
}

func renamed(lines map[string]string, from, to string) map[string]string {
	out := map[string]string{}
	for line, v := range lines {
		out[strings.ReplaceAll(line, from, to)] = v
	}
	return out
}

// A line that cannot be is rejected with the reason, and so is what depends on
// it; all others are taken.
func TestImportRejects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Publish(t)
		regular := func(number, position, manager string, more ...string) string {
			return line(append([]string{
				"employee_id", number, "name", "N" + number, "start_date", "2025-01-01", "position_id", position, "title", "Planner", "holding", "regular", "manager", manager,
			}, more...)...)
		}
		file := head +
			regular("1", "P1", "") +
			regular("2", "P2", "1", "level", "backend-engineer#senior-backend-enginer") +
			regular("3", "P3", "1", "level", "backend-enginering#x") +
			regular("4", "P4", "99") +
			regular("5", "P5", "1") + regular("5", "P5b", "1") +
			regular("6", "P6", "8") + regular("7", "P7", "6") + regular("8", "P8", "7") +
			regular("9", "P9", "8") +
			regular("10", "P10", "10") +
			regular("11", "P11", "1", "time_zone", "Europe/Atlantis") +
			regular("12", "P12", "1", "location_factor", "9") +
			regular("13", "P13", "1", "email", "no address") +
			regular("14", "P1", "1") +
			line("employee_id", "15", "start_date", "2025-01-01") +
			line("position_id", "P16", "holding", "vacant", "manager", "1") +
			line("position_id", "P17", "title", "Planner", "manager_position", "P77") +
			regular("18", "P18", "1", "email", "twin@meridian.example") + regular("19", "P19", "1", "email", "twin@meridian.example") +
			line("employee_id", "5", "name", "N5", "position_id", "P20", "title", "Cover", "holding", "acting", "manager", "1") +
			line("position_id", "P20", "title", "Cover", "holding", "vacant", "manager", "5") +
			line("name", "Nameless", "title", "Planner", "manager", "1") +
			line("position_id", "P21", "title", "Planner", "level", "backend-engineer", "manager", "1") +
			regular("22", "P22", "15")
		p, _ := imported(t, r, file, org.ImportOptions{})
		wants(t, "rejected", []string{
			`3: no published page has the level "backend-engineer#senior-backend-enginer"; did you mean backend-engineer#senior-backend-engineer or backend-engineer#junior-backend-engineer or backend-engineer#staff-backend-engineer?`,
			`4: no published page has the level "backend-enginering#x"`,
			`5: it reports to "99", whom neither the file nor Cadre knows`,
			`7: N5 has a position on line 6 already, and nobody has two managers: if they cover this one, say so in holding`,
			"8: that would be a circle: N6 (P6) → N8 (P8) → N7 (P7) → N6 (P6)",
			"9: that would be a circle: N6 (P6) → N8 (P8) → N7 (P7) → N6 (P6)",
			"10: that would be a circle: N6 (P6) → N8 (P8) → N7 (P7) → N6 (P6)",
			"11: it reports to 8, whose row was rejected (line 10)",
			"12: N10 (P10) cannot report to itself",
			`13: "Europe/Atlantis" is no time zone: it is written like Europe/Rotterdam`,
			`14: "9" is no location factor: it is a number like 0.85, of at most 2`,
			`15: "no address" is no address`,
			"16: the position P1 is on line 2 already",
			"17: it does not say how 15 is called, who is not known yet",
			"18: it does not say what the position is called: add title or level",
			`19: it reports to the position "P77", which neither the file nor Cadre knows`,
			"21: N18 has the address twin@meridian.example as well, on line 20",
			"23: the position P20 has another manager on line 22, and nobody has two",
			"24: it names Nameless by nothing but the name: add employee_id or email",
			`25: no published page has the level "backend-engineer": it has junior-backend-engineer, backend-engineer, senior-backend-engineer, staff-backend-engineer, principal-backend-engineer`,
			"26: it reports to 15, whose row was rejected (line 17)",
		}, said(p.Rejected))
		wants(t, "counts", org.ImportCounts{New: 4, Rejected: 21}, p.Counts)
	})
}
