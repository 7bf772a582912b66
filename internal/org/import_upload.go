package org

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/store"
)

// uploadTime is how long an upload is kept.
const uploadTime = 24 * time.Hour

// An UploadID names a file that somebody uploaded and has not decided about.
type UploadID string

// An Upload is such a file.
type Upload struct {
	Name    string
	Content []byte
}

// KeepUpload keeps a file of people for a day, so that whoever sent it can look
// through it before it is imported. Who may change the organisation may.
func (s *Service) KeepUpload(ctx context.Context, by auth.Actor, u Upload) (UploadID, error) {
	if err := s.auth.Can(by, ChangeChart, TheChart); err != nil {
		return "", err
	}
	switch {
	case len(u.Content) == 0:
		return "", fault.New(fault.Invalid, "choose a file of people: .csv, .yml or .yaml")
	case len(u.Content) > roster.MostBytes:
		return "", fault.New(fault.Invalid, "the file has more than %d MiB: send it in parts", roster.MostBytes>>20)
	}
	id, now := UploadID(uuid.NewString()), s.clock()
	err := s.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		if err := q.ForgetUploads(ctx, store.At(now.Add(-uploadTime))); err != nil {
			return fmt.Errorf("forget old uploads: %w", err)
		}
		err := q.AddUpload(ctx, db.AddUploadParams{
			ID: string(id), Name: u.Name, ByWhom: string(by.ID), At: store.At(now), Content: base64.StdEncoding.EncodeToString(u.Content),
		})
		if err != nil {
			return fmt.Errorf("keep an upload: %w", err)
		}
		return s.journal.Record(ctx, tx, by, "org.upload.keep", "upload", string(id))
	})
	return id, err
}

// Upload returns a file for whoever sent it. It is NotFound if it was decided
// about, or is older than a day.
func (s *Service) Upload(ctx context.Context, by auth.Actor, id UploadID) (u Upload, err error) {
	if err := s.auth.Can(by, ChangeChart, TheChart); err != nil {
		return u, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).Upload(ctx, db.UploadParams{ID: string(id), ByWhom: string(by.ID)})
		if errors.Is(err, sql.ErrNoRows) || err == nil && row.At.Before(s.clock().Add(-uploadTime)) {
			return fault.New(fault.NotFound, "this upload is not there any more: send it again")
		}
		if err != nil {
			return fmt.Errorf("find an upload: %w", err)
		}
		u.Name = row.Name
		if u.Content, err = base64.StdEncoding.DecodeString(row.Content); err != nil {
			return fmt.Errorf("read an upload: %w", err)
		}
		return nil
	})
	return u, err
}

// ForgetUpload removes a file, which is decided about.
func (s *Service) ForgetUpload(ctx context.Context, by auth.Actor, id UploadID) error {
	if err := s.auth.Can(by, ChangeChart, TheChart); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		return db.New(tx).ForgetUpload(ctx, db.ForgetUploadParams{ID: string(id), ByWhom: string(by.ID)})
	})
}
