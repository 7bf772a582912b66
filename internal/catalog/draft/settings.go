package draft

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/strict"
)

// settings are the configuration of a place with what it leads to.
type settings struct {
	*config.Config
	rules     []config.Rule
	selection *config.Selection
	root      string // the folder that paths of the draft count from
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
	more, _ := errors.AsType[strict.Problems](s.Validate(config.Known{Rules: s.rules, Packs: policy.Names()}))
	if problems = append(problems, more...); len(problems) > 0 {
		problems.Sort()
		return nil, fault.New(fault.Invalid, "the configuration has mistakes:\n%w", problems)
	}
	s.selection = s.Select(s.rules)
	return s, nil
}

// load reads the configuration, and says what in it cannot be placed.
func (p *place) load() (*settings, strict.Problems, error) {
	c, err := config.Load(config.Options{Start: p.folder, Policy: policy.DefaultName})
	if c == nil {
		return nil, nil, err
	}
	problems, _ := errors.AsType[strict.Problems](err)
	s := &settings{Config: c, root: p.folder}
	for _, r := range lint.Rules {
		s.rules = append(s.rules, config.Rule{Code: r.Code, Name: r.Name, Severity: r.Severity, Style: r.Style})
	}
	if c.File != "" {
		if s.root, err = filepath.Abs(c.Root); err != nil {
			return nil, nil, err
		}
	}
	return s, problems, nil
}

// named returns the paths of the files that the configuration names.
func (s *settings) named() []string {
	var paths []string
	for _, p := range []string{
		s.PolicyFile(), s.Path("hierarchy.sections"), s.Path("hierarchy.stages"), s.Path("hierarchy.categories"), s.redirects(),
	} {
		if p == "" {
			continue
		}
		if abs, err := filepath.Abs(p); err == nil {
			paths = append(paths, abs)
		}
	}
	return paths
}

// redirects returns the path of the file of redirects, or "".
func (s *settings) redirects() string {
	switch file := s.Config.Site.Redirects.File; {
	case file == "" || filepath.IsAbs(file):
		return file
	default:
		return filepath.Join(s.root, filepath.FromSlash(file))
	}
}

// reading returns the part of the configuration that decides what a page means
// by itself.
func (s *settings) reading() Reading {
	return Reading{Dialect: s.Dialect, Headings: s.Headings, Aliases: s.Aliases}
}

// files reads the pages of the place, by their paths from the root.
func (s *settings) files(ctx context.Context, p *place) ([]*source.File, error) {
	o := source.Options{Ignore: s.Ignore, Base: s.root, MaxBytes: s.MaxPageBytes}
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
	o := s.reading().options()
	o.Severity = func(r *lint.Rule, path string) diag.Severity { return s.selection.Severity(r.Code, s.absolute(path)) }
	o.Lint = lint.Settings{
		MandatoryText: s.Mandatory.Text, OwnHosts: s.Config.Site.Hosts, InternalHosts: s.Config.Site.InternalHosts,
		Site: lint.Site{Base: s.Config.Site.Base, Anchors: s.Config.Site.Anchors, Whole: []string{s.relative(p.folder)}},
	}
	var err error
	if o.Lint.Policy, err = s.policy(); err != nil {
		return o, err
	}
	if o.Lint.Mandatory, err = s.Mandatory.Regexp(); err != nil {
		return o, err
	}
	if o.Lint.Site.Redirects, err = s.RedirectMap(); err != nil {
		return o, err
	}
	o.Lint.Hierarchy, err = s.hierarchy()
	return o, err
}

// policy returns the policy pack; nil is the default one.
func (s *settings) policy() (*policy.Pack, error) {
	if file := s.PolicyFile(); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fault.New(fault.Invalid, "policy: %w", err)
		}
		return policy.Parse(filepath.ToSlash(file), text)
	}
	if s.Config.Policy == "" || s.Config.Policy == policy.DefaultName {
		return nil, nil
	}
	return policy.Named(s.Config.Policy)
}

// hierarchy returns the product hierarchy, or nil if the configuration names
// none.
func (s *settings) hierarchy() (*lint.Hierarchy, error) {
	if s.Hierarchy == (config.Hierarchy{}) {
		return nil, nil
	}
	return hierarchy.Read(hierarchy.Paths{
		Sections: s.Path("hierarchy.sections"), Stages: s.Path("hierarchy.stages"), Categories: s.Path("hierarchy.categories"),
	}, os.ReadFile)
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
	w := s.Waive(found, s.rules, pages, today)
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
