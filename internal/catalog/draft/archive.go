package draft

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
)

// What an archive may hold at most, so that a small one cannot fill the disk.
const (
	mostFiles = 20_000
	mostBytes = 256 << 20
	// mostStream is how long a tar stream may be, with what is left out of it:
	// all of that is decompressed as well.
	mostStream = 2 * mostBytes
)

// mostPage is how large in bytes one page may be, from whatever source. Marks of
// emphasis without end cost the parser time by the square of their number, and
// a page is not left before it is read: 128 KiB of them take some seconds, and
// 1 MiB minutes, whoever waits for it.
const mostPage = 128 << 10

// errLarge says that an archive holds more than it may.
var errLarge = fault.New(fault.Invalid, "the archive is too large: it may hold %d files and %d MiB", mostFiles, mostBytes>>20)

// An unpacking is an archive on its way to a place.
type unpacking struct {
	*place
	files int
	bytes int64
	tops  map[string]bool // first parts of the paths
	flat  bool            // a file lies at the top
}

// unpack brings the files of an archive to a place.
func unpack(archive []byte) (*place, error) {
	p, err := newPlace()
	if err != nil {
		return nil, err
	}
	p.name = "an archive"
	u := &unpacking{place: p, tops: map[string]bool{}}
	switch {
	case bytes.HasPrefix(archive, []byte("PK\x03\x04")), bytes.HasPrefix(archive, []byte("PK\x05\x06")):
		err = u.zip(archive)
	case bytes.HasPrefix(archive, []byte("\x1f\x8b")):
		var plain *gzip.Reader
		if plain, err = gzip.NewReader(bytes.NewReader(archive)); err == nil {
			err = u.tar(plain)
		}
	default:
		err = u.tar(bytes.NewReader(archive))
	}
	if err != nil {
		p.close()
		if fault.KindOf(err) != fault.Internal {
			return nil, err
		}
		return nil, fault.New(fault.Invalid, "this is no .tar.gz, .tar or .zip file that can be read: %w", err)
	}
	u.enter()
	return p, nil
}

// tar takes the files of a tar stream.
func (u *unpacking) tar(r io.Reader) error {
	left := &io.LimitedReader{R: r, N: mostStream}
	err := u.entries(tar.NewReader(left))
	if err != nil && left.N <= 0 {
		return errLarge
	}
	return err
}

func (u *unpacking) entries(t *tar.Reader) error {
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			if u.files == 0 {
				return fault.New(fault.Invalid, "the archive holds no file")
			}
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag == tar.TypeReg {
			if err := u.file(h.Name, t); err != nil {
				return err
			}
		}
	}
}

// zip takes the files of a zip file.
func (u *unpacking) zip(archive []byte) error {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	for _, f := range z.File {
		if !f.Mode().IsRegular() {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		err = errors.Join(u.file(f.Name, r), r.Close())
		if err != nil {
			return err
		}
	}
	if u.files == 0 {
		return fault.New(fault.Invalid, "the archive holds no file")
	}
	return nil
}

// file takes one file, unless tools keep it for themselves. Links and devices
// never come here.
func (u *unpacking) file(name string, r io.Reader) error {
	at := path.Clean(strings.ReplaceAll(name, `\`, "/"))
	if !filepath.IsLocal(filepath.FromSlash(at)) {
		return fault.New(fault.Invalid, "the archive has a file %q, which lies outside of it", name)
	}
	folders := strings.Split(at, "/")
	for _, folder := range folders[:len(folders)-1] {
		if source.SkipsFolder(folder) {
			return nil
		}
	}
	if strings.HasPrefix(folders[len(folders)-1], ".") {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(r, mostBytes-u.bytes+1))
	if err != nil {
		return err
	}
	u.files++
	u.bytes += int64(len(text))
	if u.files > mostFiles || u.bytes > mostBytes {
		return errLarge
	}
	if len(folders) == 1 {
		u.flat = true
	}
	u.tops[folders[0]] = true
	return u.put(at, text)
}

// enter goes into the one folder that encloses everything, as `git archive`
// and code hosts make it, if that is where cadre.yaml lies.
func (u *unpacking) enter() {
	if u.flat || len(u.tops) != 1 {
		return
	}
	for top := range u.tops {
		if inner := filepath.Join(u.temporary, top); exists(filepath.Join(inner, config.Name)) {
			u.folder = inner
		}
	}
}
