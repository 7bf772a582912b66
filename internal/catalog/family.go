package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/workspace"
)

// A Family is a version of a family with all that it says. Nobody may change
// what its pointers lead to.
type Family struct {
	Summary
	Latest int // number of its latest version
	// Retired is the release that does not have the family any more; 0 if the
	// latest has it.
	Retired ReleaseNumber
	Release Release // in which this version came
	// AsOf is the release that what depends on other pages is true of: the last
	// one in which the version was in force.
	AsOf     ReleaseNumber
	Model    *press.Page
	Duties   []LevelDuties // of the levels, in their order
	Findings []Finding
	Ladder   []NextStep
}

// Family returns a version of a family; 0 is the latest. It is NotFound if
// there is none.
func (s *Service) Family(ctx context.Context, by auth.Actor, id FamilyID, version int) (*Family, error) {
	if err := s.auth.Can(by, ReadFamily, id); err != nil {
		return nil, err
	}
	var f *Family
	err := s.db.View(ctx, func(tx store.Tx) (err error) {
		f, err = s.family(ctx, tx, id, version, 0)
		return err
	})
	return f, err
}

// family returns a version of a family, and what depends on other pages as of a
// release; 0 is the last one in which the version was in force.
func (s *Service) family(ctx context.Context, tx store.Tx, id FamilyID, version int, asOf ReleaseNumber) (*Family, error) {
	q := db.New(tx)
	row, v, err := versionRow(ctx, tx, id, version)
	if err != nil {
		return nil, err
	}
	f := &Family{Summary: summary(v), Latest: int(row.Version), Retired: ReleaseNumber(row.Retired), AsOf: asOf}
	if f.AsOf == 0 {
		if f.AsOf = f.Gone - 1; f.Gone == 0 {
			latest, err := q.LatestRelease(ctx)
			if err != nil {
				return nil, fmt.Errorf("find the latest release: %w", err)
			}
			f.AsOf = ReleaseNumber(latest.Number)
		}
	}
	came, err := releaseRow(ctx, tx, f.Since)
	if err != nil {
		return nil, err
	}
	f.Release = release(came)
	levels, err := q.LevelsOf(ctx, db.LevelsOfParams{Family: string(id), Version: v.Number})
	if err != nil {
		return nil, fmt.Errorf("find the levels of %s: %w", id, err)
	}
	for _, l := range levels {
		f.Levels = append(f.Levels, levelSummary(l))
	}
	if f.Model, err = s.model(ctx, tx, id, f.Version); err != nil {
		return nil, err
	}
	return f, f.inContext(ctx, tx)
}

// inContext fills in what depends on other pages.
func (f *Family) inContext(ctx context.Context, tx store.Tx) error {
	c, err := db.New(tx).ContextAt(ctx, db.ContextAtParams{Family: string(f.ID), Release: int64(f.AsOf)})
	if err != nil {
		return fmt.Errorf("find what release %d says of %s: %w", f.AsOf, f.ID, err)
	}
	f.Errors, f.Warnings, f.Infos, f.Waived = int(c.Errors), int(c.Warnings), int(c.Infos), int(c.Waived)
	for _, part := range []struct {
		text string
		to   any
	}{{c.Findings, &f.Findings}, {c.Duties, &f.Duties}, {c.Ladder, &f.Ladder}} {
		if err := json.Unmarshal([]byte(part.text), part.to); err != nil {
			return fmt.Errorf("read what release %d says of %s: %w", f.AsOf, f.ID, err)
		}
	}
	slices.SortStableFunc(f.Findings, bySeverity)
	return nil
}

// versionRow returns a family and one of its versions, 0 being the latest;
// NotFound if there is none.
func versionRow(ctx context.Context, tx store.Tx, id FamilyID, version int) (db.CatalogFamily, db.CatalogVersion, error) {
	q := db.New(tx)
	f, err := q.Family(ctx, string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return f, db.CatalogVersion{}, fault.New(fault.NotFound, "there is no job family %q", id)
	}
	if err != nil {
		return f, db.CatalogVersion{}, fmt.Errorf("find family %s: %w", id, err)
	}
	number := f.Version
	if version != 0 {
		number = int64(version)
	}
	v, err := q.Version(ctx, db.VersionParams{Family: string(id), Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		return f, v, fault.New(fault.NotFound, "the job family %q has no version %d: its latest is %d", id, version, f.Version)
	}
	if err != nil {
		return f, v, fmt.Errorf("find version %d of %s: %w", number, id, err)
	}
	return f, v, nil
}

// model returns the model of a version, from memory if it is there.
func (s *Service) model(ctx context.Context, tx store.Tx, id FamilyID, version int) (*press.Page, error) {
	key := modelKey{id, version}
	if m := s.models.find(key); m != nil {
		return m, nil
	}
	text, err := db.New(tx).PageModel(ctx, db.PageModelParams{Family: string(id), Version: int64(version)})
	if err != nil {
		return nil, fmt.Errorf("find the model of version %d of %s: %w", version, id, err)
	}
	m := &press.Page{}
	if err := json.Unmarshal([]byte(text), m); err != nil {
		return nil, fmt.Errorf("read the model of version %d of %s: %w", version, id, err)
	}
	s.models.keep(key, m, len(text))
	return m, nil
}

// Page returns the page of a version as it was written, with its summary.
func (s *Service) Page(ctx context.Context, by auth.Actor, id FamilyID, version int) (f *source.File, sum Summary, err error) {
	if err := s.auth.Can(by, ReadFamily, id); err != nil {
		return nil, sum, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		_, v, err := versionRow(ctx, tx, id, version)
		if err != nil {
			return err
		}
		sum = summary(v)
		f, err = s.Text(ctx, tx, id, sum.Version)
		return err
	})
	return f, sum, err
}

// A Version is an entry of a family's history.
type Version struct {
	Number    int
	Title     string
	Path      string
	Release   ReleaseNumber // in which it came
	Gone      ReleaseNumber // in which it was there no more; 0 if it is in force
	Published time.Time
	By        auth.PrincipalID
	InForce   time.Time
	Commit    string
}

// Versions returns the history of a family, the newest version first.
func (s *Service) Versions(ctx context.Context, by auth.Actor, id FamilyID) (found []Version, err error) {
	if err := s.auth.Can(by, ReadFamily, id); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		rows, err := db.New(tx).VersionsOf(ctx, string(id))
		if err != nil {
			return fmt.Errorf("find the versions of %s: %w", id, err)
		}
		if len(rows) == 0 {
			return fault.New(fault.NotFound, "there is no job family %q", id)
		}
		found = make([]Version, len(rows))
		for i, r := range rows {
			found[i] = Version{
				Number: int(r.Number), Title: r.Title, Path: r.Path, Release: ReleaseNumber(r.Release), Gone: ReleaseNumber(r.Gone),
				Published: r.PublishedAt.Time, By: auth.PrincipalID(r.PublishedBy), InForce: r.InForceAt.Time, Commit: r.Revision,
			}
		}
		return nil
	})
	return found, err
}

// Diff says what changed in meaning from one version of a family to another,
// the strictest first. From may be the newer of the two.
func (s *Service) Diff(ctx context.Context, by auth.Actor, id FamilyID, from, to int) (changes []delta.Change, err error) {
	if err := s.auth.Can(by, ReadFamily, id); err != nil {
		return nil, err
	}
	var old, new delta.Page
	err = s.db.View(ctx, func(tx store.Tx) error {
		readings := map[int64]workspace.Reading{}
		for _, side := range []struct {
			number int
			page   *delta.Page
		}{{from, &old}, {to, &new}} {
			_, v, err := versionRow(ctx, tx, id, side.number)
			if err != nil {
				return err
			}
			if *side.page, err = s.state(ctx, tx, &v, readings); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return between(old, new), nil
}

// between compares two states of a family's page, which may have moved.
func between(old, new delta.Page) []delta.Change {
	changes := delta.Compare(old, new)
	if old.Path != new.Path {
		changes = append(changes, delta.Change{Category: delta.Text, Kind: delta.PageRenamed, Old: old.Path, New: new.Path})
	}
	return changes
}

// Findings returns the findings of all families as of the latest release, the
// heaviest first.
func (s *Service) Findings(ctx context.Context, by auth.Actor) (found []FamilyFinding, err error) {
	if err := s.auth.Can(by, ReadFamily, FamilyID("")); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		found = nil
		e, err := s.edition(ctx, tx, 0)
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		rows, err := db.New(tx).FindingsInForce(ctx, int64(e.Release.Number))
		if err != nil {
			return fmt.Errorf("find findings: %w", err)
		}
		for _, r := range rows {
			var list []Finding
			if err := json.Unmarshal([]byte(r.Findings), &list); err != nil {
				return fmt.Errorf("read the findings of %s: %w", r.Family, err)
			}
			f := e.Family(FamilyID(r.Family))
			for _, x := range list {
				found = append(found, FamilyFinding{x, f.ID, f.Version, f.Title})
			}
		}
		return nil
	})
	slices.SortStableFunc(found, func(a, b FamilyFinding) int { return bySeverity(a.Finding, b.Finding) })
	return found, err
}

// A FamilyFinding is a finding with the family whose page it is about.
type FamilyFinding struct {
	Finding
	Family  FamilyID
	Version int
	Title   string
}

// levelsOf returns the levels of a version, in the order of the page.
func levelsOf(ctx context.Context, tx store.Tx, id FamilyID, version int) ([]LevelSummary, error) {
	rows, err := db.New(tx).LevelsOf(ctx, db.LevelsOfParams{Family: string(id), Version: int64(version)})
	if err != nil {
		return nil, fmt.Errorf("find the levels of %s: %w", id, err)
	}
	levels := make([]LevelSummary, len(rows))
	for i, r := range rows {
		levels[i] = levelSummary(r)
	}
	return levels, nil
}
