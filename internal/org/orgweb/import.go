package orgweb

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	rosters "github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// People are imported in three steps: a file is sent; it is said which column is
// what, and from when on; and what would happen is shown, to be done or not.
// Between the first and the last the file is kept for its sender. The second
// step stands in the address of the third, so that it can be gone back to.

// An importer has the pages of importing.
type importer struct{ org *org.Service }

// importTime is how long a large file may take.
const importTime = 5 * time.Minute

// registerImport adds the pages of importing people.
func registerImport(site *web.Site, s *org.Service) {
	h := &importer{s}
	site.Get("/people/import", h.choose)
	site.Post("/people/import", h.keep, web.MaxBody(rosters.MostBytes+1<<20), web.MaxTime(importTime))
	site.Get("/org/imports/{upload}", h.columns)
	site.Post("/org/imports/{upload}", h.setColumns)
	site.Get("/org/imports/{upload}/preview", h.preview, web.MaxTime(importTime))
	site.Post("/org/imports/{upload}/preview", h.do, web.MaxTime(importTime))
}

func (h *importer) allowed(r *http.Request) error {
	if h.org.MayImport(auth.From(r.Context())) {
		return nil
	}
	return fault.New(fault.Forbidden, "only people partners and administrators import people")
}

// choose asks for a file.
func (h *importer) choose(w http.ResponseWriter, r *http.Request) error {
	if err := h.allowed(r); err != nil {
		return err
	}
	return web.Show(w, r, importPage(nil))
}

// keep takes a file.
func (h *importer) keep(w http.ResponseWriter, r *http.Request) error {
	if err := h.allowed(r); err != nil {
		return err
	}
	var in struct {
		File *multipart.FileHeader `form:"file,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		text, err := contentOf(in.File)
		if err != nil {
			return err
		}
		u := org.Upload{Name: path.Base(in.File.Filename), Content: text}
		if err = judged(u); err == nil {
			id, err := h.org.KeepUpload(r.Context(), auth.From(r.Context()), u)
			if err == nil {
				return web.Redirect(w, r, "/org/imports/"+string(id))
			}
			if !f.Refuse(err, "file") {
				return err
			}
		} else if !f.Refuse(err, "file") {
			return err
		}
	}
	return web.Again(w, r, importPage(f))
}

// judged fails for a file that is none of people, whatever its columns mean.
func judged(u org.Upload) error {
	if isYAML(u.Name) {
		_, err := rosters.ReadYAML(u.Content)
		return err
	}
	_, err := rosters.Header(u.Content)
	return err
}

func isYAML(name string) bool {
	return slices.Contains([]string{".yml", ".yaml"}, strings.ToLower(path.Ext(name)))
}

// contentOf returns what a file holds.
func contentOf(h *multipart.FileHeader) ([]byte, error) {
	file, err := h.Open()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, rosters.MostBytes+1))
	if closed := file.Close(); err == nil {
		err = closed
	}
	return text, err
}

// An importColumns is what the second step shows.
type importColumns struct {
	upload  org.Upload
	address string
	form    *form.Form
	header  []string // nil for a file without columns
	guess   rosters.Mapping
}

// notThere stands for a field that the file does not have.
const notThere = "-"

func (h *importer) columns(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readColumns(r)
	if err != nil {
		return err
	}
	v.form = v.before(r.URL.Query())
	return web.Show(w, r, columnsPage(v))
}

func (h *importer) readColumns(r *http.Request) (*importColumns, error) {
	u, err := h.org.Upload(r.Context(), auth.From(r.Context()), org.UploadID(r.PathValue("upload")))
	if err != nil {
		return nil, err
	}
	v := &importColumns{upload: u, address: "/org/imports/" + r.PathValue("upload")}
	if !isYAML(u.Name) {
		if v.header, err = rosters.Header(u.Content); err != nil {
			return nil, err
		}
		v.guess = rosters.Guess(v.header)
	}
	return v, nil
}

// before returns the form as it was filled in before, or as is guessed.
func (v *importColumns) before(q url.Values) *form.Form {
	f := &form.Form{Values: url.Values{}}
	for _, field := range rosters.All {
		f.Values.Set(string(field), firstWord(q.Get(string(field)), v.guess[field], notThere))
	}
	for _, name := range []string{"day", "all"} {
		if value := q.Get(name); value != "" {
			f.Values.Set(name, value)
		}
	}
	return f
}

func firstWord(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// choices are the columns of the file.
func (v *importColumns) choices() []ui.Choice {
	all := []ui.Choice{{Value: notThere, Label: "not in the file"}}
	for _, h := range v.header {
		if h != "" {
			all = append(all, ui.Choice{Value: h, Label: h})
		}
	}
	return all
}

// setColumns leads on to the preview.
func (h *importer) setColumns(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readColumns(r)
	if err != nil {
		return err
	}
	var in struct {
		Day calendar.Day `form:"day"`
		All bool         `form:"all"`
	}
	var typed struct {
		Day time.Time `form:"day"`
		All bool      `form:"all"`
	}
	if v.form, err = form.Read(r, &typed); err != nil {
		return err
	}
	if in.All = typed.All; !typed.Day.IsZero() {
		in.Day = calendar.Of(typed.Day)
	}
	q := url.Values{}
	for _, field := range rosters.All {
		if value := v.form.Value(string(field)); v.header != nil && value != "" {
			q.Set(string(field), value)
		}
	}
	if v.form.OK() && v.header != nil {
		if _, err := rosters.ReadCSV(v.upload.Content, mappingOf(q)); err != nil && !v.form.Refuse(err, "") {
			return err
		}
	}
	if !v.form.OK() {
		return web.Again(w, r, columnsPage(v))
	}
	if in.Day != "" {
		q.Set("day", string(in.Day))
	}
	if in.All {
		q.Set("all", "on")
	}
	return web.Redirect(w, r, v.address+"/preview?"+q.Encode())
}

// mappingOf reads which column is what.
func mappingOf(q url.Values) rosters.Mapping {
	m := rosters.Mapping{}
	for _, field := range rosters.All {
		switch column := q.Get(string(field)); column {
		case "":
		case notThere:
			m[field] = ""
		default:
			m[field] = column
		}
	}
	return m
}

// An importPreview is what the third step shows.
type importPreview struct {
	*org.Import
	upload  org.Upload
	back    string // to the second step
	address string // where the form is sent
	form    *form.Form
}

// How many lines of each kind are shown.
const mostShown = 100

func (h *importer) preview(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readPreview(r, false)
	if err != nil {
		return err
	}
	return web.Show(w, r, importPreviewPage(v))
}

// readPreview plans the import that the address stands for.
func (h *importer) readPreview(r *http.Request, allow bool) (*importPreview, error) {
	ctx, by, q := r.Context(), auth.From(r.Context()), r.URL.Query()
	u, err := h.org.Upload(ctx, by, org.UploadID(r.PathValue("upload")))
	if err != nil {
		return nil, err
	}
	o := org.ImportOptions{All: q.Get("all") == "on", AllowRemovals: allow}
	if text := q.Get("day"); text != "" {
		if o.Day, err = calendar.ParseDay(text); err != nil {
			return nil, err
		}
	}
	file, err := rosters.Read(u.Name, u.Content, mappingOf(q))
	if err != nil {
		return nil, err
	}
	v := &importPreview{upload: u, address: r.URL.RequestURI(), back: "/org/imports/" + r.PathValue("upload") + "?" + q.Encode()}
	v.Import, err = h.org.PlanImport(ctx, by, file, o)
	return v, err
}

// do does what was shown.
func (h *importer) do(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Seen  string `form:"seen,required"`
		Allow bool   `form:"allow"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	v, err := h.readPreview(r, in.Allow)
	if err != nil {
		return err
	}
	v.form = f
	seen, err := strconv.ParseInt(in.Seen, 10, 64)
	switch {
	case err != nil || seen != v.Seen:
		f.Wrong("", "The organisation has changed since you looked: look again at what would happen.")
	case v.TooMany && !in.Allow:
		f.Wrong("allow", "Say that it is meant, or send another file.")
	}
	if !f.OK() {
		return web.Again(w, r, importPreviewPage(v))
	}
	number, err := h.org.ApplyImport(r.Context(), auth.From(r.Context()), v.Import)
	if err != nil {
		if !f.Refuse(err, "") {
			return err
		}
		return web.Again(w, r, importPreviewPage(v))
	}
	if err := h.org.ForgetUpload(r.Context(), auth.From(r.Context()), org.UploadID(r.PathValue("upload"))); err != nil {
		return err
	}
	if number == 0 {
		return web.Done(w, r, "/people", ui.Toast{Text: "Nothing was to be changed."})
	}
	return done(w, r, "/people", "Imported: "+v.words()+".", number)
}

// words sum up what is done.
func (v *importPreview) words() string {
	var parts []string
	for _, c := range []struct {
		n    int
		what string
	}{{v.Counts.New, "new"}, {v.Counts.Changed, "changed"}, {v.Counts.Gone, "gone"}, {v.Counts.Rejected, "rejected"}} {
		if c.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	if len(parts) == 0 {
		return "nothing new"
	}
	return strings.Join(parts, ", ")
}

// tiles are the counts.
func (v *importPreview) tiles() []ui.Tile {
	tile := func(name string, n int, note string) ui.Tile {
		return ui.Tile{Name: name, Value: strconv.Itoa(n), Note: note}
	}
	rejected := tile("Rejected", v.Counts.Rejected, "")
	rejected.State, rejected.Word = ui.OK, "Every line can be taken"
	if v.Counts.Rejected > 0 {
		rejected.State, rejected.Word = ui.Warn, "They are left out"
	}
	gone := tile("Gone", v.Counts.Gone, "people and positions that the file lacks")
	if v.TooMany {
		gone.State, gone.Word = ui.Bad, "More than the policy lets pass"
	}
	return []ui.Tile{
		tile("New", v.Counts.New, "lines about people or positions that come"),
		tile("Changed", v.Counts.Changed, "lines that say something else than before"),
		gone, tile("Unchanged", v.Counts.Unchanged, "lines that are so already"), rejected,
	}
}

// placeOf says where a line stands.
func placeOf(file string, line int) string {
	switch {
	case line == 0:
		return ""
	case file != "":
		return fmt.Sprintf("%s:%d", file, line)
	}
	return strconv.Itoa(line)
}

// firstOf returns the first of many.
func firstOf[T any](all []T) []T { return all[:min(len(all), mostShown)] }

// more says how many are not shown.
func more(n int) string {
	if n <= mostShown {
		return ""
	}
	return fmt.Sprintf("and %d more", n-mostShown)
}

// importFields are the fields with what they are called.
var importFields = map[rosters.Field]string{
	rosters.Number: "Number of the person", rosters.Name: "Name", rosters.Email: "E-mail address", rosters.Start: "First day", rosters.End: "Last day",
	rosters.Country: "Country", rosters.Locality: "Locality", rosters.Zone: "Time zone", rosters.Factor: "Location factor", rosters.ManagedBefore: "Managed people before",
	rosters.Position: "Number of the position", rosters.Title: "What the position is called", rosters.Level: "Level", rosters.Specialty: "Specialty",
	rosters.Department: "Department", rosters.HoldingField: "How it is held", rosters.Manager: "Manager", rosters.ManagerPosition: "Position of the manager",
}

// importHelp says what stands in a field.
var importHelp = map[rosters.Field]string{
	rosters.Start: "Written like 2026-11-23.", rosters.End: "Empty for who stays.", rosters.Factor: "A number like 0.85.", rosters.ManagedBefore: "yes or no.",
	rosters.Level:        "As family#level, such as backend-engineer#staff-backend-engineer.",
	rosters.HoldingField: "regular, interim, acting, life_support or vacant.",
	rosters.Manager:      "The manager's number or address.", rosters.ManagerPosition: "Where nobody holds the manager's position.",
}

// RosterFormats are the forms in which the list of people can be taken along,
// for Options.Formats.
func RosterFormats(s *org.Service) []Format {
	format := func(key, name, file, media, text string, write func(io.Writer, []rosters.Row) error) Format {
		return Format{
			Key: key, Name: name, File: file, Media: media, Text: text,
			Write: func(ctx context.Context, by auth.Actor, day calendar.Day, w io.Writer) error {
				rows, err := s.Roster(ctx, by, day)
				if err != nil {
					return err
				}
				return write(w, rows)
			},
		}
	}
	return []Format{
		format("people.csv", "People and positions", "people.csv", "text/csv; charset=utf-8",
			"Who holds which position, as CSV; it can be imported again.", rosters.WriteCSV),
		format("people.yml", "Team file", "people.yml", "application/yaml; charset=utf-8",
			"The same as the list of people and vacancies of a handbook, in YAML.", rosters.WriteYAML),
		format("backstage.yml", "Backstage", "backstage.yml", "application/yaml; charset=utf-8",
			"People as users and those who lead them as groups, for the catalog of Backstage.", rosters.WriteBackstage),
	}
}
