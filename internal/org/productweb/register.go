package productweb

import (
	"net/http"
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

// A registerView is who is responsible for what.
type registerView struct {
	*view
	register *product.Register
	open     []product.Handover
	cases    []*product.UseCase
	form     *form.Form
	appoint  bool // the reader may appoint somebody somewhere
	query    string
	kind     string // only responsibilities of this kind
	show     string // "", "gaps", "several" or "handovers"
}

func (h *pages) register(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readRegister(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, registerPage(v))
}

func (h *pages) readRegister(r *http.Request) (*registerView, error) {
	base, err := h.look(r)
	if err != nil {
		return nil, err
	}
	ctx, by := r.Context(), auth.From(r.Context())
	v := &registerView{view: base, query: strings.ToLower(strings.TrimSpace(r.URL.Query().Get("q")))}
	v.kind, v.show = r.URL.Query().Get("kind"), r.URL.Query().Get("show")
	if v.register, err = h.product.Responsible(ctx, by, v.Day); err != nil {
		return nil, err
	}
	if v.open, err = h.product.Handovers(ctx, by, product.Subject{}, true); err != nil {
		return nil, err
	}
	if v.cases, err = h.product.UseCases(ctx, by, v.Day); err != nil {
		return nil, err
	}
	for _, s := range v.Of(hierarchy.Section) {
		v.appoint = v.appoint || !v.isOtherDay() && h.product.MayAppoint(by, v.Hierarchy, s.Ref)
	}
	return v, nil
}

// shown are the entries that a search finds.
func (v *registerView) shown() []product.DRI {
	var out []product.DRI
	for _, d := range v.register.DRIs {
		if (v.kind == "" || d.Kind == v.kind) && strings.Contains(strings.ToLower(d.Title+" "+d.Called+" "+d.Kind), v.query) {
			out = append(out, d)
		}
	}
	return out
}

// ofKind returns the gaps of the kind that is looked at.
func (v *registerView) ofKind(gaps []product.Gap) []product.Gap {
	var out []product.Gap
	for _, g := range gaps {
		if (v.kind == "" || g.Kind == v.kind) && strings.Contains(strings.ToLower(g.Title+" "+g.Kind), v.query) {
			out = append(out, g)
		}
	}
	return out
}

// facets are the filters of the register.
func (v *registerView) facets() []ui.Facet {
	return []ui.Facet{
		{Label: "Show", Name: "show", Choices: []ui.Choice{
			{Value: "gaps", Label: "Nobody", Count: len(v.register.Gaps)},
			{Value: "several", Label: "Several named", Count: len(v.register.Twice)},
			{Value: "handovers", Label: "Handovers", Count: len(v.open)},
		}},
		{Label: "Decides on", Name: "kind", Choices: v.kinds()},
	}
}

// subjects are what somebody can be responsible for.
func (v *registerView) subjects() []ui.Choice {
	var out []ui.Choice
	for _, n := range v.Nodes {
		if n.Kind != hierarchy.Category {
			out = append(out, ui.Choice{Value: product.OfNode(n.Ref).String(), Label: v.Title(n) + " (" + string(n.Kind) + ")"})
		}
	}
	for _, u := range v.cases {
		out = append(out, ui.Choice{Value: product.OfUseCase(u.Key).String(), Label: u.Name + " (use case)"})
	}
	return out
}

// kinds are what somebody can be responsible for, in a node and for a use case.
func (v *registerView) kinds() []ui.Choice {
	var out []ui.Choice
	org := &v.Pack.Rooms().Org
	for _, k := range org.DRIs.Kinds {
		out = append(out, ui.Choice{Value: k.Kind, Label: sentence(k.Kind)})
	}
	for _, role := range org.UseCases.DRIs {
		out = append(out, ui.Choice{Value: role, Label: sentence(words(role)) + " (use case)"})
	}
	return out
}

func (h *pages) askAppoint(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readRegister(r)
	if err != nil {
		return err
	}
	if !v.appoint {
		return fault.New(fault.Forbidden, "who is responsible is decided by administrators, and by whoever leads the section")
	}
	v.form = &form.Form{Values: map[string][]string{"subject": {r.URL.Query().Get("subject")}, "kind": {r.URL.Query().Get("kind")}, "how": {"hand_over"}}}
	return web.Show(w, r, appointPage(v))
}

// appoint makes somebody responsible, or hands a responsibility over.
func (h *pages) appoint(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readRegister(r)
	if err != nil {
		return err
	}
	var in struct {
		Subject string    `form:"subject,required"`
		Kind    string    `form:"kind,required"`
		Person  string    `form:"person,required"`
		Since   time.Time `form:"since"`
		Until   time.Time `form:"until"`
		How     string    `form:"how"`
	}
	if v.form, err = form.Read(r, &in); err != nil {
		return err
	}
	a := product.Appointment{Kind: in.Kind, Since: day(in.Since), Until: day(in.Until)}
	if a.Subject, err = product.ParseSubject(in.Subject); err != nil && v.form.OK() {
		v.form.Refuse(err, "subject")
	}
	ctx, by := r.Context(), auth.From(r.Context())
	if v.form.OK() {
		if a.Person, err = h.product.WhoIs(ctx, by, in.Person); err != nil && !v.form.Refuse(err, "person") {
			return err
		}
	}
	if v.form.OK() {
		if in.How == "hand_over" {
			_, err = h.product.HandOver(ctx, by, a)
		} else {
			_, err = h.product.Appoint(ctx, by, a)
		}
		if err == nil {
			return web.Done(w, r, "/hierarchy/responsible", ui.Toast{Text: in.Person + " is responsible"})
		}
		if !v.form.Refuse(err, "") {
			return err
		}
	}
	return web.Again(w, r, appointPage(v))
}

func (h *pages) endDRI(w http.ResponseWriter, r *http.Request) error {
	if err := h.product.EndDRI(r.Context(), auth.From(r.Context()), product.DRIID(r.PathValue("id")), calendar.Day("")); err != nil {
		return err
	}
	return web.Done(w, r, "/hierarchy/responsible", ui.Toast{Text: "That responsibility has ended"})
}

func (h *pages) tick(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Done string `form:"done"`
		Link string `form:"link"`
		Back string `form:"back"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	step, err := strconv.Atoi(r.PathValue("step"))
	if err != nil {
		return noPage(r)
	}
	if err := h.product.Tick(r.Context(), auth.From(r.Context()), product.HandoverID(r.PathValue("id")), step, in.Done == "yes", f.Value("link")); err != nil {
		return err
	}
	return web.Done(w, r, web.Local(in.Back), ui.Toast{Text: "The step is noted"})
}
