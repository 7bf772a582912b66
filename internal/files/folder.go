package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Blobs keeps contents by keys, which are lower-case letters, digits and
// hyphens. A content never changes. Folder is one; package cloud has another.
type Blobs interface {
	// Save stores a content, all of it or, if reading it fails, nothing.
	Save(ctx context.Context, key string, content io.Reader) error
	// Open is NotFound if there is no such content.
	Open(ctx context.Context, key string) (Content, error)
	// Remove removes a content; one that is not there is removed already.
	Remove(ctx context.Context, key string) error
	// Each calls f for each content, with when it was stored.
	Each(ctx context.Context, f func(key string, at time.Time) error) error
}

// A Content is the content of a file, open for reading.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// Folder keeps contents as files of a folder, in subfolders by the last letters
// of their keys.
type Folder struct{ root *os.Root }

// OpenFolder returns the contents of a folder, which is made if there is none.
func OpenFolder(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fault.New(fault.Invalid, "the folder for files cannot be made: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the folder for files cannot be read: %w", err)
	}
	return &Folder{root}, nil
}

// Close ends the use of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// arriving is the ending of contents that are being stored.
const arriving = ".part"

// place returns the path of a content below the root.
func place(key string) (folder, path string, err error) {
	if len(key) < 4 || strings.Trim(key, "0123456789abcdefghijklmnopqrstuvwxyz-") != "" {
		return "", "", fault.New(fault.NotFound, "there is no such file")
	}
	folder = key[len(key)-2:]
	return folder, folder + "/" + key, nil
}

// Save implements Blobs. When it returns, the content is on the disk.
func (f *Folder) Save(_ context.Context, key string, content io.Reader) (err error) {
	folder, path, err := place(key)
	if err != nil {
		return err
	}
	switch err := f.root.Mkdir(folder, 0o700); {
	case err == nil:
		if err := f.flush("."); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	file, err := f.root.OpenFile(path+arriving, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.root.Remove(path + arriving)
		}
	}()
	_, err = io.Copy(file, content)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := f.root.Rename(path+arriving, path); err != nil {
		return err
	}
	return f.flush(folder)
}

// flush makes the entries of a folder durable.
func (f *Folder) flush(folder string) error {
	d, err := f.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open implements Blobs.
func (f *Folder) Open(_ context.Context, key string) (Content, error) {
	_, path, err := place(key)
	if err != nil {
		return nil, err
	}
	file, err := f.root.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "the content of the file is not there")
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Remove implements Blobs.
func (f *Folder) Remove(_ context.Context, key string) error {
	folder, path, err := place(key)
	if err != nil {
		return nil // it cannot be there
	}
	err, half := f.root.Remove(path), f.root.Remove(path+arriving)
	if errors.Is(err, fs.ErrNotExist) && errors.Is(half, fs.ErrNotExist) {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return f.flush(folder)
}

// Each implements Blobs. Contents that were being stored when the program
// ended are among them.
func (f *Folder) Each(ctx context.Context, do func(key string, at time.Time) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err != nil || e.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		key := strings.TrimSuffix(e.Name(), arriving)
		if _, own, err := place(key); err == nil && own == strings.TrimSuffix(path, arriving) {
			return do(key, info.ModTime())
		}
		return nil
	})
}
