package policy

// Access says who may see what, and how long it is kept. Roles are those of
// package auth, and those that somebody has for one thing, such as
// manager_chain.
type Access struct {
	Data      AccessMatrix `yaml:"data" doc:"who may see which kind of data; what is not listed is open to everybody who signs in"`
	Redaction AccessRules  `yaml:"rules" doc:"further rules of privacy"`
	Retention Retention    `yaml:"retention" doc:"how long data of candidates are kept after the decision"`
	Impact    Impact       `yaml:"adverse_impact" doc:"reports of selection rates"`
}

// AccessMatrix lists who may see which kind of data.
type AccessMatrix struct {
	Candidates       []string `yaml:"candidate_profile" doc:"who may see the profile of a candidate" is:"role"`
	OthersScorecards []string `yaml:"others_scorecards" doc:"who may see scorecards of other interviewers" is:"role"`
	Pay              []string `yaml:"pay" doc:"who may see pay, band and private notes" is:"role"`
	Reviews          []string `yaml:"development_reviews" doc:"who may see reviews of development" is:"role"`
	Assessments      []string `yaml:"assessments" doc:"who may see nine-box, key talent and potential" is:"role"`
	GroupHealth      []string `yaml:"group_health" doc:"who may see the health of a group" is:"role"`
	Deals            []string `yaml:"acquisitions" doc:"who may see acquisitions" is:"role"`
	Customers        []string `yaml:"customers_and_opportunities" doc:"who may see customers and opportunities" is:"role"`
	Cases            []string `yaml:"underperformance" doc:"who may see cases of underperformance" is:"role"`
	LocationFactors  []string `yaml:"location_factors" doc:"who may see the location factor of a person" is:"role"`
	Scorecards       []string `yaml:"leader_scorecards" doc:"who may see the scorecard of a leader" is:"role"`
}

// AccessRules are further rules of privacy.
type AccessRules struct {
	OpenByDefault    bool `yaml:"open_by_default" doc:"whether what no rule closes is open to everybody who signs in"`
	EqualOpportunity bool `yaml:"equal_opportunity_data_apart" doc:"whether data on equal opportunity are kept apart from hiring"`
	ReadsNoted       bool `yaml:"private_reads_noted" doc:"whether each read of a private field is noted in the journal"`
	PerRequisition   bool `yaml:"hiring_by_requisition" doc:"whether a role in hiring is one for a requisition and not for all"`
}

// Retention says how long data of candidates are kept, counted from the
// decision.
type Retention struct {
	ByCountry        []CountryRetention `yaml:"by_country" doc:"weeks for which data of candidates are kept, by the country of the position"`
	DefaultWeeks     int                `yaml:"default_weeks" doc:"weeks for which data of candidates are kept where no country is listed" min:"1"`
	ConsentWeeks     int                `yaml:"consent_weeks" doc:"weeks for which they are kept with consent, where no country is listed" min:"1"`
	FloorMonthsUS    int                `yaml:"us_contractor_months" doc:"months for which a contractor of the United States must keep records"`
	FloorMonthsSmall int                `yaml:"us_small_contractor_months" doc:"months for which a small contractor of the United States must keep records"`
	SmallEmployees   int                `yaml:"us_small_below_employees" doc:"people below which a contractor is small"`
	SmallContract    int                `yaml:"us_small_below_dollars" doc:"contract below which a contractor is small, in dollars"`
	LegalHold        bool               `yaml:"legal_hold" doc:"whether a legal hold keeps data of candidates beyond their time"`
	ClockFrom        string             `yaml:"clock_from" doc:"when the time for which data of candidates are kept begins" one_of:"decision,application"`
}

// A CountryRetention is how long data are kept in a country.
type CountryRetention struct {
	Country      string `yaml:"country" doc:"ISO code of the country"`
	Weeks        int    `yaml:"weeks" doc:"weeks without consent" min:"1"`
	ConsentWeeks int    `yaml:"consent_weeks" doc:"weeks with consent" min:"1"`
}

// Impact says how selection rates are reported.
type Impact struct {
	LeaveOutPercent int  `yaml:"may_leave_out_below_percent" doc:"part of people below which a category may be left out" max:"100"`
	NoticeDays      int  `yaml:"automated_tool_notice_business_days" doc:"business days of notice before an automated tool decides"`
	AuditMonths     int  `yaml:"automated_tool_audit_months" doc:"months for which an audit of such a tool is good"`
	RankCandidates  bool `yaml:"may_rank_candidates" doc:"whether the program may order candidates by a score of its own"`
	AggregateOnly   bool `yaml:"aggregate_only" doc:"whether only sums of selection rates are kept"`
}
