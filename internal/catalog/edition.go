package catalog

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// An Edition is all families as of a release, without their texts. It does not
// change and may be read by many goroutines.
type Edition struct {
	Release  Release
	Families []Summary // by title

	byID  map[FamilyID]*Summary
	steps map[FamilyID][]NextStep
}

// A Summary is what a list tells of a version of a family.
type Summary struct {
	ID          FamilyID
	Version     int
	Title       string
	Path        string
	Description string
	Department  string
	Levels      []LevelSummary // in the order of the page
	Since       ReleaseNumber  // in which the version came
	Gone        ReleaseNumber  // in which it was there no more; 0 if it is in force
	// How many findings count, by severity, and how many are waived.
	Errors, Warnings, Infos, Waived int
}

// A LevelSummary is what a list tells of a level.
type LevelSummary struct {
	ID     LevelID
	Title  string
	Line   int
	Grades []string
	Track  string // "ic", "manager" or ""
}

// Family returns a family of the edition, or nil.
func (e *Edition) Family(id FamilyID) *Summary { return e.byID[id] }

// Level returns a level of the family, or nil.
func (s *Summary) Level(id LevelID) *LevelSummary {
	for i := range s.Levels {
		if s.Levels[i].ID == id {
			return &s.Levels[i]
		}
	}
	return nil
}

// Findings returns how many findings count.
func (s *Summary) Findings() int { return s.Errors + s.Warnings + s.Infos }

// Edition returns the families as of a release; 0 is the latest. It is NotFound
// if there is no such release, which is so before anything was published.
func (s *Service) Edition(ctx context.Context, by auth.Actor, n ReleaseNumber) (e *Edition, err error) {
	if err := s.auth.Can(by, ReadRelease, n); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		e, err = s.edition(ctx, tx, n)
		return err
	})
	return e, err
}

// EditionAt returns the families as they were in force at a moment. It is
// NotFound for a time before anything was.
func (s *Service) EditionAt(ctx context.Context, by auth.Actor, at time.Time) (e *Edition, err error) {
	if err := s.auth.Can(by, ReadRelease, ReleaseNumber(0)); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		e, err = s.InForce(ctx, tx, at)
		return err
	})
	return e, err
}

// edition returns the edition of a release, 0 being the latest, from memory if
// it is there.
func (s *Service) edition(ctx context.Context, tx store.Tx, n ReleaseNumber) (*Edition, error) {
	var row db.CatalogRelease
	var err error
	if n == 0 {
		row, err = db.New(tx).LatestRelease(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, fault.New(fault.NotFound, "nothing has been published yet")
		}
		if err != nil {
			return nil, fmt.Errorf("find the latest release: %w", err)
		}
		n = ReleaseNumber(row.Number)
	}
	if e := s.shelf.find(n); e != nil {
		return e, nil
	}
	if row.Number == 0 {
		if row, err = releaseRow(ctx, tx, n); err != nil {
			return nil, err
		}
	}
	e := &Edition{Release: release(row), byID: map[FamilyID]*Summary{}, steps: map[FamilyID][]NextStep{}}
	if err := e.read(ctx, tx); err != nil {
		return nil, fmt.Errorf("read release %d: %w", n, err)
	}
	s.shelf.keep(e)
	return e, nil
}

// read fills the edition.
func (e *Edition) read(ctx context.Context, tx store.Tx) error {
	q, n := db.New(tx), int64(e.Release.Number)
	versions, err := q.VersionsInForce(ctx, n)
	if err != nil {
		return err
	}
	levels, err := q.LevelsInForce(ctx, n)
	if err != nil {
		return err
	}
	contexts, err := q.ContextsInForce(ctx, n)
	if err != nil {
		return err
	}
	for _, v := range versions {
		sum := summary(v)
		sum.Gone = 0 // as of this release
		e.Families = append(e.Families, sum)
	}
	slices.SortFunc(e.Families, func(a, b Summary) int { return a.key().compare(b.key()) })
	for i := range e.Families {
		e.byID[e.Families[i].ID] = &e.Families[i]
	}
	for _, l := range levels {
		if f := e.byID[FamilyID(l.Family)]; f != nil {
			f.Levels = append(f.Levels, levelSummary(l))
		}
	}
	for _, c := range contexts {
		f := e.byID[FamilyID(c.Family)]
		if f == nil {
			continue
		}
		f.Errors, f.Warnings, f.Infos, f.Waived = int(c.Errors), int(c.Warnings), int(c.Infos), int(c.Waived)
		var steps []NextStep
		if err := json.Unmarshal([]byte(c.Ladder), &steps); err != nil {
			return fmt.Errorf("ladder of %s: %w", c.Family, err)
		}
		e.steps[f.ID] = steps
	}
	return nil
}

func summary(v db.CatalogVersion) Summary {
	return Summary{
		ID: FamilyID(v.Family), Version: int(v.Number), Title: v.Title, Path: v.Path, Description: v.Description, Department: v.Department,
		Since: ReleaseNumber(v.Release), Gone: ReleaseNumber(v.Gone),
	}
}

func levelSummary(l db.CatalogLevel) LevelSummary {
	return LevelSummary{ID: LevelID(l.ID), Title: l.Title, Line: int(l.Line), Grades: strings.Fields(l.Grades), Track: l.Track}
}

// A Key is the place of a family in a list.
type Key struct {
	Title string   `json:"t"`
	ID    FamilyID `json:"i"`
}

func (s *Summary) key() Key { return Key{strings.ToLower(s.Title), s.ID} }

// Key returns the place of a family in a list.
func (s Summary) Key() Key { return s.key() }

func (k Key) compare(l Key) int {
	return cmp.Or(cmp.Compare(k.Title, l.Title), cmp.Compare(k.ID, l.ID))
}
