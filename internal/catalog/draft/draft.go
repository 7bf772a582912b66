// Package draft reads what somebody wants to publish: the pages of a folder, of
// a git revision or of an uploaded archive, with the cadre.yaml that belongs to
// them, compiled on the one compile path. What `cadre check` says of the same
// pages, a Draft says.
//
// Paths of a draft count from the folder of cadre.yaml (without one, from the
// folder that is read), so that a page goes by the same path wherever it was
// read from. A draft is read once and does not change; it keeps nothing open.
//
// Archives and revisions are somebody else's: they are unpacked into a folder
// of their own, and their cadre.yaml can name no file outside of it.
package draft

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/workspace"
)

// A Kind says where pages come from.
type Kind string

// The kinds of sources.
const (
	Folder   Kind = "folder"
	Revision Kind = "revision"
	Archive  Kind = "archive"
)

// A Source says which pages are meant. One of Folder, Repository and Archive
// is set.
type Source struct {
	// Folder is a folder of this machine.
	Folder string
	// Repository is a folder that holds a git repository, or lies in one, or the
	// address of one on a server (https://…). Of it the pages below Path (counted
	// from its top) are read as they were in the commit that Revision names; "" is
	// HEAD. On a server a revision is a branch or a tag.
	Repository string
	Revision   string
	Path       string
	// Token lets Cadre in where the server of a repository wants one.
	Token string
	// Archive is the content of a .tar, .tar.gz or .zip file.
	Archive []byte
	// Commit is the hash of the commit that an archive was made from, as its
	// sender says.
	Commit string
	// Name is what the history calls the source, such as "handbook.tar.gz" or
	// "main"; it is no path of this machine. Empty means a name made of the rest.
	Name string
}

// Kind returns what the source is.
func (s *Source) Kind() Kind {
	switch {
	case s.Archive != nil:
		return Archive
	case s.Repository != "":
		return Revision
	}
	return Folder
}

// A Draft is what a source says.
type Draft struct {
	Kind   Kind
	Name   string
	Commit string // hash; "" if the source is no revision
	When   time.Time
	// Reading says how the pages were read, so that they can be again.
	Reading workspace.Reading
	// Families are the pages that are job families, in the order of their paths.
	Families []*compile.Page
	Pages    int // of all kinds
	// Findings are those of all pages, sorted.
	Findings []Finding
	// Notes are remarks on the configuration, such as a waiver that ran out.
	Notes []string

	find family.Finder
}

// A Finding is a finding with what cadre.yaml makes of it.
type Finding struct {
	diag.Finding
	// Reason is why it was waived; "" if it counts.
	Reason string
}

// Find returns the level that a reference means, on its own page or another;
// it is a family.Finder.
func (d *Draft) Find(f *family.Family, ref *family.Reference) (*family.Family, *family.Level) {
	return d.find(f, ref)
}

// Of returns the findings about a page.
func (d *Draft) Of(path string) []Finding {
	from, _ := slices.BinarySearchFunc(d.Findings, path, func(f Finding, p string) int { return cmp.Compare(f.Path, p) })
	to := from
	for to < len(d.Findings) && d.Findings[to].Path == path {
		to++
	}
	return d.Findings[from:to]
}

// Read reads and compiles a source. Today decides which waivers of cadre.yaml
// count. It fails with Invalid for a configuration with mistakes, a page that
// cannot be read or an archive that is none, and with NotFound for a folder,
// repository or revision that does not exist or holds no job family.
func Read(ctx context.Context, s Source, today time.Time) (*Draft, error) {
	p, err := open(ctx, s)
	if err != nil {
		return nil, err
	}
	defer p.close()
	d, err := p.read(ctx, today)
	if err != nil {
		return nil, p.inWords(err)
	}
	d.Kind, d.Commit, d.When = s.Kind(), cmp.Or(p.commit, s.Commit), p.when
	d.Name = cmp.Or(s.Name, p.name)
	return d, nil
}

// read compiles the pages of the place.
func (p *place) read(ctx context.Context, today time.Time) (*Draft, error) {
	s, err := p.settings()
	if err != nil {
		return nil, err
	}
	files, err := s.files(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if len(f.Text) > mostPage {
			return nil, fault.New(fault.Invalid, "the page %s has more than %d KiB: divide it", f.Path, mostPage>>10)
		}
	}
	options, err := s.options(p)
	if err != nil {
		return nil, err
	}
	snapshot, err := compile.Check(ctx, files, options)
	if err != nil {
		return nil, err
	}
	d := &Draft{Reading: s.Reading(), Pages: len(files), find: snapshot.Finder(&options)}
	for _, page := range snapshot.Pages {
		if page.IsFamily {
			d.Families = append(d.Families, page)
		}
	}
	if len(d.Families) == 0 {
		return nil, fault.New(fault.NotFound, "there is no job family among the %d pages: a family has levels, grades, duties or a hiring process", len(files))
	}
	d.Findings, d.Notes = s.waive(snapshot, today)
	return d, nil
}

// inWords takes the folder of the place, which nobody knows, out of an error.
func (p *place) inWords(err error) error {
	if p.temporary == "" || fault.KindOf(err) == fault.Internal {
		return err
	}
	return fault.New(fault.KindOf(err), "%s", strings.ReplaceAll(err.Error(), p.temporary+"/", ""))
}
