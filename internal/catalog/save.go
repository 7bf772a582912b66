package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
)

// save writes a plan: the release, the versions that are new, what depends on
// several pages where it differs, and the waivers. It fails with errOvertaken
// if the plan builds on a release that is not the latest any more.
func (s *Service) save(ctx context.Context, tx store.Tx, by auth.Actor, p *plan) error {
	q := db.New(tx)
	latest, err := q.LatestRelease(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("find the latest release: %w", err)
	}
	if latest.Number != p.base {
		return errOvertaken
	}
	r := &p.release
	err = q.AddRelease(ctx, db.AddReleaseParams{
		Number: int64(r.Number), Hash: p.hash, PublishedAt: store.At(r.Published), PublishedBy: string(by.ID), InForceAt: store.At(r.InForce),
		Origin: string(r.Kind), Place: r.Name, Revision: r.Commit, Reading: p.reading,
		Families: int64(r.Families), Added: int64(r.Added), Changed: int64(r.Changed), Retired: int64(r.Retired),
	})
	if store.IsTaken(err) {
		return errOvertaken
	}
	if err != nil {
		return fmt.Errorf("add release %d: %w", r.Number, err)
	}
	for _, v := range p.retired {
		if err := s.retire(ctx, tx, by, v, r.Number); err != nil {
			return fmt.Errorf("retire %s: %w", v.Family, err)
		}
	}
	for _, f := range p.planned {
		if err := s.saveFamily(ctx, tx, by, f, p); err != nil {
			return fmt.Errorf("add version %d of %s: %w", f.version, f.names.family, err)
		}
	}
	for _, w := range p.waivers {
		if err := q.AddWaiver(ctx, w); err != nil {
			return fmt.Errorf("add a waiver: %w", err)
		}
		if err := s.journal.Record(ctx, tx, by, string(WaiveFinding), "finding", w.Fingerprint, audit.F("code", w.Code), audit.F("waiver", w.ID)); err != nil {
			return err
		}
	}
	return s.journal.Record(ctx, tx, by, string(PublishRelease), "release", strconv.FormatInt(int64(r.Number), 10),
		audit.F("origin", string(r.Kind)), audit.F("families", r.Families), audit.F("added", r.Added), audit.F("changed", r.Changed), audit.F("retired", r.Retired))
}

// retire ends the version in force of a family whose page is gone.
func (s *Service) retire(ctx context.Context, tx store.Tx, by auth.Actor, v db.CatalogVersion, n ReleaseNumber) error {
	q := db.New(tx)
	if err := q.EndVersion(ctx, db.EndVersionParams{Gone: int64(n), Family: v.Family, Number: v.Number}); err != nil {
		return err
	}
	if err := q.SetFamily(ctx, db.SetFamilyParams{Path: v.Path, Version: v.Number, Retired: int64(n), ID: v.Family}); err != nil {
		return err
	}
	if err := search.Remove(ctx, tx, "catalog", "family", v.Family); err != nil {
		return err
	}
	return s.journal.Record(ctx, tx, by, "catalog.family.retire", "family", v.Family, audit.F("release", int64(n)))
}

// saveFamily writes what is new about a family.
func (s *Service) saveFamily(ctx context.Context, tx store.Tx, by auth.Actor, f *plannedFamily, p *plan) error {
	q, id, n := db.New(tx), string(f.names.family), int64(p.release.Number)
	if f.isNew {
		if err := s.addVersion(ctx, q, f, n); err != nil {
			return err
		}
		if err := findable(ctx, tx, f, p); err != nil {
			return err
		}
		err := s.journal.Record(ctx, tx, by, "catalog.family.publish", "family", id, audit.F("release", n), audit.F("version", f.version))
		if err != nil {
			return err
		}
	}
	if c := p.contexts[f.names.family]; c.changed {
		return q.AddContext(ctx, c.row)
	}
	return nil
}

// addVersion adds a version of a family, which may be its first.
func (s *Service) addVersion(ctx context.Context, q *db.Queries, f *plannedFamily, release int64) error {
	id, version, at := string(f.names.family), int64(f.version), f.page.File.Path
	var err error
	switch {
	case !f.known:
		err = q.AddFamily(ctx, db.AddFamilyParams{ID: id, Path: at, Version: version})
	case f.head != nil:
		if err = q.EndVersion(ctx, db.EndVersionParams{Gone: release, Family: id, Number: f.head.Number}); err != nil {
			return err
		}
		fallthrough
	default:
		err = q.SetFamily(ctx, db.SetFamilyParams{Path: at, Version: version, ID: id})
	}
	if err != nil {
		return err
	}
	err = q.AddVersion(ctx, db.AddVersionParams{
		Family: id, Number: version, Hash: f.hash, Path: at, Title: f.model.Title, Description: f.model.Description,
		Department: department(at), Release: release,
	})
	if err != nil {
		return err
	}
	if err := q.AddPage(ctx, db.AddPageParams{Family: id, Version: version, Text: string(f.page.File.Text), Model: f.json}); err != nil {
		return err
	}
	for i, l := range f.page.Family.Levels {
		grades := make([]string, len(l.Grades))
		for j, g := range l.Grades {
			grades[j] = g.Value
		}
		err := q.AddLevel(ctx, db.AddLevelParams{
			Family: id, Version: version, Position: int64(i), ID: string(f.names.levels[l]), Title: l.Title, Line: int64(l.Line),
			Grades: strings.Join(grades, " "), Track: string(l.Track),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
