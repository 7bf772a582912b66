//go:build s3

package cloud

import (
	"context"
	"errors"
	"io"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // s3:// addresses
	"gocloud.dev/gcerrors"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/files"
)

// A Bucket keeps contents in a cloud store. It implements files.Blobs.
type Bucket struct{ bucket *blob.Bucket }

// Open returns the bucket at an address. It is Invalid if the address is wrong,
// and Busy if the bucket cannot be reached.
func Open(ctx context.Context, address string) (*Bucket, error) {
	b, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the bucket for files cannot be opened: %w", err)
	}
	if ok, err := b.IsAccessible(ctx); err != nil || !ok {
		return nil, errors.Join(fault.New(fault.Busy, "the bucket for files cannot be reached"), err, b.Close())
	}
	return &Bucket{b}, nil
}

// Close ends the use of the bucket.
func (b *Bucket) Close() error { return b.bucket.Close() }

// Save implements files.Blobs.
func (b *Bucket) Save(ctx context.Context, key string, content io.Reader) error {
	// A writer whose context has ended when it is closed stores nothing.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := b.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "application/octet-stream", IfNotExist: true})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, content); err != nil {
		cancel()
		_ = w.Close()
		return err
	}
	return w.Close()
}

// Open implements files.Blobs.
func (b *Bucket) Open(ctx context.Context, key string) (files.Content, error) {
	r, err := b.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fault.New(fault.NotFound, "the content of the file is not there")
	}
	if err != nil {
		return nil, err
	}
	return &content{ReadSeekCloser: r, ctx: ctx, bucket: b.bucket, key: key, size: r.Size()}, nil
}

// content adds reading at a place, which fetches that part alone.
type content struct {
	io.ReadSeekCloser
	ctx    context.Context
	bucket *blob.Bucket
	key    string
	size   int64
}

// ReadAt implements io.ReaderAt.
func (c *content) ReadAt(p []byte, at int64) (int, error) {
	if at >= c.size {
		return 0, io.EOF
	}
	r, err := c.bucket.NewRangeReader(c.ctx, c.key, at, int64(len(p)), nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Close() }()
	n, err := io.ReadFull(r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// Remove implements files.Blobs.
func (b *Bucket) Remove(ctx context.Context, key string) error {
	if err := b.bucket.Delete(ctx, key); gcerrors.Code(err) != gcerrors.NotFound {
		return err
	}
	return nil
}

// Each implements files.Blobs.
func (b *Bucket) Each(ctx context.Context, f func(key string, at time.Time) error) error {
	list := b.bucket.List(nil)
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(o.Key, o.ModTime); err != nil {
			return err
		}
	}
}
