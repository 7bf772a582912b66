package store

import (
	"context"
	"fmt"

	"github.com/cadre-hq/cadre/internal/fault"
)

// SchemaVersion returns the number of the last migration that ran; 0 if none
// did.
func (d *DB) SchemaVersion(ctx context.Context) (int64, error) {
	p, err := d.provider()
	if err != nil {
		return 0, err
	}
	at, err := p.GetDBVersion(ctx)
	if err != nil {
		return 0, sorted(fmt.Errorf("read the version of the database: %w", err))
	}
	return at, nil
}

// MigrateTo brings an empty database to an older schema, for data of that time
// that is put back; Migrate brings it on from there. A schema that this program
// does not know is a Conflict.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	_, target, err := p.GetVersions(ctx)
	if err != nil {
		return sorted(fmt.Errorf("read the version of the database: %w", err))
	}
	if version > target {
		return fault.New(fault.Conflict, "the data is of version %d, and this program knows versions up to %d: use a newer program", version, target)
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return sorted(fmt.Errorf("migrate the database: %w", err))
	}
	_, err = d.migrateJobs(ctx)
	return err
}
