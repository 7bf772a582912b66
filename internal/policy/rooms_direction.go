package policy

// Direction is what holds of vision, investment and delivery.
type Direction struct {
	Roadmap      Roadmap        `yaml:"roadmap" doc:"what comes now, next and later"`
	Pages        DirectionPages `yaml:"pages" doc:"pages of direction and how fresh they are"`
	Flow         ProductFlow    `yaml:"flow" doc:"from a problem to production"`
	Milestones   Milestones     `yaml:"milestones" doc:"days of a release; months are counted from that of the release"`
	ReleasePosts ReleasePosts   `yaml:"release_posts" doc:"announcements of a release"`
	Jobs         JobsToBeDone   `yaml:"jobs_to_be_done" doc:"jobs to be done"`
	Maturity     Maturity       `yaml:"maturity" doc:"maturity of categories"`
	Priorities   Prioritisation `yaml:"prioritisation" doc:"RICE, ICE and sessions"`
	Investment   Investment     `yaml:"investment" doc:"where research and development invests"`
	Optimisation Optimisation   `yaml:"optimisation" doc:"moving capacity for the good of the whole"`
	Canvas       Canvas         `yaml:"canvas" doc:"opportunity canvases"`
	Cases        BusinessCases  `yaml:"business_cases" doc:"business cases"`
	Competition  Competition    `yaml:"competition" doc:"competitors and adjacencies"`
	Walkthroughs Walkthroughs   `yaml:"walkthroughs" doc:"walk-throughs of the product"`
	Sensing      Sensing        `yaml:"sensing" doc:"visits and other ways to listen"`
	Acquisitions Acquisitions   `yaml:"acquisitions" doc:"acquisitions"`
	Portfolio    Portfolio      `yaml:"portfolio" doc:"life of products"`
	Experiments  Experiments    `yaml:"experiments" doc:"growth experiments"`
	Monetisation Monetisation   `yaml:"monetisation" doc:"tiers, prices and sales"`
}

// Roadmap says what a roadmap shows.
type Roadmap struct {
	Buckets          []string `yaml:"buckets" doc:"buckets of a roadmap, the nearest first"`
	MeasureRequired  bool     `yaml:"bucket_needs_measure" doc:"whether each bucket says how success is measured"`
	PerRelease       int      `yaml:"direction_items_per_release" doc:"direction items that a release has at least"`
	WithoutMilestone bool     `yaml:"direction_item_without_milestone" doc:"whether a direction item may be without a milestone"`
	DatesBy          []string `yaml:"published_dates" doc:"how a published date is given" one_of:"calendar_date,release,fiscal_quarter"`
	Kinds            []string `yaml:"item_kinds" doc:"kinds of items of a roadmap"`
}

// DirectionPages says how fresh pages of direction are.
type DirectionPages struct {
	FreshDays       int      `yaml:"fresh_days" doc:"days since its review up to which a page is fresh"`
	StaleDays       int      `yaml:"stale_days" doc:"days up to which it is stale; then it is expired"`
	ReviewMonths    int      `yaml:"review_months" doc:"months between reviews of a category's page" min:"1"`
	CrossMonths     int      `yaml:"cross_stage_update_months" doc:"months between updates of a page that crosses stages" min:"1"`
	SectionParts    []string `yaml:"section_parts" doc:"parts of the page of a section or stage"`
	CategoryParts   []string `yaml:"category_parts" doc:"parts of the page of a category"`
	Marker          string   `yaml:"reviewed_marker" doc:"words before the day of the last review"`
	DateForm        string   `yaml:"reviewed_date_form" doc:"form of the day of the last review"`
	UnchangedCounts bool     `yaml:"unchanged_review_counts" doc:"whether a review without a change renews the day"`
}

func (p DirectionPages) check(report reporter) {
	if p.FreshDays >= p.StaleDays {
		report("stale_days", "is %d, not after the %d fresh days", p.StaleDays, p.FreshDays)
	}
}

// ProductFlow says which phases work goes through.
type ProductFlow struct {
	Validation  []FlowPhase `yaml:"validation" doc:"phases of the validation track"`
	Build       []FlowPhase `yaml:"build" doc:"phases of the build track"`
	MonthsAhead int         `yaml:"validation_months_ahead" doc:"months that validation is ahead of building"`
	SkipReason  bool        `yaml:"skip_needs_reason" doc:"whether leaving a phase out needs a reason"`
	ItemNeeds   []string    `yaml:"validation_item_needs" doc:"what an item in validation must name"`
	ReadyNeeds  []string    `yaml:"ready_needs" doc:"what an item must have before it is ready for development"`
	BothTracks  bool        `yaml:"each_pm_in_both_tracks" doc:"whether each product manager works in both tracks in a milestone"`
}

// A FlowPhase is a phase of a track.
type FlowPhase struct {
	Name   string   `yaml:"name" doc:"as it is shown"`
	Labels []string `yaml:"labels" doc:"labels of work that is in it; none where no label is used"`
	DRI    string   `yaml:"dri" doc:"who answers for it" is:"role"`
}

// Milestones says which days a release has. A negative month is before that
// of the release.
type Milestones struct {
	ReleaseDay      int    `yaml:"release_day" doc:"day of the release" min:"1" max:"28"`
	BreakdownDay    int    `yaml:"planning_breakdown_day" doc:"day of the month before by which planning is broken down" min:"1" max:"28"`
	DraftDay        int    `yaml:"draft_scope_day" doc:"day of the month before by which the scope is drafted" min:"1" max:"28"`
	FinalDays       Band   `yaml:"final_scope_days" doc:"days of the month before on which the scope is final"`
	KickoffDay      int    `yaml:"kickoff_day" doc:"day of the month before on which the milestone begins" min:"1" max:"28"`
	KickoffWeekend  string `yaml:"kickoff_on_weekend" doc:"where a kickoff on a weekend moves" one_of:"next_monday,previous_friday,stays"`
	CleanupWeekend  string `yaml:"cleanup_on_weekend" doc:"where a cleanup on a weekend moves" one_of:"next_monday,previous_friday,stays"`
	CutoffDay       int    `yaml:"merge_cutoff_day" doc:"day of the release's month up to which is merged" min:"1" max:"28"`
	RetroDay        int    `yaml:"retrospective_day" doc:"day of the release's month on which the retrospective opens" min:"1" max:"28"`
	Detailed        int    `yaml:"detailed_ahead" doc:"milestones for which details are scheduled"`
	MeetingMonths   int    `yaml:"indicator_meeting_months" doc:"months between meetings on performance indicators" min:"1"`
	MeetingDays     int    `yaml:"indicator_meeting_content_business_days" doc:"business days before the meeting at which its content is ready"`
	ShowcaseMonths  int    `yaml:"showcase_months" doc:"months between showcases of direction" min:"1"`
	ShowcaseStages  int    `yaml:"showcase_stages" doc:"stages in one showcase"`
	ShowcaseMinutes int    `yaml:"showcase_minutes" doc:"minutes for each stage in a showcase"`
}

// ReleasePosts says when an announcement is written and who looks at it.
type ReleasePosts struct {
	DraftDay     int      `yaml:"drafted_day" doc:"day by which an item is drafted" min:"1" max:"28"`
	ReviewDay    int      `yaml:"reviewed_day" doc:"day by which an item is reviewed" min:"1" max:"28"`
	MergeDay     int      `yaml:"merged_day" doc:"day by which an item is merged; later the release manager decides" min:"1" max:"28"`
	AssembleDay  int      `yaml:"assembled_day" doc:"day on which the release post is put together" min:"1" max:"28"`
	PublishDay   int      `yaml:"published_day" doc:"day on which the release post appears" min:"1" max:"28"`
	Required     []string `yaml:"required_reviews" doc:"who must review an item of a release post" is:"role"`
	Recommended  []string `yaml:"recommended_reviews" doc:"who should review an item of a release post" is:"role"`
	LateNeeds    string   `yaml:"late_needs" doc:"who lets a late item in" is:"role"`
	Text         []string `yaml:"text_parts" doc:"what the text of an item says, in this order"`
	NeedsPicture []string `yaml:"blocks_with_picture" doc:"blocks that need a picture or film"`
	Blocks       []string `yaml:"blocks" doc:"blocks of a post"`
	NeedsJob     bool     `yaml:"needs_job_to_be_done" doc:"whether an item names the job to be done"`
}

func (r ReleasePosts) check(report reporter) {
	days := []int{r.DraftDay, r.ReviewDay, r.MergeDay, r.AssembleDay, r.PublishDay}
	for i := 1; i < len(days); i++ {
		if days[i-1] > days[i] {
			report("drafted_day", "and the days behind it must ascend; %d stands before %d", days[i-1], days[i])
			return
		}
	}
}

// JobsToBeDone says what a job to be done looks like.
type JobsToBeDone struct {
	Parts         []string      `yaml:"parts" doc:"parts of the sentence of a job to be done"`
	MostUserTypes int           `yaml:"sub_job_most_user_types" doc:"kinds of users above which a sub-job is too broad" min:"1"`
	PerCategory   Band          `yaml:"per_category" doc:"jobs of a category"`
	Interviews    int           `yaml:"interviews_for_confidence" doc:"interviews that raise the confidence" min:"1"`
	Confidence    []string      `yaml:"confidence" doc:"degrees of confidence in a job to be done"`
	Letters       []ScoreLetter `yaml:"letters" doc:"letters of scores of a job; not those of a category"`
}

// A ScoreLetter is the letter of scores from a least one on; the next higher
// letter begins where it ends.
type ScoreLetter struct {
	Letter string  `yaml:"letter" doc:"the letter"`
	From   Decimal `yaml:"from" doc:"least score"`
	To     Decimal `yaml:"to" doc:"highest score"`
}

// Maturity says how mature a category is.
type Maturity struct {
	Levels       []MaturityLevel `yaml:"levels" doc:"degrees of maturity, the lowest first"`
	Letters      []ScoreLetter   `yaml:"letters" doc:"letters of overall scores of a category"`
	PassPercent  int             `yaml:"pass_percent" doc:"part of scenarios that must be passed, this included" max:"100"`
	StopPercent  int             `yaml:"stop_below_percent" doc:"part of passes below which a study stops" max:"100"`
	Jobs         int             `yaml:"most_job_statements" doc:"job statements of a study" min:"1"`
	Participants int             `yaml:"participants_per_type" doc:"participants of a study of each kind of user" min:"1"`
	UserTypes    int             `yaml:"most_user_types" doc:"kinds of users in a study" min:"1"`
	Rating       Band            `yaml:"rating" doc:"ratings of a question"`
	Questions    []string        `yaml:"questions" doc:"what is asked after a scenario that was passed"`
	FailedCount  bool            `yaml:"failed_ratings_count" doc:"whether ratings after a failed scenario count"`
}

// A MaturityLevel is a degree of maturity and what it takes. A score of "" and
// customers of 0 are not asked for.
type MaturityLevel struct {
	Key         string  `yaml:"key" doc:"the word by which files name it"`
	Name        string  `yaml:"name" doc:"as it is shown"`
	Score       Decimal `yaml:"score" doc:"overall score from which it is reached"`
	Audience    string  `yaml:"audience" doc:"whose score counts" one_of:"none,internal,external"`
	PassPercent int     `yaml:"pass_percent" doc:"part of scenarios that must be passed; 0 is the usual one" max:"100"`
	Customers   int     `yaml:"customers" doc:"customers that use it at least"`
	Dogfooding  string  `yaml:"dogfooding" doc:"how the company itself uses it" one_of:"none,significant,exclusive"`
}

func (m Maturity) check(report reporter) {
	last := Decimal("")
	for _, l := range m.Levels {
		if l.Score != "" && last != "" && l.Score.Compare(last) <= 0 {
			report("levels", "must ascend in score; %s does not", l.Key)
		}
		if l.Score != "" {
			last = l.Score
		}
	}
}

// Prioritisation says how candidates for work are compared.
type Prioritisation struct {
	Reach          []ReachBand `yaml:"reach" doc:"values of reach, with the part of users from which each counts"`
	Impact         []Decimal   `yaml:"impact" doc:"values of impact"`
	Confidence     []int       `yaml:"confidence_percent" doc:"values of confidence" max:"100"`
	EffortUnit     string      `yaml:"effort_unit" doc:"unit of effort" one_of:"person_months,person_weeks,person_days"`
	ICE            Band        `yaml:"ice" doc:"values of impact, confidence and ease"`
	Minutes        int         `yaml:"session_minutes" doc:"minutes of a session on priorities" min:"1"`
	MostIssues     int         `yaml:"session_most_issues" doc:"issues that each brings to a session" min:"1"`
	PresentMinutes int         `yaml:"session_present_minutes" doc:"minutes to present the issues" min:"1"`
	Votes          int         `yaml:"session_votes" doc:"votes that each has, on importance and again on feasibility" min:"1"`
	Excluded       []string    `yaml:"excluded" doc:"work that is not compared, for it has deadlines of its own"`
}

// A ReachBand is a value of reach.
type ReachBand struct {
	Value   Decimal `yaml:"value" doc:"the value"`
	Percent int     `yaml:"from_percent" doc:"part of users from which it counts, about; 0 where the source names none" max:"100"`
}

// Investment says how the investment in stages and groups is judged.
type Investment struct {
	Score         Band     `yaml:"score" doc:"scores of a driver"`
	Usage         []int    `yaml:"usage_limits" doc:"monthly users at which a higher score begins: for 2, 3, 4 and 5"`
	SAM           []int    `yaml:"sam_limits_million" doc:"serviceable market over three years, in millions of dollars, at which a higher score begins"`
	Revenue       []string `yaml:"revenue_scores" doc:"what each score of revenue means, from 1"`
	PaidPercent   int      `yaml:"revenue_paid_percent" doc:"part of features that are paid, which parts the scores 2 and 3" max:"100"`
	EnablingUsage string   `yaml:"enabling_usage" doc:"driver of an enabling group in place of usage"`
	EnablingSAM   string   `yaml:"enabling_sam" doc:"driver of an enabling group in place of the market"`
	Index         string   `yaml:"index" doc:"how scores are brought together" one_of:"sum,mean"`
	SharesSum     int      `yaml:"shares_sum_percent" doc:"what all shares of spending make" min:"100" max:"100"`
	Types         []string `yaml:"types" doc:"types of investment"`
	SoloPercent   int      `yaml:"single_engineer_percent" doc:"part of research and development for bets of a single engineer" max:"100"`
	SoloMaturity  []string `yaml:"single_engineer_maturity" doc:"degrees of maturity at which such a group may work"`
	OffPoints     int      `yaml:"off_by_percent_points" doc:"points between share of score and share of spending from which a node is over- or under-invested"`
}

func (i Investment) check(report reporter) {
	i.checkLimits("usage_limits", i.Usage, report)
	i.checkLimits("sam_limits_million", i.SAM, report)
}

// checkLimits checks that each score but the lowest has a limit at which it
// begins.
func (i Investment) checkLimits(key string, limits []int, report reporter) {
	if len(limits) != i.Score.Max-i.Score.Min {
		report(key, "must have %d limits, one less than there are scores", i.Score.Max-i.Score.Min)
	}
	for n := 1; n < len(limits); n++ {
		if limits[n-1] >= limits[n] {
			report(key, "must ascend; %d stands before %d", limits[n-1], limits[n])
		}
	}
}

// ScoreOf returns the score of a figure by limits at which the higher scores
// begin: a figure that equals a limit has the higher score.
func (i Investment) ScoreOf(figure int, limits []int) int {
	score := i.Score.Min
	for _, limit := range limits {
		if figure >= limit {
			score++
		}
	}
	return score
}

// Optimisation says how capacity moves for the good of the whole.
type Optimisation struct {
	Kinds        []string `yaml:"kinds" doc:"ways to move capacity, the quickest first"`
	BorrowMonths int      `yaml:"borrow_below_months" doc:"months below which capacity is borrowed; above, scope is reassigned" min:"1"`
	Discouraged  []string `yaml:"discouraged" doc:"ways to move capacity that are discouraged"`
	Needs        []string `yaml:"needs" doc:"what a proposal to move capacity must state"`
}

// Canvas says what an opportunity canvas is.
type Canvas struct {
	Fields        []string `yaml:"fields" doc:"fields of a canvas"`
	LiteFields    []string `yaml:"lite_fields" doc:"fields of a lite canvas, for features that exist"`
	ReviewMinutes int      `yaml:"review_minutes" doc:"minutes of the review of a canvas" min:"1"`
	Required      []string `yaml:"required_reviewers" doc:"who must be at the review of a canvas" is:"role"`
	Optional      []string `yaml:"optional_reviewers" doc:"who may be at the review of a canvas" is:"role"`
	CompleteDays  int      `yaml:"complete_business_days_before" doc:"business days before its review at which a canvas is complete"`
	Compare       Band     `yaml:"compared" doc:"canvases that are best reviewed together"`
	CrossStages   int      `yaml:"cross_stage_from_stages" doc:"stages from which a canvas is a cross-stage one" min:"2"`
	Outcomes      []string `yaml:"outcomes" doc:"what the review of a canvas decides"`
	States        []string `yaml:"states" doc:"what a canvas can be"`
}

// BusinessCases says who makes a business case, and how it is computed.
type BusinessCases struct {
	Writes          string   `yaml:"written_by" doc:"who writes a business case"`
	Leads           string   `yaml:"led_by" doc:"who leads a business case"`
	Champions       string   `yaml:"championed_by" doc:"who champions a business case"`
	Questions       []string `yaml:"build_or_buy_questions" doc:"questions before something is built or bought"`
	Alternatives    []string `yaml:"alternatives" doc:"alternatives that are compared"`
	DiscountPercent int      `yaml:"discount_percent" doc:"yearly rate at which later benefit is discounted" max:"100"`
}

// Competition says how competitors are watched.
type Competition struct {
	Audiences   int      `yaml:"audiences" doc:"audiences with which findings are shared"`
	RefreshDays int      `yaml:"refresh_days" doc:"days after which an evaluation is old" min:"1"`
	JudgedBy    string   `yaml:"judged_by" doc:"what solutions are judged against" one_of:"jobs_to_be_done,companies"`
	Adjacency   []string `yaml:"adjacency_kinds" doc:"ways in which a market can be adjacent"`
}

// Walkthroughs says how often leaders walk through the product.
type Walkthroughs struct {
	DirectorMonths int      `yaml:"director_months" doc:"months between walk-throughs of a director" min:"1"`
	FromGrade      string   `yaml:"from_grade" doc:"grade from which walk-throughs are expected" is:"grade"`
	Nodes          []string `yaml:"breadth" doc:"what a walk-through should cross"`
	RecordingsAre  string   `yaml:"recordings" doc:"how recordings are kept" one_of:"links,files"`
}

// Sensing says how leaders listen to customers.
type Sensing struct {
	Mechanisms       []string `yaml:"mechanisms" doc:"ways to listen to customers"`
	OpportunityWeeks int      `yaml:"opportunity_review_weeks" doc:"weeks between reviews of opportunities" min:"1"`
	Attempts         int      `yaml:"outreach_most_attempts" doc:"attempts to reach somebody who answered a survey" min:"1"`
	Contacts         int      `yaml:"outreach_contacts_per_user" doc:"people who write to the same user" min:"1"`
	AccountsTo       []string `yaml:"account_names_visible_to" doc:"who sees names of accounts" is:"role"`
}

// Acquisitions says how an acquisition proceeds.
type Acquisitions struct {
	Stages           []string   `yaml:"stages" doc:"stages of an acquisition, in this order"`
	CodeNameFrom     string     `yaml:"code_name_from" doc:"stage from which only the code name is used"`
	IntroMinutes     int        `yaml:"intro_minutes" doc:"minutes of the first talk on an acquisition"`
	ProductMinutes   int        `yaml:"product_call_minutes" doc:"minutes of the call on the product"`
	TechnicalMinutes int        `yaml:"technical_call_minutes" doc:"minutes of the technical call"`
	Milestones       []int      `yaml:"milestone_months" doc:"months after which something of an acquisition is integrated"`
	FirstDays        int        `yaml:"first_milestone_days" doc:"days until the first milestone of an acquisition"`
	OnboardWeeks     int        `yaml:"onboarding_weeks" doc:"weeks of those days for onboarding"`
	WorkWeeks        int        `yaml:"first_work_weeks" doc:"weeks of those days for work"`
	Approvals        [][]string `yaml:"approvals" doc:"who approves an acquisition, step by step; all of a step must" is:"role"`
	ChampionFrom     string     `yaml:"champion_from_grade" doc:"least grade of a champion of an acquisition" is:"grade"`
	MostPeople       int        `yaml:"target_people_below" doc:"people in research and development of a target, fewer than this"`
	SoftLanding      int        `yaml:"soft_landing_people_below" doc:"people of a soft landing, fewer than this"`
}

// Portfolio says how products live.
type Portfolio struct {
	States    []string `yaml:"states" doc:"states of a product's life, in this order"`
	Lifecycle Band     `yaml:"lifecycle" doc:"numbers of the lifecycle"`
}

// Experiments says how growth experiments run.
type Experiments struct {
	States      []string `yaml:"states" doc:"what an experiment can be"`
	Velocity    Decimal  `yaml:"velocity_per_engineer_week" doc:"experiments for each engineer in a week"`
	CountedWhen string   `yaml:"counted_when" doc:"when an experiment counts" one_of:"started,ended"`
	CleanupDays int      `yaml:"cleanup_days" doc:"days after the result until the clean-up is overdue" min:"1"`
	Confidence  int      `yaml:"confidence_percent" doc:"confidence of a result" max:"100"`
	Power       int      `yaml:"power_percent" doc:"power for which a sample is sized" max:"100"`
	Needs       []string `yaml:"needs" doc:"what an experiment must have"`
	StopReason  bool     `yaml:"early_stop_needs_reason" doc:"whether a result before the planned sample needs a reason"`
}

// Monetisation says how the product is sold.
type Monetisation struct {
	Tiers           []Tier   `yaml:"tiers" doc:"tiers of the product, the lowest first"`
	MoveUp          bool     `yaml:"feature_may_move_up" doc:"whether a feature may move to a higher tier"`
	SelfServe       int      `yaml:"self_serve_above_percent" doc:"part of the net revenue of won deals that customers buy without sales, more than this" max:"100"`
	Automated       int      `yaml:"automated_transactions_percent" doc:"part of sales transactions that run through automated systems" max:"100"`
	Excluded        []string `yaml:"excluded_programs" doc:"programmes that nobody pays for, which no figure counts"`
	RetentionMonths int      `yaml:"net_retention_months" doc:"months over which revenue of the same customers is compared" min:"1"`
	Segments        []string `yaml:"segments" doc:"segments of customers"`
	PriceNeeds      []string `yaml:"price_change_needs" doc:"what a change of prices needs"`
}

// A Tier is a tier of the product and who cares most about it.
type Tier struct {
	Name  string `yaml:"name" doc:"its name"`
	Buyer string `yaml:"buyer" doc:"who cares most about what it holds" one_of:"individual,director,executive"`
}
