package policy

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Each value of each shipped pack is stated, says what it means, and names a
// document that it comes from.
func TestEveryValueHasItsSource(t *testing.T) {
	for _, name := range Names() {
		p, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		set := p.roomSet()
		values := p.Values()
		if len(values) < 600 {
			t.Errorf("%s has only %d values", name, len(values))
		}
		for _, v := range values {
			if v.Doc == "" {
				t.Errorf("%s: %s does not say what it means", name, v.Path)
			}
			if v.Source.Text == "" {
				t.Errorf("%s: %s has no source", name, v.Path)
			}
			if _, stated := set.cites[v.Path]; v.Room() != "pages" && (!stated || len(v.Source.Places) == 0) {
				t.Errorf("%s: %s is not stated, or its source %q names no document", name, v.Path, v.Source.Text)
			}
		}
	}
}

// What a value is printed as reads back as the same value.
func TestValuesReadBack(t *testing.T) {
	for _, name := range Names() {
		p, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range p.leaves(p.roomSet()) {
			n, err := parseNode([]byte(flow(l.value)))
			if err != nil {
				t.Errorf("%s: %s: %v", l.path, flow(l.value), err)
				continue
			}
			again, r := reflect.New(l.typ).Elem(), &roomReader{}
			if !r.assign(n, again, l.limits, l.path) || flow(again) != flow(l.value) {
				t.Errorf("%s: %s became %s, %v", l.path, flow(l.value), flow(again), r.problems)
			}
			if text := asJSON(l.value); !json.Valid([]byte(text)) {
				t.Errorf("%s: %s is no JSON", l.path, text)
			}
		}
	}
}

// The figures that the rooms are built around, each with the place that it was
// read in.
func TestSeedDayFigures(t *testing.T) {
	for path, want := range map[string]string{
		"span.min":                                                    "4 | structure handbook, span of control (around 7, from 4 to 10; the same at every level)",
		"rooms.org.spans.group_manager.max":                           "4 | seed L39",
		"rooms.org.spans.director.min":                                "4 | seed L105",
		"rooms.org.vacancies.interim.bonus_percent":                   "10 | handbook people-group/promotions-transfers",
		"rooms.hiring.scorecards.due_business_days":                   "1 | handbook hiring/talent-acquisition-framework/hiring-manager",
		"rooms.hiring.scorecards.escalate_business_days":              "3 | handbook hiring/greenhouse",
		"rooms.hiring.offers.approvals":                               "[total_rewards, finance_partner, executive] | handbook hiring/offers",
		"rooms.hiring.offers.top_approval_from_grade":                 `"10" | handbook hiring/greenhouse; handbook hiring/offers`,
		"rooms.hiring.declines.notice_days":                           "5 | handbook hiring/greenhouse",
		"rooms.schedule.notice_hours":                                 "48 | handbook hiring/interviewing; handbook hiring/talent-acquisition-framework/coordinator",
		"rooms.growth.promotion.effective_months":                     "[2, 5, 8, 11] | handbook people-group/promotions-transfers",
		"rooms.growth.reviews.overdue_after_days":                     "92 | handbook product/product-manager-role/product-CDF-competencies",
		"rooms.direction.maturity.pass_percent":                       "80 | handbook product/ux/category-maturity-scorecards",
		"rooms.indicators.survey.hidden_up_to_answers":                "5 | handbook people-group/engagement",
		"rooms.indicators.location_factor.months":                     "3 | handbook data/performance_indicators/marketing.yml; handbook people-group/people-group-metrics",
		"rooms.indicators.use_case_revenue.full_plan_from_smb":        "10000 | handbook sales/command-of-the-message/command-plan",
		"rooms.company.fiscal_year.start_month":                       "2 | handbook finance",
		"rooms.indicators.scorecard.order":                            "[product_indicators, product_kpis, job_satisfaction, hiring_plan_and_location_factor, use_case_revenue] | seed L297-302",
		"rooms.access.retention.us_small_contractor_months":           "12 | practice retention of applicants' data",
		"rooms.hiring.interviewers.training_steps":                    "[shadow, reverse_shadow, lead] | cadre",
		"rooms.org.hierarchy_changes.new_category_needs_canvas":       "true | handbook product/categories",
		"rooms.direction.experiments.velocity_per_engineer_week":      `"1" | seed L274`,
		"rooms.indicators.hiring_plan.interviewee_satisfaction_above": `"4.1" | handbook finance/financial-planning-and-analysis/headcount-metrics-and-processes; handbook data/performance_indicators/talent_acquisition.yml`,
	} {
		v, err := Default().Value(path)
		if got := v.Text + " | " + v.Source.Text; err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", path, got, err, want)
		}
	}
}

// Where documents contradict each other, a note says so.
func TestContradictionsAreNoted(t *testing.T) {
	for path, word := range map[string]string{
		"rooms.catalog.grades.regrades":                                  "9.5",
		"rooms.org.spans.outside_company_band":                           "2–4",
		"rooms.hiring.scorecards.due_business_days":                      "3",
		"rooms.hiring.offers.top_approval_from_grade":                    "11",
		"rooms.direction.maturity.pass_percent":                          "80",
		"rooms.direction.jobs_to_be_done.letters":                        "3.64",
		"rooms.indicators.hiring_plan.forecast_subtracts_internal_hires": "116",
		"rooms.indicators.survey.hidden_up_to_answers":                   "stricter",
		"rooms.indicators.use_case_revenue.plan_fields":                  "six",
		"rooms.growth.framework.unwritten_levels":                        "empty",
		"rooms.org.hierarchy.renamed":                                    "moved",
		"rooms.indicators.use_case_revenue.metric":                       "Net ARR",
		"rooms.direction.walkthroughs.director_months":                   "no figure",
		"rooms.direction.investment.types":                               "recovered",
		"rooms.growth.promotion.effective_months":                        "twice a year",
		"rooms.direction.maturity.levels":                                "later",
	} {
		s, err := Default().Source(path)
		if err != nil || !strings.Contains(s.Note, word) {
			t.Errorf("%s: the note %q does not speak of %q (%v)", path, s.Note, word, err)
		}
	}
}

// The later pack has other months of promotion and other names of maturity,
// and all else from the former one.
func TestLaterPack(t *testing.T) {
	later, err := Named("2024-03")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range Default().Compare(later) {
		got = append(got, strings.TrimPrefix(d.Path, "rooms."))
		if d.Old.Source.Pack != "2022-09" || d.New.Source.Pack != "2024-03" {
			t.Errorf("%s is said to come from %s and then %s", d.Path, d.Old.Source.Pack, d.New.Source.Pack)
		}
	}
	want := []string{
		"growth.framework.groups", "growth.framework.levels", "growth.framework.unwritten_levels",
		"growth.framework.individual_topics", "growth.framework.group_manager_topics",
		"growth.promotion.effective_months", "growth.internal_move.post_open_hours",
		"direction.maturity.levels", "indicators.use_case_revenue.metric",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if v, _ := later.Value("rooms.hiring.scorecards.due_business_days"); v.Source.Pack != "2022-09" {
		t.Errorf("a value that stayed is said to come from %s", v.Source.Pack)
	}
}

// The grade of a group manager is 9.5 on the seed's day and 9 two weeks later.
func TestGradesOn(t *testing.T) {
	g := Default().Rooms().Catalog.Grades
	for day, want := range map[string]string{"2020-01-01": "9.5", "2022-09-02": "9.5", "2022-09-14": "9.5", "2022-09-15": "9", "2030-01-01": "9"} {
		holder := ""
		for _, step := range g.GradesOn(day) {
			if slices.ContainsFunc(step.Management, func(s string) bool { return strings.HasSuffix(s, "Manager, Product") }) {
				holder = step.Value
			}
		}
		if holder != want {
			t.Errorf("on %s the grade is %q, want %s", day, holder, want)
		}
	}
}

func TestAnswersOfRooms(t *testing.T) {
	r := Default().Rooms()
	for grade, want := range map[string]string{"5": "department", "9.5": "department", "10": "division", "11": "executives", "4": ""} {
		if got := r.Growth.Promotion.CalibratedBy(grade); got != want {
			t.Errorf("a promotion to %s is calibrated by %q, want %q", grade, got, want)
		}
	}
	a := r.Growth.Assessment
	for want, box := range map[int][2]string{5: {"exceeding", "developing"}, 1: {"exceeding", "exceeding"}, 7: {"performing", "developing"}, 6: {"developing", "exceeding"}, 0: {"developing", "nonsense"}} {
		if got := a.Box(box[0], box[1]); got != want {
			t.Errorf("%v is box %d, want %d", box, got, want)
		}
	}
	if !r.Org.Spans.Director.Holds(4) || r.Org.Spans.Director.Holds(7) {
		t.Error("a director manages four to six")
	}
}

// A pack of an organisation states what differs, in one file.
func TestOwnRooms(t *testing.T) {
	p, err := Parse("ours.yaml", []byte(`version: ours-1
extends: 2024-03
rooms:
  documents: [{key: manual, title: Our manual}]
  hiring:
    scorecards:
      source: manual scorecards
      due_business_days: 2
      escalate_business_days: {value: 4, source: "manual escalations", note: by the works council}
`))
	if err != nil {
		t.Fatal(err)
	}
	if s := p.Rooms().Hiring.Scorecards; s.DueDays != 2 || s.EscalateDays != 4 || s.NoRejects != 2 {
		t.Errorf("got %d, %d, %d", s.DueDays, s.EscalateDays, s.NoRejects)
	}
	if Default().Rooms().Hiring.Scorecards.DueDays != 1 {
		t.Error("the shipped pack changed")
	}
	got, _ := p.Source("rooms.hiring.scorecards.escalate_business_days")
	if got.String() != "Our manual, escalations" || got.Note != "by the works council" || got.Pack != "ours-1" {
		t.Errorf("got %q, %+v", got.String(), got)
	}
	if months := p.Rooms().Growth.Promotion.Months; !slices.Equal(months, []int{2, 8}) {
		t.Errorf("months of promotion are %v, not those of the extended pack", months)
	}
}

// Everything that is wrong with the rooms of a pack is said at once, each with
// its line.
func TestProblemsOfRooms(t *testing.T) {
	const head = "version: a\nextends: 2022-09\nrooms:\n"
	for _, c := range []struct{ name, text, want string }{
		{"unknown room", "  hire: {}\n", `x.yaml:4:3: there is no room "hire"; known keys are company, catalog, org, hiring, schedule, growth, direction, indicators, access, documents`},
		{"unknown keys", `  hiring:
    scorecard: {source: x}
    scorecards: {source: x, due_busines_days: 3}
    offers:
      approve_within_hours: {value: 3, source: x, nota: y}
`, `x.yaml:5:5: unknown key "scorecard" in rooms.hiring; did you mean "scorecards"?
x.yaml:6:29: unknown key "due_busines_days" in rooms.hiring.scorecards; did you mean "due_business_days"?
x.yaml:8:51: unknown key "nota" in rooms.hiring.offers.approve_within_hours; did you mean "note"?`},
		{"wrong values", `  schedule:
    source: x
    notice_hours: soon
    load_weeks: 0
    private_events: maybe
    notice_waived_by: hiring_manager
    states: {source: y}
  company:
    source: x
    fiscal_year: {start_month: 13, named_after: middle}
    work_week: {from: 9 o'clock}
  hiring:
    source: x
    offers: {location_factor_alert_above: "-1", top_approval_from_grade: ten, approvals: [Total Rewards]}
  indicators:
    cadences: {source: x, value: [{key: a, every: week}]}
`, `x.yaml:6:19: rooms.schedule.notice_hours must be a whole number, not "soon"
x.yaml:7:17: rooms.schedule.load_weeks must be at least 1, but is 0
x.yaml:8:21: rooms.schedule.private_events must be true or false, not "maybe"
x.yaml:9:23: rooms.schedule.notice_waived_by must be a list
x.yaml:10:13: rooms.schedule.states must be a value, or have the keys value, source and note
x.yaml:13:32: rooms.company.fiscal_year.start_month must be at most 12, but is 13
x.yaml:13:49: rooms.company.fiscal_year.named_after "middle" is none of start, end
x.yaml:14:23: rooms.company.work_week.from "9 o'clock" is no time of day: write it like 09:00
x.yaml:17:43: rooms.hiring.offers.location_factor_alert_above must be a number such as 0.9, not "-1"
x.yaml:17:74: rooms.hiring.offers.top_approval_from_grade "ten" is no grade: write a decimal, such as "9" or "9.5"
x.yaml:17:91: rooms.hiring.offers.approvals[0] "Total Rewards" is no role: write lower-case words with _ between them
x.yaml:19:44: unknown key "every" in rooms.indicators.cadences[0]; known keys are key, subject, activity, period, least, scope, or_group`},
		{"no source", "  schedule: {notice_hours: 24}\n", "x.yaml:4:14: rooms.schedule.notice_hours has no source: say where its value comes from"},
		{"twice", "  schedule:\n    source: x\n    notice_hours: 1\n    notice_hours: 2\n", `x.yaml:7:5: key "notice_hours" stands twice in rooms.schedule; first on line 6`},
		{"does not fit", `  hiring:
    source: x
    scorecards: {due_business_days: 5}
    references: {completed: 4}
  growth:
    source: x
    assessment: {duties_percent: 70}
    potential: {low: {max: 12}}
    coaching: {formal_percent: 20}
`, `x.yaml:6:5: rooms.hiring.scorecards.escalate_business_days is 3, before the card is due at 5
x.yaml:7:18: rooms.hiring.references.completed is 4, more than the 3 requested
x.yaml:10:18: rooms.growth.assessment.duties_percent and competencies_percent make 110, not 100
x.yaml:11:5: rooms.growth.potential.medium must begin where low ends, and high where medium ends
x.yaml:12:5: rooms.growth.coaching.on_the_job_percent and the two parts beside it make 110 percent, not 100`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("x.yaml", []byte(head+c.text))
			if err == nil {
				t.Fatal("no problem found")
			}
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind %v", fault.KindOf(err))
			}
			if diff := cmp.Diff(strings.Split(c.want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// An override is checked like a value of a pack, and says that it is one.
func TestWith(t *testing.T) {
	p, err := Default().With(
		Override{"rooms.hiring.scorecards.due_business_days", "2", "the works council asked for it"},
		Override{"span.max", "12", "we are flat"},
		Override{"rooms.growth.promotion.effective_months", "[3, 9]", "our year"},
	)
	if err != nil {
		t.Fatal(err)
	}
	if p.Rooms().Hiring.Scorecards.DueDays != 2 || *p.Span.Max != 12 || !slices.Equal(p.Rooms().Growth.Promotion.Months, []int{3, 9}) {
		t.Errorf("got %d, %d, %v", p.Rooms().Hiring.Scorecards.DueDays, *p.Span.Max, p.Rooms().Growth.Promotion.Months)
	}
	s, err := p.Source("span.max")
	if want := (Source{Text: "we are flat", Pack: "override", Overridden: true}); err != nil || !cmp.Equal(s, want) {
		t.Errorf("got %+v, %v", s, err)
	}
	if d := Default(); *d.Span.Max != 10 || d.Rooms().Hiring.Scorecards.DueDays != 1 {
		t.Error("the shipped pack changed")
	}
	if grade, _ := p.TitleGrade("Director of Yards"); grade != "10" {
		t.Errorf("the changed pack knows no grades: %q", grade)
	}
	if n := len(Default().Compare(p)); n != 3 {
		t.Errorf("%d values differ, want 3", n)
	}
}

func TestWithRefuses(t *testing.T) {
	for _, c := range []struct {
		path, value string
		kind        fault.Kind
		want        string
	}{
		{"rooms.hiring.scorecards.due_days", "2", fault.NotFound, `there is no value "rooms.hiring.scorecards.due_days"`},
		{"rooms.hiring.scorecard.due_business_days", "2", fault.NotFound, `there is no value "rooms.hiring.scorecard.due_business_days"; did you mean "rooms.hiring.scorecards.due_business_days"?`},
		{"rooms.hiring.scorecards", "{}", fault.NotFound, `there is no value "rooms.hiring.scorecards"`},
		{"rooms.hiring.scorecards.due_business_days", "two", fault.Invalid, `rooms.hiring.scorecards.due_business_days must be a whole number, not "two"`},
		{"rooms.hiring.scorecards.due_business_days", "4", fault.Invalid, `rooms.hiring.scorecards.escalate_business_days is 3, before the card is due at 4`},
		{"rooms.hiring.scorecards.due_business_days", "", fault.Invalid, `rooms.hiring.scorecards.due_business_days: "" is not valid YAML`},
		{"rooms.hiring.scorecards.due_business_days", "{value: 2}", fault.Invalid, `rooms.hiring.scorecards.due_business_days must be a number`},
		{"rooms.growth.promotion.effective_months", "[0]", fault.Invalid, `rooms.growth.promotion.effective_months[0] must be at least 1, but is 0`},
		{"span.min", "11", fault.Invalid, `span.min is 11, more than the maximum of 10`},
		{"entry_grades.max", "5.5", fault.Invalid, `entry_grades.max "5.5" is not on the scale`},
		{"version", "x", fault.NotFound, `there is no value "version"`},
	} {
		_, err := Default().With(Override{c.path, c.value, "why"})
		if err == nil || fault.KindOf(err) != c.kind || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s = %q: got %v, want %s", c.path, c.value, err, c.want)
		}
	}
}

// A value can be shown to people, as a word, as a list, as a table.
func TestPlain(t *testing.T) {
	for path, want := range map[string]string{
		"span.max":                            "10",
		"categories.min":                      "none",
		"rooms.hiring.scorecards.single_veto": "no",
		"rooms.hiring.offers.location_factor_alert_above": "0.9",
		"rooms.growth.promotion.effective_months":         "2, 5, 8, 11",
	} {
		if v, err := Default().Value(path); err != nil || v.Plain != want {
			t.Errorf("%s: got %q, %v; want %q", path, v.Plain, err, want)
		}
	}
	v, err := Default().Value("rooms.org.layers.groups")
	if err != nil || len(v.Cells) != 4 || strings.Join(v.Columns, " ") != "key name lowest_layer highest_layer" ||
		strings.Join(v.Cells[2], " ") != "s_group S-group senior_director vice_president" {
		t.Errorf("got %v, %v, %v", v.Columns, v.Cells, err)
	}
	if v, _ = Default().Value("rooms.direction.acquisitions.approvals"); v.Cells[1][0] != "vp_product, chief_technology_officer, chief_revenue_officer" {
		t.Errorf("got %v", v.Cells)
	}
	if v, _ = Default().Value("rooms.hiring.offers.gates"); strings.Join(v.Items, "|") != "references|scorecards|justification" {
		t.Errorf("got %v", v.Items)
	}
}

func TestBelow(t *testing.T) {
	for path, want := range map[string]int{"span": 2, "rooms.schedule": 21, "schedule": 21, "schedule.notice_hours": 1, "org.spans.director": 2} {
		list, err := Default().Below(path)
		if err != nil || len(list) != want {
			t.Errorf("%s: got %d values, %v; want %d", path, len(list), err, want)
		}
	}
	if _, err := Default().Below("schedul"); fault.KindOf(err) != fault.NotFound || !strings.Contains(err.Error(), `did you mean "schedule"`) {
		t.Errorf("got %v", err)
	}
}

// The schema knows every value, and takes what the packs state.
func TestSchemaAgrees(t *testing.T) {
	var root object
	if err := json.Unmarshal([]byte(Schema()), &root); err != nil {
		t.Fatal(err)
	}
	for _, v := range Default().Values() {
		at := root
		for key := range strings.SplitSeq(v.Path, ".") {
			properties, _ := at["properties"].(object)
			at, _ = properties[key].(object)
		}
		if at == nil || at["description"] != v.Doc {
			t.Errorf("the schema does not describe %s", v.Path)
		}
	}
}

// However a text is written, it can be quoted so that YAML reads it back.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", "yes", "12", "- a", "a: b", "#", "naïve\u2028", "a ", "'", "\"\\", "\x00\x7f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		if strings.ContainsFunc(s, func(r rune) bool { return r == 0xfffe || r == 0xffff || r >= 0x80 && r < 0xa0 && r != 0x85 }) {
			t.Skip("YAML does not know this character")
		}
		var w writer
		w.text(s)
		var n yaml.Node
		if err := yaml.Unmarshal([]byte("- "+w.String()), &n); err != nil {
			t.Fatalf("%q as %s: %v", s, w.String(), err)
		}
		if got := n.Content[0].Content[0]; got.Value != s || got.ShortTag() != "!!str" {
			t.Fatalf("%q as %s reads as %q", s, w.String(), got.Value)
		}
	})
}

// Nothing that is written under "rooms" makes the reader panic.
func FuzzRooms(f *testing.F) {
	f.Add("schedule: {source: x, notice_hours: 3}")
	f.Add("company: {values: {value: [{letter: [a]}], source: x}}")
	f.Add("hiring: [1]")
	f.Add("org: {spans: {director: &a {min: 1, max: 2, source: x}, group_manager: *a}}")
	f.Fuzz(func(t *testing.T, text string) {
		root, err := parseNode([]byte(text))
		if err != nil {
			return
		}
		ownRooms("x.yaml", "x", Default().roomSet(), root)
	})
}
