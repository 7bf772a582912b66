package draft

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/strict"
	"github.com/cadre-hq/cadre/internal/workspace"
)

// settings are the configuration of a place with what it leads to.
type settings struct {
	*workspace.Workspace
	root string // the folder that paths of the draft count from
}

// settings loads the configuration that counts for the place. The environment
// has no say: what is published depends on the pages alone.
func (p *place) settings() (*settings, error) {
	s, problems, err := p.load()
	if err != nil {
		return nil, err
	}
	if p.temporary != "" {
		for _, at := range s.named() {
			if rel, err := filepath.Rel(p.temporary, at); err != nil || !filepath.IsLocal(rel) {
				return nil, fault.New(fault.Invalid, "%s names a file outside of what is published: put it beside the pages", config.Name)
			}
		}
	}
	if problems = append(problems, s.Mistakes()...); len(problems) > 0 {
		problems.Sort()
		return nil, fault.New(fault.Invalid, "the configuration has mistakes:\n%w", problems)
	}
	return s, nil
}

// load reads the configuration, and says what in it cannot be placed.
func (p *place) load() (*settings, strict.Problems, error) {
	opened, problems, err := workspace.Open(config.Options{Start: p.folder})
	if err != nil {
		return nil, nil, err
	}
	s := &settings{Workspace: opened, root: p.folder}
	if s.File != "" {
		if s.root, err = filepath.Abs(s.Root); err != nil {
			return nil, nil, err
		}
	}
	return s, problems, nil
}

// named returns the absolute paths of the files that the configuration names.
func (s *settings) named() []string {
	paths := s.Files()
	for i, at := range paths {
		if abs, err := filepath.Abs(at); err == nil {
			paths[i] = abs
		}
	}
	return paths
}

// files reads the pages of the place, by their paths from the root.
func (s *settings) files(ctx context.Context, p *place) ([]*source.File, error) {
	o := s.Source(s.root)
	found, problems, err := source.Load(ctx, []string{p.folder}, o)
	if err != nil {
		return nil, err
	}
	for _, u := range p.problems {
		if !o.Ignored(filepath.Join(p.temporary, filepath.FromSlash(u.Path))) {
			problems = append(problems, u)
		}
	}
	if len(problems) > 0 {
		lines := make([]string, len(problems))
		for i, u := range problems {
			lines[i] = s.relative(u.Path) + ": " + u.Message
		}
		return nil, fault.New(fault.Invalid, "pages cannot be read:\n%s", strings.Join(lines, "\n"))
	}
	if len(found) == 0 {
		return nil, fault.New(fault.NotFound, "there is no page here: a page is a file that ends in .md, .markdown or .md.erb")
	}
	files := make([]*source.File, len(found))
	for i, f := range found {
		files[i] = source.New(s.relative(f.Path), f.Text)
	}
	slices.SortFunc(files, func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// relative returns a path as seen from the root.
func (s *settings) relative(at string) string {
	if rel, err := filepath.Rel(s.root, filepath.FromSlash(at)); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return at
}

// absolute is the reverse of relative: the path under which the configuration
// knows a page.
func (s *settings) absolute(at string) string { return filepath.Join(s.root, filepath.FromSlash(at)) }

// options returns how pages are compiled.
func (s *settings) options(p *place) (compile.Options, error) {
	o, err := s.Options()
	o.Severity = func(r *lint.Rule, path string) diag.Severity { return s.Selection.Severity(r.Code, s.absolute(path)) }
	o.Lint.Site.Whole = []string{s.relative(p.folder)}
	return o, err
}

// waive returns the findings of a snapshot with what the waivers of the
// configuration make of them, and what there is to say about the waivers.
func (s *settings) waive(snapshot *compile.Snapshot, today time.Time) ([]Finding, []string) {
	found := slices.Clone(snapshot.Findings)
	for i := range found {
		found[i].Path = s.absolute(found[i].Path)
	}
	pages := make([]string, len(snapshot.Pages))
	for i, p := range snapshot.Pages {
		pages[i] = s.absolute(p.File.Path)
	}
	w := s.Waive(found, s.Rules, pages, today)
	reasons := make(map[string]string, len(w.Accepted))
	for _, a := range w.Accepted {
		reasons[a.Fingerprint] = a.Reason
	}
	findings := make([]Finding, len(snapshot.Findings))
	for i, f := range snapshot.Findings {
		findings[i] = Finding{f, reasons[f.Fingerprint]}
	}
	var notes []string
	for _, n := range w.Notes {
		notes = append(notes, config.Name+": "+n.Message)
	}
	return findings, notes
}
