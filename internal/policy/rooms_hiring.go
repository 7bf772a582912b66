package policy

// HiringRoom is what holds from an approved opening to the first day. What a
// published process must contain is the pack's Hiring.
type HiringRoom struct {
	Requisition  Requisition      `yaml:"requisition" doc:"what is opened, and who approves it"`
	KickOff      KickOff          `yaml:"kick_off" doc:"how the search begins"`
	Plan         InterviewPlan    `yaml:"plan" doc:"how a published process becomes a plan"`
	Applications Applications     `yaml:"applications" doc:"what candidates send"`
	Screening    ScreeningCall    `yaml:"screening" doc:"the first call"`
	Scorecards   Scorecards       `yaml:"scorecards" doc:"what interviewers say, and when"`
	Declines     Declines         `yaml:"declines" doc:"how candidates are declined"`
	References   References       `yaml:"references" doc:"what former managers say"`
	Justify      Justification    `yaml:"justification" doc:"why this candidate"`
	Offers       Offers           `yaml:"offers" doc:"offers and their approval"`
	Pay          Pay              `yaml:"pay" doc:"how pay is computed"`
	Benchmarks   BenchmarkReview  `yaml:"benchmark_review" doc:"when a benchmark may be reviewed"`
	Interviewers Interviewers     `yaml:"interviewers" doc:"how somebody learns to interview"`
	Content      InterviewContent `yaml:"content" doc:"kits of questions"`
	Messages     Messages         `yaml:"webhooks" doc:"messages to other programs"`
}

// Requisition says what is opened and who approves it.
type Requisition struct {
	Approvals     []string `yaml:"approvals" doc:"who approves a requisition, in this order" is:"role"`
	ApproveAgain  []string `yaml:"approve_again_on" doc:"changes after approval that return it to approval"`
	States        []string `yaml:"states" doc:"what a requisition can be"`
	JobTypes      []string `yaml:"job_types" doc:"kinds of employment"`
	OpeningTypes  []string `yaml:"opening_types" doc:"kinds of openings"`
	BackfillNames bool     `yaml:"backfill_names_leaver" doc:"whether a backfill names who left"`
	ReusePlanID   bool     `yaml:"may_reuse_plan_id" doc:"whether the id of a line of the hiring plan may be used again"`
	PayLowest     Decimal  `yaml:"posted_pay_lowest_factor" doc:"lower end of the posted pay, as a factor of benchmark times level"`
	PayHighest    Decimal  `yaml:"posted_pay_highest_factor" doc:"upper end of the posted pay, as a factor of benchmark times level"`
	AgeingDays    int      `yaml:"ageing_days" doc:"days open after which it is shown as ageing" min:"1"`
}

func (r Requisition) check(report reporter) {
	if r.PayLowest.Compare(r.PayHighest) > 0 {
		report("posted_pay_lowest_factor", "is %s, more than the upper end of %s", r.PayLowest, r.PayHighest)
	}
}

// KickOff says how the search begins.
type KickOff struct {
	Topics       []string `yaml:"topics" doc:"what the kick-off of a search settles"`
	Priorities   []string `yaml:"priorities" doc:"priorities of sourcing, the highest first"`
	SourcingDays int      `yaml:"sourcing_session_business_days" doc:"business days until the sourcing session"`
	Profiles     int      `yaml:"profiles_at_least" doc:"profiles that the sourcing session brings at least"`
	OutreachDays int      `yaml:"outreach_business_days" doc:"business days until the sourcer writes to those candidates"`
	ProspectDays int      `yaml:"shared_prospect_review_days" doc:"days until the recruiter reviews a prospect that somebody shared"`
}

// InterviewPlan says how a published process becomes a plan.
type InterviewPlan struct {
	Stages              []PlanStage `yaml:"stages" doc:"stages of a pipeline, in their order; interviews lie inside of them"`
	FollowReportingLine bool        `yaml:"interviews_follow_reporting_line" doc:"whether interviews go up the reporting line"`
	DropScreeningReason bool        `yaml:"dropping_screening_needs_reason" doc:"whether a plan without the screening call needs a reason"`
	SpecialtyReorders   bool        `yaml:"specialty_may_reorder" doc:"whether a specialty may change the order of steps"`
	ParallelAfter       string      `yaml:"parallel_after_vote" doc:"vote after which later steps may run at the same time" one_of:"strong_yes,yes,never"`
	DeclineAnyStage     bool        `yaml:"decline_at_any_stage" doc:"whether a candidate may be declined at every stage"`
	EachValueOnce       bool        `yaml:"each_value_covered" doc:"whether the interviews together must rate each value of the company"`
}

// A PlanStage is a stage of a pipeline.
type PlanStage struct {
	Key      string `yaml:"key" doc:"the word by which rules name it"`
	Name     string `yaml:"name" doc:"as it is shown"`
	Optional bool   `yaml:"optional" doc:"whether a plan may do without it"`
}

// Applications says what candidates send.
type Applications struct {
	FileTypes     []string `yaml:"file_types" doc:"endings of files that are taken"`
	InternalLoses bool     `yaml:"internal_applicant_loses_access" doc:"whether somebody loses access to a requisition that they apply to"`
	CountryCheck  bool     `yaml:"hireable_country_required" doc:"whether an application from a country without an employer is refused"`
}

// ScreeningCall says what the first call settles. Its length is the pack's
// Screening.
type ScreeningCall struct {
	Captures    []string `yaml:"captures" doc:"what the screening call must ask and note"`
	Private     []string `yaml:"private" doc:"what of the screening call only few may see"`
	WaitMinutes int      `yaml:"no_show_after_minutes" doc:"minutes that the recruiter waits for a candidate"`
	NoShow      string   `yaml:"no_show_outcome" doc:"what happens to a candidate who did not come" one_of:"disqualified,rescheduled"`
	NoShowUndo  bool     `yaml:"no_show_may_be_undone" doc:"whether that is undone if it was beyond the candidate's control"`
	PayTalk     []string `yaml:"pay_is_discussed" doc:"when pay is spoken of with a candidate" is:"word"`
	DeniedParty bool     `yaml:"denied_party_check" doc:"whether candidates are looked up in lists of denied parties"`
}

// Scorecards says what interviewers write, and who sees it when.
type Scorecards struct {
	Required        []string `yaml:"required_parts" doc:"what a scorecard must have"`
	Votes           []Vote   `yaml:"votes" doc:"the scale of votes, the most positive first"`
	DueDays         int      `yaml:"due_business_days" doc:"business days after the interview until a card is due"`
	EscalateDays    int      `yaml:"escalate_business_days" doc:"business days after which the hiring manager is told"`
	StrongNoRejects int      `yaml:"strong_no_suggests_reject" doc:"votes of strong no from which a rejection is suggested" min:"1"`
	NoRejects       int      `yaml:"no_suggests_reject" doc:"votes of no or worse from which a rejection is suggested" min:"1"`
	Veto            bool     `yaml:"single_veto" doc:"whether one vote alone decides"`
	Decider         string   `yaml:"decided_by" doc:"who decides on a candidate, and answers for it" is:"role"`
	OverrideReason  bool     `yaml:"override_needs_reason" doc:"whether a decision against the suggestion needs a reason"`
	SeeAll          []string `yaml:"all_cards_visible_to" doc:"who sees the scorecards of others" is:"role"`
	OthersSee       []string `yaml:"others_see" doc:"parts of a card that other interviewers see"`
	SeeAfterOwn     bool     `yaml:"interviewers_see_after_own" doc:"whether an interviewer sees the cards of others once their own is in"`
	ShadowsVote     bool     `yaml:"shadows_vote" doc:"whether somebody who only listens votes"`
	ValuesAlways    bool     `yaml:"values_always_rated" doc:"whether each card rates the values of the company"`
	EditBy          string   `yaml:"edited_after_submission_by" doc:"who may change a card that is in, with its history kept" one_of:"author,nobody"`
	NeutralPercent  int      `yaml:"neutral_percent" doc:"part of neutral ratings from which an interviewer is asked to decide" max:"100"`
	Ratings         []string `yaml:"ratings" doc:"ratings of an attribute, the highest first"`
	ForbiddenNotes  []string `yaml:"notes_must_not_hold" doc:"what a note on a candidate must not hold"`
}

// A Vote is a step of the scale of votes and what usually follows from it.
type Vote struct {
	Key     string `yaml:"key" doc:"the word by which rules name it" one_of:"strong_yes,yes,no,strong_no"`
	Name    string `yaml:"name" doc:"as it is shown"`
	Follows string `yaml:"follows" doc:"what usually follows" one_of:"offer,continue,discretion,reject"`
}

func (s Scorecards) check(report reporter) {
	if s.DueDays > s.EscalateDays {
		report("escalate_business_days", "is %d, before the card is due at %d", s.EscalateDays, s.DueDays)
	}
}

// Declines says how candidates are declined.
type Declines struct {
	NoticeDays      int      `yaml:"notice_days" doc:"days until a candidate is told of a decline"`
	NoticeStages    []string `yaml:"notice_stages" doc:"stages after which the clock of that notice runs"`
	FeedbackFrom    string   `yaml:"personal_feedback_from_stage" doc:"stage from which a decline needs feedback written for the candidate"`
	TemplateStages  []string `yaml:"template_stages" doc:"stages at which a decline may be sent from a template"`
	AgainMonths     int      `yaml:"reconsider_after_months" doc:"months until somebody is considered again"`
	AgainReasons    []string `yaml:"reconsider_reasons" doc:"reasons of a decline after which somebody is considered again"`
	NeverReasons    []string `yaml:"never_reconsider_reasons" doc:"reasons of a decline after which somebody is never considered again"`
	Reasons         []string `yaml:"reasons" doc:"reasons of a rejection"`
	WithdrawReasons []string `yaml:"withdrawal_reasons" doc:"reasons of candidates who withdraw"`
	Outcomes        []string `yaml:"outcomes" doc:"how an application can end"`
	TellFinance     bool     `yaml:"declined_offer_tells_finance" doc:"whether finance is told of an offer that was declined"`
	VoidContract    bool     `yaml:"declined_offer_voids_contract" doc:"whether the contract of an offer that was declined is voided"`
}

// References says what former managers are asked for.
type References struct {
	Requested       int    `yaml:"requested" doc:"references that are asked for"`
	Completed       int    `yaml:"completed" doc:"references that must have answered before an offer"`
	Managers        int    `yaml:"managers" doc:"how many of those references were a manager of the candidate"`
	OnConflict      int    `yaml:"further_on_conflict" doc:"further references if answers conflict"`
	BackChannel     bool   `yaml:"back_channel" doc:"whether others than those named may be asked"`
	OnlyEmployer    bool   `yaml:"waived_for_only_employer" doc:"whether a past manager is waived for somebody with one employer only"`
	By              string `yaml:"asked_by" doc:"who asks for references" is:"role"`
	BackgroundStart string `yaml:"background_check_starts" doc:"when the background check starts" one_of:"with_references,after_references,after_offer"`
}

func (r References) check(report reporter) {
	if r.Completed > r.Requested {
		report("completed", "is %d, more than the %d requested", r.Completed, r.Requested)
	}
	if r.Managers > r.Completed {
		report("managers", "is %d, more than the %d completed", r.Managers, r.Completed)
	}
}

// Justification says what a proposal to hire must answer.
type Justification struct {
	Parts          []string `yaml:"parts" doc:"what a proposal to hire must answer"`
	EngineeringMet int      `yaml:"engineering_nice_to_haves_met" doc:"wishes that a candidate in engineering meets"`
	EngineeringOf  int      `yaml:"engineering_nice_to_haves_of" doc:"out of how many wishes"`
}

// Offers says how an offer is approved.
type Offers struct {
	Approvals      []string `yaml:"approvals" doc:"who approves an offer, in this order" is:"role"`
	TopFrom        string   `yaml:"top_approval_from_grade" doc:"grade from which a further approval of an offer follows" is:"grade"`
	TopRoles       []string `yaml:"top_approval_roles" doc:"who gives that further approval, any of these" is:"role"`
	ApproveHours   int      `yaml:"approve_within_hours" doc:"hours in which each approves an offer"`
	ResetOn        []string `yaml:"approve_again_on" doc:"changes that return an offer to its first approval"`
	FactorAbove    Decimal  `yaml:"location_factor_alert_above" doc:"location factor above which others are told"`
	FactorTells    []string `yaml:"location_factor_alert_roles" doc:"who is told of such a location factor" is:"role"`
	VerbalBefore   bool     `yaml:"verbal_before_approval" doc:"whether an offer may be spoken of before it is approved"`
	SalaryMultiple int      `yaml:"salary_multiple" doc:"a yearly salary is a multiple of this, in units of its currency" min:"1"`
	HourlyMultiple Decimal  `yaml:"hourly_multiple" doc:"an hourly wage is a multiple of this, in units of its currency"`
	TitleOrder     []string `yaml:"title_order" doc:"what the title in an offer consists of, in this order"`
	States         []string `yaml:"states" doc:"what an offer can be"`
	ExpireDays     int      `yaml:"expires_after_days" doc:"days after which an offer that was sent expires" min:"1"`
	Gates          []string `yaml:"gates" doc:"what must be done before an offer is drafted"`
}

// Pay says how pay is computed: benchmark times location factor times level
// factor times exchange rate.
type Pay struct {
	Factors          LevelFactors `yaml:"level_factors" doc:"factor of each level on its benchmark"`
	VariablePercent  int          `yaml:"director_variable_percent" doc:"variable pay of directors and above, as a part of the base" max:"100"`
	BandPercent      int          `yaml:"band_percent" doc:"how far a band reaches from its median, to each side" max:"100"`
	FloorUS          Decimal      `yaml:"director_location_floor_us" doc:"least location factor of a director in the United States"`
	FloorElsewhere   Decimal      `yaml:"director_location_floor_elsewhere" doc:"least location factor of a director elsewhere"`
	OutsideFrom      string       `yaml:"outside_calculator_from_grade" doc:"grade from which pay is not computed" is:"grade"`
	OutsideFunctions []string     `yaml:"outside_calculator_functions" doc:"functions whose pay is not computed"`
	Percentile       int          `yaml:"survey_percentile" doc:"percentile of the survey that a benchmark follows; it does not fall below what it is" max:"100"`
	FactorStep       Decimal      `yaml:"location_factor_step" doc:"step to which a location factor is rounded"`
	CommuteMinutes   int          `yaml:"commute_minutes" doc:"minutes of travel that belong to a metropolitan area"`
	RateMonths       []int        `yaml:"exchange_rate_months" doc:"months in which exchange rates are renewed" min:"1" max:"12"`
	RateAverage      int          `yaml:"exchange_rate_average_months" doc:"months over which a rate is averaged" min:"1"`
	RoundUp          int          `yaml:"round_up_to" doc:"a computed salary is rounded up to a multiple of this" min:"1"`
	PrivateTo        []string     `yaml:"visible_to" doc:"who sees the pay of a candidate" is:"role"`
}

// LevelFactors are the factors of levels on their benchmark: that of the
// individual contributor, of the manager, of the director.
type LevelFactors struct {
	Junior         Decimal `yaml:"junior" doc:"factor of junior on the benchmark of the individual contributor"`
	Intermediate   Decimal `yaml:"intermediate" doc:"factor of intermediate on the benchmark of the individual contributor"`
	Senior         Decimal `yaml:"senior" doc:"factor of senior on the benchmark of the individual contributor"`
	Staff          Decimal `yaml:"staff" doc:"factor of staff on the benchmark of the manager"`
	Manager        Decimal `yaml:"manager" doc:"factor of a manager on the benchmark of the manager"`
	SeniorManager  Decimal `yaml:"senior_manager" doc:"factor of a senior manager on the benchmark of the manager"`
	Director       Decimal `yaml:"director" doc:"factor of a director on the benchmark of the director"`
	SeniorDirector Decimal `yaml:"senior_director" doc:"factor of a senior director on the benchmark of the senior director"`
}

// BenchmarkReview says what gives the right to have a benchmark reviewed.
type BenchmarkReview struct {
	OpenDays     int `yaml:"open_days" doc:"days open after which a benchmark may be reviewed"`
	PayDeclines  int `yaml:"pay_declines" doc:"qualified candidates who declined for pay, from which a benchmark may be reviewed"`
	DeclineRows  int `yaml:"decline_rows" doc:"noted declines from which a benchmark may be reviewed"`
	ExitsPercent int `yaml:"voluntary_exits_for_pay_percent" doc:"part of people who left for pay, from which a benchmark may be reviewed" max:"100"`
}

// Interviewers says how somebody learns to interview.
type Interviewers struct {
	Steps        []string `yaml:"training_steps" doc:"what somebody is on the way to interviewing alone, in this order" one_of:"shadow,reverse_shadow,lead"`
	Shadow       int      `yaml:"shadow_interviews" doc:"interviews that somebody listens to first"`
	Reverse      int      `yaml:"reverse_shadow_interviews" doc:"interviews that somebody then leads while another listens"`
	PartnerPanel bool     `yaml:"people_partner_on_panel" doc:"whether the people partner belongs to the panel from the grade of hiring.people_partner on"`
}

// InterviewContent says how kits of questions come about.
type InterviewContent struct {
	States        []string `yaml:"states" doc:"what a kit of questions can be"`
	NeedsReview   bool     `yaml:"needs_review" doc:"whether somebody else reviews a kit of questions"`
	FocusPerLevel bool     `yaml:"per_level_and_step" doc:"whether there is a kit for each level and step"`
}

// Messages says how often a message to another program is sent again.
type Messages struct {
	RetryMinutes []int `yaml:"retry_minutes" doc:"minutes after which a message is sent again, one for each further try"`
}

// Schedule is what holds of the times of interviews.
type Schedule struct {
	TeamDays      int      `yaml:"team_interviews_within_days" doc:"days from the first team interview to the last" min:"1"`
	NotInClock    []string `yaml:"not_in_that_clock" doc:"steps that do not count among team interviews"`
	NoticeHours   int      `yaml:"notice_hours" doc:"hours of notice before an interview"`
	Expedite      []string `yaml:"notice_waived_by" doc:"who may shorten the notice before an interview" is:"role"`
	AskAfterHours int      `yaml:"availability_reminder_hours" doc:"hours without an answer after which a candidate is asked again for their times"`
	AskAgainHours int      `yaml:"availability_second_reminder_hours" doc:"further hours until a candidate is reminded of their times again"`
	NoCancelHours int      `yaml:"no_cancel_within_hours" doc:"hours before an interview in which it is not cancelled; a general talk is offered instead"`
	SelfHours     int      `yaml:"self_service_until_hours" doc:"hours before an interview until which the candidate may move or cancel it alone"`
	Private       bool     `yaml:"private_events" doc:"whether events in calendars are private"`
	CandidateZone bool     `yaml:"shown_in_candidate_zone" doc:"whether candidates see times in their own zone"`
	AdjustHours   int      `yaml:"adjustments_told_hours" doc:"hours before an interview at which interviewers learn of adjustments"`
	AdjustReason  bool     `yaml:"adjustments_with_reason" doc:"whether interviewers learn the reason of adjustments"`
	LoadWeeks     int      `yaml:"load_weeks" doc:"weeks back over which the load of an interviewer is counted" min:"1"`
	SlotMinutes   int      `yaml:"slot_minutes" doc:"interviews begin at multiples of this" min:"5" max:"60"`
	PerDay        int      `yaml:"most_per_day" doc:"interviews of one person on a day" min:"1"`
	PerWeek       int      `yaml:"most_per_week" doc:"interviews of one person in a week" min:"1"`
	BufferMinutes int      `yaml:"buffer_minutes" doc:"minutes between two interviews of one person"`
	LinkDays      int      `yaml:"link_days" doc:"days for which the link is good with which a candidate chooses a time" min:"1"`
	ReminderHours int      `yaml:"reminder_hours" doc:"hours before an interview at which everybody is reminded"`
	WorkingHours  bool     `yaml:"working_hours_only" doc:"whether interviews lie in the working hours of each interviewer"`
	States        []string `yaml:"states" doc:"what a booking can be"`
}

func (s Schedule) check(report reporter) {
	if s.SlotMinutes > 0 && 1440%s.SlotMinutes != 0 {
		report("slot_minutes", "is %d, which does not divide a day", s.SlotMinutes)
	}
	if s.PerDay > s.PerWeek {
		report("most_per_day", "is %d, more than the %d of a week", s.PerDay, s.PerWeek)
	}
}
