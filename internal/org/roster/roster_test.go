package roster

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/examples"
	"github.com/cadre-hq/cadre/internal/calendar"
)

// organisation draws the rows of one: people and positions in a tree, some of
// them vacant, covered, or without a position.
func organisation(t *rapid.T) []Row {
	word := rapid.StringMatching(`[A-Za-zÀ-ÿ'=+@"#:,;&<{\[-]{1,8}( [A-Za-z0-9'"-]{1,6})?`)
	texts := rapid.OneOf(rapid.Just(""), word)
	day := func(label string) calendar.Day {
		return calendar.On(2000+rapid.IntRange(0, 40).Draw(t, label), 1, rapid.IntRange(1, 366).Draw(t, label))
	}
	n := rapid.IntRange(1, 8).Draw(t, "rows")
	rows := make([]Row, n)
	for i := range rows {
		r := &rows[i]
		r.Holding = rapid.SampledFrom([]Holding{Regular, Regular, Vacant, None}).Draw(t, "holding")
		if r.Holding != Vacant {
			r.Number, r.Name, r.Email = fmt.Sprint("M", i), word.Draw(t, "name"), fmt.Sprintf("m%d@meridian.example", i)
			r.Start, r.ManagedBefore = day("start"), rapid.Bool().Draw(t, "managed")
			if rapid.Bool().Draw(t, "ends") {
				r.End = r.Start.Add(rapid.IntRange(0, 900).Draw(t, "days"))
			}
			r.Country, r.Locality, r.Zone = texts.Draw(t, "country"), texts.Draw(t, "locality"), texts.Draw(t, "zone")
			r.Factor = rapid.SampledFrom([]string{"", "0.80", "1"}).Draw(t, "factor")
		}
		if r.Holding == None {
			continue
		}
		r.Position = fmt.Sprint("P-", i)
		r.Title, r.Specialty, r.Department = texts.Draw(t, "title"), texts.Draw(t, "specialty"), texts.Draw(t, "department")
		r.Level = rapid.SampledFrom([]string{"", "pilot#senior-pilot"}).Draw(t, "level")
		if i > 0 {
			switch up := rows[rapid.IntRange(0, i-1).Draw(t, "manager")]; {
			case up.Holding == Regular && rapid.Bool().Draw(t, "by person"):
				r.Manager = up.Number
			case up.Holding != None:
				r.ManagerPosition = up.Position
			}
		}
	}
	return rows
}

// covered adds covers of vacant positions to an organisation.
func covered(t *rapid.T, rows []Row) []Row {
	for _, r := range rows {
		if r.Holding != Regular || !rapid.Bool().Draw(t, "covers") {
			continue
		}
		for i := range rows {
			if v := &rows[i]; v.Holding == Vacant {
				c := *v
				c.Number, c.Name, c.Email, c.Start, c.Country, c.ManagedBefore = r.Number, r.Name, r.Email, r.Start, r.Country, r.ManagedBefore
				c.Holding = rapid.SampledFrom([]Holding{Interim, Acting, LifeSupport}).Draw(t, "kind")
				rows[i] = c
				break
			}
		}
	}
	return rows
}

// same fails unless reading what was written gives the rows again.
func same(t *rapid.T, rows []Row, write func(io.Writer, []Row) error, read func([]byte) (*File, error)) {
	var b bytes.Buffer
	if err := write(&b, rows); err != nil {
		t.Fatal(err)
	}
	f, err := read(b.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	for i := range f.Rows {
		f.Rows[i].Line = 0
	}
	if d := cmp.Diff(rows, f.Rows, cmpopts.EquateEmpty()); d != "" || len(f.Rejected) > 0 {
		t.Fatalf("%v %s\n%s", f.Rejected, d, b.String())
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Run("csv", rapid.MakeCheck(func(t *rapid.T) {
		same(t, covered(t, organisation(t)), WriteCSV, func(b []byte) (*File, error) { return ReadCSV(b, nil) })
	}))
	t.Run("yaml", rapid.MakeCheck(func(t *rapid.T) {
		same(t, covered(t, organisation(t)), WriteYAML, ReadYAML)
	}))
	// Backstage has no place for vacant positions that nobody reports to, for
	// factors, and for an order.
	t.Run("backstage", rapid.MakeCheck(func(t *rapid.T) {
		rows := organisation(t)
		for before := -1; before != len(rows); {
			before = len(rows)
			all := slices.Clone(rows)
			rows = slices.DeleteFunc(rows, func(r Row) bool {
				return r.Holding == Vacant && !slices.ContainsFunc(all, func(o Row) bool { return o.ManagerPosition == r.Position })
			})
		}
		for i := range rows {
			rows[i].Factor = ""
		}
		sorted := func(rows []Row) []Row {
			slices.SortFunc(rows, func(x, y Row) int { return strings.Compare(x.Number+x.Position, y.Number+y.Position) })
			return rows
		}
		sorted(rows)
		same(t, rows, WriteBackstage, func(b []byte) (*File, error) {
			f, err := ReadYAML(b)
			if err == nil {
				sorted(f.Rows)
			}
			return f, err
		})
	}))
}

// The example is read as it is, and written as it was.
func TestMeridian(t *testing.T) {
	text, err := fs.ReadFile(examples.Meridian(), "people/people.csv")
	if err != nil {
		t.Fatal(err)
	}
	f, err := ReadCSV(text, nil)
	if err != nil || len(f.Rejected) > 0 || len(f.Rows) != 141 {
		t.Fatalf("%d rows, %v, %v", len(f.Rows), f.Rejected, err)
	}
	var b bytes.Buffer
	if err := WriteCSV(&b, f.Rows); err != nil || b.String() != string(text) {
		t.Errorf("%v: %s", err, cmp.Diff(string(text), b.String()))
	}
}

func TestColumns(t *testing.T) {
	const file = "\xef\xbb\xbfSupervisor;Full name;Personalnummer;Hire Date;Status;Job title;Nonsense;Location factor\r\n" +
		";Ada Holm;7;2020-01-31;;Chief;x;0,85\r\n" +
		"\r\n" +
		"7;\"Bo\nLind\";8;2021-02-01T00:00:00Z;regular;\"Quay; Manager\";;\r\n"
	f, err := ReadCSV([]byte(file), Mapping{Number: "Personalnummer"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{
		{Line: 2, Number: "7", Name: "Ada Holm", Start: "2020-01-31", Factor: "0.85", Title: "Chief", Holding: Regular},
		{Line: 4, Number: "8", Name: "Bo Lind", Start: "2021-02-01", Title: "Quay; Manager", Holding: Regular, Manager: "7"},
	}
	if d := cmp.Diff(want, f.Rows); d != "" || len(f.Rejected) > 0 {
		t.Errorf("%v %s", f.Rejected, d)
	}
	if f.Fields[Email] || f.Fields[Position] || !f.Fields[Manager] {
		t.Errorf("the file has %v", f.Fields)
	}
}

// A line that is wrong costs no other.
func TestRejectedLines(t *testing.T) {
	const file = "employee_id,name,start_date,end_date,managed_before,position_id,title,holding,manager,manager_position\n" +
		"1,Ada,2020-01-01,,,P1,Chief,,,\n" +
		"2,Bo,31.12.2020,,,P2,Planner,,1,\n" +
		"3,Cy,2020-01-01,2019-01-01,,P3,Planner,,1,\n" +
		"4,Dee,2020-01-01,,perhaps,P4,Planner,,1,\n" +
		"5,Eve,2020-01-01,,,P5,Planner,actnig,1,\n" +
		"6,Flo,2020-01-01,,,P6,Planner,vacant,1,\n" +
		",,,,,P7,Planner,regular,1,\n" +
		"8,Gus,2020-01-01,,,P8,Planner,,1,P1\n" +
		"9,Hal,2020-01-01,,,P9,Planner,,1,,surplus\n" +
		"10,\"Ida\" Ek,2020-01-01,,,P10,Planner,,1,\n" +
		"11,Jon,2020-01-01,,,,,acting,,\n" +
		",,,,yes,,,,,\n" +
		"12,Kim,2020-01-01,,,P12,Planner,,1,\n"
	f, err := ReadCSV([]byte(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Rows) != 2 || f.Rows[1].Name != "Kim" {
		t.Errorf("rows: %+v", f.Rows)
	}
	want := []string{
		`3 start_date: "31.12.2020" is no day: it is written like 2026-11-23`,
		`4 it ends on 2019-01-01, before it begins on 2020-01-01`,
		`5 managed_before is "perhaps": write yes or no`,
		`6 "actnig" is no holding; did you mean "acting"?`,
		`7 it is vacant, and yet somebody holds it: leave out who, or say how they hold it`,
		`8 it says how the position is held, but not by whom`,
		`9 it names two managers, 1 and the position P1: nobody has more than one`,
		`10 it has 11 cells, and there are 10 columns: is a cell with a separator in it not quoted?`,
		`11 its quotation marks cannot be read: extraneous or missing " in quoted-field`,
		`12 it says how a position is held, but not which: give its id or what it is called`,
		`13 it names neither a person nor a position`,
	}
	var got []string
	for _, r := range f.Rejected {
		got = append(got, fmt.Sprint(r.Line, " ", r.Reason))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// What is no file of people is refused as a whole, with what to do.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name, text string
		m          Mapping
		want       string
	}{
		{"empty", "", nil, "the file is empty"},
		{"windows", "employee_id,name\n1,Ada\n2,Bj\xf6rn\n", nil, "line 3 has letters that are not UTF-8, as in files of Windows-1252: save the file as “CSV UTF-8”"},
		{"utf-16", "\xff\xfee\x00", nil, "the file is UTF-16: save it as CSV in UTF-8"},
		{"nobody", "name,title\nAda,Chief\n", nil, "no column tells people or positions apart: map employee_id, email or position_id to one"},
		{"unknown column", "employee_id,Surname\n", Mapping{Name: "Surnam"}, `no column is called "Surnam"; did you mean "Surname"?`},
		{"unknown field", "employee_id\n", Mapping{"emali": "employee_id"}, `there is no field "emali" to map a column to; did you mean "email"?`},
		{"twice", "name,name\n", nil, `two columns are called "name": give each a heading of its own`},
		{"large", "employee_id\n" + strings.Repeat("1\n", MostBytes/2), nil, "the file has more than 32 MiB: send it in parts"},
		{"long", "employee_id\n" + strings.Repeat("1\n", MostRows+1), nil, "the file has more than 200000 rows: send it in parts"},
	} {
		if _, err := ReadCSV([]byte(c.text), c.m); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A folder with a file for each person, as handbooks have it.
func TestTeamFolder(t *testing.T) {
	folder := fstest.MapFS{
		"person/a/ada-holm.yml": {Data: []byte(`---
departments: [Harbour, Engineering]
name: Ada Holm
slug: ada-holm
type: person
start_date: 2019-05-06
country: Norway
locality: Bergen
reports_to: open-chief
role: <a href="/job-families/harbour/pilot/#senior-pilot">Senior Pilot</a>, North &amp; South
specialty: [Tugs, Ice]
expertise: |
  <li>None of ours</li>
`)},
		"person/b/bo-lind.yml":   {Data: []byte("name: Bo Lind\nslug: bo-lind\nstart_date: 2020-01-01\nreports_to: ada-holm\nrole: <a href=\"/job-families/harbour/crane/index.html\">Crane Driver</a>\nspecialty:\n")},
		"person/c/cy.yml":        {Data: []byte("name: Cy\nslug: [\n")},
		"person/d/dee.yml":       {Data: []byte("name: Dee\nstart_date: soon\nslug: dee\n")},
		"vacancy/open-chief.yml": {Data: []byte("name: New Vacancy - Chief\nslug: open-chief\ntype: vacancy\nlocality: Anywhere\nrole: Chief of the Harbour\nreports_to:\n")},
		"README.md":              {Data: []byte("no people")},
	}
	f, err := ReadFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{
		{
			File: "person/a/ada-holm.yml", Line: 2, Number: "ada-holm", Name: "Ada Holm", Start: "2019-05-06", Country: "Norway", Locality: "Bergen",
			Title: "Senior Pilot, North & South", Level: "pilot#senior-pilot", Guessed: true, Specialty: "Tugs, Ice", Department: "Harbour", Holding: Regular,
			ManagerPosition: "open-chief",
		},
		{
			File: "person/b/bo-lind.yml", Line: 1, Number: "bo-lind", Name: "Bo Lind", Start: "2020-01-01", Title: "Crane Driver",
			Level: "crane#crane-driver", Guessed: true, Holding: Regular, Manager: "ada-holm",
		},
		{File: "vacancy/open-chief.yml", Line: 1, Position: "open-chief", Title: "Chief of the Harbour", Holding: Vacant},
	}
	if d := cmp.Diff(want, f.Rows); d != "" {
		t.Error(d)
	}
	if len(f.Rejected) != 2 || f.Rejected[0].File != "person/c/cy.yml" || f.Rejected[1].Reason != `start_date: "soon" is no day: it is written like 2026-11-23` {
		t.Errorf("rejected: %+v", f.Rejected)
	}
	if _, err := ReadFolder(fstest.MapFS{}); err == nil {
		t.Error("an empty folder is people")
	}
}

// A catalog of Backstage that Cadre did not write.
func TestForeignBackstage(t *testing.T) {
	f, err := ReadYAML([]byte(`apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: yard}
spec: {type: team, children: [], members: [bo]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: bo}
spec:
  profile: {displayName: Bo Lind, email: Bo.Lind@meridian.example}
  memberOf: [yard]
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: crane}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{{Line: 6, Number: "bo", Name: "Bo Lind", Email: "bo.lind@meridian.example"}}
	if d := cmp.Diff(want, f.Rows); d != "" || !f.Slugs || f.Fields[Position] {
		t.Errorf("%v %s", f.Fields, d)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("employee_id;name\n1;\"Ada\nHolm\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := ReadCSV(text, nil)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteCSV(&b, file.Rows); err != nil {
			t.Fatal(err)
		}
		again, err := ReadCSV(b.Bytes(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range again.Rows {
			again.Rows[i].Line = 0
		}
		for i := range file.Rows {
			file.Rows[i].Line = 0
		}
		if d := cmp.Diff(file.Rows, again.Rows); d != "" || len(again.Rejected) > 0 {
			t.Errorf("%v %s", again.Rejected, d)
		}
	})
}

func FuzzReadYAML(f *testing.F) {
	f.Add([]byte("- {name: Ada, slug: ada, reports_to: [x]}\n"))
	f.Add([]byte("apiVersion: backstage.io/v1\nkind: User\nmetadata: {name: bo, annotations: {cadre/holding: acting}}\n"))
	f.Fuzz(func(_ *testing.T, text []byte) { _, _ = ReadYAML(text) })
}
