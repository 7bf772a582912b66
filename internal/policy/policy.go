// Package policy holds what an organisation has decided and a program must not
// invent: the grade scale, how many indicators a family should have, which
// words a vacancy may use, how long a first call is.
//
// A Pack is versioned data (YAML in policy/), and every value in it names its
// source. Code reads thresholds from a pack; a literal threshold in a rule is
// a mistake. A pack may extend a shipped one and say only what differs.
package policy

import "sync"

// A Pack is one version of an organisation's decisions. It is immutable once
// it has been read.
type Pack struct {
	Version string `yaml:"version"` // for example "2022-09"
	Title   string `yaml:"title"`
	// Extends names the shipped pack whose values stand where this one is
	// silent.
	Extends string `yaml:"extends"`

	Grades     GradeScale     `yaml:"grades"`
	Indicators Range          `yaml:"indicators"` // performance indicators of one owner
	Span       Range          `yaml:"span"`       // direct reports of any manager
	Categories Range          `yaml:"categories"` // marketing categories of a stage
	Screening  Range          `yaml:"screening"`  // minutes of the screening call
	Entry      Entry          `yaml:"entry_grades"`
	Market     MarketExamples `yaml:"market_examples"`
	Segments   Segments       `yaml:"segments"`
	Wording    Wording        `yaml:"wording"`
	Hiring     Hiring         `yaml:"hiring"`
	// Stated is what the pack of an organisation says of the rooms; see Rooms.
	Stated RoomText `yaml:"rooms"`

	rooms     func() *roomSet
	described func() *index
	titles    func() []rankedTitle
	ranks     func() map[string]bool
	matcher   func() *Matcher
}

// A Range is a pair of limits, both included; nil is no limit.
type Range struct {
	Min    *int   `yaml:"min"`
	Max    *int   `yaml:"max"`
	Source string `yaml:"source"`
}

// Holds reports whether n lies in the range.
func (r Range) Holds(n int) bool {
	return (r.Min == nil || n >= *r.Min) && (r.Max == nil || n <= *r.Max)
}

// A GradeScale lists the grades that may be published, lowest first.
type GradeScale struct {
	Source string  `yaml:"source"`
	Scale  []Grade `yaml:"scale"`
}

// A Grade is one step of the scale: a decimal, and the words by which titles
// that usually hold it begin, on the two tracks.
type Grade struct {
	Value      string   `yaml:"value"`
	Management []string `yaml:"management"`
	Individual []string `yaml:"individual"`
}

// Has reports whether value is a grade of the scale.
func (s GradeScale) Has(value string) bool {
	for _, g := range s.Scale {
		if g.Value == value {
			return true
		}
	}
	return false
}

// Entry says up to which grade no prior experience may be asked for.
type Entry struct {
	Max    string `yaml:"max"`
	Source string `yaml:"source"`
}

// MarketExamples says from which grade on a level of the individual track
// needs examples from the market, and by which words a page shows them.
type MarketExamples struct {
	From   string   `yaml:"from_grade"`
	Words  []string `yaml:"words"`
	Source string   `yaml:"source"`
}

// Segments says in which departments a family may be cut by market segment. A
// department is a folder of the path of a page.
type Segments struct {
	Departments []string `yaml:"departments"`
	Source      string   `yaml:"source"`
}

// Wording lists phrases that do not belong on a job-family page, or that tell
// a rule what a sentence asks for. A phrase is matched as whole words, ignoring
// case and the kind of apostrophe; one that ends with * matches every word
// that begins so.
type Wording struct {
	Vacancy           Phrases `yaml:"vacancy"`       // tone of a vacancy: "you will"
	SecondPerson      Phrases `yaml:"second_person"` // addresses the reader
	Vague             Phrases `yaml:"vague"`         // "etc."
	Locations         Phrases `yaml:"locations"`     // regions that must not be required
	Residence         Phrases `yaml:"residence"`     // words that require a place: "based in"
	Progress          Phrases `yaml:"progressive_experience"`
	PriorExperience   Phrases `yaml:"prior_experience"`
	NotRequired       Phrases `yaml:"not_required"`       // words that make a requirement a wish
	CompanyIndicators Phrases `yaml:"company_indicators"` // indicators that nobody on the page owns
	TimeBoxed         Phrases `yaml:"time_boxed"`         // indicators that belong to one period
	Elsewhere         Phrases `yaml:"elsewhere"`          // words that send the reader to another page
	Retired           Phrases `yaml:"retired"`            // words that say that a level is no longer in use
	Gendered          Phrases `yaml:"gendered"`           // gendered pronouns and titles
	Masculine         Phrases `yaml:"masculine"`          // stems, for balance only
	Feminine          Phrases `yaml:"feminine"`
	LinkText          Phrases `yaml:"link_text"` // link texts that say nothing: "here"
}

// Phrases is a list of words with where it comes from.
type Phrases struct {
	Source string   `yaml:"source"`
	Words  []string `yaml:"words"`
}

// Hiring holds what a published process must contain.
type Hiring struct {
	Source string   `yaml:"source"`
	Steps  []string `yaml:"required_steps"` // kinds of family.StepKind
	// Partner names who must interview from the grade on.
	Partner Partner `yaml:"people_partner"`
}

// A Partner is a role that must meet candidates from a grade on; Others are
// further names of that role.
type Partner struct {
	Title  string   `yaml:"title"`
	Others []string `yaml:"others"`
	From   string   `yaml:"from_grade"`
	Source string   `yaml:"source"`
}

// seal prepares what is computed from a pack that is complete.
func (p *Pack) seal() *Pack {
	p.described = sync.OnceValue(p.describe)
	p.titles = sync.OnceValue(p.rankTitles)
	p.ranks = sync.OnceValue(p.rankWords)
	p.matcher = sync.OnceValue(p.compile)
	return p
}
