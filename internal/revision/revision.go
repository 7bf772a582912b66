// Package revision reads job-family pages as they were: from the commits of a
// git repository, without a checkout and without the git program.
//
// A Repository is found from any folder in it; it may be bare, shallow or a
// linked worktree. A Commit is found by the names that git's own users write
// ("main", "v1.2", "HEAD~2", "a1b2c3d", "main...HEAD"). Its pages come as the
// same source.File values that source.Load returns, chosen by the same rules.
// Nothing is ever written, but by Fetch, which brings a commit from a server.
//
// Errors say what to do about them: an unknown name comes with the nearest
// one, and a history that was cut off names the command that fetches the rest.
// Their kind is NotFound, or Invalid for what cannot be read at all.
package revision

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A Repository is an open git repository. Close it after use. It is not safe
// for use by several goroutines at once.
type Repository struct {
	// Root is the absolute path of the working tree's top folder; empty for a
	// bare repository.
	Root string

	storage *filesystem.Storage
	shallow map[plumbing.Hash]bool // commits whose parents were not fetched
	closers []interface{ Close() error }
}

// Root returns the top folder of the working tree that holds a folder, without
// opening the repository; false if there is none.
func Root(folder string) (string, bool) {
	top, _, found := locate(folder)
	return top, found && top != ""
}

// Open opens the repository that a folder lies in, or that it is. It fails
// with NotFound where there is none.
func Open(folder string) (*Repository, error) {
	top, dot, found := locate(folder)
	if !found {
		return nil, fault.New(fault.NotFound, "%s is not in a git repository: run this in a clone, or compare two folders instead", shown(folder))
	}
	dotFS, err := gitFolder(dot)
	if err != nil {
		return nil, fault.New(fault.Invalid, "cannot read the git repository %s: %w", dot, err)
	}
	storage := filesystem.NewStorageWithOptions(dotFS, cache.NewObjectLRUDefault(), filesystem.Options{
		KeepDescriptors: true,
		AlternatesFS:    osfs.New(string(filepath.Separator)),
	})
	r := &Repository{Root: top, storage: storage, shallow: map[plumbing.Hash]bool{}}
	r.closers = append(r.closers, storage)
	if err := r.supported(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	cut, err := storage.Shallow()
	if err != nil {
		return nil, errors.Join(fault.New(fault.Invalid, "cannot read where the history of %s begins: %w", shown(folder), err), r.Close())
	}
	for _, h := range cut {
		r.shallow[h] = true
	}
	return r, nil
}

// Close releases the files that reading has opened.
func (r *Repository) Close() error {
	var err error
	for _, c := range r.closers {
		err = errors.Join(err, c.Close())
	}
	return err
}

// locate returns the top of the working tree that holds a folder and the
// folder where git keeps its own things. A bare repository has no top.
func locate(folder string) (top, dot string, found bool) {
	at, err := filepath.Abs(folder)
	if err != nil {
		return "", "", false
	}
	if real, err := filepath.EvalSymlinks(at); err == nil {
		at = real
	}
	for {
		dot = filepath.Join(at, ".git")
		if info, err := os.Stat(dot); err == nil && (!info.IsDir() || isGitFolder(dot)) {
			return at, dot, true
		}
		if isGitFolder(at) {
			return "", at, true
		}
		parent := filepath.Dir(at)
		if parent == at {
			return "", "", false
		}
		at = parent
	}
}

// isGitFolder reports whether git keeps its own things in a folder.
func isGitFolder(folder string) bool {
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			return false
		}
	}
	return true
}

// gitFolder opens the folder where git keeps its own things. A linked worktree
// has a file there that names the folder, which shares most of its content
// with that of the main one.
func gitFolder(dot string) (billy.Filesystem, error) {
	info, err := os.Stat(dot)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		line, err := firstLine(dot)
		if err != nil {
			return nil, err
		}
		target, ok := strings.CutPrefix(line, "gitdir:")
		if !ok {
			return nil, errors.New("its .git file does not name a folder")
		}
		dot = resolve(filepath.Dir(dot), strings.TrimSpace(target))
	}
	if _, err := os.Stat(filepath.Join(dot, "HEAD")); err != nil {
		return nil, err
	}
	common, err := firstLine(filepath.Join(dot, "commondir"))
	if errors.Is(err, fs.ErrNotExist) {
		return osfs.New(dot), nil
	}
	if err != nil {
		return nil, err
	}
	return dotgit.NewRepositoryFilesystem(osfs.New(dot), osfs.New(resolve(dot, common))), nil
}

// supported refuses repositories that are kept in a way which cannot be read.
func (r *Repository) supported() error {
	config, err := r.storage.Config()
	if err != nil {
		return fault.New(fault.Invalid, "cannot read the configuration of the git repository: %w", err)
	}
	extensions := config.Raw.Section("extensions")
	if format := extensions.Option("objectformat"); format != "" && format != "sha1" {
		return fault.New(fault.Invalid, "the git repository names its objects by %s; only SHA-1 can be read: compare two checked-out folders instead", format)
	}
	if refs := extensions.Option("refstorage"); refs != "" && refs != "files" {
		return fault.New(fault.Invalid, "the git repository keeps its branches as %q, which cannot be read: run `git refs migrate --ref-format=files`, or compare two checked-out folders", refs)
	}
	return nil
}

func firstLine(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line), nil
}

// resolve returns a path that counts from a folder, if it is not absolute.
func resolve(folder, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

// shown is how a message calls a folder.
func shown(folder string) string {
	if folder == "" || folder == "." {
		return "the current folder"
	}
	return filepath.ToSlash(folder)
}
