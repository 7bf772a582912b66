package catalogapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
)

// PublishForm is what is sent to publish.
type PublishForm struct {
	Archive huma.FormFile `form:"archive" required:"true" contentType:"application/octet-stream" doc:"The pages, with cadre.yaml and what it names: .tar.gz, .tar or .zip."`
	Name    string        `form:"name" required:"false" maxLength:"200" doc:"What the history calls the source, such as the name of a branch."`
	Commit  string        `form:"commit" required:"false" maxLength:"64" pattern:"^([0-9a-f]{40}|[0-9a-f]{64})?$" doc:"Hash of the git commit that the archive was made from."`
	Waivers string        `form:"waivers" required:"false" maxLength:"200000" doc:"A JSON list of waivers: [{\"fingerprint\": \"…\", \"reason\": \"…\", \"until\": \"2026-12-31\"}]; until may be missing."`
	InForce string        `form:"in_force" required:"false" maxLength:"40" doc:"Since when the pages hold, as a day or an RFC 3339 time; missing means now."`
	Preview bool          `form:"preview" required:"false" doc:"Say what publishing would do, and do nothing."`
}

// PublishInput is the input of publishing.
type PublishInput struct {
	RawBody huma.MultipartFormFiles[PublishForm]
}

// PublishOutput is what publishing did.
type PublishOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     struct {
		Release   *int64            `json:"release" nullable:"true" doc:"The release that has these pages; null in a preview."`
		Published bool              `json:"published" doc:"That a release was made: the pages say something new."`
		Anew      bool              `json:"differs" doc:"That the pages differ from the latest release."`
		Families  int               `json:"families"`
		Changes   []ReleaseChange   `json:"changes" nullable:"false"`
		Findings  []catalog.Finding `json:"findings" nullable:"false"`
		Blocking  []catalog.Finding `json:"blocking" nullable:"false" doc:"Errors for which the pages would be refused; only in a preview."`
		Notes     []string          `json:"notes" nullable:"false" doc:"Remarks on the configuration."`
	}
}

// publish publishes an archive.
func (h *operations) publish(ctx context.Context, in *PublishInput) (*PublishOutput, error) {
	form := in.RawBody.Data()
	r, err := request(form)
	if err != nil {
		return nil, err
	}
	publish := h.catalog.Publish
	if form.Preview {
		publish = h.catalog.Preview
	}
	p, err := publish(ctx, auth.From(ctx), r)
	if err != nil {
		return nil, err
	}
	if p.Refused() && !form.Preview {
		return nil, refusal(p)
	}
	out := &PublishOutput{Status: http.StatusOK}
	if p.Published {
		out.Status = http.StatusCreated
	}
	if p.Release != 0 {
		n := int64(p.Release)
		out.Body.Release = &n
		out.Location = fmt.Sprintf("%s/releases/%d", api.Prefix, n)
	}
	out.Body.Published, out.Body.Anew, out.Body.Families = p.Published, p.Anew, p.Families
	out.Body.Changes, out.Body.Findings, out.Body.Blocking = releaseChanges(p.Changes), list(p.Findings), list(p.Blocking)
	out.Body.Notes = list(p.Notes)
	return out, nil
}

// request returns what a form asks for.
func request(form *PublishForm) (catalog.Request, error) {
	var r catalog.Request
	text, err := io.ReadAll(io.LimitReader(form.Archive, mostArchive+1))
	if err != nil {
		return r, fault.New(fault.Invalid, "the archive cannot be read: %w", err)
	}
	if len(text) > mostArchive {
		return r, huma.NewError(http.StatusRequestEntityTooLarge, fmt.Sprintf("the archive has more than %d MiB", mostArchive>>20))
	}
	r.Source = catalog.Source{Archive: text, Name: form.Name, Commit: form.Commit}
	if r.Source.Name == "" {
		r.Source.Name = form.Archive.Filename
	}
	if form.InForce != "" {
		if r.InForce, err = moment(form.InForce); err != nil {
			return r, field("body.in_force", "is neither a day such as 2026-11-30 nor an RFC 3339 time")
		}
	}
	if form.Waivers == "" {
		return r, nil
	}
	var waivers []struct {
		Fingerprint string `json:"fingerprint"`
		Reason      string `json:"reason"`
		Until       string `json:"until"`
	}
	if err := json.Unmarshal([]byte(form.Waivers), &waivers); err != nil {
		return r, field("body.waivers", "is no list of waivers in JSON")
	}
	for _, w := range waivers {
		one := catalog.Waiver{Fingerprint: w.Fingerprint, Reason: w.Reason}
		if w.Until != "" {
			until, err := moment(w.Until)
			if err != nil {
				return r, field("body.waivers", "until is neither a day such as 2026-12-31 nor an RFC 3339 time")
			}
			if len(w.Until) == len(time.DateOnly) {
				until = until.AddDate(0, 0, 1).Add(-time.Microsecond) // that day included
			}
			one.Until = &until
		}
		r.Waivers = append(r.Waivers, one)
	}
	return r, nil
}

func field(name, message string) error {
	return fault.New(fault.Invalid, "%w", &api.FieldError{Field: name, Message: message})
}

// moment reads a day, which begins at midnight UTC, or a time.
func moment(text string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}

// refusal returns the problem of pages with errors: each with its place, as
// compilers print it, and its fingerprint, by which it can be waived.
func refusal(p *catalog.Publication) error {
	m := &huma.ErrorModel{
		Status: http.StatusUnprocessableEntity, Title: http.StatusText(http.StatusUnprocessableEntity),
		Detail: fmt.Sprintf("the pages were refused for %d errors; correct them, or waive each with a reason", len(p.Blocking)),
	}
	if len(p.Blocking) == 1 {
		m.Detail = "the pages were refused for an error; correct it, or waive it with a reason"
	}
	for _, f := range p.Blocking {
		m.Errors = append(m.Errors, &huma.ErrorDetail{
			Location: fmt.Sprintf("%s:%d:%d", f.Path, f.Line, f.Column), Message: fmt.Sprintf("%s[%s] %s", f.Severity, f.Code, f.Message), Value: f.Fingerprint,
		})
	}
	return m
}
