package policyweb

import (
	"net/http"
	"strconv"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A showing is what the page of a value shows.
type showing struct {
	*view
	*chosen.Origin
	past     []chosen.Decision // for those who may see them
	change   *form.Form
	withdraw *form.Form
	asked    string // dialog that was asked for without scripts
}

// What a decision is sent with.
type sent struct {
	Value    string `form:"value,raw"`
	Reason   string `form:"reason,required"`
	Revision string `form:"revision"`
}

func (h *pages) show(r *http.Request) (*showing, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	o, err := v.Standing.Origin(r.PathValue("path"))
	if err != nil {
		return nil, err
	}
	s := &showing{view: v, Origin: o, asked: r.URL.Query().Get("ask"), withdraw: &form.Form{ID: "withdraw"}}
	s.change = form.New(sent{Value: typed(o.Value), Revision: v.Revision})
	s.change.ID = "change"
	if !v.looks {
		return s, nil
	}
	s.past, err = h.policy.History(r.Context(), auth.From(r.Context()), chosen.Filter{Path: new(o.Value.Path)})
	if err != nil {
		return nil, err
	}
	s.names, err = h.peopleOf(r, s.past)
	return s, err
}

// peopleOf returns the names of those who took and ended decisions.
func (h *pages) peopleOf(r *http.Request, list []chosen.Decision) (people, error) {
	var ids []auth.PrincipalID
	for _, d := range list {
		ids = append(ids, d.By, d.EndedBy)
	}
	return h.people(r.Context(), ids...)
}

func (h *pages) value(w http.ResponseWriter, r *http.Request) error {
	s, err := h.show(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, valuePage(s))
}

func (h *pages) override(w http.ResponseWriter, r *http.Request) error {
	var in sent
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	f.ID = "change"
	s, err := h.show(r)
	if err != nil {
		return err
	}
	if f.OK() {
		path := s.Value.Path
		err := h.policy.Override(r.Context(), auth.From(r.Context()), path, asYAML(s.Value, in.Value), chosen.Change{Reason: in.Reason, Revision: in.Revision})
		if err == nil {
			return web.Done(w, r, address(path), ui.Toast{Text: "The value is overridden"})
		}
		if !refuse(f, err) {
			return err
		}
	}
	// What was refused is shown beside what counts now, so it may be sent again.
	f.Values.Set("revision", s.Revision)
	s.change = f
	return web.Again(w, r, valuePage(s))
}

// refuse notes why a decision was refused: what is wrong with the value beside
// it, that somebody else decided above all.
func refuse(f *form.Form, err error) bool {
	if fault.KindOf(err) == fault.Conflict {
		return f.Refuse(err, "")
	}
	return f.Refuse(err, "value")
}

func (h *pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	path := r.PathValue("path")
	var in sent
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	f.ID = "withdraw"
	if f.OK() {
		err := h.policy.Withdraw(r.Context(), auth.From(r.Context()), path, chosen.Change{Reason: in.Reason, Revision: in.Revision})
		if err == nil {
			return h.withdrawn(w, r, path)
		}
		if !f.Refuse(err, "") {
			return err
		}
	}
	s, err := h.show(r)
	if err != nil {
		return err
	}
	s.withdraw = f
	return web.Again(w, r, valuePage(s))
}

// withdrawn leads back to the value or, if the pack has none such any more, to
// the list.
func (h *pages) withdrawn(w http.ResponseWriter, r *http.Request, path string) error {
	to := address(path)
	if _, err := h.policy.Origin(r.Context(), auth.From(r.Context()), path); err != nil {
		to = Home
	}
	return web.Done(w, r, to, ui.Toast{Text: "The override is withdrawn"})
}

// facts says where a value comes from.
func (s *showing) facts() []ui.Fact {
	list := []ui.Fact{
		{Name: "Path", Value: code(s.Value.Path)},
		{Name: "Kind", Value: ui.Text(sentence(s.Value.Kind) + limits(s.Value))},
	}
	if s.Override != nil {
		list = append(list, ui.Fact{Name: "Why it is overridden", Value: ui.Text(s.Override.Reason)})
		if s.looks {
			list = append(list, ui.Fact{Name: "Overridden by", Value: ui.Text(s.names.name(s.Override.By))})
		}
		list = append(list,
			ui.Fact{Name: "Since", Value: ui.At(s.Override.Since)},
			ui.Fact{Name: "The pack says", Value: shownValue(s.Shipped)},
		)
	}
	list = append(list, ui.Fact{Name: "Source", Value: sourceOf(s.Shipped)})
	if s.Shipped.Source.Note != "" {
		list = append(list, ui.Fact{Name: "Note", Value: ui.Text(s.Shipped.Source.Note)})
	}
	return append(list, ui.Fact{Name: "Stated by", Value: ui.Text("Pack " + s.Shipped.Source.Pack)})
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func overriddenWords(n int) string {
	if n == 0 {
		return "no value is overridden"
	}
	if n == 1 {
		return "1 value is overridden"
	}
	return strconv.Itoa(n) + " values are overridden"
}

func lapsedID(i int) string { return "lapsed-" + strconv.Itoa(i) }
