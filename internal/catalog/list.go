package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Query says which families are wanted. What is empty does not count.
type Query struct {
	Text       string // words that all stand in the titles, the description or the path
	Department string
	Track      string // of a level: "ic" or "manager"
	Grade      string // of a level
	Findings   string // "error", "warning", "info" or "waived": has one; "none": has none that counts
	Retired    bool   // the retired ones, rather than those in force
	After      *Key   // the last family of the page before
	Limit      int    // 0 means 50
}

// A List is what was found, by title.
type List struct {
	Families []Summary // one more than the limit, if there are more
	Total    int       // on all pages
	Facets   Facets
	Release  ReleaseNumber // the families are as of; 0 if nothing was published
}

// Facets count, for each value that a filter can have, how many families there
// would be with it and the other filters.
type Facets struct {
	Departments []Facet
	Tracks      []Facet
	Grades      []Facet // the lowest first
	Findings    []Facet
	Retired     int // families that are retired
}

// A Facet is a value of a filter.
type Facet struct {
	Value string
	Count int
}

// A filter is one of a query's conditions.
type filter struct {
	wanted string
	// values adds the values that a family has to a list.
	values func([]string, *Summary) []string
}

// FindingKinds lists the values of Query.Findings in the order in which they
// are shown.
var FindingKinds = []string{"error", "warning", "info", "waived", "none"}

// Families returns the families of the latest release that a query wants.
func (s *Service) Families(ctx context.Context, by auth.Actor, q Query) (*List, error) {
	if err := s.auth.Can(by, ReadFamily, FamilyID("")); err != nil {
		return nil, err
	}
	l := &List{}
	var all, retired []Summary
	err := s.db.View(ctx, func(tx store.Tx) error {
		e, err := s.edition(ctx, tx, 0)
		if fault.KindOf(err) == fault.NotFound {
			return nil // nothing was published: the list is empty
		}
		if err != nil {
			return err
		}
		all, l.Release = e.Families, e.Release.Number
		retired, err = retiredFamilies(ctx, tx, q.Retired)
		return err
	})
	if err != nil {
		return nil, err
	}
	l.Facets.Retired = len(retired)
	if q.Retired {
		all = retired
	}
	l.choose(all, &q)
	return l, nil
}

// retiredFamilies returns the retired families as they were last, with their
// levels if they are shown.
func retiredFamilies(ctx context.Context, tx store.Tx, shown bool) ([]Summary, error) {
	q := db.New(tx)
	rows, err := q.RetiredFamilies(ctx)
	if err != nil {
		return nil, fmt.Errorf("find retired families: %w", err)
	}
	var out []Summary
	for _, f := range rows {
		if !shown {
			out = append(out, Summary{})
			continue
		}
		v, err := q.Version(ctx, db.VersionParams{Family: f.ID, Number: f.Version})
		if err != nil {
			return nil, fmt.Errorf("find version %d of %s: %w", f.Version, f.ID, err)
		}
		sum := summary(v)
		levels, err := q.LevelsOf(ctx, db.LevelsOfParams{Family: f.ID, Version: f.Version})
		if err != nil {
			return nil, fmt.Errorf("find the levels of %s: %w", f.ID, err)
		}
		for _, l := range levels {
			sum.Levels = append(sum.Levels, levelSummary(l))
		}
		out = append(out, sum)
	}
	if shown {
		slices.SortFunc(out, func(a, b Summary) int { return a.key().compare(b.key()) })
	}
	return out, nil
}

// choose fills in what fits a query, and the facets.
func (l *List) choose(all []Summary, q *Query) {
	words := strings.Fields(strings.ToLower(q.Text))
	filters := []filter{
		{q.Department, func(list []string, s *Summary) []string { return append(list, s.Department) }},
		{q.Track, tracks},
		{q.Grade, gradesOf},
		{q.Findings, findingKinds},
	}
	counts, values := make([]map[string]int, len(filters)), make([][]string, len(filters))
	for i := range counts {
		counts[i] = map[string]int{}
	}
	limit := cmp.Or(q.Limit, 50)
	l.Families = make([]Summary, 0, min(limit+1, len(all)))
	for i := range all {
		s := &all[i]
		if !s.mentions(words) {
			continue
		}
		missed, misses := -1, 0
		for j, f := range filters {
			values[j] = f.values(values[j][:0], s)
			if f.wanted != "" && !slices.Contains(values[j], f.wanted) {
				missed = j
				misses++
			}
		}
		for j := range filters {
			if misses == 0 || misses == 1 && missed == j {
				for _, v := range values[j] {
					counts[j][v]++
				}
			}
		}
		if misses > 0 {
			continue
		}
		l.Total++
		if (q.After == nil || s.key().compare(*q.After) > 0) && len(l.Families) <= limit {
			l.Families = append(l.Families, *s)
		}
	}
	l.Facets.Departments = facets(counts[0], cmp.Compare[string])
	l.Facets.Tracks = facets(counts[1], cmp.Compare[string])
	l.Facets.Grades = facets(counts[2], policy.CompareGrades)
	l.Facets.Findings = facets(counts[3], func(a, b string) int {
		return cmp.Compare(slices.Index(FindingKinds, a), slices.Index(FindingKinds, b))
	})
}

// facets returns counts as a list.
func facets(counts map[string]int, order func(a, b string) int) []Facet {
	out := make([]Facet, 0, len(counts))
	for v, n := range counts {
		if v != "" {
			out = append(out, Facet{v, n})
		}
	}
	slices.SortFunc(out, func(a, b Facet) int { return cmp.Or(order(a.Value, b.Value), cmp.Compare(a.Value, b.Value)) })
	return out
}

// tracks adds the tracks of the levels of a family, each once.
func tracks(list []string, s *Summary) []string {
	for i := range s.Levels {
		if t := s.Levels[i].Track; t != "" && !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	return list
}

// gradesOf adds the grades of the levels of a family, each once.
func gradesOf(list []string, s *Summary) []string {
	for i := range s.Levels {
		for _, g := range s.Levels[i].Grades {
			if g != "" && !slices.Contains(list, g) {
				list = append(list, g)
			}
		}
	}
	return list
}

// findingKinds adds which kinds of findings a family has.
func findingKinds(out []string, s *Summary) []string {
	for i, n := range []int{s.Errors, s.Warnings, s.Infos, s.Waived} {
		if n > 0 {
			out = append(out, FindingKinds[i])
		}
	}
	if s.Findings() == 0 {
		out = append(out, "none")
	}
	return out
}

// mentions reports whether all words stand in what a family is called.
func (s *Summary) mentions(words []string) bool {
	if len(words) == 0 {
		return true
	}
	var b strings.Builder
	for _, part := range []string{s.Title, s.Department, s.Path, s.Description} {
		b.WriteString(strings.ToLower(part))
		b.WriteByte('\n')
	}
	for i := range s.Levels {
		b.WriteString(strings.ToLower(s.Levels[i].Title))
		b.WriteByte('\n')
	}
	text := b.String()
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}
