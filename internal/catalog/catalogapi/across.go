package catalogapi

import (
	"context"
	"net/url"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
)

// What is said over all families.

// LadderInput says which ladders are wanted.
type LadderInput struct {
	Family  string `query:"family" maxLength:"300" doc:"Only the steps of this family, and those that lead to it."`
	Release int64  `query:"release" minimum:"0" doc:"As of a release; 0 is the latest."`
}

// LadderRole is a rung of the ladders.
type LadderRole struct {
	Family catalog.FamilyID `json:"family,omitempty" doc:"Missing for a role that a page names and no page describes."`
	Level  catalog.LevelID  `json:"level,omitempty"`
	Title  string           `json:"title"`
	Grade  string           `json:"grade,omitempty" doc:"The highest; missing if the page states none."`
	Track  string           `json:"track,omitempty"`
}

// LadderStep leads from one role to another.
type LadderStep struct {
	Kind    string `json:"kind" enum:"promotion,transfer,dangling,implied"`
	From    int    `json:"from" doc:"Index into roles."`
	To      int    `json:"to" doc:"Index into roles."`
	Line    int    `json:"line,omitempty" doc:"Of the page of the role from which it leads."`
	InCycle bool   `json:"in_cycle" doc:"That the ladder leads back to where it began."`
}

// LadderOutput are the ladders of all families.
type LadderOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Release int64        `json:"release"`
		Roles   []LadderRole `json:"roles" nullable:"false" doc:"The highest grade first."`
		Steps   []LadderStep `json:"steps" nullable:"false"`
	}
}

// ladders reads the graph of the career ladders.
func (h *operations) ladders(ctx context.Context, in *LadderInput) (*LadderOutput, error) {
	e, err := h.catalog.Edition(ctx, auth.From(ctx), catalog.ReleaseNumber(in.Release))
	if err != nil {
		return nil, err
	}
	g := e.Graph(catalog.FamilyID(in.Family))
	out := &LadderOutput{ETag: api.ETag(etag(int64(g.Release)))}
	out.Body.Release = int64(g.Release)
	out.Body.Roles, out.Body.Steps = make([]LadderRole, len(g.Roles)), make([]LadderStep, len(g.Steps))
	for i, r := range g.Roles {
		out.Body.Roles[i] = LadderRole{r.Family, r.Level, r.Title, r.Grade, r.Track}
	}
	for i, s := range g.Steps {
		out.Body.Steps[i] = LadderStep{string(s.Kind), s.From, s.To, s.Line, s.InCycle}
	}
	return out, nil
}

// GradeInput says of which day the table of grades is wanted.
type GradeInput struct {
	On string `query:"on" format:"date" doc:"The day as of whose end the grades are wanted, in UTC; missing means now."`
}

// GradeLevel is a level in the table of grades.
type GradeLevel struct {
	Family  catalog.FamilyID `json:"family"`
	Version int              `json:"version"`
	Level   catalog.LevelID  `json:"level"`
	Title   string           `json:"title"`
	Track   string           `json:"track"`
}

// GradeLine holds the levels of a grade.
type GradeLine struct {
	Grade  string       `json:"grade" doc:"A decimal; empty for levels whose page states none."`
	Levels []GradeLevel `json:"levels" nullable:"false"`
}

// GradeOutput is the table of grades.
type GradeOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Release int64       `json:"release" doc:"The release that was in force."`
		InForce time.Time   `json:"in_force_at" doc:"Since when."`
		Items   []GradeLine `json:"items" nullable:"false" doc:"The highest grade first; a level of several grades stands at each."`
	}
}

// grades reads the table of grades.
func (h *operations) grades(ctx context.Context, in *GradeInput) (*GradeOutput, error) {
	var e *catalog.Edition
	var err error
	if in.On == "" {
		e, err = h.catalog.Edition(ctx, auth.From(ctx), 0)
	} else {
		var day time.Time
		if day, err = time.Parse(time.DateOnly, in.On); err != nil {
			return nil, field("query.on", "is no day such as 2026-11-30")
		}
		e, err = h.catalog.EditionAt(ctx, auth.From(ctx), day.AddDate(0, 0, 1).Add(-time.Microsecond))
	}
	if err != nil {
		return nil, err
	}
	t := e.Grades()
	out := &GradeOutput{ETag: api.ETag(etag(int64(t.Release.Number)))}
	out.Body.Release, out.Body.InForce, out.Body.Items = int64(t.Release.Number), t.Release.InForce.UTC(), []GradeLine{}
	line := func(grade string, lists ...[]catalog.GradedLevel) {
		l := GradeLine{Grade: grade, Levels: []GradeLevel{}}
		for _, levels := range lists {
			for _, g := range levels {
				l.Levels = append(l.Levels, GradeLevel{g.Family, g.Version, g.ID, g.Title, g.Track})
			}
		}
		out.Body.Items = append(out.Body.Items, l)
	}
	for _, row := range t.Rows {
		line(row.Grade, row.Management, row.Individual, row.Other)
	}
	if len(t.Ungraded) > 0 {
		line("", t.Ungraded)
	}
	return out, nil
}

// FindingEntry is a finding with the family whose page it is about.
type FindingEntry struct {
	Family  catalog.FamilyID `json:"family"`
	Version int              `json:"version"`
	catalog.Finding
}

// FindingList are the findings of the latest release.
type FindingList struct {
	Body struct {
		Items []FindingEntry `json:"items" nullable:"false" doc:"The heaviest first, waived ones last."`
	}
}

// findings lists the findings of the latest release.
func (h *operations) findings(ctx context.Context, _ *struct{}) (*FindingList, error) {
	found, err := h.catalog.Findings(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	out := &FindingList{}
	out.Body.Items = make([]FindingEntry, len(found))
	for i, f := range found {
		out.Body.Items[i] = FindingEntry{f.Family, f.Version, f.Finding}
	}
	return out, nil
}

// ReleaseQuery is the input of the list of releases.
type ReleaseQuery struct{ api.Paging }

// releases lists releases.
func (h *operations) releases(ctx context.Context, in *ReleaseQuery) (*api.Page[ReleaseEntry], error) {
	before, _, err := api.ParseCursor[int64](in.After)
	if err != nil {
		return nil, err
	}
	found, err := h.catalog.Releases(ctx, auth.From(ctx), catalog.ReleaseNumber(before), in.Limit+1)
	if err != nil {
		return nil, err
	}
	entries := make([]ReleaseEntry, len(found))
	for i, r := range found {
		entries[i] = releaseEntry(r)
	}
	return api.NewPage(in.Paging, &url.URL{Path: api.Prefix + "/releases"}, entries, func(r ReleaseEntry) int64 { return r.Release }), nil
}

// ReleaseInput names a release.
type ReleaseInput struct {
	Release int64 `path:"release" minimum:"1"`
}

// ReleaseOutput is a release with what it changed.
type ReleaseOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		ReleaseEntry
		Changes []ReleaseChange `json:"changes" nullable:"false"`
	}
}

// release reads a release.
func (h *operations) release(ctx context.Context, in *ReleaseInput) (*ReleaseOutput, error) {
	d, err := h.catalog.Release(ctx, auth.From(ctx), catalog.ReleaseNumber(in.Release))
	if err != nil {
		return nil, err
	}
	out := &ReleaseOutput{ETag: api.ETag(etag(in.Release))}
	out.Body.ReleaseEntry, out.Body.Changes = releaseEntry(d.Release), releaseChanges(d.Changes)
	return out, nil
}
