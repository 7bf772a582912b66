package orgweb

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A what-if stands in the address of its page. Nothing is kept, the address can be
// sent to somebody, and the browser's way back is the way back.

// The bounds of a what-if in an address.
const (
	mostSteps     = 40
	mostStepBytes = 16_000
)

// A trial is a what-if, as its page shows it.
type trial struct {
	*view           // as it is
	after   *view   // as it would be; the same without steps
	steps   []tried // all that are in the address
	taken   []chart.Step
	effect  *chart.Effect
	do      string // the kind of step that the form is of
	form    *form.Form
	choices map[string][]ui.Choice // what was found for a field
	name    *form.Form             // of the scenario that it is to be kept as
	kept    *org.Scenario          // from which it comes; nil is none
}

// A step that was tried, and why it was refused.
type tried struct {
	chart.Step
	err error
}

// The kinds of steps that the page offers.
var stepKinds = []struct{ key, label string }{
	{"move", "Move a position"}, {"add", "Add a position"}, {"vacate", "Vacate a position"}, {"level", "Change a level"}, {"close", "Close a position"},
}

// A stepForm is what is typed for a step.
type stepForm struct {
	Do            string `form:"do"`
	Go            string `form:"go"`
	Position      string `form:"position"`
	PositionFound string `form:"position_choice"`
	Manager       string `form:"manager"`
	ManagerFound  string `form:"manager_choice"`
	Title         string `form:"title"`
	Department    string `form:"department"`
	Level         string `form:"level"`
	Scenario      string `form:"scenario"`
}

// encode writes steps for an address, and stepsOf reads those of an address or a
// form.
func encode(steps ...chart.Step) string {
	text, err := json.Marshal(steps)
	if err != nil {
		panic(err) // it is texts alone
	}
	return string(text)
}

func stepsOf(values url.Values) (steps []chart.Step, err error) {
	text := values.Get("steps")
	if text == "" {
		return nil, nil
	}
	if len(text) > mostStepBytes {
		return nil, tooMany()
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&steps); err != nil || d.More() {
		return nil, fault.New(fault.Invalid, "the address holds steps that cannot be read: begin anew")
	}
	if len(steps) > mostSteps {
		return nil, tooMany()
	}
	return steps, nil
}

func tooMany() error {
	return fault.New(fault.Invalid, "a what-if has at most %d steps here: keep it as a scenario, and go on from there", mostSteps)
}

// trialOf reads a what-if: what its steps come to, and which are refused.
func (h *pages) trialOf(r *http.Request, steps []chart.Step) (*trial, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	t := &trial{view: v, after: v, choices: map[string][]ui.Choice{}, name: &form.Form{ID: "keep"}}
	if r.URL.Query().Get("day") != "" && len(steps) > 0 {
		steps = org.Moved(steps, v.Day)
	}
	d := v.Book.Draft()
	last := v.Day
	for _, s := range steps {
		err := d.Apply(s)
		t.steps = append(t.steps, tried{s, err})
		if err == nil {
			t.taken = append(t.taken, s)
			last = max(last, s.Day)
		}
	}
	if len(t.taken) == 0 {
		return t, nil
	}
	before, after, err := h.org.WhatIf(r.Context(), auth.From(r.Context()), last, t.taken)
	if err != nil {
		return nil, err
	}
	t.view, t.after = v.on(before), v.on(after)
	t.effect = chart.Compare(before.Chart, after.Chart, before.Findings(), after.Findings())
	return t, nil
}

func (h *pages) whatIf(w http.ResponseWriter, r *http.Request) error {
	steps, err := stepsOf(r.URL.Query())
	if err != nil {
		return err
	}
	t, err := h.trialOf(r, steps)
	if err != nil {
		return err
	}
	var in stepForm
	t.form = form.Query(r, &in)
	t.do = in.Do
	if !slices.ContainsFunc(stepKinds, func(k struct{ key, label string }) bool { return k.key == t.do }) {
		t.do = stepKinds[0].key
	}
	if in.Scenario != "" {
		if t.kept, err = h.org.Scenario(r.Context(), auth.From(r.Context()), in.Scenario); err != nil {
			return err
		}
		t.name = form.New(&scenarioForm{Name: t.kept.Name})
		t.name.ID = "keep"
	}
	if in.Go != "" {
		if step, ok := t.read(&in); ok {
			if len(t.steps) == mostSteps {
				t.form.Refuse(tooMany(), "")
			} else if err := t.try(step); err == nil {
				return web.Redirect(w, r, t.with(step))
			} else if !t.form.Refuse(err, t.field()) {
				return err
			}
		}
	} else if n := t.after.Node(org.PositionID(in.Position)); n != nil { // a page led here with a position
		t.form.Values.Set("position", label(n))
		t.form.Values.Set("position_choice", string(n.ID))
	}
	return web.Show(w, r, whatIfPage(t))
}

// read makes a step of what was typed. It reports whether all is there.
func (t *trial) read(in *stepForm) (chart.Step, bool) {
	s := chart.Step{Day: t.day(), Position: "", Kind: chart.Change}
	position := func() {
		s.Position = t.choose("position", in.Position, in.PositionFound)
		if s.Position == "" {
			t.form.Wrong("position", "say which position")
		}
	}
	manager := func(needed bool) {
		m := t.choose("manager", in.Manager, in.ManagerFound)
		if m == "" && needed {
			t.form.Wrong("manager", "say whom it reports to")
		}
		s.Manager = &m
	}
	pin := func() {
		if p := choosePin(t.form, "level", in.Level); p != (catalog.Pin{}) {
			s.Pin = &p
		}
	}
	switch t.do {
	case "add":
		s.Kind, s.Position, s.Title, s.Department = chart.Open, org.NewPositionID(), &in.Title, &in.Department
		if strings.TrimSpace(in.Title) == "" {
			t.form.Wrong("title", "Fill this in.")
		}
		pin()
		manager(len(t.after.Nodes) > 0)
		if n := t.after.Node(*s.Manager); n != nil && in.Department == "" {
			s.Department = &n.Seat.Department
		}
	case "vacate":
		position()
		s.Kind = chart.Vacate
		if n := t.after.Node(s.Position); n != nil {
			if n.Who() == nil {
				t.form.Wrong("position", "nobody holds it")
			} else {
				s.Person = n.Who().ID
			}
		}
	case "close":
		position()
		s.Kind = chart.Close
	case "level":
		position()
		pin()
		if s.Pin == nil {
			t.form.Wrong("level", "choose a level")
		}
	default:
		position()
		manager(true)
	}
	return s, t.form.OK()
}

// choose finds a position that was typed, among those that would be there.
func (t *trial) choose(field, text, chosen string) org.PositionID {
	if n := t.after.Node(org.PositionID(chosen)); n != nil && text != "" && !strings.EqualFold(text, label(n)) && !matches(n, strings.Fields(strings.ToLower(text))) {
		chosen = "" // another one was typed since
	}
	id, choices := t.after.choosePosition(t.form, field, text, chosen)
	t.choices[field] = choices
	return id
}

// day is from which day on the next step counts.
func (t *trial) day() calendar.Day { return t.Day }

// try tells whether a step could follow those that are taken.
func (t *trial) try(step chart.Step) error {
	d := t.Book.Draft()
	for _, s := range t.taken {
		if err := d.Apply(s); err != nil {
			return err
		}
	}
	return d.Apply(step)
}

// field is beside which a refused step is told.
func (t *trial) field() string {
	switch t.do {
	case "move":
		return "manager"
	case "add":
		return "title"
	}
	return "position"
}

// address is that of the what-if with some of its steps.
func (t *trial) address(steps ...chart.Step) string {
	q := url.Values{}
	if day := t.url.Query().Get("day"); day != "" {
		q.Set("day", day)
	}
	if t.do != "" && t.do != stepKinds[0].key {
		q.Set("do", t.do)
	}
	if t.kept != nil {
		q.Set("scenario", t.kept.ID)
	}
	if len(steps) > 0 {
		q.Set("steps", encode(steps...))
	}
	if len(q) == 0 {
		return "/org/what-if"
	}
	return "/org/what-if?" + q.Encode()
}

// all are the steps of the address, also those that are refused.
func (t *trial) all() []chart.Step {
	all := make([]chart.Step, len(t.steps))
	for i := range t.steps {
		all[i] = t.steps[i].Step
	}
	return all
}

func (t *trial) with(step chart.Step) string { return t.address(append(t.all(), step)...) }

// without is the address without one of the steps.
func (t *trial) without(i int) string { return t.address(slices.Delete(t.all(), i, i+1)...) }

// kind is the address of the form of another kind of step. What was typed is
// kept, as far as the form has the same fields.
func (t *trial) kind(key string) string {
	q := t.url.Query()
	q.Set("do", key)
	q.Del("go")
	return "/org/what-if?" + q.Encode()
}

// refused counts the steps that are.
func (t *trial) refused() int {
	n := 0
	for i := range t.steps {
		if t.steps[i].err != nil {
			n++
		}
	}
	return n
}

// sayStep tells what a step would do, by the names that are there afterwards.
func sayStep(v *view, s *chart.Step) string {
	var b bytes.Buffer
	switch n := v.Node(s.Position); {
	case s.Kind == chart.Change && n != nil && s.Manager != nil && s.Pin == nil && s.Title == nil: // a move
		b.WriteString(label(n) + " reports to " + orTop(v, *s.Manager))
	case s.Kind == chart.Change && n != nil && s.Pin != nil && s.Manager == nil && n.Role != nil:
		b.WriteString(label(n) + " has the level " + n.Role.Title)
	case s.Kind == chart.Open && s.Title != nil && s.Manager != nil:
		b.WriteString("A new position, " + *s.Title + ", reports to " + orTop(v, *s.Manager))
	case s.Kind == chart.Vacate:
		b.WriteString(titleOf(v.Book, s.Position) + " is vacant: " + nameOf(v.Book, s.Person) + " leaves it")
	default:
		b.WriteString(said(v.Book, s))
	}
	return b.String()
}

func orTop(v *view, id org.PositionID) string {
	if n := v.Node(id); n != nil {
		return label(n)
	}
	if id == "" {
		return "nobody"
	}
	return titleOf(v.Book, id)
}

// touched are the positions that steps are about.
func touched(steps []chart.Step) map[org.PositionID]bool {
	ids := map[org.PositionID]bool{}
	for i := range steps {
		ids[steps[i].Position] = true
	}
	return ids
}

// mostBranches is how many changed leaders are drawn.
const mostBranches = 8

// branches are the parts of the tree whose leaders have other reports, as they
// would be.
func branches(after *view, e *chart.Effect, steps []chart.Step) []ui.Twig {
	about := touched(steps)
	var twigs []ui.Twig
	for i := range e.Spans {
		s := &e.Spans[i]
		if !s.Direct || s.After == nil || len(twigs) == mostBranches {
			continue
		}
		t := after.twig(s.After, 2, "")
		mark(&t, about, "b"+formatInt(int64(i))+"-")
		twigs = append(twigs, t)
	}
	return twigs
}

// mark marks what steps are about, and gives each place an id of its own: one may
// stand in several branches.
func mark(t *ui.Twig, about map[org.PositionID]bool, prefix string) {
	t.Here = about[org.PositionID(strings.TrimPrefix(t.ID, "p-"))]
	t.ID = prefix + t.ID
	for i := range t.Below {
		mark(&t.Below[i], about, prefix)
	}
}
