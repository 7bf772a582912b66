package chart

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/policy"
)

// A Cite is the place that states something: a line of a published page, or a
// value of the policy pack.
type Cite struct {
	Family  catalog.FamilyID
	Version int
	Path    string // of the page
	Line    int    // 0 is none
	Policy  string // path of the value, such as "org.spans.aim"
}

// A Limit is a number of people that a page or the policy names; a missing end
// is 0.
type Limit struct {
	Min, Max int
	Of       []string // whom it counts, as the page calls them; empty is all
	Cite
}

// Is reports whether there is a limit at all.
func (l *Limit) Is() bool { return l.Min > 0 || l.Max > 0 }

// Keeps reports whether a number is within the limit.
func (l *Limit) Keeps(n int) bool { return n >= l.Min && (l.Max == 0 || n <= l.Max) }

// A Role is what a published level says of the shape of the organisation.
type Role struct {
	Pin   catalog.Pin
	Title string
	// Grade is the level's, the highest if it has several; "" if it has none.
	Grade string
	Track string // "ic", "manager" or ""
	// ReportsTo are the roles to which it reports, any of which will do.
	ReportsTo   []string
	ReportsCite Cite
	// Specialties are the level's, by title.
	Specialties []Specialty
	// Direct says how many report to it, Total how many are in its whole
	// organisation, and Led how many somebody on it has led.
	Direct, Total Limit
	// KeepsBelow is the number of reports below which duties of an individual
	// contributor stay, and KeepsFirst that they stay with a first-time manager.
	KeepsBelow int
	KeepsFirst bool
	KeepsCite  Cite
	Cite       Cite // of the level itself
}

// A Specialty is a branch of a level.
type Specialty struct {
	Title  string
	Parent string
	// ReportsTo replaces the level's, where the page says so.
	ReportsTo []string
	// Scope are the names of the parts of the product hierarchy that it is about.
	Scope []string
	// Responsibilities and Requirements are what it asks for beside its level.
	Responsibilities, Requirements []Asked
	Cite
}

// Asked is something that a page asks for, with its line.
type Asked struct {
	ID, Text string
	Line     int
}

// Specialty returns a specialty of the role, or nil.
func (r *Role) Specialty(title string) *Specialty {
	for i := range r.Specialties {
		if r.Specialties[i].Title == title {
			return &r.Specialties[i]
		}
	}
	return nil
}

// Above returns to which roles a position of the role reports, and what says so:
// the specialty if it says anything, else the level.
func (r *Role) Above(specialty string) ([]string, Cite) {
	for s := r.Specialty(specialty); s != nil; s = r.Specialty(s.Parent) {
		if len(s.ReportsTo) > 0 {
			return s.ReportsTo, s.Cite
		}
		if s.Parent == s.Title {
			break
		}
	}
	return r.ReportsTo, r.ReportsCite
}

// fits reports whether a position is one of some roles, as pages call them: by
// the title of its level or by what it is called. Few titles and roles stand in a
// chart of many positions, so each answer is worked out once.
func (c *Chart) fits(n *Node, roles []string) bool {
	return c.answered(question{"fits", n.roleTitle(), n.Seat.Title, strings.Join(roles, "\n")}, func() bool {
		return slices.ContainsFunc(roles, func(role string) bool {
			return resolve.SameRole(n.roleTitle(), role) || resolve.SameRole(n.Seat.Title, role)
		})
	})
}

// A question is whether a position is what some roles say, by its titles.
type question struct{ rule, level, title, roles string }

// answered returns the answer to a question, which work finds the first time.
func (c *Chart) answered(q question, work func() bool) bool {
	if known, ok := c.answers.Load(q); ok {
		return known.(bool)
	}
	is := work()
	c.answers.Store(q, is)
	return is
}

// layerOf returns the layer that a position is on: for an individual contributor
// without reports the lowest, else the highest whose grade it reaches. It is nil
// if nothing says the grade.
func layerOf(n *Node, layers []policy.Layer) *policy.Layer {
	if n.Role == nil || len(layers) == 0 {
		return nil
	}
	if n.Role.Track != "manager" && len(n.Children) == 0 {
		return &layers[len(layers)-1]
	}
	if n.Role.Grade == "" {
		return nil
	}
	for i := range layers {
		if policy.CompareGrades(n.Role.Grade, layers[i].From) >= 0 {
			return &layers[i]
		}
	}
	return &layers[len(layers)-1]
}
