package orgweb

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// changeRows is how many changes a page of the history has.
const changeRows = 30

// A changeList is what the page of the history shows.
type changeList struct {
	*view
	made  []org.Done
	names people
	next  string
	form  *form.Form
	isOn  bool // something is filtered
}

// origins are where changes come from.
var origins = []org.Origin{org.ByHand, org.ByImport, org.ByScenario, org.BySCIM}

func originName(o org.Origin) string {
	switch o {
	case org.ByImport:
		return "Import"
	case org.ByScenario:
		return "Scenario"
	case org.BySCIM:
		return "Provider of accounts"
	}
	return "By hand"
}

func (h *pages) changes(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	var in struct {
		Origin string       `form:"kind"`
		Made   calendar.Day `form:"made"`
		After  int64        `form:"after"`
	}
	l := &changeList{view: v, form: form.Query(r, &in)}
	l.isOn = in.Origin != "" || l.form.Value("made") != ""
	if l.form.OK() {
		f := org.ChangesFilter{Origin: org.Origin(in.Origin), Day: in.Made, Before: in.After, Limit: changeRows}
		if l.made, err = h.org.Changes(r.Context(), auth.From(r.Context()), f); err != nil {
			return err
		}
	}
	if len(l.made) > changeRows {
		l.made = l.made[:changeRows]
		l.next = formatInt(l.made[changeRows-1].Number)
	}
	if l.names, err = h.makers(r, l.made...); err != nil {
		return err
	}
	return web.Show(w, r, changesPage(l))
}

// makers returns the names of who made changes.
func (h *pages) makers(r *http.Request, made ...org.Done) (people, error) {
	var ids []auth.PrincipalID
	for i := range made {
		if by := made[i].By; by != "" && !slices.Contains(ids, by) {
			ids = append(ids, by)
		}
	}
	return h.names(r.Context(), ids...)
}

// change shows one change with all its steps.
func (h *pages) change(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(r.PathValue("change"), 10, 64)
	if err != nil {
		return noPage(r)
	}
	d, err := h.org.Made(r.Context(), auth.From(r.Context()), n)
	if err != nil {
		return err
	}
	names, err := h.makers(r, d)
	if err != nil {
		return err
	}
	return web.Show(w, r, changePage(v, &d, names))
}

// facet chooses where changes come from.
func (l *changeList) facet() ui.Facet {
	f := ui.Facet{Label: "Made", Name: "kind"}
	for _, o := range origins {
		f.Choices = append(f.Choices, ui.Choice{Value: string(o), Label: originName(o)})
	}
	return f
}

func changeAddress(n int64) string { return "/org/changes/" + formatInt(n) }

// deeds are the changes as the page lists them.
func (l *changeList) deeds() []ui.Deed {
	deeds := make([]ui.Deed, len(l.made))
	for i := range l.made {
		d := &l.made[i]
		deeds[i] = ui.Deed{
			ID: "change-" + formatInt(d.Number), Who: l.names.name(d.By), Note: originWords(d.Origin), When: ui.Ago(d.At),
			Href: l.to(changeAddress(d.Number)), Name: "#" + formatInt(d.Number), Lines: deedLines(l.view, d),
		}
		if l.may {
			deeds[i].Acts = undoAct(d.Number)
		}
		if more := d.Count - len(d.Steps); more > 0 {
			deeds[i].More = &ui.Link{Label: counted(more, "more step", "more steps"), Href: l.to(changeAddress(d.Number))}
		}
	}
	return deeds
}

// deedLines are the steps of a change, without those that say nothing by
// themselves: what is known of somebody changes when they join, too.
func deedLines(v *view, d *org.Done) []ui.DeedLine {
	joins := map[org.PersonID]bool{}
	for i := range d.Steps {
		if d.Steps[i].Kind == chart.Join {
			joins[d.Steps[i].Person] = true
		}
	}
	var lines []ui.DeedLine
	for i := range d.Steps {
		e := &d.Steps[i]
		if e.Kind == chart.Note && joins[e.Person] {
			continue
		}
		line := ui.DeedLine{Icon: iconOf(e.Kind), Text: said(v.Book, &e.Step), Href: stepAddress(v, &e.Step)}
		if e.Day.IsKnown() {
			line.Note = "from " + ui.Day(e.Day.Time())
		}
		lines = append(lines, line)
	}
	return lines
}

// stepAddress is the page of what a step is about; "" if it is gone.
func stepAddress(v *view, s *chart.Step) string {
	switch {
	case s.Position != "" && v.Book.Position(s.Position) != nil:
		return org.PositionAddress(s.Position)
	case s.Person != "" && v.Book.Person(s.Person) != nil:
		return org.PersonAddress(s.Person)
	}
	return ""
}
