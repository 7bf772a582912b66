package revision

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
)

// Pages reads the pages at a path of a commit: a file as it is, a folder with
// everything below it that source.Load would read, links included. The path
// has forward slashes and counts from the top of the repository; "" is the
// top. The paths of the files begin with as, so that they can be those of the
// working tree.
//
// It fails with NotFound if the commit has no such path. A page that cannot be
// read is a problem, and the others come all the same.
func (r *Repository) Pages(ctx context.Context, c Commit, at, as string, o source.Options) ([]*source.File, []source.Problem, error) {
	w := &walker{Repository: r, Options: o, commit: c, at: clean(at), as: as, walked: map[plumbing.Hash]bool{}, found: map[string]bool{}}
	top, err := w.lookup(w.at)
	if err != nil {
		return nil, nil, err
	}
	if top.mode == filemode.Dir {
		err = w.folder(ctx, w.at, top.hash)
	} else {
		w.file(w.at, top.hash)
	}
	for len(w.links) > 0 && err == nil {
		link := w.links[0]
		w.links = w.links[1:]
		err = w.follow(ctx, link)
	}
	slices.SortFunc(w.files, func(a, b *source.File) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(w.problems, func(a, b source.Problem) int { return cmp.Compare(a.Path, b.Path) })
	return w.files, w.problems, err
}

// clean returns a path of the repository in its shortest form, "" for the top.
func clean(at string) string {
	at = path.Clean("/" + at)
	return strings.TrimPrefix(at, "/")
}

// A walker collects the pages of a commit.
type walker struct {
	*Repository
	source.Options
	commit Commit
	at, as string // where the walk begins, and what that is called

	links    []link                 // to follow in the end
	walked   map[plumbing.Hash]bool // trees
	found    map[string]bool        // names of files
	files    []*source.File
	problems []source.Problem
}

// A link is a symbolic link in a tree.
type link struct {
	path string
	hash plumbing.Hash
}

// name returns what a path of the repository is called.
func (w *walker) name(at string) string {
	below := strings.TrimPrefix(strings.TrimPrefix(at, w.at), "/")
	return path.Join(w.as, below)
}

// lookup returns the entry at a path. It fails with NotFound.
func (w *walker) lookup(at string) (entry, error) {
	e := entry{mode: filemode.Dir, hash: w.commit.tree}
	if at == "" {
		return e, nil
	}
	for name := range strings.SplitSeq(at, "/") {
		if e.mode != filemode.Dir {
			return entry{}, w.absent(at)
		}
		entries, err := w.tree(e.hash)
		if err != nil {
			return entry{}, err
		}
		i := slices.IndexFunc(entries, func(e entry) bool { return e.name == name })
		if i < 0 {
			return entry{}, w.absent(at)
		}
		e = entries[i]
	}
	if e.mode == filemode.Submodule {
		return entry{}, fault.New(fault.NotFound, "%s is a submodule in %s: name a revision of its own repository", at, w.commit.Short())
	}
	return e, nil
}

func (w *walker) absent(at string) error {
	return fault.New(fault.NotFound, "there is no file or folder %s in %s", at, w.commit.Short())
}

// folder takes what is in a tree, unless it was walked under another name.
func (w *walker) folder(ctx context.Context, at string, h plumbing.Hash) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := w.tree(h)
	if err != nil {
		return err
	}
	w.walked[h] = true
	for _, e := range entries {
		below := path.Join(at, e.name)
		switch {
		case w.Ignored(w.name(below)):
		case e.mode == filemode.Dir:
			if !source.SkipsFolder(e.name) {
				if err := w.folder(ctx, below, e.hash); err != nil {
					return err
				}
			}
		case e.mode == filemode.Symlink:
			w.links = append(w.links, link{below, e.hash})
		case e.mode.IsFile() && source.IsPage(e.name):
			w.file(below, e.hash)
		}
	}
	return nil
}

// follow takes what a link leads to, if that lies in the repository. A folder
// that was walked, or that holds the link, is left alone.
func (w *walker) follow(ctx context.Context, l link) error {
	text, err := w.object(plumbing.BlobObject, l.hash)
	if err != nil {
		return nil // a partial clone does not hold it
	}
	target := path.Join(path.Dir(l.path), string(text))
	if path.IsAbs(string(text)) || target == ".." || strings.HasPrefix(target, "../") {
		return nil
	}
	e, err := w.lookup(clean(target))
	switch {
	case err != nil:
		if source.IsPage(l.path) {
			w.report(l.path, "is a link to "+string(text)+", which does not exist")
		}
	case e.mode == filemode.Dir:
		if !w.walked[e.hash] && !source.SkipsFolder(path.Base(l.path)) && !holds(clean(target), l.path) {
			return w.folder(ctx, l.path, e.hash)
		}
	case source.IsPage(l.path):
		w.file(l.path, e.hash)
	}
	return nil
}

// holds reports whether a path lies in a folder.
func holds(folder, at string) bool {
	return folder == "" || strings.HasPrefix(at, folder+"/")
}

// file reads a page.
func (w *walker) file(at string, h plumbing.Hash) {
	name := w.name(at)
	if w.found[name] {
		return
	}
	w.found[name] = true
	if message := w.RefuseSize(w.blobSize(h)); message != "" {
		w.report(at, "cannot be read: "+message)
		return
	}
	text, err := w.object(plumbing.BlobObject, h)
	if err != nil {
		w.report(at, "cannot be read: "+err.Error())
		return
	}
	if message := w.Refuse(text); message != "" {
		w.report(at, "cannot be read: "+message)
		return
	}
	w.files = append(w.files, source.New(name, text))
}

// report notes a problem with a path, in the revision that has it.
func (w *walker) report(at, message string) {
	w.problems = append(w.problems, source.Problem{Path: w.name(at) + " (" + w.commit.Short() + ")", Message: message})
}
