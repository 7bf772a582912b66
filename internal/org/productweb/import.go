package productweb

import (
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// withID returns a form whose fields have ids of their own on the page.
func withID(f *form.Form, id string) *form.Form {
	if f == nil {
		f = &form.Form{}
	}
	f.ID = id
	return f
}

// An importView is the import of files.
type importView struct {
	*view
	form  *form.Form
	found *product.Import // what the files would change; nil at first
}

func (h *pages) forImport(r *http.Request) (*importView, error) {
	v, err := h.look(r)
	if err != nil {
		return nil, err
	}
	if !v.may {
		return nil, fault.New(fault.Forbidden, "administrators import the hierarchy")
	}
	return &importView{view: v}, nil
}

func (h *pages) upload(w http.ResponseWriter, r *http.Request) error {
	v, err := h.forImport(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, importPage(v))
}

// importFiles looks at files, or imports them. Browsers do not keep files in a
// form, so they are chosen again for the second step.
func (h *pages) importFiles(w http.ResponseWriter, r *http.Request) error {
	v, err := h.forImport(r)
	if err != nil {
		return err
	}
	var in struct {
		Sections   *multipart.FileHeader `form:"sections"`
		Stages     *multipart.FileHeader `form:"stages"`
		Categories *multipart.FileHeader `form:"categories"`
		Day        time.Time             `form:"day"`
		Removals   string                `form:"removals"`
		Do         string                `form:"do"`
	}
	if v.form, err = form.Read(r, &in); err != nil {
		return err
	}
	request := product.Request{Files: map[string][]byte{}, Day: day(in.Day), Removals: in.Removals == "yes"}
	for name, file := range map[string]*multipart.FileHeader{
		hierarchy.SectionsFile: in.Sections, hierarchy.StagesFile: in.Stages, hierarchy.CategoriesFile: in.Categories,
	} {
		if file == nil {
			continue
		}
		if request.Files[name], err = content(file); err != nil {
			return err
		}
	}
	if len(request.Files) == 0 {
		v.form.Wrong("sections", "choose at least one file")
	}
	if v.form.OK() {
		do := h.product.Preview
		if in.Do == "import" {
			do = h.product.Import
		}
		if v.found, err = do(r.Context(), auth.From(r.Context()), request); err != nil && !v.form.Refuse(err, "") {
			return err
		}
		if err == nil && v.found.Applied {
			return web.Done(w, r, "/hierarchy", ui.Toast{Text: "The hierarchy is imported: " + summary(v.found)})
		}
	}
	if v.form.OK() {
		return web.Show(w, r, importPage(v))
	}
	return web.Again(w, r, importPage(v))
}

// content returns what a file holds.
func content(h *multipart.FileHeader) ([]byte, error) {
	file, err := h.Open()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, 34<<20))
	if closed := file.Close(); err == nil {
		err = closed
	}
	return text, err
}

// summary counts what an import changes.
func summary(i *product.Import) string {
	return counted(i.New, "new part", "new parts") + ", " + counted(i.Changed, "changed", "changed") + ", " + counted(i.Gone, "gone", "gone")
}
