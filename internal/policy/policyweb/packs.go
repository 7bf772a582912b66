package policyweb

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A choosing is what the page of packs shows.
type choosing struct {
	*view
	packs  []offered
	form   *form.Form
	wanted string // pack that a form or a dialog is about
}

// An offered pack, and by how many values it differs from the chosen one.
type offered struct {
	*policy.Pack
	values  int
	differs int
	isOurs  bool
}

func (h *pages) offers(r *http.Request) (*choosing, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	c := &choosing{view: v, form: &form.Form{}}
	for _, name := range policy.Names() {
		p, err := policy.Named(name)
		if err != nil {
			return nil, err
		}
		c.packs = append(c.packs, offered{p, len(p.Values()), len(v.Base.Compare(p)), name == v.Base.Version})
	}
	slices.Reverse(c.packs)
	return c, nil
}

func (h *pages) packs(w http.ResponseWriter, r *http.Request) error {
	c, err := h.offers(r)
	if err != nil {
		return err
	}
	c.wanted = r.URL.Query().Get("ask")
	return web.Show(w, r, packsView(c))
}

func (h *pages) choose(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Pack     string `form:"pack,required"`
		Reason   string `form:"reason,required"`
		Revision string `form:"revision"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		err := h.policy.Choose(r.Context(), auth.From(r.Context()), in.Pack, chosen.Change{Reason: in.Reason, Revision: in.Revision})
		if err == nil {
			return web.Done(w, r, packsPage, ui.Toast{Text: "The pack " + in.Pack + " counts now"})
		}
		if !f.Refuse(err, "") {
			return err
		}
	}
	c, err := h.offers(r)
	if err != nil {
		return err
	}
	f.ID = dialog(in.Pack)
	c.form, c.wanted = f, dialog(in.Pack)
	return web.Again(w, r, packsView(c))
}

// dialog is the id of the question whether a pack is to be used.
func dialog(pack string) string { return "use-" + pack }

// formOf returns the form of the dialog of a pack.
func (c *choosing) formOf(pack string) *form.Form {
	if c.form.ID == dialog(pack) {
		return c.form
	}
	return &form.Form{ID: dialog(pack)}
}

// A comparison is what the page shows on which two packs are compared.
type comparison struct {
	*view
	url      *url.URL
	old, new string
	list     []policy.Difference
}

// effective is the name of the chosen pack with the overrides.
const effective = "effective"

func (h *pages) compare(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	c := &comparison{view: v, old: r.URL.Query().Get("old"), new: r.URL.Query().Get("new")}
	if c.old == "" {
		c.old = v.Base.Version
	}
	if c.new == "" {
		c.new = effective
	}
	old, err := v.pack(c.old)
	if err != nil {
		return err
	}
	other, err := v.pack(c.new)
	if err != nil {
		return err
	}
	c.list = old.Compare(other)
	c.url = &url.URL{Path: comparePage, RawQuery: url.Values{"old": {c.old}, "new": {c.new}}.Encode()}
	return web.Show(w, r, comparePageView(c))
}

// pack returns a pack by its name.
func (v *view) pack(name string) (*policy.Pack, error) {
	if name == effective {
		return v.Pack, nil
	}
	p, err := policy.Named(name)
	if fault.KindOf(err) == fault.NotFound {
		return nil, fault.New(fault.NotFound, "there is no pack %q", name)
	}
	return p, err
}

// label returns what a pack of a comparison is called.
func label(name string) string {
	if name == effective {
		return "What counts here"
	}
	return "Pack " + name
}

func (c *comparison) facets() []ui.Facet {
	var choices []ui.Choice
	for _, name := range append(policy.Names(), effective) {
		choices = append(choices, ui.Choice{Value: name, Label: label(name)})
	}
	return []ui.Facet{{Label: "From", Name: "old", Choices: choices}, {Label: "To", Name: "new", Choices: choices}}
}

// A past is what the page of the history shows.
type past struct {
	*view
	url  *url.URL
	list []chosen.Decision
	next string
}

func (h *pages) history(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	filter := chosen.Filter{Limit: pageSize + 1}
	if key := r.URL.Query().Get("after"); key != "" {
		if filter.After, err = parseKey(key); err != nil {
			return err
		}
	}
	p := &past{view: v, url: r.URL}
	if p.list, err = h.policy.History(r.Context(), auth.From(r.Context()), filter); err != nil {
		return err
	}
	if len(p.list) > pageSize {
		p.list = p.list[:pageSize]
		p.next = keyText(p.list[pageSize-1].Key())
	}
	if p.names, err = h.peopleOf(r, p.list); err != nil {
		return err
	}
	return web.Show(w, r, historyView(p))
}

// address returns the address of the comparison.
func (comparison) address() *url.URL { return &url.URL{Path: comparePage} }

// joined writes the cells of a row in one line, but those that say nothing.
func joined(cells []string) string {
	var said []string
	for _, c := range cells {
		if c != "" && c != "0" {
			said = append(said, c)
		}
	}
	return strings.Join(said, " · ")
}
