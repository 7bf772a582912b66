package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/store"
)

// InForce returns the families as they were in force at a moment, for other
// rooms. It is NotFound for a time before anything was.
func (s *Service) InForce(ctx context.Context, tx store.Tx, at time.Time) (*Edition, error) {
	row, err := db.New(tx).ReleaseInForce(ctx, store.At(at))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "nothing was in force on %s", at.UTC().Format("2 Jan 2006"))
	}
	if err != nil {
		return nil, fmt.Errorf("find the release in force: %w", err)
	}
	return s.edition(ctx, tx, ReleaseNumber(row.Number))
}

// ReleaseAt returns the number of the release that is in force at a moment; 0 if
// none is.
func (s *Service) ReleaseAt(ctx context.Context, tx store.Tx, at time.Time) (ReleaseNumber, error) {
	row, err := db.New(tx).ReleaseInForce(ctx, store.At(at))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return ReleaseNumber(row.Number), err
}

// VersionAsOf returns a version of a family with what depends on other pages as
// of a release, for other rooms; the release 0 is the last one in which the
// version was in force.
func (s *Service) VersionAsOf(ctx context.Context, tx store.Tx, id FamilyID, version int, asOf ReleaseNumber) (*Family, error) {
	return s.family(ctx, tx, id, version, asOf)
}

// Text returns the page of a version as it was written, for other rooms.
func (s *Service) Text(ctx context.Context, tx store.Tx, id FamilyID, version int) (*source.File, error) {
	_, v, err := versionRow(ctx, tx, id, version)
	if err != nil {
		return nil, err
	}
	text, err := db.New(tx).PageText(ctx, db.PageTextParams{Family: v.Family, Version: v.Number})
	if err != nil {
		return nil, fmt.Errorf("find the page of version %d of %s: %w", v.Number, id, err)
	}
	return source.New(v.Path, []byte(text)), nil
}
