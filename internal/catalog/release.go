package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/draft"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Release is a publishing of all families at once.
type Release struct {
	Number    ReleaseNumber
	Published time.Time
	By        auth.PrincipalID // "" is the program
	InForce   time.Time        // since when what it says holds
	Kind      draft.Kind       // of its source
	Name      string           // of its source
	Commit    string           // hash; "" if it was no revision
	Families  int
	Added     int // families that came, or came back
	Changed   int // families with a new version
	Retired   int // families that went
}

func release(r db.CatalogRelease) Release {
	return Release{
		Number: ReleaseNumber(r.Number), Published: r.PublishedAt.Time, By: auth.PrincipalID(r.PublishedBy), InForce: r.InForceAt.Time,
		Kind: draft.Kind(r.Origin), Name: r.Place, Commit: r.Revision,
		Families: int(r.Families), Added: int(r.Added), Changed: int(r.Changed), Retired: int(r.Retired),
	}
}

// Releases returns releases before one, the newest first; 0 begins with the
// latest.
func (s *Service) Releases(ctx context.Context, by auth.Actor, before ReleaseNumber, limit int) (found []Release, err error) {
	if err := s.auth.Can(by, ReadRelease, before); err != nil {
		return nil, err
	}
	if before == 0 {
		before = math.MaxInt64
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		found = nil
		rows, err := db.New(tx).ReleasesBefore(ctx, db.ReleasesBeforeParams{Number: int64(before), Limit: int32(min(limit, 1000))})
		for _, r := range rows {
			found = append(found, release(r))
		}
		return err
	})
	return found, err
}

// A ReleaseDetail is a release with the families that it changed.
type ReleaseDetail struct {
	Release
	Changes []FamilyChange // without their changes in meaning; see Diff
}

// Release returns a release. It is NotFound if there is none of that number.
func (s *Service) Release(ctx context.Context, by auth.Actor, n ReleaseNumber) (*ReleaseDetail, error) {
	if err := s.auth.Can(by, ReadRelease, n); err != nil {
		return nil, err
	}
	var d *ReleaseDetail
	err := s.db.View(ctx, func(tx store.Tx) error {
		row, err := releaseRow(ctx, tx, n)
		if err != nil {
			return err
		}
		d = &ReleaseDetail{Release: release(row)}
		d.Changes, err = changesOf(ctx, tx, n)
		return err
	})
	return d, err
}

// releaseRow returns a release; NotFound if there is none.
func releaseRow(ctx context.Context, tx store.Tx, n ReleaseNumber) (db.CatalogRelease, error) {
	row, err := db.New(tx).Release(ctx, int64(n))
	if errors.Is(err, sql.ErrNoRows) {
		return row, fault.New(fault.NotFound, "there is no release %d", n)
	}
	if err != nil {
		return row, fmt.Errorf("find release %d: %w", n, err)
	}
	return row, nil
}

// changesOf returns the families that came, changed or went with a release.
func changesOf(ctx context.Context, tx store.Tx, n ReleaseNumber) ([]FamilyChange, error) {
	q := db.New(tx)
	come, err := q.VersionsCome(ctx, int64(n))
	if err != nil {
		return nil, fmt.Errorf("find the versions of release %d: %w", n, err)
	}
	gone, err := q.VersionsGone(ctx, int64(n))
	if err != nil {
		return nil, fmt.Errorf("find what release %d ended: %w", n, err)
	}
	ended := make(map[string]db.CatalogVersion, len(gone))
	for _, v := range gone {
		ended[v.Family] = v
	}
	changes := []FamilyChange{}
	for _, v := range come {
		c := FamilyChange{Kind: Added, Family: FamilyID(v.Family), Title: v.Title, Path: v.Path, Version: int(v.Number)}
		if old, ok := ended[v.Family]; ok {
			c.Kind = Changed
			if old.Path != v.Path {
				c.OldPath = old.Path
			}
			delete(ended, v.Family)
		} else if v.Number > 1 {
			c.Kind = Restored
		}
		changes = append(changes, c)
	}
	for _, v := range gone {
		if _, ok := ended[v.Family]; ok {
			changes = append(changes, FamilyChange{Kind: Retired, Family: FamilyID(v.Family), Title: v.Title, Path: v.Path, Version: int(v.Number)})
		}
	}
	return changes, nil
}
