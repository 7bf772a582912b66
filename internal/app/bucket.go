//go:build !s3

package app

import (
	"context"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/files"
)

// openBucket opens a cloud store of files. Its libraries would cost every
// command time to start, so they are part of the program on demand only.
func openBucket(_ context.Context, _ string) (files.Blobs, func() error, error) {
	return nil, nil, fault.New(fault.Invalid, "files.place: this program has no cloud store: build it with -tags s3, or leave the place empty")
}
