package catalogweb

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// pageSize is how many families a page of the list has.
const pageSize = 50

// A listing is what the list of families shows.
type listing struct {
	*catalog.List
	families []catalog.Summary
	url      *url.URL
	next     string
	filtered bool
	retired  bool
	publish  bool // the reader may
	edition  *catalog.Edition
}

func (h *pages) list(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Text       string `form:"q"`
		Department string `form:"department"`
		Track      string `form:"track"`
		Grade      string `form:"grade"`
		Findings   string `form:"findings"`
		Retired    string `form:"retired"`
		After      string `form:"after"`
	}
	_ = form.Query(r, &in) // they are all texts
	q := catalog.Query{
		Text: in.Text, Department: in.Department, Track: in.Track, Grade: in.Grade, Findings: in.Findings, Retired: in.Retired != "", Limit: pageSize,
	}
	key, found, err := api.ParseCursor[catalog.Key](in.After)
	if err != nil {
		return err
	}
	if found {
		q.After = &key
	}
	l := listing{url: r.URL, retired: q.Retired, publish: h.mayPublish(r)}
	l.filtered = q.Text+q.Department+q.Track+q.Grade+q.Findings != ""
	if l.List, err = h.catalog.Families(r.Context(), auth.From(r.Context()), q); err != nil {
		return err
	}
	if l.edition, err = h.released(r); err != nil {
		return err
	}
	l.families = l.Families
	if len(l.families) > pageSize {
		l.families = l.families[:pageSize]
		l.next = api.Cursor(l.families[pageSize-1].Key())
	}
	return web.Show(w, r, listPage(l))
}

// facets are the filters above the list.
func (l *listing) facets() []ui.Facet {
	all := []ui.Facet{
		{Label: "Department", Name: "department", Choices: choices(l.Facets.Departments, departmentName)},
		{Label: "Grade", Name: "grade", Choices: choices(l.Facets.Grades, func(s string) string { return s })},
		{Label: "Track", Name: "track", Choices: choices(l.Facets.Tracks, trackName)},
		{Label: "Findings", Name: "findings", Choices: choices(l.Facets.Findings, findingName)},
	}
	return slices.DeleteFunc(all, func(f ui.Facet) bool { return len(f.Choices) == 0 })
}

func choices(facets []catalog.Facet, name func(string) string) []ui.Choice {
	out := make([]ui.Choice, len(facets))
	for i, f := range facets {
		out[i] = ui.Choice{Value: f.Value, Label: name(f.Value), Count: f.Count}
	}
	return out
}

// blanks turns the name of a folder into words.
var blanks = strings.NewReplacer("-", " ", "_", " ")

// departmentName returns the folder of a department in words.
func departmentName(folder string) string {
	words := blanks.Replace(folder)
	if words == "" {
		return "None"
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

func trackName(track string) string {
	switch track {
	case "ic":
		return "Individual"
	case "manager":
		return "Management"
	}
	return "Not stated"
}

func findingName(kind string) string {
	switch kind {
	case "error":
		return "Errors"
	case "warning":
		return "Warnings"
	case "info":
		return "Notes"
	case "waived":
		return "Waived"
	}
	return "None"
}

// note says how many families there are.
func (l *listing) note() string {
	words := counted(l.Total, "family", "families")
	if l.filtered {
		words += " found"
	}
	return words
}

// grades returns the range of a family's grades: "5 to 9".
func grades(s *catalog.Summary) string {
	low, high := "", ""
	for _, l := range s.Levels {
		for _, g := range l.Grades {
			if low == "" || policy.CompareGrades(g, low) < 0 {
				low = g
			}
			if high == "" || policy.CompareGrades(g, high) > 0 {
				high = g
			}
		}
	}
	switch {
	case low == high:
		return low
	}
	return low + " to " + high
}

// findingState returns how a family's findings are shown: the heaviest kind.
func findingState(s *catalog.Summary) (ui.State, string) {
	switch {
	case s.Errors > 0:
		return ui.Bad, counted(s.Errors, "error", "errors")
	case s.Warnings > 0:
		return ui.Warn, counted(s.Warnings, "warning", "warnings")
	case s.Infos > 0:
		return ui.Current, counted(s.Infos, "note", "notes")
	case s.Waived > 0:
		return ui.OK, strconv.Itoa(s.Waived) + " waived"
	}
	return ui.OK, "None"
}

// counted returns a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
