package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A GivenWaiver is a waiver that somebody gave when they published.
type GivenWaiver struct {
	ID          string
	Fingerprint string
	Code        diag.Code
	Path        string
	Reason      string
	By          auth.PrincipalID
	At          time.Time
	Until       *time.Time
}

// Waivers returns the waivers that were given and not revoked, the oldest first.
func (s *Service) Waivers(ctx context.Context, by auth.Actor) (found []GivenWaiver, err error) {
	if err := s.auth.Can(by, ReadRelease, ReleaseNumber(0)); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		found = nil
		rows, err := db.New(tx).Waivers(ctx)
		for _, w := range rows {
			found = append(found, GivenWaiver{
				ID: w.ID, Fingerprint: w.Fingerprint, Code: diag.Code(w.Code), Path: w.Path, Reason: w.Reason,
				By: auth.PrincipalID(w.GivenBy), At: w.GivenAt.Time, Until: w.ExpiresAt.Ptr(),
			})
		}
		return err
	})
	return found, err
}

// RevokeWaiver takes a waiver back: from the next publishing on its finding
// counts again. What was published stays as it is. An administrator may call it.
func (s *Service) RevokeWaiver(ctx context.Context, by auth.Actor, id string) error {
	if err := s.auth.Can(by, WaiveFinding, ReleaseNumber(0)); err != nil {
		return err
	}
	now := s.clock()
	return s.db.Update(ctx, func(tx store.Tx) error {
		w, err := db.New(tx).Waiver(ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such waiver")
		}
		if err != nil {
			return fmt.Errorf("find a waiver: %w", err)
		}
		n, err := db.New(tx).RevokeWaiver(ctx, db.RevokeWaiverParams{RevokedAt: store.MaybeAt(&now), ID: id})
		if err != nil {
			return fmt.Errorf("revoke a waiver: %w", err)
		}
		if n == 0 {
			return fault.New(fault.Conflict, "the waiver was revoked already")
		}
		return s.journal.Record(ctx, tx, by, "catalog.finding.unwaive", "finding", w.Fingerprint, audit.F("waiver", id))
	})
}
