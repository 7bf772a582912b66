// Package orgweb holds the pages of the organisation: the tree, people and
// positions, spans, claims, coverage, groups, what-if and history.
//
// There is one file for each page, with its template beside it. A page asks the
// service and shows what it says; it decides nothing about people. Every page
// takes a day, so that yesterday and next month can be looked at; whatever a
// rule says leads back to the line, or the value of the policy, that states it.
package orgweb

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Options are what the pages need of the server.
type Options struct {
	// Names returns the names of principals, for who changed something. It may be
	// nil.
	Names func(ctx context.Context, ids ...auth.PrincipalID) (map[auth.PrincipalID]string, error)
	// Formats are the forms in which the organisation can be taken along.
	Formats []Format
}

// Register adds the pages.
func Register(site *web.Site, s *org.Service, c *catalog.Service, o Options) {
	h := &pages{s, c, o}
	site.Room(web.Room{Label: "Organisation", Href: "/org", Icon: ui.IconOrg, Below: []string{"/people", "/positions", "/scenarios", "/hierarchy"}})
	site.Get("/org", h.tree)
	site.Get("/org/below/{position}", h.branch)
	site.Get("/chart", h.publicChart, web.Open)
	site.Get("/people", h.people)
	site.Get("/people/new", h.newPerson)
	site.Post("/people/new", h.addPerson)
	site.Get("/people/{person}", h.person)
	site.Get("/people/{person}/edit", h.editPerson)
	site.Post("/people/{person}/edit", h.savePerson)
	site.Get("/people/{person}/stay", h.editStay)
	site.Post("/people/{person}/stay", h.saveStay)
	site.Get("/people/{person}/leave", h.askLeave)
	site.Post("/people/{person}/leave", h.leave)
	site.Get("/positions/new", h.newPosition)
	site.Post("/positions/new", h.openPosition)
	site.Get("/positions/{position}", h.position)
	site.Get("/positions/{position}/duties", h.duties)
	site.Get("/positions/{position}/ladder", h.ladder)
	site.Get("/positions/{position}/change", h.editPosition)
	site.Post("/positions/{position}/change", h.changePosition)
	site.Get("/positions/{position}/fill", h.askFill)
	site.Post("/positions/{position}/fill", h.fill)
	site.Get("/positions/{position}/vacate", h.askVacate)
	site.Post("/positions/{position}/vacate", h.vacate)
	site.Get("/positions/{position}/close", h.askClose)
	site.Post("/positions/{position}/close", h.closePosition)
	site.Post("/positions/{position}/withdraw", h.withdraw)
	site.Post("/org/changes/{change}/undo", h.undo)
	h.registerReports(site)
	registerImport(site, s)
}

type pages struct {
	org     *org.Service
	catalog *catalog.Service
	options Options
}

// A view is what every page of the room has: the chart of the day that was
// asked for.
type view struct {
	*org.Chart
	today calendar.Day
	url   *url.URL
	may   bool // change the organisation
}

// look reads the chart of the day in the address, which is today if there is
// none.
func (h *pages) look(r *http.Request) (*view, error) {
	v := &view{today: h.org.Today(), url: r.URL, may: h.org.MayChange(auth.From(r.Context()))}
	day := v.today
	if text := r.URL.Query().Get("day"); text != "" {
		var err error
		if day, err = calendar.ParseDay(text); err != nil {
			return nil, err
		}
	}
	var err error
	v.Chart, err = h.org.Chart(r.Context(), auth.From(r.Context()), day)
	return v, err
}

// is reports whether the day is another one than today.
func (v *view) isOtherDay() bool { return v.Day != v.today }

// to returns the address of a page on the same day.
func (v *view) to(address string) string {
	if v.Day == v.today {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Set("day", string(v.Day))
	u.RawQuery = q.Encode()
	return u.String()
}

// toPosition and toPerson lead to a page on the same day.
func (v *view) toPosition(id org.PositionID) string { return v.to(org.PositionAddress(id)) }
func (v *view) toPerson(id org.PersonID) string     { return v.to(org.PersonAddress(id)) }

// tabs lead through what there is of the organisation.
func (v *view) tabs(on string) []ui.Tab {
	tabs := []ui.Tab{
		{Label: "Tree", Href: "/org"},
		{Label: "Picture", Href: "/org/picture"},
		{Label: "People", Href: "/people"},
		{Label: "Spans", Href: "/org/spans", Count: v.outside()},
		{Label: "Claims", Href: "/org/claims"},
		{Label: "Coverage", Href: "/org/coverage"},
		{Label: "Groups", Href: "/org/groups"},
		{Label: "What if", Href: "/org/what-if"},
		{Label: "Changes", Href: "/org/changes"},
		{Label: "Product", Href: "/hierarchy"},
	}
	for i := range tabs {
		tabs[i].On = tabs[i].Href == on
		tabs[i].Href = v.to(tabs[i].Href)
	}
	return tabs
}

// outside counts the findings that need attention.
func (v *view) outside() string {
	n := 0
	for _, f := range v.Findings() {
		if f.Severity != chart.Minor {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// source returns the place that states something, to be shown.
func (v *view) source(c chart.Cite) ui.Line {
	switch {
	case c.Policy != "":
		return ui.Line{File: c.Policy, Tag: "policy", Href: chosen.Address(c.Policy)}
	case c.Line == 0:
		return ui.Line{}
	}
	return ui.Line{
		File: path.Base(c.Path), N: c.Line,
		Href: fmt.Sprintf("%s/v/%d/source#L%d", c.Family.Address(), c.Version, c.Line),
	}
}

// stateOf returns how a severity is shown.
func stateOf(s chart.Severity) ui.State {
	switch s {
	case chart.Problem, chart.Attention:
		return ui.Bad
	case chart.Minor:
		return ui.Warn
	}
	return ui.Plain
}

// wordOf returns what a severity is called.
func wordOf(s chart.Severity) string {
	switch s {
	case chart.Problem:
		return "Problem"
	case chart.Attention:
		return "Attention"
	}
	return "Note"
}

// names returns how principals are called.
func (h *pages) names(ctx context.Context, ids ...auth.PrincipalID) (people, error) {
	if h.options.Names == nil {
		return nil, nil
	}
	return h.options.Names(ctx, ids...)
}

// people are the names of principals.
type people map[auth.PrincipalID]string

func (p people) name(id auth.PrincipalID) string {
	switch {
	case id == "":
		return "Cadre"
	case p[id] != "":
		return p[id]
	}
	return "a former member"
}

// asFlaw returns the field that the service found wrong.
func asFlaw(err error) (*org.Flaw, bool) { return errors.AsType[*org.Flaw](err) }

func noPage(r *http.Request) error {
	return fault.New(fault.NotFound, "there is no page %s", r.URL.Path)
}

// counted returns a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// refuse shows in a form what the service does not take: beside the field that
// it names, or at the given one. It reports whether it did.
func refuse(f *form.Form, err error, field string) bool {
	if flaw, ok := asFlaw(err); ok {
		field = flaw.Field
	}
	return f.Refuse(err, field)
}

// done leads on after a change, with a way to take it back.
func done(w http.ResponseWriter, r *http.Request, to, text string, change int64) error {
	return web.Done(w, r, to, ui.Toast{Text: text, Undo: fmt.Sprintf("/org/changes/%d/undo", change)})
}

// undo takes a change back.
func (h *pages) undo(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.ParseInt(r.PathValue("change"), 10, 64)
	if err != nil {
		return noPage(r)
	}
	if _, err := h.org.Undo(r.Context(), auth.From(r.Context()), n); err != nil {
		return err
	}
	back := "/org"
	if u, err := url.Parse(r.Referer()); err == nil && u.Path != "" {
		back = web.Local(u.RequestURI())
	}
	return web.Done(w, r, back, ui.Toast{Text: "Taken back."})
}
