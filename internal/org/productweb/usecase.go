package productweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A casesView is the register of use cases.
type casesView struct {
	*view
	all                     []*product.UseCase
	solutions, capabilities []string // that the policy names and nobody entered
}

func (h *pages) useCases(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	c := &casesView{view: v}
	if c.all, err = h.product.UseCases(r.Context(), auth.From(r.Context()), v.Day); err != nil {
		return err
	}
	c.solutions, c.capabilities = v.WantedUseCases(c.all)
	return web.Show(w, r, casesPage(c))
}

// A caseView is one use case.
type caseView struct {
	*view
	*product.UseCase
	row   product.BoardRow
	board *product.Board
	edit  bool // the reader may write it
	form  *form.Form
}

func (h *pages) useCase(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readUseCase(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, casePage(v))
}

func (h *pages) readUseCase(r *http.Request) (*caseView, error) {
	base, err := h.look(r)
	if err != nil {
		return nil, err
	}
	ctx, by := r.Context(), auth.From(r.Context())
	v := &caseView{view: base}
	if v.UseCase, err = h.product.UseCase(ctx, by, r.PathValue("key"), base.Day); err != nil {
		return nil, err
	}
	if v.board, err = h.product.Board(ctx, by, "use_case", base.Day); err != nil {
		return nil, err
	}
	for _, row := range v.board.Rows {
		if row.Subject.Key == v.UseCase.Key {
			v.row = row
		}
	}
	v.edit, err = h.product.MayChangeUseCase(ctx, by, v.UseCase.Key)
	return v, err
}

// caseInput is what is typed about a use case.
type caseInput struct {
	Key          string   `form:"key"`
	Version      int64    `form:"version"`
	Name         string   `form:"name,required"`
	Kind         string   `form:"kind,required"`
	Objective    string   `form:"objective"`
	Analysts     string   `form:"analysts"`
	Channel      string   `form:"channel"`
	Drivers      []string `form:"drivers"`
	Requirements string   `form:"requirements"`
	Categories   string   `form:"categories"`
	Personas     string   `form:"personas"`
	Pages        string   `form:"pages"`
}

// A caseForm is a form for a use case.
type caseForm struct {
	*view
	use  *product.UseCase // nil for a new one
	form *form.Form
}

func (h *pages) newUseCase(w http.ResponseWriter, r *http.Request) error {
	v, err := h.forCase(r, "")
	if err != nil {
		return err
	}
	v.form = form.New(&caseInput{Name: r.URL.Query().Get("name"), Kind: r.URL.Query().Get("kind")})
	return web.Show(w, r, caseFormPage(v))
}

// forCase reads a use case for somebody who may write it.
func (h *pages) forCase(r *http.Request, key string) (*caseForm, error) {
	base, err := h.look(r)
	if err != nil {
		return nil, err
	}
	by := auth.From(r.Context())
	may, err := h.product.MayChangeUseCase(r.Context(), by, key)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, fault.New(fault.Forbidden, "use cases are written by administrators, and by those who answer for them")
	}
	v := &caseForm{view: base}
	if key != "" {
		v.use, err = h.product.UseCase(r.Context(), by, key, "")
	}
	return v, err
}

func (h *pages) editUseCase(w http.ResponseWriter, r *http.Request) error {
	v, err := h.forCase(r, r.PathValue("key"))
	if err != nil {
		return err
	}
	u := v.use
	v.form = form.New(&caseInput{
		Key: u.Key, Version: u.Version, Name: u.Name, Kind: u.Kind, Objective: u.Objective, Analysts: u.Analysts, Channel: u.Channel, Drivers: u.Drivers,
		Requirements: strings.Join(u.Requirements, "\n"), Categories: strings.Join(u.Categories, "\n"), Personas: strings.Join(u.Personas, "\n"), Pages: strings.Join(u.Pages, "\n"),
	})
	return web.Show(w, r, caseFormPage(v))
}

func (h *pages) addUseCase(w http.ResponseWriter, r *http.Request) error {
	return h.keepUseCase(w, r, "")
}

func (h *pages) saveUseCase(w http.ResponseWriter, r *http.Request) error {
	return h.keepUseCase(w, r, r.PathValue("key"))
}

// keepUseCase saves what was typed; the key is "" for a new use case.
func (h *pages) keepUseCase(w http.ResponseWriter, r *http.Request, key string) error {
	v, err := h.forCase(r, key)
	if err != nil {
		return err
	}
	var in caseInput
	if v.form, err = form.Read(r, &in); err != nil {
		return err
	}
	e := product.UseCaseEdit{Key: key, Version: in.Version, Name: in.Name, Kind: in.Kind, UseCaseBody: product.UseCaseBody{
		Objective: in.Objective, Analysts: in.Analysts, Channel: in.Channel, Drivers: in.Drivers,
		Requirements: byLine(in.Requirements), Categories: byLine(in.Categories), Personas: byLine(in.Personas), Pages: byLine(in.Pages),
	}}
	if key == "" {
		e.Key, e.Version = strings.TrimSpace(in.Key), 0
	}
	e.Retire = v.form.Value("do") == "retire"
	if v.form.OK() || e.Retire {
		if err = h.product.SaveUseCase(r.Context(), auth.From(r.Context()), e); err == nil {
			if e.Retire {
				return web.Done(w, r, "/hierarchy/use-cases", ui.Toast{Text: "The use case is retired"})
			}
			return web.Done(w, r, product.OfUseCase(e.Key).Address(), ui.Toast{Text: e.Name + " is saved"})
		}
		if !v.form.Refuse(err, caseField(err)) {
			return err
		}
		if v.use != nil { // so that a second try counts for how things are now
			v.form.Values.Set("version", strconv.FormatInt(v.use.Version, 10))
		}
	}
	return web.Again(w, r, caseFormPage(v))
}

// caseField returns the field that an error is about.
func caseField(err error) string {
	for _, one := range []struct{ says, field string }{
		{"the key", "key"}, {"another key", "key"}, {"the name", "name"}, {"no kind", "kind"}, {"value driver", "drivers"}, {"no category", "categories"}, {"no address", "pages"},
	} {
		if strings.Contains(err.Error(), one.says) {
			return one.field
		}
	}
	return ""
}

// seatCase says who stands beside a use case.
func (h *pages) seatCase(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readUseCase(r)
	if err != nil {
		return err
	}
	var in struct {
		Function string `form:"function,required"`
		Name     string `form:"name"`
	}
	if v.form, err = form.Read(r, &in); err != nil {
		return err
	}
	seen := ""
	for i, f := range v.board.Functions {
		if string(f.Function) == in.Function && len(v.row.Cells) > i {
			for _, one := range v.row.Cells[i].Holders {
				seen = one.Text
			}
		}
	}
	if v.form.OK() {
		a := product.Seating{Subject: product.OfUseCase(v.UseCase.Key), Field: in.Function, Names: byLine(in.Name), Seen: seen}
		if err = h.product.Seat(r.Context(), auth.From(r.Context()), a); err == nil {
			return web.Done(w, r, product.OfUseCase(v.UseCase.Key).Address(), ui.Toast{Text: sentence(in.Function) + " is changed"})
		}
		if !v.form.Refuse(err, "name") {
			return err
		}
	}
	return web.Again(w, r, casePage(v))
}

// functions are those in which somebody can stand beside a use case.
func (v *caseView) functions() []ui.Choice {
	var out []ui.Choice
	for _, f := range v.board.Functions {
		if f.Function != hierarchy.Product && f.Function != hierarchy.ProductMarketing { // these are among the responsible
			out = append(out, ui.Choice{Value: string(f.Function), Label: sentence(string(f.Function))})
		}
	}
	return out
}

// roles are those that answer for a use case.
func (v *view) roles() []string { return slices.Clone(v.Pack.Rooms().Org.UseCases.DRIs) }
