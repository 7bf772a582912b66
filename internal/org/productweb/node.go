package productweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A nodeView is what the page of a node shows.
type nodeView struct {
	*view
	node     *product.Node
	board    *product.Board
	row      product.BoardRow
	dris     []product.DRI
	meetings []product.Meeting
	changes  []*product.ChangeRequest
	maySeat  bool
	mayMeet  bool
	form     *form.Form // of a meeting
}

func (h *pages) node(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readNode(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, nodePage(v))
}

// readNode reads what the page of a node shows.
func (h *pages) readNode(r *http.Request) (*nodeView, error) {
	at, err := ref(r)
	if err != nil {
		return nil, err
	}
	base, err := h.look(r)
	if err != nil {
		return nil, err
	}
	v := &nodeView{view: base}
	if v.node, err = v.Find(at); err != nil {
		if _, never := h.product.History(r.Context(), auth.From(r.Context()), at); never == nil {
			return nil, fault.New(fault.NotFound, "%w; it was there on other days: see %s", err, product.Address(at)+"/history")
		}
		return nil, err
	}
	ctx, by := r.Context(), auth.From(r.Context())
	v.board, v.row = v.Row(at)
	if !v.isOtherDay() {
		v.maySeat, v.mayMeet = h.product.MaySeat(by, v.Hierarchy, at), h.product.MayConvene(by, v.Hierarchy, at)
	}
	register, err := h.product.Responsible(ctx, by, v.Day)
	if err != nil {
		return nil, err
	}
	for _, d := range register.DRIs {
		if d.Subject == product.OfNode(at) {
			v.dris = append(v.dris, d)
		}
	}
	if v.isOtherDay() {
		return v, nil
	}
	if v.meetings, err = h.product.Meetings(ctx, by, product.OfNode(at)); err != nil {
		return nil, err
	}
	all, err := h.product.Requests(ctx, by, at)
	v.changes = slices.DeleteFunc(all, func(c *product.ChangeRequest) bool { return c.State.IsOver() })
	return v, err
}

// parts lead through what there is of a node.
func (v *view) parts(n *product.Node, on string) []ui.Tab {
	at := product.Address(n.Ref)
	return []ui.Tab{
		{Label: "Overview", Href: v.to(at), On: on == ""},
		{Label: "History", Href: at + "/history", On: on == "history"},
	}
}

// pathTo leads to a node from the room.
func (v *view) pathTo(r product.Ref) []ui.Link {
	way := v.above()
	line := v.Path(r)
	for _, n := range line[:max(0, len(line)-1)] {
		way = append(way, ui.Link{Label: n.Name, Href: v.toNode(n.Ref)})
	}
	return way
}

// facts are the fields of a node that are no people and say something.
func (v *nodeView) facts() []ui.Fact {
	var out []ui.Fact
	say := func(name, text string) {
		if text != "" {
			out = append(out, ui.Fact{Name: name, Value: ui.Text(text)})
		}
	}
	say("Key", v.node.Key)
	for _, f := range v.node.Fields {
		if hierarchy.IsSlot(f.Key) || f.Key == "description" || f.Key == "categories" || f.Key == "body" {
			continue
		}
		text := f.Value.Words()
		if len(text) > 300 {
			text = text[:strings.LastIndexByte(text[:300], ' ')+1] + "…"
		}
		say(sentence(words(f.Key)), text)
	}
	return out
}

// below are the kinds of node in this one, with the nodes.
func (v *nodeView) below() [][]*product.Node {
	var out [][]*product.Node
	for _, k := range hierarchy.Kinds[1:] {
		if list := v.Below(v.node.Ref, k); len(list) > 0 {
			out = append(out, list)
		}
	}
	return out
}

// others are the holders of fields that no function of the board covers.
func (v *nodeView) others() []product.Holder {
	var out []product.Holder
	for _, h := range v.HoldersOf(v.node.Ref) {
		if !slices.ContainsFunc(v.board.Functions, func(f product.BoardFunction) bool { return f.Function == h.Function }) {
			out = append(out, h)
		}
	}
	return out
}

// An eraView is the history of a node.
type eraView struct {
	*view
	ref     product.Ref
	history *product.History
	dris    []product.DRI
	moves   []product.Handover
}

func (h *pages) history(w http.ResponseWriter, r *http.Request) error {
	at, err := ref(r)
	if err != nil {
		return err
	}
	v := &eraView{ref: at}
	if v.view, err = h.look(r); err != nil {
		return err
	}
	ctx, by := r.Context(), auth.From(r.Context())
	if v.history, err = h.product.History(ctx, by, at); err != nil {
		return err
	}
	if v.dris, err = h.product.DRIsOf(ctx, by, product.OfNode(at)); err != nil {
		return err
	}
	if v.moves, err = h.product.Handovers(ctx, by, product.OfNode(at), false); err != nil {
		return err
	}
	return web.Show(w, r, historyPage(v))
}

// events tell the eras of a node.
func (v *eraView) events() []ui.Event {
	var out []ui.Event
	for i, e := range v.history.Eras {
		if i == 0 && e.Until != calendar.Never || i > 0 && e.Until < v.history.Eras[i-1].Since {
			out = append(out, ui.Event{When: ui.On(e.Until.Time()), Say: ui.Text("Retired"), Icon: ui.IconClose})
		}
		event := ui.Event{When: ui.On(e.Since.Time()), Icon: ui.IconDiff, Say: changed(e.Changes)}
		if e.First {
			event.Icon, event.Say = ui.IconPlus, ui.Text("Began as "+e.Name)
		}
		out = append(out, event)
	}
	return out
}

// nodeInput is what is typed about a node.
type nodeInput struct {
	Kind        string `form:"kind"`
	Key         string `form:"key"`
	Name        string `form:"name,required"`
	Parent      string `form:"parent"`
	Group       string `form:"group"`
	Description string `form:"description"`
	Direction   string `form:"direction"`
	Marketing   string `form:"marketing"`
	Maturity    string `form:"maturity"`
	Available   string `form:"available"`
	Viable      string `form:"viable"`
	Complete    string `form:"complete"`
	Lovable     string `form:"lovable"`
	Version     string `form:"version"`
	Reason      string `form:"reason"`
	Canvas      string `form:"canvas"`
	Announced   string `form:"announced"`
}

// fields are the fields that the form has for a kind of node.
func fieldsOf(k hierarchy.Kind) []string {
	switch k {
	case hierarchy.Category:
		return append([]string{"description", "direction", "marketing", "maturity"}, hierarchy.MaturityDays...)
	case hierarchy.Stage:
		return []string{"description", "direction", "marketing"}
	}
	return []string{"description", "direction"}
}

// An editView is a form for a node: to change it, to add one, or to ask for
// either.
type editView struct {
	*view
	node *product.Node // nil for a new one
	kind hierarchy.Kind
	form *form.Form
	to   string
	ask  bool // it asks for a change
}

// seenNow returns what an editor sees of a node, by the names of the form.
func (e *editView) seenNow() map[string]string {
	out := map[string]string{}
	if e.node == nil {
		return out
	}
	out["name"], out["parent"] = e.node.Name, e.node.Parent.Key
	if e.kind == hierarchy.Category {
		out["group"] = e.Shown(e.node, "group")
	}
	for _, f := range fieldsOf(e.kind) {
		out[f] = e.Shown(e.node, f)
	}
	return out
}

// filled returns a form with a node as it is.
func (e *editView) filled() *form.Form {
	var in nodeInput
	in.Kind = string(e.kind)
	f := form.New(&in)
	for name, value := range e.seenNow() {
		f.Values.Set(name, value)
		f.Values.Set("seen-"+name, value)
	}
	if e.node != nil {
		f.Values.Set("version", strconv.FormatInt(e.Version(e.node.Ref), 10))
	}
	return f
}

// edit turns what was typed into an edit of what is otherwise than it was seen.
func (e *editView) edit(f *form.Form, in *nodeInput) product.Edit {
	out := product.Edit{Seen: map[string]string{}}
	parent := string(e.kind.Parent())
	pick := func(name, seenAs string) *string {
		now := strings.TrimSpace(f.Value(name))
		was := f.Value("seen-" + name)
		if e.node != nil && now == was {
			return nil
		}
		if e.node != nil {
			out.Seen[seenAs] = was
		}
		return &now
	}
	out.Name = pick("name", "name")
	if parent != "" {
		out.Parent = pick("parent", parent)
		if e.kind == hierarchy.Category {
			out.Group = pick("group", "group")
			if out.Parent != nil && *out.Parent == "" && out.Group != nil {
				out.Parent = nil
			}
		}
	}
	for _, name := range fieldsOf(e.kind) {
		value := pick(name, name)
		if value == nil || e.node == nil && *value == "" {
			continue
		}
		v := hierarchy.TextOf(*value)
		if name == "marketing" && *value != "" {
			v = hierarchy.Value{Kind: hierarchy.Bool, Text: *value}
		}
		out.Fields = append(out.Fields, hierarchy.Field{Key: name, Value: v})
	}
	if e.node != nil {
		out.Node = e.node.Ref
		out.Version, _ = strconv.ParseInt(in.Version, 10, 64) // a wrong one is stale
	} else {
		out.Node = product.Ref{Kind: e.kind, Key: strings.TrimSpace(in.Key)}
	}
	return out
}

// fieldFor returns the field of the form that an error is about.
func (e *editView) fieldFor(err error) string {
	text := err.Error()
	for _, one := range []struct{ says, field string }{
		{"the key", "key"},
		{"another key", "key"},
		{"the name", "name"},
		{"no group", "group"},
		{"no section", "parent"},
		{"no stage", "parent"},
		{"say why", "reason"},
		{"canvas", "canvas"},
	} {
		if strings.Contains(text, one.says) {
			return one.field
		}
	}
	return ""
}

func (h *pages) editNode(w http.ResponseWriter, r *http.Request) error {
	e, err := h.forEdit(r)
	if err != nil {
		return err
	}
	e.form = e.filled()
	return web.Show(w, r, editPage(e))
}

// forEdit reads the node of an address, for somebody who may change it.
func (h *pages) forEdit(r *http.Request) (*editView, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	if !v.may {
		return nil, fault.New(fault.Forbidden, "administrators change the hierarchy at once; others ask for a change")
	}
	at, err := ref(r)
	if err != nil {
		return nil, err
	}
	n, err := v.Find(at)
	return &editView{view: v, node: n, kind: at.Kind, to: product.Address(at) + "/edit"}, err
}

func (h *pages) saveNode(w http.ResponseWriter, r *http.Request) error {
	e, err := h.forEdit(r)
	if err != nil {
		return err
	}
	var in nodeInput
	if e.form, err = form.Read(r, &in); err != nil {
		return err
	}
	if e.form.OK() {
		if _, err = h.product.Change(r.Context(), auth.From(r.Context()), e.edit(e.form, &in)); err == nil {
			return web.Done(w, r, product.Address(e.node.Ref), ui.Toast{Text: e.node.Name + " is changed"})
		}
		if !refuse(e.form, err, e.fieldFor(err)) {
			return err
		}
	}
	return web.Again(w, r, editPage(e))
}

func (h *pages) newNode(w http.ResponseWriter, r *http.Request) error {
	e, err := h.forNew(r, r.URL.Query().Get("kind"))
	if err != nil {
		return err
	}
	e.form = e.filled()
	if in := r.URL.Query().Get("in"); in != "" {
		e.form.Values.Set("parent", in)
	}
	return web.Show(w, r, editPage(e))
}

// forNew prepares a form for a new node.
func (h *pages) forNew(r *http.Request, kind string) (*editView, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	if !v.may {
		return nil, fault.New(fault.Forbidden, "administrators add to the hierarchy at once; others ask for it")
	}
	e := &editView{view: v, kind: hierarchy.Kind(kind), to: "/hierarchy/new"}
	if !slices.Contains(hierarchy.Kinds, e.kind) {
		e.kind = ""
	}
	return e, nil
}

func (h *pages) addNode(w http.ResponseWriter, r *http.Request) error {
	var in nodeInput
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	e, err := h.forNew(r, in.Kind)
	if err != nil {
		return err
	}
	e.form = f
	if e.kind == "" {
		return fault.New(fault.Invalid, "choose what to add: a section, a stage, a group or a category")
	}
	if f.OK() {
		edit := e.edit(f, &in)
		if _, err = h.product.Change(r.Context(), auth.From(r.Context()), edit); err == nil {
			return web.Done(w, r, product.Address(edit.Node), ui.Toast{Text: *edit.Name + " is added"})
		}
		if !refuse(f, err, e.fieldFor(err)) {
			return err
		}
	}
	return web.Again(w, r, editPage(e))
}

func (h *pages) retireNode(w http.ResponseWriter, r *http.Request) error {
	e, err := h.forEdit(r)
	if err != nil {
		return err
	}
	edit := product.Edit{Node: e.node.Ref, Version: e.Version(e.node.Ref), Retire: true}
	if _, err := h.product.Change(r.Context(), auth.From(r.Context()), edit); err != nil {
		return err
	}
	return web.Done(w, r, "/hierarchy", ui.Toast{Text: e.node.Name + " is retired"})
}

// A seatView is a form for who stands in a field of a node.
type seatView struct {
	*view
	node     *product.Node
	field    string
	function hierarchy.Function
	form     *form.Form
}

func (h *pages) forSeat(r *http.Request) (*seatView, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	at, err := ref(r)
	if err != nil {
		return nil, err
	}
	s := &seatView{view: v, field: r.PathValue("field")}
	if s.node, err = v.Find(at); err != nil {
		return nil, err
	}
	slot, ok := hierarchy.SlotAt(s.field, "", v.Limits.Words())
	if !ok {
		return nil, noPage(r)
	}
	s.function = slot.Function
	if !h.product.MaySeat(auth.From(r.Context()), v.Hierarchy, at) {
		return nil, fault.New(fault.Forbidden, "who stands beside it is decided by administrators, and by whoever leads the section")
	}
	return s, nil
}

func (h *pages) editSeat(w http.ResponseWriter, r *http.Request) error {
	s, err := h.forSeat(r)
	if err != nil {
		return err
	}
	value := s.node.Fields.Get(s.field)
	s.form = &form.Form{Values: map[string][]string{"names": {strings.Join(value.Strings(), "\n")}, "seen-names": {value.Words()}}}
	return web.Show(w, r, seatPage(s))
}

func (h *pages) seat(w http.ResponseWriter, r *http.Request) error {
	s, err := h.forSeat(r)
	if err != nil {
		return err
	}
	var in struct {
		Names string `form:"names"`
	}
	if s.form, err = form.Read(r, &in); err != nil {
		return err
	}
	err = h.product.Seat(r.Context(), auth.From(r.Context()), product.Seating{
		Subject: product.OfNode(s.node.Ref), Field: s.field, Names: byLine(in.Names), Seen: s.form.Value("seen-names"),
	})
	if err == nil {
		return web.Done(w, r, product.Address(s.node.Ref), ui.Toast{Text: sentence(string(s.function)) + " is changed"})
	}
	if !refuse(s.form, err, "names") {
		return err
	}
	s.form.Values.Set("seen-names", s.node.Fields.Get(s.field).Words())
	return web.Again(w, r, seatPage(s))
}

// note notes a meeting of the counterparts of a node.
func (h *pages) note(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readNode(r)
	if err != nil {
		return err
	}
	var in struct {
		Day       time.Time `form:"day"`
		Attendees string    `form:"attendees,required"`
		Indicator string    `form:"indicator"`
		Notes     string    `form:"notes"`
	}
	if v.form, err = form.Read(r, &in); err != nil {
		return err
	}
	if v.form.OK() {
		m := product.Meeting{Subject: product.OfNode(v.node.Ref), Day: day(in.Day), Indicator: in.Indicator, Notes: in.Notes}
		if _, err = h.product.Note(r.Context(), auth.From(r.Context()), m, byLine(in.Attendees)); err == nil {
			return web.Done(w, r, product.Address(v.node.Ref), ui.Toast{Text: "The meeting is noted"})
		}
		if !v.form.Refuse(err, "attendees") {
			return err
		}
	}
	return web.Again(w, r, nodePage(v))
}
