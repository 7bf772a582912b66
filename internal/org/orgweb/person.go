package orgweb

import (
	"net/http"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A personView is what the page of somebody shows.
type personView struct {
	*view
	*org.Person
	node    *chart.Node // their position on the day; nil is none
	history []org.Entry
	names   people
}

func (h *pages) person(w http.ResponseWriter, r *http.Request) error {
	p, err := h.findPerson(r)
	if err != nil {
		return err
	}
	if p.history, err = h.org.History(r.Context(), auth.From(r.Context()), org.HistoryFilter{Person: p.Person.ID, Limit: mostHistory}); err != nil {
		return err
	}
	if p.names, err = h.authors(r, p.history); err != nil {
		return err
	}
	return web.Show(w, r, personPage(p))
}

func (h *pages) findPerson(r *http.Request) (*personView, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	p := &personView{view: v}
	if p.Person, err = h.org.Person(r.Context(), auth.From(r.Context()), org.PersonID(r.PathValue("person"))); err != nil {
		return nil, err
	}
	p.node = v.SeatOf(p.Person.ID)
	return p, nil
}

// isHere reports whether they are employed on the day.
func (p *personView) isHere() bool {
	who := p.Book.Person(p.Person.ID)
	return who != nil && who.IsHere(p.Day)
}

// address leads to a part of the person.
func (p *personView) address(part string) string {
	at := org.PersonAddress(p.Person.ID)
	if part != "" {
		at += "/" + part
	}
	return p.to(at)
}

// covering are the positions that they cover on the day.
func (p *personView) covering() (held []chart.Holding) {
	for _, hold := range p.Holdings {
		if hold.Kind != chart.Regular && hold.Span.Holds(p.Day) {
			held = append(held, hold)
		}
	}
	return held
}

// may returns Forbidden for who may not change people.
func (h *pages) mayChange(r *http.Request) error {
	if h.org.MayChange(auth.From(r.Context())) {
		return nil
	}
	return fault.New(fault.Forbidden, "only people partners and administrators change who is here")
}

// A newcomer is what the form of somebody new holds.
type newcomer struct {
	Name          string       `form:"name,required"`
	Email         string       `form:"email"`
	Number        string       `form:"number"`
	Start         calendar.Day `form:"start,required"`
	ManagedBefore bool         `form:"managed_before"`
	Country       string       `form:"country"`
	Locality      string       `form:"locality"`
	Zone          string       `form:"zone"`
	Factor        string       `form:"factor"`
}

func (h *pages) newPerson(w http.ResponseWriter, r *http.Request) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	return web.Show(w, r, newPersonPage(form.New(&newcomer{Start: h.org.Today()})))
}

func (h *pages) addPerson(w http.ResponseWriter, r *http.Request) error {
	var in newcomer
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		id := org.NewPersonID()
		c := org.Change{
			People: []org.Details{{ID: id, Number: in.Number, Name: in.Name, Email: in.Email, ManagedBefore: in.ManagedBefore}},
			Steps:  []chart.Step{{Kind: chart.Join, Person: id, Day: in.Start}},
		}
		if in.Country+in.Locality+in.Zone+in.Factor != "" {
			stay := org.Stay{Country: in.Country, Locality: in.Locality, Zone: in.Zone, Factor: in.Factor}
			stay.Since = in.Start
			c.Stays = []org.StayFrom{{Person: id, Stay: stay}}
		}
		n, err := h.org.Do(r.Context(), auth.From(r.Context()), c)
		if err == nil {
			return done(w, r, org.PersonAddress(id), in.Name+" is here from "+ui.Day(in.Start.Time())+" on.", n)
		}
		if !refuse(f, err, "") {
			return err
		}
	}
	return web.Again(w, r, newPersonPage(f))
}

// Details are what the form of somebody's details holds.
type details struct {
	Name          string `form:"name,required"`
	Email         string `form:"email"`
	Number        string `form:"number"`
	ManagedBefore bool   `form:"managed_before"`
	Seen          int64  `form:"seen"`
}

func (h *pages) editPerson(w http.ResponseWriter, r *http.Request) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	p, err := h.findPerson(r)
	if err != nil {
		return err
	}
	f := form.New(&details{Name: p.Name, Email: p.Email, Number: p.Number, ManagedBefore: p.ManagedBefore, Seen: p.Person.Revision})
	return web.Show(w, r, editPersonPage(p, f, nil))
}

func (h *pages) savePerson(w http.ResponseWriter, r *http.Request) error {
	p, err := h.findPerson(r)
	if err != nil {
		return err
	}
	var in details
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	var late *clash
	if f.OK() {
		_, err := h.org.Do(r.Context(), auth.From(r.Context()), org.Change{Seen: in.Seen, People: []org.Details{{
			ID: p.Person.ID, Number: in.Number, Name: in.Name, Email: in.Email, ManagedBefore: in.ManagedBefore,
		}}})
		if err == nil {
			return web.Done(w, r, p.address(""), ui.Toast{Text: "Kept what is known of " + in.Name + "."})
		}
		if late, err = h.overtaken(r, p.view, f, err); err != nil && !refuse(f, err, "") {
			return err
		}
	}
	return web.Again(w, r, editPersonPage(p, f, late))
}

// A residence is what the form of where somebody lives holds.
type residence struct {
	Since    calendar.Day `form:"since,required"`
	Country  string       `form:"country"`
	Locality string       `form:"locality"`
	Zone     string       `form:"zone"`
	Factor   string       `form:"factor"`
	Seen     int64        `form:"seen"`
}

func (h *pages) editStay(w http.ResponseWriter, r *http.Request) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	p, err := h.findPerson(r)
	if err != nil {
		return err
	}
	in := residence{Since: p.Day, Seen: p.Person.Revision}
	if s := p.On(p.Day); s != nil {
		in.Country, in.Locality, in.Zone, in.Factor = s.Country, s.Locality, s.Zone, s.Factor
	}
	return web.Show(w, r, stayPage(p, form.New(&in), nil))
}

func (h *pages) saveStay(w http.ResponseWriter, r *http.Request) error {
	p, err := h.findPerson(r)
	if err != nil {
		return err
	}
	var in residence
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	var late *clash
	if f.OK() {
		stay := org.Stay{Country: in.Country, Locality: in.Locality, Zone: in.Zone, Factor: in.Factor}
		stay.Since = in.Since
		from := org.StayFrom{Person: p.Person.ID, Stay: stay, KeepFactor: !p.SeesFactor} // who may not see it does not change it
		_, err := h.org.Do(r.Context(), auth.From(r.Context()), org.Change{Seen: in.Seen, Stays: []org.StayFrom{from}})
		if err == nil {
			return web.Done(w, r, p.address(""), ui.Toast{Text: "Kept where " + p.Name + " lives."})
		}
		if late, err = h.overtaken(r, p.view, f, err); err != nil && !refuse(f, err, "") {
			return err
		}
	}
	return web.Again(w, r, stayPage(p, f, late))
}

// A farewell is what the form of somebody who leaves holds.
type farewell struct {
	Last calendar.Day `form:"last,required"` // their last day
	Seen int64        `form:"seen"`
}

func (h *pages) askLeave(w http.ResponseWriter, r *http.Request) error {
	if err := h.mayChange(r); err != nil {
		return err
	}
	p, err := h.findPerson(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, leavePage(p, form.New(&farewell{Last: p.today, Seen: p.Person.Revision}), nil))
}

func (h *pages) leave(w http.ResponseWriter, r *http.Request) error {
	p, err := h.findPerson(r)
	if err != nil {
		return err
	}
	var in farewell
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	var late *clash
	if f.OK() {
		n, err := h.org.Do(r.Context(), auth.From(r.Context()), org.Change{Seen: in.Seen, Steps: []chart.Step{
			{Kind: chart.Leave, Person: p.Person.ID, Day: in.Last.Add(1)},
		}})
		if err == nil {
			return done(w, r, p.address(""), p.Name+" leaves after "+ui.Day(in.Last.Time())+".", n)
		}
		if late, err = h.overtaken(r, p.view, f, err); err != nil && !refuse(f, err, "last") {
			return err
		}
	}
	return web.Again(w, r, leavePage(p, f, late))
}
