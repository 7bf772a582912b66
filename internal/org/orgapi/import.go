package orgapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/roster"
)

// registerImport adds the operations that bring people in and out.
func registerImport(a *api.API, s *org.Service) {
	h := &importer{s}
	tags := []string{"People and positions"}
	api.Register(a, huma.Operation{
		OperationID: "import-people", Method: http.MethodPost, Path: api.Prefix + "/people/imports", Tags: tags, Summary: "Import people and their positions",
		Description: "Takes a CSV file of an HR system, the team file of a handbook in YAML, or users and groups of Backstage. Lines that cannot be used are told in `rejected`; " +
			"all others count, as one change. If more people would go than the policy lets pass, nothing is done and `needs_yes` is true: send `allow_removals`. " +
			"The same again changes nothing.",
		Security: api.Scope("org:write"), MaxBodyBytes: roster.MostBytes + 1<<20, BodyReadTimeout: 5 * time.Minute,
		Errors: []int{http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity},
	}, h.take)
	api.Register(a, huma.Operation{
		OperationID: "export-people", Method: http.MethodGet, Path: api.Prefix + "/people/export", Tags: tags, Summary: "Export people and their positions",
		Description: "Gives a row for each position, with who holds it, in a form that can be imported. Location factors are there for who may see them.",
		Security:    api.Scope("org:read"), Errors: []int{http.StatusUnprocessableEntity},
	}, h.give)
}

type importer struct{ org *org.Service }

// ImportForm is what is sent to import people.
type ImportForm struct {
	File          huma.FormFile `form:"file" required:"true" contentType:"application/octet-stream" doc:"The file. A name that ends in .yml or .yaml is YAML, any other CSV."`
	Mapping       string        `form:"mapping" required:"false" maxLength:"20000" doc:"For CSV, which column is which field: {\"employee_id\": \"Personnel number\"}. Fields that it does not name are found by the headings; \"\" is no column."`
	Day           string        `form:"day" required:"false" maxLength:"10" doc:"The day from which on the file holds; missing means today."`
	All           bool          `form:"all" required:"false" doc:"The file lists everybody and every position: who and what is absent is gone."`
	AllowRemovals bool          `form:"allow_removals" required:"false" doc:"Do it even if more people would go than the policy lets pass."`
	Preview       bool          `form:"preview" required:"false" doc:"Say what importing would do, and do nothing."`
	Seen          int64         `form:"seen" required:"false" doc:"The revision of a preview: if the organisation has changed since, the answer is 409. Missing means any."`
}

// ImportPeopleInput is the input of an import.
type ImportPeopleInput struct {
	RawBody huma.MultipartFormFiles[ImportForm]
}

// ImportPeopleOutput is what an import did, or would do.
type ImportPeopleOutput struct {
	Body struct {
		Change   *int64            `json:"change" nullable:"true" doc:"The number of the change; null if nothing was done."`
		Day      calendar.Day      `json:"day"`
		Seen     int64             `json:"seen" doc:"The revision for which it was planned."`
		NeedsYes bool              `json:"needs_yes"`
		Removed  int               `json:"removed" doc:"How many people leave, or come to hold no position."`
		Counts   org.ImportCounts  `json:"counts"`
		Rows     []org.ImportRow   `json:"rows" nullable:"false" doc:"Lines that are new or change something."`
		Rejected []roster.Rejected `json:"rejected" nullable:"false"`
		Notes    []roster.Rejected `json:"notes" nullable:"false" doc:"What is worth to know of lines that are taken."`
		Gone     []org.ImportGone  `json:"gone" nullable:"false"`
	}
}

// take imports a file.
func (h *importer) take(ctx context.Context, in *ImportPeopleInput) (*ImportPeopleOutput, error) {
	form, by := in.RawBody.Data(), auth.From(ctx)
	if !h.org.MayImport(by) { // before anything is read
		if _, err := h.org.PlanImport(ctx, by, &roster.File{}, org.ImportOptions{}); err != nil {
			return nil, err
		}
	}
	o := org.ImportOptions{All: form.All, AllowRemovals: form.AllowRemovals}
	var err error
	if form.Day != "" {
		if o.Day, err = calendar.ParseDay(form.Day); err != nil {
			return nil, importFlaw("body.day", "is no day such as 2026-11-30")
		}
	}
	var m roster.Mapping
	if form.Mapping != "" {
		if err := json.Unmarshal([]byte(form.Mapping), &m); err != nil {
			return nil, importFlaw("body.mapping", "is no object of texts in JSON")
		}
	}
	text, err := io.ReadAll(io.LimitReader(form.File, roster.MostBytes+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the file cannot be read: %w", err)
	}
	file, err := roster.Read(form.File.Filename, text, m)
	if err != nil {
		return nil, importFlaw("body.file", err.Error())
	}
	p, err := h.org.PlanImport(ctx, by, file, o)
	if err != nil {
		return nil, err
	}
	out := &ImportPeopleOutput{}
	b := &out.Body
	b.NeedsYes = p.TooMany && !p.AllowRemovals
	if form.Seen != 0 {
		p.Seen = form.Seen
	}
	if !form.Preview && !b.NeedsYes {
		number, err := h.org.ApplyImport(ctx, by, p)
		if err != nil {
			return nil, err
		}
		if number != 0 {
			b.Change = &number
		}
	}
	b.Day, b.Seen, b.Removed, b.Counts = p.Day, p.Seen, p.Removed, p.Counts
	b.Rows, b.Rejected, b.Notes, b.Gone = append([]org.ImportRow{}, p.Rows...), append([]roster.Rejected{}, p.Rejected...), append([]roster.Rejected{}, p.Notes...), append([]org.ImportGone{}, p.Gone...)
	for i := range b.Rows {
		b.Rows[i].What = append([]string{}, b.Rows[i].What...)
	}
	return out, nil
}

func importFlaw(field, message string) error {
	return fault.New(fault.Invalid, "%w", &api.FieldError{Field: field, Message: message})
}

// ExportPeopleInput says in which form people are wanted.
type ExportPeopleInput struct {
	Format string `query:"format" enum:"csv,yaml,backstage" default:"csv" doc:"CSV, the team file of a handbook, or users and groups of Backstage."`
	AsOf   string `query:"as_of" format:"date" doc:"The day that is asked for; missing means today."`
}

// ExportPeopleOutput is the file.
type ExportPeopleOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte `contentType:"text/csv"`
}

// give exports people.
func (h *importer) give(ctx context.Context, in *ExportPeopleInput) (*ExportPeopleOutput, error) {
	var day calendar.Day
	var err error
	if in.AsOf != "" {
		if day, err = calendar.ParseDay(in.AsOf); err != nil {
			return nil, importFlaw("query.as_of", "is no day such as 2026-11-30")
		}
	}
	rows, err := h.org.Roster(ctx, auth.From(ctx), day)
	if err != nil {
		return nil, err
	}
	write, kind := roster.WriteCSV, "text/csv; charset=utf-8"
	switch in.Format {
	case "yaml":
		write, kind = roster.WriteYAML, "application/yaml; charset=utf-8"
	case "backstage":
		write, kind = roster.WriteBackstage, "application/yaml; charset=utf-8"
	}
	var b bytes.Buffer
	if err := write(&b, rows); err != nil {
		return nil, err
	}
	return &ExportPeopleOutput{ContentType: kind, Body: b.Bytes()}, nil
}
