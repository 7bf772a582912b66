package policy

// Org is what holds of people, positions and the product hierarchy.
type Org struct {
	Layers       OrgLayers       `yaml:"layers" doc:"layers of management and the groups that follow from them"`
	Spans        OrgSpans        `yaml:"spans" doc:"how many people somebody manages"`
	Management   OrgManagement   `yaml:"management" doc:"what is expected of every manager"`
	Hierarchy    OrgHierarchy    `yaml:"hierarchy" doc:"sections, stages, groups and categories"`
	Changes      HierarchyChange `yaml:"hierarchy_changes" doc:"who decides on changes of the hierarchy"`
	Scopes       OrgScopes       `yaml:"scopes" doc:"which part of the hierarchy a level may answer for"`
	Leadership   OrgLeadership   `yaml:"product_leadership" doc:"the leadership team of product, and what rotates in it"`
	DRIs         OrgDRIs         `yaml:"dris" doc:"who is directly responsible"`
	Counterparts OrgCounterparts `yaml:"counterparts" doc:"stable counterparts of a group"`
	UseCases     OrgUseCases     `yaml:"use_cases" doc:"solutions and capabilities"`
	Vacancies    OrgVacancies    `yaml:"vacancies" doc:"interim, acting and vacant positions"`
	GroupHealth  OrgGroupHealth  `yaml:"group_health" doc:"assessments that a group makes of itself"`
	Imports      OrgImports      `yaml:"imports" doc:"when an import is refused"`
	Scaling      OrgScaling      `yaml:"scaling" doc:"scenarios of growth"`
	Chart        OrgChart        `yaml:"chart" doc:"who sees the chart"`
}

// OrgChart says who sees the chart of the organisation.
type OrgChart struct {
	Public bool `yaml:"public" doc:"whether visitors who did not sign in see names and titles, as a tree at /chart"`
}

// A Layer is a layer of management, 1 being the highest.
type Layer struct {
	Rank  int    `yaml:"rank" doc:"1 is the highest" min:"1"`
	Key   string `yaml:"key" doc:"the word by which rules name it"`
	Name  string `yaml:"name" doc:"as it is shown"`
	Scope string `yaml:"scope" doc:"what it covers"`
	Role  string `yaml:"role" doc:"what it does with a change"`
	From  string `yaml:"from_grade" doc:"least grade of the management track in it" is:"grade"`
}

// OrgLayers are the layers of management.
type OrgLayers struct {
	List      []Layer      `yaml:"list" doc:"the layers, from the highest"`
	Most      int          `yaml:"most" doc:"most layers that the organisation may have" min:"1"`
	MaySkip   bool         `yaml:"may_skip" doc:"whether a reporting line may leave layers out"`
	SameLayer bool         `yaml:"report_to_same_layer" doc:"whether somebody may report to their own layer"`
	Groups    []LayerGroup `yaml:"groups" doc:"groups of leaders that follow from the layer, never typed in"`
	Skips     string       `yaml:"ceo_skips" doc:"group whose direct reports are the skips of the chief executive"`
}

// A LayerGroup is a group of leaders, by their layers.
type LayerGroup struct {
	Key     string `yaml:"key" doc:"the word by which rules name it"`
	Name    string `yaml:"name" doc:"as it is shown"`
	Lowest  string `yaml:"lowest_layer" doc:"key of the lowest layer in it"`
	Highest string `yaml:"highest_layer" doc:"key of the highest layer in it"`
}

func (l OrgLayers) check(report reporter) {
	known := map[string]int{}
	for i, layer := range l.List {
		if i > 0 && l.List[i-1].Rank >= layer.Rank {
			report("list", "must ascend in rank, but %s stands behind %s", layer.Key, l.List[i-1].Key)
		}
		known[layer.Key] = layer.Rank
	}
	for _, g := range l.Groups {
		low, ok := known[g.Lowest]
		high, okHigh := known[g.Highest]
		if !ok || !okHigh || high > low {
			report("groups", "%s must name two layers of the list, the highest not below the lowest", g.Key)
		}
	}
}

// OrgSpans says how many people somebody manages. The band of the whole
// company is the pack's Span.
type OrgSpans struct {
	Aim                 int    `yaml:"aim" doc:"direct reports to aim for; the band itself is span.min and span.max" min:"1"`
	MonthsAhead         int    `yaml:"sized_months_ahead" doc:"months ahead for which a team is sized"`
	OutsideCompany      string `yaml:"outside_company_band" doc:"how it is told that a span leaves the band of the company" one_of:"note,attention,problem"`
	OutsideRole         string `yaml:"outside_role_band" doc:"how it is told that a span leaves the band of the role" one_of:"note,attention,problem"`
	CountVacant         string `yaml:"planned_vacancies" doc:"how planned vacancies count" one_of:"apart,together,not"`
	Managers            int    `yaml:"managers" doc:"how many managers a person has" min:"1" max:"1"`
	GroupManager        Band   `yaml:"group_manager" doc:"typical direct reports of a group manager, where a page says nothing"`
	Director            Band   `yaml:"director" doc:"typical direct reports of a director, where a page says nothing"`
	SeniorDirector      Band   `yaml:"senior_director" doc:"typical direct reports of a senior director, where a page says nothing"`
	VicePresident       Band   `yaml:"vice_president" doc:"typical direct reports of a vice president, where a page says nothing"`
	VPTotal             int    `yaml:"vice_president_total_at_least" doc:"product managers in the whole organisation of a vice president"`
	SeniorDirectorTotal int    `yaml:"senior_director_total_at_least" doc:"people in the team that a senior director has led"`
}

// OrgManagement is what is expected of every manager.
type OrgManagement struct {
	OneOnOneDays  int    `yaml:"one_on_one_days" doc:"days between talks with each direct report" min:"1"`
	PraisePerHint int    `yaml:"praise_per_suggestion" doc:"praises for each suggestion, about" min:"1"`
	PayTalk       string `yaml:"pay_and_promotion_talk" doc:"from when raises and promotions are spoken of" one_of:"idea,approved,effective"`
	OKRPercent    int    `yaml:"okr_achieved_percent" doc:"part of an ambitious objective that is expected to be reached" max:"100"`
}

// OrgHierarchy says what the product hierarchy looks like. How many marketing
// categories a stage may have is the pack's Categories.
type OrgHierarchy struct {
	Loop              []string `yaml:"loop_stages" doc:"stages of the loop, in their order"`
	Overarching       []string `yaml:"value_stages" doc:"stages that span the loop"`
	GroupRoles        []string `yaml:"roles_of_group" doc:"roles that a group normally has one of each"`
	Lifecycle         Band     `yaml:"lifecycle" doc:"numbers of the lifecycle of a stage"`
	Score             Band     `yaml:"driver_score" doc:"scores of a driver of investment"`
	DirectionRequired bool     `yaml:"category_needs_direction" doc:"whether each category needs a page of direction"`
	UniqueGroupNames  bool     `yaml:"partial_group_needs_own_name" doc:"whether a group with some, not all categories of its stage needs a name of its own"`
	Reference         string   `yaml:"reference_form" doc:"how a group is written" one_of:"stage:group,group"`
	OpenHolders       []string `yaml:"open_holder_words" doc:"words in place of a name that say that nobody holds it"`
	ActingWord        string   `yaml:"acting_word" doc:"word behind a name that says that the holder is acting"`
	Renamed           []Rename `yaml:"renamed" doc:"former names of parts of the hierarchy"`
}

// A Rename is a former name of a part of the hierarchy.
type Rename struct {
	From string `yaml:"from" doc:"the former name"`
	To   string `yaml:"to" doc:"the name now"`
}

// HierarchyChange says who decides on a change of the hierarchy.
type HierarchyChange struct {
	Structure         []string `yaml:"structure_approvers" doc:"who must all approve a new, removed or renamed section, stage, group or category" is:"role"`
	StructureInformed []string `yaml:"structure_informed" doc:"who is told of a change of the structure" is:"role"`
	Details           []string `yaml:"details_approvers" doc:"who approves dates of maturity, lists of members and visions of categories" is:"role"`
	Downgrade         []string `yaml:"downgrade_reviewers" doc:"who reviews that a category becomes less mature" is:"role"`
	DowngradeChannels int      `yaml:"downgrade_channels" doc:"channels in which a downgrade is announced before it is merged"`
	NewCategoryCanvas bool     `yaml:"new_category_needs_canvas" doc:"whether a new category needs a reviewed opportunity canvas"`
}

// OrgScopes says for which part of the hierarchy a level may answer.
type OrgScopes struct {
	Individual   []string `yaml:"individual" doc:"what an individual contributor may answer for" one_of:"group,groups,stage,stages,section,sections,all_sections,function"`
	Manager      []string `yaml:"manager" doc:"what a group manager or director may answer for" one_of:"group,groups,stage,stages,section,sections,all_sections,function"`
	Director     []string `yaml:"director" doc:"what a director or senior director may answer for" one_of:"group,groups,stage,stages,section,sections,all_sections,function"`
	SeniorLeader []string `yaml:"senior_leader" doc:"what a vice president may answer for" one_of:"group,groups,stage,stages,section,sections,all_sections,function"`
	Executive    []string `yaml:"executive" doc:"what an executive may answer for" one_of:"group,groups,stage,stages,section,sections,all_sections,function"`
	NodeOwners   int      `yaml:"product_dris_per_node" doc:"product managers who answer for a section, stage or group" min:"1"`
}

// OrgLeadership is the leadership team of product and its rotations.
type OrgLeadership struct {
	ReportsOf               []string `yaml:"reports_of" doc:"whose direct reports belong to the leadership team of product" is:"role"`
	FromGrade               string   `yaml:"from_grade" doc:"grade from which everybody in product belongs to it" is:"grade"`
	LeadersFromLayer        string   `yaml:"leaders_from_layer" doc:"layer from which somebody counts as a leader"`
	HostMonths              int      `yaml:"host_rotation_months" doc:"months after which another one hosts the group conversation" min:"1"`
	PairingQuarters         int      `yaml:"pairing_quarters" doc:"quarters for which a leader studies the indicators of another section" min:"1"`
	PairingOwnSection       bool     `yaml:"pairing_may_be_own_section" doc:"whether a leader may be paired with their own section"`
	DirectionReviewQuarters int      `yaml:"direction_review_quarters" doc:"quarters between reviews that leaders make of each other's directions" min:"1"`
}

// OrgDRIs says who is directly responsible.
type OrgDRIs struct {
	PerSubject  int       `yaml:"per_subject" doc:"people who are directly responsible for a subject and kind at a time" min:"1" max:"1"`
	MayShare    bool      `yaml:"may_share" doc:"whether a direct responsibility may be shared"`
	MayDelegate bool      `yaml:"may_delegate" doc:"whether who is directly responsible may delegate work"`
	Kinds       []DRIKind `yaml:"kinds" doc:"which role answers for what in a group"`
	Handover    []string  `yaml:"handover" doc:"steps of the handover of a responsibility"`
}

// A DRIKind is what a role of a group answers for.
type DRIKind struct {
	Kind string `yaml:"kind" doc:"what is answered for"`
	Role string `yaml:"role" doc:"who answers" is:"role"`
}

// OrgCounterparts says who stands beside a group.
type OrgCounterparts struct {
	Primary       []string `yaml:"primary" doc:"functions of the primary set of counterparts"`
	Complete      []string `yaml:"further" doc:"functions that the complete set of counterparts adds"`
	PrimaryWeight int      `yaml:"primary_weight" doc:"how often a primary counterpart counts in the degree of completeness" min:"1"`
	StretchNodes  int      `yaml:"stretch_nodes" doc:"nodes from which one person is marked as stretched" min:"2"`
	ActingIsGap   bool     `yaml:"acting_is_gap" doc:"whether an acting counterpart counts as a gap"`
}

// OrgUseCases says what solutions and capabilities consist of.
type OrgUseCases struct {
	Solutions    []string `yaml:"solutions" doc:"the core solutions among use cases"`
	Capabilities []string `yaml:"capabilities" doc:"the capabilities among use cases"`
	Requirements Band     `yaml:"market_requirements" doc:"market requirements of a solution"`
	DRIs         []string `yaml:"dri_roles" doc:"roles of a use case that must all be filled" is:"role"`
	Drivers      []string `yaml:"value_drivers" doc:"value drivers of use cases"`
	Kinds        []string `yaml:"kinds" doc:"kinds of use cases"`
}

// OrgVacancies says how positions without a usual holder are filled.
type OrgVacancies struct {
	Interim            InterimRole `yaml:"interim" doc:"a trial in a role through the hiring process"`
	ActingInterview    bool        `yaml:"acting_needs_interview" doc:"whether acting in a role needs an interview"`
	ActingMovesReports bool        `yaml:"acting_moves_reports" doc:"whether the reporting lines are changed for somebody who acts"`
	KeptDuties         []string    `yaml:"life_support_duties" doc:"duties of a product manager who covers another group"`
	DroppedDuties      []string    `yaml:"life_support_dropped" doc:"duties that rest while a product manager covers another group"`
	Statuses           []string    `yaml:"statuses" doc:"what a position can be"`
}

// An InterimRole is a role on trial.
type InterimRole struct {
	LeastDays    int `yaml:"least_days" doc:"days that an interim role lasts at least"`
	MostMonths   int `yaml:"most_months" doc:"months that an interim role lasts at most" min:"1"`
	BonusPercent int `yaml:"bonus_percent" doc:"bonus of an interim role, as a part of the salary for its days" max:"100"`
	YearDays     int `yaml:"year_days" doc:"days by which a yearly salary is divided for that bonus" min:"360" max:"366"`
}

// OrgGroupHealth says who sees what a group thinks of itself.
type OrgGroupHealth struct {
	VisibleTo []string `yaml:"visible_to" doc:"who may see the health of a group" is:"role"`
	Compare   bool     `yaml:"may_compare_groups" doc:"whether groups may be compared by their health"`
}

// OrgImports says when an import is refused.
type OrgImports struct {
	RemovalPercent int `yaml:"most_removals_percent" doc:"part of all people that an import may remove without a further yes" max:"100"`
	RemovalCount   int `yaml:"most_removals" doc:"people that an import may always remove"`
}

// OrgScaling says how scenarios of growth look.
type OrgScaling struct {
	Months int `yaml:"months_ahead" doc:"months that a scenario of growth shows" min:"1"`
}
