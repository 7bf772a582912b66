package orgweb

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// gapRows is how many positions a page of the board has.
const gapRows = 50

// A board is what the page of coverage shows.
type board struct {
	*view
	rule   *policy.OrgVacancies
	gaps   []chart.Gap
	total  int
	counts map[string]int // by kind
	alerts int            // positions with something that needs attention
	soon   int            // those that end soon
	next   string
	facets []ui.Facet
	isOn   bool // something is filtered
	bonus  *form.Form
	result *bonusOf
}

// bonusOf is a bonus that was worked out.
type bonusOf struct {
	salary, bonus int64 // in hundredths
	days          int
}

// coverageOf reads the board of a request.
func (h *pages) coverageOf(r *http.Request) (*board, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		Kind       string `form:"kind"`
		Department string `form:"department"`
		State      string `form:"state"`
		After      string `form:"after"`
	}
	_ = form.Query(r, &in) // they are all texts
	u := *r.URL
	u.Path, v.url = "/org/coverage", &u
	b := &board{view: v, rule: &v.Policy.Rooms().Org.Vacancies, counts: map[string]int{}, bonus: &form.Form{ID: "bonus"}, isOn: in.Kind+in.Department+in.State != ""}
	departments, states := map[string]int{}, map[string]int{}
	for _, g := range v.Coverage(b.rule) {
		kind, state := gapKind(&g), "none"
		b.counts[kind]++
		departments[g.Seat.Department]++
		if worst := g.Worst(); worst != "" {
			state = string(worst)
		}
		states[state]++
		if g.Worst() == chart.Attention {
			b.alerts++
		}
		if slices.ContainsFunc(g.Alerts, func(f chart.Finding) bool { return f.Rule == chart.EndsSoon }) {
			b.soon++
		}
		if (in.Kind == "" || in.Kind == kind) && (in.Department == "" || in.Department == g.Seat.Department) && (in.State == "" || in.State == state) {
			b.gaps = append(b.gaps, g)
		}
	}
	b.total = len(b.gaps)
	b.gaps, b.next = pageFrom(b.gaps, in.After, gapRows, func(g *chart.Gap) string { return string(g.ID) })
	b.facets = slices.DeleteFunc([]ui.Facet{
		{Label: "Covered by", Name: "kind", Choices: choicesOf(b.counts, gapName)},
		{Label: "Alerts", Name: "state", Choices: choicesOf(states, stateName)},
		{Label: "Department", Name: "department", Choices: choicesOf(departments, same)},
	}, func(f ui.Facet) bool { return len(f.Choices) < 2 })
	return b, nil
}

// gapKind is by what a gap is found with the filter.
func gapKind(g *chart.Gap) string {
	if g.Covered == nil {
		return "vacant"
	}
	return string(g.Kind())
}

func gapName(kind string) string {
	if kind == "vacant" {
		return "Nobody"
	}
	return capital(chart.HoldingKind(kind).Words())
}

func (h *pages) coverage(w http.ResponseWriter, r *http.Request) error {
	b, err := h.coverageOf(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, coveragePage(b))
}

// bonus works out what an interim role pays. What was typed is kept nowhere.
func (h *pages) bonus(w http.ResponseWriter, r *http.Request) error {
	b, err := h.coverageOf(r)
	if err != nil {
		return err
	}
	var in struct {
		Salary string `form:"salary,required"`
		Days   int    `form:"days,required"`
	}
	if b.bonus, err = form.Read(r, &in); err != nil {
		return err
	}
	b.bonus.ID = "bonus"
	salary, err := org.ParseSalary(in.Salary)
	if err != nil && in.Salary != "" {
		b.bonus.Refuse(err, "salary")
	}
	if most := 366; in.Days < 0 || in.Days > most {
		b.bonus.Wrong("days", "enter calendar days, at most %d", most)
	}
	if !b.bonus.OK() {
		return web.Again(w, r, coveragePage(b))
	}
	b.result = &bonusOf{salary: salary, days: in.Days, bonus: org.Bonus(&b.rule.Interim, salary, in.Days)}
	w.Header().Set("Cache-Control", "no-store")
	return web.Show(w, r, coveragePage(b))
}

// money writes an amount in hundredths with separators: 12,345.60.
func money(n int64) string {
	whole := strconv.FormatInt(n/100, 10)
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	return fmt.Sprintf("%s.%02d", whole, n%100)
}

// tiles are the numbers above the board.
func (b *board) tiles() []ui.Tile {
	tiles := []ui.Tile{{Name: "Vacant", Value: strconv.Itoa(b.counts["vacant"]), Note: "covered by nobody", Href: ui.Address(b.url, "kind", "vacant", "after", "")}}
	for _, k := range []chart.HoldingKind{chart.Acting, chart.Interim, chart.LifeSupport} {
		tiles = append(tiles, ui.Tile{Name: capital(k.Words()), Value: strconv.Itoa(b.counts[string(k)]), Href: ui.Address(b.url, "kind", string(k), "after", "")})
	}
	alerts, word := ui.OK, "None too long"
	if b.alerts > 0 {
		alerts, word = ui.Bad, "Too long"
	}
	return append(
		tiles,
		ui.Tile{Name: "Past " + counted(b.rule.Interim.MostMonths, "month", "months"), Value: strconv.Itoa(b.alerts), State: alerts, Word: word},
		ui.Tile{Name: "End soon", Value: strconv.Itoa(b.soon), Note: "within " + strconv.Itoa(b.rule.Interim.LeastDays) + " days"},
	)
}

// alertWord says an alert in a word or two.
func alertWord(f *chart.Finding) string {
	switch f.Rule {
	case chart.TooLong:
		return "Too long"
	case chart.TooShort:
		return "Too short"
	}
	return capital(f.Said)
}

// lasts says how long a gap has lasted on the day.
func (b *board) lasts(g *chart.Gap) string {
	return "day " + strconv.Itoa(g.Since().Until(b.Day)+1)
}
