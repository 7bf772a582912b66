package catalogweb

import (
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Publishing takes three steps: pages are sent, or the server's own source is
// chosen; what would happen is shown, with what stands against it; and then it
// is done. Between the first and the last the archive is kept for its sender.

// ownSource is the place of the server's own source among the uploads.
const ownSource = "source"

// An uploadView is what the first step shows.
type uploadView struct {
	form   *form.Form
	source *catalog.Source
}

func (h *pages) upload(w http.ResponseWriter, r *http.Request) error {
	if err := h.allowed(r); err != nil {
		return err
	}
	return web.Show(w, r, uploadPage(uploadView{source: h.options.Source}))
}

// allowed reports whether the reader may publish.
func (h *pages) allowed(r *http.Request) error {
	if h.mayPublish(r) {
		return nil
	}
	return fault.New(fault.Forbidden, "only administrators publish job families")
}

// keep takes an archive.
func (h *pages) keep(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Archive *multipart.FileHeader `form:"archive,required"`
		Name    string                `form:"name"`
		InForce time.Time             `form:"in_force"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		text, err := content(in.Archive)
		if err != nil {
			return err
		}
		request := catalog.Request{Source: catalog.Source{Archive: text, Name: in.Name}, InForce: in.InForce}
		if in.Name == "" {
			request.Source.Name = in.Archive.Filename
		}
		id, err := h.catalog.Keep(r.Context(), auth.From(r.Context()), request)
		if err == nil {
			return web.Done(w, r, "/publish/"+string(id), ui.Toast{})
		}
		if !f.Refuse(err, "archive") {
			return err
		}
	}
	return web.Again(w, r, uploadPage(uploadView{form: f, source: h.options.Source}))
}

// content returns what a file holds.
func content(h *multipart.FileHeader) ([]byte, error) {
	file, err := h.Open()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, catalog.MostUpload+1))
	if closed := file.Close(); err == nil {
		err = closed
	}
	return text, err
}

// request returns what the address of the second step stands for.
func (h *pages) request(r *http.Request) (catalog.Request, error) {
	id := r.PathValue("upload")
	if id != ownSource {
		return h.catalog.Kept(r.Context(), auth.From(r.Context()), catalog.UploadID(id))
	}
	if h.options.Source == nil {
		return catalog.Request{}, fault.New(fault.NotFound, "this server has no source of its own: its settings name none")
	}
	return catalog.Request{Source: *h.options.Source}, nil
}

// A previewView is what the second step shows.
type previewView struct {
	*catalog.Publication
	address string // where the last step is sent
	wrong   error  // why the pages cannot even be read; nil if they can
	form    *form.Form
	names   people
}

func (h *pages) preview(w http.ResponseWriter, r *http.Request) error {
	return h.showPreview(w, r, nil)
}

// showPreview shows what publishing would do, and the form as it was sent if it
// was refused.
func (h *pages) showPreview(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	if err := h.allowed(r); err != nil {
		return err
	}
	request, err := h.request(r)
	if err != nil {
		return err
	}
	v := previewView{address: r.URL.Path, form: f}
	v.Publication, err = h.catalog.Preview(r.Context(), auth.From(r.Context()), request)
	switch kind := fault.KindOf(err); {
	case err != nil && (kind == fault.Invalid || kind == fault.NotFound):
		v.wrong = err
	case err != nil:
		return err
	}
	if v.Publication != nil {
		var ids []auth.PrincipalID
		for _, found := range v.Findings {
			if found.Waived != nil && found.Waived.By != "" {
				ids = append(ids, auth.PrincipalID(found.Waived.By))
			}
		}
		if v.names, err = h.names(r.Context(), ids...); err != nil {
			return err
		}
	}
	if f != nil {
		return web.Again(w, r, previewPage(&v))
	}
	return web.Show(w, r, previewPage(&v))
}

// reasonOf is the name of the field in which a finding is waived.
func reasonOf(f *catalog.Finding) string { return "reason-" + f.Fingerprint }

// publish does it, with the reasons that were given.
func (h *pages) publish(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Until time.Time `form:"until"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	request, err := h.request(r)
	if err != nil {
		return err
	}
	for name := range f.Values {
		fingerprint, ok := strings.CutPrefix(name, "reason-")
		if reason := strings.TrimSpace(f.Value(name)); ok && reason != "" {
			waiver := catalog.Waiver{Fingerprint: fingerprint, Reason: reason}
			if !in.Until.IsZero() {
				until := in.Until.AddDate(0, 0, 1).Add(-time.Microsecond) // that day included
				waiver.Until = &until
			}
			request.Waivers = append(request.Waivers, waiver)
		}
	}
	if !f.OK() {
		return h.showPreview(w, r, f)
	}
	p, err := h.catalog.Publish(r.Context(), auth.From(r.Context()), request)
	if err != nil {
		if !f.Refuse(err, "") {
			return err
		}
		return h.showPreview(w, r, f)
	}
	if p.Refused() {
		given := map[string]bool{}
		for _, w := range request.Waivers {
			given[w.Fingerprint] = true
		}
		for i := range p.Blocking {
			if !given[p.Blocking[i].Fingerprint] {
				f.Wrong(reasonOf(&p.Blocking[i]), "say why this error is accepted, or correct the page and send it again")
			}
		}
		return h.showPreview(w, r, f)
	}
	if id := r.PathValue("upload"); id != ownSource {
		if err := h.catalog.Forget(r.Context(), auth.From(r.Context()), catalog.UploadID(id)); err != nil {
			return err
		}
	}
	if !p.Published {
		return web.Done(w, r, "/families", ui.Toast{Text: "Nothing has changed since release " + strconv.Itoa(int(p.Release))})
	}
	return web.Done(w, r, releaseAddress(p.Release), ui.Toast{Text: releaseWords(p.Release) + " is published"})
}

// tilesOf sum up what publishing would do.
func (v *previewView) tilesOf() []ui.Tile {
	n := map[catalog.ChangeKind]int{}
	for _, c := range v.Changes {
		n[c.Kind]++
	}
	tile := func(name string, n int, note string) ui.Tile {
		return ui.Tile{Name: name, Value: strconv.Itoa(n), Note: note}
	}
	blocking := ui.Tile{Name: "Errors", Value: strconv.Itoa(len(v.Blocking)), State: ui.OK, Word: "Nothing stands against it"}
	if len(v.Blocking) > 0 {
		blocking.State, blocking.Word = ui.Bad, "Correct or waive them"
	}
	return []ui.Tile{
		tile("New", n[catalog.Added]+n[catalog.Restored], "families that come, or come back"),
		tile("Changed", n[catalog.Changed], "of "+counted(v.Families, "family", "families")),
		tile("Retired", n[catalog.Retired], "families whose page is gone"),
		blocking,
	}
}

// others are the findings that do not stand against publishing.
func (v *previewView) others() []catalog.Finding {
	var out []catalog.Finding
	for _, f := range v.Findings {
		if !f.Counts() {
			out = append(out, f)
		}
	}
	return out
}

// excerpt returns the line of a finding of pages that are not published yet, and
// so cannot be opened.
func (v *previewView) excerpt(f *catalog.Finding, width int) ui.Excerpt {
	file := v.Pages[f.Path]
	if file == nil {
		return ui.Excerpt{}
	}
	return excerpt(file, f, ui.Line{File: f.Path, N: f.Line}, width)
}
