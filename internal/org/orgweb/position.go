package orgweb

import (
	"net/http"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A positionView is what the pages of a position show.
type positionView struct {
	*view
	node     *chart.Node // nil if it is not open on the day
	position *chart.Position
	history  []org.Entry
	names    people
	scope    []org.ScopePart // of its specialty
}

// find reads a position on the day of the address.
func (h *pages) find(r *http.Request) (*positionView, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	id := org.PositionID(r.PathValue("position"))
	p := &positionView{view: v, node: v.Node(id), position: v.Book.Position(id)}
	if p.position == nil {
		return nil, noPosition(id, v)
	}
	return p, nil
}

// title is what the position is called on the day, or was called last.
func (p *positionView) title() string {
	if p.node != nil {
		return p.node.Seat.Title
	}
	return p.position.Seats[len(p.position.Seats)-1].Title
}

// address leads to a part of the position, on the same day.
func (p *positionView) address(part string) string {
	at := org.PositionAddress(p.position.ID)
	if part != "" {
		at += "/" + part
	}
	return p.to(at)
}

// parts are the tabs of a position.
func (p *positionView) parts(on string) []ui.Tab {
	tabs := []ui.Tab{{Label: "Position"}, {Label: "Duties"}, {Label: "Ladder"}}
	for i, part := range []string{"", "duties", "ladder"} {
		tabs[i].Href, tabs[i].On = p.address(part), part == on
	}
	return tabs
}

// path leads from the top of the organisation to the position.
func (p *positionView) path() []ui.Link {
	path := []ui.Link{{Label: "Organisation", Href: p.to("/org")}}
	if p.node == nil {
		return path
	}
	line := p.Line(p.node)
	for _, up := range slices.Backward(line) {
		path = append(path, ui.Link{Label: up.Seat.Title, Href: p.toPosition(up.ID)})
	}
	return path
}

func (h *pages) position(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	by := auth.From(r.Context())
	if p.history, err = h.org.History(r.Context(), by, org.HistoryFilter{Position: p.position.ID, Limit: mostHistory}); err != nil {
		return err
	}
	if p.names, err = h.authors(r, p.history); err != nil {
		return err
	}
	if p.node != nil && p.node.Role != nil && p.node.Seat.Specialty != "" {
		if p.scope, err = h.org.Scope(r.Context(), by, p.node.Role.Pin, p.node.Seat.Specialty, p.Day); err != nil {
			return err
		}
	}
	return web.Show(w, r, positionPage(p))
}

// answers reports whether who does the work of the position is the product DRI
// of a part.
func (p *positionView) answers(part *org.ScopePart) bool {
	who := p.node.Who()
	return who != nil && slices.ContainsFunc(part.Answers, func(d product.DRI) bool { return d.Person == who.ID })
}

// mostHistory is how many steps a page of one thing shows.
const mostHistory = 20

// authors returns the names of who made changes.
func (h *pages) authors(r *http.Request, entries []org.Entry) (people, error) {
	var ids []auth.PrincipalID
	for _, e := range entries {
		if e.By != "" && !slices.Contains(ids, e.By) {
			ids = append(ids, e.By)
		}
	}
	return h.names(r.Context(), ids...)
}

// findings are what there is to say about the position.
func (p *positionView) findings() []chart.Finding {
	var all []chart.Finding
	if p.node.Leads() {
		all = p.Span(p.node, &p.Bands).Findings
	}
	return append(all, p.Lines(p.node, &p.Bands)...)
}

// planned are the seats that are to come.
func (p *positionView) planned() (changes []plannedChange) {
	for i, s := range p.position.Seats {
		if s.Since > p.today {
			c := plannedChange{day: s.Since, withdraw: true}
			if i == 0 {
				c.say = "opens as " + s.Title
			} else {
				c.say = differs(p.Book, &p.position.Seats[i-1].Place, &s.Place)
			}
			changes = append(changes, c)
		}
	}
	if end := p.position.Seats[len(p.position.Seats)-1].Until; end > p.today && end != calendar.Never {
		changes = append(changes, plannedChange{day: end, say: "closes", withdraw: true})
	}
	for _, hold := range p.position.Holds {
		who := nameOf(p.Book, hold.Person)
		if hold.Since > p.today {
			changes = append(changes, plannedChange{day: hold.Since, say: who + " begins, " + hold.Kind.Words(), vacate: hold.Person})
		}
		if hold.Until > p.today && hold.Until != calendar.Never {
			changes = append(changes, plannedChange{day: hold.Until, say: who + " ends, " + hold.Kind.Words()})
		}
	}
	slices.SortStableFunc(changes, func(x, y plannedChange) int { return cmpDays(x.day, y.day) })
	return changes
}

func cmpDays(x, y calendar.Day) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// A plannedChange is something about a position that is to come.
type plannedChange struct {
	day      calendar.Day
	say      string
	withdraw bool         // can be withdrawn
	vacate   org.PersonID // whose holding can be taken back
}

func nameOf(b *chart.Book, id org.PersonID) string {
	if p := b.Person(id); p != nil {
		return p.Name
	}
	return "somebody"
}

// titleOf returns what a position is called at last.
func titleOf(b *chart.Book, id org.PositionID) string {
	if p := b.Position(id); p != nil {
		return p.Seats[len(p.Seats)-1].Title
	}
	return "a position that is gone"
}

// differs says in what a place is another than it was.
func differs(b *chart.Book, was, now *chart.Place) string {
	var say []string
	if now.Title != was.Title {
		say = append(say, "is called "+now.Title)
	}
	if now.Manager != was.Manager {
		if now.Manager == "" {
			say = append(say, "reports to nobody")
		} else {
			say = append(say, "reports to "+titleOf(b, now.Manager))
		}
	}
	if now.Pin != was.Pin {
		say = append(say, "has the level "+pinWords(now.Pin))
	}
	if now.Specialty != was.Specialty {
		say = append(say, "has the specialty "+orNone(now.Specialty))
	}
	if now.Department != was.Department {
		say = append(say, "belongs to "+orNone(now.Department))
	}
	return joined(say)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func pinWords(p catalog.Pin) string {
	if p == (catalog.Pin{}) {
		return "none"
	}
	return p.String()
}

// joined puts parts into one sentence.
func joined(parts []string) string {
	switch len(parts) {
	case 0:
		return ""
	case 1:
		return parts[0]
	}
	text := parts[0]
	for _, p := range parts[1 : len(parts)-1] {
		text += ", " + p
	}
	return text + " and " + parts[len(parts)-1]
}

func (h *pages) duties(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	if p.node == nil {
		return noPosition(p.position.ID, p.view)
	}
	d, err := h.org.Duties(r.Context(), auth.From(r.Context()), p.position.ID, p.Day)
	if err != nil {
		return err
	}
	return web.Show(w, r, dutiesPage(p, d))
}

func (h *pages) ladder(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	if p.node == nil {
		return noPosition(p.position.ID, p.view)
	}
	l, err := h.org.Ladder(r.Context(), auth.From(r.Context()), p.position.ID, p.Day)
	if err != nil {
		return err
	}
	return web.Show(w, r, ladderPage(p, l))
}

// picture is the ladder with the position's own rung marked.
func picture(l *org.Ladder) ui.Graph {
	g := ui.Graph{Label: "Career ladder of " + l.Here.Family.Title}
	id := func(i int) string {
		r := &l.Graph.Roles[i]
		return string(r.Family) + "#" + string(r.Level) + r.Title
	}
	for i := range l.Graph.Roles {
		role := &l.Graph.Roles[i]
		n := ui.Node{ID: id(i), Label: role.Title}
		if role.Grade != "" {
			n.Note = "grade " + role.Grade
		}
		switch {
		case role.Dangles():
			n.State, n.Note = ui.Bad, "no page"
		case role.Family == l.Here.Pin.Family && role.Level == l.Here.Pin.Level:
			n.State = ui.Current
		}
		if role.Family != "" {
			n.Href = role.Family.Address() + "?level=" + string(role.Level)
		}
		g.Nodes = append(g.Nodes, n)
	}
	for _, s := range l.Graph.Steps {
		g.Edges = append(g.Edges, ui.Edge{From: id(s.From), To: id(s.To), Broken: s.InCycle || l.Graph.Roles[s.To].Dangles()})
	}
	return g
}

// A dutyGroup is duties that come from one place.
type dutyGroup struct {
	title string
	note  string
	list  []org.Duty
}

// groups sorts duties by where they come from: own, the family's, inherited.
func groups(d *org.Duties, list []org.Duty) []dutyGroup {
	var out []dutyGroup
	for _, duty := range list {
		title, note := "Own", "of this level"
		switch {
		case duty.Specialty != "":
			title, note = duty.Specialty, "of the specialty"
		case duty.Level == "":
			title, note = "Everybody", "of this job family"
			if duty.Family != d.Family.ID {
				title = "From " + duty.From
			}
		case duty.Level != d.Level.ID || duty.Family != d.Family.ID:
			title, note = "From "+duty.From, "inherited"
		}
		if n := len(out); n > 0 && out[n-1].title == title {
			out[n-1].list = append(out[n-1].list, duty)
		} else {
			out = append(out, dutyGroup{title, note, []org.Duty{duty}})
		}
	}
	return out
}

// dutySource is the line of a duty, where it stands on the page that is shown.
func dutySource(v *view, d *org.Duties, duty catalog.Duty) ui.Line {
	c := chart.Cite{Family: duty.Family, Line: duty.Line}
	switch {
	case duty.Family == d.Family.ID:
		c.Version, c.Path = d.Family.Version, d.Family.Path
	case v.Edition != nil && v.Edition.Family(duty.Family) != nil:
		f := v.Edition.Family(duty.Family)
		c.Version, c.Path = f.Version, f.Path
	default:
		return ui.Line{}
	}
	return v.source(c)
}
