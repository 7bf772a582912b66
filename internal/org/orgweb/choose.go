package orgweb

import (
	"net/http"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Positions and people are chosen by typing a name or a title, which works for
// fifty thousand of them and without script. What fits once is taken; what fits
// several times is offered to choose from.

// mostChoices is how many are offered.
const mostChoices = 20

// label is how a position is written in a field.
func label(n *chart.Node) string {
	if n.Holder != nil {
		return n.Holder.Name + ", " + n.Seat.Title
	}
	return n.Seat.Title + " (vacant)"
}

// choosePosition returns the position that a text means. Chosen is what was
// picked of what had been offered; it counts if it is given. If nothing or too
// much fits, the form says so, and choices are what is offered.
func (v *view) choosePosition(f *form.Form, field, text, chosen string) (id org.PositionID, choices []ui.Choice) {
	if chosen != "" && v.Node(org.PositionID(chosen)) != nil {
		return org.PositionID(chosen), nil
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	words := strings.Fields(strings.ToLower(text))
	var exact, some []*chart.Node
	for i := range v.Nodes {
		n := &v.Nodes[i]
		switch {
		case string(n.ID) == text, strings.EqualFold(label(n), text):
			return n.ID, nil
		case strings.EqualFold(n.Called(), text), strings.EqualFold(n.Seat.Title, text):
			exact = append(exact, n)
		case matches(n, words):
			some = append(some, n)
		}
	}
	if len(exact) == 0 {
		exact = some
	}
	switch len(exact) {
	case 0:
		f.Wrong(field, "no position is called or held by %q", text)
		return "", nil
	case 1:
		return exact[0].ID, nil
	}
	f.Wrong(field, "several fit: choose one below")
	for _, n := range exact[:min(len(exact), mostChoices)] {
		choices = append(choices, ui.Choice{Value: string(n.ID), Label: label(n)})
	}
	return "", choices
}

// choosePerson returns the person that a text means, of those who are here on a
// day.
func (v *view) choosePerson(f *form.Form, field, text, chosen string, day calendar.Day) (id org.PersonID, choices []ui.Choice) {
	if chosen != "" && v.Book.Person(org.PersonID(chosen)) != nil {
		return org.PersonID(chosen), nil
	}
	text = strings.TrimSpace(text)
	var exact, some []*chart.Person
	for p := range v.Book.People() {
		switch {
		case !p.IsHere(day):
		case string(p.ID) == text || strings.EqualFold(p.Name, text):
			exact = append(exact, p)
		case strings.Contains(strings.ToLower(p.Name), strings.ToLower(text)):
			some = append(some, p)
		}
	}
	if len(exact) == 0 {
		exact = some
	}
	switch len(exact) {
	case 0:
		f.Wrong(field, "nobody who is employed on %s is called %q", ui.Day(day.Time()), text)
		return "", nil
	case 1:
		return exact[0].ID, nil
	}
	f.Wrong(field, "several fit: choose one below")
	slices.SortFunc(exact, func(x, y *chart.Person) int { return strings.Compare(x.Name, y.Name) })
	for _, p := range exact[:min(len(exact), mostChoices)] {
		c := ui.Choice{Value: string(p.ID), Label: p.Name}
		if at := v.SeatOf(p.ID); at != nil {
			c.Label += ", " + at.Seat.Title
		}
		choices = append(choices, c)
	}
	return "", choices
}

// levels are the levels that a position can have: those of the families in
// force, and the one that it has.
func (v *view) levels(have catalog.Pin) []ui.Choice {
	var choices []ui.Choice
	found := have == (catalog.Pin{})
	if v.Edition != nil {
		for i := range v.Edition.Families {
			f := &v.Edition.Families[i]
			for _, l := range f.Levels {
				p := catalog.Pin{Family: f.ID, Version: f.Version, Level: l.ID}
				c := ui.Choice{Value: p.String(), Label: l.Title + ", " + f.Title}
				if p.Family == have.Family && p.Level == have.Level {
					found = found || p == have
					if p != have {
						c.Label += ", the version in force"
					}
				}
				choices = append(choices, c)
			}
		}
	}
	if !found {
		choices = append([]ui.Choice{{Value: have.String(), Label: string(have.Level) + ", version " + pinWords(have)}}, choices...)
	}
	return choices
}

// choosePin reads a chosen level; "" is none.
func choosePin(f *form.Form, field, text string) catalog.Pin {
	if text == "" {
		return catalog.Pin{}
	}
	p, err := catalog.ParsePin(text)
	if err != nil {
		f.Wrong(field, "choose one of the levels")
	}
	return p
}

// checkSpecialty demands that a specialty is one of the level's. An unknown one
// is told with what is near.
func (h *pages) checkSpecialty(r *http.Request, f *form.Form, field, text string, pin catalog.Pin) {
	if text == "" {
		return
	}
	if pin == (catalog.Pin{}) {
		f.Wrong(field, "a specialty is one of a level: choose the level")
		return
	}
	role, err := h.org.Role(r.Context(), auth.From(r.Context()), pin)
	if err != nil || role == nil {
		f.Wrong(field, "the level is not known")
		return
	}
	if role.Specialty(text) != nil {
		h.checkScope(r, f, field, text, pin)
		return
	}
	var names []string
	for _, s := range role.Specialties {
		names = append(names, s.Title)
	}
	switch near, found := nearest.Word(text, names); {
	case len(names) == 0:
		f.Wrong(field, "%s has no specialties", role.Title)
	case found:
		f.Wrong(field, "%s has no specialty %q: did you mean %q?", role.Title, text, near)
	default:
		f.Wrong(field, "%s has no specialty %q: it has %s", role.Title, text, joined(names))
	}
}

// checkScope demands that the parts of the product hierarchy that a specialty is
// about are there.
func (h *pages) checkScope(r *http.Request, f *form.Form, field, specialty string, pin catalog.Pin) {
	parts, err := h.org.Scope(r.Context(), auth.From(r.Context()), pin, specialty, "")
	if err != nil {
		f.Wrong(field, "the product hierarchy cannot be read now: try again")
		return
	}
	for _, p := range parts {
		if p.Node == nil {
			f.Wrong(field, "%s is about a part of the product that is not there: %s", specialty, p.Wrong)
		}
	}
}
