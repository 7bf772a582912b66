package catalogapi

import (
	"context"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
)

// FamilyQuery is the input of the list of families.
type FamilyQuery struct {
	api.Paging
	Text       string `query:"q" maxLength:"200" doc:"Words that all stand in the titles of the family and its levels, its description or its path."`
	Department string `query:"department" maxLength:"200"`
	Track      string `query:"track" enum:"ic,manager,"`
	Grade      string `query:"grade" maxLength:"20"`
	Findings   string `query:"findings" enum:"error,warning,info,waived,none," doc:"Families with such a finding; none: without one that counts."`
	Retired    bool   `query:"retired" doc:"The families that have no page any more, rather than those in force."`
}

// FacetCount is a value of a filter, with how many families there are with it.
type FacetCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// FamilyFacets count families for the values of each filter.
type FamilyFacets struct {
	Departments []FacetCount `json:"departments" nullable:"false"`
	Tracks      []FacetCount `json:"tracks" nullable:"false"`
	Grades      []FacetCount `json:"grades" nullable:"false"`
	Findings    []FacetCount `json:"findings" nullable:"false"`
}

// FamilyList is a page of families.
type FamilyList struct {
	Link string `header:"Link" doc:"The next page, with rel=\"next\" (RFC 8288)."`
	ETag string `header:"ETag"`
	Body struct {
		Items   []FamilySummary `json:"items" nullable:"false"`
		Next    string          `json:"next,omitempty" doc:"The value of after for the next page; missing on the last one."`
		Total   int             `json:"total" doc:"How many there are on all pages."`
		Facets  FamilyFacets    `json:"facets" doc:"How many there would be with a value and the other filters."`
		Release int64           `json:"release" doc:"The release that the list is true of; 0 before anything was published."`
	}
}

// list lists families.
func (h *operations) list(ctx context.Context, in *FamilyQuery) (*FamilyList, error) {
	q := catalog.Query{
		Text: in.Text, Department: in.Department, Track: in.Track, Grade: in.Grade, Findings: in.Findings, Retired: in.Retired, Limit: in.Limit,
	}
	key, found, err := api.ParseCursor[catalog.Key](in.After)
	if err != nil {
		return nil, err
	}
	if found {
		q.After = &key
	}
	l, err := h.catalog.Families(ctx, auth.From(ctx), q)
	if err != nil {
		return nil, err
	}
	page := api.NewPage(in.Paging, in.address(), l.Families, catalog.Summary.Key)
	out := &FamilyList{Link: page.Link}
	out.Body.Items = make([]FamilySummary, len(page.Body.Items))
	for i := range page.Body.Items {
		out.Body.Items[i] = summary(&page.Body.Items[i])
	}
	out.Body.Next, out.Body.Total, out.Body.Release = page.Body.Next, l.Total, int64(l.Release)
	out.Body.Facets = FamilyFacets{
		counts(l.Facets.Departments), counts(l.Facets.Tracks), counts(l.Facets.Grades), counts(l.Facets.Findings),
	}
	out.ETag = api.ETag(etag(out.Body.Release))
	return out, nil
}

// address returns the address of the list with its filters.
func (q *FamilyQuery) address() *url.URL {
	v := url.Values{}
	for name, value := range map[string]string{
		"q": q.Text, "department": q.Department, "track": q.Track, "grade": q.Grade, "findings": q.Findings,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Retired {
		v.Set("retired", "true")
	}
	return &url.URL{Path: api.Prefix + "/families", RawQuery: v.Encode()}
}

func counts(facets []catalog.Facet) []FacetCount {
	out := make([]FacetCount, len(facets))
	for i, f := range facets {
		out[i] = FacetCount{f.Value, f.Count}
	}
	return out
}

// FamilyInput names a family.
type FamilyInput struct {
	Known
	Family string `path:"family" maxLength:"300"`
}

// VersionInput names a version of a family.
type VersionInput struct {
	Known
	Family  string `path:"family" maxLength:"300"`
	Version int    `path:"version" minimum:"1" maximum:"1000000000"`
}

// FamilyOutput is a version of a family.
type FamilyOutput struct {
	ETag string `header:"ETag"`
	Body *FamilyVersion
}

// family reads the latest version of a family.
func (h *operations) family(ctx context.Context, in *FamilyInput) (*FamilyOutput, error) {
	return h.read(ctx, in.Family, 0, &in.Known)
}

// version reads a version of a family.
func (h *operations) version(ctx context.Context, in *VersionInput) (*FamilyOutput, error) {
	return h.read(ctx, in.Family, in.Version, &in.Known)
}

func (h *operations) read(ctx context.Context, id string, number int, known *Known) (*FamilyOutput, error) {
	f, err := h.catalog.Family(ctx, auth.From(ctx), catalog.FamilyID(id), number)
	if err != nil {
		return nil, err
	}
	tag := api.ETag(etag(int64(f.Version), int64(f.AsOf), int64(f.Latest), int64(f.Retired)))
	if known.is(tag) {
		return nil, huma.Status304NotModified()
	}
	return &FamilyOutput{ETag: tag, Body: version(f)}, nil
}

// VersionList are all versions of a family.
type VersionList struct {
	Body struct {
		Items []VersionEntry `json:"items" nullable:"false" doc:"The newest version first."`
	}
}

// versions lists the history of a family.
func (h *operations) versions(ctx context.Context, in *FamilyInput) (*VersionList, error) {
	found, err := h.catalog.Versions(ctx, auth.From(ctx), catalog.FamilyID(in.Family))
	if err != nil {
		return nil, err
	}
	out := &VersionList{}
	out.Body.Items = make([]VersionEntry, len(found))
	for i, v := range found {
		out.Body.Items[i] = versionEntry(v)
	}
	return out, nil
}

// SourceOutput is a page as it was written.
type SourceOutput struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte `contentType:"text/markdown"`
}

// source reads the page of a version.
func (h *operations) source(ctx context.Context, in *VersionInput) (*SourceOutput, error) {
	f, s, err := h.catalog.Page(ctx, auth.From(ctx), catalog.FamilyID(in.Family), in.Version)
	if err != nil {
		return nil, err
	}
	tag := api.ETag(strconv.Itoa(s.Version))
	if in.is(tag) {
		return nil, huma.Status304NotModified()
	}
	return &SourceOutput{ContentType: "text/markdown; charset=utf-8", ETag: tag, Body: f.Text}, nil
}

// LevelList are the levels of a version.
type LevelList struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []RoleDetail `json:"items" nullable:"false" doc:"In the order of the page."`
	}
}

// levels lists the levels of a version with what is asked of them.
func (h *operations) levels(ctx context.Context, in *VersionInput) (*LevelList, error) {
	f, err := h.catalog.Family(ctx, auth.From(ctx), catalog.FamilyID(in.Family), in.Version)
	if err != nil {
		return nil, err
	}
	out := &LevelList{ETag: api.ETag(etag(int64(f.Version), int64(f.AsOf)))}
	if in.is(out.ETag) {
		return nil, huma.Status304NotModified()
	}
	out.Body.Items = make([]RoleDetail, len(f.Levels))
	for i, l := range f.Levels {
		r, err := f.Role(l.ID)
		if err != nil {
			return nil, err
		}
		out.Body.Items[i] = role(r)
	}
	return out, nil
}

// DiffInput names two versions of a family.
type DiffInput struct {
	Family string `path:"family" maxLength:"300"`
	From   int    `query:"from" required:"true" minimum:"1" maximum:"1000000000" doc:"A version; it may be the newer one."`
	To     int    `query:"to" required:"true" minimum:"1" maximum:"1000000000"`
}

// DiffOutput is what changed between two versions.
type DiffOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		From    int             `json:"from"`
		To      int             `json:"to"`
		Changes []MeaningChange `json:"changes" nullable:"false" doc:"The strictest category first."`
	}
}

// diff compares two versions.
func (h *operations) diff(ctx context.Context, in *DiffInput) (*DiffOutput, error) {
	changes, err := h.catalog.Diff(ctx, auth.From(ctx), catalog.FamilyID(in.Family), in.From, in.To)
	if err != nil {
		return nil, err
	}
	out := &DiffOutput{ETag: api.ETag(etag(int64(in.From), int64(in.To)))}
	out.Body.From, out.Body.To, out.Body.Changes = in.From, in.To, meaning(changes)
	return out, nil
}
