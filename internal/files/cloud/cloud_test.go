//go:build s3

package cloud_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	_ "gocloud.dev/blob/memblob" // mem:// stands for a bucket

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/files"
	"github.com/cadre-hq/cadre/internal/files/cloud"
)

var _ files.Blobs = (*cloud.Bucket)(nil)

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the line is gone") }

func TestBucket(t *testing.T) {
	b, err := cloud.Open(t.Context(), "mem://")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if err := b.Save(t.Context(), "key-1", strings.NewReader("0123456789")); err != nil {
		t.Fatal(err)
	}
	if err := b.Save(t.Context(), "key-2", io.MultiReader(strings.NewReader("half"), broken{})); err == nil {
		t.Error("a broken content is stored")
	}
	var keys []string
	err = b.Each(t.Context(), func(key string, at time.Time) error {
		keys = append(keys, key)
		return nil
	})
	if err != nil || strings.Join(keys, " ") != "key-1" {
		t.Errorf("the bucket has %v, %v", keys, err)
	}
	c, err := b.Open(t.Context(), "key-1")
	if err != nil {
		t.Fatal(err)
	}
	part := make([]byte, 4)
	if n, err := c.ReadAt(part, 8); n != 2 || !errors.Is(err, io.EOF) || string(part[:n]) != "89" {
		t.Errorf("at its end: %d %v %q", n, err, part)
	}
	if n, err := c.ReadAt(part, 3); n != 4 || err != nil || string(part) != "3456" {
		t.Errorf("in the middle: %d %v %q", n, err, part)
	}
	if _, err := c.Seek(7, io.SeekStart); err != nil {
		t.Error(err)
	}
	if rest, err := io.ReadAll(c); err != nil || string(rest) != "789" {
		t.Errorf("%q, %v", rest, err)
	}
	if err := errors.Join(c.Close(), b.Remove(t.Context(), "key-1"), b.Remove(t.Context(), "key-1")); err != nil {
		t.Error(err)
	}
	if _, err := b.Open(t.Context(), "key-1"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after it was removed: %v", err)
	}
	if _, err := cloud.Open(t.Context(), "nowhere://x"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an address that is none: %v", err)
	}
}
