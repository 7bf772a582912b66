package catalog

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// MostUpload is the size in bytes of the largest archive that is kept until it
// is decided about.
const MostUpload = 16 << 20

// uploadTime is how long an upload is kept.
const uploadTime = 24 * time.Hour

// An UploadID names an archive that somebody uploaded and has not decided about.
type UploadID string

// Keep keeps the archive of a request for a day, so that whoever sent it can
// look through it before it is published. Whoever may publish may call it.
func (s *Service) Keep(ctx context.Context, by auth.Actor, r Request) (UploadID, error) {
	if err := s.mayPublish(by); err != nil {
		return "", err
	}
	switch n := len(r.Source.Archive); {
	case n == 0:
		return "", fault.New(fault.Invalid, "choose an archive of the pages: .tar.gz, .tar or .zip")
	case n > MostUpload:
		return "", fault.New(fault.Invalid, "the archive has more than %d MiB: leave out what is no page, or publish with `cadre publish`", MostUpload>>20)
	}
	id, now := UploadID(uuid.NewString()), s.clock()
	row := db.AddUploadParams{
		ID: string(id), Name: r.Source.Name, ByWhom: string(by.ID), At: store.At(now),
		Archive: base64.StdEncoding.EncodeToString(r.Source.Archive),
	}
	if !r.InForce.IsZero() {
		row.ForceAt = store.At(r.InForce)
	}
	err := s.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		if err := q.ForgetUploads(ctx, store.At(now.Add(-uploadTime))); err != nil {
			return fmt.Errorf("forget old uploads: %w", err)
		}
		if err := q.AddUpload(ctx, row); err != nil {
			return fmt.Errorf("keep an upload: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "catalog.upload.keep", "upload", string(id))
	})
	return id, err
}

// Kept returns the request of an upload, for whoever sent it. It is NotFound if
// it was decided about, or is older than a day.
func (s *Service) Kept(ctx context.Context, by auth.Actor, id UploadID) (r Request, err error) {
	if err := s.mayPublish(by); err != nil {
		return r, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).Upload(ctx, db.UploadParams{ID: string(id), ByWhom: string(by.ID)})
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.NotFound, "this upload is not there any more: send it again")
		}
		if err != nil {
			return fmt.Errorf("find an upload: %w", err)
		}
		archive, err := base64.StdEncoding.DecodeString(row.Archive)
		if err != nil {
			return fmt.Errorf("read an upload: %w", err)
		}
		r = Request{Source: Source{Archive: archive, Name: row.Name}}
		if !row.ForceAt.IsZero() {
			r.InForce = row.ForceAt.Time
		}
		return nil
	})
	return r, err
}

// Forget removes an upload, which is decided about.
func (s *Service) Forget(ctx context.Context, by auth.Actor, id UploadID) error {
	if _, err := s.Kept(ctx, by, id); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error { return db.New(tx).ForgetUpload(ctx, string(id)) })
}
