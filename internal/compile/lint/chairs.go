package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
)

// Chairs are the leading roles that the pages define, by what they lead: all
// of "product", for example. With them it can be said that a title names a
// chair that does not exist, which is more than that nobody knows it: the
// ladder that would hold it was given.
type chairs struct {
	pack   *policy.Pack
	names  *callings
	by     map[string][]chair    // by subject
	ranked map[string][]*calling // the defined ones, by rank
	seen   map[string]bool       // titles that were looked at
}

// A chair is a leading role: a level, or a role that a level reports to.
type chair struct {
	title   string
	key     string
	rank    []string
	grade   string // that its title holds
	defined bool
	place   diag.Place
}

// newChairs collects the leading roles of all pages.
func newChairs(names *callings, pages []*Facts) *chairs {
	c := &chairs{
		pack: names.settings.policy(), names: names,
		by: map[string][]chair{}, ranked: map[string][]*calling{}, seen: map[string]bool{},
	}
	for _, page := range pages {
		for i := range page.Levels {
			l := &page.Levels[i]
			c.add(l.Title, l.Place, true)
		}
	}
	for _, page := range pages {
		for i := range page.Roles {
			if r := &page.Roles[i]; r.Use == Reporting && r.Target != "" && r.Own == "" {
				c.add(r.Title, r.Place, false)
			}
		}
	}
	return c
}

// add notes a title if it is that of a leading role. Only its first place counts,
// and a title that a page defines was noted before those that pages name.
func (c *chairs) add(title string, at diag.Place, defined bool) {
	if c.seen[title] {
		return
	}
	c.seen[title] = true
	grade, rank := c.pack.TitleGrade(title)
	if grade == "" || rank == "manager" {
		return
	}
	name := c.names.of(title)
	if name.subject == "" {
		return
	}
	c.by[name.subject] = append(c.by[name.subject], chair{
		title: title, key: name.key, rank: name.rank, grade: grade, defined: defined, place: at,
	})
	if defined {
		key := strings.Join(name.rank, " ")
		c.ranked[key] = append(c.ranked[key], name)
	}
}

// covers reports whether a defined role of the same rank leads a part of what
// the title names: "a Director of Yards" may be the Director, Yard Cranes.
func (c *chairs) covers(name *calling) bool {
	return slices.ContainsFunc(c.ranked[strings.Join(name.rank, " ")], func(have *calling) bool { return contains(have.about, name.about) })
}

// missing reports whether a title names a chair that does not exist, says why
// and names the place that shows it: another title of the same grade leads the
// same subject, as those who report to it say; or the family of the subject
// has ranks above and below, but not this one.
func (c *chairs) missing(title string) (why string, at diag.Related, ok bool) {
	grade, rank := c.pack.TitleGrade(title)
	if grade == "" || rank == "manager" || strings.ContainsAny(title, "/&") {
		return "", at, false
	}
	name := c.names.of(title)
	if c.covers(name) {
		return "", at, false
	}
	var below, above, same *chair
	list := c.by[name.subject]
	for i := range list {
		have := &list[i]
		if have.key == name.key || slices.Equal(have.rank, name.rank) {
			return "", at, false
		}
		switch order := policy.CompareGrades(have.grade, grade); {
		case order == 0 && same == nil:
			same = have
		case order < 0 && have.defined && below == nil:
			below = have
		case order > 0 && have.defined && above == nil:
			above = have
		}
	}
	switch {
	case same != nil && (below != nil || above != nil):
		return fmt.Sprintf("%q holds that place", same.title), diag.Related{Place: same.place, Message: "named here"}, true
	case below != nil && above != nil:
		return fmt.Sprintf("there are %q and %q, and nothing between them", below.title, above.title),
			diag.Related{Place: above.place, Message: "the next higher role"}, true
	}
	return "", at, false
}

// unknownRoles reports the roles of one use that name a chair that does not
// exist; say words the finding. Pages name few roles often, so each title is
// looked at once.
func (p *FolderPass) unknownRoles(use RoleUse, say func(title, why string) diag.Finding) {
	type answer struct {
		why string
		at  diag.Related
	}
	answers := map[string]*answer{} // nil where nothing is said
	chairs := p.Index.chairs()
	for _, page := range p.Pages {
		for i := range page.Roles {
			r := &page.Roles[i]
			if r.Use != use || r.Own != "" || r.Target != "" {
				continue
			}
			a, known := answers[r.Title]
			if !known {
				if why, at, ok := chairs.missing(r.Title); ok {
					a = &answer{why, at}
				}
				answers[r.Title] = a
			}
			if a != nil {
				f := say(r.Title, a.why)
				f.Related = []diag.Related{a.at}
				p.Report(r.Place, r.Heading, f)
			}
		}
	}
}
