package catalogapi

import (
	"strconv"
	"time"

	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/press"
)

// FamilySummary is a family in a list.
type FamilySummary struct {
	ID          catalog.FamilyID `json:"id" doc:"Names the family in all versions."`
	Version     int              `json:"version"`
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Department  string           `json:"department" doc:"The folder of departments in which the page lies."`
	Path        string           `json:"path" doc:"Of the page, from the folder of cadre.yaml."`
	Levels      []LevelSummary   `json:"levels" nullable:"false"`
	Counts      FindingCounts    `json:"finding_counts"`
	Retired     bool             `json:"retired"`
}

// LevelSummary is a level in a list.
type LevelSummary struct {
	ID     catalog.LevelID `json:"id" doc:"Names the level within its family in all versions."`
	Title  string          `json:"title"`
	Line   int             `json:"line" doc:"Of the page."`
	Grades []string        `json:"grades" nullable:"false" doc:"Decimals."`
	Track  string          `json:"track" doc:"ic, manager, or empty if the page does not tell."`
}

// FindingCounts count findings that count by severity, and those that are waived.
type FindingCounts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Waived   int `json:"waived"`
}

func summary(s *catalog.Summary) FamilySummary {
	return FamilySummary{
		ID: s.ID, Version: s.Version, Title: s.Title, Description: s.Description, Department: s.Department, Path: s.Path,
		Levels: levelSummaries(s.Levels), Counts: FindingCounts{s.Errors, s.Warnings, s.Infos, s.Waived}, Retired: s.Gone != 0,
	}
}

func levelSummaries(levels []catalog.LevelSummary) []LevelSummary {
	out := make([]LevelSummary, len(levels))
	for i, l := range levels {
		out[i] = LevelSummary{l.ID, l.Title, l.Line, list(l.Grades), l.Track}
	}
	return out
}

// list returns a list that is written as [] if it is empty.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// FamilyVersion is a version of a family with all that it says.
type FamilyVersion struct {
	FamilySummary
	Latest   int                   `json:"latest" doc:"The latest version of the family."`
	Release  int64                 `json:"release" doc:"In which the version came."`
	AsOf     int64                 `json:"as_of_release" doc:"The release that duties, ladder and findings are true of."`
	InForce  time.Time             `json:"in_force_at"`
	Commit   string                `json:"commit,omitempty" doc:"Hash of the git commit that the version came from."`
	Duties   []catalog.LevelDuties `json:"duties" nullable:"false" doc:"What is asked of each level, inherited and own."`
	Ladder   []catalog.NextStep    `json:"ladder" nullable:"false" doc:"Steps that lead on from the levels."`
	Findings []catalog.Finding     `json:"findings" nullable:"false" doc:"The heaviest first, waived ones last."`
	Model    *press.Page           `json:"model" doc:"What the compiler made of the page: the contract that cadre export prints. Ids of items and steps are the same in all versions."`
}

func version(f *catalog.Family) *FamilyVersion {
	v := &FamilyVersion{
		FamilySummary: summary(&f.Summary), Latest: f.Latest, Release: int64(f.Release.Number), AsOf: int64(f.AsOf),
		InForce: f.Release.InForce.UTC(), Commit: f.Release.Commit,
		Duties: list(f.Duties), Ladder: list(f.Ladder), Findings: list(f.Findings), Model: f.Model,
	}
	v.Retired = f.Retired != 0
	return v
}

// RoleDetail is a level of a version, with what is asked of it and how people
// are hired for it.
type RoleDetail struct {
	LevelSummary
	Pin              string          `json:"pin" doc:"Names the level of this version, for ever."`
	ReportsTo        []string        `json:"reports_to" nullable:"false"`
	ReportsToMode    string          `json:"reports_to_mode"`
	Span             *press.Manages  `json:"span,omitempty" doc:"Of control; missing if the page states none."`
	NextSteps        []string        `json:"next_steps" nullable:"false" doc:"Titles, as the page writes them."`
	Responsibilities []catalog.Duty  `json:"responsibilities" nullable:"false"`
	Requirements     []catalog.Duty  `json:"requirements" nullable:"false"`
	Indicators       []press.Item    `json:"performance_indicators" nullable:"false"`
	Hiring           []press.Process `json:"hiring" nullable:"false"`
}

func role(r *catalog.Role) RoleDetail {
	return RoleDetail{
		LevelSummary: levelSummaries([]catalog.LevelSummary{r.Summary})[0], Pin: r.Pin.String(),
		ReportsTo: list(r.Level.ReportsTo), ReportsToMode: r.Level.ReportsToMode, Span: r.Level.Manages, NextSteps: list(r.Level.Ladder),
		Responsibilities: list(r.Duties.Responsibilities), Requirements: list(r.Duties.Requirements),
		Indicators: list(r.Indicators), Hiring: list(r.Hiring),
	}
}

// VersionEntry is an entry of a family's history.
type VersionEntry struct {
	Version   int       `json:"version"`
	Title     string    `json:"title"`
	Path      string    `json:"path"`
	Release   int64     `json:"release" doc:"In which it came."`
	Gone      *int64    `json:"gone_with_release" nullable:"true" doc:"The release that has it no more; null while it is in force."`
	Published time.Time `json:"published_at"`
	By        string    `json:"published_by" doc:"Id of the principal; empty for the program."`
	InForce   time.Time `json:"in_force_at"`
	Commit    string    `json:"commit,omitempty"`
}

func versionEntry(v catalog.Version) VersionEntry {
	e := VersionEntry{
		Version: v.Number, Title: v.Title, Path: v.Path, Release: int64(v.Release),
		Published: v.Published.UTC(), By: string(v.By), InForce: v.InForce.UTC(), Commit: v.Commit,
	}
	if v.Gone != 0 {
		n := int64(v.Gone)
		e.Gone = &n
	}
	return e
}

// MeaningChange is one thing that differs in meaning.
type MeaningChange struct {
	Category delta.Category `json:"category" doc:"CONTRACT (held or promised), EXPECTATION (asked), LINK or TEXT."`
	Kind     delta.Kind     `json:"kind"`
	Level    string         `json:"level,omitempty" doc:"Title of the level; missing for the family's own parts."`
	Old      string         `json:"old,omitempty"`
	New      string         `json:"new,omitempty"`
	LineOld  int            `json:"line_old,omitempty"`
	LineNew  int            `json:"line_new,omitempty"`
	About    string         `json:"about,omitempty"`
}

func meaning(changes []delta.Change) []MeaningChange {
	out := make([]MeaningChange, len(changes))
	for i, c := range changes {
		out[i] = MeaningChange{c.Category, c.Kind, c.Level, c.Old, c.New, c.LineOld, c.LineNew, c.About}
	}
	return out
}

// ReleaseEntry is a release in a list.
type ReleaseEntry struct {
	Release   int64     `json:"release"`
	Published time.Time `json:"published_at"`
	By        string    `json:"published_by" doc:"Id of the principal; empty for the program."`
	InForce   time.Time `json:"in_force_at"`
	Origin    string    `json:"origin" enum:"folder,revision,archive"`
	Name      string    `json:"name" doc:"What people call the source."`
	Commit    string    `json:"commit,omitempty"`
	Families  int       `json:"families"`
	Added     int       `json:"added"`
	Changed   int       `json:"changed"`
	Retired   int       `json:"retired"`
}

func releaseEntry(r catalog.Release) ReleaseEntry {
	return ReleaseEntry{
		Release: int64(r.Number), Published: r.Published.UTC(), By: string(r.By), InForce: r.InForce.UTC(), Origin: string(r.Kind), Name: r.Name,
		Commit: r.Commit, Families: r.Families, Added: r.Added, Changed: r.Changed, Retired: r.Retired,
	}
}

// ReleaseChange is what a release changes about one family.
type ReleaseChange struct {
	Kind    string           `json:"kind" enum:"added,changed,restored,retired"`
	Family  catalog.FamilyID `json:"family"`
	Title   string           `json:"title"`
	Path    string           `json:"path"`
	OldPath string           `json:"old_path,omitempty" doc:"Where the page was, if it moved."`
	Version int              `json:"version"`
	Changes []MeaningChange  `json:"changes,omitempty" doc:"What changed in meaning; only in the answer to publishing."`
}

func releaseChanges(changes []catalog.FamilyChange) []ReleaseChange {
	out := make([]ReleaseChange, len(changes))
	for i, c := range changes {
		out[i] = ReleaseChange{string(c.Kind), c.Family, c.Title, c.Path, c.OldPath, c.Version, meaning(c.Changes)}
	}
	return out
}

// etag returns the entity tag of what a family says as of a release.
func etag(parts ...int64) string {
	tag := ""
	for i, p := range parts {
		if i > 0 {
			tag += "."
		}
		tag += strconv.FormatInt(p, 10)
	}
	return tag
}
