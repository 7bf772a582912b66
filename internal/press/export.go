// Package press turns the model into what leaves the program: JSON for other
// programs, Markdown and CSV for people.
//
// The JSON of a page is a contract: names and meaning of its fields stay, new
// fields may come.
package press

import (
	"encoding/json"
	"io"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// SchemaVersion is the version of the JSON contract.
const SchemaVersion = "1"

// An Export is what JSON writes.
type Export struct {
	SchemaVersion string `json:"schema_version"`
	Pages         []Page `json:"pages"`
}

// A Page is one family in the contract's form.
type Page struct {
	Path        string      `json:"path"`
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	Levels      []Level     `json:"levels"`
	Family      FamilyWide  `json:"family"`
	Specialties []Specialty `json:"specialties"`
	Segments    []Specialty `json:"segments,omitempty"`
	Hiring      []Process   `json:"hiring"`
	Sections    []Section   `json:"sections"`
	Links       []Link      `json:"links"`
}

// A Level is a level in the contract's form; the lists below "details" are
// what the counts count.
type Level struct {
	Title         string   `json:"title"`
	Line          int      `json:"line"`
	Span          Span     `json:"span_of_title"`
	Slug          string   `json:"slug,omitempty"`
	Grades        []string `json:"grades"`
	Unaligned     bool     `json:"unaligned,omitempty"`
	ReportsTo     []string `json:"reports_to"`
	ReportsToMode string   `json:"reports_to_mode"`
	Manages       *Manages `json:"span"`
	Track         string   `json:"track,omitempty"`

	Responsibilities int      `json:"responsibilities"`
	Requirements     int      `json:"requirements"`
	Indicators       int      `json:"performance_indicators"`
	Extends          []string `json:"extends"`
	Ladder           []string `json:"ladder"`

	Details LevelDetails `json:"details"`
}

// LevelDetails hold the texts and references of a level, each with its span.
type LevelDetails struct {
	Grades           []Grade     `json:"grades,omitempty"`
	Reporting        *Text       `json:"reporting,omitempty"`
	ReportsTo        []Reference `json:"reports_to,omitempty"`
	Spans            []Manages   `json:"spans,omitempty"`
	Intro            []Text      `json:"intro,omitempty"`
	Responsibilities []Item      `json:"responsibilities,omitempty"`
	Requirements     []Item      `json:"requirements,omitempty"`
	Indicators       []Item      `json:"performance_indicators,omitempty"`
	Prose            []Text      `json:"prose,omitempty"`
	Effective        []Duty      `json:"effective_responsibilities,omitempty"`
	EffectiveReq     []Duty      `json:"effective_requirements,omitempty"`
	Cadences         []Cadence   `json:"cadences,omitempty"`
	Conditions       []Condition `json:"conditions,omitempty"`
	Extends          []Reference `json:"extends,omitempty"`
	Ladder           []Reference `json:"ladder,omitempty"`
}

// FamilyWide are the counts of the page-wide sections, with their texts.
type FamilyWide struct {
	Responsibilities int         `json:"responsibilities"`
	Requirements     int         `json:"requirements"`
	Indicators       int         `json:"performance_indicators"`
	Ladder           []string    `json:"ladder"`
	Details          WideDetails `json:"details"`
}

// WideDetails hold the texts of the page-wide sections.
type WideDetails struct {
	Overview         []Text      `json:"overview,omitempty"`
	Responsibilities []Item      `json:"responsibilities,omitempty"`
	Requirements     []Item      `json:"requirements,omitempty"`
	Indicators       []Item      `json:"performance_indicators,omitempty"`
	Cadences         []Cadence   `json:"cadences,omitempty"`
	Ladder           []Reference `json:"ladder,omitempty"`
	Edges            []Edge      `json:"ladder_edges,omitempty"`
}

// Span is a range of bytes of the page.
type Span = source.Span

// A Text is rendered text with its bytes.
type Text struct {
	Text string `json:"text"`
	Span Span   `json:"bytes"`
}

// A Grade is one grade with the role that its sentence names.
type Grade struct {
	Value   string `json:"value"`
	Subject string `json:"subject,omitempty"`
	Span    Span   `json:"bytes"`
}

// A Reference is a role as written, and the level of the page that is meant.
type Reference struct {
	Title  string `json:"title"`
	Target string `json:"target,omitempty"`
	Level  string `json:"level,omitempty"`
	Why    string `json:"why,omitempty"`
	Span   Span   `json:"bytes"`
}

// Manages is a span of control.
type Manages struct {
	Min      *int     `json:"min"`
	Max      *int     `json:"max"`
	Of       []string `json:"of"`
	Scope    string   `json:"scope"`
	Modality string   `json:"modality"`
	Span     Span     `json:"bytes"`
}

// An Item is one list item.
type Item struct {
	ID         string `json:"id"`
	Text       string `json:"text"`
	Line       int    `json:"line"`
	Depth      int    `json:"depth,omitempty"`
	Group      string `json:"group,omitempty"`
	Individual bool   `json:"individual,omitempty"`
	Span       Span   `json:"bytes"`
}

// A Duty is an item that somebody on a level has, with where it comes from.
type Duty struct {
	Item
	From string `json:"from"`           // title of the level that states it; empty for the family
	Path string `json:"path,omitempty"` // of the page that states it, if it is another one
}

// A Cadence is met by delivering something regularly; one of Any suffices.
type Cadence struct {
	Count  int    `json:"count"`
	Period string `json:"period"`
	Any    []Text `json:"any"`
	Span   Span   `json:"bytes"`
}

// A Condition is a rule about duties that depends on the person.
type Condition struct {
	Text        Text `json:"text"`
	FewerThan   int  `json:"fewer_than_direct_reports,omitempty"`
	FirstTime   bool `json:"first_time_manager,omitempty"`
	KeepsICDuty bool `json:"keeps_individual_contributor_duties"`
}

// An Edge is one step of a drawn ladder.
type Edge struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// A Specialty is a branch of the family or of a level.
type Specialty struct {
	Title            string      `json:"title"`
	Line             int         `json:"line"`
	Level            *string     `json:"level"`
	Parent           *string     `json:"parent"`
	Requirements     int         `json:"requirements"`
	Responsibilities int         `json:"responsibilities"`
	ReportsTo        []Reference `json:"reports_to,omitempty"`
	Scope            []Link      `json:"scope,omitempty"`
	Intro            []Text      `json:"intro,omitempty"`
	Span             Span        `json:"bytes"`

	Details SpecialtyDetails `json:"details"`
}

// SpecialtyDetails hold what a specialty asks for beside its level.
type SpecialtyDetails struct {
	Responsibilities []Item `json:"responsibilities,omitempty"`
	Requirements     []Item `json:"requirements,omitempty"`
}

// A Process is a hiring process.
type Process struct {
	Scope string  `json:"scope"`
	Level *string `json:"level"`
	Line  int     `json:"line"`
	Title string  `json:"title"`
	Steps []Step  `json:"steps"`
	Prose []Text  `json:"prose,omitempty"`
}

// A Step is one thing that happens to a candidate.
type Step struct {
	ID           string      `json:"id"`
	Line         int         `json:"line"`
	Kind         string      `json:"kind"`
	Minutes      *[2]int     `json:"minutes"`
	Interviewers []string    `json:"interviewers"`
	Mode         string      `json:"mode"`
	Panel        bool        `json:"panel"`
	Optional     bool        `json:"optional"`
	Count        int         `json:"count"`
	Group        string      `json:"group,omitempty"`
	Ordinal      int         `json:"ordinal,omitempty"`
	Text         string      `json:"text"`
	People       []Reference `json:"people,omitempty"`
	Span         Span        `json:"bytes"`
}

// A Section is a heading with what stands below it, whatever it means.
type Section struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Slug  string `json:"slug,omitempty"`
	Depth int    `json:"depth"`
	Line  int    `json:"line"`
	Level string `json:"level,omitempty"`
	Items int    `json:"items,omitempty"`
	Text  []Text `json:"text,omitempty"`
	Span  Span   `json:"bytes"`
	Body  Span   `json:"body"`
}

// A Link is a link as written.
type Link struct {
	Text   string `json:"text"`
	Target string `json:"target"`
	Line   int    `json:"line"`
}

// JSON writes the families in the contract's form. Duties are inherited from
// the levels that find knows; nil finds those of the same page.
func JSON(w io.Writer, families []*family.Family, find family.Finder) error {
	if find == nil {
		find = family.Find
	}
	e := Export{SchemaVersion: SchemaVersion, Pages: make([]Page, 0, len(families))}
	for _, f := range families {
		e.Pages = append(e.Pages, page(f, find))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(e)
}
