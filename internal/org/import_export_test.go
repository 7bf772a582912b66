package org_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// exported returns who is here as rows, sorted, without the numbers of lines.
func exported(t testing.TB, r *orgtest.Room, by auth.Actor) []roster.Row {
	t.Helper()
	rows, err := r.Roster(t.Context(), by, "")
	if err != nil {
		t.Fatal(err)
	}
	return sorted(rows)
}

func sorted(rows []roster.Row) []roster.Row {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Line = 0
	}
	slices.SortFunc(rows, func(x, y roster.Row) int {
		return strings.Compare(x.Position+"/"+string(x.Holding)+"/"+x.Number, y.Position+"/"+string(y.Holding)+"/"+y.Number)
	})
	return rows
}

// anybody draws an organisation over the numbers of one that is there already:
// some people and positions of it may be missing, and everybody may be elsewhere.
type anybody struct {
	prefix string
	people []roster.Row // whom the numbers mean
}

func (a *anybody) draw(t *rapid.T) []roster.Row {
	n := rapid.IntRange(1, 7).Draw(t, "positions")
	free := slices.Clone(a.people)
	take := func() *roster.Row {
		if len(free) == 0 || rapid.IntRange(0, 3).Draw(t, "vacant") == 0 {
			return nil
		}
		i := rapid.IntRange(0, len(free)-1).Draw(t, "who")
		who := free[i]
		free = slices.Delete(free, i, i+1)
		return &who
	}
	rows := make([]roster.Row, 0, 2*n)
	seats := make([]roster.Row, 0, n)
	var places []int
	for i := range n {
		if rapid.IntRange(0, 5).Draw(t, "missing") > 0 || i == 0 {
			places = append(places, i)
		}
	}
	order := rapid.Permutation(places).Draw(t, "order")
	for at, i := range order {
		r := roster.Row{}
		r.Holding = roster.Vacant
		if who := take(); who != nil {
			r = *who
			r.Holding = roster.Regular
		}
		r.Position = fmt.Sprintf("%sP%d", a.prefix, i)
		r.Level = rapid.SampledFrom([]string{"", "backend-engineer#backend-engineer", "product-manager#senior-product-manager"}).Draw(t, "level")
		if r.Level == "" || rapid.Bool().Draw(t, "titled") {
			r.Title = rapid.SampledFrom([]string{"Planner", "Pilot", "Quay, \"north\""}).Draw(t, "title")
		}
		r.Department = rapid.SampledFrom([]string{"", "Quays", "Yards"}).Draw(t, "department")
		r.Specialty = rapid.SampledFrom([]string{"", "Equipment"}).Draw(t, "specialty")
		if at > 0 && rapid.IntRange(0, 4).Draw(t, "top") > 0 {
			if up := seats[rapid.IntRange(0, at-1).Draw(t, "manager")]; up.Holding == roster.Regular {
				r.Manager = up.Number
			} else {
				r.ManagerPosition = up.Position
			}
		}
		seats = append(seats, r)
	}
	rows = append(rows, seats...)
	for i := range rows {
		if c := &rows[i]; c.Holding == roster.Regular && rapid.IntRange(0, 3).Draw(t, "covers") == 0 {
			a.cover(t, rows, *c)
		}
	}
	for _, r := range free {
		if rapid.Bool().Draw(t, "without a position") {
			rows = append(rows, r)
		}
	}
	return rows
}

// cover lets somebody cover the first vacant position.
func (a *anybody) cover(t *rapid.T, rows []roster.Row, who roster.Row) {
	i := slices.IndexFunc(rows, func(r roster.Row) bool { return r.Holding == roster.Vacant })
	if i < 0 || who.Start > orgtest.Today {
		return
	}
	r := &rows[i]
	r.Number, r.Name, r.Email, r.Country, r.Locality, r.Zone, r.Factor, r.ManagedBefore = who.Number, who.Name, who.Email, who.Country, who.Locality, who.Zone, who.Factor, who.ManagedBefore
	r.Start, r.End = orgtest.Today, who.End
	r.Holding = rapid.SampledFrom([]roster.Holding{roster.Interim, roster.Acting, roster.LifeSupport}).Draw(t, "kind")
}

// Whatever the organisation was before: once a file is imported whole, exporting
// gives that file, and importing it again changes nothing.
func TestExportIsWhatWasImported(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Publish(t)
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			a := &anybody{prefix: fmt.Sprintf("R%d-", run)}
			for i := range rapid.IntRange(0, 6).Draw(rt, "people") {
				p := roster.Row{
					Number: fmt.Sprintf("%sM%d", a.prefix, i), Name: fmt.Sprintf("Per %d", i), Email: fmt.Sprintf("m%d.%d@meridian.example", run, i),
					Country: "Norway", Locality: "Bergen", Zone: "Europe/Oslo", Factor: "0.83",
					Start: orgtest.Today.Add(rapid.IntRange(-4000, 0).Draw(rt, "start")), ManagedBefore: rapid.Bool().Draw(rt, "managed"),
				}
				if rapid.IntRange(0, 3).Draw(rt, "ends") == 0 {
					p.End = orgtest.Today.Add(rapid.IntRange(31, 400).Draw(rt, "end"))
				}
				a.people = append(a.people, p)
			}
			for step := range 3 {
				rows := a.draw(rt)
				var text bytes.Buffer
				if err := roster.WriteCSV(&text, rows); err != nil {
					rt.Fatal(err)
				}
				f, err := roster.ReadCSV(text.Bytes(), nil)
				if err != nil {
					rt.Fatal(err)
				}
				plan := func() *org.Import {
					p, err := r.PlanImport(t.Context(), orgtest.Partner, f, org.ImportOptions{All: true, AllowRemovals: true})
					if err != nil || len(p.Rejected) > 0 {
						rt.Fatalf("step %d: %v, %+v\n%s", step, err, p, text.String())
					}
					return p
				}
				if _, err := r.ApplyImport(t.Context(), orgtest.Partner, plan()); err != nil {
					rt.Fatalf("step %d: %v\n%s", step, err, text.String())
				}
				if again := plan(); !again.IsEmpty() || again.Counts.Unchanged != len(rows) {
					rt.Fatalf("step %d: a second import would change %+v by %+v\n%s", step, again, again.Steps(), text.String())
				}
				got, err := r.Roster(t.Context(), orgtest.Partner, "")
				if err != nil {
					rt.Fatal(err)
				}
				if d := cmp.Diff(sorted(rows), sorted(got), cmpopts.EquateEmpty()); d != "" {
					rt.Fatalf("step %d: %s\n%s", step, d, text.String())
				}
				// People who left do not come back with their first day.
				a.people = slices.DeleteFunc(a.people, func(p roster.Row) bool {
					return !slices.ContainsFunc(rows, func(r roster.Row) bool { return r.Number == p.Number })
				})
			}
		})
	})
}

// The example comes out as it went in.
func TestExportMeridian(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Publish(t)
		imported(t, r, meridian(t), org.ImportOptions{})
		f, err := roster.ReadCSV([]byte(meridian(t)), nil)
		if err != nil {
			t.Fatal(err)
		}
		want := sorted(f.Rows)
		for i := range want {
			want[i].Factor = strings.TrimSuffix(want[i].Factor, "0")
		}
		got := exported(t, r, orgtest.Partner)
		wants(t, "rows", want, got)

		// In all formats, importing it changes nothing.
		for name, c := range map[string]struct {
			write func(*bytes.Buffer) error
			read  func([]byte) (*roster.File, error)
			rows  int
		}{
			"csv":  {func(b *bytes.Buffer) error { return roster.WriteCSV(b, got) }, func(b []byte) (*roster.File, error) { return roster.ReadCSV(b, nil) }, 141},
			"yaml": {func(b *bytes.Buffer) error { return roster.WriteYAML(b, got) }, roster.ReadYAML, 141},
			// Of 12 positions without a holder, others report to 5.
			"backstage": {func(b *bytes.Buffer) error { return roster.WriteBackstage(b, got) }, roster.ReadYAML, 0},
		} {
			var b bytes.Buffer
			if err := c.write(&b); err != nil {
				t.Fatal(err)
			}
			f, err := c.read(b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			p, err := r.PlanImport(t.Context(), orgtest.Partner, f, org.ImportOptions{})
			if err != nil || !p.IsEmpty() || p.Counts.Rejected > 0 || p.Counts.Unchanged < 129 || c.rows > 0 && p.Counts.Unchanged != c.rows {
				t.Errorf("%s: %v, %+v", name, err, p)
			}
		}
	})
}

// A location factor is exported for who may see it: those who work with pay, for
// everybody; a leader for their people; somebody for themselves.
func TestExportOfFactors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		file := head +
			line("employee_id", "1", "name", "Ada Holm", "start_date", "2020-01-01", "location_factor", "0.7", "position_id", "P1", "title", "Chief") +
			line("employee_id", "2", "name", "Bo Lind", "start_date", "2020-01-01", "location_factor", "0.8", "position_id", "P2", "title", "Manager", "manager", "1") +
			line("employee_id", "3", "name", "Cy Roe", "start_date", "2020-01-01", "location_factor", "0.9", "position_id", "P3", "title", "Planner", "manager", "2")
		imported(t, r, file, org.ImportOptions{})
		_, err := db.Pool().ExecContext(t.Context(),
			`INSERT INTO auth_principal (id, kind, name, email, verified, created_at) VALUES ('bo', 'person', 'Bo', 'bo@elsewhere.example', 1, 0)`)
		if err != nil {
			t.Fatal(err)
		}
		id := personOf(t, r, "Bo Lind")
		if err := r.Link(t.Context(), orgtest.Partner, id, "bo"); err != nil {
			t.Fatal(err)
		}
		// Another name does not part somebody from their account.
		imported(t, r, strings.Replace(file, "Bo Lind", "Bo Lind-Roe", 1), org.ImportOptions{})
		for who, want := range map[*auth.Actor]string{
			&orgtest.Partner:              "0.7 0.8 0.9",
			&catalogtest.Administrator:    "- - -",
			&orgtest.Member:               "- - -",
			{ID: "bo", Kind: auth.Person}: "- 0.8 0.9",
			{ID: "tr", Kind: auth.Person, Roles: []auth.Role{auth.TotalRewards}}: "0.7 0.8 0.9",
		} {
			var got []string
			for _, row := range exported(t, r, *who) {
				got = append(got, firstOf(row.Factor, "-"))
			}
			wants(t, string(who.ID)+" sees", want, strings.Join(got, " "))
		}
		if _, err := r.Roster(t.Context(), orgtest.Nobody, ""); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("who is not signed in: %v", err)
		}
	})
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// personOf returns the id of somebody by name.
func personOf(t *testing.T, r *orgtest.Room, name string) org.PersonID {
	t.Helper()
	for p := range chartOn(t, r, "").Book.People() {
		if p.Name == name {
			return p.ID
		}
	}
	t.Fatalf("nobody is called %s", name)
	return ""
}

// Who may not change the organisation may not look at what an import would do
// either.
func TestWhoMayImport(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		f, err := roster.ReadCSV([]byte(harbour()), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			by   auth.Actor
			want fault.Kind
		}{{orgtest.Nobody, fault.Unauthenticated}, {orgtest.Member, fault.Forbidden}} {
			_, planErr := r.PlanImport(t.Context(), c.by, f, org.ImportOptions{})
			_, doErr := r.ApplyImport(t.Context(), c.by, &org.Import{})
			_, keepErr := r.KeepUpload(t.Context(), c.by, org.Upload{Content: []byte("x")})
			for _, err := range []error{planErr, doErr, keepErr} {
				if fault.KindOf(err) != c.want {
					t.Errorf("%s: %v", c.by.ID, err)
				}
			}
		}
		id, err := r.KeepUpload(t.Context(), orgtest.Partner, org.Upload{Name: "people.csv", Content: []byte(harbour())})
		if err != nil {
			t.Fatal(err)
		}
		if u, err := r.Upload(t.Context(), orgtest.Partner, id); err != nil || u.Name != "people.csv" || string(u.Content) != harbour() {
			t.Errorf("%+v, %v", u, err)
		}
		if _, err := r.Upload(t.Context(), catalogtest.Administrator, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the upload of somebody else: %v", err)
		}
		if err := r.ForgetUpload(t.Context(), orgtest.Partner, id); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Upload(t.Context(), orgtest.Partner, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a forgotten upload: %v", err)
		}
	})
}

// Whoever removes many says so; a file with a rejected line removes nobody.
func TestImportRemoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Publish(t)
		imported(t, r, meridian(t), org.ImportOptions{})
		lines := strings.SplitAfter(meridian(t), "\n")
		all := org.ImportOptions{All: true}

		// A few go without a word.
		few := strings.Join(slices.Delete(slices.Clone(lines), 10, 14), "")
		p := planned(t, r, few, all)
		wants(t, "counts", org.ImportCounts{Unchanged: 137, Gone: 8}, p.Counts)
		if p.TooMany || p.Removed != 4 || p.People != 129 {
			t.Errorf("%d of %d go, too many: %t", p.Removed, p.People, p.TooMany)
		}
		wants(t, "nobody goes unless the file is whole", org.ImportCounts{Unchanged: 137}, planned(t, r, few, org.ImportOptions{}).Counts)
		broken := planned(t, r, few+"M999,,,someday,,,,,,,,,,,,,,\n", all)
		wants(t, "nobody goes while a line is rejected", org.ImportCounts{Unchanged: 137, Rejected: 1}, broken.Counts)
		if _, err := r.ApplyImport(t.Context(), orgtest.Partner, p); err != nil {
			t.Fatal(err)
		}
		wants(t, "people", chart.Count{Filled: 125, Vacant: 12}, chartOn(t, r, "").People())
		wants(t, "the day before", chart.Count{Filled: 129, Vacant: 5}, chartOn(t, r, orgtest.Today.Add(-1)).People())

		// So does a column that is not the right one: it would empty all positions.
		f, err := roster.ReadCSV([]byte(meridian(t)), roster.Mapping{roster.Number: "", roster.Name: "", roster.Email: "", roster.HoldingField: ""})
		if err != nil {
			t.Fatal(err)
		}
		for i := range f.Rows {
			f.Rows[i].Manager, f.Rows[i].ManagerPosition = "", ""
		}
		delete(f.Fields, roster.Manager)
		delete(f.Fields, roster.ManagerPosition)
		if p, err = r.PlanImport(t.Context(), orgtest.Partner, f, org.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		if !p.TooMany {
			t.Errorf("%d of %d people lose their position, and it is not too many: %+v", p.Removed, p.People, p.Counts)
		}

		// Many need a yes.
		many := strings.Join(lines[:len(lines)-40], "")
		p = planned(t, r, many, all)
		if _, err := r.ApplyImport(t.Context(), orgtest.Partner, p); fault.KindOf(err) != fault.Conflict || !p.TooMany {
			t.Errorf("%d people go: %v", p.Removed, err)
		}
		p = planned(t, r, many, org.ImportOptions{All: true, AllowRemovals: true})
		if _, err := r.ApplyImport(t.Context(), orgtest.Partner, p); err != nil {
			t.Error(err)
		}
		replayed(t, r)
	})
}

// What was previewed is done, or nothing is.
func TestImportIsOvertaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		r.Harbour(t)
		p := planned(t, r, harbour(), org.ImportOptions{})
		r.Do(t, orgtest.Opening("other", "Crane Driver", "quay", catalog.Pin{}))
		_, err := r.ApplyImport(t.Context(), orgtest.Partner, p)
		o, ok := errors.AsType[*org.Overtaken](err)
		if fault.KindOf(err) != fault.Conflict || !ok || len(o.Since) != 1 || o.Since[0].Position != "other" {
			t.Errorf("%v: %+v", err, o)
		}
	})
}
