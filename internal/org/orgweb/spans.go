package orgweb

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// spanRows is how many leaders a page of the report has.
const spanRows = 50

// A spanReport is what the report of spans shows.
type spanReport struct {
	*view
	in       spanFilter
	all      int // leaders
	reports  int // of all leaders
	rows     []chart.Span
	total    int // of those that fit
	next     string
	facets   []ui.Facet
	company  int // spans outside of the company's band
	role     int // … of their role's, or of the role's total
	lines    int // reporting lines with something to say
	findings []chart.Finding
}

type spanFilter struct {
	Text       string `form:"q"`
	Department string `form:"department"`
	State      string `form:"state"`
	Level      string `form:"kind"`
	Sort       string `form:"sort"`
	After      string `form:"after"`
	Lines      string `form:"lines"`
}

func (f *spanFilter) isOn() bool { return f.Text+f.Department+f.State+f.Level != "" }

// spanReportOf reads the report that a request asks for.
func (h *pages) spanReportOf(r *http.Request) (*spanReport, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	s := &spanReport{view: v}
	_ = form.Query(r, &s.in) // they are all texts
	departments, states, levels := map[string]int{}, map[string]int{}, map[string]int{}
	titles := map[string]string{}
	words := strings.Fields(strings.ToLower(s.in.Text))
	for _, span := range v.Spans(&v.Bands) {
		s.all++
		s.reports += span.Direct.All()
		s.count(&span)
		state, level := stateKey(&span), levelKey(&span)
		departments[span.Seat.Department]++
		states[state]++
		levels[level]++
		if span.Role != nil {
			titles[level] = span.Role.Title
		}
		if s.in.fits(&span, state, level) && matches(span.Node, words) {
			s.rows = append(s.rows, span)
		}
	}
	for _, f := range v.Findings() {
		if f.Rule == chart.SameLayer || f.Rule == chart.ReportsTo || f.Rule == chart.TooDeep {
			s.lines++
			s.findings = append(s.findings, f)
		}
	}
	s.sort()
	s.total = len(s.rows)
	s.facets = []ui.Facet{
		{Label: "Findings", Name: "state", Choices: choicesOf(states, stateName)},
		{Label: "Department", Name: "department", Choices: choicesOf(departments, same)},
		{Label: "Level", Name: "kind", Choices: choicesOf(levels, func(k string) string { return titles[k] })},
	}
	s.facets = slices.DeleteFunc(s.facets, func(f ui.Facet) bool { return len(f.Choices) < 2 })
	return s, nil
}

func (f *spanFilter) fits(s *chart.Span, state, level string) bool {
	return (f.Department == "" || s.Seat.Department == f.Department) && (f.State == "" || state == f.State) && (f.Level == "" || level == f.Level)
}

// count notes which bands a span leaves.
func (s *spanReport) count(span *chart.Span) {
	role := false
	for _, f := range span.Findings {
		switch f.Rule {
		case chart.CompanySpan:
			s.company++
		case chart.RoleSpan, chart.TotalSpan:
			role = true
		}
	}
	if role {
		s.role++
	}
}

// stateKey is by what a span is found with the filter.
func stateKey(s *chart.Span) string { return cmp.Or(string(s.Worst()), "none") }

func stateName(key string) string {
	switch key {
	case "none":
		return "None"
	case string(chart.Minor):
		return "Notes"
	case string(chart.Problem):
		return "Problems"
	}
	return "Attention"
}

// levelKey is that of a level, whichever version it is of.
func levelKey(s *chart.Span) string {
	if s.Role == nil {
		return ""
	}
	return string(s.Role.Pin.Family) + "#" + string(s.Role.Pin.Level)
}

// sort puts the rows in the order that is asked for; without one they stand as in
// the tree.
func (s *spanReport) sort() {
	key, down := strings.CutPrefix(s.in.Sort, "-")
	compare := map[string]func(x, y *chart.Span) int{
		"name": func(x, y *chart.Span) int {
			return strings.Compare(strings.ToLower(x.Called()), strings.ToLower(y.Called()))
		},
		"level":  func(x, y *chart.Span) int { return compareGrades(x.Role, y.Role) },
		"direct": func(x, y *chart.Span) int { return cmp.Compare(x.Direct.All(), y.Direct.All()) },
		"total":  func(x, y *chart.Span) int { return cmp.Compare(x.Total.All(), y.Total.All()) },
	}[key]
	if compare == nil {
		return
	}
	slices.SortStableFunc(s.rows, func(x, y chart.Span) int {
		if down {
			x, y = y, x
		}
		return compare(&x, &y)
	})
}

func compareGrades(x, y *chart.Role) int {
	switch {
	case x == nil || x.Grade == "":
		if y == nil || y.Grade == "" {
			return 0
		}
		return -1
	case y == nil || y.Grade == "":
		return 1
	}
	return policy.CompareGrades(x.Grade, y.Grade)
}

func (h *pages) spans(w http.ResponseWriter, r *http.Request) error {
	s, err := h.spanReportOf(r)
	if err != nil {
		return err
	}
	s.rows, s.next = pageFrom(s.rows, s.in.After, spanRows, func(s *chart.Span) string { return string(s.ID) })
	return web.Show(w, r, spansPage(s))
}

// tiles are the numbers above the report.
func (s *spanReport) tiles() []ui.Tile {
	mean := ""
	if s.all > 0 {
		mean = fmt.Sprintf("%.1f", float64(s.reports)/float64(s.all))
	}
	state := func(n int, bad ui.State) (ui.State, string) {
		if n == 0 {
			return ui.OK, "All within"
		}
		return bad, "Outside"
	}
	company, companyWord := state(s.company, stateOf(s.Bands.OutsideCompany))
	role, roleWord := state(s.role, stateOf(s.Bands.OutsideRole))
	lines, linesWord := ui.OK, "As pages and policy say"
	if s.lines > 0 {
		lines, linesWord = ui.Warn, "Look at them"
	}
	return []ui.Tile{
		{Name: "Leaders", Value: strconv.Itoa(s.all)},
		{Name: "Average span", Value: mean, Note: "aim " + strconv.Itoa(s.Bands.Aim) + ", vacant positions counted"},
		{Name: "Company band", Value: strconv.Itoa(s.company), State: company, Word: companyWord, Note: s.Bands.Company.Words()},
		{Name: "Bands of roles", Value: strconv.Itoa(s.role), State: role, Word: roleWord},
		{Name: "Reporting lines", Value: strconv.Itoa(s.lines), State: lines, Word: linesWord, Href: "#lines"},
	}
}

// shortOf says a finding of a span in a few words; the numbers stand beside it.
func shortOf(s *chart.Span, f *chart.Finding, company *chart.Limit) string {
	below := func(n int, l *chart.Limit) string {
		if n < l.Min {
			return "Below"
		}
		return "Above"
	}
	switch f.Rule {
	case chart.CompanySpan:
		return below(s.Direct.All(), company) + " the company band"
	case chart.RoleSpan:
		return below(s.Direct.All(), &s.Role.Direct) + " the role's band"
	case chart.TotalSpan:
		return below(s.Counted, &s.Role.Total) + " the role's total"
	}
	return capital(f.Said)
}

// note says how many leaders are listed.
func (s *spanReport) note() string {
	words := counted(s.total, "leader", "leaders")
	if s.in.isOn() {
		words += " found"
	}
	return words
}

// csv is the address of the same report as a file.
func (s *spanReport) csv() *url.URL {
	u := *s.url
	u.Path += ".csv"
	return &u
}

// totalWords says what a role's page wants of the whole organisation.
func totalWords(l *chart.Limit) string {
	words := l.Words()
	if len(l.Of) > 0 {
		words += " " + strings.Join(l.Of, ", ")
	}
	return words
}

// linesShown are the reporting lines of the page: a few at first.
func (s *spanReport) linesShown() []chart.Finding {
	if s.in.Lines != "" {
		return s.findings[:min(len(s.findings), mostLines)]
	}
	return s.findings[:min(len(s.findings), mostFindings)]
}

const mostLines = 500

func (h *pages) spansCSV(w http.ResponseWriter, r *http.Request) error {
	s, err := h.spanReportOf(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="spans-%s.csv"`, s.Day))
	out := csv.NewWriter(w)
	_ = out.Write([]string{
		"position", "holder", "title", "department", "level", "grade", "direct_filled", "direct_vacant", "role_min", "role_max",
		"company_min", "company_max", "total_filled", "total_vacant", "role_total_counted", "role_total_min", "findings",
	}) // what fails is told by Flush
	for i := range s.rows {
		_ = out.Write(s.record(&s.rows[i]))
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fault.New(fault.Internal, "write the report of spans: %w", err)
	}
	return nil
}

// record is a row of the file.
func (s *spanReport) record(span *chart.Span) []string {
	holder := ""
	if span.Holder != nil {
		holder = span.Holder.Name
	}
	role := &chart.Role{}
	if span.Role != nil {
		role = span.Role
	}
	said := make([]string, len(span.Findings))
	for i, f := range span.Findings {
		said[i] = string(f.Severity) + ": " + f.Said
	}
	row := []string{string(span.ID), holder, span.Seat.Title, span.Seat.Department, role.Title, role.Grade}
	for _, n := range []int{
		span.Direct.Filled, span.Direct.Vacant, role.Direct.Min, role.Direct.Max, s.Bands.Company.Min, s.Bands.Company.Max,
		span.Total.Filled, span.Total.Vacant, span.Counted, role.Total.Min,
	} {
		row = append(row, strconv.Itoa(n))
	}
	row = append(row, strings.Join(said, "; "))
	for i := range row {
		row[i] = harmless(row[i])
	}
	return row
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
