package draft

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/fault"
)

// Packed is a source as it is sent to a server.
type Packed struct {
	Archive []byte // .tar.gz
	Name    string
	Commit  string // hash; "" if the source is no revision
	Files   int
}

// Pack reads a folder or a revision and puts its pages, with cadre.yaml and the
// files that it names, into an archive. Read says of the archive what it says of
// the source. It fails as Read does, and with Invalid if cadre.yaml names a file
// that does not lie below its own folder.
func Pack(ctx context.Context, s Source) (*Packed, error) {
	p, err := open(ctx, s)
	if err != nil {
		return nil, err
	}
	defer p.close()
	archive, n, err := p.pack(ctx)
	if err != nil {
		return nil, p.inWords(err)
	}
	return &Packed{Archive: archive, Name: cmp.Or(s.Name, p.name), Commit: p.commit, Files: n}, nil
}

func (p *place) pack(ctx context.Context) ([]byte, int, error) {
	s, err := p.settings()
	if err != nil {
		return nil, 0, err
	}
	pages, err := s.files(ctx, p)
	if err != nil {
		return nil, 0, err
	}
	files := make(map[string][]byte, len(pages))
	for _, f := range pages {
		files[f.Path] = f.Text
	}
	named := s.named()
	if s.File != "" {
		named = append(named, s.absolute(config.Name))
	}
	for _, at := range named {
		rel, err := filepath.Rel(s.root, at)
		if err != nil || !filepath.IsLocal(rel) {
			return nil, 0, fault.New(fault.Invalid, "%s names %s, which lies outside of its folder and cannot go with the pages", config.Name, at)
		}
		text, err := os.ReadFile(at)
		if err != nil {
			return nil, 0, fault.New(fault.Invalid, "a file that %s names cannot be read: %w", config.Name, err)
		}
		files[filepath.ToSlash(rel)] = text
	}
	archive, err := tarball(files)
	return archive, len(files), err
}

// tarball writes files as .tar.gz, the same bytes for the same files.
func tarball(files map[string][]byte) ([]byte, error) {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, name := range names {
		err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(files[name])), Typeflag: tar.TypeReg, Format: tar.FormatPAX})
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack the pages: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack the pages: %w", err)
	}
	return b.Bytes(), nil
}
