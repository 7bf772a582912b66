package files

import (
	"fmt"
	"mime"
	"net/http"
)

// Serve answers a request with the content of a file, to be saved and not
// shown. Parts can be asked for. The caller has made sure that the reader may
// have it. An error was not answered yet.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, f File) error {
	return s.serve(w, r, f, "attachment")
}

// Show is like Serve, but a picture is shown where the page has it.
func (s *Service) Show(w http.ResponseWriter, r *http.Request, f File) error {
	if f.Type.IsPicture() {
		return s.serve(w, r, f, "inline")
	}
	return s.Serve(w, r, f)
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request, f File, disposition string) error {
	c, err := s.Open(r.Context(), f)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	kind := string(f.Type)
	if f.Type == Text || f.Type == CSV || f.Type == Markdown {
		kind += "; charset=utf-8"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	// Whatever it is: it is no page of this site, runs nothing, loads nothing.
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", fmt.Sprintf("%q", f.SHA256))
	http.ServeContent(w, r, "", f.At, c)
	return nil
}
