package cli

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/revision"
	"github.com/cadre-hq/cadre/internal/source"
)

// past returns the pages at paths of the working tree as they were in a
// commit, under the same paths. A path that was not there yet, or that lies
// outside of the repository, gives none; neither does a page that could not be
// read: that is about the present.
func (p *project) past(ctx context.Context, repo *revision.Repository, c revision.Commit, paths []string, stdinName string) ([]*source.File, error) {
	var files []*source.File
	for _, path := range paths {
		if path == "-" {
			path = stdinName
		}
		at, ok := inRepository(repo, path)
		if !ok {
			continue
		}
		found, _, err := repo.Pages(ctx, c, at, filepath.ToSlash(filepath.Clean(path)), p.Source(p.Root))
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		files = append(files, found...)
	}
	slices.SortFunc(files, func(a, b *source.File) int { return cmp.Compare(a.Path, b.Path) })
	return slices.CompactFunc(files, func(a, b *source.File) bool { return a.Path == b.Path }), nil
}

// inRepository returns where a path of the working tree lies in its
// repository, "" being the top; false if it lies outside.
func inRepository(repo *revision.Repository, path string) (string, bool) {
	abs, err := filepath.Abs(path)
	if err != nil || repo.Root == "" {
		return "", false
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real // as the repository's own path is
	}
	rel, err := filepath.Rel(repo.Root, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	if rel == "." {
		rel = ""
	}
	return filepath.ToSlash(rel), true
}

// folderOf returns the folder that a path is or lies in.
func folderOf(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return path
	}
	return filepath.Dir(path)
}
