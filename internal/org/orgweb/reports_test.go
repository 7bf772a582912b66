package orgweb_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/org/orgweb"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// meridian fills a place with the people of the example, whose positions and
// people have the ids of the file.
func (p *place) meridian(t testing.TB) {
	t.Helper()
	p.Publish(t)
	file, err := os.Open(filepath.Join("..", "..", "..", "examples", "meridian", "people", "people.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var lines []map[string]string
	seat := map[string]string{} // of a person who holds it regularly
	for _, row := range rows[1:] {
		line := map[string]string{}
		for i, name := range rows[0] {
			line[name] = row[i]
		}
		lines = append(lines, line)
		if line["holding"] == "regular" {
			seat[line["employee_id"]] = line["position_id"]
		}
	}
	var c org.Change
	known, opened := map[string]bool{}, map[string]bool{}
	add := func(s chart.Step) { c.Steps = append(c.Steps, s) }
	for _, l := range lines {
		if id := l["employee_id"]; id != "" && !known[id] {
			known[id] = true
			c.People = append(c.People, org.Details{ID: org.PersonID(id), Name: l["name"], Email: l["email"], ManagedBefore: l["managed_before"] == "yes"})
			add(chart.Step{Kind: chart.Join, Person: org.PersonID(id), Day: calendar.Day(l["start_date"])})
		}
	}
	var open func(l map[string]string)
	byID := map[string]map[string]string{}
	for _, l := range lines {
		byID[l["position_id"]] = l
	}
	open = func(l map[string]string) {
		if opened[l["position_id"]] {
			return
		}
		opened[l["position_id"]] = true
		manager := l["manager_position"]
		if l["manager"] != "" {
			manager = seat[l["manager"]]
		}
		if manager != "" {
			open(byID[manager])
		}
		add(p.opening(t, l, org.PositionID(manager)))
	}
	for _, l := range lines {
		open(l)
		if l["holding"] != "vacant" {
			day := max(calendar.Day(l["start_date"]), "2013-01-01")
			if l["holding"] != "regular" {
				day = "2026-07-01"
			}
			add(chart.Step{Kind: chart.Fill, Person: org.PersonID(l["employee_id"]), Position: org.PositionID(l["position_id"]), Holding: chart.HoldingKind(l["holding"]), Day: day})
		}
	}
	if _, err := p.Service.Do(t.Context(), orgtest.Partner, c); err != nil {
		t.Fatal(err)
	}
}

// opening opens the position of a line of the example.
func (p *place) opening(t testing.TB, l map[string]string, manager org.PositionID) chart.Step {
	t.Helper()
	s := chart.Step{
		Kind: chart.Open, Position: org.PositionID(l["position_id"]), Day: "2013-01-01", Manager: &manager,
		Title: chart.To(l["title"]), Specialty: chart.To(l["specialty"]), Department: chart.To(l["department"]),
	}
	if family, level, ok := strings.Cut(l["level"], "#"); ok {
		pin := p.Level(t, catalog.FamilyID(family), catalog.LevelID(level))
		s.Pin = &pin
		if *s.Title == "" {
			role, err := p.Role(t.Context(), orgtest.Partner, pin)
			if err != nil {
				t.Fatal(err)
			}
			s.Title = &role.Title
		}
	}
	return s
}

// reports are the addresses of the pages of this file.
var reports = []string{
	"/org/spans", "/org/claims", "/org/coverage", "/org/groups", "/org/changes", "/org/what-if", "/org/picture", "/org/export", "/scenarios",
}

// Before anybody is here, each page says so; and nobody who may not look sees it.
func TestReportsOfNobody(t *testing.T) {
	p := open(t)
	b := p.site.As(orgtest.Member)
	for _, address := range reports {
		b.Get(address).WantsStatus(200)
		if at := p.site.As(orgtest.Nobody).Get(address).Address.Path; at != "/sign-in" {
			t.Errorf("somebody who is not signed in gets from %s to %s", address, at)
		}
	}
	b.Get("/org/spans").Wants("Nobody is here yet")
	b.Get("/org/claims").Wants("No page says anything to check")
	b.Get("/org/changes").Wants("Nothing was changed yet")
	b.Get("/org/picture?at=none").WantsStatus(404)
	b.Get("/org/changes/9").WantsStatus(404)
	b.Get("/org/changes/x").WantsStatus(404)
	b.Get("/scenarios/x").WantsStatus(404)
	b.Get("/org/export/x").WantsStatus(404)
}

// The report of spans tells who leads too many or too few, by which rule.
func TestSpans(t *testing.T) {
	p := open(t)
	p.meridian(t)
	b := p.site.As(orgtest.Member)
	all := b.Get("/org/spans").WantsStatus(200).Wants("Leaders", "Average span", "Company band", "the company band", "the role's band", "Reporting lines")
	some := all.Follow("Attention").WantsStatus(200).Wants("found", "the company band").Lacks(">Within<")
	some.Follow("Attention").Lacks("leaders found")
	b.Get("/org/spans?department=Product").Wants("VP of Product").Lacks("Engineering Manager, Berth")
	b.Get("/org/spans?q=ballet").Wants("No leader fits").Follow("Show all leaders").Wants("Leaders")
	text := b.Get("/org/spans?sort=-direct").Text()
	if most, least := strings.Index(text, "Above the company band"), strings.Index(text, "Below the company band"); most < 0 || least < 0 || most > least {
		t.Error("the leader of most does not come first")
	}
	file := b.Get("/org/spans.csv?department=Product").WantsStatus(200)
	rows, err := csv.NewReader(strings.NewReader(file.HTML)).ReadAll()
	if err != nil || len(rows) < 5 || len(rows[0]) != 17 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		if row[3] != "Product" {
			t.Errorf("a row of %s", row[3])
		}
	}
}

// A cell of the file cannot be taken for a formula.
func TestSpansHarmless(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	p.Do(t, chart.Step{Kind: chart.Change, Position: "quay", Day: orgtest.Today, Title: chart.To("=HYPERLINK(1)")})
	p.site.As(orgtest.Member).Get("/org/spans.csv").Wants("'=HYPERLINK(1)")
}

// Each statement of a page stands with its line, and what breaks it.
func TestClaims(t *testing.T) {
	p := open(t)
	p.meridian(t)
	b := p.site.As(orgtest.Member)
	all := b.Get("/org/claims").WantsStatus(200).Wants("Statements", "Kept", "Broken", "Account Executive", "report directly").Lacks("First page")
	all.Follow("Next page").WantsStatus(200).Wants("Technical Recruiter", "These are the last statements")
	broken := all.Follow("Broken").WantsStatus(200).Lacks("Kept</span>")
	if !strings.Contains(broken.HTML, "/positions/") {
		t.Error("what breaks a claim leads nowhere")
	}
	b.Get("/org/claims?kind=grade").Wants("its grade is no lower").Lacks("report directly")
	b.Get("/org/claims?kind=total").Wants("No statement fits").Follow("Show all statements").Wants("report directly")
	b.Get("/org/claims?family=product-management-leadership").Wants("Product Management Leadership")
	b.Get("/org/claims?day=2012-01-01").Wants("No page says anything to check")
}

// Vacant positions and those that somebody covers, for how long, and what an
// interim role pays.
func TestCoverage(t *testing.T) {
	p := open(t)
	p.meridian(t)
	b := p.site.As(orgtest.Member)
	board := b.Get("/org/coverage").WantsStatus(200).Wants("Vacant", "Acting", "Life support", "For more than 4 months", "milestones, minimal viable changes and release post", "vision and direction pages")
	board.Follow("Acting").WantsStatus(200).Wants("Product Manager, Train Planning").Lacks("Manager, Product Design")
	b.Get("/org/coverage?kind=acting&department=Nowhere").Wants("No position fits")

	form := board.Form("/org/coverage/bonus")
	form.Fill("salary", "125,000").Fill("days", "90")
	paid := form.Submit().WantsStatus(200).Wants("3,082.19", "for 90 days at a salary of 125,000.00")
	if got := paid.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a salary may be kept: %q", got)
	}
	again := board.Form("/org/coverage/bonus")
	again.Fill("salary", "a lot").Fill("days", "400")
	wrong := again.Submit().WantsStatus(422).Wants("Two things to correct", "such as 125,000", "at most 366")
	if wrong.Form("/org/coverage/bonus").Values.Get("salary") != "a lot" {
		t.Error("what was typed is lost")
	}
}

// Groups follow from layers, the leadership team of product from the policy; its
// turns are the same for everybody.
func TestGroups(t *testing.T) {
	p := open(t)
	p.meridian(t)
	b := p.site.As(orgtest.Member)
	page := b.Get("/org/groups").WantsStatus(200).Wants("Management group", "What is expected of them", "A talk with each direct report every 7 days", "Leadership team of product", "Who hosts the group conversation", "Nobody gets their own")
	page.Follow("E-group").WantsStatus(200).Wants("Executive to Chief executive", "skips of the chief executive", "70 %")
	if first, again := page.Text(), p.site.As(orgtest.Partner).Get("/org/groups").Text(); strings.Count(first, "Waterside") != strings.Count(again, "Waterside") {
		t.Error("the turns differ by who asks")
	}
	b.Get("/org/groups?day=2026-12-20").Wants("from 1 Dec 2026")
}

// The history tells what was done, by whom and how, and who may takes it back.
func TestChanges(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	p.Do(t, chart.Step{Kind: chart.Change, Position: "plan", Day: orgtest.Today, Manager: chart.To[org.PositionID]("yard")})
	member := p.site.As(orgtest.Member)
	page := member.Get("/org/changes").WantsStatus(200).Wants("Pat Sound", "Planner reports to Yard Manager", "Ada Holm joins", "from 20 Nov 2026").Lacks(">Undo<")
	page.Follow("Import").Wants("No change fits").Follow("Show all changes").Wants("Planner reports")
	member.Get("/org/changes?made=2026-11-20").Wants("Planner reports")
	member.Get("/org/changes?made=2026-11-21").Wants("No change fits")
	member.Get("/org/changes?made=soon").WantsStatus(200).Wants("written like 2026-11-23", "No change fits")
	one := page.Follow("#3").WantsStatus(200).Wants("Change 3", "By hand", "Planner reports to Yard Manager")
	one.Follow("Planner").Wants("Planner")

	b := p.site.As(orgtest.Partner)
	b.Get("/org/changes").Form("/org/changes/3/undo").Submit().WantsStatus(200).Wants("Taken back")
	b.Get("/org/changes").Wants("Planner reports to Quay Manager")
}

// Somebody tries moves: what is refused says why and loses nothing, what is
// possible shows what it comes to, and nothing is saved.
func TestWhatIf(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	b := p.site.As(orgtest.Member)
	page := b.Get("/positions/plan").Follow("Try a move").WantsStatus(200).Wants("Nothing is tried yet")
	form := try(t, page)
	if got := form.Values.Get("position"); got != "Dee Ware, Planner" {
		t.Errorf("the position is filled in as %q", got)
	}
	page = form.Fill("manager", "yard").Submit().WantsStatus(200)
	page.Wants("Dee Ware, Planner reports to Yard Manager (vacant)", "Bo Lind", "2 spans", "Keep as a scenario")

	// A circle is refused beside the field, with the way named.
	form = try(t, page)
	refused := form.Fill("position", "Ada Holm").Fill("manager", "dee ware").Submit().WantsStatus(200).Wants("That would be a circle", "1", "Dee Ware, Planner reports to Yard Manager")
	if got := try(t, refused).Values.Get("position"); got != "Ada Holm" {
		t.Errorf("what was typed is lost: %q", got)
	}

	// What fits several is offered.
	form = try(t, page)
	form = try(t, form.Fill("position", "manager").Fill("manager", "chief").Submit().Wants("Several fit"))
	form.Fill("position_choice", "yard").Submit().Wants("Yard Manager (vacant) reports to Ada Holm, Chief")

	page = page.Follow("Add a position")
	form = try(t, page)
	page = form.Fill("title", "Tug Master").Fill("manager", "Yard Manager").Submit().WantsStatus(200).Wants("A new position, Tug Master, reports to Yard Manager (vacant)")
	page = page.Follow("Vacate a position")
	page = try(t, page).Fill("position", "bo").Submit().WantsStatus(200).Wants("Quay Manager is vacant: Bo Lind leaves it")
	try(t, page).Fill("position", "yard").Submit().Wants("Nobody holds it")
	page = page.Follow("Close a position")
	page = try(t, page).Fill("position", "quay").Submit().WantsStatus(200).Wants("Quay Manager closes")
	if n := strings.Count(page.Address.Query().Get("steps"), `"kind"`); n != 4 {
		t.Fatalf("%d steps", n)
	}
	page.Follow("Take away step 4").Lacks("Quay Manager closes").Wants("Tug Master")
	if c, err := p.Chart(t.Context(), orgtest.Member, ""); err != nil || len(c.Nodes) != 4 || c.Revision != 15 {
		t.Errorf("something was saved: %d, %v", c.Revision, err)
	}

	// The organisation moves on: a step that is refused now is told, and the
	// others are shown.
	p.Do(t, chart.Step{Kind: chart.Vacate, Position: "quay", Person: "bo", Day: orgtest.Today})
	b.Get(page.Address.RequestURI()).WantsStatus(200).Wants("1 step is refused", "Refused", "Tug Master")

	many := "[" + strings.Repeat("{},", 40) + "{}]"
	for _, bad := range []string{`[{"kind":`, `[{"pay":1}]`, `[][]`, strings.Repeat(" ", 20_000), many} {
		b.Get("/org/what-if?steps=" + url.QueryEscape(bad)).WantsStatus(422)
	}
}

// try returns the form of a step.
func try(t *testing.T, p *webtest.Page) *webtest.Form {
	t.Helper()
	for _, f := range p.Forms() {
		if strings.HasSuffix(f.Text(), "Try it") {
			return f
		}
	}
	t.Fatalf("nothing can be tried; the page says:\n%s", p.Text())
	return nil
}

// A level is changed in a what-if, and the findings that this brings are told.
func TestWhatIfLevel(t *testing.T) {
	p := open(t)
	p.meridian(t)
	b := p.site.As(orgtest.Member)
	page := b.Get("/org/what-if?do=level&position=PRD-17")
	vp := p.Level(t, "product-management-leadership", "vp-of-product")
	page = try(t, page).Fill("level", vp.String()).Submit().WantsStatus(200)
	page.Wants("Findings that come and go", "has the level VP of Product", "Comes, Attention", "the page says Chief Product Officer")
	try(t, page).Fill("position", "nobody of this name").Fill("level", "").Submit().Wants("Two things to correct")
}

// A what-if is kept as a scenario, changed, applied on a day and taken back.
func TestScenario(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	maker, partner := p.site.As(orgtest.Member), p.site.As(orgtest.Partner)
	page := try(t, maker.Get("/org/what-if?position=plan")).Fill("manager", "yard").Submit()
	if again := page.Form("/scenarios/new").Submit().WantsStatus(422).Wants("Fill this in", "Dee Ware, Planner reports to Yard Manager"); again.Address.Path == "/scenarios" {
		t.Error("a scenario without a name is kept")
	}
	page = page.Form("/scenarios/new").Fill("name", "Split the quay").Submit().WantsStatus(200).Wants("Split the quay is kept", "Not applied", "Dee Ware, Planner reports to Yard Manager", "2 spans").Lacks("Apply…")
	address := page.Address.Path
	p.site.As(orgtest.Nobody).Get(address).WantsStatus(404)
	maker.Get(address + "/apply").WantsStatus(403)
	maker.Get("/scenarios").Wants("Split the quay", "Not applied")

	// It is changed in the what-if, and kept in its place.
	page = page.Follow("Change the steps").Wants("What if: Split the quay")
	page = try(t, page).Fill("position", "quay").Fill("manager", "yard").Submit()
	page = page.Form("/scenarios/new?scenario=" + strings.TrimPrefix(address, "/scenarios/")).Submit().WantsStatus(200).Wants("Bo Lind, Quay Manager reports to Yard Manager")
	if page.Address.Path != address {
		t.Errorf("it is kept as %s", page.Address.Path)
	}

	form := partner.Get(address).Follow("Apply…").Form(address + "/apply")
	form.Fill("day", "never").Submit().WantsStatus(422)
	applied := form.Fill("day", "2026-12-01").Submit().WantsStatus(200).Wants("is applied from 1 Dec 2026 on", "Applied", "See the change")
	applied.Follow("See the change").Wants("Scenario", "Planner reports to Yard Manager", "from 1 Dec 2026")
	partner.Get(address + "/apply").WantsStatus(409)
	partner.Get("/org?day=2026-12-01").Wants("Dee Ware")
	undo(t, applied).Submit().Wants("Taken back")

	partner.Get(address).Follow("Delete").Form(address+"/delete").Submit().WantsStatus(200).Wants("Split the quay is deleted", "No scenario is kept")
	partner.Get(address).WantsStatus(404)
}

// A scenario that does not fit any more is told so, and not lost.
func TestScenarioOvertaken(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	steps := []chart.Step{{Kind: chart.Change, Position: "plan", Day: orgtest.Today, Manager: chart.To[org.PositionID]("yard")}}
	sc, err := p.SaveScenario(t.Context(), orgtest.Partner, "", "Later", steps)
	if err != nil {
		t.Fatal(err)
	}
	p.Do(t, chart.Step{Kind: chart.Change, Position: "yard", Day: orgtest.Today, Manager: chart.To[org.PositionID]("plan")})
	b := p.site.As(orgtest.Partner)
	page := b.Get("/scenarios/"+sc.ID).WantsStatus(200).Wants("1 step would be refused", "a circle")
	page.Follow("Open as a what-if").Wants("Refused")
	form := b.Get("/scenarios/" + sc.ID + "/apply").Form("/scenarios/" + sc.ID + "/apply")
	form.Submit().WantsStatus(422).Wants("That would be a circle")
}

// The picture shows as many layers as fit, and the rest by going down.
func TestPicture(t *testing.T) {
	p := open(t)
	p.meridian(t)
	b := p.site.As(orgtest.Member)
	top := b.Get("/org/picture").WantsStatus(200).Wants("The whole organisation", "below", "As a table")
	down := top.Follow("Ottoline Vacaresk").WantsStatus(200).Wants("Below Ottoline Vacaresk", "Up to")
	down.Follow("Up to").Wants("Below")
	b.Get("/org/picture?q=tranvelle").Wants("Engineering Manager, Yard").Follow("Minh Tranvelle").Wants("Below Minh Tranvelle", "all 6 positions")
	b.Get("/org/picture?q=ballet").Wants("No position is called or held so")
}

// The organisation is taken along in the forms that there are.
func TestExport(t *testing.T) {
	p := &place{Room: orgtest.Open(t, storetest.Open(t, storetest.SQLite(t))), site: webtest.New(t)}
	names := orgweb.Format{
		Key: "names", Name: "Names", Text: "Who is here, one a line.", File: "names.txt", Media: "text/plain; charset=utf-8",
		Write: func(ctx context.Context, by auth.Actor, day calendar.Day, w io.Writer) error {
			c, err := p.Chart(ctx, by, day)
			if err != nil {
				return err
			}
			for i := range c.Nodes {
				_, _ = io.WriteString(w, c.Nodes[i].Called()+"\n")
			}
			return nil
		},
	}
	orgweb.Register(p.site.Site, p.Service, p.Catalog.Service, orgweb.Options{Formats: []orgweb.Format{names}})
	p.Harbour(t)
	b := p.site.As(orgtest.Member)
	page := b.Get("/org/export").WantsStatus(200).Wants("Who is here, one a line", "Spans")
	file := page.Follow("Download Names").WantsStatus(200)
	if file.HTML != "Ada Holm\nBo Lind\nDee Ware\nYard Manager\n" || file.Header.Get("Content-Disposition") != `attachment; filename="names.txt"` {
		t.Errorf("got %q as %s", file.HTML, file.Header.Get("Content-Disposition"))
	}
	b.Get("/org/export/ballet").WantsStatus(404)
}

// A leader of more than fit on a picture is shown page by page.
func TestWidePicture(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	var steps []chart.Step
	for i := range 100 {
		steps = append(steps, orgtest.Opening(org.PositionID(fmt.Sprintf("hand%02d", i)), fmt.Sprintf("Hand %02d", i), "yard", catalog.Pin{}))
	}
	p.Do(t, steps...)
	b := p.site.As(orgtest.Member)
	b.Get("/org/picture").WantsStatus(200).Wants("3 of 104 positions", "100 below")
	page := b.Get("/org/picture?at=yard").WantsStatus(200).Wants("Hand 00", "Hand 47", "49 of 101 positions").Lacks("Hand 48")
	page = page.Follow("The next ones").Wants("Hand 48", "Hand 95").Lacks("Hand 47", "Hand 96")
	page.Follow("The next ones").Wants("Hand 96").Lacks("The next ones").Follow("The ones before").Follow("The ones before").Wants("Hand 00").Lacks("The ones before")
}
