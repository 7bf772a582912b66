//go:build s3

package app

import (
	"context"

	"github.com/cadre-hq/cadre/internal/files"
	"github.com/cadre-hq/cadre/internal/files/cloud"
)

// openBucket opens a cloud store of files.
func openBucket(ctx context.Context, place string) (files.Blobs, func() error, error) {
	b, err := cloud.Open(ctx, place)
	if err != nil {
		return nil, nil, err
	}
	return b, b.Close, nil
}
