package draft

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/revision"
	"github.com/cadre-hq/cadre/internal/source"
)

// A place is a folder in which the pages of a source lie.
type place struct {
	folder    string // absolute
	temporary string // the folder to remove in the end; "" if the place is the user's own
	name      string
	commit    string
	when      time.Time
	// problems are pages that could not be brought to the place, by their paths
	// from its top.
	problems []source.Problem
}

// open returns the place of a source. Close it after use.
func open(ctx context.Context, s Source) (*place, error) {
	switch s.Kind() {
	case Archive:
		return unpack(s.Archive)
	case Revision:
		return checkOut(ctx, s)
	}
	folder, err := filepath.Abs(s.Folder)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%q is no folder: %w", s.Folder, err)
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fault.New(fault.NotFound, "there is no folder %s", s.Folder)
	}
	return &place{folder: folder, name: filepath.Base(folder)}, nil
}

// close removes what open has made.
func (p *place) close() {
	if p.temporary != "" {
		_ = os.RemoveAll(p.temporary) // the system clears what is left of it
	}
}

// newPlace makes an empty place. The search for cadre.yaml ends at its top.
func newPlace() (*place, error) {
	top, err := os.MkdirTemp("", "cadre-draft-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for pages: %w", err)
	}
	p := &place{folder: top, temporary: top}
	if err := os.Mkdir(filepath.Join(top, ".git"), 0o700); err != nil {
		p.close()
		return nil, fmt.Errorf("make a folder for pages: %w", err)
	}
	return p, nil
}

// put writes a file to the place.
func (p *place) put(at string, text []byte) error {
	to := filepath.Join(p.temporary, filepath.FromSlash(at))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("unpack %s: %w", at, err)
	}
	if err := os.WriteFile(to, text, 0o600); err != nil {
		return fmt.Errorf("unpack %s: %w", at, err)
	}
	return nil
}

// checkOut brings the pages of a commit to a place.
func checkOut(ctx context.Context, s Source) (*place, error) {
	name := s.Revision
	if name == "" {
		name = "HEAD"
	}
	if revision.IsRemote(s.Repository) {
		folder, err := os.MkdirTemp("", "cadre-fetch-")
		if err != nil {
			return nil, fmt.Errorf("make a folder for a commit: %w", err)
		}
		defer func() { _ = os.RemoveAll(folder) }() // the system clears what is left of it
		if err := revision.Fetch(ctx, revision.Remote{Address: s.Repository, Token: s.Token}, s.Revision, folder); err != nil {
			return nil, err
		}
		s.Repository, s.Revision = folder, "HEAD"
	}
	repo, err := revision.Open(s.Repository)
	if err != nil {
		return nil, err
	}
	commit, err := repo.Find(cmp.Or(s.Revision, name))
	if err != nil {
		return nil, errors.Join(err, repo.Close())
	}
	p, err := newPlace()
	if err != nil {
		return nil, errors.Join(err, repo.Close())
	}
	p.name, p.commit, p.when = name, commit.Hash.String(), commit.When()
	c := checkout{p, repo, commit}
	if err := c.fill(ctx, strings.Trim(path.Clean("/"+filepath.ToSlash(s.Path)), "/")); err != nil {
		p.close()
		return nil, errors.Join(err, repo.Close())
	}
	if err := repo.Close(); err != nil {
		p.close()
		return nil, fault.New(fault.Invalid, "cannot read the repository: %w", err)
	}
	return p, nil
}

// A checkout is a commit on its way to a place.
type checkout struct {
	*place
	repo   *revision.Repository
	commit revision.Commit
}

// mostSettings is the size of the largest file besides pages that is read: a
// configuration, a policy pack, a hierarchy.
const mostSettings = 4 << 20

// fill brings the pages below a path to the place, with the cadre.yaml that
// counts for them and the files that it names.
func (c *checkout) fill(ctx context.Context, at string) error {
	files, problems, err := c.repo.Pages(ctx, c.commit, at, at, source.Options{})
	if err != nil {
		return err
	}
	c.problems = problems
	for _, f := range files {
		if err := c.put(f.Path, f.Text); err != nil {
			return err
		}
	}
	c.folder = filepath.Join(c.temporary, filepath.FromSlash(at))
	if info, err := os.Stat(c.folder); err != nil || !info.IsDir() {
		return fault.New(fault.NotFound, "there is no folder with pages at %q in %s", at, c.commit.Short())
	}
	for folder := at; ; folder = parent(folder) {
		found, err := c.bring(path.Join(folder, config.Name))
		if err != nil {
			return err
		}
		if found || folder == "" {
			break
		}
	}
	s, _, err := c.load()
	if err != nil {
		return nil // reading says so, in its own words
	}
	for _, named := range s.named() {
		rel, err := filepath.Rel(c.temporary, named)
		if err != nil || !filepath.IsLocal(rel) {
			continue // reading refuses it
		}
		if _, err := c.bring(filepath.ToSlash(rel)); err != nil {
			return err
		}
	}
	return nil
}

// bring brings one file to the place, if the commit has it.
func (c *checkout) bring(at string) (bool, error) {
	text, err := c.repo.File(c.commit, at, mostSettings)
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, c.put(at, text)
}

// parent returns the folder of a path, "" at the top.
func parent(at string) string {
	if i := strings.LastIndexByte(at, '/'); i >= 0 {
		return at[:i]
	}
	return ""
}

// exists reports whether there is a file.
func exists(at string) bool {
	_, err := os.Stat(at)
	return !errors.Is(err, fs.ErrNotExist)
}
