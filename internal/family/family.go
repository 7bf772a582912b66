// Package family is the typed model of a job-family page: what the page says
// about levels, grades, reporting lines, spans of control, duties, ladders,
// specialties, hiring and performance indicators.
//
// The model is made by compile/resolve and read by everything else. It holds
// no Markdown; each value carries the span of the text that states it. Values
// that a page does not state are empty, never guessed: a level without a grade
// has no grades. Text that could not be typed stays in Sections.
//
// The words are the field's: a family holds levels; a level has grades, a
// reporting line, a span of control, responsibilities and requirements; a
// process holds the steps of hiring.
package family

import (
	"fmt"
	"strconv"

	"github.com/cadre-hq/cadre/internal/source"
)

// A Family is one page.
type Family struct {
	Path  string
	Title string // front matter title; the first heading if there is none
	// TitleSpan is where the title stands.
	TitleSpan   source.Span
	Description string
	FrontMatter []Field
	Overview    []Text // paragraphs before the first section

	Levels []*Level

	// Page-wide lists; a level's own lists are in the level.
	Responsibilities Duties
	Requirements     Duties
	Indicators       Duties
	Cadences         []Cadence
	Ladder           Ladder

	Specialties []*Specialty
	Segments    []*Specialty
	Hiring      []*Process

	Sections []*Section // every section of the page in order, typed or not
	Links    []Link     // every link of the page in order
	Anchors  []Anchor   // every place that a link can aim at
}

// A Field is a key of the front matter.
type Field struct {
	Key   string
	Value string // scalar values as written; empty for lists and maps
	Span  source.Span
}

// A Text is a piece of rendered text: links replaced by their text, emphasis
// removed, white space folded, no trailing period.
type Text struct {
	Text string
	Span source.Span
}

// A Level is a rung of the family: a heading that names a job level or a role
// with duties of its own. If the page itself is the one role, the level has
// the page's title and stands on line 1.
type Level struct {
	Title string
	Line  int         // of the heading
	Span  source.Span // of the heading's text; the front matter title if the page is the role
	Slug  string      // anchor of the heading; empty if the page is the role
	Intro []Text      // paragraphs below the heading

	Grades []Grade
	// Unaligned is set where the page says that the level has no job grade.
	Unaligned bool

	ReportsTo     []Reference
	ReportsToMode Mode
	// Reporting is the sentence that states the reporting line.
	Reporting Text
	// Manages is the span of control; nil if the page states none.
	Manages *Manages
	// Spans are all statements about the span of control, the first of them
	// being Manages; further ones may contradict it.
	Spans []*Manages

	Responsibilities Duties
	Requirements     Duties
	Indicators       Duties
	Cadences         []Cadence
	Conditions       []Condition
	Ladder           Ladder
	Extends          []Extension

	Track Track
}

// A Track is one of the two ladders on which levels climb.
type Track string

// The tracks; the zero value is a level of which the page does not tell.
const (
	Individual Track = "ic"
	Management Track = "manager"
)

// A Grade is one job grade that a level may have, a decimal such as "9.5".
type Grade struct {
	Value string
	Span  source.Span
	// Subject is the role that the grade sentence names; it should be the
	// level's title. Empty where the sentence names none.
	Subject string
}

// A Mode says whether one or all of several people are meant.
type Mode string

// The modes.
const (
	Any Mode = "any"
	All Mode = "all"
)

// A Reference names a role as the page writes it, with what the resolver made
// of the name.
type Reference struct {
	Title  string
	Span   source.Span
	Target string // link target; empty for plain text
	// Level is the title of the level of this page that is meant, if any, and
	// Why says how it was found: "anchor", "title", "alias", "word order" …
	Level string
	Why   string
}

// Manages is a span of control: how many people or teams the level manages.
type Manages struct {
	Min, Max *int
	Of       []string // whom, as written
	Scope    Scope
	Modality Modality
	Span     source.Span
}

// A Scope says whether a span counts direct reports or the whole organisation
// below.
type Scope string

// The scopes.
const (
	Direct Scope = "direct"
	Total  Scope = "total"
)

// A Modality says how binding a number is.
type Modality string

// The modalities.
const (
	Typical Modality = "typical"
	AtLeast Modality = "at_least"
	AtMost  Modality = "at_most"
	Exact   Modality = "exact"
)

// Duties is a list of responsibilities, requirements or indicators: the items
// of all sections of that kind with one owner.
type Duties struct {
	Items    []*Item
	Prose    []Text        // paragraphs of the sections; a list may be absent
	Sections []source.Span // headings of the sections
}

// Count returns the number of items at any depth.
func (d *Duties) Count() int { return len(d.Items) }

// Stated reports whether the page has a section of this kind, empty or not.
func (d *Duties) Stated() bool { return len(d.Sections) > 0 }

// An Item is one list item.
type Item struct {
	ID    string // stable: owner, kind and text decide it
	Text  string
	Span  source.Span
	Line  int
	Depth int    // 0 for an item of the outer list
	Group string // bold pseudo heading above the item, if any
	// Individual is set where the page itself marks the duty as one of an
	// individual contributor.
	Individual bool
	Links      []int // indexes into Family.Links
}

// An Extension says that a level has what another one has.
type Extension struct {
	Reference
	What string // "responsibilities", "requirements" or "" for both
	// NonIC is set for "all non-IC responsibilities of …".
	NonIC bool
}

// A Condition is a rule about duties that depends on facts of the person, for
// example "fewer than 4 direct reports or first-time manager keeps
// individual-contributor duties".
type Condition struct {
	Text        Text
	FewerThan   int  // direct reports; 0 if not stated
	FirstTime   bool // first-time manager
	KeepsICDuty bool
}

// A Ladder is what comes next.
type Ladder struct {
	Next     []Reference
	Stated   bool // a section exists, even if it says "not yet defined"
	Sections []source.Span
	Prose    []Text
	Edges    []Edge // of a mermaid diagram
}

// An Edge leads from one rung to the next.
type Edge struct {
	From, To string
	Span     source.Span
}

// A Specialty is a branch of the family or of one level: a product area, a
// region, a craft.
type Specialty struct {
	Title  string
	Line   int
	Span   source.Span
	Slug   string
	Level  string // title of the level it belongs to; empty if the family's
	Parent string // title of the enclosing specialty

	Intro            []Text
	Responsibilities Duties
	Requirements     Duties
	Other            []Text // content of untyped parts
	ReportsTo        []Reference
	ReportsToMode    Mode
	Reporting        Text
	Scope            []Link // what it covers, as linked
	// Group is set for a heading that only holds other specialties.
	Group bool
}

// A Process is one published hiring process.
type Process struct {
	Level string // title of the level; empty if the family's
	Title string // heading as written
	Line  int
	Span  source.Span
	Steps []*Step
	Prose []Text // framing text
}

// A StepKind says what happens to the candidate.
type StepKind string

// The kinds of step.
const (
	Apply        StepKind = "apply"
	Screening    StepKind = "screening"
	Interview    StepKind = "interview"
	Assessment   StepKind = "assessment"
	Presentation StepKind = "presentation"
	References   StepKind = "references"
	Offer        StepKind = "offer"
	OtherStep    StepKind = "other"
)

// A Step is one thing that happens to a candidate.
type Step struct {
	ID           string
	Line         int
	Span         source.Span
	Text         string
	Kind         StepKind
	Minutes      *Minutes // nil if not stated
	Interviewers []Reference
	Mode         Mode
	Panel        bool
	Optional     bool
	Count        int
	Group        string // "For Managers", "Round 1", a region
	Ordinal      int    // "second interview"; 0 if not stated
	Links        []int
}

// Minutes is a duration; Min equals Max where one figure is stated.
type Minutes struct{ Min, Max int }

// String returns "30" or "45-60".
func (m Minutes) String() string {
	if m.Min == m.Max {
		return strconv.Itoa(m.Min)
	}
	return fmt.Sprintf("%d-%d", m.Min, m.Max)
}

// A Cadence is a performance indicator that is met by delivering something
// regularly: "1 per quarter A OR B".
type Cadence struct {
	Count  int
	Period string // "week", "month", "quarter", "year"
	Any    []Text // alternatives; one suffices
	Span   source.Span
}

// A Section is a heading with what stands below it, whatever it means.
type Section struct {
	Kind   Kind
	Title  string // rendered heading; empty for the text before the first one
	Slug   string
	Depth  int // of the heading; 7 for a bold line that acts as one
	Line   int
	Span   source.Span // of the heading's text
	Body   source.Span // everything up to the next heading
	Parent int         // index of the enclosing section by depth; -1 for none
	Level  string      // owner, if a level
	// Prefix is the part of the heading before the kind: "Senior X" of
	// "Senior X Responsibilities".
	Prefix string
	Pseudo bool   // a bold line
	Text   []Text // paragraphs and items
	Items  int    // number of list items
}

// A Kind says what a section is about.
type Kind string

// The kinds of section.
const (
	Unknown          Kind = ""
	OverviewKind     Kind = "overview"
	LevelsKind       Kind = "levels"
	LevelKind        Kind = "level"
	GradeKind        Kind = "grade"
	ResponsibleKind  Kind = "responsibilities"
	RequirementsKind Kind = "requirements"
	BothKind         Kind = "responsibilities and requirements"
	NiceKind         Kind = "nice to have"
	IndicatorsKind   Kind = "performance indicators"
	ActivitiesKind   Kind = "activities"
	HiringKind       Kind = "hiring process"
	LadderKind       Kind = "career ladder"
	SpecialtiesKind  Kind = "specialties"
	SpecialtyKind    Kind = "specialty"
	SegmentsKind     Kind = "segments"
	SegmentKind      Kind = "segment"
	ReferencesKind   Kind = "references"
	CompensationKind Kind = "compensation"
	AboutKind        Kind = "about"
	ContentsKind     Kind = "contents"
	GroupKind        Kind = "group"
)

// A Link is a link as written.
type Link struct {
	Text   string
	Target string      // destination, resolved if the link is by reference
	Span   source.Span // of the whole link
	// TargetSpan is the destination alone; empty where it cannot be told.
	TargetSpan source.Span
	Line       int
	Dynamic    bool // the target holds a template expression
}

// An Anchor is a place in the page that a link can aim at.
type Anchor struct {
	Name     string
	Span     source.Span
	Line     int
	Explicit bool // written by the author, not made from a heading
}

// Number returns a pointer to n, for the optional figures of a span.
func Number(n int) *int { return &n }

// Level returns the level with this title, or nil.
func (f *Family) Level(title string) *Level {
	for _, l := range f.Levels {
		if l.Title == title {
			return l
		}
	}
	return nil
}
