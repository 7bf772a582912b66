package orgweb

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
)

// export lists the forms in which the organisation can be taken along.
func (h *pages) export(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, exportPage(v, h.options.Formats))
}

// exportAs sends the organisation in one of the forms. Nothing is sent before it
// is whole, so that an error is not taken for a short organisation.
func (h *pages) exportAs(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	for _, f := range h.options.Formats {
		if f.Key != r.PathValue("format") {
			continue
		}
		var file bytes.Buffer
		if err := f.Write(r.Context(), auth.From(r.Context()), v.Day, &file); err != nil {
			return err
		}
		w.Header().Set("Content-Type", f.Media)
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.File))
		_, err := file.WriteTo(w)
		return err
	}
	return noPage(r)
}
