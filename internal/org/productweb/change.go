package productweb

import (
	"net/http"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A changesView is the list of changes that were asked for.
type changesView struct {
	*view
	all   []*product.ChangeRequest
	state string
	names people
}

func (h *pages) changes(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	c := &changesView{view: v, state: r.URL.Query().Get("state")}
	if c.all, err = h.product.Requests(r.Context(), auth.From(r.Context()), product.Ref{}); err != nil {
		return err
	}
	var ids []auth.PrincipalID
	for _, one := range c.all {
		ids = append(ids, one.By)
	}
	if c.names, err = h.names(r.Context(), ids...); err != nil {
		return err
	}
	return web.Show(w, r, changesPage(c))
}

// shown are the changes in the state that is looked at.
func (c *changesView) shown() []*product.ChangeRequest {
	if c.state == "" {
		return c.all
	}
	return slices.DeleteFunc(slices.Clone(c.all), func(one *product.ChangeRequest) bool { return string(one.State) != c.state })
}

// choices are the states that changes are in.
func (c *changesView) choices() []ui.Choice {
	var out []ui.Choice
	for _, s := range []product.RequestState{product.Review, product.Approved, product.Applied, product.Refused, product.Withdrawn} {
		n := 0
		for _, one := range c.all {
			if one.State == s {
				n++
			}
		}
		if _, word := requestState(s); n > 0 {
			out = append(out, ui.Choice{Value: string(s), Label: word, Count: n})
		}
	}
	return out
}

// requestWords says what a change is.
func requestWords(k product.RequestKind) string {
	switch k {
	case product.AddNode:
		return "a new part"
	case product.RetireNode:
		return "a retirement"
	case product.RenameNode:
		return "a new name"
	case product.MoveNode:
		return "a move"
	case product.Downgrade:
		return "less maturity"
	}
	return "other details"
}

// requestState returns how a state is shown, and what it is called.
func requestState(s product.RequestState) (ui.State, string) {
	switch s {
	case product.Review:
		return ui.Warn, "In review"
	case product.Approved:
		return ui.OK, "Agreed"
	case product.Applied:
		return ui.OK, "Applied"
	case product.Refused:
		return ui.Bad, "Refused"
	case product.Withdrawn:
		return ui.Plain, "Withdrawn"
	}
	return ui.Plain, string(s)
}

// A changeView is one change.
type changeView struct {
	*view
	*product.ChangeRequest
	names   people
	decides []string // roles for which the reader decides
	apply   bool
	naming  bool
	forms   map[string]*form.Form // by what they do
}

func (h *pages) change(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readChange(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, changePage(v))
}

func (h *pages) readChange(r *http.Request) (*changeView, error) {
	base, err := h.look(r)
	if err != nil {
		return nil, err
	}
	ctx, by := r.Context(), auth.From(r.Context())
	v := &changeView{view: base, forms: map[string]*form.Form{}}
	if v.ChangeRequest, err = h.product.Request(ctx, by, product.ChangeID(r.PathValue("id"))); err != nil {
		return nil, err
	}
	v.decides, v.apply, v.naming = h.product.MayDecide(by, v.ChangeRequest), h.product.MayApply(by, v.ChangeRequest), h.product.MayName(by)
	v.names, err = h.names(ctx, v.By)
	return v, err
}

// again shows a change with a form that was refused.
func (h *pages) again(w http.ResponseWriter, r *http.Request, name string, f *form.Form) error {
	v, err := h.readChange(r)
	if err != nil {
		return err
	}
	v.forms[name] = f
	return web.Again(w, r, changePage(v))
}

func (h *pages) back(w http.ResponseWriter, r *http.Request, told string) error {
	return web.Done(w, r, "/hierarchy/changes/"+r.PathValue("id"), ui.Toast{Text: told})
}

func (h *pages) decide(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Role     string `form:"role,required"`
		Decision string `form:"decision,required"`
		Note     string `form:"note"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		err = h.product.Decide(r.Context(), auth.From(r.Context()), product.ChangeID(r.PathValue("id")), in.Role, in.Decision == "agree", in.Note)
		if err == nil {
			return h.back(w, r, "Your decision is noted")
		}
		if !f.Refuse(err, "note") {
			return err
		}
	}
	return h.again(w, r, "decide-"+in.Role, f)
}

func (h *pages) nameApprover(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Role   string `form:"role,required"`
		Person string `form:"person,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		id, err := h.product.WhoIs(r.Context(), auth.From(r.Context()), in.Person)
		if err == nil {
			err = h.product.Name(r.Context(), auth.From(r.Context()), product.ChangeID(r.PathValue("id")), in.Role, id)
		}
		if err == nil {
			return h.back(w, r, in.Person+" decides as "+words(in.Role))
		}
		if !f.Refuse(err, "person") {
			return err
		}
	}
	return h.again(w, r, "name", f)
}

func (h *pages) announce(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Link string `form:"link,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		if err = h.product.Announce(r.Context(), auth.From(r.Context()), product.ChangeID(r.PathValue("id")), in.Link); err == nil {
			return h.back(w, r, "The announcement is noted")
		}
		if !f.Refuse(err, "link") {
			return err
		}
	}
	return h.again(w, r, "announce", f)
}

func (h *pages) apply(w http.ResponseWriter, r *http.Request) error {
	if err := h.product.Apply(r.Context(), auth.From(r.Context()), product.ChangeID(r.PathValue("id"))); err != nil {
		f := &form.Form{}
		if fault.KindOf(err) != fault.Conflict || !f.Refuse(err, "") {
			return err
		}
		return h.again(w, r, "apply", f)
	}
	return h.back(w, r, "The change is made")
}

func (h *pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := h.product.Withdraw(r.Context(), auth.From(r.Context()), product.ChangeID(r.PathValue("id"))); err != nil {
		return err
	}
	return h.back(w, r, "The change is withdrawn")
}

// forAsk prepares the form that asks for a change of a node, or a new one.
func (h *pages) forAsk(r *http.Request, node, kind string) (*editView, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	if !v.propose {
		return nil, fault.New(fault.Forbidden, "changes are asked for by people who signed in")
	}
	e := &editView{view: v, kind: hierarchy.Kind(kind), to: "/hierarchy/changes/new", ask: true}
	if node != "" {
		at, ok := hierarchy.ParseRef(node)
		if !ok {
			return nil, fault.New(fault.NotFound, "there is no part %s", node)
		}
		e.kind = at.Kind
		if e.node, err = v.Find(at); err != nil {
			return nil, err
		}
	}
	if !slices.Contains(hierarchy.Kinds, e.kind) {
		e.kind = ""
	}
	return e, nil
}

func (h *pages) askChange(w http.ResponseWriter, r *http.Request) error {
	e, err := h.forAsk(r, r.URL.Query().Get("node"), r.URL.Query().Get("kind"))
	if err != nil {
		return err
	}
	e.form = e.filled()
	return web.Show(w, r, editPage(e))
}

func (h *pages) propose(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		nodeInput
		Node   string `form:"node"`
		Retire string `form:"retire"`
		Why    string `form:"why"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	e, err := h.forAsk(r, in.Node, in.Kind)
	if err != nil {
		return err
	}
	e.form = f
	if e.kind == "" {
		return fault.New(fault.Invalid, "choose what to add: a section, a stage, a group or a category")
	}
	p := product.Proposal{Reason: in.Reason, Canvas: in.Canvas, Announced: byLine(in.Announced)}
	if p.Edit = e.edit(f, &in.nodeInput); in.Retire != "" && e.node != nil {
		p.Edit, p.Reason = product.Edit{Node: e.node.Ref, Retire: true}, in.Why
	}
	if f.OK() {
		id, err := h.product.Propose(r.Context(), auth.From(r.Context()), p)
		if err == nil {
			return web.Done(w, r, "/hierarchy/changes/"+string(id), ui.Toast{Text: "The change is asked for"})
		}
		if !refuse(f, err, e.fieldFor(err)) {
			return err
		}
		if in.Retire != "" { // show the whole form again, filled as the node is
			filled := e.filled()
			for name, values := range filled.Values {
				f.Values[name] = values
			}
		}
	}
	return web.Again(w, r, editPage(e))
}
