package cli

import (
	"cmp"
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/revision"
	"github.com/cadre-hq/cadre/internal/source"
)

// A state is one side of a comparison: paths of the working tree, or of a git
// revision.
type state struct {
	name  string   // as the user wrote it
	paths []string // where its pages are: in the working tree or the repository
	// repository is nil for the working tree.
	repository *revision.Repository
	commit     revision.Commit
	limited    bool // to paths that may be absent in one of the states
	whole      bool // pages go by their paths from here, not from the path of the state
	// Known after read:
	single bool            // a page that is named itself
	absent map[string]bool // which paths are not there
}

// A readPage is a page of a state, with its path in that state.
type readPage struct {
	path string
	file *source.File
}

// String returns the state as the user wrote it.
func (s *state) String() string { return s.name }

// file reports whether the state is one page rather than a folder of them.
func (s *state) file() bool { return s.single }

// folder returns where the state's configuration is looked for.
func (s *state) folder() string {
	switch {
	case len(s.paths) == 0 || s.repository != nil && s.repository.Root == "":
		return "."
	case s.repository != nil:
		return s.fromHere(s.paths[0])
	}
	return s.paths[0]
}

func (s *state) close() {
	if s.repository != nil {
		_ = s.repository.Close() // it was only read
	}
}

// states returns the two sides that the arguments name.
func (d *differing) states(args []string) (old, new *state, err error) {
	first := args[0]
	if a, b, ok := cutRange(first); ok && !exists(first) {
		return d.revisions(first, a, b, args[1:])
	}
	switch len(args) {
	case 1:
		old, err = newState(first)
		if err != nil {
			return nil, nil, err
		}
		if old.repository == nil {
			return nil, nil, wrongUse(d.command, "diff wants something to compare %s with: a second folder or file, or a git revision", first)
		}
		if old.repository.Root == "" {
			old.close()
			return nil, nil, wrongUse(d.command, "this git repository is bare: there is no working tree to compare %s with; name a second revision", first)
		}
		return old, old.today(), nil
	case 2:
		if old, err = newState(first); err != nil {
			return nil, nil, err
		}
		if new, err = newState(args[1]); err != nil {
			old.close()
			return nil, nil, err
		}
		return old, new, nil
	}
	return nil, nil, wrongUse(d.command, "diff wants two folders, files or git revisions, not %d (paths go with a range such as main..HEAD)", len(args))
}

// cutRange splits A..B and A...B; an end that is left out is HEAD. Of A...B
// the old side stays whole, for it is the commit that both share. A path with
// dots in it is no range.
func cutRange(text string) (a, b string, ok bool) {
	if _, b, ok = strings.Cut(text, "..."); ok {
		a = text
	} else {
		a, b, ok = strings.Cut(text, "..")
	}
	return cmp.Or(a, "HEAD"), cmp.Or(b, "HEAD"), ok && !strings.HasPrefix(b, "/")
}

// revisions returns two revisions, of the current folder or of paths.
func (d *differing) revisions(text, a, b string, paths []string) (old, new *state, err error) {
	repo, err := revision.Open(".")
	if err != nil {
		return nil, nil, err
	}
	old = &state{name: text, repository: repo, whole: true, limited: len(paths) > 0}
	new = &state{name: text, repository: repo, whole: true, limited: len(paths) > 0}
	if old.commit, err = repo.Find(a); err == nil {
		new.commit, err = repo.Find(b)
	}
	if err != nil {
		old.close()
		return nil, nil, err
	}
	for _, p := range orHere(paths) {
		at, ok := inRepository(repo, p)
		if !ok && repo.Root != "" {
			old.close()
			return nil, nil, fault.New(fault.Invalid, "%s lies outside of the git repository %s", p, repo.Root)
		}
		if !ok {
			at = strings.TrimPrefix(path.Clean("/"+filepath.ToSlash(p)), "/") // a bare repository has no folders
		}
		old.paths, new.paths = append(old.paths, at), append(new.paths, at)
	}
	return old, new, nil
}

// newState returns the state that an argument names.
func newState(arg string) (*state, error) {
	if exists(arg) {
		return &state{name: arg, paths: []string{arg}}, nil
	}
	name, at, hasPath := strings.Cut(arg, ":")
	repo, err := revision.Open(".")
	if err != nil {
		if strings.ContainsAny(arg, `/\.`) && !hasPath {
			return nil, fault.New(fault.NotFound, "there is no file or folder %s", arg)
		}
		return nil, fault.New(fault.NotFound, "there is no file or folder %s, and %w", arg, err)
	}
	s := &state{name: arg, repository: repo}
	if s.commit, err = repo.Find(name); err != nil {
		s.close()
		if !hasPath {
			err = fault.New(fault.KindOf(err), "there is no file or folder %s, and as a git revision: %w", arg, err)
		}
		return nil, err
	}
	if !hasPath || strings.HasPrefix(at, "./") || strings.HasPrefix(at, "../") {
		here, _ := inRepository(repo, ".")
		at = path.Join(here, filepath.ToSlash(at))
	}
	s.paths = []string{at}
	return s, nil
}

// today returns the working tree's state of what a revision's state covers.
func (s *state) today() *state {
	now := &state{name: "the working tree", limited: true}
	for _, at := range s.paths {
		now.paths = append(now.paths, s.fromHere(at))
	}
	return now
}

// fromHere returns a path of the repository as seen from the working
// directory; of a bare one it is the path itself.
func (s *state) fromHere(at string) string {
	if s.repository.Root == "" {
		return at
	}
	here, err := filepath.Abs(".")
	if err != nil {
		return at
	}
	if real, err := filepath.EvalSymlinks(here); err == nil {
		here = real
	}
	rel, err := filepath.Rel(here, filepath.Join(s.repository.Root, filepath.FromSlash(at)))
	if err != nil {
		return at
	}
	return filepath.ToSlash(rel)
}

// read returns the pages of the state. A page that cannot be read is said on
// standard error.
func (s *state) read(ctx context.Context, p *project) ([]readPage, error) {
	var pages []readPage
	s.absent = map[string]bool{}
	for _, at := range s.paths {
		found, err := s.readAt(ctx, p, at)
		if s.limited && fault.KindOf(err) == fault.NotFound {
			s.absent[at] = true // it may have come or gone between the states
			continue
		}
		if err != nil {
			return nil, err
		}
		pages = append(pages, found...)
	}
	return pages, nil
}

// readAt returns the pages at one path of the state.
func (s *state) readAt(ctx context.Context, p *project, at string) ([]readPage, error) {
	var files []*source.File
	var unread []source.Problem
	var err error
	var base string // how the paths of the files begin
	if s.repository != nil {
		base = s.fromHere(at)
		files, unread, err = s.repository.Pages(ctx, s.commit, at, base, p.Source(p.Root))
	} else if !exists(at) {
		err = fault.New(fault.NotFound, "there is no file or folder %s", at)
	} else {
		base = filepath.ToSlash(filepath.Clean(at))
		files, unread, err = source.Load(ctx, []string{at}, p.Source(p.Root))
	}
	if err != nil {
		return nil, err
	}
	p.app.unread(unread)
	if len(files) == 0 && len(unread) == 0 && !s.limited {
		return nil, fault.New(fault.NotFound, "there is no page in %s: a page is a file that ends in .md, .markdown or .md.erb", s)
	}
	pages := make([]readPage, len(files))
	for i, f := range files {
		pages[i] = readPage{f.Path, f}
		if f.Path == base {
			s.single = len(s.paths) == 1
			continue
		}
		if below, ok := strings.CutPrefix(f.Path, base+"/"); ok && !s.whole {
			pages[i].path = below
		}
	}
	return pages, nil
}

// filesOf returns the files of pages.
func filesOf(pages []readPage) []*source.File {
	files := make([]*source.File, len(pages))
	for i, p := range pages {
		files[i] = p.file
	}
	return files
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
