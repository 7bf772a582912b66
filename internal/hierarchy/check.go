package hierarchy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/policy"
)

// A Code names a rule of the hierarchy.
type Code string

// The rules.
const (
	Rejected        Code = "rejected"
	NoParent        Code = "no_parent"
	Orphan          Code = "orphan_category"
	DoubleOwned     Code = "double_owned_category"
	UnknownCategory Code = "unknown_category"
	OtherStage      Code = "category_of_another_stage"
	TooMany         Code = "too_many_marketing_categories"
	NoDirection     Code = "no_direction"
	NoDay           Code = "not_a_day"
	DaysOutOfOrder  Code = "dates_out_of_order"
	OutOfRange      Code = "out_of_range"
	NameRepeats     Code = "name_repeats"
	OpenHolder      Code = "open_holder"
	ActingHolder    Code = "acting_holder"
)

// Codes lists the rules, the heaviest first.
var Codes = []Code{
	Rejected, NoParent, UnknownCategory, Orphan, DoubleOwned, OtherStage, TooMany, NoDirection, NoDay, DaysOutOfOrder, OutOfRange, NameRepeats, ActingHolder, OpenHolder,
}

// A Severity says how much a finding weighs.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error" // the line is not used
	SeverityWarning Severity = "warning"
	SeverityNote    Severity = "note"
)

// A Finding is what is wrong with a node, and where it stands.
type Finding struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	Kind     Kind     `json:"kind"`
	Key      string   `json:"key"`
	Field    string   `json:"field,omitempty"`
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
}

// Ref returns the node that the finding is about.
func (f *Finding) Ref() Ref { return Ref{f.Kind, f.Key} }

// finding returns a finding about a node. The field may be "".
func (n *Node) finding(c Code, s Severity, field, format string, args ...any) Finding {
	f := Finding{Code: c, Severity: s, Kind: n.Kind, Key: n.Key, Field: field, File: n.File, Line: n.LineOf(field)}
	f.Message = fmt.Sprintf("%s %s ", n.Kind, cmp.Or(n.Name, n.Key)) + fmt.Sprintf(format, args...)
	return f
}

func (f Finding) fix(hint string) Finding {
	f.Hint = hint
	return f
}

// Limits are what the policy pack says of a hierarchy.
type Limits struct {
	policy.OrgHierarchy
	Categories policy.Range // marketing categories of a stage
}

// LimitsOf returns what a pack says.
func LimitsOf(p *policy.Pack) Limits { return Limits{p.Rooms().Org.Hierarchy, p.Categories} }

// Words returns how the files write that nobody holds something.
func (l *Limits) Words() Words { return Words{Open: l.OpenHolders, Acting: l.ActingWord} }

// Check returns what is wrong with a tree, by file and line.
func Check(t *Tree, l Limits) []Finding {
	var out []Finding
	for _, n := range t.Nodes {
		out = append(out, t.parentless(n)...)
		switch n.Kind {
		case Stage:
			out = append(out, t.marketing(n, &l)...)
			out = append(out, n.ranges(&l, "lifecycle")...)
		case Group:
			out = append(out, t.built(n)...)
			out = append(out, t.repeated(n, &l)...)
		case Category:
			out = append(out, t.owned(n)...)
			out = append(out, n.days()...)
			if l.DirectionRequired && n.Direction() == "" {
				out = append(out, n.finding(NoDirection, SeverityWarning, fieldDirection, "has no direction").fix("write where it is going, and name the page"))
			}
		}
		out = append(out, n.ranges(&l, "usage_driver_score", "revenue_driver_score", "asp_driver_score", "sam_driver_score")...)
		out = append(out, n.gaps(l.Words())...)
	}
	SortFindings(out)
	return out
}

// SortFindings brings findings into the order of files and lines.
func SortFindings(all []Finding) {
	files := []string{SectionsFile, StagesFile, CategoriesFile}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(files, a.File), slices.Index(files, b.File)), cmp.Compare(a.Line, b.Line),
			strings.Compare(a.Key, b.Key), strings.Compare(string(a.Code), string(b.Code)),
		)
	})
}

// parentless finds a node that lies in nothing.
func (t *Tree) parentless(n *Node) []Finding {
	if n.Kind.Parent() == "" || t.by[n.Parent] != nil {
		return nil
	}
	return []Finding{n.Homeless(t)}
}

// marketing finds a stage with too many categories that are shown to customers.
func (t *Tree) marketing(n *Node, l *Limits) []Finding {
	shown := 0
	for _, c := range t.Below(n.Ref, Category) {
		if c.IsMarketing() {
			shown++
		}
	}
	if l.Categories.Max == nil || shown <= *l.Categories.Max {
		return nil
	}
	return []Finding{n.finding(TooMany, SeverityWarning, "", "has %d marketing categories of at most %d", shown, *l.Categories.Max).fix("merge categories, or show fewer of them")}
}

// built finds categories of a group that are not there, or of another stage.
func (t *Tree) built(n *Node) []Finding {
	var out []Finding
	for i, key := range n.Categories() {
		path := fmt.Sprintf("%s/%d", fieldCategories, i)
		c := t.by[Ref{Category, key}]
		switch {
		case c == nil:
			var keys []string
			for _, k := range t.Of(Category) {
				keys = append(keys, k.Key)
			}
			out = append(out, n.finding(UnknownCategory, SeverityWarning, path, "builds the category %q, which is not there%s", key, nearest.Hint(key, keys)))
		case c.Parent != n.Parent:
			out = append(out, n.finding(OtherStage, SeverityNote, path, "builds the category %s, which is of the stage %s", c.Name, c.Parent.Key))
		}
	}
	return out
}

// owned finds a category that no group builds, or several do.
func (t *Tree) owned(n *Node) []Finding {
	owners := t.owners[n.Key]
	switch len(owners) {
	case 0:
		return []Finding{n.finding(Orphan, SeverityWarning, "", "is built by no group").fix("list it in the categories of a group")}
	case 1:
		return nil
	}
	var names []string
	for _, g := range owners {
		names = append(names, t.Title(g))
	}
	return []Finding{n.finding(DoubleOwned, SeverityWarning, "", "is built by %d groups: %s", len(owners), strings.Join(names, ", ")).fix("leave it to one of them")}
}

// repeated finds a group that builds a part of its stage's categories and is
// called as something else is.
func (t *Tree) repeated(n *Node, l *Limits) []Finding {
	if !l.UniqueGroupNames {
		return nil
	}
	all := t.Below(n.Parent, Category)
	whole := len(all) > 0
	for _, c := range all {
		whole = whole && slices.Contains(t.owners[c.Key], n)
	}
	if whole {
		return nil
	}
	for _, other := range t.Nodes {
		if other == n || other.Kind == Category || other.Kind == Section || folded(other.Name) != folded(n.Name) {
			continue
		}
		if other.Kind == Group && other.Line > n.Line && other.File == n.File {
			continue // told at the later one
		}
		if other.Kind == Stage && n.Parent == other.Ref && len(t.Below(n.Parent, Group)) == 1 {
			continue // the only group of a stage has its scope
		}
		return []Finding{n.finding(NameRepeats, SeverityWarning, "name", "is called like the %s %s, and is not the same", other.Kind, other.Key).fix("give it a name of its own")}
	}
	return nil
}

// days finds days of maturity that cannot be read, or that come before that of
// a lower level.
func (n *Node) days() []Finding {
	var out []Finding
	var last calendar.Day
	var lastField string
	for _, f := range MaturityDays {
		d, err := n.Day(f)
		if err != nil {
			out = append(out, n.finding(NoDay, SeverityWarning, f, "has a %s that is no day: %q", f, n.Text(f)).fix("write it like 2026-11-23"))
			continue
		}
		if d != "" && last != "" && d < last {
			out = append(out, n.finding(DaysOutOfOrder, SeverityWarning, f, "is %s on %s, before it is %s on %s", f, d, lastField, last).fix("put the days in order"))
		}
		if d != "" {
			last, lastField = d, f
		}
	}
	return out
}

// ranges finds numbers that are out of what the policy pack allows.
func (n *Node) ranges(l *Limits, fields ...string) []Finding {
	var out []Finding
	for _, f := range fields {
		v := n.Fields.Get(f)
		if v.Kind == Null {
			continue
		}
		band := l.Score
		if f == "lifecycle" {
			band = l.Lifecycle
		}
		if x, ok := n.Number(f); !ok || x < float64(band.Min) || x > float64(band.Max) {
			out = append(out, n.finding(OutOfRange, SeverityWarning, f, "has a %s of %s, which is not from %d to %d", f, cmp.Or(v.String(), "nothing that counts"), band.Min, band.Max))
		}
	}
	return out
}

// gaps finds slots that nobody holds, or somebody only for now. The message
// names no person.
func (n *Node) gaps(w Words) []Finding {
	var out []Finding
	for _, h := range n.Holders(w) {
		what := string(h.Function)
		if h.Label != "" {
			what += " (" + h.Label + ")"
		}
		switch h.State {
		case Open:
			out = append(out, n.finding(OpenHolder, SeverityNote, h.Path, "has nobody for %s", what))
		case Acting:
			out = append(out, n.finding(ActingHolder, SeverityNote, h.Path, "has somebody acting for %s", what))
		}
	}
	return out
}

// Homeless returns the finding for a node that cannot be used because what it
// lies in is in none of some trees.
func (n *Node) Homeless(trees ...*Tree) Finding {
	k := n.Kind.Parent()
	if n.Parent.Key == "" {
		return n.finding(NoParent, SeverityError, string(k), "names no %s", k)
	}
	var keys []string
	for _, t := range trees {
		for _, p := range t.Of(k) {
			if p.Key == n.Parent.Key {
				return n.finding(NoParent, SeverityError, string(k), "lies in the %s %q, which cannot be used", k, n.Parent.Key)
			}
			keys = append(keys, p.Key)
		}
	}
	return n.finding(NoParent, SeverityError, string(k), "names the %s %q, which is not there%s", k, n.Parent.Key, nearest.Hint(n.Parent.Key, keys))
}
