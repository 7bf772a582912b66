package resolve

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// reader is a resolver that reads single sentences.
func reader(text string) (*resolver, passage) {
	o := syntax.Parse(source.New("page.md", []byte(text)), syntax.GFM)
	r := &resolver{outline: o, family: &family.Family{}}
	for _, b := range o.Headings[0].Blocks {
		return r, r.passage(b)
	}
	return r, passage{}
}

// A heading's words tell its kind and whose section it is.
func TestClassify(t *testing.T) {
	for _, c := range []struct {
		title  string
		kind   family.Kind
		prefix string
	}{
		{"Job Grade", family.GradeKind, ""},
		{"Senior Planner Job Grade", family.GradeKind, "Senior Planner"},
		{"Group Manager, Quays (GMQ) - Job Grade", family.GradeKind, "Group Manager, Quays (GMQ)"},
		{"Job Grades", family.GradeKind, ""},
		{"Job Level", family.GradeKind, ""},
		{"Responsibilities", family.ResponsibleKind, ""},
		{"Responsibilities:", family.ResponsibleKind, ""},
		{"Responsibilties", family.ResponsibleKind, ""},
		{"Planner Responsbilities", family.ResponsibleKind, "Planner"},
		{"Responsibilies", family.ResponsibleKind, ""},
		{"As a Planner you will:", family.ResponsibleKind, "Planner"},
		{"What you can expect in a Planner role", family.ResponsibleKind, "Planner"},
		{"Additional Responsibilities", family.ResponsibleKind, "Additional"},
		{"Responsibilities and Requirements", family.BothKind, ""},
		{"Requirements", family.RequirementsKind, ""},
		{"REQUIREMENTS", family.RequirementsKind, ""},
		{"Requries", family.RequirementsKind, ""},
		{"Planner Requirments", family.RequirementsKind, "Planner"},
		{"You may be a fit to this role if you", family.RequirementsKind, ""},
		{"You should apply if...", family.RequirementsKind, ""},
		{"Requires Skills/Experience", family.RequirementsKind, ""},
		{"Must-have Requirements", family.RequirementsKind, ""},
		{"Professional Experience", family.RequirementsKind, ""},
		{"Nice-to-haves", family.NiceKind, ""},
		{"Preferred Requirements", family.NiceKind, ""},
		{"Performance Indicators", family.IndicatorsKind, ""},
		{"Performance Indicators (PI)", family.IndicatorsKind, ""},
		{"Key Performance Indicators", family.IndicatorsKind, ""},
		{"Primary Performance Indicator for the Role", family.IndicatorsKind, ""},
		{"Planner Performance Indicators", family.IndicatorsKind, "Planner"},
		{"Hiring Process", family.HiringKind, ""},
		{"Interview Process", family.HiringKind, ""},
		{"Hiring Plan", family.HiringKind, ""},
		{"Hiring Process for EMEA", family.HiringKind, "EMEA"},
		{"Senior Planner Hiring Process", family.HiringKind, "Senior Planner"},
		{"Interview team and focus areas for each", family.HiringKind, ""},
		{"Career Ladder", family.LadderKind, ""},
		{"Career paths", family.LadderKind, ""},
		{"Moving to and moving from", family.LadderKind, ""},
		{"Leveling of Planners at Meridian", family.LadderKind, ""},
		{"Specialties", family.SpecialtiesKind, ""},
		{"Specialities", family.SpecialtiesKind, ""},
		{"Team Specialties", family.SpecialtiesKind, "Team"},
		{"Group Manager, Quays (GMQ) - Specialties", family.SpecialtiesKind, "Group Manager, Quays (GMQ)"},
		{"Segment", family.SegmentsKind, ""},
		{"Levels", family.LevelsKind, ""},
		{"Job levels", family.LevelsKind, ""},
		{"Activities", family.ActivitiesKind, ""},
		{"References", family.ReferencesKind, ""},
		{"On this page", family.ContentsKind, ""},
		{"Compensation", family.CompensationKind, ""},
		{"About Meridian", family.AboutKind, ""},
		{"Individual Contributor", family.GroupKind, ""},
		{"Leadership", family.GroupKind, ""},
		{"Engineering Roles at Meridian", family.GroupKind, ""},
		{"Overview", family.OverviewKind, ""},
		{"Planner", family.Unknown, ""},
		{"Senior Director of Quay Management", family.Unknown, ""},
		{"Projects", family.Unknown, ""},
		{"", family.Unknown, ""},
	} {
		if got := (&Settings{}).classify(c.title); got.kind != c.kind || got.prefix != c.prefix {
			t.Errorf("%q: got %q of %q, want %q of %q", c.title, got.kind, got.prefix, c.kind, c.prefix)
		}
	}
}

// The words of a step tell what happens to the candidate.
func TestKindOf(t *testing.T) {
	for text, want := range map[string]family.StepKind{
		"Apply on our jobs page":                                   family.Apply,
		"Submit your application":                                  family.Apply,
		"30 minute screening call with Recruiter":                  family.Screening,
		"Phone screen":                                             family.Screening,
		"Interview with the Hiring Manager":                        family.Interview,
		"Meet with the Yard Manager":                               family.Interview,
		"Coffee chat with the team":                                family.Interview,
		"Candidates will complete a short questionnaire":           family.Assessment,
		"Take-home exercise":                                       family.Assessment,
		"Technical interview about the take-home exercise":         family.Interview,
		"Candidates will present a plan to the team":               family.Presentation,
		"45 minute presentation to a panel":                        family.Presentation,
		"Reference checks":                                         family.References,
		"Background check":                                         family.References,
		"Successful candidates will subsequently be made an offer": family.Offer,
		"Interview with the CEO and, if successful, an offer":      family.Interview,
		"After the assessment, candidates will be invited to an interview with the planner": family.Interview,
		"Candidates may then be offered an interview with the CEO":                          family.Interview,
		"The yard is shown": family.OtherStep,
		"":                  family.OtherStep,
	} {
		if got := kindOf(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestMinutes(t *testing.T) {
	for text, want := range map[string]*family.Minutes{
		"30 minute call":               {Min: 30, Max: 30},
		"30-minute call":               {Min: 30, Max: 30},
		"a 50min talk":                 {Min: 50, Max: 50},
		"45-60 minutes":                {Min: 45, Max: 60},
		"45 to 60 minute interview":    {Min: 45, Max: 60},
		"30 – 45 min":                  {Min: 30, Max: 45},
		"1 hour":                       {Min: 60, Max: 60},
		"1.5 hours":                    {Min: 90, Max: 90},
		"1-2 hour exercise":            {Min: 60, Max: 120},
		"30 – 5 minutes":               {Min: 5, Max: 5},
		"a 5-hour day":                 {Min: 300, Max: 300},
		"takes an hour":                {Min: 60, Max: 60},
		"two hours":                    {Min: 120, Max: 120},
		"half an hour":                 {Min: 30, Max: 30},
		"a half-hour call":             {Min: 30, Max: 30},
		"3 separate 45 minute talks":   {Min: 45, Max: 45},
		"the first 90 days":            nil,
		"within 2 weeks":               nil,
		"$30 minimum":                  nil,
		"version 2.30 minutes of talk": nil,
		"the last minute":              nil,
		"":                             nil,
	} {
		if diff := cmp.Diff(want, minutes(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// titles cuts a phrase into the people whom it names.
func TestTitles(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
		mode family.Mode
	}{
		{"the Yard Manager", []string{"Yard Manager"}, family.Any},
		{"a Director of Quays", []string{"Director of Quays"}, family.Any},
		{"one of our Global Recruiters", []string{"Global Recruiters"}, family.Any},
		{"another member of the Quay team", []string{"Quay team"}, family.Any},
		{"someone on the Crane team", []string{"Crane team"}, family.Any},
		{"members of the Quay team", []string{"Quay team"}, family.All},
		{"2-5 team members", []string{"team members"}, family.All},
		{"the Yard Manager or the Gate Manager", []string{"Yard Manager", "Gate Manager"}, family.Any},
		{"the Yard Manager and the Gate Manager", []string{"Yard Manager", "Gate Manager"}, family.All},
		{"a Yard Manager, Gate Manager and Crane Manager", []string{"Yard Manager", "Gate Manager", "Crane Manager"}, family.All},
		{"Director, Quays", []string{"Director, Quays"}, family.Any},
		{"Senior Manager, Quays or Director, Quays", []string{"Senior Manager, Quays", "Director, Quays"}, family.Any},
		{"Sr. Director, Cranes & Director, UX", []string{"Sr. Director, Cranes", "Director, UX"}, family.All},
		{"a Quay or Crane Director", []string{"Quay or Crane Director"}, family.Any},
		{"a VP of Quays or above", []string{"VP of Quays or above"}, family.Any},
		{"Group Manager, Trust & Safety", []string{"Group Manager, Trust & Safety"}, family.Any},
		{"Manager, Legal and Compliance", []string{"Manager, Legal and Compliance"}, family.Any},
		{"Chief of Staff to the CEO", []string{"Chief of Staff to the CEO"}, family.Any},
		{"a leader from Cranes (VP of Cranes or CRO)", []string{"VP of Cranes", "CRO"}, family.Any},
		{"the Chief Quay Officer (CQO)", []string{"Chief Quay Officer (CQO)"}, family.Any},
		{"the Yard Manager (if applicable)", []string{"Yard Manager"}, family.Any},
		{"either the CEO or the CFO", []string{"CEO", "CFO"}, family.Any},
		{"the [Yard Manager](/a/) and [Gate Manager](/b/)", []string{"Yard Manager", "Gate Manager"}, family.All},
		{"the [Manager of Gates, Yards and Locks](/a/)", []string{"Manager of Gates, Yards and Locks"}, family.Any},
		{"the other executives; CFO, CRO and CMO", []string{"CFO", "CRO", "CMO"}, family.All},
		{"Yard Manager / Gate Manager", []string{"Yard Manager", "Gate Manager"}, family.Any},
		{"", nil, family.Any},
	} {
		r, p := reader(c.text)
		who := r.titles(p)
		var got []string
		for _, ref := range who.refs {
			got = append(got, ref.Title)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || who.mode != c.mode {
			t.Errorf("%q: mode %q, want %q (-want +got):\n%s", c.text, who.mode, c.mode, diff)
		}
	}
}

// joints are the places at which a phrase may be cut: not inside links,
// brackets or counts.
func TestJoints(t *testing.T) {
	for text, want := range map[string]string{
		"A and B":                      "and",
		"A, B, or C":                   ", or",
		"A, and/or B":                  "or",
		"A & B":                        "&",
		"A / B":                        "/",
		"A/B":                          "",
		"A; B":                         ";",
		"A as well as B plus C":        "and and",
		"A (B and C) or D":             "or",
		"[A and B](/ab/) or C":         "or",
		"1 or 2 interviews and a call": "and",
		"Andy or Orson":                "or",
	} {
		_, p := reader(text)
		var got []string
		for _, j := range joints(p) {
			got = append(got, j.word)
		}
		if words := strings.Join(got, " "); words != want {
			t.Errorf("%q: got %q, want %q", text, words, want)
		}
	}
}

// Sentences end at a period, but not at that of an abbreviation or inside a
// link.
func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"One. Two.": {"One", "Two"},
		"Sr. Directors (e.g. two) decide. Others": {"Sr. Directors (e.g. two) decide", "Others"},
		"Meet J. Smith! Why?":                     {"Meet J. Smith", "Why"},
		"[Plan A. Plan B](/x/) stays":             {"Plan A. Plan B stays"},
		"Grade 9.5 is high":                       {"Grade 9.5 is high"},
		"A grade 9. A grade 10.":                  {"A grade 9", "A grade 10"},
	} {
		_, p := reader(text)
		var got []string
		for _, s := range p.sentences() {
			got = append(got, s.text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestFigures(t *testing.T) {
	n := family.Number
	for text, want := range map[string]count{
		"4 planners":  {n(4), n(4), false, 1},
		"2-4":         {n(2), n(4), false, 3},
		"2–4":         {n(2), n(4), false, 5},
		"2 to 4":      {n(2), n(4), false, 6},
		"10+ people":  {n(10), nil, true, 3},
		"4-6+":        {n(4), n(6), true, 4},
		"two to five": {n(2), n(5), false, 11},
		"three":       {n(3), n(3), false, 5},
		"6-2":         {n(6), n(6), false, 1},
		"2024":        {},
		"one":         {},
		"none":        {},
		"":            {},
	} {
		if diff := cmp.Diff(want, figure(text), cmp.AllowUnexported(count{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestSteps(t *testing.T) {
	for _, c := range []struct {
		text           string
		count, ordinal int
		optional       bool
	}{
		{"an interview with the planner", 1, 0, false},
		{"3 separate 45 minute interviews", 3, 0, false},
		{"two interviews", 2, 0, false},
		{"2-3 peer interviews", 2, 0, false},
		{"one interview", 1, 0, false},
		{"interview with 2-5 team members", 1, 0, false},
		{"separate interviews with three leaders", 3, 0, false},
		{"a second peer interview", 1, 2, false},
		{"fifth interview with the CEO", 1, 5, false},
		{"in the first 90 days", 1, 0, false},
		{"candidates may be asked to interview", 1, 0, true},
		{"optional call", 1, 0, true},
		{"a call, if needed", 1, 0, true},
		{"our CEO may choose to meet", 1, 0, true},
		{"this may take 30 minutes", 1, 0, false},
		{"a call in May", 1, 0, false},
	} {
		p := plain(c.text, source.Span{}, 1)
		if n, o, opt := stepCount(c.text), ordinal(p), optional(p); n != c.count || o != c.ordinal || opt != c.optional {
			t.Errorf("%q: got %d times, number %d, optional %t; want %d, %d, %t", c.text, n, o, opt, c.count, c.ordinal, c.optional)
		}
	}
}

func TestFraming(t *testing.T) {
	for text, want := range map[string]bool{
		"Additional details about our process can be found on our hiring page":                   true,
		"Candidates for this position can expect the hiring process to follow the order below":   true,
		"Applicants for this role can expect the following":                                      true,
		"Please keep in mind that candidates can be declined from the position at any stage":     true,
		"To learn more about someone who may be conducting the interview, find their job title":  true,
		"30 minute screening call with Recruiter":                                                false,
		"Next, candidates will be invited to schedule an interview with the planner":             false,
		"Candidates who pass the screening call will have a 45 minute interview with a planner":  false,
		"If you pass, you will be invited to an interview with the Yard Manager":                 false,
		"Interviews are held with the Yard Manager and the Gate Manager; each takes 45 minutes.": false,
	} {
		if got := framing(text); got != want {
			t.Errorf("%q: got %t, want %t", text, got, want)
		}
	}
}

func TestCadence(t *testing.T) {
	for _, c := range []struct {
		text   string
		n      int
		period string
		what   string
	}{
		{"1 per quarter survey", 1, "quarter", "survey"},
		{"2 per month: maps", 2, "month", "maps"},
		{"one a week report", 1, "week", "report"},
		{"publish a plan once a year", 1, "year", "publish a plan"},
		{"3+ per iteration reviews", 3, "iteration", "reviews"},
		{"1 / month plan", 1, "month", "plan"},
		{"95% of plans", 0, "", ""},
		{"10 per cent of plans", 0, "", ""},
		{"one planner", 0, "", ""},
		{"1 per quarter", 0, "", ""},
	} {
		n, period, what, ok := cadence(c.text)
		if !ok {
			n, period, what = 0, "", ""
		}
		if n != c.n || period != c.period || what != c.what {
			t.Errorf("%q: got %d per %q of %q", c.text, n, period, what)
		}
	}
}

// Two spellings of a role are one; another rank or another word is not.
func TestSameRole(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Director, Quay Management", "Director of Quay Management", true},
		{"Quay Management Director", "Director of Quay Management", true},
		{"Sr. Planner", "Senior Planner", true},
		{"Planners", "Planner", true},
		{"Planner (Intermediate)", "Planner", true},
		{"Vice President of Quays", "VP of Quays", true},
		{"Mgr, Eng", "Manager, Engineering", true},
		{"The Planner role", "Planner", true},
		{"Senior Planner", "Planner", false},
		{"Director of Quays", "Senior Director of Quays", false},
		{"Quay Planner", "Crane Planner", false},
		{"", "", false},
	} {
		if got := SameRole(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: got %t", c.a, c.b, got)
		}
	}
}

func TestNamesRole(t *testing.T) {
	for title, want := range map[string]bool{
		"Planner": true, "Senior": true, "Intermediate": true, "VP of Quays": true, "Chief of Staff": true, "Machinist": true, "SRE": true,
		"Levels": false, "Projects": false, "Career": false, "Other": false, "Customer": false, "Data Science": false, "": false,
		"A very long heading that goes on and on and names a planner only at the end": false,
	} {
		if got := namesRole(title); got != want {
			t.Errorf("%q: got %t", title, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		limit int
		want  int
	}{
		{"requirements", "requirements", 2, 0},
		{"requirments", "requirements", 2, 1},
		{"requries", "requires", 2, 2},
		{"plans", "cranes", 2, 3},
		{"a", "abcdef", 2, 3},
		{strings.Repeat("a", 40), strings.Repeat("a", 40), 2, 3},
		{"", "ab", 2, 2},
	} {
		if got := distance(c.a, c.b, c.limit); min(got, c.limit+1) != c.want {
			t.Errorf("%q and %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// Reading a text word by word gives the same words as folding it as a whole.
func TestNextWord(t *testing.T) {
	for _, text := range []string{
		"", " - ", "A 30 Minute call", "the candidate's 'own' ' team", "Ops & R&D, C++", "Café – Zürich’s “Leiter” ’", "x\u00a0Y\xffz",
	} {
		var got []string
		for w, rest := nextWord(text); w != ""; w, rest = nextWord(rest) {
			got = append(got, w)
		}
		if want := words(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
