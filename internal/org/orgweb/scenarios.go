package orgweb

import (
	"net/http"
	"net/url"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A scenarioList is what the page of scenarios shows.
type scenarioList struct {
	*view
	all   []*org.Scenario
	names people
}

func (h *pages) scenarios(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	l := &scenarioList{view: v}
	if l.all, err = h.org.Scenarios(r.Context(), auth.From(r.Context())); err != nil {
		return err
	}
	var ids []auth.PrincipalID
	for _, s := range l.all {
		ids = append(ids, s.By)
	}
	if l.names, err = h.names(r.Context(), ids...); err != nil {
		return err
	}
	return web.Show(w, r, scenariosPage(l))
}

// A scenarioForm is what is typed to keep a what-if.
type scenarioForm struct {
	Name string `form:"name,required"`
}

// saveScenario keeps a what-if, as a new scenario or in the place of one.
func (h *pages) saveScenario(w http.ResponseWriter, r *http.Request) error {
	var in scenarioForm
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	f.ID = "keep"
	steps, err := stepsOf(f.Values)
	if err != nil {
		return err
	}
	if f.OK() {
		sc, err := h.org.SaveScenario(r.Context(), auth.From(r.Context()), r.URL.Query().Get("scenario"), in.Name, steps)
		if err == nil {
			return web.Done(w, r, scenarioAddress(sc, ""), ui.Toast{Text: sc.Name + " is kept."})
		}
		if !refuse(f, err, "name") {
			return err
		}
	}
	t, err := h.trialOf(r, steps)
	if err != nil {
		return err
	}
	if id := r.URL.Query().Get("scenario"); id != "" {
		if t.kept, err = h.org.Scenario(r.Context(), auth.From(r.Context()), id); err != nil {
			return err
		}
	}
	t.name, t.form, t.do = f, &form.Form{Values: url.Values{}}, stepKinds[0].key
	return web.Again(w, r, whatIfPage(t))
}

func scenarioAddress(s *org.Scenario, part string) string {
	address := "/scenarios/" + s.ID
	if part != "" {
		address += "/" + part
	}
	return address
}

// A scenarioPage is what the pages of one scenario show.
type scenarioPage struct {
	*trial
	scenario *org.Scenario
	maker    string
	form     *form.Form // of the day on which it is applied
}

// findScenario reads a scenario, and what it comes to on the day of the address:
// without one, on the days that its steps say or, if these have passed, today.
func (h *pages) findScenario(r *http.Request) (*scenarioPage, error) {
	sc, err := h.org.Scenario(r.Context(), auth.From(r.Context()), r.PathValue("scenario"))
	if err != nil {
		return nil, err
	}
	steps := sc.Steps
	first := calendar.Never
	for _, s := range steps {
		if s.Day.IsKnown() {
			first = min(first, s.Day)
		}
	}
	if r.URL.Query().Get("day") == "" && sc.Change == 0 && first < h.org.Today() {
		steps = org.Moved(steps, h.org.Today())
	}
	if sc.Change != 0 {
		steps = nil // they are done: there is nothing to try
	}
	t, err := h.trialOf(r, steps)
	if err != nil {
		return nil, err
	}
	t.kept = sc
	p := &scenarioPage{trial: t, scenario: sc}
	names, err := h.names(r.Context(), sc.By)
	if err != nil {
		return nil, err
	}
	p.maker = names.name(sc.By)
	return p, nil
}

func (h *pages) scenario(w http.ResponseWriter, r *http.Request) error {
	p, err := h.findScenario(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, scenarioView(p))
}

// An applyForm is from which day on a scenario is applied.
type applyForm struct {
	Day calendar.Day `form:"day,required"`
}

func (h *pages) askApply(w http.ResponseWriter, r *http.Request) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	p, err := h.findScenario(r)
	if err != nil {
		return err
	}
	if p.scenario.Change != 0 {
		return fault.New(fault.Conflict, "this scenario was applied already")
	}
	p.form = form.New(&applyForm{Day: p.firstDay()})
	return web.Show(w, r, applyPage(p))
}

// firstDay is the day on which the scenario begins.
func (p *scenarioPage) firstDay() calendar.Day {
	first := calendar.Never
	for i := range p.steps {
		if p.steps[i].Day.IsKnown() {
			first = min(first, p.steps[i].Day)
		}
	}
	if !first.IsKnown() {
		return p.today
	}
	return first
}

func (h *pages) apply(w http.ResponseWriter, r *http.Request) error {
	p, err := h.findScenario(r)
	if err != nil {
		return err
	}
	var in applyForm
	if p.form, err = form.Read(r, &in); err != nil {
		return err
	}
	if p.form.OK() {
		n, err := h.org.ApplyScenario(r.Context(), auth.From(r.Context()), p.scenario.ID, in.Day)
		if err == nil {
			return done(w, r, scenarioAddress(p.scenario, ""), p.scenario.Name+" is applied from "+ui.Day(in.Day.Time())+" on.", n)
		}
		if !refuse(p.form, err, "") {
			return err
		}
	}
	return web.Again(w, r, applyPage(p))
}

func (h *pages) askDelete(w http.ResponseWriter, r *http.Request) error {
	p, err := h.findScenario(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, deletePage(p))
}

func (h *pages) deleteScenario(w http.ResponseWriter, r *http.Request) error {
	p, err := h.findScenario(r)
	if err != nil {
		return err
	}
	if err := h.org.RemoveScenario(r.Context(), auth.From(r.Context()), p.scenario.ID); err != nil {
		return err
	}
	return web.Done(w, r, "/scenarios", ui.Toast{Text: p.scenario.Name + " is deleted."})
}
