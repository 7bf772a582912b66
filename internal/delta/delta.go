// Package delta compares two states of job-family pages and says what an edit
// changes for people: what somebody holds or is promised (CONTRACT), what is
// expected of somebody (EXPECTATION), where a link leads (LINK) and mere
// wording (TEXT).
//
// It compares models, not lines: levels are matched by their titles, in
// whatever word order, then by their content; items by what they ask for;
// steps by who meets the candidate. Bytes that say the same in another way
// (wrapping, bullet signs, the order of items) are no change. Text that the
// model could not type is compared as text, so that nothing goes unseen.
//
// Compare and Pages are pure, deterministic and never fail.
package delta

import (
	"slices"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// A Category says how much a change matters to people.
type Category string

// The categories, strictest first.
const (
	Contract    Category = "CONTRACT"
	Expectation Category = "EXPECTATION"
	Link        Category = "LINK"
	Text        Category = "TEXT"
	// None is the category of an edit without changes; no change has it.
	None Category = "NONE"
)

// Categories lists the categories that a change can have, strictest first.
var Categories = []Category{Contract, Expectation, Link, Text}

// rank orders categories, strictest first.
func (c Category) rank() int {
	if i := slices.Index(Categories, c); i >= 0 {
		return i
	}
	return len(Categories)
}

// Stricter reports whether c matters more than d.
func (c Category) Stricter(d Category) bool { return c.rank() < d.rank() }

// A Kind says what changed.
type Kind string

// The kinds of CONTRACT.
const (
	LevelAdded       Kind = "level_added"
	LevelRemoved     Kind = "level_removed"
	LevelRenamed     Kind = "level_renamed"
	GradeChanged     Kind = "grade"
	ReportsTo        Kind = "reports_to"
	SpanChanged      Kind = "span"
	LadderChanged    Kind = "ladder"
	StepAdded        Kind = "step_added"
	StepRemoved      Kind = "step_removed"
	StepChanged      Kind = "step_changed"
	StepsReordered   Kind = "steps_reordered"
	SpecialtyAdded   Kind = "specialty_added"
	SpecialtyRemoved Kind = "specialty_removed"
	SpecialtyRenamed Kind = "specialty_renamed"
	AnchorRemoved    Kind = "anchor_removed"
)

// The kinds of EXPECTATION.
const (
	ResponsibilityAdded   Kind = "responsibility_added"
	ResponsibilityRemoved Kind = "responsibility_removed"
	ResponsibilityChanged Kind = "responsibility_changed"
	RequirementAdded      Kind = "requirement_added"
	RequirementRemoved    Kind = "requirement_removed"
	RequirementChanged    Kind = "requirement_changed"
	IndicatorAdded        Kind = "indicator_added"
	IndicatorRemoved      Kind = "indicator_removed"
	IndicatorChanged      Kind = "indicator_changed"
	ExtendsChanged        Kind = "extends"
	SpecialtyChanged      Kind = "specialty_changed"
)

// The kinds of LINK and TEXT.
const (
	LinkChanged Kind = "link"
	TextChanged Kind = "text"
	PageRenamed Kind = "page_renamed"
)

// Category returns the category of changes of this kind.
func (k Kind) Category() Category {
	switch k {
	case LevelAdded, LevelRemoved, LevelRenamed, GradeChanged, ReportsTo, SpanChanged, LadderChanged,
		StepAdded, StepRemoved, StepChanged, StepsReordered,
		SpecialtyAdded, SpecialtyRemoved, SpecialtyRenamed, AnchorRemoved:
		return Contract
	case LinkChanged:
		return Link
	case TextChanged, PageRenamed:
		return Text
	}
	return Expectation
}

// A Change is one thing that differs in meaning.
type Change struct {
	Category Category
	Kind     Kind
	// Level is the title of the level that changed, as the new page writes it
	// (as the old one did if it is removed); empty for the family's own parts.
	Level string
	// Old and New are what the pages say; empty where something was added or
	// removed.
	Old, New string
	// LineOld and LineNew are where they say it; 0 where they do not.
	LineOld, LineNew int
	// About tells people what Old and New alone do not: the words of a link
	// whose target changed, the key of a front matter field, the specialty whose
	// text changed.
	About string
}

// A PageChange is everything that changed in one page.
type PageChange struct {
	Path    string // in the new state; in the old one if the page is removed
	Title   string // of the page, in the same state
	OldPath string // where the page was, if it moved
	Added   bool   // the old state does not have the page
	Removed bool   // the new one does not
	Changes []Change
}

// Strictest returns the strictest category of the page's changes, or None.
func (p *PageChange) Strictest() Category {
	c := None
	for i := range p.Changes {
		if p.Changes[i].Category.Stricter(c) {
			c = p.Changes[i].Category
		}
	}
	return c
}

// Strictest returns the strictest category of all pages' changes, or None.
func Strictest(pages []PageChange) Category {
	c := None
	for i := range pages {
		if p := pages[i].Strictest(); p.Stricter(c) {
			c = p
		}
	}
	return c
}

// A Page is one state of a page.
type Page struct {
	// Path is where the page lies in its folder or revision; the two states of
	// a page that did not move have the same. Empty means the file's path.
	Path string
	// File gives the lines of what changed and shows at once that nothing did;
	// it may be nil.
	File   *source.File
	Family *family.Family
}

// path returns where the page lies.
func (p *Page) path() string {
	switch {
	case p.Path != "":
		return p.Path
	case p.File != nil:
		return p.File.Path
	}
	return p.Family.Path
}
