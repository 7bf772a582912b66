package policy

// Growth is what holds of the development, promotion and assessment of people.
type Growth struct {
	Framework    Framework        `yaml:"framework" doc:"the career development framework"`
	Reviews      GrowthReviews    `yaml:"reviews" doc:"reviews by the framework"`
	Coaching     Coaching         `yaml:"coaching" doc:"career coaching and growth plans"`
	Potential    Potential        `yaml:"potential" doc:"the score of potential"`
	Promotion    Promotion        `yaml:"promotion" doc:"promotions"`
	InternalMove InternalMove     `yaml:"internal_move" doc:"applications of people who are here already"`
	Assessment   Assessment       `yaml:"assessment" doc:"talent assessment"`
	Succession   Succession       `yaml:"succession" doc:"key talent and succession"`
	Feedback     Feedback360      `yaml:"feedback_360" doc:"feedback from all sides"`
	Cases        Underperformance `yaml:"underperformance" doc:"confidential cases"`
}

// Framework is the career development framework of product.
type Framework struct {
	Name            string           `yaml:"name" doc:"what the development framework is called"`
	Groups          []string         `yaml:"groups" doc:"groups of skills of the development framework"`
	Ratings         []string         `yaml:"ratings" doc:"rating words, the lowest first"`
	Levels          []FrameworkLevel `yaml:"levels" doc:"levels that the development framework describes"`
	Unwritten       []string         `yaml:"unwritten_levels" doc:"levels that have a column without text; they are shown as not written and never scored"`
	Individual      []Topics         `yaml:"individual_topics" doc:"topics of an individual contributor, by group"`
	GroupManager    []Topics         `yaml:"group_manager_topics" doc:"topics of a group manager, by group"`
	VisionPM        int              `yaml:"vision_time_percent_pm" doc:"part of the time of a product manager for vision, at most" max:"100"`
	VisionSenior    int              `yaml:"vision_time_percent_senior_pm" doc:"part of the time of a senior product manager for vision, at most" max:"100"`
	EditNeedsReview bool             `yaml:"edit_needs_review" doc:"whether a change of it is a draft that somebody reviews"`
}

func (f Framework) check(report reporter) {
	known := map[string]bool{}
	for _, g := range f.Groups {
		known[g] = true
	}
	for _, t := range f.Individual {
		if !known[t.Group] {
			report("individual_topics", "has topics of %q, which is none of the groups", t.Group)
		}
	}
	for _, t := range f.GroupManager {
		if !known[t.Group] {
			report("group_manager_topics", "has topics of %q, which is none of the groups", t.Group)
		}
	}
}

// A FrameworkLevel is a level that the framework describes; years are 0 where
// it names none.
type FrameworkLevel struct {
	Level    string `yaml:"level" doc:"title of the level"`
	Track    string `yaml:"track" doc:"its track" one_of:"individual,manager"`
	YearsMin int    `yaml:"years_min" doc:"years of experience, from"`
	YearsMax int    `yaml:"years_max" doc:"years of experience, to"`
	Managing int    `yaml:"years_managing" doc:"years of those as a manager"`
}

// Topics are what is rated in a group of skills.
type Topics struct {
	Group string   `yaml:"group" doc:"the group"`
	List  []string `yaml:"topics" doc:"the topics"`
}

// GrowthReviews says how often a manager and a person look at the framework.
type GrowthReviews struct {
	Interval    Band     `yaml:"interval_days" doc:"days from one review to the next, as the two agree"`
	OverdueDays int      `yaml:"overdue_after_days" doc:"days after which a review is overdue"`
	FirstDays   int      `yaml:"first_due_days" doc:"days after somebody's start until the first one is due"`
	Focus       Band     `yaml:"focus_areas" doc:"focus areas that close a review"`
	AffectsPay  bool     `yaml:"affects_pay" doc:"whether pay may look at a review of development"`
	InputTo     []string `yaml:"input_to" doc:"what a review of development is an input to"`
	VisibleTo   []string `yaml:"visible_to" doc:"who may read a review of development" is:"role"`
	OwnMeeting  bool     `yaml:"own_meeting" doc:"whether a review of development has a meeting of its own"`
	CheckedIn   string   `yaml:"focus_checked_in" doc:"where focus areas are looked at meanwhile" one_of:"one_on_one,review"`
}

func (r GrowthReviews) check(report reporter) {
	if r.OverdueDays < r.Interval.Min {
		report("overdue_after_days", "is %d, before a review is due at %d", r.OverdueDays, r.Interval.Min)
	}
}

// Coaching says how careers are coached.
type Coaching struct {
	Optional    bool     `yaml:"optional" doc:"whether a person may decline coaching"`
	Steps       []string `yaml:"steps" doc:"steps of a talk of coaching"`
	OfferMonths int      `yaml:"offer_months" doc:"months in which each report should have been offered it" min:"1"`
	OnTheJob    int      `yaml:"on_the_job_percent" doc:"part of goals that are learned by working" max:"100"`
	FromOthers  int      `yaml:"from_others_percent" doc:"part of goals that are learned from others" max:"100"`
	Formal      int      `yaml:"formal_percent" doc:"part of goals that are learned in courses" max:"100"`
}

func (c Coaching) check(report reporter) {
	if sum := c.OnTheJob + c.FromOthers + c.Formal; sum != 100 {
		report("on_the_job_percent", "and the two parts beside it make %d percent, not 100", sum)
	}
}

// Potential says how potential is scored.
type Potential struct {
	Attributes  []string         `yaml:"attributes" doc:"what is rated for potential"`
	Rating      Band             `yaml:"rating" doc:"ratings of each"`
	Low         Band             `yaml:"low" doc:"sums that are low"`
	Medium      Band             `yaml:"medium" doc:"sums that are medium"`
	High        Band             `yaml:"high" doc:"sums that are high"`
	Scopes      []PotentialScope `yaml:"scopes" doc:"scope of value and leadership that is expected at each level"`
	VisibleTo   []string         `yaml:"visible_to" doc:"who may see the score of potential" is:"role"`
	NeedsAction bool             `yaml:"needs_coaching_action" doc:"whether a score of potential must lead to an action of coaching"`
}

// A PotentialScope is the scope at which a level is expected to create value
// and to lead.
type PotentialScope struct {
	Level      string `yaml:"level" doc:"the level"`
	Value      string `yaml:"value_creation" doc:"scope of the value that is created"`
	Leadership string `yaml:"leadership" doc:"scope of leadership"`
}

func (p Potential) check(report reporter) {
	n := len(p.Attributes)
	if p.Low.Min != n*p.Rating.Min || p.High.Max != n*p.Rating.Max {
		report("low", "and high must span all sums of %d ratings, %d to %d", n, n*p.Rating.Min, n*p.Rating.Max)
	}
	if p.Medium.Min != p.Low.Max+1 || p.High.Min != p.Medium.Max+1 {
		report("medium", "must begin where low ends, and high where medium ends")
	}
}

// Promotion says when and how people are promoted.
type Promotion struct {
	Months          []int             `yaml:"effective_months" doc:"months on whose first day promotions take effect" min:"1" max:"12"`
	Steps           []string          `yaml:"steps" doc:"steps of a round of promotions"`
	Parts           []string          `yaml:"document_parts" doc:"parts of the promotion document"`
	MostPages       int               `yaml:"document_most_pages" doc:"pages that the promotion document has at most" min:"1"`
	WordsPerPage    int               `yaml:"words_per_page" doc:"words that are counted as a page" min:"1"`
	ThirdPerson     bool              `yaml:"document_in_third_person" doc:"whether the promotion document speaks of the person in the third person"`
	Comments        []string          `yaml:"document_comments_by" doc:"who may comment on the promotion document" is:"role"`
	Calibration     []CalibrationBody `yaml:"calibration" doc:"who calibrates a promotion, by grade"`
	EarlyFrom       string            `yaml:"early_from_grade" doc:"grade from which a promotion is entered early" is:"grade"`
	EarlyQuarters   int               `yaml:"early_quarters" doc:"quarters ahead at which such a promotion is entered"`
	EarlyShareWeeks int               `yaml:"early_shared_weeks" doc:"weeks before the meeting of executives at which such a promotion is shared"`
	OffCycle        []string          `yaml:"off_cycle_approvals" doc:"who approves a promotion outside of the rounds, in this order" is:"role"`
	OffCycleTop     []string          `yaml:"off_cycle_top_approvals" doc:"who besides approves a promotion outside of the rounds, from a grade on" is:"role"`
	OffCycleTopFrom string            `yaml:"off_cycle_top_from_grade" doc:"grade from which they approve it too" is:"grade"`
	RaisePercent    Band              `yaml:"usual_raise_percent" doc:"usual raise of a promotion, in percent"`
	JustifyPercent  int               `yaml:"justify_raise_above_percent" doc:"raise above which a reason is needed" max:"100"`
	JustifyBand     bool              `yaml:"justify_above_band" doc:"whether pay above the band needs a reason"`
	RatePercent     int               `yaml:"rate_percent" doc:"part of people promoted in twelve months, as a guideline" max:"100"`
	RateMonths      int               `yaml:"rate_months" doc:"months over which the rate of promotions is counted" min:"1"`
	NewLevelBefore  MonthDay          `yaml:"assessed_at_new_level_until" doc:"last day on which a promotion takes effect so that the next assessment is made at the new level"`
	Resets          bool              `yaml:"resets_performance" doc:"whether the evaluation begins anew with a promotion"`
	HiddenUntil     string            `yaml:"hidden_until" doc:"from when a person may see their promotion" one_of:"approved,effective,communicated"`
	States          []string          `yaml:"states" doc:"what a case of promotion can be"`
}

// A MonthDay is a day of every year.
type MonthDay struct {
	Month int `yaml:"month" doc:"month" min:"1" max:"12"`
	Day   int `yaml:"day" doc:"day" min:"1" max:"31"`
}

// A CalibrationBody is who calibrates promotions to some grades.
type CalibrationBody struct {
	From string `yaml:"from_grade" doc:"least grade" is:"grade"`
	To   string `yaml:"to_grade" doc:"highest grade" is:"grade"`
	Body string `yaml:"body" doc:"who calibrates" one_of:"department,division,executives"`
}

func (p Promotion) check(report reporter) {
	for i, c := range p.Calibration {
		if CompareGrades(c.From, c.To) > 0 || i > 0 && CompareGrades(p.Calibration[i-1].To, c.From) >= 0 {
			report("calibration", "must list grades that ascend and do not overlap; see %s to %s", c.From, c.To)
		}
	}
}

// CalibratedBy returns who calibrates a promotion to a grade; "" if nobody
// does.
func (p Promotion) CalibratedBy(grade string) string {
	for _, c := range p.Calibration {
		if CompareGrades(c.From, grade) <= 0 && CompareGrades(grade, c.To) <= 0 {
			return c.Body
		}
	}
	return ""
}

// InternalMove says how people who are here apply for another role.
type InternalMove struct {
	OpenHours  int `yaml:"post_open_hours" doc:"hours for which a post is open before somebody is chosen"`
	Interviews int `yaml:"interviews_at_least" doc:"interviews of an internal move, at least"`
}

// Assessment says how talent is assessed.
type Assessment struct {
	Boxes             []Box    `yaml:"boxes" doc:"the number of each box, by performance and growth"`
	DutiesPercent     int      `yaml:"duties_percent" doc:"weight of duties and indicators in performance" max:"100"`
	CompetencePercent int      `yaml:"competencies_percent" doc:"weight of the company's competencies" max:"100"`
	Developing        Band     `yaml:"expected_developing_percent" doc:"expected part of people who are developing"`
	Performing        Band     `yaml:"expected_performing_percent" doc:"expected part of people who are performing"`
	Exceeding         Band     `yaml:"expected_exceeding_percent" doc:"expected part of people who are exceeding"`
	Forced            bool     `yaml:"distribution_is_forced" doc:"whether the expected distribution must be met"`
	Pillars           []string `yaml:"growth_pillars" doc:"what growth is judged by"`
	HiredUntil        MonthDay `yaml:"hired_until" doc:"last day of hire to take part"`
	NewMonths         int      `yaml:"new_months" doc:"months of tenure up to which somebody is likely to be developing"`
	ProcessWeeks      Band     `yaml:"process_weeks" doc:"weeks that a round takes"`
	Steps             []string `yaml:"steps" doc:"steps of a round of assessments"`
	Outliers          []string `yaml:"calibrated_outliers" doc:"who is spoken of in calibration"`
	Sessions          []string `yaml:"product_sessions" doc:"sessions in product, in this order"`
	NotesDays         int      `yaml:"notes_business_days_ahead" doc:"business days before a session at which notes are ready"`
	Points            Band     `yaml:"points_each" doc:"points that are written for each person"`
	RaiseDeveloping   Band     `yaml:"raise_developing_percent" doc:"guidance for the raise of somebody who is developing"`
	RaisePerforming   Band     `yaml:"raise_performing_percent" doc:"guidance for the raise of somebody who is performing"`
	RaiseExceeding    Band     `yaml:"raise_exceeding_percent" doc:"guidance for the raise of somebody who is exceeding"`
	BudgetPercent     int      `yaml:"budget_percent" doc:"budget of all raises" max:"100"`
	VisibleTo         []string `yaml:"visible_to" doc:"who may see a result besides the person" is:"role"`
	States            []string `yaml:"states" doc:"what an assessment can be"`
}

// A Box is a box of the nine.
type Box struct {
	Number      int    `yaml:"number" doc:"its number" min:"1" max:"9"`
	Performance string `yaml:"performance" doc:"its row" one_of:"developing,performing,exceeding"`
	Growth      string `yaml:"growth" doc:"its column" one_of:"developing,growing,exceeding"`
}

func (a Assessment) check(report reporter) {
	if a.DutiesPercent+a.CompetencePercent != 100 {
		report("duties_percent", "and competencies_percent make %d, not 100", a.DutiesPercent+a.CompetencePercent)
	}
	seen := map[int]bool{}
	for _, b := range a.Boxes {
		if seen[b.Number] {
			report("boxes", "number %d stands twice", b.Number)
		}
		seen[b.Number] = true
	}
	if len(a.Boxes) != 9 {
		report("boxes", "must be nine, not %d", len(a.Boxes))
	}
}

// Box returns the number of the box of a performance and a growth; 0 if there
// is none.
func (a Assessment) Box(performance, growth string) int {
	for _, b := range a.Boxes {
		if b.Performance == performance && b.Growth == growth {
			return b.Number
		}
	}
	return 0
}

// Succession says who is key, and how ready others are.
type Succession struct {
	KeyPercent    int         `yaml:"key_talent_percent" doc:"part of people who are key talent, about" max:"100"`
	NominateFrom  string      `yaml:"nominated_from_grade" doc:"grade from which product nominates key talent" is:"grade"`
	LossDisrupts  []string    `yaml:"loss_disrupts" doc:"what the loss of key talent would disrupt"`
	Readiness     []Readiness `yaml:"readiness" doc:"how ready somebody is for a position"`
	InterimMonths int         `yaml:"interim_months" doc:"months that an interim successor could hold a position, about"`
	ReadyPercent  int         `yaml:"ready_now_percent" doc:"part of a role that somebody fills who is ready now" max:"100"`
}

// A Readiness is how soon somebody could take a position; years are 0 where it
// names none.
type Readiness struct {
	Key      string `yaml:"key" doc:"the word by which rules name it"`
	Name     string `yaml:"name" doc:"as it is shown"`
	YearsMin int    `yaml:"years_min" doc:"years until then, from"`
	YearsMax int    `yaml:"years_max" doc:"years until then, to"`
}

// Feedback360 says how feedback from all sides is asked for.
type Feedback360 struct {
	Optional       bool     `yaml:"optional" doc:"whether a person may stay out of feedback from all sides"`
	TenureMonths   int      `yaml:"tenure_months" doc:"months of tenure to take part in feedback from all sides"`
	PlanFirst      bool     `yaml:"growth_plan_first" doc:"whether there must be a growth plan before feedback from all sides"`
	Phases         []string `yaml:"phases" doc:"phases of feedback from all sides, in this order"`
	Peers          int      `yaml:"peers" doc:"peers who are asked, about"`
	TogetherMonths int      `yaml:"worked_together_months" doc:"months for which they have worked together"`
	ShareHours     int      `yaml:"share_within_hours" doc:"hours in which the manager shares the report of feedback"`
	Questions      []string `yaml:"questions" doc:"what feedback from all sides asks"`
	Themes         int      `yaml:"themes_most" doc:"themes that are chosen, at most" min:"1"`
	ThemesOf       int      `yaml:"themes_of" doc:"themes to choose from" min:"1"`
	Groups         []string `yaml:"groups" doc:"groups by which answers are shown"`
	LeastAnswers   int      `yaml:"least_answers" doc:"answers below which a group is not shown" min:"2"`
	Performance    bool     `yaml:"is_performance_management" doc:"whether performance may look at feedback from all sides"`
}

// Underperformance says who sees a case.
type Underperformance struct {
	VisibleTo    []string `yaml:"visible_to" doc:"who may see a case of underperformance" is:"role"`
	ExcludedFrom []string `yaml:"excluded_from" doc:"where a case of underperformance never appears"`
	Kinds        []string `yaml:"kinds" doc:"what lies behind underperformance"`
	CoachFirst   bool     `yaml:"coaching_first" doc:"whether coaching comes before a case"`
}
