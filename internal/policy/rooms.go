package policy

// Rooms are the decisions that the rooms of the server live by: clocks, votes,
// approval chains, bands, calendars. The compiler needs none of them, so they
// stand in files of their own (policy/2022-09/hiring.yaml) that only Pack.Rooms
// reads; a pack of an organisation states what differs under the key "rooms".
//
// A field of a plain kind or a list is a value: one that has a source, that can
// be shown, and that an organisation may override. Its unit is in its name, its
// meaning in the tag doc, its limits in the tags min, max and one_of.
type Rooms struct {
	Company    Company    `yaml:"company" doc:"what holds in every room"`
	Catalog    Catalog    `yaml:"catalog" doc:"job families, levels and grades"`
	Org        Org        `yaml:"org" doc:"people, positions and the product hierarchy"`
	Hiring     HiringRoom `yaml:"hiring" doc:"from an approved opening to the first day"`
	Schedule   Schedule   `yaml:"schedule" doc:"times of interviews"`
	Growth     Growth     `yaml:"growth" doc:"development, promotion and assessment of people"`
	Direction  Direction  `yaml:"direction" doc:"vision, investment and delivery"`
	Indicators Indicators `yaml:"indicators" doc:"performance indicators and scorecards"`
	Access     Access     `yaml:"access" doc:"who may see what, and how long it is kept"`
}

// A Band is a pair of limits, both included.
type Band struct {
	Min int `yaml:"min" doc:"at least"`
	Max int `yaml:"max" doc:"at most"`
}

// Holds reports whether n lies in the band.
func (b Band) Holds(n int) bool { return b.Min <= n && n <= b.Max }

func (b Band) check(report reporter) {
	if b.Min > b.Max {
		report("min", "is %d, more than the maximum of %d", b.Min, b.Max)
	}
}

// Company is what holds in every room.
type Company struct {
	Fiscal   FiscalYear `yaml:"fiscal_year" doc:"the fiscal year"`
	Week     WorkWeek   `yaml:"work_week" doc:"business days and usual hours"`
	Values   []ValueTag `yaml:"values" doc:"the values by which people and candidates are rated, with the letter that tags a topic"`
	Horizons Horizons   `yaml:"horizons" doc:"how far plans look"`
}

// A FiscalYear says when the year and its quarters begin.
type FiscalYear struct {
	StartMonth    int    `yaml:"start_month" doc:"month in which the fiscal year begins" min:"1" max:"12"`
	StartDay      int    `yaml:"start_day" doc:"day of that month on which the fiscal year begins" min:"1" max:"28"`
	QuarterMonths []int  `yaml:"quarter_months" doc:"months in which a quarter begins, in their order" min:"1" max:"12"`
	NamedAfter    string `yaml:"named_after" doc:"which calendar year names the fiscal year: FY23 ends in 2023" one_of:"start,end"`
}

func (f FiscalYear) check(report reporter) {
	if len(f.QuarterMonths) != 4 {
		report("quarter_months", "must name four months, not %d", len(f.QuarterMonths))
	} else if f.QuarterMonths[0] != f.StartMonth {
		report("quarter_months", "must begin with the month in which the year begins")
	}
}

// WorkWeek is the week that business days are counted by.
type WorkWeek struct {
	Days []string `yaml:"business_days" doc:"days of the week that count as business days" one_of:"mon,tue,wed,thu,fri,sat,sun"`
	From string   `yaml:"from" doc:"usual start of work, local time, for people who have set none" is:"time"`
	To   string   `yaml:"to" doc:"usual end of work, local time" is:"time"`
}

func (w WorkWeek) check(report reporter) {
	if w.From >= w.To {
		report("from", "is %s, which is not before %s", w.From, w.To)
	}
}

// A ValueTag is a value of the company and its letter.
type ValueTag struct {
	Letter string `yaml:"letter" doc:"the letter"`
	Name   string `yaml:"name" doc:"the name"`
}

// Horizons say how far plans look.
type Horizons struct {
	MissionYears  int      `yaml:"mission_years" doc:"years that the mission looks ahead"`
	VisionYears   int      `yaml:"vision_years" doc:"years that the vision looks ahead"`
	StrategyYears int      `yaml:"strategy_years" doc:"years that the strategy looks ahead"`
	Ratio         int      `yaml:"ratio" doc:"how many of the next shorter horizon make one, about" min:"1"`
	PlanningMonth int      `yaml:"annual_planning_month" doc:"month in which planning of the next year begins" min:"1" max:"12"`
	Levels        []string `yaml:"levels" doc:"horizons from the longest to the shortest"`
}

// Catalog is what holds of job families, levels and grades.
type Catalog struct {
	Pages   CatalogPages  `yaml:"pages" doc:"how pages of families are made"`
	Changes []Approval    `yaml:"change_approvals" doc:"who approves a change of a family, in this order"`
	Grades  CatalogGrades `yaml:"grades" doc:"grades and their history"`
	Duties  CatalogDuties `yaml:"duties" doc:"which duties a person has"`
	Ladder  CatalogLadder `yaml:"ladder" doc:"steps between levels"`
}

// An Approval is a step of a chain: who approves, and what they look at.
type Approval struct {
	Role string   `yaml:"role" doc:"who approves" is:"role"`
	For  []string `yaml:"checks" doc:"what they look at"`
}

// CatalogPages says how pages of families are made.
type CatalogPages struct {
	TitlesForSecondTemplate int      `yaml:"titles_for_second_template" doc:"from how many titles on a family uses the template for many titles" min:"1"`
	Parts                   []string `yaml:"parts_of_level" doc:"what each level must have"`
	Optional                []string `yaml:"optional_parts" doc:"what a level may have"`
	InLayout                []string `yaml:"parts_of_layout" doc:"sections that the layout fills, so that a page leaves them out"`
}

// CatalogGrades is the history of the scale of grades, and the groups that
// other rules name.
type CatalogGrades struct {
	Tables         []GradeTable `yaml:"tables" doc:"the scales of grades, each with the day from which it is known to hold"`
	Regrade        []Regrade    `yaml:"regrades" doc:"levels whose grade changed while the level stayed the same"`
	Leaders        string       `yaml:"leadership_from_grade" doc:"grade from which somebody counts among the leadership in indicators" is:"grade"`
	Managers       string       `yaml:"people_manager_from_grade" doc:"grade from which somebody with a report counts as a manager of people in indicators" is:"grade"`
	ManagerReports int          `yaml:"people_manager_min_reports" doc:"reports that a manager of people has at least, in indicators" min:"1"`
	MostDecimals   int          `yaml:"most_decimals" doc:"digits that a grade may have behind the point" max:"2"`
}

func (g CatalogGrades) check(report reporter) {
	for i, t := range g.Tables {
		if i > 0 && g.Tables[i-1].Since >= t.Since {
			report("tables", "must stand in the order of their days; %s stands behind %s", t.Since, g.Tables[i-1].Since)
		}
	}
}

// A GradeTable is a scale from a day on.
type GradeTable struct {
	Since string  `yaml:"since" doc:"day from which the table holds" is:"date"`
	Scale []Grade `yaml:"scale" doc:"the grades"`
}

// GradesOn returns the scale that held on a day (in the form 2022-09-02); the
// oldest known one for a day before it.
func (g CatalogGrades) GradesOn(day string) []Grade {
	var scale []Grade
	for i, t := range g.Tables {
		if i == 0 || t.Since <= day {
			scale = t.Scale
		}
	}
	return scale
}

// A Regrade is a level whose grade changed on a day.
type Regrade struct {
	Level string `yaml:"level" doc:"title of the level"`
	From  string `yaml:"from" doc:"its former grade" is:"grade"`
	To    string `yaml:"to" doc:"its grade from the day on" is:"grade"`
	Since string `yaml:"since" doc:"the day" is:"date"`
}

// CatalogDuties says which duties a person has by their level.
type CatalogDuties struct {
	ICBelowReports int  `yaml:"ic_duties_below_reports" doc:"a manager with fewer direct reports keeps the duties of an individual contributor"`
	ICFirstTime    bool `yaml:"ic_duties_first_time_manager" doc:"somebody who manages for the first time keeps them too"`
	InheritIC      bool `yaml:"higher_levels_inherit_ic" doc:"a level that inherits duties also inherits those of an individual contributor"`
}

// CatalogLadder says what a step between levels is.
type CatalogLadder struct {
	UpInFamily      string `yaml:"up_in_family" doc:"what a step up inside a family is called" one_of:"promotion,transfer,neither"`
	OtherFamily     string `yaml:"other_family" doc:"what a step to another family is called" one_of:"promotion,transfer,neither"`
	OtherSpecialty  string `yaml:"other_specialty" doc:"what a change of specialty is called" one_of:"promotion,transfer,neither"`
	Circles         bool   `yaml:"circles" doc:"whether a ladder may lead back to where it began"`
	TracksMeetEqual bool   `yaml:"tracks_meet_at_equal_grades" doc:"whether the tracks of managers and individual contributors meet at equal grades"`
}
