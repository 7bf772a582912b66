package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// DefaultMaxBytes is the size up to which a page is read: a hundred times the
// largest job-family page seen in the wild.
const DefaultMaxBytes = 10 << 20

// Options steer Load; the zero value reads every page.
type Options struct {
	// Ignore lists patterns (see Match) of what not to read, relative to Base.
	// A file that is a root itself is read although a pattern covers it.
	Ignore []string
	// Base is the folder that patterns count from; empty is the working
	// directory.
	Base string
	// MaxBytes is the size of the largest page that is read; 0 means
	// DefaultMaxBytes.
	MaxBytes int64
	// Stdin is read for the root "-" and gets the path StdinName.
	Stdin     io.Reader
	StdinName string
}

// A Problem is a path that could not be read, and why in words for people. The
// other paths are not affected.
type Problem struct {
	Path    string
	Message string
}

// String returns "path: message".
func (p Problem) String() string { return p.Path + ": " + p.Message }

// Load reads the pages at roots: files as they are, folders with everything
// below them that IsPage, "-" from Options.Stdin. Files come in the order of
// their paths, each once; a path begins as its root was written, so that a
// terminal can open it. Dot folders and node_modules are left out. It stops
// early only when ctx ends.
func Load(ctx context.Context, roots []string, o Options) ([]*File, []Problem, error) {
	w := &walker{Options: o, visited: map[string]bool{}, found: map[string]bool{}}
	var files []*File
	for _, root := range roots {
		if root == "-" {
			files = append(files, w.stdin()...)
		}
	}
	for _, root := range roots {
		if root != "-" {
			w.root(root)
		}
	}
	w.followLinks(ctx)
	read, err := w.readAll(ctx)
	files = append(files, read...)
	slices.SortFunc(files, func(a, b *File) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(w.problems, func(a, b Problem) int { return cmp.Compare(a.Path, b.Path) })
	return files, w.problems, err
}

// Relative returns the path as seen from base, with forward slashes, or the
// path itself if it lies outside. An empty base is the working directory.
func Relative(base, path string) string { return BaseAt(base).Relative(path) }

// A Base is a folder from which paths are seen. It asks the system but once
// where that and the working directory are.
type Base struct{ folder, here string }

// BaseAt returns the base at a folder; empty is the working directory.
func BaseAt(folder string) Base {
	here, err := filepath.Abs("")
	if err != nil {
		return Base{}
	}
	b := Base{here: here}
	b.folder = b.Abs(folder)
	return b
}

// Abs returns a path as seen from the root of the file system.
func (b Base) Abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(b.here, path)
}

// Relative returns the path as seen from the base, with forward slashes, or the
// path itself if it lies outside.
func (b Base) Relative(path string) string {
	if b.folder == "" {
		return filepath.ToSlash(path)
	}
	abs := b.Abs(path)
	if rel, ok := strings.CutPrefix(abs, b.folder+string(filepath.Separator)); ok {
		return filepath.ToSlash(rel) // as nearly always: no need to look at the parts
	}
	if rel, err := filepath.Rel(b.folder, abs); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(path)
}

// A walker collects the paths to read.
type walker struct {
	Options
	paths    []string        // files to read
	links    []string        // folders that are links, to follow in the end
	found    map[string]bool // paths and stdin's name
	visited  map[string]bool // folders that were walked, by their real paths
	problems []Problem
}

func (w *walker) report(path, format string, args ...any) {
	w.problems = append(w.problems, Problem{filepath.ToSlash(path), fmt.Sprintf(format, args...)})
}

// root takes a path from the command line.
func (w *walker) root(root string) {
	path := filepath.Clean(root)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		w.unreadable(path, err)
	case info.IsDir():
		w.folder(path)
	default:
		w.file(path, info.Mode())
	}
}

// folder walks a folder, which may be reached through links, unless it was
// walked under another name.
func (w *walker) folder(path string) {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		w.unreadable(path, err)
		return
	}
	w.entries(path, real)
}

// entries takes what is in a folder, if it was not walked yet. A folder that is
// no link lies in the real path of the one that holds it: the file system need
// not be asked. Links to folders wait until everything else was walked, so that
// a page goes by its own path where it has one.
func (w *walker) entries(folder, real string) {
	if w.visited[real] {
		return
	}
	w.visited[real] = true
	entries, err := os.ReadDir(folder)
	if err != nil {
		w.unreadable(folder, err)
	}
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch {
		case w.Ignored(path):
		case e.IsDir():
			if !SkipsFolder(e.Name()) {
				w.entries(path, filepath.Join(real, e.Name()))
			}
		case e.Type()&fs.ModeSymlink != 0:
			w.link(path)
		case IsPage(e.Name()):
			w.file(path, e.Type())
		}
	}
}

// link takes a symbolic link that was met in a folder.
func (w *walker) link(path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		if IsPage(path) {
			w.unreadable(path, err)
		}
	case info.IsDir():
		if !SkipsFolder(filepath.Base(path)) {
			w.links = append(w.links, path)
		}
	case IsPage(path):
		w.file(path, info.Mode())
	}
}

// followLinks walks the linked folders, and those that are found on the way.
func (w *walker) followLinks(ctx context.Context) {
	for len(w.links) > 0 && ctx.Err() == nil {
		path := w.links[0]
		w.links = w.links[1:]
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			w.unreadable(path, err)
			continue
		}
		if holds(target, path) {
			w.report(path, "is a link that leads back to %s, the folder that holds it; it is not followed", filepath.ToSlash(target))
			continue
		}
		w.folder(path)
	}
}

// holds reports whether the folder target encloses the link at path.
func holds(target, path string) bool {
	parent, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return false
	}
	if target, err = filepath.Abs(target); err != nil {
		return false
	}
	if parent, err = filepath.Abs(parent); err != nil {
		return false
	}
	rel, err := filepath.Rel(target, parent)
	return err == nil && filepath.IsLocal(rel)
}

// file takes the path of a page, once.
func (w *walker) file(path string, mode fs.FileMode) {
	if name := filepath.ToSlash(path); w.found[name] {
		return
	} else if !mode.IsRegular() {
		w.report(path, "is %s, not a file; it is not read", kindOf(mode))
	} else {
		w.found[name] = true
		w.paths = append(w.paths, path)
	}
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something special"
}

// unreadable reports an error of the file system in words.
func (w *walker) unreadable(path string, err error) {
	target, linkErr := os.Readlink(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && linkErr == nil:
		w.report(path, "is a link to %s, which does not exist", filepath.ToSlash(target))
	case errors.Is(err, fs.ErrNotExist):
		w.report(path, "there is no such file or folder")
	case errors.Is(err, fs.ErrPermission):
		w.report(path, "cannot be read: permission denied")
	default:
		w.report(path, "cannot be read: %s", reason(err))
	}
}

// reason is the cause of an error without the path, which is said already.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// stdin reads the page on standard input; its name hides a file of that path.
func (w *walker) stdin() []*File {
	name := filepath.ToSlash(filepath.Clean(cmp.Or(w.StdinName, "stdin.md")))
	if w.found[name] || w.Stdin == nil {
		return nil
	}
	w.found[name] = true
	text, err := io.ReadAll(io.LimitReader(w.Stdin, w.limit()+1))
	if err != nil {
		w.unreadable(name, err)
		return nil
	}
	if message := w.Refuse(text); message != "" {
		w.report(name, "cannot be read: %s", message)
		return nil
	}
	return []*File{New(name, text)}
}

// readAll reads the collected paths on all processors.
func (w *walker) readAll(ctx context.Context) ([]*File, error) {
	files := make([]*File, len(w.paths))
	var next atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(w.paths)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(w.paths) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				f, err := w.read(w.paths[i])
				if err == nil {
					files[i] = f
					continue
				}
				mu.Lock()
				w.unreadable(w.paths[i], err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return slices.DeleteFunc(files, func(f *File) bool { return f == nil }), ctx.Err()
}

// read returns the page at path; the error says why it is none.
func (w *walker) read(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if message := w.RefuseSize(info.Size()); message != "" {
		return nil, errors.New(message)
	}
	text := make([]byte, info.Size())
	n, err := io.ReadFull(f, text)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	text = text[:n]
	if message := w.Refuse(text); message != "" {
		return nil, errors.New(message)
	}
	return New(filepath.ToSlash(path), text), nil
}
