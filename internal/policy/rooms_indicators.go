package policy

// Indicators is what holds of performance indicators and scorecards.
type Indicators struct {
	Health        HealthLevels    `yaml:"health" doc:"how an indicator does"`
	Parts         IndicatorParts  `yaml:"parts" doc:"what an indicator consists of"`
	Usage         UsageMetrics    `yaml:"usage" doc:"monthly active users"`
	Survey        Survey          `yaml:"survey" doc:"the engagement survey"`
	Plan          HiringPlan      `yaml:"hiring_plan" doc:"hiring against plan"`
	Location      LocationFactor  `yaml:"location_factor" doc:"location factor of new hires"`
	Revenue       UseCaseRevenue  `yaml:"use_case_revenue" doc:"revenue by use case"`
	Scorecard     LeaderScorecard `yaml:"scorecard" doc:"the scorecard of a leader"`
	Cadences      []Cadence       `yaml:"cadences" doc:"what is to be done how often"`
	AtRiskPercent int             `yaml:"at_risk_after_percent" doc:"part of a period after which what is not yet done is at risk" max:"100"`
}

func (i Indicators) check(report reporter) {
	seen := map[string]bool{}
	for _, c := range i.Cadences {
		if seen[c.Key] {
			report("cadences", "%q stands twice", c.Key)
		}
		seen[c.Key] = true
	}
}

// HealthLevels are how an indicator can do.
type HealthLevels struct {
	Levels         []HealthLevel `yaml:"levels" doc:"levels of health"`
	NeedAction     []int         `yaml:"need_action" doc:"levels of health that must state an action" min:"-1" max:"3"`
	StalePeriods   int           `yaml:"stale_after_periods" doc:"periods after which a health that was not set again is stale" min:"1"`
	OverrideReason bool          `yaml:"override_needs_reason" doc:"whether the owner gives a reason for another health than the rule proposes"`
}

// A HealthLevel is a level of health.
type HealthLevel struct {
	Value int    `yaml:"value" doc:"its number" min:"-1" max:"3"`
	Name  string `yaml:"name" doc:"as it is shown"`
}

// IndicatorParts are what an indicator consists of.
type IndicatorParts struct {
	Instrumentation Band     `yaml:"instrumentation" doc:"levels of instrumentation"`
	CountedParts    []string `yaml:"instrumentation_parts" doc:"parts of which each adds a level"`
	KPIParts        []string `yaml:"kpi_parts" doc:"parts of a key indicator"`
	DefaultDRI      string   `yaml:"default_dri" doc:"who answers where nobody is named" is:"role"`
	PackParts       []string `yaml:"monthly_pack_parts" doc:"what the monthly pack says of each"`
}

// UsageMetrics are the counts of active users.
type UsageMetrics struct {
	Versions  []string `yaml:"versions" doc:"versions of a figure, one of which is always named"`
	Levels    []string `yaml:"cascade" doc:"counts from an action to the company"`
	SumUnique bool     `yaml:"sums_are_unique" doc:"whether a sum of stages may be called unique"`
	PerGroup  int      `yaml:"north_stars_per_group" doc:"north-star metrics of a group" min:"1"`
	KPIs      []string `yaml:"product_kpis" doc:"key indicators of product"`
}

// Survey says how job satisfaction is asked for and shown.
type Survey struct {
	HiddenUpTo    int      `yaml:"hidden_up_to_answers" doc:"answers up to which a group is hidden: results need more than this" min:"1"`
	Complementary bool     `yaml:"complementary_suppression" doc:"whether further groups are hidden so that none can be found by subtraction"`
	Scale         int      `yaml:"likert_steps" doc:"steps of an answer" min:"2"`
	Favourable    []string `yaml:"favourable_answers" doc:"answers that are favourable"`
	Factors       int      `yaml:"factors" doc:"sections of factors, about" min:"1"`
	Months        int      `yaml:"months" doc:"months between engagement surveys" min:"1"`
	PulseRating   int      `yaml:"pulse_rating_questions" doc:"questions with a rating in a pulse"`
	PulseOpen     int      `yaml:"pulse_open_questions" doc:"open questions in a pulse"`
	Actions       Band     `yaml:"actions_per_leader" doc:"actions that a leader chooses"`
	Participation int      `yaml:"benchmark_participation_percent" doc:"participation to compare with" max:"100"`
	Benchmark     int      `yaml:"benchmark_favourable_percent" doc:"favourable part to compare with" max:"100"`
	FreeText      bool     `yaml:"free_text_below_threshold" doc:"whether free text of a hidden group is shown"`
}

// HiringPlan says how hiring is compared with the plan.
type HiringPlan struct {
	HiredWhen        string   `yaml:"hired_when" doc:"when a hire counts against the plan" one_of:"offer_accepted,first_day"`
	InternalCount    bool     `yaml:"internal_hires_count" doc:"whether internal hires count"`
	Bases            []string `yaml:"bases" doc:"figures of hiring against plan that are shown" one_of:"hires,starts"`
	Windows          []string `yaml:"windows" doc:"windows of hiring against plan that are shown" one_of:"month,quarter,year_to_date"`
	AttritionPercent Decimal  `yaml:"attrition_percent_per_quarter" doc:"part of people who leave in a quarter, for a forecast"`
	BackfillQuarters int      `yaml:"backfill_after_quarters" doc:"quarters after which a leaver is replaced, for a forecast"`
	InternalSubtract bool     `yaml:"forecast_subtracts_internal_hires" doc:"whether a forecast subtracts internal hires"`
	Satisfaction     Decimal  `yaml:"interviewee_satisfaction_above" doc:"satisfaction of candidates, more than this"`
	AcceptanceBy     string   `yaml:"acceptance_by" doc:"month in which an offer counts in the acceptance rate" one_of:"extended,accepted"`
}

// LocationFactor says how the location factor of new hires is computed.
type LocationFactor struct {
	Months             int     `yaml:"months" doc:"full months before, over whose new hires the mean is taken" min:"1"`
	Cap                Decimal `yaml:"cap" doc:"new-hire factor of product, at most"`
	InternalCount      bool    `yaml:"internal_hires_count" doc:"whether internal hires and promotions count"`
	ByDate             string  `yaml:"by" doc:"day that decides whether a new hire is in the window" one_of:"start_date,accept_date"`
	CompanyBelow       Decimal `yaml:"company_average_below" doc:"average factor of the company, below this"`
	ProductAverage     Decimal `yaml:"product_average" doc:"average factor of product"`
	EngineeringAverage Decimal `yaml:"engineering_average" doc:"average factor of engineering"`
	DevelopmentCap     Decimal `yaml:"development_cap" doc:"new-hire factor of development, at most"`
	SupportCap         Decimal `yaml:"support_cap" doc:"new-hire factor of support, at most"`
	BusinessTechCap    Decimal `yaml:"business_technology_cap" doc:"new-hire factor of business technology, at most"`
}

// UseCaseRevenue says how revenue is counted by use case.
type UseCaseRevenue struct {
	Metric         string   `yaml:"metric" doc:"which revenue is counted by use case" one_of:"iacv,net_arr"`
	PlanFrom       int      `yaml:"plan_from_stage" doc:"sales stage from which an opportunity has an overview"`
	Fields         []string `yaml:"plan_fields" doc:"fields of the overview of an opportunity"`
	MostCharacters int      `yaml:"plan_most_characters" doc:"characters of the overview of an opportunity, at most" min:"1"`
	FullEnterprise int      `yaml:"full_plan_from_enterprise" doc:"deal of an enterprise from which a full plan is needed, in dollars"`
	FullMidMarket  int      `yaml:"full_plan_from_mid_market" doc:"deal of a mid-market customer from which a full plan is needed, in dollars"`
	FullSmall      int      `yaml:"full_plan_from_smb" doc:"deal of a small business from which a full plan is needed, in dollars"`
	CountedStages  []string `yaml:"counted_stages" doc:"sales stages that count as attained"`
	AttributedBy   []string `yaml:"attributed_by" doc:"fields by which an opportunity belongs to a use case, the first that says one"`
	Split          bool     `yaml:"may_split" doc:"whether an opportunity may belong to several use cases, with weights that sum to 1"`
	ShowRest       bool     `yaml:"unattributed_shown" doc:"whether the part that belongs to none is shown"`
}

// LeaderScorecard says what the scorecard of a leader shows.
type LeaderScorecard struct {
	Order     []string `yaml:"order" doc:"indicators of a scorecard, in this order; those of the role follow"`
	VisibleTo []string `yaml:"visible_to" doc:"who may see the scorecard of a leader" is:"role"`
	Missing   string   `yaml:"missing" doc:"what is shown where there is no figure" one_of:"no_data"`
}

// A Cadence is what somebody does how often. Those with the same group satisfy
// each other.
type Cadence struct {
	Key      string `yaml:"key" doc:"the word by which rules name it"`
	Subject  string `yaml:"subject" doc:"who does it"`
	Activity string `yaml:"activity" doc:"what is done"`
	Period   string `yaml:"period" doc:"in which time" one_of:"week,month,fiscal_quarter,year,release,review_interval"`
	Least    int    `yaml:"least" doc:"how often in it" min:"1"`
	Scope    string `yaml:"scope" doc:"for what" one_of:"person,direct_report,own_stage,two_stages,category,section,engineer,company"`
	Or       string `yaml:"or_group" doc:"group of which one is enough; empty for none"`
}
