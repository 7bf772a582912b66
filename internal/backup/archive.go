package backup

import (
	"archive/tar"
	"bufio"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
)

func cmpName(a, b File) int { return cmp.Compare(a.Name, b.Name) }

// measure returns size and hash of a file.
func measure(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return File{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// copyFiles copies the files of a manifest that lie in the data folder.
func copyFiles(from, to string, files []File) error {
	for _, f := range files {
		name := strings.TrimPrefix(f.Name, dataFolder+"/")
		text, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(name)))
		if err != nil {
			return fmt.Errorf("read the data folder: %w", err)
		}
		path := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// pack writes an archive. A file is taken from the work folder, or else from
// the data folder.
func pack(m *Manifest, work, data, to string) (err error) {
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	buffered := bufio.NewWriterSize(out, 1<<20)
	compressed, err := gzip.NewWriterLevel(buffered, gzip.BestSpeed)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	text, err := encode(m)
	if err != nil {
		return err
	}
	if err := archive.WriteHeader(header(m, File{Name: manifestName, Size: int64(len(text))})); err != nil {
		return err
	}
	if _, err := archive.Write(text); err != nil {
		return err
	}
	for _, f := range m.Files {
		path := filepath.Join(work, filepath.FromSlash(f.Name))
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			path = filepath.Join(data, filepath.FromSlash(strings.TrimPrefix(f.Name, dataFolder+"/")))
		}
		if err := add(archive, header(m, f), path); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return errors.Join(archive.Close(), compressed.Close(), buffered.Flush(), out.Sync())
}

func header(m *Manifest, f File) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: f.Name, Size: f.Size, Mode: 0o600, ModTime: m.Made, Format: tar.FormatPAX}
}

// add writes one file. A file that was erased since it was listed is an error,
// and the copy is made anew.
func add(archive *tar.Writer, h *tar.Header, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := archive.WriteHeader(h); err != nil {
		return err
	}
	_, err = io.Copy(archive, f)
	return err
}

// errNone says that a file is no copy.
var errNone = fault.New(fault.Invalid, "this is no copy that cadre backup made")

// open returns an archive behind its manifest, and what it is read from, to be
// closed.
func open(path string) (*tar.Reader, io.ReadCloser, *Manifest, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, nil, fault.New(fault.NotFound, "the copy cannot be read: %w", err)
	}
	compressed, err := gzip.NewReader(bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		return nil, nil, nil, errors.Join(errNone, file.Close())
	}
	from := struct {
		io.Reader
		io.Closer
	}{compressed, file}
	archive := tar.NewReader(from)
	m, err := readManifest(archive)
	if err != nil {
		return nil, nil, nil, errors.Join(err, file.Close())
	}
	return archive, from, m, nil
}

func readManifest(archive *tar.Reader) (*Manifest, error) {
	h, err := archive.Next()
	if err != nil || h.Name != manifestName || h.Size > 1<<30 {
		return nil, errNone
	}
	var m Manifest
	if err := json.NewDecoder(archive).Decode(&m); err != nil {
		return nil, errNone
	}
	if m.Format != format {
		return nil, fault.New(fault.Invalid, "the copy is of the form %q, which this program does not know: use the one that made it, %s", m.Format, m.Program)
	}
	return &m, nil
}

// unpack writes the files of an archive below a folder, and holds each against
// the manifest. What is not as it was written is Invalid.
func unpack(path, to string) (m *Manifest, err error) {
	archive, compressed, m, err := open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, compressed.Close()) }()
	for _, f := range m.Files {
		h, err := archive.Next()
		if err != nil {
			return nil, fault.New(fault.Invalid, "the copy is cut off or damaged before %s: %w", f.Name, err)
		}
		if h.Name != f.Name || !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return nil, fault.New(fault.Invalid, "the copy holds %q where its manifest has %q", h.Name, f.Name)
		}
		if err := extract(archive, f, filepath.Join(to, filepath.FromSlash(f.Name))); err != nil {
			return nil, err
		}
	}
	// The checksum of the compression stands at the very end.
	_, err = archive.Next()
	if errors.Is(err, io.EOF) {
		_, err = io.Copy(io.Discard, compressed)
	} else if err == nil {
		err = errors.New("it holds more than its manifest says")
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "the copy is damaged at its end: %w", err)
	}
	return m, nil
}

// extract writes one file and compares it with what the manifest says.
func extract(from io.Reader, f File, path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, h), io.LimitReader(from, f.Size+1))
	if err != nil {
		return fault.New(fault.Invalid, "the copy is damaged at %s: %w", f.Name, err)
	}
	if n != f.Size || hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
		return fault.New(fault.Invalid, "the copy is damaged: %s is not what its manifest says", f.Name)
	}
	return out.Sync()
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
