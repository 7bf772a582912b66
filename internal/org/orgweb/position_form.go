package orgweb

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A clash is what somebody else did to a thing while its form was filled in.
type clash struct {
	entries []org.Entry
	names   people
}

// overtaken turns the error that somebody else was faster into what the form
// shows: what they did, and all that was typed. Any other error is returned.
func (h *pages) overtaken(r *http.Request, v *view, f *form.Form, err error) (*clash, error) {
	o, ok := errors.AsType[*org.Overtaken](err)
	if !ok {
		return nil, err
	}
	names, err := h.authors(r, o.Since)
	if err != nil {
		return nil, err
	}
	f.Wrong("", "somebody else has changed it meanwhile: look at what they did, and send again if yours still holds")
	f.Values.Set("seen", formatInt(v.Revision))
	return &clash{o.Since, names}, nil
}

// A placeForm is what the form of a position holds.
type placeForm struct {
	Day          calendar.Day `form:"day,required"`
	Title        string       `form:"title,required"`
	Level        string       `form:"level"`
	Specialty    string       `form:"specialty"`
	Department   string       `form:"department"`
	Manager      string       `form:"manager"`
	ManagerFound string       `form:"manager_choice"`
	Number       string       `form:"number"`
	Seen         int64        `form:"seen"`
}

// A placeView is what the form of a position shows.
type placeView struct {
	*view
	position *positionView // nil for one that is opened
	form     *form.Form
	managers []ui.Choice // what the manager could be
	levels   []ui.Choice
	late     *clash
}

func (h *pages) newPosition(w http.ResponseWriter, r *http.Request) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	v, err := h.look(r)
	if err != nil {
		return err
	}
	in := placeForm{Day: v.Day}
	if n := v.Node(org.PositionID(r.URL.Query().Get("manager"))); n != nil {
		in.Manager, in.Department = label(n), n.Seat.Department
	}
	return web.Show(w, r, placePage(&placeView{view: v, form: form.New(&in), levels: v.levels(catalog.Pin{})}))
}

func (h *pages) openPosition(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	var in placeForm
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	p := &placeView{view: v, form: f, levels: v.levels(catalog.Pin{})}
	place := h.read(r, p, &in)
	if f.OK() {
		id := org.NewPositionID()
		step := chart.Step{
			Kind: chart.Open, Position: id, Day: in.Day,
			Title: &place.Title, Pin: &place.Pin, Specialty: &place.Specialty, Department: &place.Department, Manager: &place.Manager,
		}
		c := org.Change{Steps: []chart.Step{step}}
		if in.Number != "" {
			c.Numbers = map[org.PositionID]string{id: in.Number}
		}
		n, err := h.org.Do(r.Context(), auth.From(r.Context()), c)
		if err == nil {
			return done(w, r, org.PositionAddress(id)+"?day="+string(max(in.Day, v.today)), place.Title+" is open from "+ui.Day(in.Day.Time())+" on.", n)
		}
		if !refuse(f, err, "") {
			return err
		}
	}
	return web.Again(w, r, placePage(p))
}

// read returns the place that a form describes, and notes what cannot be.
func (h *pages) read(r *http.Request, p *placeView, in *placeForm) chart.Place {
	place := chart.Place{Title: in.Title, Specialty: in.Specialty, Department: in.Department}
	place.Manager, p.managers = p.choosePosition(p.form, "manager", in.Manager, in.ManagerFound)
	place.Pin = choosePin(p.form, "level", in.Level)
	h.checkSpecialty(r, p.form, "specialty", in.Specialty, place.Pin)
	return place
}

func (h *pages) editPosition(w http.ResponseWriter, r *http.Request) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	p, err := h.openOn(r)
	if err != nil {
		return err
	}
	seat := p.node.Seat
	in := placeForm{
		Day: max(p.Day, p.today), Title: seat.Title, Specialty: seat.Specialty, Department: seat.Department, Seen: p.Revision,
	}
	if seat.Pin != (catalog.Pin{}) {
		in.Level = seat.Pin.String()
	}
	if up := p.Above(p.node); up != nil {
		in.Manager = label(up)
	}
	return web.Show(w, r, placePage(&placeView{view: p.view, position: p, form: form.New(&in), levels: p.levels(seat.Pin)}))
}

// openOn reads a position that is open on the day.
func (h *pages) openOn(r *http.Request) (*positionView, error) {
	p, err := h.find(r)
	if err == nil && p.node == nil {
		err = noPosition(p.position.ID, p.view)
	}
	return p, err
}

func (h *pages) changePosition(w http.ResponseWriter, r *http.Request) error {
	p, err := h.openOn(r)
	if err != nil {
		return err
	}
	var in placeForm
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	v := &placeView{view: p.view, position: p, form: f, levels: p.levels(p.node.Seat.Pin)}
	place := h.read(r, v, &in)
	if f.OK() {
		step, changed := changing(p, in.Day, place)
		if !changed {
			f.Wrong("", "nothing is otherwise than it was: change a field, or cancel")
			return web.Again(w, r, placePage(v))
		}
		n, err := h.org.Do(r.Context(), auth.From(r.Context()), org.Change{Seen: in.Seen, Steps: []chart.Step{step}})
		if err == nil {
			return done(w, r, p.address(""), changedWords(p, in.Day, &place), n)
		}
		if v.late, err = h.overtaken(r, p.view, f, err); err != nil && !refuse(f, err, "") {
			return err
		}
	}
	return web.Again(w, r, placePage(v))
}

// changing returns the step that makes a position what a form says, from a day
// on.
func changing(p *positionView, day calendar.Day, place chart.Place) (step chart.Step, changed bool) {
	was := p.node.Seat.Place
	if s := p.position.On(day); s != nil {
		was = s.Place
	}
	step = chart.Step{Kind: chart.Change, Position: p.position.ID, Day: day}
	if place.Title != was.Title {
		step.Title, changed = &place.Title, true
	}
	if place.Pin != was.Pin {
		step.Pin, changed = &place.Pin, true
	}
	if place.Specialty != was.Specialty {
		step.Specialty, changed = &place.Specialty, true
	}
	if place.Department != was.Department {
		step.Department, changed = &place.Department, true
	}
	if place.Manager != was.Manager {
		step.Manager, changed = &place.Manager, true
	}
	return step, changed
}

func changedWords(p *positionView, day calendar.Day, place *chart.Place) string {
	words := differs(p.Book, &p.node.Seat.Place, place)
	if day > p.today {
		return p.title() + " " + words + " from " + ui.Day(day.Time()) + " on."
	}
	return p.title() + " " + words + "."
}

// A fillForm is what the form of who gets a position holds.
type fillForm struct {
	Day      calendar.Day      `form:"day,required"`
	Until    calendar.Day      `form:"until"` // the last day
	Who      string            `form:"who,required"`
	WhoFound string            `form:"who_choice"`
	Kind     chart.HoldingKind `form:"kind,required"`
	Move     bool              `form:"move"` // lets go of what they hold
	Seen     int64             `form:"seen"`
}

// A fillView is what it shows.
type fillView struct {
	*positionView
	form *form.Form
	who  []ui.Choice
	late *clash
}

func (h *pages) askFill(w http.ResponseWriter, r *http.Request) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	p, err := h.openOn(r)
	if err != nil {
		return err
	}
	kind := chart.HoldingKind(cmp.Or(r.URL.Query().Get("kind"), string(chart.Regular)))
	if !slices.Contains(chart.HoldingKinds, kind) {
		kind = chart.Regular
	}
	in := fillForm{Day: max(p.Day, p.today), Kind: kind, Seen: p.Revision}
	return web.Show(w, r, fillPage(&fillView{positionView: p, form: form.New(&in)}))
}

func (h *pages) fill(w http.ResponseWriter, r *http.Request) error {
	p, err := h.openOn(r)
	if err != nil {
		return err
	}
	var in fillForm
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	v := &fillView{positionView: p, form: f}
	var who org.PersonID
	if f.OK() {
		who, v.who = p.choosePerson(f, "who", in.Who, in.WhoFound, in.Day)
	}
	if f.OK() {
		var steps []chart.Step
		if held := p.Book.SeatOf(who, in.Day); in.Move && held != nil && in.Kind == chart.Regular {
			steps = append(steps, chart.Step{Kind: chart.Vacate, Position: held.ID, Person: who, Day: in.Day})
		}
		step := chart.Step{Kind: chart.Fill, Position: p.position.ID, Person: who, Day: in.Day, Holding: in.Kind}
		if in.Until != "" {
			step.Until = in.Until.Add(1)
		}
		n, err := h.org.Do(r.Context(), auth.From(r.Context()), org.Change{Seen: in.Seen, Steps: append(steps, step)})
		if err == nil {
			return done(w, r, p.address(""), nameOf(p.Book, who)+" has "+p.title()+" from "+ui.Day(in.Day.Time())+" on.", n)
		}
		if v.late, err = h.overtaken(r, p.view, f, err); err != nil && !refuse(f, err, "") {
			return err
		}
	}
	return web.Again(w, r, fillPage(v))
}

// An endForm is what the forms that end something hold.
type endForm struct {
	Last calendar.Day `form:"last,required"` // the last day on which it is so
	Who  org.PersonID `form:"who"`
	Seen int64        `form:"seen"`
}

// An endView is what they show.
type endView struct {
	*positionView
	form *form.Form
	who  []ui.Choice // who holds or covers the position
	late *clash
}

// holders are those who hold or cover a position, now or later.
func (p *positionView) holders() (who []ui.Choice) {
	for _, hold := range p.position.Holds {
		if hold.Until > p.today {
			who = append(who, ui.Choice{Value: string(hold.Person), Label: nameOf(p.Book, hold.Person) + ", " + hold.Kind.Words() + " " + hold.Span.String()})
		}
	}
	return who
}

func (h *pages) askVacate(w http.ResponseWriter, r *http.Request) error {
	return h.askEnd(w, r, func(v *endView) error { return web.Show(w, r, vacatePage(v)) })
}

func (h *pages) askClose(w http.ResponseWriter, r *http.Request) error {
	return h.askEnd(w, r, func(v *endView) error { return web.Show(w, r, closePage(v)) })
}

func (h *pages) askEnd(_ http.ResponseWriter, r *http.Request, show func(*endView) error) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	p, err := h.openOn(r)
	if err != nil {
		return err
	}
	in := endForm{Last: max(p.Day, p.today), Seen: p.Revision}
	v := &endView{positionView: p, who: p.holders()}
	if len(v.who) > 0 {
		in.Who = org.PersonID(v.who[0].Value)
	}
	v.form = form.New(&in)
	return show(v)
}

func (h *pages) vacate(w http.ResponseWriter, r *http.Request) error {
	return h.end(w, r, func(p *positionView, in *endForm) (chart.Step, string) {
		step := chart.Step{Kind: chart.Vacate, Position: p.position.ID, Person: in.Who, Day: in.Last.Add(1)}
		return step, nameOf(p.Book, in.Who) + " has " + p.title() + " up to " + ui.Day(in.Last.Time()) + "."
	}, func(v *endView) error { return web.Again(w, r, vacatePage(v)) })
}

func (h *pages) closePosition(w http.ResponseWriter, r *http.Request) error {
	return h.end(w, r, func(p *positionView, in *endForm) (chart.Step, string) {
		step := chart.Step{Kind: chart.Close, Position: p.position.ID, Day: in.Last.Add(1)}
		return step, p.title() + " closes after " + ui.Day(in.Last.Time()) + "."
	}, func(v *endView) error { return web.Again(w, r, closePage(v)) })
}

func (h *pages) end(
	w http.ResponseWriter, r *http.Request, step func(*positionView, *endForm) (chart.Step, string), again func(*endView) error,
) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	var in endForm
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	v := &endView{positionView: p, form: f, who: p.holders()}
	if f.OK() {
		s, words := step(p, &in)
		n, err := h.org.Do(r.Context(), auth.From(r.Context()), org.Change{Seen: in.Seen, Steps: []chart.Step{s}})
		if err == nil {
			return done(w, r, p.address(""), words, n)
		}
		if v.late, err = h.overtaken(r, p.view, f, err); err != nil && !refuse(f, err, "") {
			return err
		}
	}
	return again(v)
}

// withdraw takes back what was planned for a day.
func (h *pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	var in struct {
		Day calendar.Day `form:"day,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if !f.OK() {
		return noPage(r)
	}
	n, err := h.org.Do(r.Context(), auth.From(r.Context()), org.Change{Steps: []chart.Step{{Kind: chart.Withdraw, Position: p.position.ID, Day: in.Day}}})
	if err != nil {
		return err
	}
	to := p.address("")
	if p.position.Seats[0].Since == in.Day {
		to = p.to("/org") // it is not there any more
	}
	return done(w, r, to, "What was planned for "+ui.Day(in.Day.Time())+" is withdrawn.", n)
}
